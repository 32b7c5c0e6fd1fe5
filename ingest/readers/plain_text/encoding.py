"""Bytes of a text file -> its characters and the encoding they were in."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from ingest.errors import EmptyFileError, TooLargeError, WrongTypeError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST = 3_000_000
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "utf8": "utf-8"}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_COMMON = re.compile("[的一不了和有在为是各市区省县年月日政府局委办工作任务单位责任、。，：0-9]")
_BINARY = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BM\x00",
)


def decoded(name: str, data: bytes, declared: str | None = None) -> tuple[str, str, bool]:
    """The text, its encoding, and whether the encoding was guessed against or without a declaration."""
    if not data.strip():
        raise EmptyFileError(name)
    if data.startswith(_BINARY):
        raise WrongTypeError(
            name, "不是文本文件，开头的字节属于别的格式", "it is not a text file, its first bytes are those of another format"
        )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strict(data, encoding)
            if text is not None:
                return _checked(name, text.removeprefix("\ufeff")), encoding.removesuffix("-sig"), False
    named = _ALIASES.get(declared.lower(), declared.lower()) if declared else None
    for encoding in dict.fromkeys(("utf-8", named or "gb18030", "gb18030")):
        text = _strict(data, encoding)
        if text is not None and (encoding == "utf-8" or _plausible(text)):
            return _checked(name, text), encoding, encoding not in ("utf-8", named)
    best = charset_normalizer.from_bytes(data[:200_000]).best()
    if best is not None:
        text = _strict(data, best.encoding)
        if text is not None and _plausible(text):
            return _checked(name, text), best.encoding, True
    damaged = data.decode(named or "gb18030" if _mostly(data, "gb18030") else "utf-8", errors="replace")
    if damaged.count("\ufffd") * 100 <= len(damaged):
        return _checked(name, damaged), named or "unknown", True
    raise WrongTypeError(name, "不是以可读的任何编码写成的文本", "it is not text in any encoding that is read here")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _mostly(data: bytes, encoding: str) -> bool:
    as_encoding = data.decode(encoding, errors="replace").count("\ufffd")
    return as_encoding < data.decode("utf-8", errors="replace").count("\ufffd")


def _plausible(text: str) -> bool:
    """Whether enough characters are ones that every such document uses."""
    sample = text[:20_000]
    return len(_COMMON.findall(sample)) * 20 >= len(sample)


def _checked(name: str, text: str) -> str:
    if len(text) > _LONGEST:
        raise TooLargeError(name, f"它超过可读的 {_LONGEST:,} 个字符", f"it has more than the {_LONGEST:,} characters that are read")
    if not text.strip():
        raise EmptyFileError(name)
    if len(_CONTROL.findall(text)) * 200 > len(text):
        raise WrongTypeError(name, "不是文本文件，其中有二进制数据", "it is not a text file, it holds binary data")
    return text
