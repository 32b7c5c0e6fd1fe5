"""The forms of SPARQL: what each row of a small graph rests on, and what is refused."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Store as Engine

from graph.errors import NoEvidenceError
from graph.proofs.rows.answer import EvidencedRows, evidenced
from graph.proofs.rows.scopes import plan
from graph.proofs.rows.witnesses import RowLimits
from graph.proofs.rows.worker_jobs import rows_with_evidence
from graph.store.engine import DatasetOf, Store

HEAD = "PREFIX : <urn:x:>\n"
DATA = """
:a :knows :b ; :age 3 ; :name "A" . :b :knows :c ; :age 5 ; :name "B" . :c :knows :d ; :age 5 . :d :age 9 .
:a :likes :x . :b :likes :x , :y . :c :likes :z .
:x :part :w . :y :part :w . :w :part :v .
"""


@pytest.fixture(scope="module")
def store() -> Store:
    engine = Engine()
    read = parse(f"PREFIX : <urn:x:>\n{DATA}".encode(), RdfFormat.TURTLE)
    engine.extend(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:g:one")) for quad in read)
    return Store.in_memory(engine)


def facts(found: EvidencedRows) -> list[set[str]]:
    """The facts of each row, as short words."""
    notes = {note["number"]: note["triple"] for note in found.notes}

    def word(said: dict[str, str]) -> str:
        return said["value"].removeprefix("urn:x:")

    return [
        {" ".join(word(notes[number][part]) for part in ("subject", "predicate", "object")) for number in each.notes}
        for each in found.evidence
    ]


CASES = {
    "plain": ("SELECT ?o { :a :knows ?o }", [{"a knows b"}]),
    "two patterns": ("SELECT ?o { :a :knows/:knows ?o }", [{"a knows b", "b knows c"}]),
    "inverse": ("SELECT ?s { :b ^:knows ?s }", [{"a knows b"}]),
    "alternative": ("SELECT ?o { :a :nothing|:likes ?o }", [{"a likes x"}]),
    "one or more": (
        "SELECT ?o { :a :knows+ ?o } ORDER BY ?o",
        [{"a knows b"}, {"a knows b", "b knows c"}, {"a knows b", "b knows c", "c knows d"}],
    ),
    "none or more": (
        "SELECT ?o { :x :part* ?o } ORDER BY DESC(?o)",
        [{"x part w"}, {"x part w"}, {"x part w", "w part v"}],
    ),
    "none or one": ("SELECT ?o { :b :likes ?o . ?o :part? :y }", [{"b likes y"}]),
    "a path in a path": ("SELECT ?o { :b (:likes/:part)+ ?o }", [{"b likes x", "x part w"}]),
    "an inverse repeated": ("SELECT ?o { :c (^:knows)+ ?o } ORDER BY ?o", [{"a knows b", "b knows c"}, {"b knows c"}]),
    "a negated path": ("SELECT ?o { :a !(:age|:name|:likes) ?o }", [{"a knows b"}]),
    "a variable predicate": ("SELECT ?p { :a ?p :b }", [{"a knows b"}]),
    "a blank node": ("SELECT ?s { ?s :likes [ :part :w ] ; :age 3 }", [{"a likes x", "x part w", "a age 3"}]),
    "optional, there": ("SELECT ?n { :b :age ?x OPTIONAL { :b :name ?n } }", [{"b age 5", "b name B"}]),
    "optional, not there": ("SELECT ?n { :c :age ?x OPTIONAL { :c :name ?n } }", [{"c age 5"}]),
    "optional with a condition": ("SELECT ?n { ?s :age ?x OPTIONAL { ?s :name ?n FILTER(?x > 4) } } ORDER BY ?x ?s LIMIT 1", [{"a age 3"}]),
    "union": ("SELECT ?v { { :a :likes ?v } UNION { :c :likes ?v } } ORDER BY ?v", [{"a likes x"}, {"c likes z"}]),
    "filter": ("SELECT ?s { ?s :age ?x FILTER(?x > 5 && ?x IN (9, 10)) }", [{"d age 9"}]),
    "exists": ("SELECT ?s { ?s :likes :y FILTER EXISTS { ?s :knows ?other } }", [{"b likes y", "b knows c"}]),
    "exists that sees outside": (
        "SELECT ?s { ?s :age ?x FILTER EXISTS { ?other :knows ?s ; :age ?y FILTER(?y < ?x) } } ORDER BY ?s",
        [{"b age 5", "a knows b", "a age 3"}, {"d age 9", "c knows d", "c age 5"}],
    ),
    "exists in an or": ("SELECT ?s { ?s :age ?x FILTER(?x > 100 || EXISTS { ?s :likes :z }) }", [{"c age 5", "c likes z"}]),
    "not exists": ("SELECT ?s { ?s :age ?x FILTER NOT EXISTS { ?s :knows ?o } }", [{"d age 9"}]),
    "minus": ("SELECT ?s { ?s :age ?x MINUS { ?s :knows ?o } }", [{"d age 9"}]),
    "bind": ("SELECT ?y { :a :age ?x BIND(?x + 1 AS ?y) }", [{"a age 3"}]),
    "an expression shown": ("SELECT (STRLEN(?n) AS ?l) { :a :name ?n }", [{"a name A"}]),
    "values": ("SELECT ?s ?o { VALUES (?s ?o) { (:a UNDEF) } ?s :knows ?o }", [{"a knows b"}]),
    "values at the end": ("SELECT ?s { ?s :knows ?o } VALUES ?o { :b }", [{"a knows b"}]),
    "a graph": ("SELECT ?g { GRAPH ?g { :a :knows :b } }", [{"a knows b"}]),
    "a graph by name": ("SELECT ?o { GRAPH <urn:g:one> { :a :knows ?o } }", [{"a knows b"}]),
    "count": ("SELECT (COUNT(?o) AS ?n) { :b :likes ?o }", [{"b likes x", "b likes y"}]),
    "group": ("SELECT ?x (COUNT(*) AS ?n) { ?s :age ?x } GROUP BY ?x ORDER BY ?x", [{"a age 3"}, {"b age 5", "c age 5"}, {"d age 9"}]),
    "group by what is not shown": (
        "SELECT (COUNT(*) AS ?n) { ?s :likes ?o } GROUP BY ?s HAVING(COUNT(*) > 1)",
        [{"b likes x", "b likes y"}],
    ),
    "group by an expression": (
        "SELECT ?odd (SUM(?x) AS ?sum) { ?s :age ?x FILTER(?x < 9) } GROUP BY (?x > 4 AS ?odd) ORDER BY ?odd",
        [{"a age 3"}, {"b age 5", "c age 5"}],
    ),
    "joined": ('SELECT (GROUP_CONCAT(?o; SEPARATOR="|") AS ?all) { :b :likes ?o }', [{"b likes x", "b likes y"}]),
    "a sub-select": ("SELECT ?o { { SELECT ?s { ?s :age 3 } } ?s :knows ?o }", [{"a age 3", "a knows b"}]),
    "hidden variables of one name": (
        "SELECT ?s { { SELECT ?s { ?s :knows ?hidden } } ?s :likes ?hidden . ?hidden :part :w . ?s :age 3 }",
        [{"a knows b", "a likes x", "x part w", "a age 3"}],
    ),
    "a grouped sub-select": (
        "SELECT ?s ?n { ?s :age 5 { SELECT ?s (COUNT(?o) AS ?n) { ?s :likes ?o } GROUP BY ?s } } ORDER BY ?s",
        [{"b age 5", "b likes x", "b likes y"}, {"c age 5", "c likes z"}],
    ),
    "the largest": (
        "SELECT ?s { ?s :age ?m { SELECT (MAX(?x) AS ?m) { ?t :age ?x } } }",
        [{"d age 9", "a age 3", "b age 5", "c age 5"}],
    ),
    "two independent sub-selects": (
        "SELECT ?n ?m { { SELECT (COUNT(*) AS ?n) { ?s :name ?o } } { SELECT (COUNT(*) AS ?m) { ?s :likes :x } } }",
        [{"a name A", "b name B", "a likes x", "b likes x"}],
    ),
    "a limited sub-select": ("SELECT ?o { { SELECT ?s { ?s :age ?x } ORDER BY DESC(?x) LIMIT 1 } ?s :age ?o }", [{"d age 9"}]),
    "distinct": ("SELECT DISTINCT ?o { ?s :likes ?o . ?o :part :w } ORDER BY ?o LIMIT 1", [{"a likes x", "x part w"}]),
    "an offset": ("SELECT ?x { ?s :age ?x } ORDER BY ?x OFFSET 3", [{"d age 9"}]),
}


@pytest.mark.parametrize(("query", "expected"), CASES.values(), ids=CASES)
def test_a_row_rests_on_what_its_patterns_matched(query: str, expected: list[set[str]], store: Store) -> None:
    found = rows_with_evidence(store, HEAD + query)
    assert [each.why_not for each in found.evidence] == [None] * len(expected)
    assert facts(found) == expected


def test_other_witnesses_are_listed_the_smallest_first(store: Store) -> None:
    found = rows_with_evidence(store, f"{HEAD}SELECT DISTINCT ?w {{ ?s :likes/:part ?w }}")
    (evidence,) = found.evidence
    assert len(evidence.notes) == 2
    assert len(evidence.others) == 2
    assert evidence.more == 0


def test_what_must_not_be_there_is_told(store: Store) -> None:
    found = rows_with_evidence(store, f"{HEAD}SELECT ?s {{ ?s :age ?x FILTER NOT EXISTS {{ ?s :knows ?o }} MINUS {{ ?s :likes :q }} }}")
    assert len(found.examined) == 2
    assert {"<urn:x:knows>" in each for each in found.examined} == {True, False}


REFUSED = {
    "ASK { ?s ?p ?o }": "SELECT",
    "CONSTRUCT WHERE { ?s ?p ?o }": "SELECT",
    "SELECT (RAND() AS ?r) { ?s ?p ?o }": "RAND",
    "SELECT ?s { ?s ?p ?o FILTER(NOW() > 1) }": "NOW",
    "SELECT ?s { SERVICE <urn:s> { ?s ?p ?o } }": "SERVICE",
    "SELECT ?s { GRAPH ?g { { SELECT ?s { ?s ?p ?o } } ?s ?q ?r } }": "GRAPH",
    "SELECT ?s { ?s !(:a|^:b) ?o }": "inverse",
    f"SELECT ?s {{ ?s ?p {', '.join(['?o'] * 20_000)} }}": "characters",
    f"SELECT ?s {{ ?s ?p ?o FILTER({'(' * 400}1{')' * 400} = 1) }}": "",
}


@pytest.mark.parametrize(("query", "part"), REFUSED.items())
def test_a_part_without_evidence_is_named(query: str, part: str) -> None:
    with pytest.raises(NoEvidenceError) as refused:
        plan(HEAD + query)
    assert part in refused.value.part["en"]
    assert any("一" <= character <= "鿿" or character.isupper() for character in refused.value.part["zh"])


def test_names_that_are_added_are_of_no_variable_of_the_query(store: Store) -> None:
    found = rows_with_evidence(
        store, f"{HEAD}SELECT ?zz1 {{ {{ :a :likes ?zz1 }} UNION {{ :c :likes ?zz1 }} OPTIONAL {{ ?zz1 :part ?zzb }} }} ORDER BY ?zz1"
    )
    assert facts(found) == [{"a likes x", "x part w"}, {"c likes z"}]


# Limits: what is left out is told, and nothing is given out that does not hold.


def test_rows_beyond_the_limit_have_none(store: Store) -> None:
    found = rows_with_evidence(store, f"{HEAD}SELECT ?s {{ ?s :age ?x }} ORDER BY ?x", RowLimits(rows=2))
    assert [each.why_not is None for each in found.evidence] == [True, True, False, False]
    assert found.shown == 2


@pytest.mark.parametrize(
    ("limits", "word"),
    [(RowLimits(seconds=-1), "time"), (RowLimits(facts=1), "facts"), (RowLimits(notes=1), "facts"), (RowLimits(solutions=1), "again")],
)
def test_a_group_that_is_too_large_has_none(limits: RowLimits, word: str, store: Store) -> None:
    found = rows_with_evidence(store, f"{HEAD}SELECT (COUNT(*) AS ?n) {{ :b :likes ?o }}", limits)
    (evidence,) = found.evidence
    assert evidence.why_not is not None
    assert word in evidence.why_not[1]
    assert not found.notes


def test_a_dataset_of_the_request_is_the_one_that_is_read(store: Store) -> None:
    asked = f"{HEAD}SELECT ?o {{ :a :knows ?o }}"
    other = evidenced(store, asked, plan(asked), DatasetOf.of(["urn:g:other"], [], union=False))
    assert other.rows == ()
    same = evidenced(store, asked, plan(asked), DatasetOf.of(["urn:g:one"], [], union=False))
    assert facts(same) == [{"a knows b"}]
    stated = f"{HEAD}SELECT ?o FROM <urn:g:one> {{ :a :knows ?o }}"
    assert facts(rows_with_evidence(store, stated)) == [{"a knows b"}]
