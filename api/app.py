"""Settings, turned into the HTTP application: who answers which address, and what opens and closes with it."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib.metadata import version

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from api import pages
from api.answers.dumps import Dumps
from api.answers.passages import passages_of
from api.answers.questions import Questions
from api.answers.reconciliation import Reconciliation
from api.answers.row_evidence import RowEvidence
from api.answers.service import OWN, SEPARATE, Service
from api.answers.tools import Tools
from api.answers.watching import Watching
from api.fast_path import FastPath
from api.http import logs, metrics, problem_documents
from api.http.connections import Connections
from api.http.gateway import Gateway
from api.http.mcp import McpEndpoint
from api.http.protocol import HttpProtocol, Shared
from api.http.raw_responses import RawResponses
from api.http.updates import UpdateService
from api.pages.things import Things
from api.routes import (
    ask,
    catalogue,
    changes,
    discovery,
    dumps,
    graph_store,
    health,
    openapi,
    reconcile,
    resource,
    sparql,
    update,
    void,
    why,
    why_not,
)
from api.settings import Settings
from graph.query.pool import Pool
from graph.store.engine import DatasetOf
from ontology.errors import MachineError, ZhengceError


class Application(FastAPI):
    """The framework, and in front of it the layer that every request passes first."""

    front: Gateway
    quick: FastPath | None
    failure: ZhengceError | None = None
    """Why it did not start."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without_trace(message: Message) -> None:
            # Who started the service says why it did not start, in a sentence.
            await send({**message, "message": ""} if self.failure and message["type"] == "lifespan.startup.failed" else message)

        await self.front(scope, receive, without_trace if scope["type"] == "lifespan" else send)

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What answers the requests that the front passes on."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None, answered: RawResponses | None = None) -> Application:
    """The application. ``app.state.service`` holds the settings, the snapshots and the function that answers queries."""
    settings = settings or Settings.from_environment()
    if not settings.writable:
        # What is elsewhere is written there.
        settings = replace(settings, token="")
    service = Service(settings)
    writing = UpdateService(service)
    files = Dumps(service)
    questions = Questions(service.answer, lambda: _name(service))
    reconciliation = Reconciliation(service.answer, lambda: _name(service))
    models = McpEndpoint(Tools(service, questions, reconciliation), settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            try:
                for each in (service, writing, files, Watching(service), models):
                    await opened.enter_async_context(each)
            except ZhengceError as error:
                app.failure = error
                raise
            except (OSError, MemoryError) as error:
                app.failure = MachineError.of(error)
                raise
            yield

    app = Application(title="Zhengce · 政策", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.service = service
    # An engine elsewhere decides itself what its default graph holds.
    separate = None if settings.remote else partial(service.answer, dataset=SEPARATE)
    site = pages.Site(service.answer, lambda: _name(service), separate)
    problem_documents.install(app, site.problem)
    endpoint = sparql.SparqlEndpoint(service, pages.Workbench(site))
    figures = metrics.Metrics(service)
    if answered:
        figures.raw = lambda: answered.given
        figures.raw_bytes = lambda: answered.kept.size
    direct = dict.fromkeys(sparql.PATHS, endpoint)
    build = f"{version('zhengce')} {site.assets.digest}"
    app.front = Gateway(app.framework, service, figures, direct, answered, build=build)
    app.quick = FastPath(app.front, endpoint, service, service.pool) if isinstance(service.pool, Pool) else None
    app.include_router(sparql.create_router(endpoint))
    app.include_router(update.create_router(writing))
    app.include_router(graph_store.create_router(service, writing))
    app.include_router(metrics.create_router(figures))
    for router in _routers(service, site, files, questions, reconciliation):
        app.include_router(router)
    app.include_router(openapi.create_router(app.openapi, service.answer))
    app.router.routes.append(Route("/mcp", models, methods=["POST"], include_in_schema=False))
    return app


def _routers(service: Service, site: pages.Site, files: Dumps, questions: Questions, reconciliation: Reconciliation) -> Iterator[APIRouter]:
    """The addresses that are read by whoever asks."""
    settings, evidence = service.settings, RowEvidence(service).rows
    yield resource.create_router(service, Things(site))
    yield health.create_router(service)
    yield catalogue.create_router(service.answer, f"{settings.url}/sparql", pages.QuestionPages(site, evidence), evidence)
    yield void.create_router(service.answer, settings.url, files)
    yield dumps.create_router(files, service.answer, settings.url)
    yield discovery.create_router(files, service.answer, settings.url)
    yield changes.create_router(files, pages.ChangesPages(site), settings.url)
    yield why.create_router(service.run, pages.Proofs(site))
    every = DatasetOf(union=service.union)
    yield why_not.create_router(service.run, service.answer, OWN, every, pages.WhyNot(site))
    yield reconcile.create_router(reconciliation, settings.url)
    yield ask.create_router(questions, pages.AskPages(site), evidence)
    yield pages.create_router(site, questions, passages_of(service))


def _name(service: Service) -> str:
    """The snapshot that is served, as pages name it."""
    current = service.snapshot
    return f"{current.number} · {current.published:%Y-%m-%d %H:%M} UTC" if current else ""


def server(settings: Settings) -> uvicorn.Server:
    """The server of these settings, ready to run."""
    answered = RawResponses(settings.cache_megabytes << 18, settings.cache_answer_kilobytes << 10)
    app = create_app(settings, answered)
    connections = Connections(settings.connections, settings.client_connections)
    shared = Shared(
        answered,
        app.quick,
        connections,
        settings.header_seconds,
        settings.header_kilobytes << 10,
        max(settings.body_seconds, settings.write_seconds) + settings.header_seconds,
        settings.answer_seconds,
    )
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=partial(HttpProtocol, shared),  # type: ignore[arg-type]
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=2048,
        timeout_graceful_shutdown=round(settings.stop_seconds),
    )
    return uvicorn.Server(config)


def run(settings: Settings) -> None:
    """Serves until it is told to stop; queries under way get their time to end. Raises ZhengceError where it cannot start."""
    logs.configure()
    made = server(settings)
    # What lives as long as the process is not looked through again by each full collection, which may run on the event loop.
    gc.collect()
    gc.freeze()
    with suppress(KeyboardInterrupt):
        made.run()
    if isinstance(made.config.app, Application) and made.config.app.failure:
        raise made.config.app.failure
