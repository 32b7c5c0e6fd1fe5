"""The reconciliation service over HTTP, as a client of others and a raw one drive it; valid against the schemas of the specification."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema  # type: ignore[import-untyped]
import pandas  # type: ignore[import-untyped]
import pytest
from pyoxigraph import Store
from reconciler import reconcile  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.snapshots import published

SCHEMAS = Path(__file__).resolve().parents[4] / "shared" / "reconciliation"
"""The schemas are others' and are read where they lie; a clone alone checks the answers in the other tests."""
LOW_ALTITUDE = "industry/low-altitude-aviation"


@pytest.fixture(scope="module")
def client(dataset: Store, open_service: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("reconciled")
    published(dataset, folder)
    with open_service(folder) as client:
        yield client


def post(client: Any, path: str = "/reconcile", **form: Any) -> Any:
    body = urlencode({name: json.dumps(value) for name, value in form.items()}).encode()
    return client.send("POST", path, body, Content_Type="application/x-www-form-urlencoded")


ANSWERS: dict[str, Callable[[Any], Any]] = {
    "manifest": lambda client: client.get("/reconcile").json,
    "reconciliation-result-batch": lambda client: post(client, queries={"q0": {"query": "低空航空"}, "q1": {"query": "没有"}}).json,
    "suggest-entities-response": lambda client: client.get("/reconcile/suggest/entity?prefix=di").json,
    "suggest-types-response": lambda client: client.get("/en/reconcile/suggest/type?prefix=a").json,
    "suggest-properties-response": lambda client: client.get("/en/reconcile/suggest/property?prefix=involves").json,
    "data-extension-property-proposal": lambda client: client.get("/reconcile/extend/propose?type=Agency&limit=3").json,
    "data-extension-response": lambda client: (
        post(client, extend={"ids": [LOW_ALTITUDE], "properties": [{"id": "belongsToIndustry"}, {"id": "curated"}]}).json
    ),
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_answers_have_the_members_that_the_specification_asks_for(client: Any, name: str) -> None:
    answer = ANSWERS[name](client)
    if name == "manifest":
        assert answer["versions"] == ["0.2"]
        assert answer["view"]["url"].endswith("/id/{{id}}")
        assert {"id": "Industry", "name": "行业"} in answer["defaultTypes"]
        assert answer["suggest"]["entity"]["service_url"].startswith("http://127.0.0.1")
    else:
        assert answer
        assert any(isinstance(each, list | dict) and each for each in answer.values())


def registered() -> Registry:
    """The schemas under their names and addresses. They name no known draft; what is Swagger's is not looked into."""
    registry: Registry = Registry()
    for path in SCHEMAS.glob("schemas/*.json"):
        said = json.loads(path.read_text("utf-8"))
        said.pop("$schema", None)
        # References are to names beside the schema that holds them.
        said["$id"] = "https://schemas.invalid/" + path.name
        registry = registry.with_resource(said["$id"], DRAFT7.create_resource(said))
        registry = registry.with_resource(path.name, DRAFT7.create_resource(said))
    swagger = DRAFT7.create_resource({"definitions": {"securityDefinitions": {"additionalProperties": {}}}})
    whole: Registry = registry.with_resource("http://swagger.io/v2/schema.json", swagger).crawl()
    return whole


@pytest.mark.parametrize("schema", sorted(SCHEMAS.glob("schemas/*.json")), ids=lambda path: path.stem)
def test_answers_and_queries_are_valid_against_its_schemas(client: Any, schema: Path) -> None:
    if schema.stem in ANSWERS:
        validator = jsonschema.Draft7Validator(registered().contents(schema.name), registry=registered())
        assert not list(validator.iter_errors(ANSWERS[schema.stem](client)))
    for example in SCHEMAS.glob(f"examples/{schema.stem}/valid/*.json"):
        said = json.loads(example.read_text("utf-8"))
        if schema.stem == "reconciliation-query-batch":
            assert post(client, queries=said).json.keys() == said.keys()
        elif schema.stem == "data-extension-query":
            assert post(client, extend=said).json["rows"].keys() == set(said["ids"])


@pytest.mark.filterwarnings("ignore:.*inplace:DeprecationWarning")
def test_client_of_others_finds_the_units(client: Any) -> None:
    units = [
        "市科委",
        "市市场监管局",
        "市经济信息化委",
        "上海市发展和改革委员会",
        "Shanghai Municipal Administration for Market Regulation",
    ]
    found = reconcile(pandas.Series(units), type_id="Agency", reconciliation_endpoint=f"{client.url}/reconcile")
    assert list(found["match"]) == [True] * len(units)
    assert list(found["input_value"]) == units
    assert found["id"][1] == found["id"][4]


def test_names_come_in_the_language_of_the_address(client: Any) -> None:
    asked = {"q": {"query": "低空航空", "type": "Industry"}}
    chinese, english = (
        post(client, queries=asked).json["q"]["result"][0],
        post(client, "/en/reconcile", queries=asked).json["q"]["result"][0],
    )
    assert (chinese["id"], chinese["name"]) == (LOW_ALTITUDE, "低空航空")
    assert english["name"].startswith("Low-altitude")
    assert client.get("/fr/reconcile").status == 404


def test_single_query_and_get_are_answered_too(client: Any) -> None:
    single = client.get("/reconcile?" + urlencode({"query": "低空航空"})).json
    assert single["result"][0]["id"] == LOW_ALTITUDE
    batch = client.get("/reconcile?" + urlencode({"queries": json.dumps({"a": {"query": "低空航空"}})})).json
    assert batch["a"]["result"][0]["id"] == LOW_ALTITUDE


def test_preview_is_a_page_for_the_pages_of_others_and_runs_nothing(client: Any) -> None:
    reply = client.get(f"/reconcile/preview?id={LOW_ALTITUDE}")
    assert reply.status == 200
    assert "低空航空" in reply.body.decode()
    assert "<script" not in reply.body.decode()
    assert "frame-ancestors *" in reply.headers["content-security-policy"]
    assert client.get("/reconcile/preview?id=%3Cscript%3E").status == 404


@pytest.mark.parametrize(
    "form", ["queries=1", "queries=[", "queries=%7B%22q%22%3A1%7D", "extend=%7B%7D", "extend=x", "queries=" + "%5B" * 9000]
)
def test_what_is_no_query_is_a_problem_in_two_languages(client: Any, form: str) -> None:
    reply = client.send("POST", "/reconcile", form.encode(), Content_Type="application/x-www-form-urlencoded")
    assert reply.status == 400
    assert reply.json["detail_zh"]
    assert reply.json["detail_en"]


def test_other_sites_may_ask(client: Any) -> None:
    assert client.get("/reconcile", Origin="https://example.org").headers["access-control-allow-origin"] == "*"
