"""The search inside queries: what is a call, what it gives in every place of a query, and that the engine sees no SERVICE of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples
from pyoxigraph import Store as Engine

from graph.errors import BadQueryError, ForbiddenError, NoEvidenceError, SearchError
from graph.proofs.rows.worker_jobs import rows_with_evidence
from graph.sparql.search_hits import with_hits
from graph.sparql.search_service import mentions_search, refuse_searches, replaced, searches
from graph.sparql.service_guard import calls, relayed
from graph.store.engine import Store
from graph.store.passage_index import beside, passages
from graph.store.passage_text import places, wanted
from graph.store.snapshot import Snapshots
from ontology.names import ID

HEAD = "PREFIX zc: <https://w3id.org/zhengce/def#>\n"
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def store(dataset: Engine, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("data")
    with Snapshots(folder).draft() as draft:
        draft.add(dataset.quads_for_pattern(None, None, None, None))
    current = Snapshots(folder).current()
    assert current is not None
    made = Store.in_memory(dataset)
    made.passages = beside(current.path)
    assert made.passages is not None
    return made


def ask(store: Store, query: str) -> Rows:
    text = relayed(with_hits(store, HEAD + query).text)
    answer = store.answer(text)
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [{name: str(getattr(term, "value", term)) for name, term in zip(names, row, strict=True) if term is not None} for row in answer]


def holding(store: Store, text: str) -> set[str]:
    """The passages that hold a text, by reading them all."""
    return {passage for passage, said in passages(store.engine) if places(wanted(text), said)}


def call(text: str = "低空", more: str = "") -> str:
    return f"SERVICE zc:search {{ ?passage zc:query {Literal(text)} {more} }}"


@pytest.mark.parametrize("text", ["低空", "检验检测", "ESG", "2026", "认证", "一", "认证 检测"])
def test_hits_are_the_passages_that_hold_the_text(store: Store, text: str) -> None:
    rows = ask(store, f"SELECT * {{ {call(text, '; zc:score ?score ; zc:count ?count')} }}")
    assert {row["passage"] for row in rows} == holding(store, text)
    assert len(rows) == len({row["passage"] for row in rows})
    assert {row["count"] for row in rows} <= {str(len(rows))}
    assert [float(row["score"]) for row in rows] == sorted((float(row["score"]) for row in rows), reverse=True)


def test_what_a_hit_has_is_of_its_passage(store: Store) -> None:
    shown = "; zc:text ?text ; zc:start ?start ; zc:end ?end ; zc:offsets ?offsets ; zc:highlight ?marked"
    rows = ask(store, f"SELECT * {{ {call(more=shown)} ?passage zc:text ?text }}")
    assert len(rows) == 8
    for row in rows:
        text = row["text"]
        assert text[int(row["start"]) : int(row["end"])] == "低空"
        assert row["marked"].replace("«", "").replace("»", "") == text
        spans = [tuple(map(int, each.split("-"))) for each in row["offsets"].split()]
        assert [text[first:last] for first, last in spans] == ["低空"] * row["marked"].count("«低空»")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?number { SERVICE zc:search { ?p zc:query '低空' ; zc:task ?task } ?task zc:number ?number }",
        "SELECT ?number { SERVICE zc:search { ?t a zc:Task ; zc:query '低空' } ?t zc:number ?number }",
        "SELECT ?number { ?t a zc:Task ; zc:number ?number . SERVICE zc:search { ?t zc:query '低空' } }",
        "SELECT ?number { SERVICE <https://w3id.org/zhengce/def#search> { ?t a zc:Task . ?t zc:query '低空'@zh . } ?t zc:number ?number }",
        "SELECT ?number { service SILENT zc:search {?t a zc:Task;zc:query '''低空''';;zc:passage ?p;} ?t zc:number ?number }",
        "SELECT ?number { ?t zc:number ?number { SELECT ?t { SERVICE zc:search { ?t a zc:Task ; zc:query '低空' } } } }",
        "SELECT ?number { SERVICE zc:search { ?p zc:query '低空' } { ?t zc:statedIn ?p } UNION { ?t zc:hasTarget/zc:statedIn ?p } "
        "?t a zc:Task ; zc:number ?number }",
        "SELECT ?number { GRAPH ?g { SERVICE zc:search { ?t a zc:Task ; zc:query '低空' } ?t zc:number ?number } }",
        "SELECT ?number { ?t a zc:Task ; zc:number ?number FILTER EXISTS { SERVICE zc:search { ?t a zc:Task ; zc:query '低空' } } }",
        "SELECT ?number { { SERVICE zc:search { ?t a zc:Task ; zc:query '低空' } } "
        "UNION { SERVICE zc:search { ?t a zc:Task ; zc:query '没有的词' } } "
        "?t zc:number ?number }",
    ],
)
def test_tasks_come_wherever_the_call_stands(store: Store, query: str) -> None:
    assert {row["number"] for row in ask(store, query)} == {"9", "17", "49", "61"}


def test_optional_minus_and_two_calls(store: Store) -> None:
    every = ask(store, "SELECT ?t ?s { ?t a zc:Task OPTIONAL { SERVICE zc:search { ?t a zc:Task ; zc:query '低空' ; zc:score ?s } } }")
    assert len(every) == 74
    assert sum("s" in row for row in every) == 4
    rest = ask(store, "SELECT ?t { ?t a zc:Task MINUS { SERVICE zc:search { ?t a zc:Task ; zc:query '低空' } } }")
    assert len(rest) == 70
    words = [f"SERVICE zc:search {{ ?t a zc:Task ; zc:query '{each}' }}" for each in ("低空", "金山")]
    one, other, both = ({row["t"] for row in ask(store, f"SELECT ?t {{ {each} }}")} for each in (*words, " ".join(words)))
    assert both == one & other
    assert both
    assert both < one


def test_other_forms_of_query(store: Store) -> None:
    asked = with_hits(store, f"{HEAD}ASK {{ {call()} }}").text
    answer = store.answer(asked)
    assert isinstance(answer, QueryBoolean)
    assert bool(answer)
    made = store.answer(with_hits(store, f"{HEAD}CONSTRUCT {{ ?passage zc:score ?s }} WHERE {{ {call(more='; zc:score ?s')} }}").text)
    assert isinstance(made, QueryTriples)
    assert len(list(made)) == 8


def test_limit_cuts_and_the_count_tells(store: Store) -> None:
    rows = ask(store, f"SELECT * {{ {call('认证', '; zc:limit 3 ; zc:count ?n')} }}")
    assert len(rows) == 3
    assert {int(row["n"]) for row in rows} == {len(holding(store, "认证"))} != {3}
    tasks = ask(store, "SELECT * { SERVICE zc:search { ?t a zc:Task ; zc:query '认证' ; zc:limit 2 ; zc:count ?n } }")
    assert len(tasks) == 2
    assert int(tasks[0]["n"]) > 2


@pytest.mark.parametrize(
    ("typed", "thing", "near"),
    [
        ("市监局", "agency/shanghai-market-regulation", "true"),
        ("低空航空", "industry/low-altitude-aviation", "false"),
        ("dikonghangkong", "industry/low-altitude-aviation", "false"),
        ("底空航空", "industry/low-altitude-aviation", "true"),
        ("Low-altitude aviation", "industry/low-altitude-aviation", "false"),
    ],
)
def test_things_by_any_spelling_of_a_name(store: Store, typed: str, thing: str, near: str) -> None:
    rows = ask(store, f"SELECT * {{ SERVICE zc:search {{ ?x zc:name {Literal(typed)} ; zc:near ?near ; zc:score ?s ; zc:label ?l }} }}")
    best = max(rows, key=lambda row: float(row["s"]))
    assert (best["x"], best["near"]) == (ID[thing].value, near)
    of_class = ask(store, f"SELECT * {{ SERVICE zc:search {{ ?x a zc:District ; zc:name {Literal(typed)} }} }}")
    assert not any(row["x"] == best["x"] for row in of_class)


INJECTIONS = [
    '" } SERVICE <http://127.0.0.1:1/> { ?a ?b ?c',
    "'; zc:limit 1 } } #",
    '\\" . ?x ?y ?z',
    "\\u0022 } SERVICE <http://127.0.0.1:1/> {",
    '低空" ) } } SELECT * { ?s ?p ?o',
    "a\n} UNION { ?s ?p ?o",
    "«低空» '''\"\"\"",
    "\\",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_text_is_a_text_whatever_it_holds(store: Store, text: str) -> None:
    query = f"{HEAD}SELECT * {{ SERVICE zc:search {{ ?p zc:query {Literal(text)} ; zc:text ?t }} }}"
    try:
        found = searches(query)
    except SearchError:
        assert not any(map(str.isalnum, text))
        return
    except ForbiddenError:
        return
    assert [each.text for each in found] == [text]
    try:
        rows = ask(store, query.removeprefix(HEAD))
    except ForbiddenError:
        # Escapes that would make a call of it, were they resolved first, are refused by the guard.
        assert "\\u" in text
        return
    assert {row["p"] for row in rows} == holding(store, text)


def test_passages_with_quotes_and_calls_in_them_stay_data() -> None:
    engine = Engine()
    nasty = "他说\"好\" } SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } \\u0022 ''' \n低空"
    node = ID["notice/n/passage/1"]
    graph = "https://w3id.org/zhengce/graph/notice/n"
    engine.update(f"{HEAD}INSERT DATA {{ GRAPH <{graph}> {{ {node} a zc:Passage ; zc:text {Literal(nasty)} }} }}")
    store = Store.in_memory(engine)
    text = with_hits(store, f"{HEAD}SELECT ?t {{ {call(more='; zc:text ?t')} }}").text
    assert not [each for each in calls(text) if each.sure]
    (row,) = store.select(text)
    assert row["t"] == Literal(nasty)


NO_CALLS = [
    "SELECT * { ?s ?p 'SERVICE zc:search { ?x zc:query \"a\" }' }",
    "SELECT * { ?s ?p ?o } # SERVICE zc:search { ?x zc:query 'a' }",
    "SELECT * { SERVICE zc:searches { ?x zc:query 'a' } }",
    "SELECT * { SERVICE other:search { ?x zc:query 'a' } }",
    "SELECT * { SERVICE <https://w3id.org/zhengce/def#se\\u0061rch> { ?x zc:query 'a' } }",
    "SELECT * { SERVICE ?search { ?x zc:query 'a' } }",
    "BASE <https://w3id.org/zhengce/def> SELECT * { SERVICE <#search> { ?x zc:query 'a' } }",
]


@pytest.mark.parametrize("query", NO_CALLS)
def test_what_is_no_call_is_left_to_the_guard(store: Store, query: str) -> None:
    text = HEAD + query
    assert with_hits(store, text).text == text
    if "{ SERVICE" in query:
        with pytest.raises(ForbiddenError):
            relayed(text)


REFUSED = {
    "SERVICE zc:search { ?p zc:query ?text }": "string",
    "SERVICE zc:search { ?p zc:score ?s }": "zc:query or zc:name",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:name 'b' }": "zc:query or zc:name",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:query 'b' }": "once",
    "SERVICE zc:search { ?p zc:query '，。' }": "letters",
    "SERVICE zc:search { ?p zc:query '" + "低" * 301 + "' }": "300",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:limit 0 }": "integer",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:limit 10001 }": "integer",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:limit ?n }": "integer",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:bearer ?n }": "zc:highlight",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:text 'b' }": "variable",
    "SERVICE zc:search { ?p zc:query 'a' ; zc:text ?p }": "once",
    "SERVICE zc:search { ?p zc:query 'a' . ?q zc:query 'b' }": "?p",
    "SERVICE zc:search { ?p zc:query 'a' FILTER(?p = 1) }": "“;”",
    "SERVICE zc:search { ?p zc:query 'a' OPTIONAL { ?p zc:text ?t } }": "“;”",
    "SERVICE zc:search { <http://a> zc:query 'a' }": "variable",
    "SERVICE zc:search { ?p a zc:Agency ; zc:query 'a' }": "zc:Task",
    "SERVICE zc:search { ?p a ?c ; zc:query 'a' }": "class",
    "SERVICE zc:search { ?p zc:query/zc:text 'a' }": "",
    "SERVICE zc:search { }": "zc:query",
    "SERVICE zc:search { ?p zc:query 'a' } " * 21: "20",
}


@pytest.mark.parametrize(("body", "word"), REFUSED.items())
def test_what_a_call_cannot_say_is_refused_with_its_place(store: Store, body: str, word: str) -> None:
    with pytest.raises(SearchError) as refused:
        with_hits(store, f"{HEAD}SELECT * {{ {body} }}")
    assert word in refused.value.en
    assert refused.value.line == 2
    assert any("一" <= character <= "鿿" for character in refused.value.zh)


def test_more_hits_than_fit_are_no_silent_cut(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr("graph.sparql.search_hits.MOST", 20)
    with pytest.raises(SearchError, match="zc:limit"):
        ask(store, f"SELECT * {{ {call('认证')} }}")
    assert len(ask(store, f"SELECT * {{ {call('认证', '; zc:limit 20')} }}")) == 20


def test_an_error_after_a_call_is_told_at_its_place(store: Store) -> None:
    text = f"{HEAD}SELECT * {{\n  SERVICE zc:search {{ ?p zc:query '认证' ;\n zc:text ?t }} ?p zc:text ; . }}"
    searched = with_hits(store, text)
    with pytest.raises(BadQueryError) as told:
        store.answer(searched.text)
    moved = searched.moved(told.value, text)
    assert moved.line == 4
    assert moved.column is not None
    assert text.splitlines()[3][moved.column - 2 :].startswith(";") or text.splitlines()[3][moved.column - 1 :].startswith(";")


def test_refused_where_there_is_no_index_of_it() -> None:
    with pytest.raises(SearchError, match="elsewhere"):
        refuse_searches(f"{HEAD}ASK {{ {call()} }}", "在别处", "it is elsewhere")
    refuse_searches(f"{HEAD}ASK {{ ?s ?p 'zc:search SERVICE' }}", "", "")
    assert not mentions_search("ASK { ?s ?p 'research' }")


def test_long_texts_are_read_in_linear_time() -> None:
    def seconds(count: int) -> float:
        text = HEAD + "SELECT * { " + "SERVICE zc:search { ?p zc:query 'a' } " * 20 + "{ ?a ?b ?c } UNION { ?d ?e ?f } " * count + "}"
        began = time.process_time()
        made = replaced(text, lambda _: "{ }")
        assert made.text.count("SELECT * WHERE") == count
        return time.process_time() - began

    seconds(5)
    assert seconds(1000) < 40 * max(seconds(100), 0.01)


# Evidence: a row that rests on a hit rests on the words of its passage.


def test_rows_rest_on_the_words_that_were_found(store: Store) -> None:
    found = rows_with_evidence(
        store, f"{HEAD}SELECT ?number {{ SERVICE zc:search {{ ?t a zc:Task ; zc:query '低空' }} ?t zc:number ?number }}"
    )
    assert len(found.rows) == 4
    assert [each.why_not for each in found.evidence] == [None] * 4
    notes = {note["number"]: note for note in found.notes}
    for each in found.evidence:
        quotes = [notes[number]["evidence"]["quote"] for number in each.notes if notes[number].get("evidence")]
        assert any("低空" in quote for quote in quotes)


def test_names_rest_on_the_vocabulary(store: Store) -> None:
    found = rows_with_evidence(store, f"{HEAD}SELECT ?x {{ SERVICE zc:search {{ ?x zc:name '市监局' }} }}")
    assert [each.why_not for each in found.evidence] == [None]
    assert {note["status"] for note in found.notes} == {"vocabulary"}


def test_evidence_of_very_many_hits_is_refused_by_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.sparql.search_hits.MOST_EVIDENT", 20)
    with pytest.raises(NoEvidenceError, match="zc:limit"):
        rows_with_evidence(store, f"{HEAD}SELECT ?passage {{ {call('检')} }}")


def test_guard_knows_nothing_of_the_search() -> None:
    with pytest.raises(ForbiddenError):
        relayed(f"{HEAD}SELECT * {{ {call()} }}")
    with pytest.raises(ForbiddenError):
        relayed(f"{HEAD}SELECT * {{ {call()} }}", allowed=("*",), relay="http://127.0.0.1:1/x?to=")


def test_node_is_the_one_of_the_graph(store: Store) -> None:
    (hit, *_) = store.select(with_hits(store, f"{HEAD}SELECT ?passage {{ {call()} }}").text)
    assert isinstance(hit["passage"], NamedNode)
