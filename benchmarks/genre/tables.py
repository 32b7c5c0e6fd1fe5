"""A seed and a position -> a document whose table is as hard as real ones: as the web stores it, flattened or between bars.

Section rows, cells of several lines, heads printed again on each page or with blanks inside, blank cells, columns of leaders, targets and
remarks, no column of numbers, a second list: what offices print and what is left of it once a page is stored as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from random import Random

from benchmarks.genre.documents import Combination, Composed, RightTask, frame, tasks_of
from benchmarks.genre.words import FIELDS, FIGURES, LIMITS, OFFICES, sentence

STORED = ("lines", "apart", "pipes", "closed", "one-bar", "page")
"""One cell a line; the same with blank lines between cells; `| a | b |`; `a | b |`, without the cells that span rows; `a |`; a web page."""
SHAPES = (
    "sections",
    "group-first",
    "spaced-heads",
    "several-lines",
    "no-number",
    "repeated-heads",
    "two-lists",
    "blank-cells",
    "leaders",
    "targets",
    "remarks",
    "footer",
)
_CHINESE = "一二三四五六七八九十"
_LEADERS = ("秦怀远", "卢 敏", "田家骥", "温 良", "石知秋", "方 舟")
_REMARKS = ("", "", "续建", "新建", "列入民生实事")
_PAGE = 4  # tasks between two printings of the heads


@dataclass(frozen=True, slots=True)
class _Column:
    """A printed head, and what it holds."""

    head: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Row:
    """Printed cells, each as its lines; None where the cell above goes on. A section row has one cell."""

    cells: tuple[tuple[str, ...] | None, ...]
    section: bool = False
    heads: bool = False


def stored(seed: int, position: int) -> Composed:
    """The document at a position: the same for the same seed, however many are made."""
    random = Random(f"stored/{seed}/{position}")
    layout = random.choice(STORED)
    shapes = {shape for shape in SHAPES if random.random() < 0.28}
    if layout in ("lines", "apart") and "no-number" in shapes:
        shapes.discard("no-number")  # where no cell is a number nothing parts the rows
    if "sections" in shapes:
        shapes.discard("group-first")
    made = Combination(
        layout,
        "1.",
        random.choice(("responsible", "lead-cooperate")),
        random.choice(LIMITS),
        "none",
        "html" if layout == "page" else "txt",
        random.choice(tuple(OFFICES)),
        random.choice(tuple(FIELDS)),
        tuple(shape for shape in SHAPES if shape in shapes),
    )
    year = 2023 + position % 4
    document = frame(random, made, f"stored-{seed}-{position:05}", year)
    tasks = [task for n in range(2 if "two-lists" in shapes else 1) for task in _list(random, made, year, n)]
    if "no-number" in shapes:
        tasks = [replace(task, no=str(n)) for n, task in enumerate(tasks, 1)]
    return replace(document, tasks=tuple(tasks))


def _list(random: Random, made: Combination, year: int, part: int) -> Iterator[RightTask]:
    """The tasks of one list, numbered from 1."""
    for task in tasks_of(random, made, year):
        group = f"{task.group}{'（民生实事）' if part else ''}" if "sections" in made.shapes else task.group
        shown = replace(task, group=group, part=part)
        if "targets" in made.shapes:
            said = sentence(random, made.field, random.choice(FIGURES), made.level)
            shown = replace(shown, target=f"{said.words}。", text=f"{task.text}{said.words}。", figures=(*task.figures, *said.figures))
            shown = replace(shown, stated=(*task.stated, *said.limits), places=tuple(dict.fromkeys((*task.places, *said.places))))
        if "blank-cells" in made.shapes and random.random() < 0.3:
            shown = replace(shown, units=shown.units[:1], limit=None if random.random() < 0.5 else shown.limit)
        if "leaders" in made.shapes:
            shown = replace(shown, leader=random.choice(_LEADERS))
        if "remarks" in made.shapes:
            shown = replace(shown, remark=random.choice(_REMARKS))
        yield shown


def _columns(made: Combination) -> list[_Column]:
    """The columns in their printed order."""
    shapes = made.shapes
    group = [] if "sections" in shapes else [_Column("工作类别", "group")]
    number = [] if "no-number" in shapes else [_Column("序号", "number")]
    units = (
        [_Column("责任单位", "units")] if made.roles == "responsible" else [_Column("牵头单位", "lead"), _Column("配合单位", "cooperate")]
    )
    columns = [
        *((*group, *number) if "group-first" in shapes else (*number, *group)),
        _Column("具体任务", "text"),
        *([_Column("工作目标", "target")] if "targets" in shapes else []),
        *([_Column("责任领导", "leader")] if "leaders" in shapes else []),
        *units,
        *([_Column("完成时限", "limit")] if made.limits != "none" else []),
        *([_Column("备注", "remark")] if "remarks" in shapes else []),
    ]
    return [replace(c, head=" ".join(c.head)) for c in columns] if "spaced-heads" in shapes else columns


def _cell(made: Combination, column: _Column, task: RightTask) -> tuple[str, ...]:
    """What a column holds of a task, as its lines."""
    names = [name for name, _ in task.units]
    several = "several-lines" in made.shapes
    if column.kind in ("units", "lead", "cooperate"):
        held = names if column.kind == "units" else names[:1] if column.kind == "lead" else names[1:]
        return tuple(held) if several else (("、".join(held),) if held else ())
    if column.kind == "text":
        said = task.text.removesuffix(task.target)
        return tuple(f"{one}。" for one in said.split("。") if one) if several else (said,)
    said = {
        "number": task.no,
        "group": task.group,
        "target": task.target,
        "leader": task.leader,
        "limit": task.limit[0] if task.limit else "",
        "remark": task.remark,
    }[column.kind]
    return (said,) if said else ()


def _rows(document: Composed) -> Iterator[list[_Row]]:
    """The rows of each list."""
    made = document.made
    columns = _columns(made)
    heads = _Row(tuple((column.head,) for column in columns), heads=True)
    for _, members in groupby(document.tasks, key=lambda task: task.part):
        rows, count = [heads], 0
        for n, (group, tasks) in enumerate(groupby(members, key=lambda task: task.group)):
            if "sections" in made.shapes:
                rows.append(_Row(((f"{_CHINESE[n]}、{group}",),), section=True))
            for i, task in enumerate(tasks):
                if count and count % _PAGE == 0 and "repeated-heads" in made.shapes:
                    rows.append(heads)
                cells = [_cell(made, column, task) for column in columns]
                rows.append(_Row(tuple(None if i and c.kind == "group" else cell for c, cell in zip(columns, cells, strict=True))))
                count += 1
        yield rows


def body(document: Composed) -> list[str]:
    """The lines of the tables as text; a title stands above the second one."""
    random = Random(document.name)
    lines: list[str] = []
    for n, rows in enumerate(_rows(document)):
        if n:
            lines += ["", f"{document.title[:-1]}清单（二）", ""]
        lines += [line for row in rows for line in _written(document.made, row, len(rows[0].cells), random)]
    if "footer" in document.made.shapes:
        lines += ["", "注：表中任务由各单位按季度报送进度。"]
    return lines


def _written(made: Combination, row: _Row, width: int, random: Random) -> Iterator[str]:
    """The lines of one row."""
    cells = row.cells
    if made.layout in ("lines", "apart"):
        for cell in cells:
            yield from cell or ()
            if made.layout == "apart" and cell:
                yield ""
    elif made.layout == "one-bar":
        for cell in cells:
            if cell is not None:
                lines = cell or ("",)
                yield from lines[:-1]
                yield f"{lines[-1]} |"
    elif made.layout == "pipes":
        held = [" ".join(cell or ()) for cell in cells] + [""] * (width - len(cells))
        yield f"| {' | '.join(held)} |"
        if row.heads:
            yield f"|{'|'.join(['---'] * width)}|"
    else:
        held = [" ".join(cell) for cell in cells if cell is not None]
        yield f"{' | '.join(held)} |" + (" |" if len(held) < width and random.random() < 0.5 else "")


def page(document: Composed) -> str:
    """The tables as a web page has them, with the cells that span rows and the notes between them."""
    parts: list[str] = []
    for n, rows in enumerate(_rows(document)):
        if n:
            parts.append(f"<p>{escape(document.title[:-1])}清单（二）</p>")
        width = len(rows[0].cells)
        parts.append(f"<table>{''.join(_html_row(rows, i, width) for i in range(len(rows)))}</table>")
    if "footer" in document.made.shapes:
        parts.append("<p>注：表中任务由各单位按季度报送进度。</p>")
    return "".join(parts)


def _html_row(rows: list[_Row], i: int, width: int) -> str:
    row = rows[i]
    if row.section:
        return f"<tr><td colspan='{width}'>{_html_lines(row.cells[0] or ())}</td></tr>"
    cells = []
    for c, cell in enumerate(row.cells):
        if cell is None and not rows[i - 1].heads:
            continue
        span = 1  # below heads that are printed again the cell is blank
        while not row.heads and i + span < len(rows) and len(rows[i + span].cells) > c and rows[i + span].cells[c] is None:
            span += 1
        cells.append(f"<td{f' rowspan={span!r}' if span > 1 else ''}>{_html_lines(cell or ())}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _html_lines(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines) if len(lines) > 1 else escape("".join(lines))
