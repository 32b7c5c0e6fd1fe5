"""Task tables -> drafts, one a task, whatever the order of the columns and the way cells were merged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.fields.folding import bare, fold, squeeze
from ingest.layouts.brackets import Cut, cut
from ingest.layouts.columns import UNITS, Columns, columns, is_head, is_role
from ingest.layouts.grid import GridPlace, Row, label, rows, values
from ingest.layouts.headings import RUNGS, is_marked, mark, unmarked
from ingest.layouts.items import items, listed
from ingest.model.document import Table, Text
from ingest.model.drafts import NOTHING, Draft, Duty

_AGAIN = re.compile(r"[(（\[【]?(?:续表?|接上[页表])[)）\]】]?$")
_NOTE = re.compile(r"(?:附?注|说明|备注|填表|合计|总计|单位)[:(]|第\d+页|[-]?\d+[-]?$")
_TOTAL = re.compile(r"小计|合计|总计|共计")
_NONE = ("", "-", "/", "无", "--")
# A running number alone in its cell: 1, 12., （3）, 四、
_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)\]]?[.、]?")
# The number of a section alone in its cell: 一, （二）, 三、
_CHINESE_NUMBER = re.compile(r"[(\[]?[一二三四五六七八九十]{1,3}[)\]]?[.、]?")
_BULLET = re.compile(r"^[△▲▷►●○■□◆◇•◎]\s*")
_COUNTED = re.compile(r"[(（]\s*共?\s*\d+\s*[项条个件]\s*[)）]$")


@dataclass
class _State:
    columns: Columns | None = None
    width: int = 0
    sections: dict[int, Text] = field(default_factory=dict)
    groups: dict[int, Text] = field(default_factory=dict)
    list_no: int = 0


def is_task_table(table: Table) -> bool:
    """Whether the first rows hold the heads of a task table."""
    return _head(rows(table)) is not None


def table_drafts(tables: Sequence[tuple[Table, bool]]) -> Iterator[Draft]:
    """The tasks of the tables of a document, in order; the flag says that a new list begins before the table."""
    state = _State()
    drafts: list[Draft] = []
    for table, fresh in tables:
        grid = rows(table)
        found = _head(grid)
        if found is None and (state.columns is None or not grid or len(grid[0]) != state.width):
            continue
        if found is not None:
            again = _begins_again(grid[found[1] :], found[0], drafts)
            if fresh or again or state.list_no == 0 or found[0].kinds != (state.columns.kinds if state.columns else ()):
                state = _State(list_no=state.list_no + 1)
            counted = _counted(found[0], grid, found[1])
            state.columns, body = _promoted(_demoted(counted, grid[found[1] :]), grid[found[1] :]), found[1]
            state.width = len(grid[0])
        else:
            body = 0
        _read(grid, body, state, drafts)
    yield from drafts


def _head(grid: list[list[GridPlace]]) -> tuple[Columns, int] | None:
    """The columns and the first row below their heads."""
    for r, row in enumerate(grid[:5]):
        if label(row) is not None or not any(values(row)):
            continue
        if _is_double(grid, r):
            below = grid[r + 1]
            paths = [tuple(dict.fromkeys(v for v in (a, b) if v)) for a, b in zip(_filled(values(row)), values(below), strict=True)]
            printed = [squeeze(b.text or a.text).value for a, b in zip(row, below, strict=True)]
            found = columns(paths, printed)
            if found is not None:
                return found, r + 2
        found = columns([(value,) for value in values(row)], [squeeze(place.text).value for place in row])
        if found is not None:
            return found, r + 1
    return None


def _begins_again(body: list[list[GridPlace]], head: Columns, drafts: Sequence[Draft]) -> bool:
    """Whether the rows below heads are numbered from 1 again, after a list that went further: another list, not its next page."""
    numbers = (bare(row[i].text.value).rstrip(".、") for row in body for i in head.of("number") if label(row) is None)
    return next((value for value in numbers if value.isdigit()), "") == "1" and bool(drafts) and drafts[-1].no not in ("", "1")


def _counted(head: Columns, grid: list[list[GridPlace]], body: int) -> Columns:
    """A column of running numbers without a head, or under one that spans it and the texts, is the column of numbers."""
    if head.of("number"):
        return head
    for i in range(len(head.kinds) - 1):
        column = [bare(row[i].text.value) for row in grid[body:] if label(row) is None and row[i].first and bare(row[i].text.value)]
        spans = any(row[i].cell is not None and row[i].cell is row[i + 1].cell for row in grid[:body])
        if not (spans or not bare(head.heads[i])) or not column or not all(_NUMBER.fullmatch(value) for value in column):
            continue
        kinds = list(head.kinds)
        if kinds[i] == "text" or (kinds[i + 1] == "targets" and "text" not in kinds):
            kinds[i + 1] = "text"
        kinds[i] = "number"
        return Columns(tuple(kinds), head.heads)
    return head


def _demoted(head: Columns, body: list[list[GridPlace]]) -> Columns:
    """Where words span several rows with units of their own, they are the group, and the 目标任务 beside them in each row is the task."""
    texts, targets, units = head.of("text"), head.of("targets"), head.of(*UNITS)
    if not texts or len(targets) != 1 or not units or is_head(bare(head.heads[targets[0]])) != "text-or-target":
        return head
    below = [row for row in body if label(row) is None and row[texts[0]].cell is not None and not row[texts[0]].new_row]
    if not below or not all(row[targets[0]].first and any(row[i].first and row[i].text for i in units) for row in below):
        return head
    kinds = ["group" if i == texts[0] else "text" if i == targets[0] else kind for i, kind in enumerate(head.kinds)]
    return Columns(tuple(kinds), head.heads)


def _promoted(head: Columns, body: list[list[GridPlace]]) -> Columns:
    """Where each number has a heading of its own and the detail beside it is a numbered list, the heading is the task."""
    numbers, groups, texts = head.of("number"), head.of("group"), head.of("text")
    if len(numbers) != 1 or not groups or not texts or head.of("targets") or groups[-1] > texts[0]:
        return head
    rows_ = [row for row in body if label(row) is None and row[numbers[0]].first and bare(row[numbers[0]].text.value)]
    if (
        not rows_
        or any(not row[numbers[0]].new_row for row in body)
        or not all(row[groups[-1]].first and row[groups[-1]].text and row[texts[0]].first for row in rows_)
    ):
        return head
    divided = [items(row[texts[0]].text) for row in rows_]
    if sum(1 for opening, numbered in divided if numbered and not opening) * 2 < len(rows_):
        return head
    kinds = ["text" if i == groups[-1] else "targets" if i == texts[0] else kind for i, kind in enumerate(head.kinds)]
    return Columns(tuple(kinds), head.heads)


def _is_double(grid: list[list[GridPlace]], r: int) -> bool:
    """Whether the heads fill two rows: a head spans two columns and the row below names each."""
    if r + 1 >= len(grid):
        return False
    wide = any(place.cell is not None and place.cell.colspan > 1 for place in grid[r])
    tall = any(place.cell is not None and place.first and place.cell.rowspan > 1 for place in grid[r])
    return (wide and (tall or not bare(grid[r + 1][0].text.value))) or _is_double_unspanned(values(grid[r]), values(grid[r + 1]))


def _is_double_unspanned(above: Sequence[str], below: Sequence[str]) -> bool:
    """The same in a table without spans: heads stand below blank heads, and nothing else in their row."""
    named = [i for i, value in enumerate(below) if value]
    return (
        len(named) > 1 and not below[0] and any(not above[i] for i in named) and all(is_head(below[i]) or is_role(below[i]) for i in named)
    )


def _filled(heads: Sequence[str]) -> list[str]:
    """Heads, the blank ones with the head to their left: one that spans them in print."""
    filled: list[str] = []
    for head in heads:
        filled.append(head or (filled[-1] if filled else ""))
    return filled


def _read(grid: list[list[GridPlace]], body: int, state: _State, drafts: list[Draft]) -> None:
    assert state.columns is not None
    heads = [bare(head) for head in state.columns.heads]
    opening = True
    arabic = any(bare(row[i].text.value).isdigit() for row in grid[body:] for i in state.columns.of("number"))
    for row in grid[body:]:
        found = values(row)
        if (
            not any(found)
            or any(_TOTAL.fullmatch(value) for value in found[:3])
            or sum(a == b for a, b in zip(found, heads, strict=False)) * 2 > len(heads)
        ):
            continue
        section = label(row) or _unspanned_section(row, state.columns)
        if section is not None:
            _enter(section, state)
            continue
        if arabic and (numbered := _numbered_section(row, state.columns)) is not None:
            _enter(numbered[1], state, numbered[0])
            continue
        draft, kept = _draft(row, state)
        if not kept:
            continue
        if drafts and drafts[-1].list_no == state.list_no and _belongs(row, draft, drafts[-1], state, opening and body == 0):
            drafts[-1] = _merged(drafts[-1], draft, row, state)
        else:
            fresh = not drafts or drafts[-1].list_no != state.list_no
            drafts.append(replace(draft, unknown=tuple(state.columns.heads[i] for i in state.columns.of("unknown"))) if fresh else draft)
        opening = False


def _unspanned_section(row: Row, head: Columns) -> Text | None:
    """The text of a section row whose cell spans nothing: 一、加快创新 in the first cell, or a name where the number should be, and
    nothing else in the row."""
    filled = [i for i, place in enumerate(row) if place.cell is not None and bare(place.text.value)]
    if len(filled) != 1 or filled[0] != 0 or not row[0].first or len(row) < 3:
        return None
    text = row[0].text
    value = fold(squeeze(text).value)
    named_ = 0 in head.of("number") and _NUMBER.fullmatch(bare(value)) is None
    return text if named_ or is_marked(value, "一、") or is_marked(value, "(一)") else None


def _numbered_section(row: Row, head: Columns) -> tuple[Text, Text] | None:
    """The number and the name of a section whose row is not merged: 一 | 加快创新, and nothing else, among rows 1, 2, 3."""
    filled = [i for i, place in enumerate(row) if place.first and bare(place.text.value)]
    spanned = any(place.cell is not None and not place.new_row and bare(place.text.value) for place in row)
    if len(filled) != 2 or filled[0] not in head.of("number") or spanned:
        return None
    number, name = (squeeze(row[i].text) for i in filled)
    return (number, name) if _CHINESE_NUMBER.fullmatch(bare(number.value)) else None


def _enter(section: Text, state: _State, number: Text | None = None) -> None:
    """A row across the table opens a section at its rung of the ladder, unless it is a note."""
    clean = squeeze(section)
    if _NOTE.match(fold(clean.value)) or len(clean) > 60:
        return
    found = mark(fold(clean.value)) or (mark(f"{fold(number.value).strip()}、") if number is not None else None)
    rung = RUNGS.index(found.rung) if found is not None else min(state.sections, default=len(RUNGS))
    state.sections = {depth: text for depth, text in state.sections.items() if depth < rung}
    state.sections[rung] = named(clean)
    state.groups = {}


def named(text: Text) -> Text:
    """A group's name without its number, （续） and （共n项）."""
    clean = unmarked(squeeze(text))
    for pattern in (_AGAIN, _COUNTED):
        match = pattern.search(fold(clean.value))
        if match is not None and match.start():
            clean = clean[: match.start()].strip()
    return clean.strip("：: ")


