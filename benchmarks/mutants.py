"""Random changes to the code, turned into a table of which the tests notice: ``python -m benchmarks.mutants --seed 11 --count 30``.

Each mutant is one change to one place of ``api``, ``graph``, ``ingest`` or ``queries``: an operator, a constant, a condition, a value given
back, a statement left out. It is made in a copy of the files, and the tests of its room run there, those that mirror the module first.
A mutant is killed where they fail, and survives where they pass; those of one seed are the same on every machine.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("api", "graph", "ingest", "queries")
LEFT_OUT = (".git", ".venv", "node_modules", "__pycache__", "data", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")
SECONDS = 900
"""A mutant whose tests run for longer hangs, which is noticed too."""
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


@dataclass(frozen=True)
class Mutant:
    """One change: in which file and line, from what, to what; ``start`` and ``end`` are offsets in the bytes of the file."""

    path: Path
    line: int
    start: int
    end: int
    before: str
    after: str

    @property
    def room(self) -> str:
        return self.path.parts[0]

    def text(self, source: bytes) -> bytes:
        """The file with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutants(path: Path, source: bytes) -> Iterator[Mutant]:
    """Every change that can be made to a file, in the order of its text.

    >>> [(one.before, one.after) for one in mutants(Path("graph/a.py"), b"def f(a):\\n    return a < 10\\n")]
    [('return a < 10', 'return None'), ('a < 10', 'a <= 10'), ('10', '11')]
    >>> [(one.before, one.after) for one in mutants(Path("graph/a.py"), b'def f(a: int = 1) -> "str":\\n    "says"\\n    if a: g("x")\\n')]
    [('1', '2'), ('a', '(not a)'), ('g("x")', 'pass'), ('"x"', "'x·'")]
    """
    tree = ast.parse(source)
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    for node, replacement in _changes(tree, _ignored(tree)):
        assert node.end_lineno
        assert node.end_col_offset is not None
        start = offsets[node.lineno - 1] + node.col_offset
        end = offsets[node.end_lineno - 1] + node.end_col_offset
        yield Mutant(path, node.lineno, start, end, source[start:end].decode(), replacement)


def _ignored(tree: ast.Module) -> set[int]:
    """What is read by people or type checkers alone: docstrings, annotations, imports, ``__all__``."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts.append(node.returns)
        elif isinstance(node, ast.arg | ast.AnnAssign):
            parts.append(node.annotation)
        else:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id="__all__")])
                    | ast.Expr(value=ast.Constant())
                    | ast.If(test=ast.Name(id="TYPE_CHECKING"))
                ):
                    parts.append(node)
        for part in parts:
            left_out |= {id(inner) for inner in ast.walk(part)} if part else set()
    return left_out


def _changes(tree: ast.Module, ignored: set[int]) -> Iterator[tuple[ast.stmt | ast.expr, str]]:
    in_string = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node) if inner is not node}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.expr) and id(node) not in ignored | in_string]
    tested = {id(node.test) for node in ast.walk(tree) if isinstance(node, ast.If | ast.IfExp | ast.While)}
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset, -(node.end_lineno or 0), -(node.end_col_offset or 0))):
        if replacement := _changed(node):
            yield node, replacement
        elif id(node) in tested and isinstance(node, ast.expr):
            yield node, f"(not {ast.unparse(node)})"


def _changed(node: ast.stmt | ast.expr) -> str | None:
    """What stands for a statement or an expression in a mutant; None where nothing is tried."""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARED:
            return ast.unparse(ast.Compare(left, [_COMPARED[type(operator)]()], [right]))
        case ast.BoolOp(op=operator, values=values):
            return f"({ast.unparse(ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values))})"
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _COMPUTED:
            return f"({ast.unparse(ast.BinOp(left, _COMPUTED[type(operator)](), right))})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"bool({ast.unparse(operand)})"
        case ast.Constant(value=bool() as value):
            return str(not value)
        case ast.Constant(value=int() | float() as value):
            return repr(value + 1)
        case ast.Constant(value=str() as value):
            return repr(value + "·")
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            return "return None"
        case ast.Expr(value=ast.Call()):
            return "pass"
        case ast.Continue():
            return "break"
    return None


def chosen(seed: int, count: int) -> list[Mutant]:
    """So many of all changes, each as likely as any other."""
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "node_modules" not in path.parts]
    every = [one for path in files for one in mutants(path.relative_to(ROOT), path.read_bytes())]
    return random.Random(seed).sample(every, count)


def lots(mutant: Mutant) -> list[list[str]]:
    """The tests that are run, one lot after the other: those that mirror the module, those beside it, those of its room."""
    room, folder = Path("tests", mutant.room), Path("tests", *mutant.path.parent.parts)
    near = [path for path in (folder / f"test_{mutant.path.stem}.py", folder) if path != room and (ROOT / path).exists()]
    return [*([str(path)] for path in near), [str(room), mutant.room]]


def killed(mutant: Mutant, copy: Path) -> bool:
    """Whether the tests of its room notice a mutant; the copy is as before afterwards."""
    path = copy / mutant.path
    source = path.read_bytes()
    path.write_bytes(mutant.text(source))
    try:
        ast.parse(path.read_bytes())
        return not all(_pass(lot, copy) for lot in lots(mutant))
    finally:
        path.write_bytes(source)


def _pass(lot: list[str], copy: Path) -> bool:
    """Whether these tests pass in time; whatever they started ends with them."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *lot]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    with subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as run:
        try:
            return run.wait(SECONDS) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)


def main() -> None:
    """Prints a line a mutant as it is tried, and how many were killed; exit 1 where fewer than ``--at-least`` were."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--at-least", type=int, default=27)
    parser.add_argument("--trust", action="store_true", help="do not run the tests once without any change first")
    parser.add_argument("--list", action="store_true", help="print the mutants, try none")
    options = parser.parse_args()
    every = chosen(options.seed, options.count)
    if options.list:
        for one in every:
            print(f"{one.path}:{one.line}: {one.before!r} -> {one.after!r}")
        return
    dead = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=lambda at, names: {name for name in names if name in LEFT_OUT and Path(at).name != "tests"})
        for room in () if options.trust else sorted({one.room for one in every}):
            if not _pass([f"tests/{room}", room], copy):
                raise SystemExit(f"the tests of {room} fail without any change")
        for number, one in enumerate(every, 1):
            started = time.monotonic()
            noticed = killed(one, copy)
            dead += noticed
            verdict = "killed  " if noticed else "SURVIVED"
            print(
                f"{number:3} {verdict} {time.monotonic() - started:5.0f}s {one.path}:{one.line}: {one.before!r} -> {one.after!r}",
                flush=True,
            )
    print(f"{dead} of {len(every)} killed (seed {options.seed})")
    raise SystemExit(dead < options.at_least)


if __name__ == "__main__":
    main()
