"""Settings, turned into the HTTP application: who answers which address, and what opens and closes with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from api import catalogue, health, pages, void, why
from api.service import Service
from api.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. ``app.state.service`` holds the settings, the snapshots and the function that answers queries."""
    settings = settings or Settings.from_environment()
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with service:
            yield

    app = FastAPI(title="Zhengce · 政策", lifespan=lifespan)
    app.state.service = service
    app.include_router(health.create_router(service))
    site = pages.Site(service.answer, lambda: _name(service))
    app.include_router(catalogue.create_router(service.answer, f"{settings.url}/sparql", pages.Questions(site)))
    app.include_router(void.create_router(service.answer))
    app.include_router(why.create_router(service.run))
    app.include_router(pages.create_router(site))
    return app


def _name(service: Service) -> str:
    """The snapshot that is served, as pages name it."""
    current = service.snapshots.current()
    return f"{current.number} · {current.published:%Y-%m-%d %H:%M}" if current else ""


def run(settings: Settings) -> None:
    """Serves until it is told to stop."""
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_config=None, access_log=False)