def _draft(row: Row, state: _State) -> tuple[Draft, bool]:
    head = state.columns
    assert head is not None
    for i in head.of("group"):
        name = named(row[i].text)
        if name:
            if state.groups.get(i) is None or state.groups[i].value != name.value or row[i].new_row:
                state.groups = {k: v for k, v in state.groups.items() if k < i}
            state.groups[i] = name
    number = next((squeeze(row[i].text) for i in head.of("number") if row[i].text), None)
    cell = next((row[i].text for i in head.of("text")), NOTHING)
    bullet = _BULLET.match(cell.value)
    cell = cell[bullet.end() :] if bullet is not None else cell
    found = Cut(cell) if head.of(*UNITS) else cut(cell)
    number = number if head.of("number") else _own_number(found.sentence)
    text, sub = _divided(found.sentence, bool(head.of("targets")))
    targets = (*sub, *(item for i in head.of("targets") for item in listed(row[i].text)))
    printed = tuple(Duty(head.kinds[i], row[i].text) for i in head.of(*UNITS) if bare(row[i].text.value) not in _NONE)
    deadline = next((squeeze(row[i].text) for i in head.of("deadline") if bare(row[i].text.value) not in _NONE), None)
    draft = Draft(
        number=number,
        no=_no(number),
        text=text,
        groups=(*(state.sections[k] for k in sorted(state.sections)), *(state.groups[k] for k in sorted(state.groups))),
        targets=targets,
        duties=(*printed, *found.duties),
        deadline=deadline,
        leaders=tuple(row[i].text for i in head.of("leader") if row[i].text),
        schedule=tuple((head.heads[i], squeeze(row[i].text)) for i in head.of("schedule") if bare(row[i].text.value) not in _NONE),
        headings=_headings(head),
        list_no=state.list_no,
    )
    return draft, bool(text or targets)


