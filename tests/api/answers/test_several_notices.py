"""Questions over notices of several cities: by the function of bodies, by place, by document; and a number that several of them have."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, Store

from api.answers.questions import Questions
from api.publication.publish import Built, Knowledge, built
from benchmarks.ask import box

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
LIST_OF_SUZHOU = "苏州市2025年低空经济高质量发展重点任务分解表"


@pytest.fixture(scope="module")
def asked(dataset: Store, known: Knowledge) -> Questions:
    """The question box over the shipped notice and two samples of other cities."""
    store = Store()
    store.extend(dataset)
    samples: list[Built] = [built(path, known) for path in sorted(SAMPLES.glob("H0[19]_*"))]
    assert len(samples) == 2
    for sample in samples:
        for graph, triples in sample.graphs.items():
            store.extend(Quad(each.subject, each.predicate, each.object, graph) for each in triples)
    return box(store)


def ask(asked: Questions, text: str) -> dict[str, Any]:
    return asyncio.run(asked.ask(text))


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("哪些市的科技部门牵头低空任务", {"苏州市", "上海市"}),
        ("哪些城市的科技部门负责人工智能任务", {"合肥市", "上海市"}),
        ("哪个市的低空任务最多", {"苏州市"}),
        ("Which cities have tasks on low-altitude aviation?", {"苏州市", "上海市"}),
    ],
)
def test_cities_of_bodies_of_a_function(asked: Questions, text: str, cities: set[str]) -> None:
    told = ask(asked, text)
    assert not told["declined"], told["reason"]
    assert set(told["answer"]["things"]) == cities
    assert told["evidence"]


def test_a_body_of_a_place_is_not_that_of_another(asked: Questions) -> None:
    everywhere, there = ask(asked, "科技部门牵头哪些任务"), ask(asked, "合肥的科技部门牵头哪些任务")
    assert {row[0].partition("/task/")[0] for row in there["answer"]["rows"]} == {
        "https://w3id.org/zhengce/id/notice/hezhengbanmi-2025-18-3ce5"
    }
    assert len(everywhere["answer"]["rows"]) > len(there["answer"]["rows"]) > 0


def test_a_number_of_several_notices_is_asked_back_and_one_notice_is_answered(asked: Questions) -> None:
    told = ask(asked, "任务9由谁负责")
    assert told["declined"]
    assert len(told["alternatives"]) == 3
    one = ask(asked, f"{LIST_OF_SUZHOU}里任务9由谁负责")
    assert one["answer"]["things"] == ["市市场监管局"]


def test_documents_by_subject_and_two_functions_beside_each_other(asked: Questions) -> None:
    assert set(ask(asked, "哪些文件涉及低空")["answer"]["things"]) == {
        LIST_OF_SUZHOU,
        "上海市2026年促进检验检测认证行业高质量发展重点任务安排",
    }
    assert ask(asked, f"《{LIST_OF_SUZHOU}》有多少项任务")["answer"]["number"] == 18
    assert ask(asked, "市场监管部门和科技部门谁的任务多")["answer"]["things"] == ["市场监管部门"]
