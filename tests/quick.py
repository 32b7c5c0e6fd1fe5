"""The files that changed, turned into the tests that mirror them and are not slow: ``python -m tests.quick [ROOM]`` runs them.

Without a room the changes are those since the main branch and those not yet committed; ``make quick [ROOM=ingest]`` calls it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("ontology", "ingest", "graph", "queries", "api")
PAGES = "tests/test_docs.py"


class UnknownRoomError(ValueError):
    """A word that names no room."""


def changed() -> list[str]:
    """What git sees as changed since the branch left ``main``, and what it does not know yet."""

    def git(*arguments: str) -> list[str]:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.split("\0") if done.returncode == 0 else []

    base = "".join(git("merge-base", "HEAD", "main")).strip() or "HEAD"
    names = {*git("diff", "--name-only", "-z", base), *git("ls-files", "--others", "--exclude-standard", "-z")}
    return sorted(name for name in names if name)


def mirror(names: Iterable[str], root: Path = ROOT) -> list[str]:
    """The tests that mirror these files: the file of the same name, else its folder, else the room; a test stands for itself."""
    chosen: dict[str, None] = {}
    for name in names:
        path = PurePosixPath(name)
        if path.parts[0] == "tests":
            chosen.update(dict.fromkeys(_of_test(path, root)))
        elif path.parts[0] in ROOMS:
            chosen[_of_module(path, root)] = None
            if path.suffix == ".py":
                chosen[name] = None
        elif path.suffix == ".md":
            chosen[PAGES] = None
        else:
            chosen["tests/test_packaging.py"] = None
    existing = [test for test in chosen if (root / test).exists()]
    return [test for test in existing if not any(other != test and PurePosixPath(test).is_relative_to(other) for other in existing)]


def _of_module(path: PurePosixPath, root: Path) -> str:
    folder = PurePosixPath("tests") / path.parent
    mirrored = folder / f"test_{path.stem}.py"
    if path.suffix == ".py" and (root / mirrored).exists():
        return str(mirrored)
    while not (root / folder).is_dir():
        folder = folder.parent
    return str(folder)


def _of_test(path: PurePosixPath, root: Path) -> list[str]:
    if path.name.startswith("test_") and path.suffix == ".py":
        return [str(path)]
    beside = sorted(str(PurePosixPath(test.relative_to(root))) for test in (root / path.parent).glob("test_*.py"))
    return beside if path.parent != PurePosixPath("tests") else [PAGES]


def main() -> None:
    """Runs them; with nothing to run it says so and fails."""
    rooms = sys.argv[1:]
    if unknown := [room for room in rooms if room not in ROOMS]:
        raise UnknownRoomError(f"{unknown[0]}: {' | '.join(ROOMS)}")
    chosen = [path for room in rooms for path in (f"tests/{room}", room)] or mirror(changed())
    if not chosen:
        raise SystemExit(f"没有改动；可用 ROOM=… 选一间。 Nothing has changed; choose a room with ROOM={'|'.join(ROOMS)}.")
    print("pytest", *chosen, flush=True)
    code = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", "-m", "not slow", *chosen], cwd=ROOT, check=False).returncode
    # Pytest's 5: all that was chosen is slow, and `make test` runs it.
    raise SystemExit(0 if code == 5 and not rooms else code)


if __name__ == "__main__":
    try:
        main()
    except UnknownRoomError as problem:
        raise SystemExit(str(problem)) from None