def _own_number(cell: Text) -> Text | None:
    """The number that the words of a task begin with, in a table without a column of numbers: 14.改扩建学校."""
    found = mark(fold(cell.value))
    whole = found is not None and found.rung == "1." and not items(cell)[1]
    return cell[found.start : found.start + len(found.no)] if found is not None and whole else None


def _divided(cell: Text, has_targets: bool) -> tuple[Text, tuple[Text, ...]]:
    """The task cell without its own number; its numbered items are targets where no column holds targets."""
    opening, numbered = items(cell)
    if numbered and opening and not has_targets:
        return unmarked(opening), numbered
    whole = squeeze(cell)
    return (whole if numbered and not opening else unmarked(whole)), ()


def _no(number: Text | None) -> str:
    if number is None:
        return ""
    value = fold(number.value).strip()
    found = mark(value + ("" if mark(value) else "、"))
    return found.no if found is not None and found.end >= len(value) else value.rstrip(".、*")


def _headings(head: Columns) -> dict[str, str]:
    named_heads = {kind: head.head(kind) for kind in ("number", "group", "text", "targets", "deadline")}
    units = [head.heads[i] for i in head.of(*UNITS)]
    named_heads["units"] = "、".join(units) or None
    return {kind: value for kind, value in named_heads.items() if value}


