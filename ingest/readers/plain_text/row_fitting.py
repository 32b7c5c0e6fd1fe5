"""The cells of one row that lost its columns -> each in the column that can hold it, by what it is and by its order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.fields.bodies import has_function
from ingest.fields.deadlines import HINT
from ingest.fields.folding import bare, fold
from ingest.fields.measure_words import MEASURES
from ingest.fields.responsible_units import is_person, units
from ingest.fields.roles import RoleRun, duties
from ingest.layouts.brackets import labelled
from ingest.layouts.columns import UNITS
from ingest.model.document import Text
from ingest.model.drafts import Duty

WORDS = ("group", "work", "text", "text-or-target", "targets")
"""Kinds of columns that hold words."""
Lines = list[Text]
"""The lines of one cell."""
_MOST_CELLS = 60  # cells of one row; more are no row
_LONGEST_LIST = 200  # characters of a list of bodies that a full stop ends
_LONGEST_LIMIT = 24  # characters of a time limit that stands alone in its cell
_MEASURE = re.compile(rf"(?:{MEASURES}|[%‰-]|[十百千]?[万亿](?:{MEASURES})?)(?:/(?:{MEASURES}))?")
# What units do, behind their names: 办公室牵头，各科室配合.
_ROLE_VERB = re.compile(
    "等?(?:(?:共同|分别|分头|具体|按职责分工)?(?:牵头|主办|负责|配合|协办|参与|协助|(?<=分工)落实)(?:落实|实施|办理)?)+(?=[,;、。]|$)"
)
_SCORES = {
    "number": {"number": 4},
    "units": {"units": 4},
    "leader": {"person": 4},
    "deadline": {"deadline": 4, "text": 0},
    "group": {"text": 2, "sentence": -3, "deadline": 0, "number": -2, "units": -3, "person": -2},
    "text": {"text": 2, "sentence": 2, "deadline": 0, "number": 1, "measure": -1, "units": -3, "person": -2},
    "measure": {"measure": 4, "number": -2},
    "other": {"text": 0, "sentence": 0, "deadline": 0, "number": 0, "measure": 0, "units": 0, "person": 0},
}
"""How well a column holds a cell. A sentence is no name of a group."""
_BLANK = {"number": -5, "group": 0, "text": -2, "units": -2, "leader": -2, "deadline": -2, "measure": -1, "other": -1}
"""What a blank column costs; that of a group costs nothing: its cell spans the rows below it."""
_LONGEST_NAME = 30  # characters of the longest name of a group


def sort(kind: str | None) -> str:
    """What a column may hold."""
    if kind in UNITS or kind == "bodies":
        return "units"
    if kind in ("schedule", "deadline", "periods"):
        return "deadline"
    if kind in ("number", "leader"):
        return kind
    if kind in ("group", "measure"):
        return kind
    return "other" if kind in (None, "unknown", "remark", "progress") else "text"


def is_words(kind: str) -> bool:
    """Whether what a cell holds is words or a whole sentence."""
    return kind in ("text", "sentence")


def kind_of(cell: Lines) -> str:
    """What a cell holds: a number, names of bodies, a person, a time limit, a measure, words, or a whole sentence."""
    return _kind(value_of(cell), "\n".join(line.value for line in cell))


@lru_cache(maxsize=4096)
def _kind(value: str, printed: str) -> str:
    if value.isdigit() and len(value) <= 6:
        return "number"
    if _MEASURE.fullmatch(value):
        return "measure"
    stops = value.endswith(("。", "；", ";"))
    if _are_units(printed, stops):
        return "units"
    if stops:
        return "sentence"
    parts = [part for part in re.split(r"[、,;\s]", fold(printed)) if part]
    people = (Text.at_offset(bare(line), 0) for line in printed.split("\n"))
    if all(is_person(name) for name in people) or (parts and all(is_person(Text.at_offset(part, 0)) for part in parts)):
        return "person"
    if all(HINT.search(part) and len(part) <= _LONGEST_LIMIT for part in re.split(r"[,，;；]", value)):
        return "deadline"
    return "sentence" if len(value) > _LONGEST_NAME else "text"


def _are_units(printed: str, stops: bool) -> bool:
    """Whether a cell holds names of bodies and nothing else. A full stop may end them where the first is of a
    known function: 县水利局、城关镇。; none: 加固东坝水库和西坝水库。"""
    said = Text.at_offset(printed, 0)
    line = labelled(said)
    if line is not None and line.kind == "duty":
        runs = duties(Duty("responsible", said)).runs
    elif stops and len(printed) > _LONGEST_LIST:
        return False
    else:
        bodies = _ROLE_VERB.sub("", fold(printed)).rstrip("。;" if stops else "")
        runs = (RoleRun(Text.at_offset(bodies, 0), "responsible"),)
    names = units(runs)
    if not names.units or names.strange or names.people:
        return False
    return not stops or line is not None or names.units[0].collective or has_function(names.units[0].surface.value)


def fitted(cells: list[Lines], kinds: Sequence[str | None]) -> list[Lines] | None:
    """The cells of a row in their columns, in order; a column may be blank or hold several. None where no column can hold a cell.

    Where two columns of units could share their cells in several ways, the cells are in neither.
    """
    if len(cells) == len(kinds) and all(score(sort(k), kind_of(c)) >= 0 for k, c in zip(kinds, cells, strict=True)):
        return list(cells)
    if len(cells) > _MOST_CELLS:
        return None
    sorts = [sort(kind) for kind in kinds]
    best = _best(tuple(kind_of(cell) for cell in cells), tuple(sorts))
    if best is None:
        return None
    widths, several = best
    row: list[Lines] = []
    at = 0
    for width in widths:
        row.append([line for cell in cells[at : at + width] for line in cell])
        at += width
    return [[] if i in several else cell for i, cell in enumerate(row)]


def score(column: str, kind: str) -> int:
    """How well a column of this sort holds a cell of this kind."""
    return _SCORES[column].get(kind, -9)


@lru_cache(maxsize=1024)
def _best(kinds: tuple[str, ...], sorts: tuple[str, ...]) -> tuple[tuple[int, ...], frozenset[int]] | None:
    """How many cells each column holds, and the columns of units that could share theirs in another way as well."""
    ways: dict[int, list[tuple[int, tuple[int, ...]]]] = {0: [(0, ())]}
    for column in sorts:
        after: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for at, found in ways.items():
            cost = 0
            for width in range(len(kinds) - at + 1):
                if width:
                    cost += score(column, kinds[at + width - 1]) - (0 if width == 1 else 1 if column == "units" else 2)
                total = cost if width else _BLANK[column]
                after.setdefault(at + width, []).extend((points + total, (*widths, width)) for points, widths in found)
        ways = {at: _top(found) for at, found in after.items()}
    whole = ways.get(len(kinds), [])
    if not whole or whole[0][0] < -6:
        return None
    best = [widths for points, widths in whole if points == whole[0][0]]
    several = frozenset(
        i for i in range(len(sorts)) if sorts[i] in ("units", "other") and len({(sum(w[:i]), w[i]) for w in best}) > 1 and "units" in kinds
    )
    return best[0], several


def _top(found: list[tuple[int, tuple[int, ...]]]) -> list[tuple[int, tuple[int, ...]]]:
    """The best ways so far, and those as good as the best; of equals the one that fills the columns from the left comes first."""
    most = max(points for points, _ in found)
    return sorted((way for way in found if way[0] == most), key=_from_left)[:16]


def _from_left(way: tuple[int, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(-width for width in way[1])


def value_of(cell: Lines) -> str:
    return bare("".join(line.value for line in cell))


def number_of(cell: Lines) -> int:
    """The number that a cell holds, 0 where it holds something else."""
    value = value_of(cell).strip(".、")
    return int(value) if value.isdigit() and len(value) <= 3 else 0
