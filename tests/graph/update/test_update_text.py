"""An update on the dataset of its request, without what it may not load, refused where it is none."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from graph.errors import BadQueryError, ForbiddenError
from graph.update.update_text import on_dataset, refuse_addresses, refuse_malformed, without_silent_loads

G, H = NamedNode("http://e/g"), NamedNode("http://e/h")
BOTH = "USING <http://e/g> USING NAMED <http://e/h>"


@pytest.mark.parametrize(
    ("update", "answer"),
    [
        ("DELETE WHERE {?a ?b 1}", f"DELETE {{?a ?b 1}} {BOTH} WHERE {{?a ?b 1}}"),
        ("delete where {?a ?b 1}", f"delete {{?a ?b 1}} {BOTH} where {{?a ?b 1}}"),
        (
            "INSERT {?a ?b 2} WHERE {?a ?b 1}; DELETE WHERE { GRAPH ?g {?a ?b 1} }",
            f"INSERT {{?a ?b 2}} {BOTH} WHERE {{?a ?b 1}}; DELETE {{ GRAPH ?g {{?a ?b 1}} }} {BOTH} WHERE {{ GRAPH ?g {{?a ?b 1}} }}",
        ),
        (
            "DELETE {?a ?b ?c} INSERT {?a ?b 2} WHERE { {?a ?b ?c} }",
            f"DELETE {{?a ?b ?c}} INSERT {{?a ?b 2}} {BOTH} WHERE {{ {{?a ?b ?c}} }}",
        ),
        ("INSERT DATA {<a:a> <a:b> 'WHERE'}", "INSERT DATA {<a:a> <a:b> 'WHERE'}"),
    ],
)
def test_each_where_is_read_over_the_graphs_of_the_request(update: str, answer: str) -> None:
    assert on_dataset(update, [G], [H]) == answer
    refuse_malformed(answer)


def test_without_graphs_the_text_is_as_it_was() -> None:
    for update in ("DELETE WHERE {?a ?b 1}", "WITH <a:b> DELETE {?a ?b 1} WHERE {?a ?b 1}"):
        assert on_dataset(update, [], []) == update
    assert on_dataset("DELETE WHERE {?a ?b 1}", [], [H]) == "DELETE {?a ?b 1} USING NAMED <http://e/h> WHERE {?a ?b 1}"


@pytest.mark.parametrize(
    ("update", "place"),
    [
        ("WITH <a:b> DELETE {?a ?b 1} WHERE {?a ?b 1}", (1, 1)),
        ("DELETE {?a ?b 1}\n USING <a:b> WHERE {?a ?b 1}", (2, 2)),
    ],
)
def test_graphs_of_the_text_and_of_the_request_exclude_each_other(update: str, place: tuple[int, int]) -> None:
    with pytest.raises(BadQueryError, match="exclude each other") as caught:
        on_dataset(update, [G], [])
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    ("update", "answer"),
    [
        ("LOAD SILENT <http://a>", "INSERT DATA {}"),
        (
            "CLEAR ALL ; load silent <http://a> ; LOAD SILENT <http://b> into graph <a:b> ; DROP ALL",
            "CLEAR ALL ; INSERT DATA {}; INSERT DATA {}; DROP ALL",
        ),
        ("LOAD <http://a>", "LOAD <http://a>"),
        ("CLEAR SILENT ALL; LOAD <http://a>", "CLEAR SILENT ALL; LOAD <http://a>"),
        ("INSERT DATA { <a:a> <a:load> 'LOAD SILENT <http://a>' }", "INSERT DATA { <a:a> <a:load> 'LOAD SILENT <http://a>' }"),
        ("DROP ALL", "DROP ALL"),
    ],
)
def test_only_what_is_loaded_in_silence_is_left_out(update: str, answer: str) -> None:
    assert without_silent_loads(update) == answer


def test_what_would_be_loaded_or_asked_is_refused_by_its_keyword_and_address() -> None:
    for update, keyword in (
        ("LOAD <http://a/>", "LOAD"),
        ("INSERT {?a ?b ?c} WHERE { SERVICE <http://a/> {?a ?b ?c} }", "SERVICE"),
    ):
        with pytest.raises(ForbiddenError, match=keyword) as caught:
            refuse_addresses(update)
        assert "<http://a/>" in str(caught.value)
        assert "this service reads no data from other addresses" in str(caught.value)
    refuse_addresses("INSERT DATA { <a:a> <a:b> <http://a/> }")


def test_what_is_no_update_is_malformed_before_it_is_forbidden() -> None:
    with pytest.raises(BadQueryError):
        refuse_addresses("LOAD <http://a/> WHERE {")


@pytest.mark.parametrize(
    ("update", "place"),
    [
        ("INSERT DATA {", (1, 14)),
        ("PREFIX : <a:>\nINSERT DATA { :a :b }", (2, 21)),
        ("# a note\n  DROP GRAF <a:b>", (2, 15)),
        ("DELETE WHERE { ?a ?b ?c } ; nonsense", (1, 35)),
        ("DELETE WHERE { ?a ?b ?c } ;\n nonsense", (2, 8)),
        # What stands before the first operation has not moved.
        ("SELECT * {?a ?b ?c}", (1, 8)),
        ("PREFIX a <a:> INSERT DATA {}", (1, 9)),
    ],
)
def test_the_place_of_a_fault_is_that_in_the_text_as_it_was_sent(update: str, place: tuple[int, int]) -> None:
    with pytest.raises(BadQueryError) as caught:
        refuse_malformed(update)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize("update", ["", "INSERT DATA { <a:a> <a:b> 1 }", "PREFIX : <a:> DELETE WHERE { ?a :b ?c } ; DROP ALL"])
def test_an_update_passes(update: str) -> None:
    refuse_malformed(update)
