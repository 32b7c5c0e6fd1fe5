"""The names of things, turned into an index that finds a thing by what people type: Chinese, English, pinyin or its initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from api.pages.wording import kind_of
from graph.store.name_index import NameIndex, entry
from ontology.names import ID, PREFIXES

_WELL_FORMED = re.compile(r"https://[A-Za-z0-9./_~%-]+")
_PART = re.compile(r"/task/(?P<task>[^/]+)(/target/(?P<target>\d+))?$")


@dataclass(frozen=True, slots=True)
class LabelIndex(NameIndex):
    """The index of names, with the first names of each thing by language."""

    names: Mapping[str, Mapping[str, str]]
    unknown: set[str] | None = None
    """The things that were asked for and are not in the index, where they are noted."""

    @classmethod
    def of(cls, found: Iterable[Mapping[str, object]]) -> LabelIndex:
        """The index of rows with ``thing``, ``property``, ``label``, ``language``."""
        names: dict[str, dict[str, str]] = {}
        entries = []
        for row in found:
            thing, label, language = str(row["thing"]), str(row["label"]), str(row["language"] or "zh")
            made = entry(thing, str(row["property"]), label)
            if made.weight == 0:
                names.setdefault(thing, {})[language] = label
            entries.append(made)
        return cls(tuple(entries), names)

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
        return LabelIndex(self.entries, self.names, set())

    def also(self, found: Iterable[Mapping[str, object]]) -> LabelIndex:
        """The same names with those of more rows."""
        return LabelIndex(self.entries, {**self.names, **LabelIndex.of(found).names})

    def of_kinds(self, kinds: Iterable[str], language: str) -> list[str]:
        """The first names of all things of these kinds, sorted."""
        wanted = set(kinds)
        return sorted({self.name(thing, language) for thing in self.names if kind_of(thing) in wanted})


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
