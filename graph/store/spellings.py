"""A name or a typed text, turned into what is compared: simplified characters and runs of letters and digits, and where each begins."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from ontology.folding import folded as simplified

WHOLE, START, INSIDE = 0, 3, 6
"""Where a typed text stands in a name; the better the smaller."""
_RUN = re.compile(r"\d+|[㐀-鿿𠀀-𲎯]|[^\W\d_㐀-鿿𠀀-𲎯]+")
_HAN = re.compile(r"[㐀-鿿𠀀-𲎯]+")
_LETTERS = re.compile(r"[^\W\d_㐀-鿿𠀀-𲎯]+")
_LEAST_ALIKE = 75.0
_LEAST_ALIKE_LATIN = 82.0
_LEAST_ALIKE_WORD = 85.0
"""Of 100: one character of four is another one; a letter or two of ten are; one letter of a word is."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text as it is compared. Between two numbers one dash stands for whatever parts them."""

    text: str
    starts: frozenset[int]
    """Where a Chinese character or a run of letters or digits begins,"""
    ends: frozenset[int]
    """and where one ends."""

    @property
    def latin(self) -> bool:
        """Whether it holds nothing but letters that are not Chinese."""
        return bool(_LETTERS.fullmatch(self.text))

    @property
    def words(self) -> list[str]:
        """Its runs of letters."""
        ends = sorted(self.ends)
        runs = (self.text[start:end] for start, end in zip(sorted(self.starts), ends, strict=True))
        return [run for run in runs if _LETTERS.fullmatch(run)]


def spelling(text: str) -> Spelling:
    """A text as it is compared: simplified, half-width, without case, blanks, brackets, hyphens and other marks.

    >>> spelling("質檢中心（ＥＳＧ）").text, spelling("Low-altitude aviation").text, spelling("沪质办〔2026〕2号").text
    ('质检中心esg', 'lowaltitudeaviation', '沪质办2026-2号')
    """
    return _joined(_RUN.findall(simplified(text).casefold()))


def spellings(name: str) -> tuple[Spelling, ...]:
    """A name, its pinyin and the initials of that."""
    whole = spelling(name)
    if not _HAN.search(whole.text):
        return (whole,)
    syllables = [piece for each in lazy_pinyin(simplified(name)) for piece in _RUN.findall(each.casefold())]
    return whole, _joined(syllables), _joined(["".join(syllable[:1] for syllable in syllables)])


def place(typed: Spelling, name: Spelling, *, part_of_word: bool = True) -> int | None:
    """Where a typed text stands in a name, None where it does not. Letters and digits begin where a run of them does.

    A word may be typed in part, unless ``part_of_word`` is False; a number only as the end of a longer text.

    >>> place(spelling("ESG"), spelling("Enterprises Going Global")), place(spelling("9"), spelling("ISO 9001")), place(
    ...     spelling("iso 90"), spelling("ISO 9001")
    ... )
    (None, None, 3)
    """
    if typed.text == name.text:
        return WHOLE
    if typed.text not in name.text or (typed.text.isdigit() and len(typed.text) < 4):
        return None
    for start in _occurrences(typed.text, name.text):
        if start in name.starts and (start + len(typed.text) in name.ends or (part_of_word and _may_go_on(typed, at_start=start == 0))):
            return START if start == 0 else INSIDE
    return None


def place_in_pinyin(typed: Spelling, pinyin: Spelling) -> int | None:
    """The same for letters in pinyin: from the first syllable on, or two whole syllables and more inside."""
    if not typed.latin or len(typed.text) < 2:
        return None
    if typed.text == pinyin.text:
        return WHOLE
    if pinyin.text.startswith(typed.text):
        return START
    for start in _occurrences(typed.text, pinyin.text):
        end = start + len(typed.text)
        if start in pinyin.starts and end in pinyin.ends and any(start < each < end for each in pinyin.starts):
            return INSIDE
    return None


