"""Names as others write them find their things; every name of the graph finds its own thing first."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from api.answers.reconciliation import MOST_QUERIES, Reconciliation, ReconciliationError
from ontology.names import DEF, ID, SKOS

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def service(dataset: Store) -> Reconciliation:
    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        found = dataset.query(text, use_default_graph_as_union=True)
        return found.serialize(format=format) or b""  # type: ignore[arg-type]

    return Reconciliation(answer, lambda: "1")


def first(service: Reconciliation, text: str, **more: Any) -> dict[str, Any]:
    found = asyncio.run(service.batch({"q": {"query": text, **more}}))["q"]["result"]
    return found[0] if found else {}


@pytest.mark.parametrize(
    ("text", "type", "id"),
    [
        ("市科委", "Agency", "agency/shanghai-sci-tech"),
        ("低空航空", "Industry", "industry/low-altitude-aviation"),
        ("低空 航空", "Industry", "industry/low-altitude-aviation"),
        ("低空航空（低空经济）", "Industry", "industry/low-altitude-aviation"),
        ("low altitude aviation", "Industry", "industry/low-altitude-aviation"),
        ("Low-Altitude Aviation", "", "industry/low-altitude-aviation"),
        ("dikonghangkong", "", "industry/low-altitude-aviation"),
        ("浦東新區", "District", "district/pudong"),
        ("底空航空", "Industry", "industry/low-altitude-aviation"),
    ],
)
def test_name_finds_its_thing_first(service: Reconciliation, text: str, type: str, id: str) -> None:
    found = first(service, text, **({"type": type} if type else {}))
    assert found["id"] == id or found["name"] == "上海市科学技术委员会"


def test_every_preferred_name_finds_its_thing_first_and_for_certain(service: Reconciliation, dataset: Store) -> None:
    labels = dataset.quads_for_pattern(None, SKOS["prefLabel"], None, None)
    pairs = [(str(getattr(quad.subject, "value", "")), str(getattr(quad.object, "value", ""))) for quad in labels]
    names = [(thing.removeprefix(ID), name) for thing, name in pairs if thing.startswith(ID) and "/notice/" not in thing]
    index = asyncio.run(service._index())
    names = [(id, name) for id, name in names if f"{ID}{id}" in index.names]
    assert len(names) > 800
    names = names[::4]
    wrong = []
    for id, name in names:
        types = sorted(index.types[f"{ID}{id}"])
        found = asyncio.run(service.batch({"q": {"query": name, "type": types, "limit": 20}}))["q"]["result"]
        same = [each["id"] for each in found if each["score"] == found[0]["score"]]
        if id not in same:
            wrong.append((id, name, found))
    assert not wrong


def test_units_of_the_notice_are_found_by_every_name(service: Reconciliation) -> None:
    units = {
        unit["surface"]: unit["name"]
        for task in json.loads((DATA / "gold/notice.json").read_text("utf-8"))["tasks"]
        for unit in task["units"]
    }
    assert len(units) > 30
    for surface, name in units.items():
        found = first(service, surface, type=["Agency", "CollectiveUnit"])
        assert found["match"], (surface, found)
        # Of districts that are not listed the full name is a description of ours and of nobody else.
        if found["id"].startswith("agency/"):
            assert first(service, name, type="Agency") == found | {"score": 100.0}


def test_properties_decide_between_namesakes(service: Reconciliation) -> None:
    found = asyncio.run(service.batch({"q": {"query": "静安区", "properties": [{"pid": "jurisdiction", "v": {"id": "district/jingan"}}]}}))[
        "q"
    ]["result"]
    assert found[0]["id"].startswith("agency/")
    assert "DistrictGovernment" in {type["id"] for type in found[0]["type"]}
    alone = asyncio.run(service.batch({"q": {"properties": [{"pid": "jurisdiction", "v": "静安区"}]}}))["q"]["result"]
    assert [each["id"] for each in alone] == [found[0]["id"]]


def test_what_nothing_is_called_matches_nothing_for_certain(service: Reconciliation) -> None:
    for text in ("", "   ", "量子纠缠通信卫星互联网", "zzzzqqqq", "区"):
        if text.strip():
            assert not first(service, text).get("match", False)
        else:
            with pytest.raises(ReconciliationError):
                first(service, text)


def test_type_strict_offers_nothing_of_another_type(service: Reconciliation) -> None:
    assert first(service, "市科委", type="Industry")["match"] is False
    assert first(service, "市科委", type="Industry", type_strict="any").get("id", "industry/").startswith("industry/")


@pytest.mark.parametrize(
    "value", [1, "text", [], {"query": 3}, {"limit": 1}, {"query": "x", "properties": [1]}, {"query": "x", "limit": "y"}]
)
def test_what_is_no_query_is_refused(service: Reconciliation, value: Any) -> None:
    with pytest.raises(ReconciliationError):
        asyncio.run(service.batch({"q": value}))


def test_batch_is_bounded(service: Reconciliation) -> None:
    with pytest.raises(ReconciliationError):
        asyncio.run(service.batch({f"q{n}": {"query": "x"} for n in range(MOST_QUERIES + 1)}))


def test_values_of_things_fill_a_table(service: Reconciliation) -> None:
    asked: dict[str, Any] = {
        "ids": ["agency/jingan-government", "industry/low-altitude-aviation", "nothing"],
        "properties": [{"id": "jurisdiction"}, {"id": "curated"}, {"id": "no}such"}],
    }
    jingan = first(service, "静安区", type="DistrictGovernment")["id"]
    asked["ids"][0] = jingan
    found = asyncio.run(service.extend(asked, "zh"))
    assert found["rows"][jingan]["jurisdiction"] == [{"id": "district/jingan", "name": "静安区"}]
    assert found["rows"]["nothing"] == {"jurisdiction": [], "curated": [], "no}such": []}
    assert [each["id"] for each in found["meta"]] == ["jurisdiction", "curated", "no}such"]
    proposed = asyncio.run(service.propose("DistrictGovernment", "en"))
    assert "jurisdiction" in {each["id"] for each in proposed["properties"]}


def test_suggestions_begin_as_typed(service: Reconciliation) -> None:
    def ids(what: Any, prefix: str) -> list[str]:
        return [each["id"] for each in asyncio.run(service.suggest(what, prefix, "zh"))["result"]]

    assert ids("entity", "低空航")[0] == "industry/low-altitude-aviation"
    assert "Agency" in ids("type", "agen")
    assert "responsibleFor" in ids("property", "responsible")
    assert not ids("entity", "")
    assert all(not each.startswith(DEF) for each in ids("property", ""))
