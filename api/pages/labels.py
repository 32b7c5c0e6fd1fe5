"""The names of things, turned into an index that finds a thing by what people type: Chinese, English, pinyin or its initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pypinyin import lazy_pinyin

from api.pages.wording import kind_of
from ontology.names import DCTERMS, ID, PREFIXES, SKOS

_WEIGHT = {SKOS["prefLabel"].value: 0, DCTERMS["title"].value: 0, SKOS["altLabel"].value: 1}
"""How far a name is from the first one of a thing; the names that only text has come last."""
_MANY = 60
_WELL_FORMED = re.compile(r"https://[A-Za-z0-9./_~%-]+")
_PART = re.compile(r"/task/(?P<task>[^/]+)(/target/(?P<target>\d+))?$")


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One name of one thing, with what is compared to the typed text."""

    thing: str
    name: str
    forms: tuple[str, ...]
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
            entries.append(LabelEntry(thing, label, tuple(_forms(label)), weight))
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
        typed = folded(text)
        best: dict[str, LabelMatch] = {}
        for entry in self.entries if typed else ():
            rank = _rank(typed, entry)
            if rank and (entry.thing not in best or rank < best[entry.thing].rank):
                best[entry.thing] = LabelMatch(entry.thing, entry.name, rank)
        return sorted(best.values(), key=lambda match: (match.rank, match.thing))[:limit]


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


def _forms(label: str) -> Iterator[str]:
    """The name, its pinyin and the initials of that."""
    yield folded(label)
    syllables = lazy_pinyin(label)
    if syllables != [label]:
        yield folded("".join(syllables))
        yield folded("".join(syllable[:1] for syllable in syllables))


def _rank(typed: str, entry: LabelEntry) -> tuple[int, int, int] | None:
    """Whole, at its start, inside; spelled before initials; first names before others; short before long."""
    for place, form in enumerate(entry.forms):
        if place == 2 and len(typed) < 2:
            continue
        if typed == form:
            return (place, entry.weight, len(form))
        if form.startswith(typed):
            return (3 + place, entry.weight, min(len(form), _MANY))
        if place < 2 and len(typed) > place * 2 and typed in form:
            return (6 + place, entry.weight, min(len(form), _MANY))
    return None
