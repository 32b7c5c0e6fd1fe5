"""A proof as JSON has it, turned into a page: the fact, the words it rests on, every step between, and the other ways to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from api.pages.site import Site

Node = Mapping[str, Any]


class Proofs:
    """The page at ``/why``."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def why(self, request: Request, said: Node) -> Response:
        """The proof as ``graph.proofs.render.told`` has it."""
        asked = urlencode([(name, request.query_params.get(name, "")) for name in "spo"])
        others = [(other, list(quotes(other))) for other in said.get("others", ())]
        data = [(label, f"/why.{suffix}?{asked}") for suffix, label in (("json", "JSON"), ("ttl", "PROV-O (Turtle)"), ("txt", "TXT"))]
        return await self.site.page(request, "why.html", said=said, quotes=list(quotes(said)), others=others, data=data)


def quotes(node: Node) -> Iterator[Node]:
    """The words that the proof rests on, each once: the exact ones, or the whole passages where there are none."""
    found = [evidence for evidence in _evidence(node) if evidence["kind"] in {"quote", "passage"}]
    exact = [evidence for evidence in found if evidence["kind"] == "quote"] or found
    yield from {(evidence["passage"], evidence["start"], evidence["end"]): evidence for evidence in exact}.values()


def _evidence(node: Node) -> Iterator[Node]:
    if node.get("evidence"):
        yield node["evidence"]
    for premise in node.get("premises", ()):
        yield from _evidence(premise)
