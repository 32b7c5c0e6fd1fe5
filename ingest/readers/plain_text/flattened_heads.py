"""The first cells of a table that lost its rows -> its heads: which cells they are, what each column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.fields.folding import fold
from ingest.layouts.columns import UNITS, is_head, known_heads, settled
from ingest.layouts.headings import is_marked
from ingest.readers.plain_text.row_fitting import WORDS, Lines, number_of, value_of

LONGEST_HEAD = 8  # characters of a head of unknown meaning, or of that of the groups
_LONGEST_PART = 5  # characters of one line of a head over two
_LONGEST_UNKNOWN = 16  # characters of a head of unknown meaning between known ones
# A head of unknown meaning that ends a row of known ones: 评分部门, 分值.
_MORE_HEADS = re.compile("(?:部门|单位|分值|权重|分数|得分|来源|方式|类型|情况|等级|依据|联系人|电话)$")


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a table, what each column holds, which is that of the numbers (0, or 1 after a column of groups)."""

    cells: tuple[Lines, ...]
    kinds: tuple[str | None, ...]
    number: int
    printed: int
    """How many cells they fill; one less where the numbers have no head of their own."""


def heads_of(cells: Sequence[Lines]) -> Heads | None:
    """The heads that the first cells are: up to the first number, less the name of a group right before it."""
    known = known_heads([value_of(cell) for cell in cells[:40]])
    if known < 3:
        return None
    kinds = [is_head(value_of(cell)) for cell in cells[:known]]
    number = kinds.index("number") if "number" in kinds else -1
    if number > 1:
        return None
    known = _with_unknown(cells, known)
    kinds = [is_head(value_of(cell)) for cell in cells[:known]]
    first = next((i for i in range(known, min(len(cells), known + 5)) if number_of(cells[i])), None)
    if first is None and number >= 0:
        # A section row stands below the heads, or the heads are all there is.
        near = len(cells) == known or any(number_of(cell) for cell in cells[known + 5 : known + 9])
        return Heads(tuple(cells[:known]), _settled(kinds), number, known) if number == 0 and near else None
    if first is None:
        return None
    if number < 0:  # the numbers have no column of their own: a head spans them and the words beside them
        number = first - known
        if number > 1:
            return None
        kinds.insert(number, "number")
        return Heads((*cells[:number], [], *cells[number:known]), _settled(kinds), number, known)
    more = cells[known : first - (number == 1)]
    if any(len(value_of(cell)) > LONGEST_HEAD or not _MORE_HEADS.search(value_of(cell)) for cell in more):
        more = []
    kinds.extend(None for _ in more)
    return Heads(tuple(cells[: known + len(more)]), _told(kinds, cells[: known + len(more)]), number, known + len(more))


def _with_unknown(cells: Sequence[Lines], known: int) -> int:
    """How many cells are heads, with those of unknown meaning between known ones: 总投资（万元） before 责任单位."""
    values = [value_of(cell) for cell in cells[: known + 10]]
    stop = next((i for i in range(known, len(values)) if number_of(cells[i]) or is_marked(fold(values[i]))), known)
    last = next((i + 1 for i in reversed(range(known, stop)) if is_head(values[i]) is not None), known)
    more = values[known:last]
    return (
        last
        if sum(is_head(value) is None for value in more) * 2 <= last and all(len(value) <= _LONGEST_UNKNOWN for value in more)
        else known
    )


def _told(kinds: Sequence[str | None], heads: Sequence[Lines]) -> tuple[str | None, ...]:
    """The kinds of the columns: 单位 beside responsible units is a measure, 评分部门 holds bodies without a part in the task."""
    values = [value_of(head) for head in heads]
    several = any(kind in UNITS and value != "单位" for kind, value in zip(kinds, values, strict=True))
    return _settled(
        [
            "measure" if value == "单位" and several else "bodies" if kind is None and value.endswith(("部门", "单位")) else kind
            for kind, value in zip(kinds, values, strict=True)
        ]
    )


def _settled(kinds: Sequence[str | None]) -> tuple[str | None, ...]:
    """The kinds as :func:`~ingest.layouts.columns.settled` has them. 重点工作 before 目标任务 may span rows as a group does."""
    if not any(kind in WORDS for kind in kinds):
        return tuple(kinds)
    found = list(settled(kinds))
    for i, (left, right) in enumerate(pairwise(kinds)):
        if (left, right) == ("work", "text-or-target") and found[i : i + 2] == ["text", "targets"]:
            found[i : i + 2] = ["group", "text"]
    return tuple(found)


def whole_heads(cells: Sequence[Lines]) -> list[Lines]:
    """The first cells, those joined that are a head together and none alone: 区政府 / 分管领导, 完成 / 时限."""
    joined: list[Lines] = []
    i = 0
    while i < len(cells):
        head = any(number_of(cell) for cell in joined) or is_head(value_of(cells[i])) is not None
        size = 1 if head else next((n for n in (2, 3) if _is_wrapped([value_of(cell) for cell in cells[i : i + n]])), 1)
        joined.append([line for cell in cells[i : i + size] for line in cell])
        i += size
    return joined


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether short lines are one head together."""
    whole = "".join(lines)
    short = len(lines) > 1 and all(len(line) <= _LONGEST_PART and not line.isdigit() for line in lines)
    return short and is_head(whole) is not None and not is_marked(whole)
