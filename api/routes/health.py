"""Whether the service lives and whether it can answer, as JSON."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pyoxigraph import QueryResultsFormat

from api.answers.service import Service
from graph.errors import GraphError

_FRESH = {"Cache-Control": "no-store"}


def create_router(service: Service) -> APIRouter:
    """``/health`` (the process lives) and ``/health/ready`` (queries are answered; 503 until then)."""
    router = APIRouter(tags=["operations"])

    @router.get("/health", summary="Whether the service lives · 服务是否存活")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok"}, headers=_FRESH)

    @router.get("/health/ready", summary="Whether queries are answered · 是否可以查询")
    async def ready() -> JSONResponse:
        if service.settings.remote:
            try:
                await service.answer("ASK {}", QueryResultsFormat.JSON)
            except GraphError as error:
                return JSONResponse({"status": "away", "snapshot": None, "detail": str(error)}, 503, _FRESH)
            return JSONResponse({"status": "ready", "snapshot": None}, headers=_FRESH)
        current = service.snapshot
        body = {"status": "ready" if current else "empty", "snapshot": current.number if current else None}
        return JSONResponse(body, 200 if current else 503, _FRESH)

    return router
