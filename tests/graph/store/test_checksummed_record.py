"""A sealed record shows every change of a character, and is written whole or not at all."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.store.checksummed_record import RecordError, entries, reasons, sealed, unsealed, write_durably

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
RECORDS = st.dictionaries(st.text(max_size=8).filter(lambda name: name not in {"format", "sha256"}), JSON, max_size=5)


@given(RECORDS)
def test_what_is_sealed_comes_back(record: dict[str, object]) -> None:
    assert unsealed(sealed(record)) == record


@given(RECORDS, st.randoms(use_true_random=False))
def test_any_changed_character_shows(record: dict[str, object], chance: random.Random) -> None:
    text = sealed(record)
    at = chance.randrange(len(text))
    other = chance.choice([each for each in '0a"{} \n' if each != text[at]])
    for changed in (text[:at] + other + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + other + text[at:], text[:at]):
        with pytest.raises(RecordError):
            unsealed(changed)


@pytest.mark.parametrize("text", ["", "\0" * 40, "[]", "{}", "3", "{", "[" * 100_000, json.dumps({"format": 1, "sha256": ""})])
def test_what_is_no_record_says_why_in_both_languages(text: str) -> None:
    with pytest.raises(RecordError) as caught:
        unsealed(text)
    zh, en = reasons(caught.value)
    assert (any("一" <= letter <= "鿿" for letter in zh), en.isascii()) == (True, True)


def test_a_record_of_others_is_read_as_it_is() -> None:
    assert entries('{"current": 3}') == {"current": 3}
    assert reasons(TypeError("x")) == ("其中的条目不对", "its entries are not what they should be")


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "record"
    write_durably(path, "one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        write_durably(path, "two")
    assert path.read_text("utf-8") == "one"
