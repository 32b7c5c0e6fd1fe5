"""Printed variants -> one spelling of the same length, so that offsets stay true.

Full-width letters, digits and punctuation become half-width, dashes become ``-``, wave dashes ``~``, blanks one space. Every
pattern of the room is written against folded text; what is recorded is always the printed text. Traditional characters fold to the
simplified ones, so that a page in either script is read by the same patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from ingest.model.document import Text

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys(map(ord, "—–―‒‐‑−－─"), "-")
_WAVES = dict.fromkeys(map(ord, "～〜∼﹏"), "~")
_BLANKS = dict.fromkeys(map(ord, "\u3000\u00a0\t\u2002\u2003\u2009\u200a\u202f\u2007"), " ")
_SMALL = {ord("﹒"): ".", ord("﹑"): "、", ord("﹔"): ";", ord("﹕"): ":", ord("﹐"): ",", ord("﹖"): "?", ord("﹗"): "!"}
_BRACKETS = {
    ord("﹝"): "〔",
    ord("﹞"): "〕",
    ord("【"): "[",
    ord("】"): "]",
    ord("﹙"): "(",
    ord("﹚"): ")",
    ord("﹪"): "%",
    ord("‧"): "·",
}
_TABLE: dict[int, int | str] = {**_WIDE, **_DASHES, **_WAVES, **_BLANKS, **_SMALL, **_BRACKETS}


@cache
def _folding() -> dict[int, int | str]:
    lines = files("ingest.characters").joinpath("traditional.tsv").read_text(encoding="utf-8").splitlines()
    return {**{ord(traditional): simplified for traditional, simplified in (line.split("\t") for line in lines)}, **_TABLE}


INVISIBLE = "\u200b\u200c\u200d\ufeff\u00ad\u2060"
_WORD = re.compile(r"[0-9A-Za-z]")
# The reading of a character that a copy of a page puts behind it: 發展(zhǎn).
_GLOSS = re.compile(r"(?<=[\u4e00-\u9fff])\([a-z]{0,3}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,3}\)")


# A point that ends a sentence: 建站54家.市林业局负责.
_POINT = re.compile(r"(?<=[\u4e00-\u9fff)”])\.(?=\s?[\u4e00-\u9fff(“]|\s*$)")


def stopped(folded: str) -> str:
    """A folded value in which the points that end sentences are full stops.

    >>> stopped("建站54家.市林业局负责.占3.5%"), stopped("1.建站")
    ('建站54家。市林业局负责。占3.5%', '1.建站')
    """
    return _POINT.sub("。", folded)


def fold(value: str) -> str:
    """The value in one spelling, character by character.

    >>> fold("３—5家，（１）％"), fold("責任單位")
    ('3-5家,(1)%', '责任单位')
    """
    return value.translate(_folding())


def bare(value: str) -> str:
    """The folded value without any blank: the form names are compared in."""
    return re.sub(rf"[\s{INVISIBLE}]+", "", fold(value))


def visible(text: Text) -> Text:
    """The text without characters of no width, which pages and editors leave inside words."""
    if not any(character in INVISIBLE for character in text.value):
        return text
    keep = [i for i, character in enumerate(text.value) if character not in INVISIBLE]
    return Text("".join(text.value[i] for i in keep), tuple(text.at[i] for i in keep))


def unglossed(text: Text) -> Text:
    """The text without the readings that copies of a page put behind characters.

    >>> unglossed(Text.at_offset("發展(zhǎn)茶業(yè)(縣(xiàn)農業局)", 0)).value
    '發展茶業(縣農業局)'
    """
    plain, at = Text("", ()), 0
    for match in _GLOSS.finditer(fold(text.value)):
        plain, at = plain + text[at : match.start()], match.end()
    return plain + text[at : len(text)] if at else text


def squeeze(text: Text) -> Text:
    """The text without layout blanks: breaks and spaces go, a single space between Latin words stays."""
    value = text.value
    if not any(character.isspace() or character in INVISIBLE for character in value):
        return text
    keep = list(_kept(value))
    return Text("".join(" " if value[i].isspace() else value[i] for i in keep), tuple(text.at[i] for i in keep)).strip()


def _kept(value: str) -> Iterator[int]:
    """The places that stay: of a run of blanks one space where it parts two Latin words."""
    pending = -1
    last = ""
    for i, character in enumerate(value):
        if character in INVISIBLE:
            continue
        if character.isspace():
            pending = i if pending < 0 and character == " " else pending
            continue
        if pending >= 0 and last and _WORD.match(last) and _WORD.match(character):
            yield pending
        pending = -1
        last = character
        yield i


def stacked(texts: Iterable[Text]) -> Text:
    """The texts one below the other, joined by line breaks."""
    value: list[str] = []
    at: list[int] = []
    for text in texts:
        if not text:
            continue
        if value:
            value.append("\n")
            at.append(at[-1] + 1)
        value.append(text.value)
        at.extend(text.at)
    return Text("".join(value), _compact(at))


def healed(texts: Iterable[Text]) -> Text:
    """The lines of one wrapped paragraph as one: a break stays only between Latin words."""
    value: list[str] = []
    at: list[int] = []
    last = ""
    for text in texts:
        if not text:
            continue
        if last and _WORD.match(last) and _WORD.match(text.value[0]) and not last.isdigit():
            value.append("\n")
            at.append(at[-1] + 1)
        value.append(text.value)
        at.extend(text.at)
        last = text.value[-1]
    return Text("".join(value), _compact(at))


def _compact(at: list[int]) -> range | tuple[int, ...]:
    if at and at[-1] - at[0] + 1 == len(at):
        return range(at[0], at[-1] + 1)
    return tuple(at)


def lines(text: Text) -> Iterator[Text]:
    """The lines of a text, stripped; empty ones left out."""
    for match in re.finditer(r"[^\r\n\v\f\u2028\u2029]+", text.value):
        line = text[match.start() : match.end()].strip()
        if line:
            yield line


def pieces(text: Text, separator: re.Pattern[str]) -> Iterator[Text]:
    """The parts of a text between matches of a pattern that is written against folded text."""
    start = 0
    for match in separator.finditer(fold(text.value)):
        yield text[start : match.start()]
        start = match.end()
    yield text[start : len(text)]