def place_in_initials(typed: Spelling, initials: Spelling) -> int | None:
    """The same for initials, which are typed from the first on."""
    if not typed.latin or len(typed.text) < 2:
        return None
    return WHOLE if typed.text == initials.text else START if initials.text.startswith(typed.text) else None


def holds(sentence: Spelling, name: Spelling) -> Iterator[tuple[int, int]]:
    """The places of a name in a sentence, letters and digits as whole runs."""
    for start in _occurrences(name.text, sentence.text) if name.text in sentence.text else ():
        if start in sentence.starts and start + len(name.text) in sentence.ends:
            yield start, start + len(name.text)


def likeness(typed: Spelling, forms: tuple[Spelling, ...]) -> float:
    """How near a name is that is written otherwise, of 100: the same sounds, a short form of it, a slip; 0 where it is none of these.

    >>> [likeness(spelling(typed), spellings(name)) for typed, name in (
    ...     ("底空航空", "低空航空"), ("市监局", "市市场监管局"), ("市监局", "市药品监管局"), ("质检", "低空航空")
    ... )]
    [95.0, 90.0, 0.0, 0.0]
    """
    name = forms[0].text
    if typed.text.isdigit() or len(typed.text) < 2:
        return 0.0
    if _HAN.fullmatch(typed.text):
        if len(forms) > 1 and len(typed.text) == len(name) and _sounds(typed.text) == forms[1].text:
            return 95.0
        if is_short_for(typed.text, name):
            return 90.0
        return _alike(typed.text, name, _LEAST_ALIKE) if len(typed.text) > 3 else 0.0
    return _alike(typed.text, name, _LEAST_ALIKE_LATIN) if len(typed.text) > 4 else 0.0


def nearest_word(word: str, words: Collection[str]) -> str:
    """The word that one with a slip is most like, empty where there is none; short words have none.

    >>> nearest_word("regulaton", ["regulation", "aviation"]), nearest_word("esg", ["egg"])
    ('regulation', '')
    """
    found = process.extractOne(word, sorted(words), scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE_WORD) if len(word) > 4 else None
    return found[0] if found else ""


def is_short_for(typed: str, name: str) -> bool:
    """Whether a text takes one character of each word at the end of a name: three at least, no word of more than two characters.

    Two words at least are cut: what lacks one character of a short form is the short form of something else.

    >>> is_short_for("发改委", "市发展改革委"), is_short_for("市监局", "市市场监管局"), is_short_for("市监局", "市药品监管局")
    (True, True, False)
    >>> is_short_for("市监局", "市药监局")
    False
    """
    if not 3 <= len(typed) < len(name):
        return False
    found = re.search("(.?)".join(map(re.escape, typed)) + r"(?:员会)?\Z", name)
    return found is not None and sum(map(bool, found.groups())) > 1


@lru_cache(maxsize=64)
def _sounds(text: str) -> str:
    """The pinyin of a typed text, which is compared with many names."""
    return spellings(text)[1].text


def _alike(typed: str, name: str, least: float) -> float:
    return fuzz.ratio(typed, name, score_cutoff=least) * 0.9


def _may_go_on(typed: Spelling, *, at_start: bool) -> bool:
    """Whether the last run that is typed may be the beginning of a longer one."""
    last = max(typed.starts)
    if typed.text[last:].isdigit():
        return last > 0
    return bool(_LETTERS.fullmatch(typed.text[last:])) and (at_start or len(typed.text) - last > 2)


def _occurrences(text: str, inside: str) -> Iterator[int]:
    place = inside.find(text) if text else -1
    while place >= 0:
        yield place
        place = inside.find(text, place + 1)


def _joined(runs: Iterable[str]) -> Spelling:
    text, starts, ends = "", set(), set()
    before = ""
    for run in runs:
        if before.isdigit() and run.isdigit():
            text += "-"
        starts.add(len(text))
        text += run
        ends.add(len(text))
        before = run
    return Spelling(text, frozenset(starts), frozenset(ends))
