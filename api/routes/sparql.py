"""A request of the SPARQL Protocol, turned into a question to a worker and its answer, streamed in the format that was negotiated.

https://www.w3.org/TR/sparql11-protocol/#query-operation. This is a plain ASGI application: a question asked a thousand times a second
has no time for a framework.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from pyoxigraph import QueryResultsFormat
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.answers.row_evidence import RowEvidence
from api.answers.service import SEPARATE, Service
from api.http import negotiation
from api.http.body import read_body
from api.http.errors import BadRequestError, MethodError, UnsupportedMediaError
from api.http.forms import pairs
from api.http.raw_responses import PENDING
from api.http.streaming import Listening, StreamedAnswer
from api.routes.service_description import describe
from graph.proofs.rows.worker_jobs import EvidenceRequest, Kind
from graph.query.framing import QueryRequest
from graph.sparql.service_guard import Form, check_depth, form
from graph.store.engine import DatasetOf

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
PATHS = ("/sparql", "/query")
METHODS = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
_GRAPHS = "SELECT DISTINCT ?graph { GRAPH ?graph {} } ORDER BY ?graph LIMIT 1000"
_FORMATS = {
    "json": "application/sparql-results+json, application/ld+json;q=0.5",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.5",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ttl": "text/turtle",
    "ntriples": "application/n-triples",
    "n-triples": "application/n-triples",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "rdf": "application/rdf+xml",
    "nquads": "application/n-quads",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "markdown": "text/markdown",
    "md": "text/markdown",
}
"""What clients that set no Accept write in ``format`` or ``output``; a media type stands for itself."""
_WITH_EVIDENCE: Mapping[str, Kind] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "text/csv": "csv",
    "text/markdown": "markdown",
}
"""The formats that hold evidence, the preferred first."""
_CHANGING = ("NOW", "RAND", "UUID", "BNODE", "SERVICE", "\\U")
"""What an answer may depend on beside the snapshot, in capitals."""


@dataclass(frozen=True, slots=True)
class QueryParameters:
    """What a request asks: the text, the dataset it names, and a lower limit of time."""

    text: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    seconds: float | None = None
    accept: str | None = None
    """The format that the parameters name, as Accept would."""
    evidence: bool = False
    """Whether each row comes with its evidence,"""
    language: str = "zh"
    """and in what language, where its format has one."""


class WorkbenchPage(Protocol):
    """Who shows a page on which queries are written."""

    async def page(self, request: Request) -> Response:
        """The page."""


class SparqlEndpoint:
    """The addresses /sparql and /query as an ASGI application. ``workbench``, where one is given, answers browsers that ask nothing."""

    def __init__(self, service: Service, workbench: WorkbenchPage | None = None) -> None:
        self._service = service
        self._evidence = RowEvidence(service)
        self.workbench = workbench

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method = scope["method"]
        if method not in METHODS:
            raise MethodError(method, METHODS)
        if method == "OPTIONS":
            await Response(status_code=204, headers={"Allow": ", ".join(METHODS)})(scope, receive, send)
            return
        asked = await self._read(scope, receive, headers)
        if asked is None or (
            method == "GET" and scope["path"] == PATHS[0] and not asked.accept and self.prefers_page(headers.get("accept"))
        ):
            await self._introduce(scope, receive, send, headers)
            return
        compressed = negotiation.takes_gzip(headers.get("accept-encoding"))
        if asked.evidence:
            kind, content = await self._with_evidence(asked, headers.get("accept"), self._address(scope, headers))
            whole = StreamedAnswer(send, started(kind, lasting=True), compressed=compressed, head=method == "HEAD")
            await whole.whole(content)
            return
        question, offer = self.question(asked, headers.get("accept"), self._address(scope, headers))
        lasting = not changes(asked.text)
        answer = StreamedAnswer(send, start(offer, lasting=lasting), compressed=compressed, head=method == "HEAD")
        kept = self._service.answers.get(question)
        if kept is not None:
            await answer.whole(kept)
            return
        async with Listening(receive) as listening:
            early = scope.get(PENDING)
            async with early.asking if early and early.asking else self._service.ask(question, asked.seconds) as reply:
                if reply.whole:
                    if lasting:
                        self._service.keep(question, reply.snapshot, reply.first)
                    await answer.whole(reply.first)
                else:
                    async with asyncio.timeout(self._service.settings.answer_seconds):
                        sent = await answer.stream(reply, self._service.answers.largest)
                    if lasting and sent is not None:
                        self._service.keep(question, reply.snapshot, sent)
            listening.done = True

    async def _read(self, scope: Scope, receive: Receive, headers: Mapping[str, str]) -> QueryParameters | None:
        """What is asked, over URL and body together; None where nothing is."""
        try:
            given = pairs(scope["query_string"])
            if scope["method"] in {"GET", "HEAD"}:
                # A page has its language in its address.
                return asked_by(given) if any(name != "lang" for name, _ in given) else None
            # Some clients post what stands in the address, and nothing else.
            empty = "content-type" not in headers and "transfer-encoding" not in headers and headers.get("content-length", "0") == "0"
            kind = FORM if empty else _body_type(headers)
            body = await read_body(scope, receive, self._service.settings.request_kilobytes, self._service.settings.body_seconds)
            if kind == FORM:
                return asked_by(given + pairs(body))
            return asked_by(given, body.decode())
        except UnicodeError as error:
            raise BadRequestError("请求不是有效的 UTF-8。", "The request is not valid UTF-8.") from error

    def question(self, asked: QueryParameters, accept: str | None, address: str) -> tuple[QueryRequest, negotiation.Offer]:
        """The question to a worker; the format depends on the form of the query, which it begins with."""
        check_depth(asked.text)
        offer = _offer(negotiation.short(asked.accept or accept), form(asked.text))
        dataset = DatasetOf.of(asked.default, asked.named, union=self._service.union)
        return QueryRequest(asked.text, offer.format, dataset, address), offer

    async def _with_evidence(self, asked: QueryParameters, accept: str | None, address: str) -> tuple[str, bytes]:
        """The media type and the bytes of an answer with evidence."""
        check_depth(asked.text)
        type_ = negotiation.preferred(asked.accept or accept, tuple(_WITH_EVIDENCE))
        dataset = DatasetOf.of(asked.default, asked.named, union=self._service.union)
        wanted = EvidenceRequest(asked.text, _WITH_EVIDENCE[type_], asked.language, dataset, address)
        return type_, await self._evidence.answer(wanted, asked.seconds)

    def address(self, scheme: str, host: str, path: str) -> str:
        """The address of this endpoint as the public has it."""
        return f"{self._service.settings.url or f'{scheme}://{host}'}{path}"

    def prefers_page(self, accept: str | None) -> bool:
        """Whether a browser followed a link to a query: the workbench opens with it. ``/query`` gives the answer itself."""
        return self.workbench is not None and _page(negotiation.short(accept))

    async def _graphs(self) -> list[str]:
        """The named graphs, as far as a description names them."""
        answer = await self._service.answer(_GRAPHS, QueryResultsFormat.TSV, SEPARATE)
        return [line[1:-1] for line in answer.decode().splitlines()[1:] if line.startswith("<")]

    def _address(self, scope: Scope, headers: Mapping[str, str]) -> str:
        return self.address(scope["scheme"], headers.get("host", "localhost"), scope["path"])

    async def _introduce(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
        accept = headers.get("accept")
        if self.workbench and self.prefers_page(accept):
            page = await self.workbench.page(Request(scope, receive))
            await page(scope, receive, send)
            return
        offer = negotiation.choose(accept, negotiation.graphs())
        address = self._address(scope, headers)
        content = describe(
            address,
            offer.format,
            union=self._service.union,
            federated=bool(self._service.settings.service_allow),
            update=f"{address.removesuffix(scope['path'])}/update" if self._service.settings.token else "",
            graphs=await self._graphs(),
        )
        response = Response(content, media_type=offer.media_type, headers={"Vary": "Accept, Accept-Encoding"})
        await response(scope, receive, send)


def create_router(endpoint: SparqlEndpoint) -> APIRouter:
    """The same addresses for the framework, so that its documentation has them."""
    router = APIRouter(tags=["sparql"])
    about: dict[str, Any] = {"content": {offer.types[0]: {} for offer in (*negotiation.results(), *negotiation.graphs())}}
    said: dict[int | str, dict[str, Any]] = {200: {"description": "The answer · 结果", **about}}

    @router.get("/sparql", summary="A query · 查询", response_class=_Direct, responses=said)
    async def get(
        request: Request,
        *,
        query: Annotated[str | None, Parameter(description="SPARQL 1.1; without it the description of the service")] = None,
        default_graph_uri: Annotated[list[str] | None, Parameter(alias="default-graph-uri")] = None,
        named_graph_uri: Annotated[list[str] | None, Parameter(alias="named-graph-uri")] = None,
        timeout: Annotated[float | None, Parameter(gt=0, description="Seconds; may lower the limit")] = None,
        evidence: Annotated[str | None, Parameter(description="1: each row with its evidence · 每行带证据")] = None,
    ) -> Response:
        return _Direct(endpoint)

    body = {"content": {QUERY: {"schema": {"type": "string"}}, FORM: {"schema": {"type": "object", "required": ["query"]}}}}

    @router.post("/sparql", summary="A query · 查询", response_class=_Direct, responses=said, openapi_extra={"requestBody": body})
    async def post(request: Request) -> Response:
        return _Direct(endpoint)

    return router


class _Direct(Response):
    """A response that the endpoint gives itself."""

    def __init__(self, endpoint: SparqlEndpoint, status_code: int = 200) -> None:
        super().__init__(status_code=status_code)
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._endpoint(scope, receive, send)


def changes(text: str) -> bool:
    """Whether the answer may differ each time; a word in a string that looks like it only costs a place in the cache.

    >>> changes("SELECT (now() AS ?time) {}"), changes("ASK {}")
    (True, False)
    """
    capitals = text.upper()
    return any(word in capitals for word in _CHANGING)


@lru_cache(maxsize=1024)
def _page(accept: str | None) -> bool:
    return negotiation.prefers_html(accept, (*negotiation.graphs(), *negotiation.results()))


@lru_cache(maxsize=1024)
def _offer(accept: str | None, form_: Form | None) -> negotiation.Offer:
    """The format of the answer to a form of query; clients have few ways of saying what they accept."""
    return negotiation.choose(accept, negotiation.graphs() if form_ in {"CONSTRUCT", "DESCRIBE"} else negotiation.results())


def asked_by(pairs: Sequence[tuple[str, str]], text: str | None = None) -> QueryParameters:
    """What the parameters of a request ask, or the text that is its body with them."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    texts = [*given.get("query", ()), *([] if text is None else [text])]
    if "update" in given:
        raise BadRequestError("此地址只接受查询，更新请用 /update。", "This address takes queries; updates go to /update.")
    if len(texts) != 1:
        raise BadRequestError(f"应有且仅有一个 query，收到 {len(texts)} 个。", f"One query was expected, {len(texts)} came.")
    default, named = (tuple(filter(None, given.get(name, ()))) for name in ("default-graph-uri", "named-graph-uri"))
    language = "en" if given.get("lang", [""])[0] == "en" else "zh"
    text = texts[0].removeprefix("\ufeff")
    return QueryParameters(text, default, named, _seconds(given), _format(given), _evidence(given), language)


