"""What a question asks, as a value: what is wanted, under which conditions; no text of the asker's and no SPARQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
Column = Literal["", "text", "target", "text-only", "target-only", "both"]
"""Where a task must say a thing: anywhere, in its text, in its targets, in one of them alone, in both."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing of the graph that a name may mean; ``kind`` is the part of its IRI that says what it is (``industry``, ``agency`` ...)."""

    iri: str
    kind: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What some words name: the things that bear this name, most specific kind first, or the words themselves (``refs`` empty)."""

    surface: str
    refs: tuple[Ref, ...] = ()
    quoted: bool = False
    """Whether the asker put it in quotation marks."""


@dataclass(frozen=True, slots=True)
class Involves:
    """The task speaks of the topics: of all of them (``every``) or of one at least."""

    topics: tuple[Topic, ...]
    every: bool = True
    column: Column = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Borne:
    """The task is borne by the units: ``any`` place in the list, ``first``, ``later`` than first, ``alone``, or ``before`` another unit.

    ``by`` two units or more: all of them together (``every``), or one at least.
    """

    units: tuple[Topic, ...]
    how: Literal["any", "first", "later", "alone", "before", "cooperate"] = "any"
    other: Topic | None = None
    every: bool = True
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Has:
    """The task has a part: a quantity, a milestone, a target, a deadline, an industry, a theme, a unit, a platform."""

    part: Literal["quantity", "milestone", "target", "deadline", "industry", "theme", "unit", "platform"]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """The task has so many units or targets: ``=``, ``>=``, ``<=``, ``>``, ``<``."""

    part: Literal["unit", "target", "quantity", "industry"]
    comparator: Literal["=", ">=", "<=", ">", "<"]
    number: int


@dataclass(frozen=True, slots=True)
class OfKind:
    """A unit of this kind bears the task (``agency-kind``), or a platform of this status or kind is named in it."""

    concepts: tuple[Ref, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Numbered:
    """The task has one of these numbers."""

    numbers: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InYear:
    """The thing is of a year."""

    year: int


@dataclass(frozen=True, slots=True)
class Due:
    """The task has a printed time limit that ends on this day or before."""

    date: str


Condition = Involves | Borne | Has | Counted | OfKind | Numbered | InYear | Due

Wanted = Literal[
    "task",
    "unit",
    "first-unit",
    "industry",
    "theme",
    "district",
    "place",
    "quantity",
    "milestone",
    "platform",
    "document",
    "deadline",
    "group",
    "target",
    "stage",
    "technology",
    "pair",
    "notice-number",
    "notice-issuer",
    "notice-date",
    "notice-plan",
    "notice-title",
    "text",
]


@dataclass(frozen=True, slots=True)
class Question:
    """What is wanted of the tasks that fulfil the conditions.

    ``form`` is how it is wanted: as a list, as a number, as yes or no, as a list for each topic, or as the ``top`` ones by tasks.
    """

    wanted: Wanted
    conditions: tuple[Condition, ...] = ()
    form: Literal["list", "number", "boolean", "each", "top"] = "list"
    top: int = 1
    actions: tuple[Ref, ...] = ()
    """Where milestones are wanted: those of one of these actions."""
    only: bool = False
    """Where units are wanted: those that bear no other task."""
