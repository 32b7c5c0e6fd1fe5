"""The names of things, turned into an index that finds a thing by what people type: Chinese, English, pinyin or its initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from api.pages.spellings import Spelling, holds, likeness, nearest_word, place, place_in_initials, place_in_pinyin, spelling, spellings
from api.pages.wording import kind_of
from ontology.names import DCTERMS, DEF, ID, PREFIXES, SKOS

_WEIGHT = {SKOS["prefLabel"].value: 0, DCTERMS["title"].value: 0, SKOS["altLabel"].value: 1}
"""How far a name is from the first one of a thing; the names that only text has come last."""
_MANY = 60
_CAPITALS = 6
_SHORT = 4
"""Letters that may be an abbreviation, which is no pinyin where something is called so."""
_WELL_FORMED = re.compile(r"https://[A-Za-z0-9./_~%-]+")
_PART = re.compile(r"/task/(?P<task>[^/]+)(/target/(?P<target>\d+))?$")


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One name of one thing, with what is compared to the typed text."""

    thing: str
    name: str
    forms: tuple[Spelling, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A thing that was found, by which of its names, the better the smaller the rank."""

    thing: str
    name: str
    rank: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LabelIndex:
    """The index. ``names`` are the first names of each thing by language."""

    names: Mapping[str, Mapping[str, str]]
    entries: tuple[LabelEntry, ...]
    unknown: set[str] | None = None
    """The things that were asked for and are not in the index, where they are noted."""

    @classmethod
    def of(cls, found: Iterable[Mapping[str, object]]) -> LabelIndex:
        """The index of rows with ``thing``, ``property``, ``label``, ``language``."""
        names: dict[str, dict[str, str]] = {}
        entries = []
        for row in found:
            thing, label, language = str(row["thing"]), str(row["label"]), str(row["language"] or "zh")
            weight = _WEIGHT.get(str(row["property"]), 2)
            if weight == 0:
                names.setdefault(thing, {})[language] = label
            entries.append(LabelEntry(thing, label, spellings(label), weight))
        return cls(names, tuple(entries))

    def name(self, thing: object, language: str = "zh") -> str:
        """The name of a thing in a language, in the other one, or the end of its IRI."""
        known = self.names.get(str(thing), {})
        if known:
            return known.get(language) or next(iter(known.values()))
        placed = _placed(str(thing), language)
        if self.unknown is not None and not placed and str(thing).startswith(ID) and _WELL_FORMED.fullmatch(str(thing)):
            self.unknown.add(str(thing))
        return placed or _short(str(thing))

    def noting(self) -> LabelIndex:
        """The same names; which things are asked for in vain is noted."""
        return LabelIndex(self.names, self.entries, set())

    def also(self, found: Iterable[Mapping[str, object]]) -> LabelIndex:
        """The same names with those of more rows."""
        return LabelIndex({**self.names, **LabelIndex.of(found).names}, self.entries)

    def of_kinds(self, kinds: Iterable[str], language: str) -> list[str]:
        """The first names of all things of these kinds, sorted."""
        wanted = set(kinds)
        return sorted({self.name(thing, language) for thing in self.names if kind_of(thing) in wanted})

    def find(self, text: str, limit: int = 20) -> list[LabelMatch]:
        """The things that a typed text may mean, best first, each once."""
        typed = spelling(text)
        if not typed.text:
            return []
        printed = unicodedata.normalize("NFKC", text).strip()
        capitals = printed if typed.latin and printed.isupper() and len(printed) <= _CAPITALS else ""
        found = self._best(lambda entry: _rank(typed, entry, capitals))
        if typed.latin and len(typed.text) <= _SHORT and any(match.rank[0] == 0 for match in found.values()):
            # Something is called so: the letters are no pinyin and no beginning of another word.
            found = self._best(lambda entry: _rank_as_printed(typed, entry))
        return sorted(found.values(), key=_order)[:limit]

    def with_words(self, words: Sequence[str], limit: int = 20) -> list[LabelMatch]:
        """The things with each of the words in one of their names, in any order."""
        by_word = [{match.thing: match for match in self.find(word, len(self.entries))} for word in words]
        common = set(by_word[0]).intersection(*by_word[1:]) if by_word else set()
        return sorted((max((found[thing] for found in by_word), key=_order) for thing in common), key=_order)[:limit]

    def mentioned(self, text: str, limit: int = 20) -> list[LabelMatch]:
        """The things whose names stand in a sentence, in its order; of names that overlap the longest, and no terms of the ontology."""
        sentence = spelling(text)
        places = [
            (start - end, entry.weight, start, end, entry)
            for entry in self.entries
            if len(entry.forms[0].text) > 1 and not entry.thing.startswith(DEF.rstrip("#"))
            for start, end in holds(sentence, entry.forms[0])
        ]
        taken: list[tuple[int, int]] = []
        found: dict[str, tuple[int, LabelMatch]] = {}
        for _, weight, start, end, entry in sorted(places, key=lambda each: each[:3]):
            if all((start, end) == each or end <= each[0] or each[1] <= start for each in taken):
                taken.append((start, end))
                found.setdefault(entry.thing, (start, LabelMatch(entry.thing, entry.name, (0, weight, end - start))))
        return [match for _, match in sorted(found.values(), key=lambda each: (each[0], _order(each[1])))][:limit]

    def near(self, text: str, limit: int = 20) -> list[LabelMatch]:
        """The things whose names are written nearly so, nearest first."""
        typed = spelling(text)

        def rank(entry: LabelEntry) -> tuple[int, int, int] | None:
            score = likeness(typed, entry.forms)
            return (100 - int(score), entry.weight, len(entry.forms[0].text)) if score else None

        return sorted(self._best(rank).values(), key=_order)[:limit] if typed.text else []

    def corrected(self, words: Sequence[str]) -> list[str]:
        """English words with slips, each as names have it; empty where one of them is like no word of a name."""
        known = {run for entry in self.entries for run in entry.forms[0].words if len(run) > 3}
        spelled = [word for each in words for word in spelling(each).words]
        nearest = [word if word in known else nearest_word(word, known) for word in spelled]
        return nearest if all(nearest) else []

    def _best(self, rank: Callable[[LabelEntry], tuple[int, int, int] | None]) -> dict[str, LabelMatch]:
        """The things with a name that has a rank, each by the best of its names."""
        best: dict[str, LabelMatch] = {}
        for entry in self.entries:
            ranked = rank(entry)
            if ranked and (entry.thing not in best or ranked < best[entry.thing].rank):
                best[entry.thing] = LabelMatch(entry.thing, entry.name, ranked)
        return best


def folded(text: str) -> str:
    """Text as it is compared: full-width as half-width, no case, no blanks.

    >>> folded(" ｅVTOL 认证")
    'evtol认证'
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _placed(iri: str, language: str) -> str:
    """The name of a part of a notice that has no other one: its kind and number."""
    found = _PART.search(iri)
    if not found:
        return ""
    task, target = ("Task", "target") if language == "en" else ("任务", "目标")
    return f"{task} {unquote(found['task'])}" + (f" · {target} {found['target']}" if found["target"] else "")


def _short(iri: str) -> str:
    """An IRI as people read it: with a prefix of ours, by the end of an address of ours, or without its scheme."""
    if iri.startswith(ID):
        return unquote(iri.rpartition("/")[2])
    prefix, space = max(((prefix, space) for prefix, space in PREFIXES.items() if iri.startswith(space)), default=("", ""), key=_length)
    return f"{prefix}:{iri.removeprefix(space)}" if prefix else iri.partition("://")[2] or iri


def _length(found: tuple[str, str]) -> int:
    return len(found[1])


_PLACES: tuple[Callable[[Spelling, Spelling], int | None], ...] = (place, place_in_pinyin, place_in_initials)
"""How a typed text is looked for in each of the forms."""


def _order(match: LabelMatch) -> tuple[tuple[int, int, int], str]:
    return match.rank, match.thing


def _rank(typed: Spelling, entry: LabelEntry, capitals: str) -> tuple[int, int, int] | None:
    """Whole, at its start, inside; spelled before initials; first names before others; short before long.

    Capitals are an abbreviation: they are no beginning of a word that is not printed in capitals, and no pinyin.
    """
    if capitals and capitals not in entry.name:
        return _rank_as_printed(typed, entry)
    for number, (form, where) in enumerate(zip(entry.forms, _PLACES, strict=False)):
        found = where(typed, form)
        if found is not None:
            return (found + number, entry.weight, min(len(form.text), _MANY))
    return None


def _rank_as_printed(typed: Spelling, entry: LabelEntry) -> tuple[int, int, int] | None:
    """The same for whole words of the name itself."""
    found = place(typed, entry.forms[0], part_of_word=False)
    return None if found is None else (found, entry.weight, min(len(entry.forms[0].text), _MANY))
