"""Bodies in chunks, in pieces of any length."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.http.chunked_body import Chunks, framed

BODY = b'5\r\nfirst\r\nA;name="a;b"\r\nsecond\r\n..\r\n0;last\r\nName: value\r\nOther:\r\n\r\n'
CONTENT = b"firstsecond\r\n.."


def read(*pieces: bytes) -> tuple[bytes, bytes, bool]:
    chunks, content, rest = Chunks(), b"", b""
    for piece in pieces:
        part, after = chunks.read(piece)
        content, rest = content + part, rest + after
    return content, rest, chunks.done


@given(some.lists(some.integers(0, len(BODY)), max_size=8))
def test_pieces_make_no_difference(places: list[int]) -> None:
    cuts = [0, *sorted(places), len(BODY)]
    pieces = [BODY[start:end] for start, end in pairwise(cuts)]
    assert read(*pieces, b"GET /") == (CONTENT, b"GET /", True)


@given(some.lists(some.binary(max_size=50)))
def test_what_was_framed_is_read(parts: list[bytes]) -> None:
    sent = b"".join(framed(part, last=False) for part in parts) + framed(b"", last=True)
    assert read(sent) == (b"".join(parts), b"", True)


@pytest.mark.parametrize("end", [0, 1, 4, 9, len(BODY) - 1])
def test_what_is_cut_off_is_not_done(end: int) -> None:
    assert not read(BODY[:end])[2]


@pytest.mark.parametrize(
    "body",
    [
        b"\r\n", b"z\r\n", b"-1\r\n", b"+1\r\na\r\n", b"0x1\r\na\r\n", b" 1\r\na\r\n", b"1 \r\na\r\n", b"1\na\r\n", b"1\r\nab\r\n",
        b"1\r\na\n",
        b"1\r\na0\r\n", b"1_0\r\n", b"1" * 16 + b"\r\n", b"1;a\x00\r\na\r\n", b"0\r\nno field\r\n\r\n", b"0\r\n folded\r\n\r\n",
        b"0\r\na: b\n\r\n", b"0\r\n\n",
    ],
)  # fmt: skip
def test_what_is_no_body(body: bytes) -> None:
    with pytest.raises(ValueError, match="chunk"):
        read(body)


def test_frames_are_in_proportion_to_the_content() -> None:
    small = b"1\r\na\r\n"
    assert read(small * 20_000)[0] == b"a" * 20_000
    for body in (small * 40_000, b"1;" + b"b" * 140_000, b"0\r\n" + b"a: b\r\n" * 30_000, b"0\r\nA: " + b"b" * 140_000):
        with pytest.raises(ValueError, match="warrants"):
            read(body)
    # A body of chunks of a usual size may be as long as it likes.
    assert len(read(framed(b"a" * 100, last=False) * 100_000)[0]) == 10_000_000
