"""A running service, turned into pictures: each kind of page in zh and en, wide and narrow, and some on paper, in ``screenshots/``.

``python benchmarks/screenshots.py [ADDRESS]``; without an address it serves the shipped notice from a folder of its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "screenshots"
PAGES = {
    "home": "/",
    "search": "/search?q=dikong",
    "tasks": "/tasks",
    "task": "/id/notice/huzhiban-2026-2/task/9",
    "industry": "/id/industry/low-altitude-aviation",
    "agency": "/id/agency/shanghai-market-regulation",
    "overview": "/overview",
    "why": "/why?s=task/9&p=involvesIndustry&o=industry/low-altitude-aviation",
    "notice": "/id/notice/huzhiban-2026-2",
    "agencies": "/agencies",
    "industries": "/industries",
    "districts": "/districts",
    "platforms": "/platforms",
    "notices": "/notices",
    "questions": "/queries",
    "question": "/queries/tasks-by-industry",
    "question-chart": "/queries/load-per-unit",
    "workbench": "/sparql#example=load-per-unit",
    "ontology": "/def",
    "api": "/docs",
}
WIDTHS = {"wide": 1280, "narrow": 390}


def main(address: str | None) -> None:
    """Takes all pictures."""
    FOLDER.mkdir(exist_ok=True)
    path = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    with served(address) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        for scheme, width in (("light", "wide"), ("light", "narrow"), ("dark", "wide")):
            take(browser, base, scheme, width)
        browser.close()


def take(browser: Browser, base: str, scheme: str, width: str) -> None:
    """The pictures of one width and colour scheme."""
    context = browser.new_context(viewport={"width": WIDTHS[width], "height": 900}, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    for name, path in PAGES.items():
        for language in ("zh",) if scheme == "dark" else ("zh", "en"):
            before, hash_, anchor = path.partition("#")
            joint = "&" if "?" in before else "?"
            response = page.goto(f"{base}{before}{joint}lang={language}{hash_}{anchor}")
            page.wait_for_load_state("networkidle")
            if name == "workbench":
                page.wait_for_selector("#workbench[data-ready]")
                page.click("#run")
                page.wait_for_selector("#results table")
            page.wait_for_timeout(400)
            file = FOLDER / f"{name}-{language}-{width}{'-dark' if scheme == 'dark' else ''}.png"
            page.screenshot(path=file, full_page=True)
            print(response.status if response else "?", file.name, flush=True)
    context.close()


@contextmanager
def served(address: str | None) -> Iterator[str]:
    """The address given, or that of a service started for the block."""
    if address:
        yield address.rstrip("/")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve", "--port", str(port)]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "ZHENGCE_DATA": data, "ZHENGCE_LOG": "errors"}) as process:
            try:
                for _ in range(300):
                    try:
                        with urlopen(f"http://127.0.0.1:{port}/health", timeout=1):
                            break
                    except OSError:
                        time.sleep(0.2)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
