"""What changed in an answer: the rows that came and went, and of the facts they rest on those that only one snapshot has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, parse
from pyoxigraph import Store as Engine

from graph.errors import BadQueryError, ForbiddenError, LimitError
from graph.proofs.rows.answer_diff import MOST_ROWS, SHOWN, Comparison, compare, results
from graph.store.embedded_store import DatasetOf, Store

OWN = DatasetOf(union=True, own=True)
UNION = DatasetOf(union=True)
HEAD = """@prefix : <http://example.org/> .
@prefix zc: <https://w3id.org/zhengce/def#> .
@prefix notice: <https://w3id.org/zhengce/graph/notice/> .
@prefix inferred: <https://w3id.org/zhengce/graph/inferred/> .
@prefix graph: <https://w3id.org/zhengce/graph/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
WAS = "notice:x { :a :p 1 . :b :p 2 . :c :p 3 . :c :out true . :a rdfs:label '甲'@zh , 'A'@en }"
IS = "notice:x { :a :p 1 . :b :p 4 . :c :p 3 . :a rdfs:label '甲'@zh , 'A'@en }"
Compare = Callable[..., Any]


def engine(text: str, path: Path | None = None) -> Engine:
    made = Engine(str(path)) if path else Engine()
    made.extend(quad for quad in parse(HEAD + text, RdfFormat.TRIG) if isinstance(quad, Quad))
    return made


@pytest.fixture
def compared(tmp_path: Path) -> Compare:
    """Compares the answers to a query over two graphs, the first of which is on disk, as an earlier snapshot is."""

    def run(query: str, was: str = WAS, now: str = IS, dataset: DatasetOf = OWN, top: int = 0, *, gone: bool = False) -> Any:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        engine(was, folder).flush()
        before = json.loads(results(Store.in_memory(engine(was)), "PREFIX : <http://example.org/> " + query, dataset, top))
        path = "" if gone else str(folder)
        asked = Comparison("PREFIX : <http://example.org/> " + query, dataset, top, before, before, path)
        return json.loads(compare(Store.in_memory(engine(now)), asked))

    return run


def facts(told: Any, row: Any) -> list[str]:
    found = [told["facts"][number] for number in row["facts"]]
    return sorted(
        f"{fact['sign']} {' '.join(fact['triple'][part]['value'].rpartition('/')[2] for part in ('subject', 'predicate', 'object'))}"
        for fact in found
    )


def values(row: Any) -> list[str | None]:
    return [value and value["value"].rpartition("/")[2] for value in row["values"]]


def test_rows_that_came_and_went_with_the_facts_that_did_it(compared: Compare) -> None:
    told = compared("SELECT ?s ?o { ?s :p ?o } ORDER BY ?s")
    assert (told["columns"], told["added_count"], told["removed_count"], told["since"]) == (["s", "o"], 1, 1, [1, 1])
    ((came,), (went,)) = told["added"], told["removed"]
    assert (values(came), facts(told, came), came["reason"]) == (["b", "4"], ["+ b p 4"], None)
    assert (values(went), facts(told, went), went["reason"]) == (["b", "2"], ["- b p 2"], None)


def test_the_same_rows_in_another_order_are_no_change(compared: Compare) -> None:
    told = compared("SELECT ?s { ?s :p ?o } ORDER BY DESC(?o)")
    assert (told["added_count"], told["removed_count"], told["added"], told["facts"]) == (0, 0, [], [])
    assert [each["s"]["value"][-1] for each in told["results"]["results"]["bindings"]] == ["b", "c", "a"]


def test_pieces_joined_in_no_order_are_no_change(compared: Compare) -> None:
    query = 'SELECT (GROUP_CONCAT(?n; SEPARATOR="、") AS ?all) { SELECT ?n { ?s :at ?at ; :name ?n } ORDER BY ?at }'
    was, now = (f"notice:x {{ :a :at {a} ; :name '甲' . :b :at {b} ; :name '乙' }}" for a, b in ((1, 2), (2, 1)))
    told = compared(query, was, now)
    assert (told["added_count"], told["removed_count"]) == (0, 0)
    more = compared(query, was, now.replace("}", ". :c :at 3 ; :name '丙' }"))
    assert (more["added_count"], more["removed_count"]) == (1, 1)
    assert {"+ c name 丙", "+ c at 3"} <= set(facts(more, more["added"][0]))


def test_a_row_twice_is_not_a_row_once(compared: Compare) -> None:
    told = compared("SELECT ?o { ?s :q ?o }", "notice:x { :a :q 1 . :b :q 1 }", "notice:x { :a :q 1 }")
    assert (told["added_count"], told["removed_count"]) == (0, 1)


def test_where_an_absence_did_it_no_fact_is_blamed(compared: Compare) -> None:
    told = compared("SELECT ?s { ?s :p ?o MINUS { ?s :out true } }")
    (came,) = told["added"]
    assert (values(came), came["facts"]) == (["c"], [])
    assert "两个快照里都有" in came["reason"]["zh"]
    assert told["examined"]


def test_an_inferred_fact_is_followed_down_to_what_is_stated(compared: Compare) -> None:
    axiom = "graph:vocabulary { :sub rdfs:subPropertyOf :super }"
    told = compared(
        "SELECT ?s { ?s :super ?o }",
        axiom,
        f"{axiom} notice:x {{ :a :sub :b }} inferred:x {{ :a :super :b }}",
    )
    (came,) = told["added"]
    assert facts(told, came) == ["+ a sub b"]
    assert told["facts"][0]["status_in_words"]["en"]


