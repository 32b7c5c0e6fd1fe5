"""The JSON of ``zhengce extract`` on the shipped notice against the adjudicated answers.

What a row of the answers calls ``must`` has to be found; what it calls ``may`` is neither asked for nor counted against. Names are compared
without punctuation: equal, one inside the other and at least a third as long, or half of the longer one in common.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from api.publication.publish import Built, Knowledge
from ingest.extract import extract
from ontology.names import ID

Item = Mapping[str, Any]
ANSWERS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data/gold/notice.json").read_text(encoding="utf-8"))
KINDS = {"低空新型航空器中试平台": "platform"}
"""Where the answers give two kinds to one printed kind of thing: 智能机器人中试验证平台 is a platform there, this one a pilot base."""
NOT_NAMES = {"Industry", "Theme", "Agency", "CollectiveUnit", "DistrictGovernment", "District"}


@pytest.fixture(scope="module")
def said(notice: Built, known: Knowledge) -> Item:
    # Through text and back: what a reader of the command's output sees.
    answer: dict[str, Any] = json.loads(json.dumps(extract(notice.reading, known.vocabulary), ensure_ascii=False))
    return answer


@pytest.fixture(scope="module")
def rows(said: Item) -> list[tuple[Item, Item]]:
    assert len(said["tasks"]) == len(ANSWERS["tasks"]) == 74
    return list(zip(said["tasks"], ANSWERS["tasks"], strict=True))


@cache
def plain(name: str) -> str:
    return re.sub(r"[^0-9a-z一-鿿＋+]", "", unicodedata.normalize("NFKC", name).lower())


@cache
def alike(one: str, other: str) -> bool:
    short, long = sorted((plain(one), plain(other)), key=len)
    if not short:
        return False
    if short in long and len(short) * 3 >= len(long):
        return True
    common = SequenceMatcher(None, short, long, autojunk=False).find_longest_match()
    return common.size * 2 >= len(long)


def names(answer: Item) -> list[str]:
    """Every way in which an answer is written."""
    whole = [answer.get("surface"), answer.get("name"), answer.get("canonical"), *answer.get("alts", [])]
    return [part for name in whole if name for part in (name, *name.split("；"))]


def meets(answer: Item, found: str) -> bool:
    return any(alike(name, found) for name in names(answer))


def matched(answers: Sequence[Item], found: Sequence[str]) -> int:
    """How many answers can each have a found name of its own."""
    owner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j, name in enumerate(found):
            if j not in tried and meets(answers[i], name):
                tried.add(j)
                if j not in owner or place(owner[j], tried):
                    owner[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(answers)))


def f1(right: float, said: float, asked: float) -> float:
    precision, recall = right / said, right / asked
    return 2 * precision * recall / (precision + recall)


def structure(task: Item) -> dict[str, Any]:
    """The parts of a row that leave nothing to judgement."""
    return {
        "group": task["group"],
        "text": task["text"],
        "targets": task["targets"],
        "units": [(unit["surface"], unit["role"], unit["order"]) for unit in task["units"]],
        "districts": sorted(task["districts"]),
        "quantities": [tuple(one[key] for key in ("surface", "min", "max", "comparator", "unit", "in")) for one in task["quantities"]],
    }


def test_structure_of_every_task_is_that_of_the_answers(rows: list[tuple[Item, Item]]) -> None:
    for found, answer in rows:
        assert structure(found) == structure(answer), answer["no"]


def test_document_is_that_of_the_answers(said: Item) -> None:
    document, answer = said["document"], ANSWERS["document"]
    assert {key: document[key] for key in ("title", "number", "issuers", "date", "implements")} == {
        "title": answer["title"],
        "number": answer["number"],
        "issuers": answer["issuers"],
        "date": answer["date"],
        "implements": answer["implements"],
    }
    assert (document["horizon"]["start"], document["horizon"]["end"]) == ("2026-01-01", "2026-12-31")


def test_units_have_their_full_names(rows: list[tuple[Item, Item]]) -> None:
    for found, answer in rows:
        for unit, right in zip(found["units"], answer["units"], strict=True):
            assert unit["name"] in [right["name"], *right.get("name_alts", [])], answer["no"]


def test_every_must_entity_is_mentioned_and_little_else(rows: list[tuple[Item, Item]]) -> None:
    asked = met = said = right = 0
    neutral = {plain(name) for name in ANSWERS["neutral_surfaces"]}
    for found, answer in rows:
        must, may = answer["entities"]["must"], answer["entities"]["may"]
        surfaces = [m["surface"] for m in found["mentions"]]
        asked, met = asked + len(must), met + matched(must, surfaces)
        free = [*may, *answer["platforms"]]
        for surface in {m["surface"] for m in found["mentions"] if m["type"] not in NOT_NAMES}:
            if any(meets(one, surface) for one in must):
                said, right = said + 1, right + 1
            elif plain(surface) not in neutral and not any(meets(one, surface) for one in free):
                said += 1
    assert met == asked == 246
    assert f1(right, said, right) >= 0.97


def test_every_mention_stands_where_it_says(said: Item) -> None:
    count = 0
    for task in said["tasks"]:
        parts = {"text": task["text"]} | {f"targets[{i}]": text for i, text in enumerate(task["targets"])}
        for mention in task["mentions"]:
            assert parts[mention["in"]][mention["start"] : mention["end"]] == mention["surface"]
            count += 1
    assert count > 500


def closed(ids: Iterable[str], known: Knowledge) -> set[str]:
    return {node.value.rpartition("/")[2] for node in known.vocabulary.closure(ID[f"industry/{name}"] for name in ids)}


def test_industries_with_the_broader_ones(rows: list[tuple[Item, Item]], known: Knowledge) -> None:
    right = said = asked = 0
    for found, answer in rows:
        ours = closed((industry["id"] for industry in found["industries"]), known)
        must = closed(answer["industries"]["must"], known)
        free = closed(answer["industries"]["may"], known) - must
        right, said, asked = right + len(ours & must), said + len(ours - free), asked + len(must)
    assert asked > 180
    assert f1(right, said, asked) >= 0.97


def scored(platforms: Iterable[Item]) -> Iterator[Item]:
    return (platform for platform in platforms if not platform.get("optional"))


def test_platforms_with_kind_and_status(rows: list[tuple[Item, Item]], known: Knowledge) -> None:
    count = 0
    for found, answer in rows:
        # Coordinated names are one answer: 具身智能、人工智能等产业计量测试中心 is two platforms.
        surfaces = {m["label"]: m["surface"] for m in found["mentions"]}
        for platform in scored(answer["platforms"]):
            same = [one for one in found["platforms"] if meets(platform, one["name"]) or meets(platform, surfaces.get(one["name"], ""))]
            kind = KINDS.get(platform["name"], platform["kind"])
            assert (kind, platform["status"]) in [(one["kind"], one["status"]) for one in same], platform["name"]
            count += 1
        for one in found["platforms"]:
            assert any(meets(platform, one["name"]) or meets(platform, surfaces[one["name"]]) for platform in answer["platforms"]), one
    assert count == 28


def labels_of_action(label: str, known: Knowledge) -> set[str]:
    node = next(action.node for action in known.vocabulary.actions if action.label == label)
    return {action.verb for action in known.vocabulary.actions if action.node == node} | {label}


def test_every_must_milestone_is_promised(rows: list[tuple[Item, Item]], known: Knowledge) -> None:
    count = 0
    for found, answer in rows:
        for milestone in answer["milestones"]["must"]:
            same = [
                one
                for one in found["milestones"]
                if one["in"] == milestone["in"] and (one["evidence"] in milestone["evidence"] or milestone["evidence"] in one["evidence"])
            ]
            assert any(milestone["action"] in labels_of_action(one["action"], known) for one in same), milestone
            assert any(alike(one["object"], milestone["object"]) for one in same), milestone
            count += 1
    assert count == 14


def test_no_milestone_of_a_target_is_promised_beyond_the_answers(rows: list[tuple[Item, Item]]) -> None:
    found_in_all = 0
    for found, answer in rows:
        known = [one["evidence"] for kind in ("must", "may") for one in answer["milestones"][kind]]
        for milestone in (one for one in found["milestones"] if one["in"] != "text"):
            assert any(milestone["evidence"] in one or one in milestone["evidence"] for one in known), milestone
            found_in_all += 1
    assert found_in_all >= 40


def test_milestones_of_the_texts_of_tasks(rows: list[tuple[Item, Item]]) -> None:
    """The annotators looked at targets alone; these were read in the texts, every one of the 74."""
    said = {(f["no"], m["action"], m["object"]) for f, _ in rows for m in f["milestones"] if m["in"] == "text"}
    with (Path(__file__).parents[1] / "data/gold/text_milestones.tsv").open(encoding="utf-8", newline="") as file:
        read = {(row["no"], row["action"], row["object"]) for row in csv.DictReader(file, delimiter="\t")}
    assert said == read


def test_themes_hold_every_must_theme_and_none_beyond_may(rows: list[tuple[Item, Item]]) -> None:
    # Themes that the annotators had no name for are none of their answers.
    beyond, asked = 0, {theme["id"] for theme in ANSWERS["theme_vocabulary"]}
    for found, answer in rows:
        assert set(answer["themes"]["must"]) <= set(found["themes"]), answer["no"]
        free = {*answer["themes"]["must"], *answer["themes"]["may"], "ai-as-means"}
        beyond += len((set(found["themes"]) & asked) - free)
    assert beyond <= 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("“上品”标志", "上品标志", True),
        ("长三角", "长三角检验检测机构能力验证", False),
        ("CNAS资质", "CNAS资质申请", True),
        ("航空", "交通", False),
    ],
)
def test_names_are_compared_as_said(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same


def test_comparison_sees_a_missing_name() -> None:
    check: Callable[..., int] = matched
    assert check([{"surface": "低空航空器"}, {"surface": "低空飞行器"}], ["低空航空器"]) == 1
