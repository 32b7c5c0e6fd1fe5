"""Parsed sample documents and their answers -> F1 per field, as tests/data/samples/SCHEMA.md compares them.

python -m benchmarks.score_samples [FOLDER] [--verbose]
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.model.records import Notice, Task
from ingest.parse import parse
from ingest.read import read

FIELDS = (
    "title",
    "number",
    "issuer",
    "date",
    "horizon",
    "tasks",
    "groups",
    "targets",
    "units",
    "unit_order",
    "deadlines",
    "quantities",
    "districts",
    "references",
)


def norm(value: object) -> str:
    """The form in which strings are compared: no blanks, half-width, one dash."""
    folded = unicodedata.normalize("NFKC", str(value))
    return "".join(character for character in folded if not character.isspace()).replace("—", "-").replace("–", "-")


@dataclass
class Tally:
    """Counts of one field over all documents."""

    gold: int = 0
    found: int = 0
    hits: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, gold: Iterable[Any], found: Iterable[Any], where: str) -> None:
        """Counts two collections; an answer matches once."""
        rest = list(found)
        self.found += len(rest)
        for answer in gold:
            self.gold += 1
            if answer in rest:
                rest.remove(answer)
                self.hits += 1
            else:
                self.wrong.append(f"{where}: missed {answer}")
        self.wrong.extend(f"{where}: extra {item}" for item in rest)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing was to be found and nothing was."""
        return 2 * self.hits / (self.gold + self.found) if self.gold + self.found else 1.0


def score(folder: Path) -> dict[str, Tally]:
    """The tallies of all documents of a folder that have answers in ``gold/``."""
    tallies = {name: Tally() for name in FIELDS}
    for path in sorted((folder / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        source = folder / Path(gold["file"]).name
        compare(gold, parse(read(source)), tallies)
    return tallies


def compare(gold: dict[str, Any], notice: Notice, tallies: dict[str, Tally]) -> None:
    """Adds one document to the tallies."""
    name, meta = gold["id"], gold["metadata"]
    titles = {norm(t.value).strip("《》") for t in (notice.title, notice.notice_title) if t is not None}
    wanted = {norm(meta[key]).strip("《》") for key in ("title", "notice_title") if meta.get(key)}
    tallies["title"].add([True], [bool(titles & wanted)], name)
    tallies["number"].add([norm(meta["number"])], [norm(notice.number.value)] if notice.number else [], name)
    tallies["issuer"].add(map(norm, meta["issuer"]), [norm(i.value) for i in notice.issuers], name)
    tallies["date"].add([meta["date"]], [str(notice.date)], name)
    horizon = notice.horizon
    tallies["horizon"].add(
        [(meta["horizon"]["start"], meta["horizon"]["end"])], [(str(horizon.start), str(horizon.end))] if horizon else [], name
    )
    found = {(task.no, norm(task.text.value)): task for task in notice.tasks}
    answers = {(task["no"], norm(task["text"])): task for task in gold["tasks"]}
    tallies["tasks"].add(answers, found, name)
    for key, answer in answers.items():
        task = found.get(key) or next((t for t in notice.tasks if t.no == key[0]), None)
        if task is not None:
            _compare_task(answer, task, tallies, f"{name} {answer['no']}")


def _compare_task(gold: dict[str, Any], task: Task, tallies: dict[str, Tally], where: str) -> None:
    path = {norm(group) for group in gold["group_path"]}
    tallies["groups"].add([True] if path else [], [bool(task.group and norm(task.group.value) in path)] if task.group else [], where)
    tallies["targets"].add(map(norm, gold["targets"]), [norm(target.value) for target in task.targets], where)
    units = [
        next(
            (
                (norm(u["surface"]), u["role"])
                for u in gold["units"]
                if u["role"] == unit.role
                and {norm(unit.surface.value), norm(unit.canonical or "-")} & {norm(u["surface"]), norm(u.get("canonical", "_"))}
            ),
            (norm(unit.surface.value), unit.role),
        )
        for unit in task.units
    ]
    wanted = [(norm(u["surface"]), u["role"]) for u in gold["units"]]
    tallies["units"].add(wanted, units, where)
    tallies["unit_order"].add([wanted] if wanted else [], [units] if units else [], where)
    tallies["deadlines"].add(*_deadlines(gold, task), where)
    tallies["quantities"].add(
        [(_number(q["min"]), _number(q["max"]), q["comparator"], norm(q["unit"])) for q in gold["quantities"]],
        [(_number(q.minimum), _number(q.maximum), q.comparator, norm(q.measure)) for q in task.quantities],
        where,
    )
    tallies["districts"].add(sorted(gold["districts"]), sorted({place.name for place in task.places}), where)
    tallies["references"].add(map(norm, gold["references"]), [norm(r.title.value) for r in task.references], where)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _deadlines(gold: dict[str, Any], task: Task) -> tuple[list[Any], list[Any]]:
    wanted, due = gold["deadline_norm"], task.deadline
    found = [] if due is None else [(due.type, str(due.date or due.start), str(due.date or due.end))]
    if wanted is None:
        return [], found
    start, end = wanted.get("date") or wanted.get("start"), wanted.get("date") or wanted.get("end")
    return [(wanted["type"], str(start), str(end))], found


def main(arguments: list[str]) -> int:
    """Prints the table; the last line is the macro mean."""
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")] or [Path("tests/data/samples")]
    tallies = score(folders[0])
    print(f"{'field':<12} {'gold':>5} {'found':>6} {'hits':>5} {'F1':>7}")
    for name, tally in tallies.items():
        print(f"{name:<12} {tally.gold:>5} {tally.found:>6} {tally.hits:>5} {tally.f1:>7.4f}")
        if "--verbose" in arguments:
            for line in tally.wrong:
                print("   ", line)
    print(f"macro {sum(tally.f1 for tally in tallies.values()) / len(tallies):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
