"""The Reconciliation Service API 0.2 over HTTP: ``/reconcile`` with names in Chinese, ``/en/reconcile`` with names in English."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from html import escape
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.answers.reconciliation import Language, Reconciliation, ReconciliationError
from api.http.body import read_body
from api.http.errors import BadRequestError, NotFoundError
from api.http.forms import pairs
from ontology.names import DEF, ID

_KILOBYTES = 512
_NAMES = {"zh": "政策知识图谱", "en": "Zhengce, a graph of policy tasks"}
_FRAMED = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""A preview is made to be shown inside the pages of others; it loads nothing and runs nothing."""


def create_router(reconciliation: Reconciliation, url: str = "") -> APIRouter:
    """The addresses of the service. ``url`` is its public address, where it has one."""
    router = APIRouter(tags=["reconciliation"])

    @router.get("/reconcile", summary="Reconciliation API 0.2 · 名称对齐", operation_id="reconcile_get")
    @router.post("/reconcile", summary="Reconciliation API 0.2 · 名称对齐", operation_id="reconcile_post")
    @router.api_route("/{language}/reconcile", methods=["GET", "POST"], include_in_schema=False)
    async def reconcile(request: Request, language: str = "zh") -> Response:
        spoken = _language(request, language)
        given = dict(pairs(bytes(request.scope["query_string"])))
        if request.method == "POST":
            given |= dict(pairs(await read_body(request.scope, request.receive, _KILOBYTES)))
        try:
            if "queries" in given:
                return _json(await reconciliation.batch(_object(given["queries"], "queries"), spoken))
            if "query" in given:
                text = given["query"]
                query = _object(text, "query") if text.lstrip().startswith("{") else {"query": text}
                return _json((await reconciliation.batch({"q0": query}, spoken))["q0"])
            if "extend" in given:
                return _json(await reconciliation.extend(_object(given["extend"], "extend"), spoken))
        except ReconciliationError as error:
            raise BadRequestError(error.zh, error.en) from error
        return _json(manifest(_address(request, url), spoken, await reconciliation.types(spoken)))

    @router.get("/reconcile/suggest/{what}", summary="Names that begin so · 名称提示")
    @router.get("/{language}/reconcile/suggest/{what}", include_in_schema=False)
    async def suggest(
        request: Request, what: Literal["entity", "type", "property"], prefix: str = "", limit: int = 20, language: str = "zh"
    ) -> Response:
        return _json(await reconciliation.suggest(what, prefix, _language(request, language), limit))

    @router.get("/reconcile/extend/propose", summary="Properties that things of a type have · 可取的属性")
    @router.get("/{language}/reconcile/extend/propose", include_in_schema=False)
    async def propose(request: Request, type: str = "", limit: int = 30, language: str = "zh") -> Response:
        return _json(await reconciliation.propose(type.removeprefix(DEF), _language(request, language), limit))

    @router.get("/reconcile/preview", summary="A thing in a small page · 事物的小页")
    @router.get("/{language}/reconcile/preview", include_in_schema=False)
    async def preview(request: Request, id: Annotated[str, Query(max_length=400)], language: str = "zh") -> Response:
        spoken = _language(request, language)
        about = await reconciliation.about(id.removeprefix(ID), spoken)
        if about is None:
            raise NotFoundError(f"/id/{id}")
        return Response(_preview(about, spoken), media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _FRAMED})

    return router


def manifest(address: str, language: Language, types: list[dict[str, str]]) -> dict[str, Any]:
    """What the service is and can do; ``address`` is that of the whole site."""
    prefix = "/en/reconcile" if language == "en" else "/reconcile"
    preview = "/".join((address, prefix.lstrip("/"), "preview?id={{id}}"))
    return {
        "versions": ["0.2"],
        "name": _NAMES[language],
        "identifierSpace": str(ID),
        "schemaSpace": str(DEF),
        "documentation": f"{address}/docs",
        "defaultTypes": types,
        "view": {"url": f"{address}/id/{{{{id}}}}"},
        "preview": {"url": preview, "width": 420, "height": 160},
        "suggest": {what: {"service_url": address, "service_path": f"{prefix}/suggest/{what}"} for what in ("entity", "type", "property")},
        "extend": {"propose_properties": {"service_url": address, "service_path": f"{prefix}/extend/propose"}, "property_settings": []},
    }


def _language(request: Request, language: str) -> Language:
    if language not in {"zh", "en"}:
        raise NotFoundError(request.url.path)
    return "en" if language == "en" else "zh"


def _address(request: Request, url: str) -> str:
    return url or str(request.base_url).rstrip("/")


def _object(text: str, name: str) -> Mapping[str, Any]:
    """The JSON object in a parameter: of numbers and characters that JSON has (RFC 8259), no infinity and no half of a character."""
    try:
        read = json.loads(text, parse_constant=_refused, parse_float=_finite)
        if "\\u" in text:
            json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise BadRequestError(f"{name} 应是一个 JSON 对象。", f"A JSON object was expected in {name}.")
    return read


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number


def _refused(written: str) -> None:
    raise ValueError(written)


def _json(content: Mapping[str, Any]) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), media_type="application/json")


def _preview(about: Mapping[str, Any], language: Language) -> str:
    types = "、".join(each["name"] for each in about["types"]) if language == "zh" else ", ".join(each["name"] for each in about["types"])
    names = " · ".join(about["names"])
    return (
        f'<!doctype html><html lang="{"zh-Hans" if language == "zh" else "en"}"><meta charset="utf-8">'
        f"<title>{escape(about['name'])}</title>"
        f'<body style="font:14px sans-serif;margin:8px"><p style="font-size:16px;margin:0 0 6px"><b>{escape(about["name"])}</b></p>'
        f'<p style="margin:0 0 6px;color:#444">{escape(types)}</p><p style="margin:0 0 6px">{escape(names)}</p>'
        f'<p style="margin:0;color:#444">{escape(ID + about["id"])}</p></body></html>'
    )
