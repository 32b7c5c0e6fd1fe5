"""Why something is missing: of a small graph the part that fails in each form of query, of the shipped notice what comes nearest."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Store as Engine

from graph.errors import BadQueryError, ForbiddenError, UnknownNameError, WhyNotError
from graph.proofs.why_not import MissingRow, row_explained, triple_explained
from graph.proofs.why_not_text import VERDICTS, lines
from graph.store.embedded_store import DatasetOf, Store
from queries import catalogue

HEAD = "PREFIX : <urn:x:>\n"
DATA = """
:a :knows :b ; :age 3 ; :name "A" . :b :knows :c ; :age 5 ; :name "B" . :c :knows :d ; :age 5 . :d :age 9 .
:a :likes :x . :b :likes :x , :y . :c :likes :z .
:x :part :w . :y :part :w . :w :part :v .
"""
OWN = DatasetOf(union=True, own=True)


@pytest.fixture(scope="module")
def small() -> Store:
    engine = Engine()
    read = parse(f"PREFIX : <urn:x:>\n{DATA}".encode(), RdfFormat.TURTLE)
    engine.extend(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:g:one")) for quad in read)
    return Store.in_memory(engine)


@pytest.fixture(scope="module")
def store(dataset: Engine) -> Store:
    return Store.in_memory(dataset)


def explained(store: Store, thing: str, query: str, variable: str = "") -> dict[str, Any]:
    return row_explained(store, MissingRow(f"<urn:x:{thing}>", HEAD + query, variable))


CASES = {
    "one pattern": ("d", "SELECT ?s { ?s :age ?x ; :knows ?o }", ["?s knows ?o"]),
    "a value": ("a", "SELECT ?s { ?s :age 5 ; :likes :x }", ["?s age 5"]),
    "two of them": ("c", "SELECT ?s { ?s :age 9 ; :likes :y ; :knows ?o }", ["?s age 9", "?s likes :y"]),
    "what joins": ("b", "SELECT ?s { ?s :knows ?o . ?o :likes :x }", ["?o likes :x"]),
    "a path": ("c", "SELECT ?s { ?s :likes/:part ?w }", ["?s (likes)/(part) ?w"]),
    "a condition": ("b", "SELECT ?s { ?s :age ?x FILTER(?x > 5) }", ["FILTER((?x > 5))"]),
    "one of two conditions": ("b", "SELECT ?s { ?s :age ?x FILTER(?x > 2 && ?x < 5) }", ["FILTER((?x < 5))"]),
    "not exists": ("a", "SELECT ?s { ?s :age ?x FILTER NOT EXISTS { ?s :likes :x } }", ["FILTER(NOT EXISTS { ?s likes :x . })"]),
    "minus": ("a", "SELECT ?s { ?s :age ?x MINUS { ?s :likes :x } }", ["MINUS { ?s likes :x . }"]),
    "data": ("d", "SELECT ?s { VALUES ?s { :a :b } ?s :age ?x }", ["VALUES (?s) { (:a) (:b) }"]),
    "a graph": ("a", "SELECT ?s { GRAPH <urn:g:two> { ?s :age ?x } }", ["GRAPH gtwo { ?s age ?x . }"]),
    "what is hidden": ("b", "SELECT ?s { { SELECT ?s { ?s :knows ?o . ?o :age 9 } } }", ["?o age 9"]),
    "what is bound": ("a", "SELECT ?s { ?s :age ?x BIND(?x + 1 AS ?y) FILTER(?y = 5) }", ["FILTER((?y = 5))"]),
}


@pytest.mark.parametrize(("thing", "query", "parts"), CASES.values(), ids=CASES)
def test_the_part_that_fails_is_named(small: Store, thing: str, query: str, parts: list[str]) -> None:
    told = explained(small, thing, query)
    assert told["verdict"] == "parts"

    def bare(text: str) -> str:
        return re.sub(r"urn:x:|\^\^xsd:integer|[^\w?=<>&]", "", text.replace("<urn:", "urn:").replace("urn:g:", "g"))

    assert sorted(bare(each["short"]) for each in told["failed"]) == sorted(map(bare, parts))
    # What holds, holds: with the failed parts gone, the thing is found.
    assert all(each["pattern"] not in {part["pattern"] for part in told["failed"]} for each in told["held"])


def test_of_a_union_each_branch_is_told(small: Store) -> None:
    told = explained(small, "d", "SELECT ?s { ?s :age ?x { ?s :likes :x } UNION { ?s :knows ?o . ?o :age ?y } }")
    (part,) = told["failed"]
    assert part["kind"] == "union"
    assert [[each["short"] for each in branch["failed"]] for branch in part["branches"]] == [
        ["?s urn:x:likes urn:x:x ."],
        ["?s urn:x:knows ?o ."],
    ]
    assert [each["short"] for each in part["branches"][1]["unreached"]] == ["?o urn:x:age ?y ."]


def test_what_does_not_agree_is_told_and_what_is_there_instead(small: Store) -> None:
    told = explained(small, "a", "SELECT ?s { ?s :likes ?o . ?t :likes ?o ; :age 9 }")
    (part,) = told["failed"]
    assert not part["alone"]
    assert part["against"]
    alone = explained(small, "a", "SELECT ?s { ?s :age 5 }")["failed"][0]
    assert alone["alone"]
    assert [note["triple"]["object"]["value"] for note in alone["near"]] == ["3"]
    values = explained(small, "b", "SELECT ?s { ?s :age ?x FILTER(?x > 5) }")["failed"][0]["values"]
    assert values == [{"x": "5"}]
    there = explained(small, "a", "SELECT ?s { ?s :age ?x MINUS { ?s :likes ?o . ?o :part :w } }")["failed"][0]["near"]
    assert {note["triple"]["predicate"]["value"] for note in there} == {"urn:x:likes", "urn:x:part"}


def test_what_is_a_row_or_was_cut_off_is_said(small: Store) -> None:
    assert explained(small, "a", "SELECT ?s { ?s :age ?x }")["verdict"] == "row"
    assert explained(small, "d", "SELECT ?s { ?s :age ?x } ORDER BY ?x LIMIT 2")["verdict"] == "limit"
    assert explained(small, "d", "SELECT ?s (COUNT(*) AS ?n) { ?s :age ?x } GROUP BY ?s HAVING(COUNT(*) > 1)")["verdict"] == "together"


def test_of_a_grouped_sub_select_the_body_and_the_values_are_told(small: Store) -> None:
    query = "SELECT ?s { ?s :age ?x { SELECT ?s (COUNT(?o) AS ?n) { ?s :likes ?o } GROUP BY ?s } FILTER(?n > 1) }"
    (part,) = explained(small, "a", query)["failed"]
    assert part["values"] == [{"n": "1"}]
    (other,) = explained(small, "d", query)["failed"]
    assert other["kind"] == "select"
    assert [each["short"] for each in other["branches"][0]["failed"]] == ["?s urn:x:likes ?o ."]


def test_the_variable_is_that_of_its_kind_or_the_one_that_is_given(small: Store, store: Store) -> None:
    query = "SELECT ?t { ?s :knows ?t ; :age 3 }"
    assert explained(small, "c", query)["variable"] == "t"
    assert explained(small, "c", query, "?s")["variable"] == "s"
    with pytest.raises(WhyNotError, match=r"\?q"):
        explained(small, "c", query, "q")
    assert row_explained(store, MissingRow("task/9", catalogue()["tasks-by-unit"].bind({}), dataset=OWN))["variable"] == "task"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("ASK { ?s ?p ?o }", WhyNotError),
        ("SELECT ?s { ?s ?p }", BadQueryError),
        ("SELECT ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", ForbiddenError),
        ("SELECT (RAND() AS ?r) { ?s ?p ?o }", WhyNotError),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(small: Store, query: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        explained(small, "a", query)


def test_a_name_that_is_nobodys_is_refused(store: Store) -> None:
    with pytest.raises(UnknownNameError):
        row_explained(store, MissingRow("没有这个", catalogue()["tasks"].bind({})))


# The shipped notice.


def test_nearest_industries_and_words_of_a_task(store: Store) -> None:
    told = row_explained(store, MissingRow("task/10", catalogue()["tasks-by-industry"].bind({}), dataset=OWN))
    first = told["failed"][0]
    assert "zc:involvesIndustry" in first["short"]
    assert first["alone"]
    near = {note["triple"]["object"]["label"]["zh"] for note in first["near"]}
    assert near
    assert near <= {"汽车", "传感器", "电子信息", "汽车芯片", "人工智能", "集成电路", "先进封装"}
    assert all(note["status"] == "inferred" for note in first["near"])
    assert row_explained(store, MissingRow("task/9", catalogue()["tasks-by-industry"].bind({}), dataset=OWN))["verdict"] == "row"


def test_what_excludes_a_task_is_shown_with_its_words(store: Store) -> None:
    told = row_explained(store, MissingRow("task/9", catalogue()["tasks-by-industry-without-unit"].bind({}), dataset=OWN))
    (part,) = told["failed"]
    assert part["kind"] == "absent"
    assert "市市场监管局" in [(note.get("evidence") or {}).get("quote") for note in part["near"]]


def test_a_triple_fails_by_its_rules(store: Store) -> None:
    told = triple_explained(store, ("task/10", "involvesIndustry", "低空航空"))
    assert told["verdict"] == "absent"
    assert told["near"]
    axioms = {rule["axiom"]: rule for rule in told["rules"]}
    rule = axioms["zc:mentions ∘ zc:belongsToIndustry ⊑ zc:involvesIndustry"]
    assert [part["short"] for part in rule["failed"]] == ["?x1 zc:belongsToIndustry industry/low-altitude-aviation ."]
    assert triple_explained(store, ("task/9", "involvesIndustry", "低空航空"))["verdict"] == "holds"


def test_words_that_a_passage_prints_are_found(store: Store) -> None:
    query = "PREFIX zc: <https://w3id.org/zhengce/def#> "
    query += "SELECT ?task { ?task a zc:Task ; zc:text ?text FILTER(CONTAINS(?text, '低空航空经济')) }"
    (part,) = row_explained(store, MissingRow("task/9", query))["failed"]
    best = part["words"][0]
    assert best["text"][best["start"] : best["end"]] == best["quote"] == "低空航空"
    assert not best["whole"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_say_it_in_both_languages(store: Store, language: str) -> None:
    told = row_explained(store, MissingRow("task/10", catalogue()["tasks-by-industry"].bind({}), dataset=OWN))
    said = list(lines(told, language))
    assert said[1] == VERDICTS["parts"][language == "en"]
    assert any(line.startswith("✗") for line in said)
    assert list(lines(triple_explained(store, ("task/10", "involvesIndustry", "低空航空")), language))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, query in catalogue().items() if query.form == "SELECT"])
def test_every_question_of_the_catalogue_can_be_explained(store: Store, name: str) -> None:
    query = catalogue()[name].bind({})
    try:
        told = row_explained(store, MissingRow("task/30", query, dataset=OWN))
    except WhyNotError as error:
        assert "variable" in error.en  # noqa: PT017
        return
    assert told["verdict"] in VERDICTS
    assert told["verdict"] != "parts" or told["failed"]
