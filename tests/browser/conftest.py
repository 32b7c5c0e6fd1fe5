"""A real service on the shipped notice, and a real browser that reports everything it asks for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.chromium import chromium

ROOT = Path(__file__).parents[2]


@dataclass
class Visit:
    """A page, with what was asked of this host, what of others, and what the browser complained about."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)
    """What a complaint may say without being one: an error that the test provokes."""

    def open(self, path: str) -> Page:
        """Opens an address of the service and waits until its charts are drawn and its workbench is ready."""
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.ok, f"{path}: {response.status}"
        for waiting, ready in (("figure[data-chart] .canvas", ".canvas svg"), ("#workbench", "#workbench[data-ready]")):
            if self.page.locator(waiting).count():
                self.page.wait_for_selector(ready)
        return self.page


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``zhengce serve`` on an empty data folder."""
    data = tmp_path_factory.mktemp("data")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "ZHENGCE_DATA": str(data), "ZHENGCE_WORKERS": "2", "ZHENGCE_RATE": "0"}
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve", "--port", str(port)]
    with (data / "log").open("wb") as log, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _await(address, process, data / "log")
            yield address
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the one of the system, else Playwright's own. Its event loop ends with the module: other tests run their own."""
    expect.set_options(timeout=15_000)
    with chromium() as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", accept_downloads=True)
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def visit(context: BrowserContext, service: str) -> Iterator[Visit]:
    """A page of the service. Whatever it asks of another host is refused and counted; at the end there must be none, and no complaint."""
    made = Visit(context.new_page(), service)

    def decide(route: Route) -> None:
        url = route.request.url
        if url.startswith((service, "data:", "blob:")):
            made.asked.append(url)
            route.continue_()
        else:
            made.outside.append(url)
            route.abort()

    context.route("**/*", decide)
    made.page.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    assert made.asked, "nothing was asked of the service"
    assert made.outside == []
    assert [said for said in made.complaints if not any(words in said for words in made.forgiven)] == []


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the service answers; fails with its log when it ends or takes three minutes."""
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", "replace"))
