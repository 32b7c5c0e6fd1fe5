"""What came of each test, turned into a table by group, and into what was not expected."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.manifest import SKIPPED, Case

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "conformance.md"
GROUPS = (
    "1.1 query evaluation",
    "1.1 result formats (CSV, TSV, JSON)",
    "1.1 update evaluation",
    "1.1 query syntax, positive",
    "1.1 query syntax, negative",
    "1.1 update syntax, positive",
    "1.1 update syntax, negative",
    "1.1 protocol",
    "1.1 graph store, ?graph= and ?default",
    "1.1 graph store, addresses of graphs (optional)",
    "1.1 service description",
    "1.0 query evaluation",
    "1.0 syntax",
    "1.2 evaluation (query, update)",
    "1.2 syntax",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of the run: for each test what went wrong, empty where nothing did."""

    outcomes: Mapping[Case, str]
    known: Mapping[str, str]
    """The tests that fail, by name, with the cause."""

    @property
    def failed(self) -> dict[str, str]:
        """What failed and how."""
        return {test.id: wrong for test, wrong in self.outcomes.items() if wrong}

    @property
    def unexpected(self) -> list[str]:
        """What failed without being listed, passed although it is listed, or is listed and was never run."""
        names = {test.id for test in self.outcomes}
        failures = [f"{name}: {wrong}" for name, wrong in self.failed.items() if name not in self.known]
        passed = [f"{name}: listed as failing, and passes" for name in self.known if name in names and name not in self.failed]
        return [*failures, *passed, *(f"{name}: listed, and not in the suite" for name in self.known if name not in names)]

    def table(self) -> str:
        """The groups with passed and total, as Markdown."""
        lines = ["| group | passed | total |", "| --- | ---: | ---: |"]
        for group in GROUPS:
            wrongs = [wrong for test, wrong in self.outcomes.items() if group_of(test) == group]
            lines.append(f"| {group} | {wrongs.count('')} | {len(wrongs)} |")
        passed = list(self.outcomes.values()).count("")
        return "\n".join([*lines, f"| **all** | **{passed}** | **{len(self.outcomes)}** |"])

    def page(self) -> str:
        """The page of the documentation that this run makes."""
        failing = "\n".join(f"| `{name}` | {self.known.get(name, wrong)} |" for name, wrong in sorted(self.failed.items()))
        text = (HERE / "page.md").read_text("utf-8")
        skipped = ", ".join(f"`{folder}` ({why})" for folder, why in SKIPPED.items())
        return text.replace("{table}", self.table()).replace("{failing}", failing).replace("{skipped}", skipped)


def known_failures() -> dict[str, str]:
    """The tests that fail, each with its cause."""
    with (HERE / "known.csv").open(encoding="utf-8", newline="") as file:
        return {row["test"]: row["cause"] for row in csv.DictReader(file)}


def group_of(test: Case) -> str:
    """The group of the table that a test belongs to."""
    version = {"sparql10": "1.0", "sparql11": "1.1", "sparql12": "1.2"}[test.suite]
    sign = "negative" if test.kind.startswith("Negative") else "positive"
    if version != "1.1":
        syntax = "Syntax" in test.kind
        return f"{version} syntax" if syntax else "1.0 query evaluation" if version == "1.0" else "1.2 evaluation (query, update)"
    match test.kind:
        case "ProtocolTest":
            return "1.1 protocol"
        case "ServiceDescriptionTest":
            return "1.1 service description"
        case "GraphStoreProtocolTest":
            return GROUPS[9] if test.folder.endswith("/direct") else GROUPS[8]
        case "UpdateEvaluationTest":
            return "1.1 update evaluation"
        case "QueryEvaluationTest" | "CSVResultFormatTest":
            return GROUPS[1] if test.folder in {"csv-tsv-res", "json-res"} else GROUPS[0]
    return f"1.1 {'update' if test.action and test.action.suffix == '.ru' else 'query'} syntax, {sign}"
