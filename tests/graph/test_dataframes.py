"""A frame has the columns, the rows and the types of the answer, whatever library holds it and wherever the answer is from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pytest
from pyoxigraph import Literal as Value
from pyoxigraph import NamedNode, Quad
from pyoxigraph import Store as Engine

import graph
from graph.dataframes import column
from graph.errors import BadQueryError, StoreError
from graph.store.embedded_store import Store
from graph.store.snapshot import Snapshots
from ontology.names import XSD
from tests.conformance.service import running

TYPED = f"""PREFIX xsd: <{XSD}> SELECT * {{
  VALUES (?whole ?number ?truth ?day ?time ?instant ?text ?iri ?none) {{
    (1 1.5 true "2026-01-02"^^xsd:date "2026-01-02T03:04:05"^^xsd:dateTime "2026-01-02T03:04:05+08:00"^^xsd:dateTime
     "低空"@zh <http://x/> UNDEF)
    (UNDEF 2 false UNDEF UNDEF UNDEF 3 <http://y/> UNDEF)
  }} }}"""
NUMBERS = "SELECT ?s ?n { ?s <urn:n> ?n } ORDER BY ?n"


@pytest.fixture
def store() -> Store:
    engine = Engine()
    engine.extend(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:n"), Value(n)) for n in (1, 2, 3))
    return Store.in_memory(engine)


def test_pandas_has_the_types_of_the_terms(store: Store) -> None:
    frame = graph.frame(TYPED, store)
    kinds = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert kinds == {
        "whole": "Int64",
        "number": "Float64",
        "truth": "boolean",
        "day": "datetime64[s]",
        "time": "datetime64[us]",
        "instant": "datetime64[us, UTC]",
        "text": "string",
        "iri": "string",
        "none": "string",
    }
    assert frame["whole"].tolist()[0] == 1
    assert frame["whole"].isna().tolist() == [False, True]
    assert frame["text"].tolist() == ["低空", "3"]
    assert frame["iri"].tolist() == ["http://x/", "http://y/"]
    assert frame["instant"][0] == pd.Timestamp("2026-01-01T19:04:05Z")
    assert frame["none"].isna().all()


def test_polars_has_the_types_of_the_terms(store: Store) -> None:
    frame = graph.frame(TYPED, store, "polars")
    assert dict(frame.schema) == {
        "whole": pl.Int64,
        "number": pl.Float64,
        "truth": pl.Boolean,
        "day": pl.Date,
        "time": pl.Datetime("us"),
        "instant": pl.Datetime("us", "UTC"),
        "text": pl.String,
        "iri": pl.String,
        "none": pl.String,
    }
    assert frame["whole"].to_list() == [1, None]
    assert frame["number"].sum() == 3.5


@pytest.mark.parametrize(
    ("lexical", "datatype", "kind"),
    [
        ("12", "integer", "whole"),
        ("12", "nonNegativeInteger", "whole"),
        (" 12 ", "integer", "whole"),
        ("1_2", "integer", "text"),
        ("１２", "integer", "text"),
        ("twelve", "integer", "text"),
        (str(2**63), "integer", "number"),
        ("1e3", "double", "number"),
        ("INF", "double", "number"),
        ("infinity", "double", "text"),
        ("yes", "boolean", "text"),
        ("2026-02-30", "date", "text"),
        ("20260102", "date", "text"),
        ("2026-01-02Z", "date", "text"),
        ("12", "string", "text"),
        ("12", "gYear", "text"),
    ],
)
def test_a_term_that_is_not_what_it_says_makes_its_column_text(lexical: str, datatype: str, kind: str) -> None:
    made = column("x", [Value(lexical, datatype=XSD[datatype]), None])
    assert made.kind == kind
    assert made.values[1] is None
    assert kind != "text" or made.values[0] == lexical


def test_one_text_makes_a_column_of_numbers_text_and_nothing_is_lost() -> None:
    made = column("x", [Value(1), Value("about 2"), NamedNode("urn:x")])
    assert (made.kind, made.values) == ("text", ("1", "about 2", "urn:x"))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_no_rows_still_have_columns(store: Store, library: Literal["pandas", "polars"]) -> None:
    frame = graph.frame("SELECT ?a ?b { FILTER(false) }", store, library)
    assert (frame.shape, list(frame.columns)) == ((0, 2), ["a", "b"])


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "SELECT"])
def test_only_a_select_has_a_frame(store: Store, query: str) -> None:
    with pytest.raises(BadQueryError):
        graph.frame(query, store)


def test_a_folder_an_endpoint_and_a_store_give_the_same(store: Store, tmp_path: Path) -> None:
    with Snapshots(tmp_path).draft() as draft:
        draft.add(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:n"), Value(n), NamedNode("urn:g")) for n in (1, 2, 3))
    here, folder = graph.frame(NUMBERS, store), graph.frame(NUMBERS, tmp_path)
    with running(tmp_path) as service:
        served = graph.frame(NUMBERS, f"{service.url}/sparql")
        with pytest.raises(BadQueryError):
            graph.frame("SELECT nonsense", f"{service.url}/sparql")
    assert here["n"].tolist() == [1, 2, 3]
    pd.testing.assert_frame_equal(here, folder)
    pd.testing.assert_frame_equal(here, served)


def test_what_gives_no_answer_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        graph.frame(NUMBERS, "http://127.0.0.1:1/sparql")
    with pytest.raises(StoreError):
        graph.frame(NUMBERS, tmp_path)


def test_a_library_that_is_missing_is_named_with_where_it_comes_from(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ModuleNotFoundError, match="polars") as raised:
        graph.frame(NUMBERS, store, "polars")
    assert any("zhengce[frames]" in note for note in raised.value.__notes__)
