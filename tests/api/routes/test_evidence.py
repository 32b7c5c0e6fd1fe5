"""Rows with evidence through every door: the endpoint, the catalogue, its page, the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import rdflib
import rdflib.query
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from pyoxigraph import Store as Engine

from api.cli.output import print_rows_with_evidence
from api.settings import Settings
from queries import catalogue
from tests.conftest import SHIPPED
from tests.snapshots import published

QUERY = """
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT ?number WHERE {
  ?task a zc:Task ; zc:number ?number ; zc:position ?order ;
        zc:involvesIndustry <https://w3id.org/zhengce/id/industry/low-altitude-aviation> .
} ORDER BY ?order
"""


@pytest.fixture(scope="module")
def folder(dataset: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped notice."""
    made = tmp_path_factory.mktemp("evidence")
    return published(dataset, made)


@pytest.fixture(scope="module")
def notices(folder: Path, open_service: Callable[..., AbstractContextManager[Any]]) -> Iterator[Any]:
    with open_service(folder) as client:
        yield client


def in_file(said: dict[str, Any]) -> bool:
    words, start = str(said["quote"]), int(said["offset"])
    return SHIPPED.read_text("utf-8")[start : start + len(words)] == words


def test_json_has_one_more_member_that_clients_pass_by(notices: Any) -> None:
    plain, reply = notices.ask(QUERY), notices.ask(QUERY, evidence="1")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/sparql-results+json")
    assert reply.json["results"] == plain.json["results"]
    assert reply.json["head"] == plain.json["head"]
    read = parse_query_results(reply.body, QueryResultsFormat.JSON)
    assert isinstance(read, QuerySolutions)
    assert [row["number"].value for row in read] == ["9", "17", "49", "61"]
    other = rdflib.query.Result.parse(io.BytesIO(reply.body), format="json")
    assert [str(row[rdflib.Variable("number")]) for row in other.bindings] == ["9", "17", "49", "61"]


def test_each_row_has_its_proof_down_to_the_words(notices: Any) -> None:
    said = notices.ask(QUERY, evidence="1").json["evidence"]
    assert (said["shown"], len(said["rows"])) == (4, 4)
    notes = {note["number"]: note for note in said["notes"]}
    inferred = [note for number in said["rows"][0]["notes"] if (note := notes[number])["status"] == "inferred"]
    (note,) = inferred
    assert note["triple"]["predicate"]["short"] == "zc:involvesIndustry"
    quotes = list(every_quote(note))
    assert quotes
    assert all(map(in_file, quotes))
    assert {quote["number"] for quote in quotes} == {"沪质办〔2026〕2号"}


def every_quote(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if said.get("evidence") and "quote" in said["evidence"]:
        yield said["evidence"]
    for premise in said.get("premises", ()):
        yield from every_quote(premise)


def test_get_and_post_answer_alike_and_the_second_time_from_what_is_kept(notices: Any) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    posted = notices.send("POST", "/sparql", urlencode({"query": QUERY, "evidence": "1"}).encode(), **form)
    assert posted.status == 200
    assert posted.json == notices.ask(QUERY, evidence="1").json
    raw = notices.send("POST", "/query?evidence=true", QUERY.encode(), Content_Type="application/sparql-query", Accept="text/csv")
    assert raw.body.startswith(b"number,evidence,")


def test_csv_has_columns_and_markdown_has_notes(notices: Any) -> None:
    reply = notices.ask(QUERY, accept="text/csv", evidence="1", lang="en")
    rows = list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))
    assert [row["number"] for row in rows] == ["9", "17", "49", "61"]
    assert all("inferred" in row["evidence"].split() for row in rows)
    assert "“9”: column 序号, line 82" in rows[0]["evidence_quotes"]
    assert {row["evidence_missing"] for row in rows} == {""}
    text = notices.ask(QUERY, accept="text/markdown", evidence="1").body.decode()
    assert text.startswith("| number | 证据 |")
    used, told = set(re.findall(r"\[\^(\d+)\](?!:)", text)), re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE)
    assert used == set(told)
    assert len(told) == len(set(told)) > 4
    assert "属性链" in text


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("ASK { ?s ?p ?o }", 422, "SELECT"),
        ("SELECT (RAND() AS ?x) { ?s ?p ?o } LIMIT 1", 422, "RAND"),
        ("SELECT ?s { ?s ?p ", 400, "SPARQL"),
        ("SELECT ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 422, "SERVICE"),
        ("SELECT ?s { SERV\\u0049CE <http://127.0.0.1:1/> { ?s ?p ?o } }", 422, "SERVICE"),
    ],
)
def test_what_has_no_evidence_is_refused_with_its_part(query: str, status: int, word: str, notices: Any) -> None:
    reply = notices.ask(query, evidence="1")
    assert reply.status == status
    assert word in reply.json["detail_en"]
    assert reply.json["detail_zh"]
    assert status != 422 or word in reply.json["part"]["en"]


