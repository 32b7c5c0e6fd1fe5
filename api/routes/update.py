"""An update of the SPARQL Protocol, turned into the next snapshot (https://www.w3.org/TR/sparql11-protocol/#update-operation)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from api.http.body import read_body
from api.http.errors import BadRequestError
from api.http.forms import pairs
from api.http.updates import UpdateService, media_type
from graph.update.apply import Update

FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            UPDATE: {"schema": {"type": "string"}, "example": "INSERT DATA { GRAPH <http://example.org/g> { <a:b> <a:c> 1 } }"},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["update"],
                    "properties": {
                        "update": {"type": "string"},
                        "using-graph-uri": {"type": "array", "items": {"type": "string"}},
                        "using-named-graph-uri": {"type": "array", "items": {"type": "string"}},
                    },
                }
            },
        },
    },
    "security": [{"token": []}],
}


def create_router(writing: UpdateService) -> APIRouter:
    """The address ``/update``."""
    router = APIRouter(tags=["sparql"])

    @router.post("/update", summary="SPARQL Update · 更新", status_code=204, response_class=Response, openapi_extra=_BODY)
    async def update(request: Request) -> Response:
        writing.authorise(request)
        kind = media_type(request.headers.get("content-type", ""), (FORM, UPDATE))
        body = await read_body(request.scope, request.receive, writing.megabytes << 10)
        try:
            given = pairs(bytes(request.scope["query_string"]))
            address = writing.address(request)
            asked = _asked(given + pairs(body), None, address) if kind == FORM else _asked(given, body.decode(), address)
            written = await writing.write(replace(asked, on=await writing.expected(request, _always)))
        except UnicodeError as error:
            raise BadRequestError("请求不是有效的 UTF-8。", "The request is not valid UTF-8.") from error
        return Response(status_code=204, headers={"Zhengce-Snapshot": str(written.snapshot)})

    return router


async def _always() -> bool:
    """There is always a graph to update."""
    return True


def _asked(pairs: Sequence[tuple[str, str]], text: str | None, base: str) -> Update:
    def given(name: str) -> tuple[str, ...]:
        return tuple(value for other, value in pairs if other == name)

    texts = [*given("update"), *([] if text is None else [text])]
    if given("query"):
        raise BadRequestError("此地址只接受更新，查询请用 /sparql。", "This address takes updates; queries go to /sparql.")
    if len(texts) != 1:
        raise BadRequestError(f"应有且仅有一个 update，收到 {len(texts)} 个。", f"One update was expected, {len(texts)} came.")
    default, named = (tuple(filter(None, given(name))) for name in ("using-graph-uri", "using-named-graph-uri"))
    return Update(texts[0].removeprefix("\ufeff"), base, default, named)
