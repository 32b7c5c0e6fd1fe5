"""What every page shares, turned into one object: the function that answers queries, the templates, the wordings, the queries of pages."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode, QueryResultsFormat

from api.answers import tables as rows
from api.answers.catalogue import Answer
from api.http import negotiation
from api.pages.assets import Assets
from api.pages.labels import LabelIndex
from api.pages.wording import LANGUAGES, address, kind_of, link, proof, wordings
from queries import Query, parse

Row = dict[str, rows.Plain]

_WORTH_COMPRESSING = 1400
_UNKNOWN = 2000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What goes with every page: nothing is loaded from another host, and no script or style stands in the page itself."""


class Site:
    """Give pages their rows and turn a template into a response. ``snapshot`` names the snapshot that is served."""

    def __init__(self, answer: Answer, snapshot: Callable[[], str], separate: Answer | None = None) -> None:
        """``answer`` reads the graphs of the service alone, ``separate`` every graph under its own name."""
        self.answer = answer
        self._separate = separate
        self.snapshot = snapshot
        self.queries = page_queries()
        self.wordings = wordings()
        self.assets = Assets.built()
        self._environment = _environment()
        self._labels: tuple[str, LabelIndex] | None = None

    async def select(self, name: str, **terms: NamedNode | Literal | tuple[NamedNode | Literal, ...]) -> list[Row]:
        """The rows of a query of ``api/pages/queries`` with these terms in its slots, as plain values."""
        bound = self.queries[name].bound({key: term if isinstance(term, tuple) else (term,) for key, term in terms.items()})
        return await self.run(bound)

    async def run(self, text: str) -> list[Row]:
        """The rows that the text of a SELECT gives, as plain values."""
        return _rows(await self.answer(text, QueryResultsFormat.JSON))

    async def elsewhere(self, thing: str) -> list[Row]:
        """What graphs of others say of a thing, each with its graph (none for the default graph); a bounded number of statements."""
        if self._separate is None:
            return []
        bound = self.queries["said-elsewhere"].bound({"thing": (NamedNode(thing),)})
        return _rows(await self._separate(bound, QueryResultsFormat.JSON))

    async def labels(self) -> LabelIndex:
        """The names of all things in the snapshot that is served; read once for each snapshot."""
        snapshot = self.snapshot()
        if self._labels is None or self._labels[0] != snapshot:
            self._labels = (snapshot, await asyncio.to_thread(LabelIndex.of, await self.select("labels")))
        return self._labels[1]

    async def naming(self, things: Iterable[str]) -> LabelIndex:
        """The names, those of these things with them; what the index lacks is asked for, all at once."""
        labels = await self.labels()
        lacking = sorted(set(things) - labels.names.keys())[:_UNKNOWN]
        return labels.also(await self.select("labels-of", thing=tuple(map(NamedNode, lacking)))) if lacking else labels

    def say(self, language: str, key: str, **values: object) -> str:
        """The wording of a key."""
        return self.wordings[key][language].format(**values) if values else self.wordings[key][language]

    async def page(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        """The page that a template makes of the context; it also knows what ``_common`` lists."""
        return packed(request, await self.written(request, template, **context), "text/html; charset=utf-8", status, HEADERS)

    async def written(self, request: Request, template: str, **context: Any) -> bytes:
        """What a template makes of the context; the names it needs and that the index lacks are asked for, all at once."""
        labels = (await self.labels()).noting()
        render = self._environment.get_template(template).render
        html = render(**self._common(request, labels), **context)
        if labels.unknown:
            things = tuple(NamedNode(thing) for thing in sorted(labels.unknown)[:_UNKNOWN])
            html = render(**self._common(request, labels.also(await self.select("labels-of", thing=things))), **context)
        # Whatever a template makes a link of: no browser is led to a script or to data in the address (two barriers: see ``link``).
        return _NOT_FOLLOWED.sub("", html).encode()

    async def problem(self, request: Request, told: Mapping[str, Any]) -> Response:
        """The page of a problem document."""
        language = language_of(request)
        detail = told.get(f"detail_{language}") or told["detail"]
        return await self.page(request, "problem.html", told["status"], told=told, detail=detail)

    def _common(self, request: Request, labels: LabelIndex) -> dict[str, Any]:
        # One slash at the beginning: two would make an address of another host.
        language, path = language_of(request), "/" + quote(request.url.path).lstrip("/")
        return {
            "lang": language,
            "other_lang": "zh" if language == "en" else "en",
            "path": path,
            "here": Crumb(path, tuple(request.query_params.multi_items())),
            "say": partial(self.say, language),
            "href": partial(_href, language),
            "link": partial(link, language),
            "name": partial(labels.name, language=language),
            "kind": kind_of,
            "why": partial(proof, language),
            "assets": self.assets,
            "snapshot": self.snapshot(),
        }


_NOT_FOLLOWED = re.compile(r'\s(?:xlink:)?href="\s*(?!(?:https?|mailto):)[A-Za-z][A-Za-z0-9+.\-]*:[^"]*"')
"""The address of a link with another scheme than those that are followed."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """The address of the page that is shown."""

    path: str
    pairs: tuple[tuple[str, str], ...]

    def __call__(self, language: str) -> str:
        """The same page in a language. What is left blank stays so: it may say that nothing is to restrict the answer."""
        return address(language, self.path, self.pairs, blanks=True)

    def values(self, name: str) -> list[str]:
        """What the address says for a name."""
        return [value for key, value in self.pairs if key == name]

    def having(self, language: str, **values: str | None) -> str:
        """The same page with some values of the address set, or dropped by None."""
        kept = [(key, value) for key, value in self.pairs if key not in values]
        return address(language, self.path, [*kept, *((key, value) for key, value in values.items() if value is not None)])

    def toggled(self, language: str, name: str, value: str) -> str:
        """The same page with one value more, or without it where it has it: how a facet is switched."""
        pair = (name, value)
        pairs = [each for each in self.pairs if each != pair] if pair in self.pairs else [*self.pairs, pair]
        return address(language, self.path, [each for each in pairs if each[0] != "page"])


def language_of(request: Request) -> str:
    """The language that the address asks for; Chinese if it does not say.

    ``lang=en`` is the one way to ask, so that an address always shows the same page.
    """
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else "zh"


def packed(request: Request, content: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response, compressed where the client takes that and it is worth it."""
    made = {**(headers or {}), "Vary": "Accept, Accept-Encoding"}
    if len(content) > _WORTH_COMPRESSING and negotiation.takes_gzip(request.headers.get("accept-encoding")):
        content = gzip.compress(content, 6, mtime=0)
        made["Content-Encoding"] = "gzip"
    return Response(content, status, made, media_type)


def wants_page(request: Request) -> bool:
    """Whether the client would rather have HTML than data: what browsers say, and no program does."""
    return negotiation.prefers_html(request.headers.get("accept"), (*negotiation.results(), *negotiation.graphs()))


def page_queries() -> Mapping[str, Query]:
    """The queries of pages by name; each runs anywhere as it stands."""
    folder = files("api.pages") / "queries"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".rq")), key=lambda file: file.name)
    return {name: parse(name, file.read_text("utf-8")) for file in found for name in (file.name.removesuffix(".rq"),)}


def _rows(results: bytes) -> list[Row]:
    table = rows.from_results(results)
    return [dict(zip(table.columns, map(rows.plain, row), strict=True)) for row in table.rows]


def _href(language: str, path: str, **values: object) -> str:
    return address(language, path, [(name, str(value)) for name, value in values.items() if value is not None])


def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
