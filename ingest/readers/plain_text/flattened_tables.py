"""Tables that lost their rows -> Table: one cell a line, cells between bars that stand alone, cells between blanks.

Which cells a row has is known by its number; which column a cell stands in by what it is (a number, names of bodies, a time limit, words)
and by its order. Cells that two columns of units could hold alike are given to neither: they are then reported as not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, pairwise, takewhile

from ingest.fields.dates import DATE
from ingest.fields.folding import bare, fold
from ingest.layouts.columns import UNITS, is_head, known_heads
from ingest.layouts.headings import is_marked
from ingest.model.document import Cell, Table, Text
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.plain_text.flattened_heads import Heads, heads_of, whole_heads
from ingest.readers.plain_text.row_fitting import WORDS, Lines, fitted, is_words, kind_of, number_of, value_of

_HEADS_WITHIN = 60  # lines that hold the heads and the first cells
_WITHIN = 6  # lines of one cell between bars
_LONGEST_HEADING = 30  # characters of a heading （一）… or 1.… among the cells
# What stands below a table and is no cell of it.
CLOSING = re.compile(
    r"(?:附?注|说明|联系人|联系电话|(?:信息|文章)?来源|主办(?:单位)?|承办(?:单位)?)\s*:|版权所有|网站标识|附件\s*\d*\s*[:.]?|\(此件|抄送|责任编辑|上一篇|下一篇|打印|扫一扫|分享"
)
_CAPTION = re.compile(
    r"附[件表]\d{0,2}[:.]?.{0,60}"
    r"|.{4,60}(?:表|清单|台账|分解|分工|方案|一览|计划|安排|要点|目录|任务书|实事|项目)(?:\([^()]{1,12}\))?"
)
_BAR = re.compile(r"\s*[|│┃]+\s*")  # several where cells between them are blank


def flat(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """A table flattened to one cell a line without any mark: known heads, then rows that begin with the next number."""
    following = (i for i in range(start, len(lines)) if lines[i].value.strip())
    first = list(islice(following, _HEADS_WITHIN))
    cells = whole_heads([[lines[i].strip()] for i in first])
    heads = heads_of(cells)
    if heads is None or len(cells) == heads.printed:
        return None, start
    begins = list(accumulate((len(cell) for cell in cells[: heads.printed]), initial=0))
    wide = begins[-1]
    filled = _within_table(lines, [*first, *following], wide)
    apart = all(filled[n] - filled[n - 1] > 1 for n in begins[1:-1])
    repeated = {bare(line.value) for cell in heads.cells for line in cell}
    body: list[Lines] = []
    ends: list[int] = []
    for above, i in pairwise(filled[wide - 1 :]):
        if PAGE_MARK.fullmatch(bare(lines[i].value)) or bare(lines[i].value) in repeated:
            continue
        if apart and i - above == 1 and body:
            body[-1].append(lines[i].strip())
            ends[-1] = i + 1
        else:
            body.append([lines[i].strip()])
            ends.append(i + 1)
    rows, used = _rows(body, heads)
    if used == 0:
        return None, start
    return _table(heads, rows), ends[used - 1]


def _within_table(lines: Sequence[Text], filled: list[int], wide: int) -> list[int]:
    """The places of lines that can be cells: up to a note, a signature, or the title and the heads of the next list."""
    values = [bare(lines[i].value) for i in filled]
    for n in range(wide + 2, len(filled)):
        again = known_heads(values[n : n + 12]) if is_head(values[n]) in ("number", "group", "work") else 0
        if again > 2 and "number" in map(is_head, values[n : n + 2]) and _is_first(lines, filled, n + again):
            captions = sum(1 for _ in takewhile(lambda i: is_caption(lines[i].value), reversed(filled[:n])))
            return filled[: n - captions]
        if _is_closing(lines[filled[n]].value) or (
            _is_signature(values[n : n + 2]) and not any(value.isdigit() for value in values[n + 2 : n + 30])
        ):
            return filled[:n]
    return filled


def _is_first(lines: Sequence[Text], filled: Sequence[int], n: int) -> bool:
    """Whether a row with the number 1 begins at a place, or one place further."""
    return any(number_of([lines[i]]) == 1 for i in filled[n : n + 2])


def _is_signature(values: Sequence[str]) -> bool:
    """Whether two lines are a body and the date on which it signed."""
    return len(values) == 2 and DATE.fullmatch(values[1]) is not None and kind_of([Text.at_offset(values[0], 0)]) == "units"


def ends_table(lines: Sequence[Text], i: int) -> bool:
    """Whether a line is a note below a table, or the title of another list whose heads follow."""
    value = lines[i].value
    if _is_closing(value):
        return True
    below = [bare(re.split(r"[|│\t]", line.value.strip(" |│"))[0]) for line in lines[i + 1 : i + 7] if line.value.strip()]
    return is_caption(value) and not re.search(r"[|│\t]", value.strip()) and any(is_head(said) in ("number", "group") for said in below[:3])


def _is_closing(value: str) -> bool:
    """Whether a line stands below a table and is no head: 注：…, 主办：县政府办公室; 说明 alone is one."""
    folded = fold(value).strip()
    return CLOSING.match(folded) is not None and (":" in folded or is_head(bare(folded)) is None)


def is_caption(value: str) -> bool:
    """Whether a line is the title of a list that follows it.

    >>> is_caption("附件2"), is_caption("云溪县民生实事清单（二）"), is_caption("县水利局")
    (True, True, False)
    """
    return _CAPTION.fullmatch(bare(value)) is not None


def between_bars(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """A table whose cells stand between lines that hold a bar and nothing else."""
    cells: list[Lines] = [[]]
    end = i = start
    while i < len(lines) and i <= end + _WITHIN:
        value = lines[i].value
        if _BAR.fullmatch(value):
            cells.append([])
            end = i + 1
        elif value.strip() and not PAGE_MARK.fullmatch(bare(value)):
            cells[-1].append(lines[i].strip())
        i += 1
    cut_off = len(cells) > 1 and number_of(cells[-2]) and cells[-1]  # within the words behind the last number
    if cut_off:
        cells[-1:] = [cells[-1][:1], []]
        end = next(n for n in range(end, i) if lines[n].value.strip()) + 1
    cells = [cell for cell in cells[:-1] if cell]
    heads = heads_of(cells)
    if heads is None:
        return None, start
    rows, used = _rows(cells[heads.printed :], heads)
    return (_table(heads, rows), end) if used else (None, start)


def spaced(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """A table whose rows are lines and whose cells are parted by blanks: heads, then lines that begin with the next number."""
    heads = heads_of([[token] for token in _tokens(lines[start])])
    if heads is None or heads.number != 0 or not any(kind in UNITS for kind in heads.kinds):
        return None, start
    rows: list[list[Lines]] = []
    i, last = start + 1, 0
    while i < len(lines):
        tokens = [[token] for token in _tokens(lines[i])]
        if tokens:
            figure = number_of(tokens[0])
            if not figure or (last and figure != last + 1) or len(tokens) < 2:
                break
            row = _laid(tokens, heads.kinds)
            if row is None:
                break
            rows.append(row)
            last = figure
        i += 1
    return (_table(heads, [(row, 1) for row in rows]), i) if len(rows) > 1 else (None, start)


def _laid(tokens: list[Lines], kinds: Sequence[str | None]) -> list[Lines] | None:
    """The cells of a line in their columns. Where several columns of words may each be blank, which of them the words before those of
    the task stand in cannot be known: they are in none."""
    wordy = [i for i, kind in enumerate(kinds) if kind in WORDS]
    if len(wordy) < 2:
        return fitted(tokens, kinds)
    plain = ("text", "sentence") if "leader" in kinds else ("text", "sentence", "person")
    words = [i for i, token in enumerate(tokens) if kind_of(token) in plain]
    kept = [token for i, token in enumerate(tokens) if i not in words[:-1]]
    row = fitted(kept, [kind for i, kind in enumerate(kinds) if i not in wordy[:-1]])
    if row is None:
        return None
    cells = iter(row)
    return [[] if i in wordy[:-1] else next(cells) for i in range(len(kinds))]


def is_bar(value: str) -> bool:
    """Whether a line holds a bar and nothing else."""
    return bool(_BAR.fullmatch(value))


def is_spaced(value: str) -> bool:
    """Whether a line may be the heads of a table whose cells are parted by blanks.

    >>> is_spaced("序号 工 作 任 务 牵头单位"), is_spaced("序号"), is_spaced("一 总体要求 负责人")
    (True, False, False)
    """
    text = Text.at_offset(value, 0)
    tokens = [bare(token.value) for token in _tokens(text)] if len(value) < 120 and " " in fold(value).strip() else []
    return len(tokens) > 2 and is_head(tokens[0]) == "number" and known_heads(tokens) == len(tokens)


def _tokens(line: Text) -> list[Text]:
    """The pieces of a line between blanks; characters spread by single blanks are one word: 工 作 任 务."""
    found = [line[m.start() : m.end()] for m in re.finditer(r"\S+", fold(line.value))]
    joined: list[Text] = []
    for piece in found:
        letter = len(piece) == 1 and not piece.value.isdigit()
        if letter and joined and joined[-1].end == piece.start - 1 and (len(joined[-1]) == 1 or " " in joined[-1].value):
            at = piece.end - joined[-1].start
            begin = joined[-1].start - line.start
            joined[-1] = line[begin : begin + at]
        else:
            joined.append(piece)
    return joined


def _rows(cells: Sequence[Lines], heads: Heads) -> tuple[list[tuple[list[Lines], int]], int]:
    """The rows, each with the rows that its number and units span, and how many cells they use."""
    rows: list[tuple[list[Lines], int]] = []
    chunks = list(_chunks(cells, heads))
    used = 0
    for chunk, group, section in chunks:
        if section:
            rows.append(([chunk[0]], 1))
            used += 1
            continue
        parts = list(_parts(chunk, heads.kinds))
        spanned = _spanned(heads.kinds)
        rest = tuple(kind for i, kind in enumerate(heads.kinds) if i not in spanned)
        placed = [fitted(part, heads.kinds[heads.number :] if n == 0 else rest) for n, part in enumerate(parts)]
        for n, row in enumerate(placed):
            if row is None:
                continue
            whole = [[], *row] if heads.number and n == 0 else row
            if heads.number and n == 0 and group:
                whole[0] = group
            rows.append((whole if n == 0 else _below(row, spanned, len(heads.kinds)), len(parts) if n == 0 else 0))
        used += len(chunk) + bool(group)
    return (rows, used) if any(len(row) > 1 for row, _ in rows) else ([], 0)


def _spanned(kinds: Sequence[str | None]) -> frozenset[int]:
    """The columns that one number spans with it: its own, and those of words before the words of the task."""
    after = kinds.index("number") + 1
    words = [i for i in range(after, len(kinds)) if all(kind in WORDS for kind in kinds[after : i + 1])]
    return frozenset((*range(after), *words[:-1]))


def _below(row: list[Lines], spanned: frozenset[int], width: int) -> list[Lines]:
    """A further row under one number: its cells in the columns that the number does not span."""
    cells = iter(row)
    return [[] if i in spanned else next(cells) for i in range(width)]


def _chunks(cells: Sequence[Lines], heads: Heads) -> Iterator[tuple[list[Lines], Lines, bool]]:
    """The cells of each numbered row, the name of the group printed before it, and whether they are a section row instead."""
    expected = 0
    chunk: list[Lines] = []
    group: Lines = []
    for i, cell in enumerate(cells):
        figure = number_of(cell)
        if figure and (figure == expected or not expected or _jumps(cells, i, chunk, heads, expected)):
            following: Lines = []
            if len(chunk) > 1 and heads.number and kind_of(chunk[-1]) == "text" and _is_whole(chunk[:-1], heads):
                following = chunk.pop()
            elif chunk and not number_of(chunk[0]):
                following = chunk.pop() if heads.number else []
            if chunk:
                yield chunk, group, not number_of(chunk[0])
            chunk, group, expected = [cell], following, figure + 1
        elif not chunk:
            if heads.number:
                chunk = [cell]
            else:
                yield [cell], [], True
        elif _opens_section(cells, i, expected, chunk, heads):
            yield chunk, group, not number_of(chunk[0])
            yield [cell], [], True
            chunk, group, expected = [], [], 0
        else:
            chunk.append(cell)
    if chunk and number_of(chunk[0]):
        while len(chunk) > 2 and _overhangs(chunk, heads):
            chunk.pop()  # what follows the table is no cell of it
        yield chunk, group, False


def _is_whole(chunk: Sequence[Lines], heads: Heads) -> bool:
    """Whether the last cell before the name of the next group closes a row."""
    last = next((kind for kind in reversed(heads.kinds) if kind not in (None, "unknown")), None)
    return kind_of(chunk[-1]) in ("units", "deadline") or last in ("text", "targets")


def _overhangs(chunk: Sequence[Lines], heads: Heads) -> bool:
    return is_words(kind_of(chunk[-1])) and heads.kinds[-1] in (*UNITS, "deadline") and len(chunk) > len(heads.kinds) - heads.number


def _jumps(cells: Sequence[Lines], i: int, chunk: Sequence[Lines], heads: Heads, expected: int) -> bool:
    """Whether a number beyond the next one begins a row, where a list is an extract of a longer one: units close the row above it, words
    follow, and no column may hold a figure."""
    figures = any(kind in (None, "unknown", "measure", "targets") for kind in heads.kinds)
    closed = len(chunk) > 2 and kind_of(chunk[-1]) in ("units", "deadline") and any(kind_of(cell) == "units" for cell in chunk)
    return closed and not figures and number_of(cells[i]) > expected and i + 1 < len(cells) and is_words(kind_of(cells[i + 1]))


def _opens_section(cells: Sequence[Lines], i: int, expected: int, chunk: Sequence[Lines], heads: Heads) -> bool:
    """Whether a cell is a heading right above the row with the next number, or above other headings: 一、…, or 2.… in a list whose rows
    begin with plain numbers."""
    if not is_heading(cells[i]):
        return False
    below = next((n for n in range(i + 1, len(cells)) if not is_heading(cells[n])), len(cells))
    return below < len(cells) and (number_of(cells[below]) in (expected, 1) or _jumps(cells, below, chunk, heads, expected))


def is_heading(cell: Lines) -> bool:
    """Whether a cell is a numbered heading and no sentence.

    >>> [is_heading([Text.at_offset(said, 0)]) for said in ("二、水利", "2.整修水渠", "2.整修水渠。", "2.5")]
    [True, True, False, False]
    """
    value = fold(cell[0].value)
    if is_marked(value, "一、"):
        return True
    plain = len(value_of(cell)) <= _LONGEST_HEADING and not re.search("[。;!]$", value_of(cell))
    return plain and (is_marked(value, "(一)") or is_marked(value, "1."))


def _parts(chunk: list[Lines], kinds: Sequence[str | None]) -> Iterator[list[Lines]]:
    """The rows under one number: words after what closes a row (a time limit, or units) begin another."""
    part: list[Lines] = []
    closing = "deadline" if kinds[-1] == "deadline" else "units" if kinds[-1] in UNITS else ""
    for cell in chunk:
        if len(part) > 1 and closing and is_words(kind_of(cell)) and kind_of(part[-1]) == closing:
            yield part
            part = []
        part.append(cell)
    yield part


def _table(heads: Heads, rows: Sequence[tuple[list[Lines], int]]) -> Table:
    """The table of the heads and the rows; a number with several rows spans them, with its group and its units, and a group spans the
    rows below it that have none."""
    width = len(heads.cells)
    cells = [Cell(tuple(cell), 0, c) for c, cell in enumerate(heads.cells)]
    spanning = _spanned(heads.kinds)
    above: dict[int, int] = {}
    for r, (row, span) in enumerate(rows, start=1):
        if len(row) == 1:
            cells.append(Cell(tuple(row[0]), r, 0, 1, width))
            above = {}
            continue
        for c, content in enumerate(row):
            if span == 0 and c in spanning:
                continue
            down = span if span > 1 and c in spanning else 1
            if not content and heads.kinds[c] == "group" and c in above:
                over = cells[above[c]]
                cells[above[c]] = Cell(over.paragraphs, over.row, c, r + down - over.row, 1)
                continue
            if heads.kinds[c] == "group":
                above[c] = len(cells)
            cells.append(Cell(tuple(content), r, c, down, 1))
    return Table(tuple(cells))