def test_a_format_without_evidence_and_a_word_that_is_no_answer_are_refused(notices: Any) -> None:
    assert notices.ask(QUERY, accept="application/sparql-results+xml", evidence="1").status == 406
    assert notices.ask(QUERY, evidence="perhaps").status == 400
    assert "evidence" not in notices.ask(QUERY, evidence="0").json


def test_a_dataset_of_the_request_holds_for_evidence_too(notices: Any) -> None:
    graphs = {"default-graph-uri": ["https://w3id.org/zhengce/graph/notice/huzhiban-2026-2"]}
    assert notices.ask(QUERY, evidence="1", **graphs).json["evidence"]["rows"] == []
    stated = "PREFIX zc: <https://w3id.org/zhengce/def#> SELECT ?n { ?t zc:number ?n } LIMIT 3"
    assert notices.ask(stated, evidence="1", **graphs).json["evidence"]["shown"] == 3


# The catalogue


def test_the_catalogue_gives_evidence_as_json_csv_and_markdown(notices: Any) -> None:
    address = "/queries/tasks-by-industry"
    plain, noted = notices.get(f"{address}.json").json, notices.get(f"{address}.json?evidence=1").json
    assert noted["rows"] == plain["rows"]
    assert noted["evidence"]["shown"] == len(plain["rows"]) == 4
    assert list(notices.get(f"{address}.csv?evidence=1&headings=zh&bom=1").body[:3]) == [0xEF, 0xBB, 0xBF]
    rows = list(csv.DictReader(io.StringIO(notices.get(f"{address}.csv?evidence=1").body.decode(), newline="")))
    assert [row["number"] for row in rows] == ["9", "17", "49", "61"]
    assert all(row["evidence_quotes"] for row in rows)
    for path in (f"{address}.md?lang=en", address):
        reply = notices.get(path, Accept="text/markdown")
        assert (reply.status, reply.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
        assert b"[^1]: " in reply.body
    assert notices.get("/queries.md").body.count(b"\n") == len(catalogue()) + 2
    assert notices.get("/queries/mentions-of-notice.md").status in {404, 422}


@pytest.mark.parametrize(("language", "words"), [("zh", "每一行只凭它的注"), ("en", "Each row comes back from its notes alone")])
def test_the_page_has_footnotes_where_they_are_asked_for(language: str, words: str, notices: Any) -> None:
    path = f"/queries/tasks-by-industry?lang={language}"
    without = notices.get(path, Accept="text/html").body.decode()
    assert "note-1" not in without
    assert "evidence=1" in without
    page = notices.get(f"{path}&evidence=1", Accept="text/html").body.decode()
    assert words in page
    pointed, there = set(re.findall(r'href="#(note-\d+)"', page)), set(re.findall(r'<li id="(note-\d+)"', page))
    assert pointed == there
    quotes = re.findall(r'<q class="evidence" lang="zh-Hans">([^<]*)</q>', page)
    assert len(quotes) > 20
    text = SHIPPED.read_text("utf-8")
    assert all(quote in text for quote in quotes)


# Questions in words


def test_an_answer_in_words_has_its_proofs_where_they_are_asked_for(notices: Any) -> None:
    address = f"/ask?q={quote('哪些任务涉及低空航空')}"
    plain, noted = notices.get(address).json, notices.get(f"{address}&evidence=1").json
    assert "proofs" not in plain
    assert plain["answer"]["tasks"] == noted["answer"]["tasks"] == [9, 17, 49, 61]
    (proof,) = noted["proofs"]
    assert proof["evidence"]["shown"] == len(proof["rows"]) == 4
    quotes = [each for note in proof["evidence"]["notes"] for each in every_quote(note)]
    assert quotes
    assert all(map(in_file, quotes))
    for language, word in (("zh", "推出："), ("en", "inferred: ")):
        assert any(note[language].startswith(word) for note in proof["footnotes"])
        page = notices.get(f"{address}&evidence=1&lang={language}", Accept="text/html").body.decode()
        assert word in page
    assert "evidence=1" in notices.get(address, Accept="text/html").body.decode()


# The command line


@pytest.mark.parametrize("format", ["", "table", "json", "csv", "markdown"])
def test_the_command_line_gives_the_same(format: str, folder: Path, notices: Any, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_rows_with_evidence(QUERY, format, "zh", Settings(data=folder))
    printed = capfdbinary.readouterr().out
    if format == "json":
        assert json.loads(printed) == notices.ask(QUERY, evidence="1").json
    else:
        assert "原文".encode() in printed
        assert "沪质办〔2026〕2号".encode() in printed
