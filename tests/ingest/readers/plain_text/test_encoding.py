"""The characters of a text file, whatever encoding they are in; what is no text is refused, and a guess is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import EmptyFileError, TooLargeError, WrongTypeError
from ingest.readers.plain_text import encoding
from ingest.readers.plain_text.encoding import decoded

TEXT = "关于印发《上海市2026年重点任务安排》的通知\n责任单位：市市场监管局、市科委，各区政府。\n" * 20


@pytest.mark.parametrize(
    ("codec", "name", "guessed"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", False),
        ("gb18030", "gb18030", True),
        ("gbk", "gb18030", True),
        ("utf-16", "utf-16", False),
        ("utf-32", "utf-32", False),
    ],
)
def test_text_is_the_same_in_every_encoding(codec: str, name: str, guessed: bool) -> None:
    assert decoded("a.txt", TEXT.encode(codec)) == (TEXT, name, guessed)


def test_a_declaration_that_fits_is_no_guess_and_one_that_does_not_is_not_believed() -> None:
    assert decoded("a.html", TEXT.encode("gbk"), "gb2312") == (TEXT, "gb18030", False)
    assert decoded("a.html", TEXT.encode(), "gb2312") == (TEXT, "utf-8", False)
    text, name, guessed = decoded("a.html", TEXT.encode("gbk"), "utf-8")
    assert (text, name, guessed) == (TEXT, "gb18030", True)


def test_traditional_characters_in_big5_are_read_and_told_as_guessed() -> None:
    words = "關於印發《上海市2026年重點任務安排》的通知，責任單位：市政府、各區政府、市科委。\n" * 30
    text, _, guessed = decoded("a.txt", words.encode("big5"), "big5")
    assert text == words
    assert not guessed
    assert decoded("a.txt", words.encode("big5"))[2]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", "\ufeff \n".encode("utf-16-le")])
def test_nothing_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyFileError):
        decoded("a.txt", data)


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\x1f\x8b", b"Rar!"])
def test_what_begins_as_another_format_is_not_text(start: bytes) -> None:
    with pytest.raises(WrongTypeError):
        decoded("a.txt", start + TEXT.encode())


def test_noise_is_not_text_and_a_damaged_letter_is_no_reason_to_refuse() -> None:
    with pytest.raises(WrongTypeError):
        decoded("a.txt", bytes(range(256)) * 50)
    data = bytearray(TEXT.encode())
    data[100] = 0xFF
    text, _, guessed = decoded("a.txt", bytes(data))
    assert ("责任单位：市市场监管局" in text, guessed) == (True, True)


def test_longer_texts_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_LONGEST", 100)
    with pytest.raises(TooLargeError):
        decoded("a.txt", TEXT.encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, _, _ = decoded("a.txt", data)
    except (EmptyFileError, WrongTypeError):
        return
    assert text.strip()
