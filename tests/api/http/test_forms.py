"""Pairs are read as the standard library reads them."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.errors import BadRequestError
from api.http.forms import pairs


def standard(encoded: bytes) -> list[tuple[str, str]] | None:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except UnicodeError:
        return None


def ours(encoded: bytes) -> list[tuple[str, str]] | None:
    try:
        return pairs(encoded)
    except UnicodeError:
        return None


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=200)), max_size=5))
def test_what_was_encoded_comes_back(given: list[tuple[str, str]]) -> None:
    encoded = "&".join(f"{quote_plus(name)}={quote(value, safe='/?:@!$()*,;')}" for name, value in given).encode()
    assert ours(encoded) == standard(encoded)


@given(st.text(alphabet="%%%%abcdefxuUN0123456789&=+\\{}\"' \n\u00e9;", max_size=60).map(str.encode))
def test_what_is_malformed_is_read_as_the_standard_library_does(encoded: bytes) -> None:
    assert ours(encoded) == standard(encoded)


def test_too_many_pairs_are_refused() -> None:
    with pytest.raises(BadRequestError):
        pairs(b"a&" * 3000)
