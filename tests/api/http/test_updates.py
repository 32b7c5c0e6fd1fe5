"""What a write must bring: a type that is taken, in UTF-8."""

from __future__ import annotations

import pytest

from api.http.errors import UnsupportedMediaError
from api.http.updates import _given, _numbers, media_type

TAKEN = ("text/turtle", "application/trig")


@pytest.mark.parametrize(
    "said",
    [
        "text/turtle",
        "TEXT/Turtle",
        "text/turtle; charset=utf-8",
        'text/turtle;charset="UTF-8"',
        "text/turtle; charset=utf8; x=1",
        "text/turtle;x",
    ],
)
def test_a_type_that_is_taken(said: str) -> None:
    assert media_type(said, TAKEN) == "text/turtle"


@pytest.mark.parametrize("said", ["", "text/plain", "text/turtle; charset=gbk", "text/turtle2", "application/trig; charset='latin-1'"])
def test_a_type_that_is_not_taken(said: str) -> None:
    with pytest.raises(UnsupportedMediaError) as caught:
        media_type(said, TAKEN)
    assert "text/turtle" in str(caught.value)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer secret", b"secret"),
        ("bearer  secret ", b"secret"),
        ("Basic YW55Ym9keTpzZWNyZXQ=", b"secret"),
        ("Basic YTpiOmM=", b"b:c"),
        ("Basic ???", b""),
        ("Digest secret", b""),
        ("secret", b""),
        ("", b""),
    ],
)
def test_the_token_of_a_request(header: str, token: bytes) -> None:
    assert _given(header) == token


@pytest.mark.parametrize(
    ("tags", "numbers"),
    [('"7"', {7}), ('"7", "9-ttl"', {7, 9}), ('W/"7"', set()), ('"x"', set()), ("7", set()), ('"1234567890123"', set())],
)
def test_snapshots_by_their_tags(tags: str, numbers: set[int]) -> None:
    assert _numbers(tags) == numbers
