"""Generated notices are read without a warning, differ from each other, and are the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generate import FORMATS, as_text, invented, write
from ingest.parse import parse
from ingest.read import read


@pytest.mark.parametrize("kind", FORMATS)
def test_a_generated_notice_is_read_whole_and_without_a_warning(kind: str, tmp_path: Path) -> None:
    paths = list(write(tmp_path, 10, tasks=12, formats=[kind]))
    notices = [parse(read(path)) for path in paths]
    for made, notice in zip(invented(1, 12), notices, strict=False):
        assert notice.warnings == ()
        assert [(str(t.text), tuple(map(str, t.targets)), "、".join(str(u.surface) for u in t.units)) for t in notice.tasks] == [
            (row.text, row.targets, row.units) for row in made.rows
        ]
        assert (str(notice.title), str(notice.number), notice.issuers[0].value) == (made.title, made.number, made.office)
        assert all(task.group for task in notice.tasks)
    assert len({str(notice.number) for notice in notices}) == 10


def test_the_same_seed_gives_the_same_bytes_and_a_longer_run_begins_with_a_shorter_one(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write(tmp_path / "a", 3, tasks=4, formats=["docx", "txt"])]
    second = [path.read_bytes() for path in write(tmp_path / "b", 5, tasks=4, formats=["docx", "txt"])]
    assert second[:3] == first
    assert as_text(next(invented(1, 4))) != as_text(next(invented(2, 4)))
