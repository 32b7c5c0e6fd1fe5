"""What is kept of an answer is given to nobody whose request another reading would answer otherwise."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

THING = "/id/district/pudong"


@pytest.fixture
def client(serve: Callable[..., Any], tmp_path: Path, publish_to: Callable[..., None]) -> Any:
    publish_to(tmp_path)
    return serve(tmp_path, token="secret")


def said(client: Any, path: str, *headers: str) -> tuple[str, str]:
    """The media type and the Cache-Status of the answer to a request that is sent as it stands."""
    where = urlsplit(client.url)
    lines = [f"GET {path} HTTP/1.1", f"Host: {where.netloc}", "Connection: close", *headers, "", ""]
    received = b""
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        while part := connection.recv(1 << 16):
            received += part
    head = dict(line.lower().split(": ", 1) for line in received.split(b"\r\n\r\n")[0].decode().split("\r\n")[1:])
    return head["content-type"].split(";")[0], head.get("cache-status", "")


@pytest.mark.parametrize("name", ["Accept", "Accept-Language", "Accept-Encoding", "Cookie"])
def test_a_header_that_comes_twice_is_one(client: Any, name: str) -> None:
    path = f"{THING}?again={name}"
    first, second = ("text/turtle", "text/html;q=0.5") if name == "Accept" else ("a=1", "b=2")
    accept = () if name == "Accept" else ("Accept: text/html",)
    twice = said(client, path, *accept, f"{name}: {first}", f"{name}: {second}")
    assert twice == (("text/turtle", "") if name == "Accept" else ("text/html", ""))
    joined = said(client, path, *accept, f"{name}: {first}{';' if name == 'Cookie' else ','} {second}")
    assert joined == (twice[0], "zhengce; hit")
    for alone in (first, second):
        kind, hit = said(client, path, *accept, f"{name}: {alone}")
        assert hit == ""
        assert kind == ("text/turtle" if alone == "text/turtle" else "text/html")


def test_two_hosts_are_refused(client: Any) -> None:
    assert said(client, THING, "Host: other.example")[0] == "application/problem+json"


def test_an_escaped_slash_is_another_address(client: Any) -> None:
    turtle = "".join(f'<https://w3id.org/zhengce/id/x/{name}> <http://e/p> "{name}" . ' for name in ("c%2Fd", "c/d"))
    written = client.send("PUT", "/store?graph=http://e/g", turtle.encode(), Authorization="Bearer secret", Content_Type="text/turtle")
    assert written.status == 201
    for path, text in (("/id/x/c%2Fd", "c%2Fd"), ("/id/x/c/d", "c/d"), ("/id/x/c%2Fd", "c%2Fd")):
        body = client.get(path, Accept="application/n-triples").body.decode()
        assert f'"{text}"' in body, (path, body)


def test_links_of_a_page_that_is_not_there_stay_here(client: Any) -> None:
    response = client.get("//evil.example/tasks", Accept="text/html")
    assert response.status == 404
    assert b'href="//' not in response.body
    assert b'href="/evil.example/tasks?lang=en"' in response.body
