"""How words of the vocabulary are found in a text, and that Turtle alone teaches new ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

import ontology
from api.publication.publish import Built, Knowledge, built
from graph.reasoning.inference import prepare, rules
from graph.validation.validator import validator
from ingest.vocabulary import Vocabulary, vocabulary
from ontology import terms
from ontology.names import GRAPH, ID

SHIPPED = Path(__file__).parents[2] / "ingest" / "notices" / "huzhiban-2026-2.txt"
PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix zc: <https://w3id.org/zhengce/def#> .
@prefix t: <https://w3id.org/zhengce/id/technology/> .
"""


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)]


def found(text: str, known: Vocabulary) -> list[tuple[str, list[str]]]:
    return [(text[hit.start : hit.end], [ID.local(thing) for thing in hit.things]) for hit in known.find(text)]


@pytest.fixture(scope="module")
def small() -> Vocabulary:
    return vocabulary(
        turtle(
            """
            t:chip a zc:Technology ; skos:prefLabel "芯片"@zh , "Chip"@en .
            t:car-chip a zc:Technology ; skos:prefLabel "汽车芯片"@zh .
            t:chip-centre a zc:Technology ; skos:prefLabel "芯片中心"@zh .
            t:ai a zc:Technology ; skos:prefLabel "AI"@zh ; skos:altLabel "Agent"@en , "LLM"@en .
            t:chemistry a zc:Technology ; skos:prefLabel "化学"@zh ; zc:guardPhrase "化学融合"@zh .
            t:one a zc:Technology ; skos:prefLabel "甲中心"@zh ; skos:hiddenLabel "甲、乙中心"@zh .
            t:two a zc:Technology ; skos:prefLabel "乙中心"@zh ; skos:hiddenLabel "甲、乙中心"@zh .
            """
        )
    )


def test_longest_word_wins(small: Vocabulary) -> None:
    assert found("推进汽车芯片检测", small) == [("汽车芯片", ["technology/car-chip"])]


def test_first_of_two_that_overlap_wins(small: Vocabulary) -> None:
    assert found("汽车芯片中心", small) == [("汽车芯片", ["technology/car-chip"])]


def test_guard_phrase_names_nothing(small: Vocabulary) -> None:
    assert found("从“物理整合”到“化学融合”", small) == [("化学融合", [])]
    assert found("化学分析", small) == [("化学", ["technology/chemistry"])]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("AIGC内容", 0),
        ("应用AI技术", 1),
        ("“AI＋检测认证”", 1),
        ("ai和AI", 2),
        ("ＡＩ图像", 1),
        ("LLM", 0),
        ("AI2", 0),
        ("（Agent）", 1),
        ("Agents", 0),
    ],
)
def test_latin_words_are_found_whole_and_english_ones_from_four_letters(text: str, hits: int, small: Vocabulary) -> None:
    assert len(found(text, small)) == hits


def test_coordinated_name_is_two_things(small: Vocabulary) -> None:
    assert found("推动甲、乙中心建设", small) == [("甲、乙中心", ["technology/one", "technology/two"])]


def test_traps_of_the_notice(known: Knowledge) -> None:
    def things(text: str) -> set[str]:
        return {thing for _, named in found(text, known.vocabulary) for thing in named}

    assert "industry/chemicals" not in things("从“物理整合”到“化学融合”的转变") | things("超大规模强化学习")
    assert "theme/state-owned-enterprises" not in things("加强中国企业出海总部服务中心建设")
    assert "organisation/catl-bodies" in things("农产品质量安全检测机构（CATL机构）")
    assert "industry/power-batteries" not in things("CATL机构")
    assert "industry/low-altitude-aviation" not in things("民用航空发动机产业计量测试中心")
    assert "industry/industrial-internet" not in things("检验检测认证产业互联网平台")
    assert "district/changning" not in things("虹桥商务区管委会")


def test_every_unit_name_leads_to_one_body(known: Knowledge) -> None:
    assert known.vocabulary.units["市市场监管局"] == ID["agency/shanghai-market-regulation"]
    assert set(known.vocabulary.official.values()) <= set(known.vocabulary.units.values())


def test_actions_come_with_the_longest_verb_first(known: Knowledge) -> None:
    lengths = [len(action.verb) for action in known.vocabulary.actions]
    assert len(lengths) > 50
    assert lengths == sorted(lengths, reverse=True)


def involved(notice: Built, industry: str) -> set[str]:
    return {
        str(triple.subject.value).rpartition("/")[2]
        for triple in notice.graphs[GRAPH["inferred/huzhiban-2026-2"]]
        if triple.predicate == terms.involvesIndustry
        and triple.object == ID[industry]
        and isinstance(triple.subject, NamedNode)
        and "/target/" not in triple.subject.value
    }


def test_new_surface_form_in_turtle_changes_the_answer(known: Knowledge, notice: Built) -> None:
    added = turtle(
        """
        <https://w3id.org/zhengce/id/industry/low-altitude-aviation> skos:hiddenLabel "数字孪生"@zh .
        t:blank-cheque a zc:Technology ; skos:prefLabel "空白支票"@zh , "Blank cheque"@en ; skos:altLabel "一揽子解决方案"@zh ;
            zc:belongsToIndustry <https://w3id.org/zhengce/id/industry/low-altitude-aviation> .
        """
    )
    said = (*ontology.triples(), *added)
    background = prepare(rules(said), said)
    shapes = validator(ontology.shapes(), (*said, *background.inferred))
    taught = replace(known, vocabulary=vocabulary(said), triples=said, background=background, validator=shapes)
    assert involved(notice, "industry/low-altitude-aviation") == {"9", "17", "49", "61"}
    # 数字孪生 stands in task 29, 一揽子解决方案 in task 46.
    assert involved(built(SHIPPED, taught), "industry/low-altitude-aviation") == {"9", "17", "29", "46", "49", "61"}
