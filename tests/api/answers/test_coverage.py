"""What an answer about a subject says it rests on and may have missed: equal to the tasks that people found for fifteen subjects."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from api.answers.questions import Questions
from benchmarks.ask import box as box_of
from ontology.names import DEF, RDF

SUBJECTS: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "gold" / "subjects.json").read_text("utf-8"))


def ask(box: Questions, text: str) -> dict[str, Any]:
    return asyncio.run(box.ask(text))


def text_of(store: Store, passage: str) -> str:
    found = store.query(f"SELECT ?text {{ <{passage}> <{DEF['text'].value}> ?text }}", use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    ((text,),) = found
    return str(text.value)


def test_coverage_of_fifteen_subjects_is_what_people_found(box: Questions, dataset: Store) -> None:
    assert len(SUBJECTS) == 15
    told = [ask(box, f"哪些任务涉及{each['zh']}？") for each in SUBJECTS]
    for subject, answer in zip(SUBJECTS, told, strict=True):
        assert not answer["declined"], subject["zh"]
        coverage, may = answer["coverage"], set(subject["may"])
        hits = {int(task.rpartition("/")[2]) for route in coverage["routes"].values() for task in route}
        assert hits - may == set(subject["tasks"]) - may, subject["zh"]
        assert sum(map(len, coverage["routes"].values())) == coverage["hits"] == len(answer["answer"]["tasks"])
        assert coverage["examined"] == 74
        assert coverage["subject"] == subject["zh"]
        near = {int(each["number"]) for each in coverage["near"]}
        assert not near & hits, subject["zh"]
        for each in coverage["near"]:
            assert text_of(dataset, each["passage"])[int(each["start"]) : int(each["end"])] == each["quote"]


def test_the_routes_say_how_each_task_was_found(box: Questions) -> None:
    low, words = ask(box, "哪些任务涉及低空航空？"), ask(box, "哪些任务提到“专项资金”？")
    routes = {name: sorted(int(task.rpartition("/")[2]) for task in tasks) for name, tasks in low["coverage"]["routes"].items()}
    assert sorted(number for tasks in routes.values() for number in tasks) == [9, 17, 49, 61]
    assert routes["words"] == []
    assert {name for name, tasks in words["coverage"]["routes"].items() if tasks} == {"words"}


def test_near_misses_hold_the_name_and_mean_another_thing(box: Questions) -> None:
    near = [(each["number"], each["quote"], each["why"]) for each in ask(box, "哪些任务涉及电力、热力供应？")["coverage"]["near"]]
    assert ("27", "电力设备", "guard") in near


def test_a_subject_of_no_task_is_told_with_what_came_near(box: Questions) -> None:
    told = ask(box, "哪些任务涉及教育？")
    assert not told["declined"]
    assert told["answer"]["tasks"] == []
    assert told["coverage"]["examined"] == 74
    assert [(each["number"], each["quote"]) for each in told["coverage"]["near"]] == [("64", "高校")]


@pytest.mark.parametrize(("text", "lacks"), [("市科委负责哪些任务", "unit"), ("哪些任务涉及低空航空？", None)])
def test_documents_that_could_not_answer_are_named_with_their_warnings(dataset: Store, text: str, lacks: str | None) -> None:
    store = Store()
    store.extend(dataset.quads_for_pattern(None, None, None, None))
    mute, task = NamedNode("https://w3id.org/zhengce/id/notice/mute"), NamedNode("https://w3id.org/zhengce/id/notice/mute/task/1")
    store.extend([Quad(mute, RDF["type"], DEF["Notice"]), Quad(mute, DEF["hasTask"], task), Quad(task, RDF["type"], DEF["Task"])])
    coverage = ask(box_of(store), text)["coverage"]
    assert [(each["notice"], each["lacks"]) for each in coverage["couldNotAnswer"]] == ([(mute.value, lacks)] if lacks else [])
    assert coverage["notWhollyRead"] == []
