"""Explanations of triples that people name by keys and names, as text, JSON and Turtle."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from pyoxigraph import Store as Engine

from graph.errors import AmbiguousNameError, BadTermError, NotProvableError, UnknownNameError
from graph.proofs.why import _KINDS, answer, named_triple, why
from graph.store.embedded_store import Store
from ontology import terms
from ontology.names import GRAPH, ID, PROV, RDF, SKOS, TYPE

TASK = ID["notice/huzhiban-2026-2/task/9"]
LOW_ALTITUDE = ("task/9", "involvesIndustry", "industry/low-altitude-aviation")


@pytest.fixture
def store(dataset: Engine) -> Store:
    return Store(dataset)


def told(store: Store, *words: str) -> dict[str, Any]:
    said = json.loads(answer(store, (words[0], words[1], words[2]), "json"))
    assert isinstance(said, dict)
    return said


@pytest.mark.parametrize(
    "words",
    [
        LOW_ALTITUDE,
        ("notice/huzhiban-2026-2/task/9", "zc:involvesIndustry", "id:industry/low-altitude-aviation"),
        ("任务9", "涉及行业", "低空航空"),
        ("Task 9", "involves industry", "Low-altitude aviation"),
        ("task 9", "involves industry", "low-altitude aviation"),
        ("9", "involvesIndustry", "low-altitude-aviation"),
        (f"<{TASK.value}>", terms.involvesIndustry.value, "<https://w3id.org/zhengce/id/industry/low-altitude-aviation>"),
    ],
)
def test_words_name_the_triple(store: Store, words: tuple[str, str, str]) -> None:
    assert named_triple(store, *words) == Triple(TASK, terms.involvesIndustry, ID["industry/low-altitude-aviation"])


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("task/9", "number", "9"), Literal("9")),
        (("task/9", "position", "9"), Literal(9)),
        (
            ("task/9", "horizonStart", '"2025-01-01"^^xsd:date'),
            Literal("2025-01-01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")),
        ),
        (("task/9", "rdfs:label", '"任务9"@zh'), Literal("任务9", language="zh")),
        (("task/9", "a", "Task"), terms.Task),
        (("沪质办〔2026〕2号", "hasTask", "task/9"), TASK),
        (("task/9", "dcterms:isPartOf", "notice/huzhiban-2026-2"), ID["notice/huzhiban-2026-2"]),
    ],
)
def test_object_is_a_value_or_a_thing_as_the_store_has_it(store: Store, words: tuple[str, str, str], value: object) -> None:
    assert named_triple(store, *words).object == value
    assert why(store, *words).proof.graphs


@pytest.mark.parametrize(
    "words",
    [("task/900", "number", "9"), ("task/9", "hasNothing", "9"), ("task/9", "involvesIndustry", "低空航天"), ("task/9", "a", "\udc80")],
)
def test_word_that_names_nothing_is_said(store: Store, words: tuple[str, str, str]) -> None:
    with pytest.raises(UnknownNameError) as caught:
        named_triple(store, *words)
    assert caught.value.word in {*words, "?"}


def test_word_that_names_several_things_of_which_it_is_true_is_said() -> None:
    engine = Engine()
    for key in "abcdefghijkl":
        for predicate, value in ((TYPE, terms.Notice), (SKOS["related"], ID["x/y"])):
            engine.add(Quad(ID[f"notice/{key}"], TYPE, terms.Notice, GRAPH[f"notice/{key}"]))
            engine.add(Quad(ID["notice/b"], SKOS["member"], ID[f"notice/{key}/task/1"], GRAPH["notice/b"]))
            engine.add(Quad(ID[f"notice/{key}/task/1"], predicate, value, GRAPH[f"notice/{key}"]))
    with pytest.raises(AmbiguousNameError) as caught:
        named_triple(Store(engine), "task/1", "skos:related", "x/y")
    assert caught.value.things[:2] == ("notice/a/task/1", "notice/b/task/1")
    assert len(caught.value.things) == 12
    with pytest.raises(AmbiguousNameError):
        named_triple(Store(engine), "notice/b", "skos:member", "task/1")
    assert named_triple(Store(engine), "notice/b/task/1", "skos:related", "x/y").subject == ID["notice/b/task/1"]


def test_what_does_not_hold_and_what_is_no_iri_are_refused(store: Store) -> None:
    with pytest.raises(NotProvableError):
        why(store, "task/1", "involvesIndustry", "industry/low-altitude-aviation")
    with pytest.raises(BadTermError):
        why(store, "<not an iri>", "involvesIndustry", "industry/low-altitude-aviation")


def test_text_ends_at_the_quoted_word_of_target_9_2_with_line_and_column(store: Store) -> None:
    zh, en = (answer(store, LOW_ALTITUDE, "text", language).decode() for language in ("zh", "en"))
    assert zh.startswith("任务9 — 涉及行业 → 低空航空    【推出】\n   依据公理（属性链）：提及 ∘ 所属行业 ⊑ 涉及行业")
    assert "原文“eVTOL”：任务9目标2，“2026年工作目标”栏，第 86 行第 83 列，全文偏移 1965–1970，沪质办〔2026〕2号\n" in zh
    assert en.startswith(
        "Task 9 — involves industry → Low-altitude aviation    [inferred]\n   by the axiom (property chain): mentions ∘ belongs"
    )
    assert "“eVTOL”: Target 9.2, column 2026年工作目标, line 86, column 83, offsets 1965–1970 of 沪质办〔2026〕2号\n" in en


def test_json_has_axiom_premises_evidence_and_the_other_ways(store: Store) -> None:
    said = told(store, *LOW_ALTITUDE)
    assert said["status"] == "inferred"
    assert said["axiom"]["text"]["short"] == "zc:mentions ∘ zc:belongsToIndustry ⊑ zc:involvesIndustry"
    assert said["axiom"]["file"] == "commitment.ttl"
    assert [premise["status"] for premise in said["premises"]] == ["inferred", "stated"]
    assert said["premises"][1]["evidence"]["file"] == "platforms.ttl"
    assert said["alternatives"] == len(said["others"]) == 5
    quote = said["premises"][0]["premises"][2]["evidence"]
    assert (quote["kind"], quote["quote"], quote["line"], quote["column"]) == ("quote", "低空航空器适航审定检测中心", 84, 16)


def test_unit_first_listed_rests_on_class_and_position(store: Store) -> None:
    said = told(store, "task/9/responsibility/1", "a", "FirstListedResponsibility")
    assert said["axiom"]["text"]["short"] == "zc:FirstListedResponsibility ≡ (zc:Responsibility ⊓ ∃zc:position.{1})"
    assert [premise["triple"]["predicate"]["short"] for premise in said["premises"]] == ["rdf:type", "zc:position"]


def test_turtle_derives_statements_from_statements_and_quotes(store: Store) -> None:
    graph = {quad.triple for quad in parse(answer(store, LOW_ALTITUDE, "turtle"), RdfFormat.TURTLE)}
    root = {one.subject for one in graph if one.predicate == RDF["object"] and one.object == ID["industry/low-altitude-aviation"]}
    derived = {(one.subject, one.object) for one in graph if one.predicate == PROV["wasDerivedFrom"]}
    reached = set(root)
    while more := {source for result, source in derived if result in reached} - reached:
        reached |= more
    quoted = {one.object.value for one in graph if one.predicate == PROV["value"] and one.subject in reached}
    assert "低空航空器适航审定检测中心" in quoted
    statements = {one.subject for one in graph if one.predicate == TYPE and one.object == RDF["Statement"]}
    assert len(statements) == 6 + 2
    assert all(len({one for one in graph if one.subject == node and one.predicate == RDF["object"]}) == 1 for node in statements)


def test_everything_told_of_a_stated_fact_is_its_evidence(store: Store) -> None:
    said = told(store, "task/9", "number", "9")
    assert (said["status"], said["others"]) == ("stated", [])
    assert said["graphs"] == ["https://w3id.org/zhengce/graph/notice/huzhiban-2026-2"]
    assert (said["evidence"]["quote"], said["evidence"]["heading"]) == ("9", "序号")


def test_keys_of_the_json_are_those_of_the_docs(store: Store) -> None:
    page = (Path(__file__).parents[3] / "docs" / "proofs.md").read_text("utf-8")
    rows = [line for line in page.partition('<a id="why-not">')[0].splitlines() if line.startswith("| `")]
    values = {"zh", "en", "inferred", "stated", "read", "quote", "passage", "vocabulary"}
    asked = (
        LOW_ALTITUDE,
        ("task/9", "zc:horizonEnd", "2027-12-31"),
        ("task/9", "rdfs:label", "任务9"),
        ("place/china", "owl:sameAs", "http://www.wikidata.org/entity/Q148"),
    )
    said = {key for words in asked for key in _keys(told(store, *words))}
    assert said - values == {key for row in rows for key in re.findall(r"`(\w+)`", row)} - values


def _keys(said: object) -> Iterator[str]:
    if isinstance(said, list):
        for each in said:
            yield from _keys(each)
    if isinstance(said, dict):
        for key, value in said.items():
            yield key
            yield from _keys(value)


def test_a_period_that_no_page_prints_is_read_and_not_stated(store: Store) -> None:
    said = told(store, "task/9", "zc:horizonEnd", "2027-12-31")
    assert said["status"] == "read"
    assert said["rule"]["short"] == "rule/period-of-plan"
    assert all(said["rule"]["definition"].values())
    assert [basis["quote"] for basis in said["bases"]] == ["2025—2027年"]
    zh, en = (answer(store, ("task/9", "zc:horizonEnd", "2027-12-31"), "text", language).decode() for language in ("zh", "en"))
    assert "读法，原文未印" in zh
    assert "【陈述】" not in zh
    assert "read, not printed" in en


def test_a_period_that_the_title_prints_is_stated(store: Store) -> None:
    said = told(store, "notice/huzhiban-2026-2", "zc:horizonEnd", "2026-12-31")
    assert (said["status"], said["evidence"]["quote"]) == ("stated", "2026年")


def test_a_reading_is_prov_with_the_rule_as_its_plan(store: Store) -> None:
    graph = set(parse(answer(store, ("task/9", "zc:horizonEnd", "2027-12-31"), "turtle"), RdfFormat.TURTLE))
    assert any(quad.predicate == PROV["hadPlan"] and quad.object == ID["rule/period-of-plan"] for quad in graph)


def test_a_slice_is_read_from_both_figures(store: Store) -> None:
    said = told(store, "task/49/quantity/2", "zc:sliceOf", "task/49/quantity/1")
    assert (said["status"], said["rule"]["short"], len(said["bases"])) == ("read", "rule/slice-of-plan-figure", 2)


def test_a_key_may_leave_out_each_kind_that_the_vocabulary_has(store: Store) -> None:
    """Of every kind of curated thing some are found without it, and those that are found are the right ones."""
    named: dict[str, list[str]] = {}
    for quad in store.engine.quads_for_pattern(None, SKOS["prefLabel"], None, GRAPH["vocabulary"]):
        kind, _, key = getattr(quad.subject, "value", "").removeprefix(ID).partition("/")
        if kind in _KINDS and key and isinstance(quad.object, Literal) and quad.object.language == "zh":
            named.setdefault(kind, []).append(key)
    assert set(_KINDS) - set(named) <= {"notice"}

    def found(kind: str, key: str) -> bool:
        try:
            triple = named_triple(store, key, "a", f"<{SKOS['Concept'].value}>")
        except AmbiguousNameError:
            return False
        return triple.subject == ID[f"{kind}/{key}"]

    assert [kind for kind, keys in named.items() if not any(found(kind, key) for key in keys)] == []
