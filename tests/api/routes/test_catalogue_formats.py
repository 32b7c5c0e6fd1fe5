"""Answers of the catalogue as workbooks, as pages of rows, with their description, and as the file that other tools read."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import pytest
import yaml  # type: ignore[import-untyped]
from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]
from pyoxigraph import RdfFormat, parse

from api.answers.workbooks import LONGEST, to_xlsx
from graph.errors import LimitError
from queries import catalogue, named
from queries import parse as parse_query

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUESTIONS = ("tasks-by-industry", "quantities", "load-per-unit", "horizons", "annotations", "words-in-targets", "notice-in-figures")
SH = "http://www.w3.org/ns/shacl#"


def lines(client: Any, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(path).body.decode("utf-8-sig"), newline="")))


def sheet(content: bytes) -> list[list[object]]:
    book = load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 2
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("options", ["", "?headings=zh", "?headings=en"])
def test_workbook_opens_elsewhere_and_equals_the_csv(published: Any, name: str, options: str) -> None:
    reply = published.get(f"/queries/{name}.xlsx{options}")
    assert (reply.status, reply.headers["content-type"]) == (200, XLSX)
    assert f'filename="{name}.xlsx"' in reply.headers["content-disposition"]
    found, expected = sheet(reply.body), lines(published, f"/queries/{name}.csv{options}")
    assert len(expected) > 1
    assert [[text(value) for value in row] for row in found] == expected
    assert published.get(f"/queries/{name}?format=xlsx{options.replace('?', '&')}").body == reply.body
    assert sheet(published.get(f"/queries/{name}{options}", Accept=XLSX).body) == found


def test_numbers_are_numbers(published: Any) -> None:
    head, *rows = sheet(published.get("/queries/load-per-unit.xlsx").body)
    assert all(isinstance(row[head.index("tasks")], int) for row in rows)


def test_workbook_has_the_evidence_of_each_row(published: Any) -> None:
    path = "/queries/tasks-by-industry.{}?evidence=1&headings=en"
    found, expected = sheet(published.get(path.format("xlsx")).body), lines(published, path.format("csv"))
    assert [[text(value) for value in row] for row in found] == expected
    assert "eVTOL" in text(found[1][-2])


def test_text_is_never_a_formula_a_link_or_lost() -> None:
    odd: list[str | int | float | None] = [
        "=1+1",
        "http://example.org",
        "+1",
        "@x",
        "00012",
        "\x0b低空\n",
        "1e5",
        " ",
        "𠀀" * 20_000,
        10**20,
        float("inf"),
        1.5,
        None,
        True,
    ]
    made = to_xlsx(["a"], [[value] for value in odd], [("q", "=2")])
    values = [unescape(row[0]) if isinstance(row[0], str) else row[0] for row in sheet(made)][1:]
    assert values[:8] == odd[:8]
    assert values[9:] == [str(10**20), "inf", 1.5, None, True]
    cut = str(values[8])
    assert (len(cut.encode("utf-16-le")) // 2 <= LONGEST, cut.startswith("𠀀" * 1000), "20,000" in cut) == (True, True, True)
    assert made == to_xlsx(["a"], [[value] for value in odd], [("q", "=2")])
    cells = [row[0] for row in load_workbook(io.BytesIO(made)).worksheets[0].iter_rows()]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.answers.workbooks.MOST_ROWS", 3)
    assert len(sheet(to_xlsx(["a"], [[1]] * 3, []))) == 4
    with pytest.raises(LimitError, match="CSV"):
        to_xlsx(["a"], [[1]] * 4, [])


def test_pages_hold_all_rows_once_and_lead_to_each_other(published: Any) -> None:
    whole = published.get("/queries/tasks.json").json["rows"]
    path, rows = "/queries/tasks.json?per_page=30", []
    for number in (1, 2, 3):
        reply = published.get(path)
        rows += reply.json["rows"]
        assert reply.json["page"] == {"number": number, "size": 30, "pages": 3, "rows": 74}
        links = dict(reversed(part.split("; ")) for part in reply.headers["link"].split(", "))
        path = links.get('rel="next"', "").strip("<>").removeprefix(published.url)
    assert (rows, path) == (whole, "")
    assert published.get("/queries/tasks.json?page=9").json["rows"] == []
    assert len(lines(published, "/queries/tasks.csv?page=2")) == 1
    assert len(published.get("/queries/tasks.json?page=1&per_page=2&evidence=1").json["evidence"]["rows"]) == 2


@pytest.mark.parametrize("odd", ["page=x", "page=-1", "per_page=99999999", "page=1.5", "page=%EF%BC%91"])
def test_a_page_that_is_none_is_refused(published: Any, odd: str) -> None:
    assert published.get(f"/queries/tasks.json?{odd}").status == 422


@pytest.mark.parametrize("name", ["tasks-by-industry", "words-in-targets", "annotations"])
def test_rdf_at_the_address_describes_the_question_and_answers_it(published: Any, name: str) -> None:
    reply = published.get(f"/queries/{name}", Accept="text/turtle")
    found = {str(quad.triple) for quad in parse(reply.body, RdfFormat.TURTLE)}
    iri = f"<https://w3id.org/zhengce/queries/{name}>"
    assert f"{iri} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SH}SPARQLExecutable>" in found
    for parameter in catalogue()[name].parameters:
        assert f"{iri} <{SH}parameter> {iri[:-1]}/parameter/{parameter.name}>" in found
    assert any(f"<{published.url}/sparql>" in each for each in found)
    alone = {str(quad.triple) for quad in parse(published.get(f"/queries/{name}.ttl").body, RdfFormat.TURTLE)}
    assert len(alone) > 1
    assert not any(iri in each for each in alone)
    assert len({each for each in alone if "_:" not in each} - found) == 0


def test_file_for_other_tools_runs_with_the_values_and_names_the_endpoint(published: Any) -> None:
    reply = published.get(f"/queries/tasks-by-industry.rq?industry={quote('钢铁')}")
    assert reply.headers["content-type"].startswith("application/sparql-query")
    made = reply.body.decode()
    said = yaml.safe_load("\n".join(line.removeprefix("#+") for line in made.splitlines() if line.startswith("#+")))
    assert (said["endpoint"], said["method"]) == (f"{published.url}/sparql", "GET")
    assert set(said["params"]) == {"notice", "industry"}
    again = parse_query("tasks-by-industry", made)
    expected = published.get(f"/queries/tasks-by-industry.json?industry={quote('钢铁')}").json["rows"]
    assert [row["number"] for row in published.ask(again.text).rows] == [row["number"] for row in expected] != []


def test_heads_of_all_files_are_what_grlc_reads() -> None:
    for query in catalogue().values():
        said = yaml.safe_load("\n".join(line.removeprefix("#+") for line in query.text.splitlines() if line.startswith("#+")))
        assert isinstance(said["summary"], str)
        assert isinstance(said["description"], str)
        assert said["tags"] == list(query.tags)
        assert set(said.get("params", {})) == {parameter.name for parameter in query.parameters}


@pytest.mark.parametrize("name", ["annotations", "words-in-targets"])
def test_markdown_of_what_has_no_rows_is_a_table(published: Any, name: str) -> None:
    reply = published.get(f"/queries/{name}.md")
    assert (reply.status, reply.body.startswith(b"| ")) == (200, True)
    assert named(catalogue(), name).form != "SELECT"


def test_unknown_formats_are_not_found(published: Any) -> None:
    assert published.get("/queries/tasks?format=pdf").status == 404
    assert published.get("/queries/tasks?format=csv", Accept="application/json").headers["content-type"].startswith("text/csv")
