"""Exceptions, turned into problem documents (https://www.rfc-editor.org/rfc/rfc9457). The only place that knows HTTP statuses of errors."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.http import errors as http
from api.http.negotiation import graphs, prefers_html
from graph import errors as graph
from ontology.errors import MachineError
from queries import errors as queries

MEDIA_TYPE = "application/problem+json; charset=utf-8"
DOCS = "https://w3id.org/zhengce/docs/problems#"

Page = Callable[[Request, Mapping[str, Any]], Awaitable[Response]]
"""Shows a problem document to people."""

REQUEST_ID = "zhengce.request-id"
"""Where a scope has the name of its request."""
_OF_BODY = ("content-length", "content-type", "content-encoding", "vary")

STATUS: Mapping[type[Exception], int] = {
    http.BadRequestError: 400,
    http.NotFoundError: 404,
    http.MethodError: 405,
    http.NotAcceptableError: 406,
    http.TooLargeError: 413,
    http.UnsupportedMediaError: 415,
    http.UnsupportedCodingError: 415,
    http.PreconditionError: 412,
    http.RateError: 429,
    http.WritingOffError: 403,
    http.UnauthorizedError: 401,
    graph.BadQueryError: 400,
    graph.BadTermError: 400,
    graph.BadDataError: 400,
    graph.ForbiddenError: 403,
    graph.EvaluationError: 422,
    graph.NotInXmlError: 406,
    graph.InvalidGraphError: 422,
    graph.LedgerError: 422,
    graph.ClientBusyError: 429,
    graph.BusyError: 503,
    graph.TimeLimitError: 504,
    graph.MemoryLimitError: 507,
    graph.ResultLimitError: 507,
    graph.WorkerError: 500,
    graph.StoreError: 503,
    graph.NotEmptyError: 503,
    graph.BackupError: 503,
    graph.NothingPublishedError: 503,
    graph.UnknownSnapshotError: 404,
    graph.UnknownWatchError: 404,
    graph.UnsupportedShapeError: 500,
    graph.UnknownGraphError: 404,
    graph.ChangedMeanwhileError: 412,
    graph.ReservedGraphError: 403,
    graph.NotProvableError: 404,
    graph.NoEvidenceError: 422,
    graph.SearchError: 422,
    graph.WhyNotError: 422,
    graph.UnknownNameError: 422,
    graph.AmbiguousNameError: 422,
    graph.LimitError: 422,
    queries.UnknownQueryError: 404,
    queries.BadValueError: 422,
    queries.UnknownParameterError: 422,
    queries.QueryError: 500,
    MachineError: 503,
}
"""The status of each class, which its subclasses share unless they have their own."""

_TOLD = (
    "line",
    "column",
    "limit",
    "value",
    "allowed",
    "offered",
    "accepted",
    "kilobytes",
    "violations",
    "retry_after",
    "known",
    "part",
    "queries",
    "word",
    "things",
    "character",
)


def status_of(error: Exception) -> int:
    """The status of an error, by its class or the nearest class above it; 500 for what nobody foresaw."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def slug(kind: type[Exception]) -> str:
    """The name under which the docs explain an error.

    >>> slug(graph.TimeLimitError)
    'time-limit'
    """
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind.__name__.removesuffix("Error"))
    return "-".join(words.split())


def problem(error: Exception, instance: str = "") -> Response:
    """The response to an error of ours."""
    status = status_of(error)
    members = {name: getattr(error, name) for name in _TOLD if getattr(error, name, None) is not None}
    body: dict[str, object] = {
        "type": DOCS + slug(type(error)),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(error),
    }
    for language in ("zh", "en"):
        if hasattr(error, language):
            body[f"detail_{language}"] = getattr(error, language)
    headers = {"Cache-Control": "no-store"}
    if "retry_after" in members:
        headers["Retry-After"] = str(members["retry_after"])
    if isinstance(error, http.MethodError):
        headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, http.UnauthorizedError):
        # Clients that know only one of the two stop at the other: who came with a bearer token is asked for one, all else for a password.
        headers["WWW-Authenticate"] = 'Bearer realm="zhengce"' if error.bearer else 'Basic realm="zhengce", charset="UTF-8"'
    return _response(status, {**body, **({"instance": instance} if instance else {}), **members}, headers)


def install(app: FastAPI, page: Page | None = None) -> None:
    """Every error leaves the application as a problem document, or for a browser as a page of it."""

    async def told(request: Request, response: Response) -> Response:
        if page is None or not prefers_html(request.headers.get("accept"), graphs()):
            return response
        shown = await page(request, json.loads(bytes(response.body)))
        shown.headers.update({name: value for name, value in response.headers.items() if name not in _OF_BODY})
        return shown

    async def ours(request: Request, error: Exception) -> Response:
        return await told(request, problem(error, request.url.path))

    for kind in STATUS:
        app.add_exception_handler(kind, ours)

    @app.exception_handler(HTTPException)
    async def of_framework(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return await told(request, problem(http.NotFoundError(request.url.path), request.url.path))
        if error.status_code == 405:
            allowed = methods(app.routes, request.scope["path"])
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": ", ".join(allowed)})
            return await told(request, problem(http.MethodError(request.method, allowed), request.url.path))
        title = HTTPStatus(error.status_code).phrase
        body = {
            "type": "about:blank",
            "title": title,
            "status": error.status_code,
            "detail": str(error.detail),
            "instance": request.url.path,
        }
        return _response(error.status_code, body, dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def of_nobody(request: Request, error: Exception) -> Response:
        return await told(request, unforeseen(request.scope.get(REQUEST_ID, "")))

    @app.exception_handler(RequestValidationError)
    async def of_parameters(request: Request, error: RequestValidationError) -> Response:
        reasons = "; ".join(f"{'.'.join(str(step) for step in each['loc'][1:])}: {each['msg']}" for each in error.errors())
        body = {
            "type": DOCS + "bad-request",
            "title": HTTPStatus(422).phrase,
            "status": 422,
            "detail": f"参数有误。 Parameters are wrong: {reasons}",
            "instance": request.url.path,
        }
        return await told(request, _response(422, body, {"Cache-Control": "no-store"}))


def methods(routes: Iterable[Any], path: str) -> list[str]:
    """What an address may be asked with (RFC 9110, 10.2.1), over all routes that lead to it: the framework names those of the first."""
    known = {"OPTIONS"}
    waiting = deque(routes)
    while waiting:
        route = waiting.popleft()
        inner = getattr(route, "original_router", None)
        if inner is not None:
            waiting.extend(inner.routes)
        elif route.path_regex.match(path):
            known |= set(route.methods or ())
    # Whatever is given with GET is described with HEAD.
    return sorted(known | ({"HEAD"} if "GET" in known else set()))


def unforeseen(request_id: str) -> Response:
    """The response to an error that nobody foresaw; the log has it under the same id."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(500).phrase,
        "status": 500,
        "detail": f"内部错误，编号 {request_id}。 Internal error {request_id}.",
        "request_id": request_id,
    }
    return _response(500, body, {"Cache-Control": "no-store"})


def _response(status: int, body: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, headers, MEDIA_TYPE)
