"""The catalogue over HTTP, on a small graph."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pytest
from fastapi import FastAPI
from pyoxigraph import QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store, parse
from starlette.types import Message

from api.routes.catalogue import create_router
from queries import BadValueError, UnknownParameterError, UnknownQueryError, catalogue

GRAPH = """
@prefix : <https://w3id.org/zhengce/id/notice/huzhiban-2026-2/task/> .
@prefix agency: <https://w3id.org/zhengce/id/agency/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix industry: <https://w3id.org/zhengce/id/industry/> .
@prefix notice: <https://w3id.org/zhengce/id/notice/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix zc: <https://w3id.org/zhengce/def#> .

notice:huzhiban-2026-2 zc:hasTask :9 .
:9 a zc:Task ; zc:number "9" ; zc:position 9 ; zc:text "=面向“eVTOL”, 无人机"@zh ;
    dcterms:isPartOf notice:huzhiban-2026-2 ; zc:statedIn :p ; zc:involvesIndustry industry:low-altitude-aviation ;
    zc:mentions industry:low-altitude-aviation .
:p zc:text "=面向“eVTOL”, 无人机" ; zc:offset 100 ; zc:line 7 .
:m zc:passage :p ; zc:refersTo industry:low-altitude-aviation ; zc:quote "eVTOL" ; zc:start 4 ; zc:end 9 .
:r zc:task :9 ; zc:bearer agency:shanghai-science-technology ; zc:position 1 ; zc:quote "市科委" .
industry:low-altitude-aviation zc:belongsToIndustry industry:low-altitude-aviation ; skos:prefLabel "低空航空"@zh .
industry:steel skos:prefLabel "钢铁"@zh .
agency:shanghai-science-technology skos:prefLabel "上海市科学技术委员会"@zh ; skos:altLabel "市科委"@zh .
"""


@dataclass(frozen=True)
class Reply:
    status: int
    type: str
    body: bytes

    def rows(self) -> list[dict[str, object]]:
        found = json.loads(self.body)["rows"]
        assert isinstance(found, list)
        return found

    def csv(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.body.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def app() -> FastAPI:
    store = Store()
    store.load(GRAPH, RdfFormat.TURTLE)

    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        result = store.query(text)
        if isinstance(result, QueryTriples):
            assert isinstance(format, RdfFormat)
            return result.serialize(format=format) or b""
        assert isinstance(format, QueryResultsFormat)
        return result.serialize(format=format) or b""

    made = FastAPI()
    made.include_router(create_router(answer, "https://example.org/sparql"))
    return made


def get(app: FastAPI, path: str, accept: str = "*/*", **values: str | list[str]) -> Reply:
    """What the application sends for an address."""
    sent: list[Message] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": urlencode(values, doseq=True).encode(),
        "headers": [(b"accept", accept.encode())],
        "server": ("test", 80),
        "client": ("test", 1),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = dict(sent[0]["headers"])
    return Reply(sent[0]["status"], headers[b"content-type"].decode(), b"".join(part.get("body", b"") for part in sent[1:]))


def test_json_has_rows_with_plain_values_and_headings(app: FastAPI) -> None:
    reply = get(app, "/queries/tasks-by-industry.json")
    assert reply.type == "application/json"
    answer = json.loads(reply.body)
    assert answer["columns"][1] == {"name": "number", "zh": "任务编号", "en": "Task no."}
    assert [(row["number"], row["quotes"]) for row in answer["rows"]] == [("9", "eVTOL")]
    assert answer["title"]["zh"] == catalogue()["tasks-by-industry"].titles["zh"]


@pytest.mark.parametrize(
    "unit", ["shanghai-science-technology", "市科委", "https://w3id.org/zhengce/id/agency/shanghai-science-technology"]
)
def test_iri_parameter_takes_a_key_a_name_or_an_iri(app: FastAPI, unit: str) -> None:
    assert [row["number"] for row in get(app, "/queries/tasks-by-unit", unit=unit).rows()] == ["9"]


@pytest.mark.parametrize("thing", ["low-altitude-aviation", "industry/low-altitude-aviation", "低空航空"])
def test_key_is_found_under_any_of_the_kinds(app: FastAPI, thing: str) -> None:
    assert [row["number"] for row in get(app, "/queries/tasks-by-thing", thing=thing).rows()] == ["9"]


def test_numbers_stay_numbers_in_json(app: FastAPI) -> None:
    (row,) = get(app, "/queries/tasks-by-unit", unit="市科委").rows()
    assert (row["position"], row["of"]) == (1, 1)


def test_parameters_restrict_the_answer(app: FastAPI) -> None:
    assert get(app, "/queries/tasks-by-industry", industry="steel").rows() == []
    assert len(get(app, "/queries/tasks-by-industry", industry=["steel", "低空航空"]).rows()) == 1


def test_csv_is_quoted_and_takes_headings(app: FastAPI) -> None:
    plain = get(app, "/queries/tasks-by-industry.csv")
    assert plain.type == "text/csv; charset=utf-8"
    assert plain.csv()[0] == ["task", "number", "text", "quotes"]
    assert plain.csv()[1][2] == "=面向“eVTOL”, 无人机"
    assert get(app, "/queries/tasks-by-industry.csv", headings="zh").csv()[0] == ["任务", "任务编号", "文字", "原文"]


def test_csv_for_excel_has_a_byte_order_mark_and_no_formula(app: FastAPI) -> None:
    reply = get(app, "/queries/tasks-by-industry.csv", bom="1")
    assert reply.body.startswith(b"\xef\xbb\xbf")
    assert reply.csv()[1][2] == "'=面向“eVTOL”, 无人机"


def test_accept_chooses_the_format(app: FastAPI) -> None:
    assert get(app, "/queries/tasks-by-industry", accept="text/csv").type.startswith("text/csv")
    assert get(app, "/queries/tasks-by-industry", accept="text/turtle, */*;q=0.9").type.startswith("text/turtle")


def test_rows_as_turtle_are_a_result_set(app: FastAPI) -> None:
    quads = list(parse(get(app, "/queries/tasks-by-industry.ttl").body, RdfFormat.TURTLE))
    values = {quad.object.value for quad in quads if quad.predicate.value.endswith("#value")}
    assert {"https://w3id.org/zhengce/id/notice/huzhiban-2026-2/task/9", "9", "eVTOL"} < values


def test_graph_as_turtle_is_the_graph(app: FastAPI) -> None:
    quads = list(parse(get(app, "/queries/annotations.ttl").body, RdfFormat.TURTLE))
    assert "eVTOL" in {quad.object.value for quad in quads if quad.predicate.value.endswith("oa#exact")}


def test_boolean_answer_in_each_format(app: FastAPI) -> None:
    values = {"words": "无人机"}
    assert json.loads(get(app, "/queries/words-in-targets.json", **values).body)["boolean"] is False
    assert get(app, "/queries/words-in-targets.csv", **values).csv() == [["boolean"], ["false"]]
    assert b"rs:boolean false" in get(app, "/queries/words-in-targets.ttl", **values).body


def test_catalogue_is_listed_in_each_format(app: FastAPI) -> None:
    assert [query["name"] for query in json.loads(get(app, "/queries.json").body)["queries"]] == list(catalogue())
    assert [row[0] for row in get(app, "/queries.csv").csv()[1:]] == list(catalogue())
    assert b"sh:SPARQLExecutable" in get(app, "/queries", accept="text/turtle").body
    assert get(app, "/.well-known/sparql-examples").body == get(app, "/queries.ttl").body


def test_errors_name_what_was_wrong(app: FastAPI) -> None:
    with pytest.raises(UnknownQueryError, match="tasks-by-industry"):
        get(app, "/queries/tasks-by-industri")
    with pytest.raises(UnknownParameterError, match="sector"):
        get(app, "/queries/tasks-by-industry", sector="steel")
    with pytest.raises(BadValueError, match="不存在的行业"):
        get(app, "/queries/tasks-by-industry", industry="不存在的行业")
    with pytest.raises(BadValueError, match="low-altitude"):
        get(app, "/queries/tasks-by-industry", industry="low-altitude")


@pytest.mark.parametrize("hostile", ['"} } SELECT ?s WHERE { ?s ?p ?o } #', "x\n}", "<http://a>"])
def test_hostile_text_never_reaches_the_query(app: FastAPI, hostile: str) -> None:
    with pytest.raises(BadValueError):
        get(app, "/queries/tasks-by-industry", industry=hostile)
    assert json.loads(get(app, "/queries/words-in-targets", words=hostile).body)["boolean"] is False


def test_every_boolean_is_an_ask() -> None:
    store = Store()
    for query in catalogue().values():
        assert isinstance(store.query(query.bind({})), QueryBoolean) == (query.answer == "boolean")