def _evidence(given: Mapping[str, list[str]]) -> bool:
    """Whether evidence is asked for; raises BadRequestError for what says neither yes nor no."""
    said = given.get("evidence", ["0"])[-1].strip().lower()
    if said not in {"1", "true", "0", "false", ""}:
        raise BadRequestError("evidence 应为 1 或 0。", "evidence is 1 or 0.")
    return said in {"1", "true"}


def _format(given: Mapping[str, list[str]]) -> str | None:
    """The format that ``format`` or ``output`` names, as Accept would; raises BadRequestError for one that is not known."""
    written = next((value.strip().lower() for name in ("format", "output") for value in given.get(name, ()) if value.strip()), "")
    if not written:
        return None
    # A blank stands where a client did not escape the plus sign of a media type.
    accept = _FORMATS.get(written) or (written.replace(" ", "+") if "/" in written else None)
    if accept is None:
        known = ", ".join(_FORMATS)
        raise BadRequestError(f"format 应为 {known} 之一，或一个媒体类型。", f"format is one of {known}, or a media type.")
    return accept


def _seconds(given: Mapping[str, list[str]]) -> float | None:
    if "timeout" not in given:
        return None
    try:
        seconds = float(given["timeout"][0])
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise BadRequestError("timeout 应为正数（秒）。", "timeout must be a number of seconds above 0.")
    return seconds


def _body_type(headers: Mapping[str, str]) -> str:
    """The type of the body, which must be one of two and in UTF-8."""
    given = headers.get("content-type", "")
    kind, *parameters = (part.strip().lower() for part in given.split(";"))
    charset = next((part.partition("=")[2].strip("\" '") for part in parameters if part.startswith("charset=")), "utf-8")
    if kind not in {FORM, QUERY} or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaError(given, (FORM, QUERY))
    return kind


def start(offer: negotiation.Offer, *, lasting: bool) -> list[tuple[bytes, bytes]]:
    """The headers of an answer."""
    return started(offer.types[0], lasting=lasting)


def started(type_: str, *, lasting: bool) -> list[tuple[bytes, bytes]]:
    """The headers of an answer of a media type."""
    return [
        (b"content-type", f"{type_}; charset=utf-8".encode() if type_.startswith("text/") else type_.encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"cache-control", b"no-cache" if lasting else b"no-store"),
    ]
