"""A tag, turned into a wheel in ``dist/`` and the notes of its version: ``python release.py v0.1.0``, or without a tag only the wheel.

The tag, the version of ``pyproject.toml`` and the newest heading of ``CHANGELOG.md``, which has its date, must agree.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
_HEADING = re.compile(r"^## (?P<version>\S+) \((?P<date>unreleased|\d{4}-\d{2}-\d{2})\)$", re.MULTILINE)


class ReleaseError(ValueError):
    """A tag that cannot be released; the text says why, in Chinese and English."""


def notes(tag: str, version: str, changelog: str) -> str:
    """What the changelog says of the version that is tagged; raises ``ReleaseError`` where the three do not agree.

    >>> notes("v1.2.0", "1.2.0", "# Changelog\\n\\n## 1.2.0 (2026-01-31)\\n\\n- New.\\n\\n## 1.1.0 (2025-12-01)\\n\\n- Old.\\n")
    '- New.'
    """
    if tag != f"v{version}":
        raise ReleaseError(
            f"标签 {tag} 应为 v{version}（pyproject.toml）。 The tag {tag} should be v{version}, the version in pyproject.toml."
        )
    heading = _HEADING.search(changelog)
    if heading is None or heading["version"] != version:
        raise ReleaseError(f"CHANGELOG.md 最上面应为 {version}。 The newest heading of CHANGELOG.md should be {version}.")
    if heading["date"] == "unreleased":
        raise ReleaseError(
            f"CHANGELOG.md 中 {version} 应有日期（年-月-日）。 The heading of {version} in CHANGELOG.md should have its date."
        )
    following = _HEADING.search(changelog, heading.end())
    text = changelog[heading.end() : following.start() if following else None].strip()
    if not text:
        raise ReleaseError(f"CHANGELOG.md 中 {version} 下没有内容。 CHANGELOG.md says nothing of {version}.")
    return text


def wheel(folder: Path, root: Path = ROOT) -> Path:
    """Builds the wheel with the tools of this environment and gives back its path."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(root)]
    subprocess.run(command, check=True)
    (made,) = folder.glob("zhengce-*.whl")
    return made


def main() -> None:
    """Checks the tag, where one is given, and builds."""
    folder = ROOT / "dist"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    text = notes(sys.argv[1], version, (ROOT / "CHANGELOG.md").read_text("utf-8")) if len(sys.argv) > 1 else ""
    for old in folder.glob("zhengce-*.whl"):
        old.unlink()
    print(wheel(folder))
    if text:
        (folder / "notes.md").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    try:
        main()
    except ReleaseError as problem:
        raise SystemExit(str(problem)) from None
