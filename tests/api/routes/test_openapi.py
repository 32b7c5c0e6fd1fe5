"""The OpenAPI document: valid, with every question and every parameter of it, and each example is an address that answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from openapi_spec_validator import validate

from api.routes.catalogue_formats import MEDIA, OPTIONS
from api.routes.openapi import described
from queries import Query, catalogue, parse

TYPES = {"integer": "integer", "decimal": "number", "date": "string", "boolean": "boolean", "string": "string", "iri": "string"}


@pytest.fixture(scope="module")
def document(published: Any) -> dict[str, Any]:
    found: dict[str, Any] = published.get("/openapi.json").json
    return found


def operation(document: dict[str, Any], query: Query) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][f"/queries/{query.name}"]["get"]
    return found


def test_document_is_valid_and_has_the_addresses_of_the_routers_too(document: dict[str, Any]) -> None:
    validate(document)
    assert {"/sparql", "/queries/{name}", "/changes", "/search"} <= set(document["paths"])
    ids = [each["operationId"] for methods in document["paths"].values() for each in methods.values() if "operationId" in each]
    assert len(set(ids)) == len(ids) > len(catalogue())


def test_every_parameter_of_every_question_is_there_with_its_type(document: dict[str, Any]) -> None:
    seen = 0
    for query in catalogue().values():
        found = {each["name"]: each for each in operation(document, query)["parameters"] if "name" in each}
        assert list(found) == [parameter.name for parameter in query.parameters]
        for parameter in query.parameters:
            said = found[parameter.name]
            items = said["schema"]["items"]
            seen += 1
            assert {each["type"] for each in items.get("anyOf", [items])} == {TYPES[parameter.type]}
            assert parameter.labels["zh"] in said["description"]
            assert parameter.labels["en"] in said["description"]
            assert ("example" in said, said.get("x-kinds", [])) == (bool(parameter.sample), list(parameter.kinds))
    assert seen > 250


def test_options_and_formats_are_those_there_are(document: dict[str, Any]) -> None:
    assert {name.removeprefix("option_") for name in document["components"]["parameters"]} == set(OPTIONS)
    for query in catalogue().values():
        assert set(operation(document, query)["responses"]["200"]["content"]) == set(MEDIA)
        assert not set(OPTIONS) & {parameter.name for parameter in query.parameters}


def test_values_of_a_closed_kind_are_listed_and_answer(document: dict[str, Any], published: Any) -> None:
    actions = operation(document, catalogue()["milestones-by-action"])["parameters"][1]["schema"]["items"]["anyOf"][0]["enum"]
    assert {"publish", "revise"} <= set(actions)
    for action in actions:
        assert published.get(f"/queries/milestones-by-action.json?action={action}").status == 200
    districts = operation(document, catalogue()["tasks-by-district"])["parameters"][1]["schema"]["items"]["anyOf"][0]["enum"]
    assert len(districts) == 16


def test_every_example_is_an_address_that_answers_as_its_samples_do(document: dict[str, Any], published: Any) -> None:
    for query in catalogue().values():
        parameters = [each for each in operation(document, query)["parameters"] if "name" in each]
        pairs = [(each["name"], value) for each in parameters for value in each.get("example", ())]
        if query.name == "things-known":
            # It is asked which of the things there are, and one of the sample is none.
            pairs = pairs[:1]
        reply = published.get(f"/queries/{query.name}.json?{urlencode(pairs)}")
        assert reply.status == 200, (query.name, reply.body[:300])
        assert ("boolean" if query.form == "ASK" else "rows") in reply.json


def test_nothing_published_leaves_the_addresses(tmp_path: Any, serve: Any) -> None:
    document = serve(tmp_path).get("/openapi.json")
    assert (document.status, len(document.json["paths"]) > len(catalogue())) == (200, True)


def test_any_question_makes_a_valid_document() -> None:
    text = (
        '#+ summary: "一 · A: \\"b\\""\n#+ description: 二。 · C.\n#+ tags: [x]\n#+ answer: table\n#+ params:\n'
        "#+   flag: {type: boolean, optional: true, zh: 旗, en: Flag}\n#+   many: {type: decimal, zh: 数, en: Number}\n"
        "SELECT ?flag ?many WHERE {\n  VALUES ?flag { UNDEF }\n  VALUES ?many { 1.5 2 }\n} ORDER BY ?many\n"
    )
    base: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}
    made = described(base, {"x": parse("x", text)}, {})
    validate(made)
    flag, many = made["paths"]["/queries/x"]["get"]["parameters"][:2]
    assert (flag["schema"]["items"], many["schema"]["default"]) == ({"type": "boolean"}, [1.5, 2])
