"""What is known of a query before it is asked. A plan goes from one worker to another; whoever only reads it needs no parser."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

Constant = NamedNode | Literal
Place = Constant | str
"""A term, or the name of the variable that stands for one."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A path of no fixed length: its ``kind`` (``is``, ``inverse``, ``sequence``, ``either``, ``repeat``) over its parts."""

    kind: str
    parts: tuple[Chain, ...] = ()
    predicate: NamedNode | None = None
    repeat: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A triple pattern, or the two ends of a chain. It matched something where all ``marks`` are bound."""

    subject: Place
    predicate: Place | Chain
    object: Place
    marks: tuple[str, ...]
    graph: Place | None


@dataclass(frozen=True, slots=True)
class Scope:
    """One SELECT: what its rows are called, the body that shows what was matched, and the patterns and sub-selects in it."""

    columns: tuple[str, ...]
    """What a row is known by: its columns, without those whose value depends on an order that nobody sets."""
    keys: tuple[str, ...] | None
    """Of a grouped SELECT the variables that it groups by; None for any other."""
    keyed: str
    """The query for the keys of each row, where the rows do not hold them."""
    body: str
    slots: tuple[Slot, ...]
    nested: tuple[tuple[Scope, tuple[str, ...]], ...]
    """Each sub-select, with the marks of where it stands."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a query before it is asked: its scope, the query that has to give a row again, and how rows are compared."""

    scope: Scope
    again: str
    """The query as it was written; without its own LIMIT and OFFSET, where it has any."""
    joined: tuple[tuple[str, str], ...]
    """Columns that are joined in no order, each with its separator."""
    free: tuple[str, ...]
    """Columns that hold any one of several values."""
    examined: tuple[str, ...]
    """The patterns that were looked for and must not be there."""
