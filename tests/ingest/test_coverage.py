"""No silent loss: in the task part every character is in a field, or is furniture, or stands inside a warning with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.coverage import FURNITURE, by_task, covered
from ingest.errors import IngestError
from ingest.fields.folding import bare
from ingest.model.document import Table
from ingest.model.records import Notice
from ingest.parse import parse
from ingest.read import read

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "ingest/notices/huzhiban-2026-2.txt"
DOCUMENTS = sorted(
    path
    for folder in (ROOT / "tests/data/layouts", ROOT / "tests/data/samples", ROOT / "tests/data/graph", SHIPPED.parent)
    for path in folder.iterdir()
    if path.suffix in (".txt", ".html", ".docx", ".pdf") and not path.name.endswith("en.txt")
)


def silent(notice: Notice) -> list[str]:
    """The Chinese characters between the first task and the last that are in no field and no warning, by the line, furniture aside.

    Written apart from what the program does: it walks the blocks and not the losses.
    """
    text, used = notice.document.text, covered(notice)
    for warning in notice.warnings:
        for start, end in warning.spans:
            used[start:end] = b"\1" * (end - start)
    own = [i for task in notice.tasks for part in (task.text, *task.targets) for i in part.at]
    found: list[str] = []
    for block in notice.document.blocks:
        texts = [p for cell in block.cells for p in cell.paragraphs] if isinstance(block, Table) else [block.text]
        inside = [part for part in texts if part and part.end > min(own) and part.start <= max(own)]
        for part in inside:
            left = "".join(text[i] if not used[i] else "\n" for i in part.at)
            found.extend(run for run in left.split("\n") if bare(run) and not FURNITURE.fullmatch(bare(run)))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_nothing_is_lost_in_silence(path: Path) -> None:
    try:
        notice = parse(read(path))
    except IngestError:
        assert path.name == "explanation.html"
        return
    heads = {bare(head) for task in notice.tasks for head in task.headings.values()}
    aliases = {bare(unit.alias) for task in notice.tasks for unit in task.units if unit.alias}
    left = [run for run in silent(notice) if bare(run) not in heads and bare(run).strip("()、，,:") not in aliases]
    assert left == []


def test_a_loss_is_seen() -> None:
    notice = parse(read(ROOT / "tests/data/layouts/bars.txt"))
    quiet = Notice(document=notice.document, tasks=(notice.tasks[0], notice.tasks[-1]))
    assert silent(quiet)


def test_every_warning_of_unread_text_says_where() -> None:
    for path in DOCUMENTS:
        try:
            notice = parse(read(path))
        except IngestError:
            continue
        for warning in notice.warnings:
            if warning.code in ("unread", "column-unread"):
                assert warning.spans, path
                assert warning.line == notice.document.text.count("\n", 0, warning.spans[0][0]) + 1


@pytest.mark.parametrize(
    ("printed", "in_its_place"),
    [("\n\t4\n", damaged) for damaged in ("\n五\t4\n", "\nX4\n", "\n\t4\t五\n", "\n4\n", "\n　４\n", "\n")],
)
def test_a_damaged_number_cell_costs_no_other_row(tmp_path: Path, printed: str, in_its_place: str) -> None:
    whole = SHIPPED.read_text(encoding="utf-8")
    assert whole.count(printed) == 1
    path = tmp_path / "damaged.txt"
    path.write_text(whole.replace(printed, in_its_place), encoding="utf-8")
    notice = parse(read(path))
    before = parse(read(SHIPPED))
    assert [task.text.value for task in notice.tasks] == [task.text.value for task in before.tasks]
    assert [[unit.surface.value for unit in task.units] for task in notice.tasks] == [
        [unit.surface.value for unit in task.units] for task in before.tasks
    ]
    assert {warning.code for warning in notice.warnings} & {"number-gap", "number-missing"} or "4" in [task.no for task in notice.tasks]


def test_coverage_by_task_counts_every_character_once() -> None:
    notice = parse(read(SHIPPED))
    counted = by_task(notice)
    assert list(counted) == [task.key for task in notice.tasks]
    assert all(kinds["unread"] == 0 and kinds["fields"] > kinds["furniture"] for kinds in counted.values())


@pytest.mark.parametrize(
    "said", ["、", "（责任单位：", "）二、", "按职责分工负责", "等部门按职责分工", "12.", "（共7项）", "—3—", "；完成时限：", "牵头领导："]
)
def test_furniture_says_nothing(said: str) -> None:
    assert FURNITURE.fullmatch(bare(said))


@pytest.mark.parametrize("said", ["市水利局", "建成3个", "2优化平台布局", "已完成", "15处", "市级", "到2025年", "（县委副书记）", "各区"])
def test_what_says_something_is_no_furniture(said: str) -> None:
    assert not FURNITURE.fullmatch(bare(said))
