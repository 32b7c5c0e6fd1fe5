"""What a question asks, as a value: what is wanted, under which conditions; no text of the asker's and no SPARQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
Column = str
"""Where a task must say a thing: anywhere (empty), ``text``, ``target``, ``text-only``, ``target-only``, ``both``; a district also among
the units (``named``).

Behind ``@`` stands the year of the targets where one is said: ``target@2026``.
"""


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
    words: tuple[str, ...] = ()
    """The names of the things as documents print them: what is printed is spoken of, also inside a longer name."""
    printed: bool = False
    """Whether it was asked where the name is printed, and not what it is about."""
    sure: bool = True
    """Whether the name means the thing and nothing less: else it is for the asker to say."""
    seat: tuple[Ref, ...] = ()
    """The places that bodies are those of: the science department of Hefei."""
    typed: str = ""
    """What the asker wrote, where it is assumed and not known that it names these things."""
    also: tuple[str, ...] = ()
    """The words of documents that the name is as a mere word: what is printed, where that is asked."""
    free: bool = False
    """Whether it is a word of no vocabulary, known by its print alone: it is a subject only where the sentence makes it one."""


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
class BorneLike:
    """The task is borne (``how``) by a unit that bears the tasks in ``scope``, or is listed first there (``first``).

    ``other``: the tasks in scope themselves are not meant. No scope: that of the question before.
    """

    scope: tuple[Condition, ...] = ()
    first: bool = False
    how: Literal["any", "first", "alone"] = "any"
    other: bool = False


@dataclass(frozen=True, slots=True)
class Doing:
    """The task has a milestone of one of these actions whose object is named by one of the topics."""

    actions: tuple[Ref, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """The task has a part: a quantity, a milestone, a target, a deadline, an industry, a theme, a unit, a platform."""

    part: Literal["quantity", "milestone", "target", "deadline", "industry", "theme", "unit", "platform", "district", "place"]
    negated: bool = False
    year: int | None = None
    """The year that the part is of, where one is said."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The task has so many units or targets: ``=``, ``>=``, ``<=``, ``>``, ``<``."""

    part: Literal["unit", "target", "quantity", "industry", "milestone"]
    comparator: Literal["=", ">=", "<=", ">", "<"]
    number: int


@dataclass(frozen=True, slots=True)
class OfKind:
    """A unit of this kind bears the task (``agency-kind``), or a platform of this status or kind is named in it."""

    concepts: tuple[Ref, ...]
    negated: bool = False
    only: bool = False
    """No unit of another kind bears it."""


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


@dataclass(frozen=True, slots=True)
class InGroup:
    """The task stands in one of these groups."""

    groups: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures are ``range``, or at least, at most, more, less or just so many."""

    comparator: Literal["=", ">=", "<=", ">", "<", "range"]
    number: int = 0


@dataclass(frozen=True, slots=True)
class NamedDistrictsListed:
    """The wording names districts, and one of them at least is a unit of the task; ``negated``: none of them is."""

    negated: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """The wording of the task or of a target has this force, is new or goes on, or supports a kind of party."""

    concepts: tuple[Topic, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InNotice:
    """The task stands in one of these documents."""

    notices: tuple[Topic, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class CountsOf:
    """The figures count these things."""

    things: tuple[Topic, ...]


Condition = (
    Involves
    | Borne
    | BorneLike
    | Doing
    | Has
    | Counted
    | OfKind
    | Numbered
    | InYear
    | Due
    | InGroup
    | Measured
    | NamedDistrictsListed
    | Marked
    | InNotice
    | CountsOf
)

Wanted = Literal[
    "task",
    "unit",
    "first-unit",
    "later-unit",
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
    "instrument",
    "thing",
    "pair",
    "notice-number",
    "notice-issuer",
    "notice-date",
    "notice-plan",
    "notice-title",
    "text",
    "gloss",
    "notice",
    "city",
    "province",
]


@dataclass(frozen=True, slots=True)
class Question:
    """What is wanted of the tasks that fulfil the conditions.

    ``form`` is how it is wanted: as a list, as a number, as yes or no, as a list for each topic, as the ``top`` ones by tasks or those
    with the fewest (``bottom``), or as those that have no such task (``absent``).
    """

    wanted: Wanted
    conditions: tuple[Condition, ...] = ()
    form: Literal["list", "number", "boolean", "each", "top", "bottom", "absent"] = "list"
    top: int = 1
    rank: int = 0
    """Where the most or the fewest are wanted: those with the second most (2), the third most (3) and so on alone."""
    actions: tuple[Ref, ...] = ()
    """Where milestones are wanted: those of one of these actions."""
    only: bool = False
    """Where units are wanted: those that bear no other task."""
    column: Column = ""
    """Where things are wanted: those that stand in this column of the tasks."""
    bearing: tuple[str, int] | None = None
    """Where units are wanted: those that bear so many tasks, as a comparator and a number."""
    said: str = ""
    """Where milestones are wanted: those whose object has this word."""
    compared: tuple[Condition, ...] = ()
    """Conditions whose tasks are counted one beside another: which has more (``top``), fewer (``bottom``), whether the first has more
    than the second (``boolean``), by how many (``number``), how many each (``each``)."""
    besides: tuple[Topic, ...] = ()
    """Where units are wanted: these are not meant."""
    kinds: tuple[Ref, ...] = ()
    """Where units are wanted: those of these kinds."""
