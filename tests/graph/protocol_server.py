"""The embedded engine behind the SPARQL Protocol on loopback: what an engine elsewhere is to its client, with its refusals."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store


@dataclass
class ProtocolServer:
    """A store with its address. ``refusals`` are statuses to answer the next requests with; ``scheme`` asks for a password."""

    url: str = ""
    store: Store = field(default_factory=Store)
    scheme: str = ""
    refusals: list[int] = field(default_factory=list)
    lost: int = 0
    """So many updates are carried out and not answered."""
    between: Callable[[], object] | None = None
    """Called between the operations of an update, which is then carried out one by one."""
    breaks: int = 0
    """So many updates of several operations break off after the second and are not undone."""
    authorizations: list[str] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    answered: int = 0
    """So many queries."""


@contextmanager
def serving() -> Iterator[ProtocolServer]:
    """A server until the block ends."""
    state = ProtocolServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            given = self.headers.get("Authorization", "")
            state.authorizations.append(given)
            if state.refusals:
                self.tell(state.refusals.pop(0), b"refused")
                return
            if state.scheme and not given.startswith(state.scheme):
                self.tell(401, b"who?")
                return
            try:
                self.answer(body)
            except (SyntaxError, ValueError) as error:
                self.tell(400, str(error).encode())

        def answer(self, body: str) -> None:
            if self.headers["Content-Type"] == "application/sparql-update":
                state.updates.append(body)
                if not self.carried_out(body):
                    self.tell(500, b"broke off")
                    return
                if state.lost:
                    state.lost -= 1
                    self.close_connection = True
                    return
                self.tell(204, b"")
                return
            found: Any = state.store.query(parse_qs(body)["query"][0], use_default_graph_as_union=True)
            made = found.serialize(format=RdfFormat.N_TRIPLES if isinstance(found, QueryTriples) else QueryResultsFormat.JSON)
            self.tell(200, made or b"")
            state.answered += 1

        def carried_out(self, body: str) -> bool:
            operations = body.split(" ;\n") if state.between or state.breaks else [body]
            for place, operation in enumerate(operations):
                if place == 2 and state.breaks:
                    state.breaks -= 1
                    return False
                if place and state.between:
                    state.between()
                state.store.update(operation)
            return True

        def tell(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status == 401:
                extra = ', nonce="1", qop="auth", algorithm=MD5' if state.scheme == "Digest" else ""
                self.send_header("WWW-Authenticate", f'{state.scheme} realm="engine"{extra}')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
