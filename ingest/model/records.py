"""What a notice says, as frozen records: no RDF, no vocabulary, only what is printed and where.

Every :class:`~ingest.model.document.Text` keeps the offsets of its characters in the document, so that each record can be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from datetime import date as date_type
from decimal import Decimal
from typing import Any

from ingest.model.document import Code, Document, Text


@dataclass(frozen=True, slots=True)
class Horizon:
    """The period a promise is for; ``source`` is the printed text that states it."""

    start: date
    end: date
    label: str
    source: Text


@dataclass(frozen=True, slots=True)
class Unit:
    """One printed unit name. ``order`` counts from 1 over the whole task; ``role`` is lead, responsible, cooperate,
    participate or guide; ``canonical`` restores an elided prefix or suffix; ``alias`` is a second name in brackets."""

    surface: Text
    order: int
    role: str = "responsible"
    canonical: str | None = None
    alias: str | None = None
    collective: bool = False
    role_word: Text | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a measure that the task should reach. ``part`` is ``text`` or ``targets[i]``; ``start`` and ``end``
    are offsets of the surface in that part's clean value. comparator: = >= > <= < ~ range."""

    surface: Text
    part: str
    start: int
    end: int
    minimum: Decimal | None
    maximum: Decimal | None
    comparator: str
    measure: str
    counted: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a task is due, as printed. ``type`` is by, year, ongoing, long_term, or ``unknown`` where it says something else;
    ``start`` and ``end`` bound a period (年内, 第三季度). ``part`` is text or targets[i] where the words of the task state it, else
    ``deadline``; ``rule`` is the rule that supplied the year, where none is printed."""

    text: Text
    type: str
    date: date | None = None
    start: date_type | None = None
    end: date_type | None = None
    part: str = "deadline"
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A title in 《》 inside a task (the marks not included)."""

    title: Text
    part: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that the notice names in its own words. ``relation`` is implements, based_on, cites, changes or repeals."""

    title: Text
    relation: str
    number: Text | None = None


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A named place of the official divisions, with its GB/T 2260 code. ``part`` is text, targets[i] or units."""

    surface: Text
    part: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Task:
    """One row or numbered item. ``headings`` maps ``number group text targets units deadline`` to the printed column head."""

    no: str
    text: Text
    targets: tuple[Text, ...] = ()
    number: Text | None = None
    group: Text | None = None
    group_path: tuple[Text, ...] = ()
    units: tuple[Unit, ...] = ()
    deadline: Deadline | None = None
    """What its column, bracket or label says as a whole."""
    deadlines: tuple[Deadline, ...] = ()
    """Each time limit by itself: those of the column, bracket or label, then those that the words state."""
    quantities: tuple[Quantity, ...] = ()
    references: tuple[Reference, ...] = ()
    places: tuple[PlaceName, ...] = ()
    home: tuple[PlaceName, ...] = ()
    """Where its words say the place that issued the document without its name: 本市, 在沪."""
    schedule: tuple[tuple[str, Text], ...] = ()
    leaders: tuple[Text, ...] = ()
    key: str = ""
    """The number made unique within the notice: the second task printed as 5 is ``5-2``."""
    headings: Mapping[str, str] = field(default_factory=dict)
    role_rule: Text | None = None
    """The sentence printed with this task that says which of its units leads."""
    open_list: tuple[Text, ...] = ()
    """Each 等 that leaves its list of units open."""

    def parts(self) -> tuple[tuple[str, Text], ...]:
        """The commitments of the task: its text, then each target."""
        return (("text", self.text), *((f"targets[{i}]", target) for i, target in enumerate(self.targets)))


@dataclass(frozen=True, slots=True)
class Warning:
    """Something that was not understood or not printed: a stable code, a sentence, the task's number if it belongs to one; and where it
    stands in the document: spans of its text, the line and the page of the first."""

    code: Code
    message: str
    task: str | None = None
    spans: tuple[tuple[int, int], ...] = ()
    line: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a document says it is."""

    title: Text | None = None
    notice_title: Text | None = None
    number: Text | None = None
    issuers: tuple[Text, ...] = ()
    date: date | None = None
    date_text: Text | None = None
    publish_date: date_type | None = None
    horizon: Horizon | None = None
    plan_period: Horizon | None = None
    implements: tuple[Text, ...] = ()
    addressees: tuple[Text, ...] = ()
    citations: tuple[Citation, ...] = ()
    publicity: Text | None = None
    """Whether it may be published, as printed: 此件公开发布."""
    index_number: Text | None = None
    """The number under which the site of the government keeps it (索引号)."""
    subject: Text | None = None
    """The class of its subject, as the site prints it (主题分类)."""

    def fields(self) -> dict[str, Any]:
        """Its fields by name, for a notice to be made with."""
        return {each.name: getattr(self, each.name) for each in fields(Identity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Identity):
    """One task document: what it says it is, its tasks, what was not understood."""

    document: Document
    tasks: tuple[Task, ...]
    source: str | None = None
    """The address it was taken from, where the page or the caller says it."""
    jurisdiction: str | None = None
    """GB/T 2260 code of the place whose office issued it; None for the country or where it is not said."""
    role_rule: Text | None = None
    default_units: tuple[Unit, ...] = ()
    """Units that a clause adds to every task (以下任务均需…落实)."""
    default_clause: Text | None = None
    warnings: tuple[Warning, ...] = ()
    coverage: Mapping[str, int] = field(default_factory=dict)
    """Characters accounted for: ``fields``, ``unread``, ``prose``, ``nothing``; they add up to the length of the document's text."""
