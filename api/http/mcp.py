"""The tools of a service over the Model Context Protocol (https://modelcontextprotocol.io): at ``/mcp``, or on standard streams.

The official SDK speaks the protocol. It takes a second to load, so the first request loads it, off the event loop. No session is kept: each
request stands alone. Host and Origin are checked, so that no page of another site reaches a service on its reader's machine.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers.tools import Tools
from api.http.body import read_body
from api.settings import Settings
from ontology.errors import ZhengceError

if TYPE_CHECKING:
    from mcp.server import MCPServer

INSTRUCTIONS = (
    "政策知识图谱：政府任务文件里的任务、目标、责任单位、行业、数量和期限，每个事实都指到原文的字。先用 ask 提问或 search 找名称；"
    "要自己写 SPARQL，先看 schema。引用时给出文号、任务号和原文。 "
    "A graph of the tasks of Chinese government documents: tasks, targets, responsible units, industries, figures, deadlines; every fact "
    "points to the characters that state it. Begin with ask (Chinese or English) or search; read schema before writing SPARQL. Quote the "
    "document number, the task and the words. What is declined cannot be known from the documents: do not fill it in."
)
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_KILOBYTES = 64
"""Of a call: as many as an address with the same question may have. The SDK reads them on the event loop."""


class McpEndpoint:
    """The address ``/mcp``. Open it with ``async with``, inside the service; it costs nothing until it is asked."""

    def __init__(self, tools: Tools, settings: Settings) -> None:
        self._tools = tools
        self._settings = settings
        self._app: ASGIApp | None = None
        self._starting = asyncio.Lock()
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._ended.set()
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(scope, receive, _KILOBYTES, self._settings.body_seconds)
        async with self._starting:
            app = self._app or await self._start()
        await app(scope, _again(body, receive), send)

    async def _start(self) -> ASGIApp:
        app: Any = await asyncio.to_thread(_application, self._tools, self._settings)
        ready = asyncio.Event()

        async def hold() -> None:
            # The task that opens the protocol's group of tasks has to close it.
            async with app.router.lifespan_context(app):
                ready.set()
                await self._ended.wait()

        self._task = asyncio.get_running_loop().create_task(hold())
        await ready.wait()
        self._app = app
        return self._app


def _again(body: bytes, receive: Receive) -> Receive:
    """The messages of a request whose body was read."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return parts.pop() if parts else await receive()

    return received


def _application(tools: Tools, settings: Settings) -> Any:
    from mcp.server.transport_security import TransportSecuritySettings

    public = urlsplit(settings.url).netloc
    names = [*_LOCAL, *([settings.host] if settings.host not in {"0.0.0.0", "::"} else [])]  # noqa: S104 - compared, not bound
    hosts = [*names, *(f"{name}:*" for name in names), *([public] if public else [])]
    origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    security = TransportSecuritySettings(enable_dns_rebinding_protection=True, allowed_hosts=hosts, allowed_origins=origins)
    server = create_server(tools)
    return server.streamable_http_app(
        stateless_http=True, json_response=True, max_request_body_size=_KILOBYTES << 10, transport_security=security
    )


def create_server(tools: Tools) -> MCPServer:
    """The tools with what a model is told of them."""
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import ToolAnnotations

    server = MCPServer("zhengce", title="政策 · Zhengce", instructions=INSTRUCTIONS)
    reading = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    async def told(answer: Any) -> dict[str, Any]:
        try:
            return dict(await answer)
        except ZhengceError as error:
            raise ToolError(f"{error.zh} {error.en}") from error

    @server.tool(annotations=reading)
    async def search(text: str, limit: int = 10, language: Literal["zh", "en"] = "zh") -> dict[str, Any]:
        """Things that a text may name (Chinese, English, pinyin, near spellings), and passages that hold it with exact places."""
        return await told(tools.search(text, limit, language))

    @server.tool(annotations=reading)
    async def describe(id: str) -> dict[str, Any]:
        """What the graph says of a thing, as triples. id: as search gives it, e.g. industry/low-altitude-aviation, or an IRI."""
        return await told(tools.describe(id))

    @server.tool(annotations=reading)
    async def schema(language: Literal["zh", "en"] = "en") -> dict[str, Any]:
        """Classes and properties with definitions, prefixes, and the saved questions. Read it before writing SPARQL."""
        return await told(tools.schema(language))

    @server.tool(annotations=reading)
    async def query(sparql: str, limit: int = 100, evidence: bool = False, language: Literal["zh", "en"] = "zh") -> dict[str, Any]:
        """A SPARQL 1.1 query. Rows come as CSV; with evidence=true as Markdown whose notes quote the words behind each row."""
        return await told(tools.query(sparql, limit, evidence, language))

    @server.tool(annotations=reading)
    async def ask(question: str, language: Literal["zh", "en"] | None = None) -> dict[str, Any]:
        """A question in plain Chinese or English: the answer with SPARQL, quotes and coverage, or why it is declined."""
        return await told(tools.ask(question, language))

    @server.tool(annotations=reading)
    async def why(subject: str, predicate: str, object: str) -> dict[str, Any]:
        """Why a triple holds, down to the words. Terms by key or name, e.g. task/9, involvesIndustry, industry/aviation."""
        return await told(tools.why(subject, predicate, object))

    @server.tool(annotations=reading)
    async def why_not(missing: str, query: str, variable: str = "") -> dict[str, Any]:
        """Why a thing (task/9) is in no row of a SPARQL SELECT: which conditions fail, the nearest facts and words."""
        return await told(tools.why_not(missing, query, variable))

    @server.tool(annotations=reading)
    async def coverage(question: str, language: Literal["zh", "en"] | None = None) -> dict[str, Any]:
        """What was examined for a question, and how much was found: what an answer may have missed."""
        return await told(tools.coverage(question, language))

    return server
