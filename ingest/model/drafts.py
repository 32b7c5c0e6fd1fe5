"""What a layout yields: one task as printed pieces, before units, quantities and deadlines are read in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.fields.folding import squeeze
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

    def extended(self, other: Draft) -> Draft:
        """This task with the pieces of a row that continues it on the next page."""
        tail = squeeze(other.text)
        targets = self.targets
        if other.targets:
            glued = bool(targets) and not other.targets[0].value.startswith(("1.", "1、"))
            targets = (*targets[:-1], targets[-1] + other.targets[0], *other.targets[1:]) if glued else (*targets, *other.targets)
        return replace(
            self,
            text=self.text + tail if tail else self.text,
            targets=targets,
            duties=_continued(self.duties, other.duties),
            deadline=self.deadline or other.deadline,
            leaders=(*self.leaders, *other.leaders),
            schedule=(*self.schedule, *other.schedule),
        )


def _continued(above: tuple[Duty, ...], below: tuple[Duty, ...]) -> tuple[Duty, ...]:
    duties = list(above)
    for duty in below:
        for i, known in enumerate(duties):
            if known.role == duty.role and known.text.value and known.text.value[-1] in "、，,":
                duties[i] = replace(known, text=known.text + duty.text)
                break
        else:
            if duty not in duties:
                duties.append(duty)
    return tuple(duties)
