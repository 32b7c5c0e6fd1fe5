"""What a layout yields: one task as printed pieces, before units, quantities and deadlines are read in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.model.document import Text

NOTHING = Text("", ())


@dataclass(frozen=True, slots=True)
class Duty:
    """A printed string of units and the role its column, label or bracket gives them."""

    role: str
    text: Text
    word: Text | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One task as printed pieces. ``list_no`` counts the task lists of a document; numbers may start again in each."""

    number: Text | None
    no: str
    text: Text
    groups: tuple[Text, ...] = ()
    targets: tuple[Text, ...] = ()
    duties: tuple[Duty, ...] = ()
    deadline: Text | None = None
    leaders: tuple[Text, ...] = ()
    schedule: tuple[tuple[str, Text], ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    list_no: int = 1
    unknown: tuple[str, ...] = ()
    """Heads of columns of unknown meaning, on the first task of a table."""
