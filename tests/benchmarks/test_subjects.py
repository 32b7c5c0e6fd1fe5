"""Two hundred tasks on every subject of government: nine in ten are in their class; how many tasks of our documents have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.subjects import missed, tasks
from ingest.errors import IngestError
from ingest.parse import parse
from ingest.read import read
from ingest.topics import topics

DATA = Path(__file__).parents[1] / "data"
DOCUMENTS = [path for path in sorted(DATA.rglob("*")) if path.suffix in {".docx", ".html", ".txt"} and path.parent.name != "names"]
COUNT = 200


@pytest.mark.parametrize("seed", [3, 4])
def test_nine_in_ten_are_in_their_class(seed: int) -> None:
    made = list(tasks(COUNT, seed))
    assert {task.code for task in made} == {f"{code:02}" for code in range(1, 23)}
    wrong = missed(made)
    assert len(wrong) <= COUNT // 10, [f"{task.code} {task.text}" for task, _ in wrong]


def test_a_task_depends_on_its_seed_alone() -> None:
    assert list(tasks(COUNT, 3)) == list(tasks(COUNT, 3)) != list(tasks(COUNT, 4))


def test_most_tasks_of_our_documents_have_a_subject() -> None:
    """Printed with ``pytest -s``: the share of tasks without one. What has none is too short to say (完成摸底, 开展评估)."""
    known = topics()
    with_topic = []
    for path in DOCUMENTS:
        try:
            found = parse(read(path)).tasks
        except IngestError:
            continue
        with_topic += [any(any(known.find(text.value)) for _, text in task.parts()) for task in found]
    without = with_topic.count(False) / len(with_topic)
    print(f"{without:.1%} of {len(with_topic)} tasks have no subject")
    assert len(with_topic) > 300
    assert without < 0.25
