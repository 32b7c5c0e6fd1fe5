"""Notes of single facts, turned into footnotes for people: what one place of a text states is one footnote, whatever facts those are."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from graph.proofs.render import Told, place
from graph.proofs.rows.answer import EvidencedRows
from graph.proofs.rows.notes import STATUSES, quotes

_FACTS = 3
"""Facts of a footnote that a sentence says; how many more there are is told."""


@dataclass(slots=True)
class Footnote:
    """A place of a text, a proof, a rule, a file or a link: ``facts`` are the notes of what it states."""

    number: int
    status: str
    facts: list[Told] = field(default_factory=list)

    @property
    def quotes(self) -> list[Told]:
        """The characters that it rests on, each place once."""
        return list(quotes(self.facts[0]))

    @property
    def first(self) -> Told:
        """The note of its first fact."""
        return self.facts[0]

    def status_in(self, language: str) -> str:
        """How it states them, in words."""
        return STATUSES[self.status][language == "en"]

    def places(self, language: str) -> list[str]:
        """Where that is: with its quotes, or by the name of a file, a graph or a link."""
        found = [place(each, language) for each in self.quotes]
        return found or ([place(self.first["evidence"], language)] if self.first.get("evidence") else [])

    def grounds(self, language: str) -> list[str]:
        """The rule by which it is read, or the axiom of the last step of its proof."""
        if "rule" in self.first:
            return [("规则“{}”", "rule “{}”")[language == "en"].format(self.first["rule"]["label"][language])]
        if "axiom" in self.first:
            axiom = self.first["axiom"]
            return [f"{axiom['name'][language]}{_colon(language)}{axiom['text']['short']}"]
        return []

    def said(self, language: str) -> list[str]:
        """Its facts in words, the first of them."""
        more = len(self.facts) - _FACTS
        return [*(fact_in(each, language) for each in self.facts[:_FACTS]), *([f"… +{more}"] if more > 0 else [])]

    def sentence(self, language: str) -> str:
        """All of it."""
        parts = [*self.places(language), *self.grounds(language), *self.said(language)]
        return f"{self.status_in(language)}{_colon(language)}{('；', '; ')[language == 'en'].join(parts)}"


@dataclass(frozen=True, slots=True)
class Footnotes:
    """The numbers of the footnotes of each row, and the footnotes."""

    rows: tuple[tuple[int, ...], ...]
    notes: tuple[Footnote, ...]

    def of(self, row: int) -> Iterator[Footnote]:
        """The footnotes of a row."""
        return (self.notes[number - 1] for number in self.rows[row])


def footnotes(found: EvidencedRows) -> Footnotes:
    """The footnotes of the rows, counted as they come; a row without evidence has none."""
    notes = {note["number"]: note for note in found.notes}
    known: dict[Hashable, Footnote] = {}
    placed: set[tuple[Hashable, int]] = set()
    rows = []
    for evidence in found.evidence:
        numbers: dict[int, None] = {}
        for number in evidence.notes:
            key = _key(notes[number])
            footnote = known.setdefault(key, Footnote(len(known) + 1, notes[number]["status"]))
            if (key, number) not in placed:
                placed.add((key, number))
                footnote.facts.append(notes[number])
            numbers[footnote.number] = None
        rows.append(tuple(numbers))
    return Footnotes(tuple(rows), tuple(known.values()))


def fact_in(note: Told, language: str) -> str:
    """The fact of a note in words."""
    subject, predicate, object_ = (note["triple"][part]["label"][language] for part in ("subject", "predicate", "object"))
    return f"{subject} — {predicate} → {object_}"


def _key(note: Told) -> tuple[Hashable, ...]:
    evidence = note.get("evidence")
    if note["status"] in ("inferred", "unproved") or evidence is None:
        return (note["number"],)
    if note["status"] == "read":
        return (note["node"],)
    if note["status"] == "stated":
        return evidence["notice"], evidence["offset"], evidence["quote"]
    return note["status"], evidence["graph"], evidence["file"], evidence["link"]


def _colon(language: str) -> str:
    return ": " if language == "en" else "："
