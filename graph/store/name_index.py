"""The names of things, turned into an index that finds a thing by what people type: Chinese, English, pinyin or its initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph.store.spellings import Spelling, holds, likeness, nearest_word, place, place_in_initials, place_in_pinyin, spelling, spellings
from ontology.names import DCTERMS, DEF, SKOS

_WEIGHT = {SKOS["prefLabel"].value: 0, DCTERMS["title"].value: 0, SKOS["altLabel"].value: 1}
"""How far a name is from the first one of a thing; the names that only text has come last."""
_MANY = 60
_CAPITALS = 6
_SHORT = 4
"""Letters that may be an abbreviation, which is no pinyin where something is called so."""


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One name of one thing, with what is compared to the typed text."""

    thing: str
    name: str
    forms: tuple[Spelling, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A thing that was found, by which of its names, the better the smaller the rank."""

    thing: str
    name: str
    rank: tuple[int, int, int]


def entry(thing: str, property: str, name: str) -> NameEntry:
    """A name that a property gives to a thing."""
    return NameEntry(thing, name, spellings(name), _WEIGHT.get(property, 2))


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The names."""

    entries: tuple[NameEntry, ...]

    def find(self, text: str, limit: int = 20) -> list[NameMatch]:
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

    def with_words(self, words: Sequence[str], limit: int = 20) -> list[NameMatch]:
        """The things with each of the words in one of their names, in any order."""
        by_word = [{match.thing: match for match in self.find(word, len(self.entries))} for word in words]
        common = set(by_word[0]).intersection(*by_word[1:]) if by_word else set()
        return sorted((max((found[thing] for found in by_word), key=_order) for thing in common), key=_order)[:limit]

    def mentioned(self, text: str, limit: int = 20) -> list[NameMatch]:
        """The things whose names stand in a sentence, in its order; of names that overlap the longest, and no terms of the ontology."""
        sentence = spelling(text)
        places = [
            (start - end, entry.weight, start, end, entry)
            for entry in self.entries
            if len(entry.forms[0].text) > 1 and not entry.thing.startswith(DEF.rstrip("#"))
            for start, end in holds(sentence, entry.forms[0])
        ]
        taken: list[tuple[int, int]] = []
        found: dict[str, tuple[int, NameMatch]] = {}
        for _, weight, start, end, entry in sorted(places, key=lambda each: each[:3]):
            if all((start, end) == each or end <= each[0] or each[1] <= start for each in taken):
                taken.append((start, end))
                found.setdefault(entry.thing, (start, NameMatch(entry.thing, entry.name, (0, weight, end - start))))
        return [match for _, match in sorted(found.values(), key=lambda each: (each[0], _order(each[1])))][:limit]

    def near(self, text: str, limit: int = 20) -> list[NameMatch]:
        """The things whose names are written nearly so, nearest first."""
        typed = spelling(text)

        def rank(entry: NameEntry) -> tuple[int, int, int] | None:
            score = likeness(typed, entry.forms)
            return (100 - int(score), entry.weight, len(entry.forms[0].text)) if score else None

        return sorted(self._best(rank).values(), key=_order)[:limit] if typed.text else []

    def corrected(self, words: Sequence[str]) -> list[str]:
        """English words with slips, each as names have it; empty where one of them is like no word of a name."""
        known = {run for entry in self.entries for run in entry.forms[0].words if len(run) > 3}
        spelled = [word for each in words for word in spelling(each).words]
        nearest = [word if word in known else nearest_word(word, known) for word in spelled]
        return nearest if all(nearest) else []

    def _best(self, rank: Callable[[NameEntry], tuple[int, int, int] | None]) -> dict[str, NameMatch]:
        """The things with a name that has a rank, each by the best of its names."""
        best: dict[str, NameMatch] = {}
        for entry in self.entries:
            ranked = rank(entry)
            if ranked and (entry.thing not in best or ranked < best[entry.thing].rank):
                best[entry.thing] = NameMatch(entry.thing, entry.name, ranked)
        return best


_PLACES: tuple[Callable[[Spelling, Spelling], int | None], ...] = (place, place_in_pinyin, place_in_initials)
"""How a typed text is looked for in each of the forms."""


def _order(match: NameMatch) -> tuple[tuple[int, int, int], str]:
    return match.rank, match.thing


def _rank(typed: Spelling, entry: NameEntry, capitals: str) -> tuple[int, int, int] | None:
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


def _rank_as_printed(typed: Spelling, entry: NameEntry) -> tuple[int, int, int] | None:
    """The same for whole words of the name itself."""
    found = place(typed, entry.forms[0], part_of_word=False)
    return None if found is None else (found, entry.weight, min(len(entry.forms[0].text), _MANY))