def _belongs(row: Row, draft: Draft, last: Draft, state: _State, opening: bool) -> bool:
    """Whether a row adds to the task above: same number and same text cell, or its rest after a page break."""
    head = state.columns
    assert head is not None
    numbers, texts = head.of("number"), head.of("text")
    spanned = all(not row[i].new_row for i in texts) if texts else False
    if spanned and all(not row[i].new_row or not row[i].text for i in numbers):
        return True
    if draft.number is not None or not numbers:
        return not draft.text and bool(draft.targets) and not numbers
    if not row[numbers[0]].first:
        return False
    if not draft.text:
        return True
    return opening and (not last.text or last.text.value[-1] not in "。；;！" or not draft.duties)


def _merged(above: Draft, draft: Draft, row: Row, state: _State) -> Draft:
    head = state.columns
    assert head is not None
    if all(not row[i].new_row for i in head.of("text")):
        fresh = tuple(t for i in head.of("targets") if row[i].new_row for t in listed(row[i].text))
        duties = tuple(Duty(head.kinds[i], row[i].text) for i in head.of(*UNITS) if row[i].new_row and row[i].text)
        draft = replace(draft, text=NOTHING, duties=duties, leaders=(), schedule=())
        return replace(_continued(above, replace(draft, targets=())), targets=(*above.targets, *fresh))
    return _continued(above, draft)


def _continued(above: Draft, rest: Draft) -> Draft:
    """A task with the pieces of a row that continues it on the next page."""
    tail = squeeze(rest.text)
    targets = above.targets
    if rest.targets:
        glued = bool(targets) and not rest.targets[0].value.startswith(("1.", "1、"))
        targets = (*targets[:-1], targets[-1] + rest.targets[0], *rest.targets[1:]) if glued else (*targets, *rest.targets)
    return replace(
        above,
        text=above.text + tail if tail else above.text,
        targets=targets,
        duties=_joined(above.duties, rest.duties),
        deadline=above.deadline or rest.deadline,
        leaders=(*above.leaders, *rest.leaders),
        schedule=(*above.schedule, *rest.schedule),
    )


def _joined(above: tuple[Duty, ...], rest: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """The duties of both parts: a list of units that breaks off at a comma goes on, a duty said twice is said once."""
    duties = list(above)
    for duty in rest:
        for i, known in enumerate(duties):
            if known.role == duty.role and known.text.value and known.text.value[-1] in "、，,":
                duties[i] = replace(known, text=known.text + duty.text)
                break
        else:
            if duty not in duties:
                duties.append(duty)
    return tuple(duties)
