"""The habits of the house: commit hooks are the checks of make, the versions tested are those claimed, the container is safe."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.conftest import SLOW
from tests.quick import mirror

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTAINER = (ROOT / "Containerfile").read_text("utf-8")


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile, with their paths as a hook writes them."""
    (block,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in block.splitlines()]


def test_commit_hooks_are_the_checks_of_make() -> None:
    (local,) = load(".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    assert [hook["entry"] for hook in local["hooks"]] == recipe("check")


def test_the_versions_tested_are_those_claimed() -> None:
    claimed = [
        found[1]
        for name in PROJECT["project"]["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", name))
    ]
    assert load(".github/workflows/checks.yml")["jobs"]["test"]["strategy"]["matrix"]["python"] == claimed
    assert PROJECT["project"]["requires-python"] == f">={claimed[0]}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{claimed[0].replace('.', '')}"


@pytest.mark.parametrize("workflow", ["checks", "release"])
def test_workflows_call_targets_that_exist(workflow: str) -> None:
    text = (ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text("utf-8")
    targets = re.findall(r"make ([a-z]+)", text.partition("jobs:")[2])
    assert targets
    assert all(recipe(target) for target in targets)


def test_the_run_of_ci_calls_targets_that_exist() -> None:
    targets = re.findall(r"^make ([a-z]+)$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert "test" in targets
    assert all(recipe(target) for target in targets)


@pytest.mark.parametrize("form", ["fault", "question", "wrong-fact"])
def test_issue_forms_are_whole(form: str) -> None:
    content = load(f".github/ISSUE_TEMPLATE/{form}.yml")
    assert {"name", "description", "body"} <= set(content)
    fields = [part for part in content["body"] if part["type"] != "markdown"]
    assert fields
    assert len({part["id"] for part in fields}) == len(fields)
    assert all(re.search(r"[一-鿿].*[a-z]", part["attributes"]["label"]) for part in fields)


def test_the_container_does_not_run_as_root() -> None:
    final = CONTAINER.rpartition("\nFROM ")[2]
    user = re.findall(r"^USER (\S+)$", final, re.MULTILINE)
    assert user
    assert user[-1] not in ("root", "0")
    assert final.index("USER") < final.index("\nCMD")


def test_the_container_names_its_base_without_a_host() -> None:
    bases = re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:\d\.\d+-slim", base) for base in bases)
    assert {base[7:11] for base in bases} <= set(load(".github/workflows/checks.yml")["jobs"]["test"]["strategy"]["matrix"]["python"])


def test_what_the_container_copies_is_there_and_is_all_that_a_wheel_needs() -> None:
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE) for name in line.split()]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {*PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], "hatch_build.py", "pyproject.toml"} <= set(copied)
    ignored = (ROOT / ".containerignore").read_text("utf-8").split()
    assert not set(copied) & set(ignored)


def test_the_floor_of_coverage_is_one_that_can_fall() -> None:
    assert 80 <= PROJECT["tool"]["coverage"]["report"]["fail_under"] < 100
    assert all((ROOT / room).is_dir() for room in PROJECT["tool"]["coverage"]["run"]["source"])


def test_what_is_slow_is_there() -> None:
    assert [name for name in SLOW if not (ROOT / "tests" / name).exists()] == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (["ingest/fields/numerals.py"], ["tests/ingest/fields/test_numerals.py", "ingest/fields/numerals.py"]),
        (["ingest/fields/folding.py"], ["tests/ingest/fields", "ingest/fields/folding.py"]),
        (
            ["ingest/fields/folding.py", "ingest/fields/numerals.py"],
            ["tests/ingest/fields", "ingest/fields/folding.py", "ingest/fields/numerals.py"],
        ),
        (["queries/catalogue/tasks-by-industry.rq"], ["tests/queries/catalogue"]),
        (["ontology/gone.ttl"], ["tests/ontology"]),
        (["tests/ingest/test_quads.py"], ["tests/ingest/test_quads.py"]),
        (["README.md", "docs/limits.md"], ["tests/test_docs.py"]),
        (["Makefile"], ["tests/test_packaging.py"]),
        (["graph/never/was.py"], ["tests/graph"]),
        ([], []),
    ],
)
def test_quick_runs_what_mirrors_a_change(changed: list[str], expected: list[str]) -> None:
    assert mirror(changed) == expected


MUTABLE = {
    "api.fast_path.PendingQuery": "what is known of a question while it is answered",
    "api.http.connections.Connections": "the connections that are open now",
    "graph.query.fork_server._Child": "a process and what is heard of it",
    "graph.update.update_targets._Operation": "an operation while its text is read",
    "ingest.layouts.outline.Node": "a heading while what stands below it is gathered",
    "ingest.readers.plain_text.box_drawing._Open": "a drawn cell while its lines are read",
    "ingest.layouts.tables._State": "where in a table the reader is",
    "ingest.readers.word_processing.rtf._State": "the formatting that holds where a file is read, kept and restored by its braces",
    "ingest.readers.word_processing.rtf_lists._Level": "the level of a list while its definition is read",
    "ingest.readers.word_processing.rtf_rows._Definition": "the edges of a row while they are read",
    "ingest.readers.fixed_layout.scan.Recognition": "the recognition of one file: its process, and what is known of the pages it has read",
    "ingest.readers.spreadsheets.sheet_rows.Line": "a row of a sheet while cells above and beside it are added",
    "ingest.readers.spreadsheets.sheet_rows.Part": "a part of a sheet while its rows are gathered",
    "ingest.readers.spreadsheets.workbook.Workbook": "a workbook while its sheets are written",
    "ingest.readers.word_processing.doc._Open": "a table while its rows are read",
    "ingest.readers.word_processing.doc._Row": "a row while the words of its end are read",
    "ingest.readers.word_processing.doc_lists._Instance": "a list while its levels are read",
    "graph.proofs.rows.footnotes.Footnote": "a footnote while rows refer to it",
    "graph.proofs.rows.scopes._Draft": "a scope while its text is read",
    "graph.proofs.rows.witnesses.Witnesses": "the witnesses of a row while they are found",
}
"""The dataclasses that change, with why."""


def dataclasses() -> dict[str, bool]:
    """The dataclasses of the five packages, with whether they are frozen and have slots."""
    found: dict[str, bool] = {}
    for room in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        for path in sorted((ROOT / room).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                for decorator in getattr(node, "decorator_list", []):
                    if isinstance(node, ast.ClassDef) and ast.unparse(decorator).startswith("dataclass"):
                        found[f"{module}.{node.name}"] = "frozen=True" in ast.unparse(decorator)
    return found


def test_dataclasses_are_frozen_but_for_those_that_say_why() -> None:
    found = dataclasses()
    assert len(found) > 60
    assert sorted(name for name, frozen in found.items() if not frozen and name not in MUTABLE) == []
    assert sorted(name for name in MUTABLE if found.get(name, True)) == []
