"""Which tasks of other notices a task continues or restates: the words that are just near enough, and those that are just not."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from pyoxigraph import NamedNode

from graph.comparison import CONTINUES, RESTATES, SUBJECTS, ComparedTask, letter_pairs, similarity, task_pairs
from ontology import terms
from ontology.names import ID

BOTH, GOES_ON, AGAIN = (terms.continues, terms.restates), (terms.continues,), (terms.restates,)


def compared(notice: str, year: int, text: str, **more: object) -> ComparedTask:
    node = ID[f"notice/{notice}/task/1"]
    task = ComparedTask(node, notice, text, NamedNode(f"{node.value}/p"), text, "city", year, frozenset("s"), frozenset("b"))
    return replace(task, **more)  # type: ignore[arg-type]


NOW = compared("now", 2026, "新建三座水库，修缮灌溉水渠。")
BEFORE = compared("before", 2025, "新建两座水库，修缮灌溉水渠。")


def test_thresholds_are_those_of_the_examples() -> None:
    assert (CONTINUES, RESTATES, SUBJECTS) == (0.5, 0.8, 0.5)


@pytest.mark.parametrize(
    ("text", "properties"),
    [
        ("新建三座水库,修缮灌溉水渠", BOTH),
        ("新建两座水库，修缮灌溉水渠。", BOTH),
        ("改建三座水库，修缮灌溉沟渠。", GOES_ON),
        ("新建水库，修缮农村灌溉水渠。", GOES_ON),
        ("新建水库，疏浚河道，修缮灌溉水渠。", GOES_ON),
        ("开展水库巡查，检修灌溉水渠。", ()),
        ("新建三座学校。", ()),
        ("", ()),
    ],
)
def test_words_decide(text: str, properties: tuple[NamedNode, ...]) -> None:
    found = list(task_pairs([replace(BEFORE, text=text), NOW]))
    assert [(pair.task, pair.properties) for pair in found] == ([(NOW, properties)] if properties else [])


@pytest.mark.parametrize(
    ("other", "properties"),
    [
        (BEFORE, BOTH),
        (replace(BEFORE, issuer="other city"), AGAIN),
        (replace(BEFORE, issuer=""), AGAIN),
        (replace(BEFORE, year=0), AGAIN),
        (replace(BEFORE, year=2026), AGAIN),
        (replace(BEFORE, notice="now"), None),
        (replace(BEFORE, bearers=frozenset("c")), None),
        (replace(BEFORE, bearers=frozenset()), None),
        (replace(BEFORE, subjects=frozenset()), None),
        (replace(BEFORE, subjects=frozenset("sab")), BOTH),
        (replace(BEFORE, subjects=frozenset("sabc")), None),
    ],
)
def test_who_bears_it_when_and_of_what_decide_too(other: ComparedTask, properties: tuple[NamedNode, ...] | None) -> None:
    assert [pair.properties for pair in task_pairs([NOW, other])] == ([properties] if properties else [])


def test_of_two_years_the_later_goes_on_in_whatever_order_they_are_given() -> None:
    for tasks in ([NOW, BEFORE], [BEFORE, NOW]):
        assert [(pair.task, pair.other) for pair in task_pairs(tasks)] == [(NOW, BEFORE)]


def test_the_index_finds_every_pair_that_comparing_all_would() -> None:
    """Texts of all degrees of likeness, drawn by a seed."""
    random = Random(5)
    letters = [chr(0x4E00 + n) for n in range(60)]
    tasks: list[ComparedTask] = []
    for n in range(300):
        text = [*tasks[random.randrange(n)].text] if n % 3 else random.choices(letters, k=random.randrange(2, 40))
        for _ in range(random.randrange(len(text)) // 2):
            text[random.randrange(len(text))] = random.choice(letters)
        tasks.append(compared(f"n{n}", 2000 + n, "".join(text)))
    near = {
        (later.node, earlier.node)
        for n, later in enumerate(tasks)
        for earlier in tasks[:n]
        if similarity(letter_pairs(later.text), letter_pairs(earlier.text)) >= CONTINUES
    }
    assert len(near) > 100
    assert {(pair.task.node, pair.other.node) for pair in task_pairs(tasks)} == near
