"""A request to an address elsewhere, turned into the response of that address: no redirect is followed.

Both clients of SPARQL endpoints send through it. They stay two: ``graph.query.endpoint`` streams answers, knows replicas, passwords and
updates, and asks at once; ``graph.links.endpoint`` asks strangers by SPARQLWrapper, no faster than it may, within numbers and sizes.
"""

from __future__ import annotations

import urllib.request
from email.message import Message
from typing import IO

from graph.errors import StoreError


class _Stays(urllib.request.HTTPRedirectHandler):
    """Whoever names an address has not named the one that it sends to."""

    def redirect_request(  # noqa: PLR0917
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        fp.close()
        raise StoreError(
            f"{req.full_url}: it redirects to {newurl[:200]}, which is not asked; name that address where it is meant",
            f"{req.full_url}：它转到 {newurl[:200]}，那里不会去问；若是那个地址，请写明它",
        )


def opener() -> urllib.request.OpenerDirector:
    """What opens requests; raises StoreError where the address sends elsewhere."""
    return urllib.request.build_opener(_Stays)