def mention(start: int, word: str, place: int = 0, thing: str = "aviation", text: str = "发展低空航空") -> str:
    """A target whose passage and mention are named by where they stand, as those of a notice are."""
    return (
        f"notice:x {{ :target zc:statedIn :p{place} . :p{place} zc:text '{text}' ; zc:offset {place} ; zc:line 1 ; zc:column 1 . "
        f":m{place + start} zc:passage :p{place} ; zc:start {start} ; zc:end {start + len(word)} ; "
        f"zc:quote '{word}' ; zc:refersTo :{thing} }}"
    )


INVOLVES = """PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT ?mention ?thing { ?target zc:statedIn ?passage . ?mention zc:passage ?passage ; zc:start ?start ; zc:refersTo ?thing }"""


def test_words_that_stand_elsewhere_by_now_are_not_what_changed(compared: Compare) -> None:
    told = compared(INVOLVES, mention(2, "低空"), mention(2, "低空", place=7))
    assert [row["facts"] for row in (*told["added"], *told["removed"])] == [[], []]
    assert all("位置变了" in row["reason"]["zh"] for row in (*told["added"], *told["removed"]))


def test_the_same_words_read_as_another_thing_are(compared: Compare) -> None:
    told = compared(INVOLVES, mention(2, "低空"), mention(2, "低空", place=7, thing="drones"))
    assert facts(told, told["removed"][0]) == ["- m2 refersTo aviation".replace("refersTo", "def#refersTo")]
    assert facts(told, told["added"][0]) == ["+ m9 def#refersTo drones"]


def test_a_word_that_went_is_not_hidden_by_the_same_word_elsewhere(compared: Compare) -> None:
    other = " notice:x { :other zc:statedIn :q . :q zc:text '低空' ; zc:offset 90 . :n zc:passage :q ; zc:start 0 ; zc:quote '低空' }"
    told = compared(INVOLVES, mention(2, "低空") + other, mention(2, "航空", thing="planes", text="发展航空") + other)
    assert {"- m2 def#refersTo aviation", "- m2 def#passage p0"} & set(facts(told, told["removed"][0]))


@pytest.mark.parametrize(("query", "went"), [("ASK { ?s :out true }", ["true"]), ("CONSTRUCT WHERE { ?s :out ?o }", ["c", "out", "true"])])
def test_truth_values_and_graphs_are_watched_without_evidence(compared: Compare, query: str, went: list[str]) -> None:
    told = compared(query)
    assert values(told["removed"][0]) == went
    assert "SELECT" in told["removed"][0]["reason"]["zh"]


def test_the_most_are_those_that_count_as_much_as_the_last_wanted(compared: Compare) -> None:
    query = "SELECT ?s (COUNT(?o) AS ?n) { ?s :q ?o } GROUP BY ?s ORDER BY DESC(?n) ?s"
    was = "notice:x { :a :q 1 , 2 . :b :q 1 . :c :q 1 }"
    told = compared(query, was, was.replace(":c :q 1", ":c :q 1 , 2"), top=1)
    assert [values(row) for row in told["added"]] == [["c", "2"]]
    assert told["removed"] == []


def test_where_the_earlier_snapshot_is_gone_rows_are_told_all_the_same(compared: Compare) -> None:
    told = compared("SELECT ?s ?o { ?s :p ?o }", gone=True)
    ((came,), (went,)) = told["added"], told["removed"]
    assert (values(went), went["facts"]) == (["b", "2"], [])
    assert "已不保留" in went["reason"]["zh"]
    assert (facts(told, came), bool(came["reason"])) == (["+ b p 4"], True)


def test_graphs_of_others_count_only_where_they_are_read(compared: Compare) -> None:
    now = IS + " :theirs { :b :p 2 }"
    assert compared("SELECT ?s ?o { ?s :p ?o }", now=now)["removed_count"] == 1
    told = compared("SELECT ?s ?o { ?s :p ?o }", now=now, dataset=UNION)
    assert (told["added_count"], told["removed_count"]) == (1, 0)


def test_a_triple_in_two_graphs_is_one(compared: Compare) -> None:
    told = compared(
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "notice:x { :a :p 1 }", "notice:x { :a :p 1 } :theirs { :a :p 1 }", dataset=UNION
    )
    assert (told["added_count"], told["removed_count"]) == (0, 0)


def test_what_the_query_says_it_reads_is_what_is_read(compared: Compare) -> None:
    query = "SELECT ?o FROM <http://example.org/theirs> { ?s :q ?o }"
    told = compared(query, ":theirs { :a :q 1 }", ":theirs { :a :q 1 } notice:x { :a :q 2 }", dataset=UNION)
    assert (told["added_count"], told["removed_count"]) == (0, 0)
    told = compared(query, ":theirs { :a :q 1 }", ":theirs { :a :q 1 , 3 } notice:x { :a :q 2 }", dataset=UNION)
    assert [values(row) for row in told["added"]] == [["3"]]


def test_of_many_rows_the_first_are_told_and_all_are_counted(compared: Compare) -> None:
    many = "notice:x { :a :q " + " , ".join(map(str, range(3 * SHOWN))) + " }"
    told = compared("SELECT ?o { :a :q ?o }", "notice:x { :a :p 1 }", many)
    assert (len(told["added"]), told["added_count"], told["removed_count"]) == (SHOWN, 3 * SHOWN, 0)
    assert len(json.dumps(told)) < 300_000


def test_answers_without_end_are_refused() -> None:
    store = Store.in_memory(engine("notice:x { :a :q " + " , ".join(map(str, range(101))) + " }"))
    with pytest.raises(LimitError, match=f"{MOST_ROWS:,}"):
        results(store, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", UNION)
    with pytest.raises(ForbiddenError):
        results(store, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", UNION)
    with pytest.raises(BadQueryError):
        results(store, "SELECT * {", UNION)
