"""A document -> the records of its notice: tasks with all their fields, what the document is, what was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from ingest.coverage import coverage
from ingest.errors import NoTasksError, NoUnitsError
from ingest.fields.deadlines import ElidedYear, deadline, elided_year, limits, stated_limits
from ingest.fields.default_responsibility import RoleRule, default_units, exception, role_rule
from ingest.fields.folding import fold, squeeze, stacked
from ingest.fields.places import Division, Gazetteer, gazetteer, jurisdiction, places_here, places_in, places_of
from ingest.fields.quantities import quantities
from ingest.fields.references import titles
from ingest.fields.responsible_units import Names, people, units
from ingest.fields.roles import RoleRun, duties
from ingest.findings import findings
from ingest.layouts.grid import rows
from ingest.layouts.numbered import numbered_drafts
from ingest.layouts.outline import mended
from ingest.layouts.tables import is_task_table, table_drafts
from ingest.limits import DEFAULTS, ReadLimits, within
from ingest.metadata import identity
from ingest.model.document import Document, Paragraph, Table, Text
from ingest.model.drafts import Draft, Duty
from ingest.model.records import Deadline, Identity, Notice, Reference, Task, Unit
from ingest.nearest import nearest

_ALL = re.compile("下同|余同|以下(?:各项)?(?:均|相)?同|(?:各|每)项|下文同|下表同")
_PACE = 20_000  # characters that give a document one second more


@dataclass(frozen=True, slots=True)
class _Context:
    identity: Identity
    place: Division | None
    year: ElidedYear | None
    rule: RoleRule | None
    gazetteer: Gazetteer
    full: Mapping[str, str]
    """The full names of subordinate places by their short ones."""


def parse(document: Document, limits: ReadLimits = DEFAULTS) -> Notice:
    """The records of a document, or :class:`~ingest.errors.NoTasksError` where it holds no tasks."""
    with within(document.name, limits.seconds + len(document.text) / _PACE, limits.memory):
        return _notice(document)


def _notice(document: Document) -> Notice:
    drafts, front, back, info = _layout(document)
    if not drafts:
        raise NoTasksError(document.name, _missed(document))
    heads = tuple(dict.fromkeys(head for draft in drafts for head in draft.headings.values()))
    known = identity(front, back, info, [text for head in heads for text in _printed(document, head)])
    place = _place(known, document)
    below = gazetteer(place)
    rule = role_rule((*front, *back, *(Text.at_offset(head, 0) for head in heads if "(" in fold(head))))
    context = _Context(
        known, place, elided_year(known.horizon, known.date), rule, below, {short: division.name for short, division in below.short.items()}
    )
    read = []
    for draft in drafts:
        read.append(_task(draft, context))
        if (stated := read[-1][0].role_rule) is not None and _ALL.search(stated.value):
            # 下同: from here on; a rule of the whole document printed elsewhere stays.
            context = replace(context, rule=context.rule or role_rule([stated]))
    tasks = tuple(_keyed([task for task, _, _ in read], drafts))
    clause, shared = _default(read, (*front, *back), context)
    if not any(task.units for task in tasks) and not shared:
        raise NoUnitsError(document.name)
    notice = Notice(
        **known.fields(),
        document=document,
        tasks=tasks,
        source=document.source,
        jurisdiction=context.place.code if context.place else None,
        role_rule=context.rule.text if context.rule else None,
        default_units=shared,
        default_clause=clause,
    )
    strange = [(task.no, text) for task, (_, names, _) in zip(tasks, read, strict=True) for text in names.strange]
    return _finished(notice, drafts, strange)


def _missed(document: Document) -> tuple[str, str] | None:
    """What a document without tasks has instead: the line that came nearest, and what its reader left out."""
    near = nearest(document)
    left = [said.partition(" / ")[::2] for code, said in document.notes if code in ("elsewhere", "hidden")]
    said = ([near.sentences] if near is not None else []) + left[:2]
    return ("；".join(zh for zh, _ in said), "; ".join(en for _, en in said)) if said else None


def _finished(notice: Notice, drafts: Sequence[Draft], strange: Sequence[tuple[str, Text]]) -> Notice:
    return replace(notice, warnings=tuple(findings(notice, drafts, strange)), coverage=coverage(notice))


def _layout(document: Document) -> tuple[list[Draft], list[Text], list[Text], list[Text]]:
    """The drafts, the paragraphs before and after them, the cells of tables that hold no tasks."""
    first = next((i for i, block in enumerate(document.blocks) if isinstance(block, Table) and is_task_table(block)), None)
    info = [text for block in document.blocks if isinstance(block, Table) and not is_task_table(block) for text in _cells(block)]
    if first is not None:
        drafts = list(table_drafts(list(_lists(document, first))))
        if drafts:
            front = [block.text for block in document.blocks[:first] if isinstance(block, Paragraph)]
            back = [block.text for block in document.blocks[first:] if isinstance(block, Paragraph)]
            return drafts, front, back, info
    paragraphs = mended([block for block in document.blocks if isinstance(block, Paragraph)])
    return (*numbered_drafts(paragraphs), info)


def _printed(document: Document, head: str) -> Iterator[Text]:
    """Where the head of a column is printed first."""
    cells = (squeeze(stacked(cell.paragraphs)) for table in document.tables() for cell in table.cells)
    yield from islice((text for text in cells if text.value == head), 1)


def _cells(table: Table) -> Iterator[Text]:
    for row in rows(table):
        for place in row:
            if place.first and place.text:
                yield squeeze(place.text)


def _lists(document: Document, first: int) -> Iterator[tuple[Table, bool]]:
    """The tables from the first task table on; one under a heading of its own begins a new list."""
    fresh = False
    for block in document.blocks[first:]:
        if isinstance(block, Table):
            yield block, fresh or block.begins
            fresh = False
        elif fold(block.text.value).strip().startswith("附件"):
            fresh = True


def _place(known: Identity, document: Document) -> Division | None:
    hints = document.text[:3000]
    for text in (*known.issuers, known.title, known.notice_title):
        if text is not None and (found := jurisdiction(text.value, hints)) is not None:
            return found
    return None


def _task(draft: Draft, context: _Context) -> tuple[Task, Names, Text | None]:
    """A task with its fields read, what stood among its units, and the default clause its duties hold."""
    runs: list[RoleRun] = []
    timed: list[Text] = [draft.deadline] if draft.deadline is not None else []
    leaders: list[Text] = list(draft.leaders)
    clause: Text | None = None
    stated: Text | None = None
    shares: list[Text] = []
    for duty in draft.duties:
        found = duties(duty)
        stated = stated or found.rule
        shares.extend(found.shares)
        runs.extend(found.runs)
        timed.extend(found.deadlines if draft.deadline is None else ())
        leaders.extend(found.leaders)
        clause = clause or found.default
    known = context.gazetteer
    names = units(runs, context.place.prefix if context.place is not None else "", context.full)
    names = replace(names, strange=(*names.strange, *shares))
    rule = (role_rule([stated]) if stated is not None else None) or context.rule
    named = rule.applied(names.units) if rule is not None else names.units
    commitments = (("text", draft.text), *((f"targets[{i}]", target) for i, target in enumerate(draft.targets)))
    task = Task(
        no=draft.no,
        text=draft.text,
        targets=draft.targets,
        number=draft.number,
        group=draft.groups[-1] if draft.groups else None,
        group_path=draft.groups,
        units=named,
        deadline=_overall(timed, context.year),
        deadlines=(
            *(limit for text in timed for limit in limits(text, context.year)),
            *(limit for part, text in commitments for limit in stated_limits(text, part, context.year)),
        ),
        quantities=tuple(q for part, text in commitments for q in quantities(text, part)),
        references=tuple(Reference(title, part) for part, text in commitments for title in titles(text)),
        places=(*(p for part, text in commitments for p in places_in(text, part, known)), *places_of(named, known)),
        home=tuple(p for part, text in commitments for p in places_here(text, part, context.place)),
        schedule=draft.schedule,
        leaders=(*(name for text in leaders for name in people(text)), *names.people),
        headings=draft.headings,
        role_rule=stated,
        open_list=names.open,
    )
    return task, names, clause


def _overall(timed: Sequence[Text], year: ElidedYear | None) -> Deadline | None:
    """What several printed limits say together: the last day, else the first of them."""
    found = [limit for text in timed if (limit := deadline(text, year)) is not None]
    dated = [limit for limit in found if limit.date is not None]
    return max(dated, key=lambda limit: limit.date or date.min) if dated else next(iter(found), None)


def _keyed(tasks: Sequence[Task], drafts: Sequence[Draft]) -> Iterator[Task]:
    """The tasks with a key each: the number, and how often it was used before. One without a number is called by its position, or
    by the number above it (2.1) where another task prints that position as its number."""
    seen: dict[str, int] = {}
    printed = {task.no for task in tasks}
    above, below = "0", 0
    for position, (task, _) in enumerate(zip(tasks, drafts, strict=True), start=1):
        above, below = (task.no, 0) if task.no else (above, below + 1)
        no = task.no or (f"{above}.{below}" if str(position) in printed else str(position))
        seen[no] = seen.get(no, 0) + 1
        yield replace(task, no=no, key=no if seen[no] == 1 else f"{no}-{seen[no]}")


def _default(
    read: Sequence[tuple[Task, Names, Text | None]], around: Sequence[Text], context: _Context
) -> tuple[Text | None, tuple[Unit, ...]]:
    """The clause that adds units to every task, and those units."""
    clause = next((clause for _, _, clause in read if clause is not None), None)
    if clause is None:
        clause = next((found for text in around if (found := duties(Duty("responsible", text)).default) is not None), None)
    clause = clause or exception(around)
    if clause is None:
        return None, ()
    return clause, default_units(clause, context.place.prefix if context.place is not None else "")
