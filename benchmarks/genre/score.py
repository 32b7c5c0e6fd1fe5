"""Generated documents and what the reader makes of them -> a table by combination.

python -m benchmarks.genre.score [--documents 2000] [--seed 1] [--stored] [--wrong 20] [--by layout,noise]

Per field the F1 over tasks, units, roles, deadlines and figures; the share of what was asserted that nobody printed; the share that was
declined, in a refusal or beside a warning; and the characters that are in no field, no furniture and no warning.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.genre.containers import right, written
from benchmarks.genre.documents import Composed, RightTask, composed
from benchmarks.genre.tables import stored
from ingest.errors import IngestError
from ingest.model.records import Notice, Task
from ingest.parse import parse
from ingest.read import read

_BY = "layout,numbering,roles,limits,noise,container,level,field"
FIELDS = ("tasks", "groups", "units", "roles", "deadlines", "stated", "places", "quantities")


@dataclass
class Tally:
    """Counts of one field."""

    gold: int = 0
    found: int = 0
    hits: int = 0
    declined: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing was to be found and nothing was."""
        return 2 * self.hits / (self.gold + self.found) if self.gold + self.found else 1.0


@dataclass
class Score:
    """The tallies of some documents, and the characters lost in silence."""

    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})
    documents: int = 0
    refused: int = 0
    lost: int = 0

    @property
    def false(self) -> float:
        """The share of what was asserted that is wrong."""
        found, hits = sum(t.found for t in self.fields.values()), sum(t.hits for t in self.fields.values())
        return (found - hits) / found if found else 0.0

    @property
    def declined(self) -> float:
        """The share of what there was to read that was declined with a warning."""
        return sum(t.declined for t in self.fields.values()) / max(1, sum(t.gold for t in self.fields.values()))


_ALIKE = str.maketrans({"—": "-", "―": "-", "\u200b": None, "、": ",", "。": "."})


def norm(said: str) -> str:
    """The form in which strings are compared."""
    plain = unicodedata.normalize("NFKC", said).translate(_ALIKE)
    return "".join(c for c in plain if not c.isspace())


def answers(tasks: Sequence[RightTask]) -> dict[str, list[tuple[object, ...]]]:
    """The right reading, field by field, keyed by the place of the task."""
    said: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    for n, task in enumerate(tasks):
        said["tasks"].append((n, norm(task.no), norm(task.text)))
        if task.group:
            said["groups"].append((n, norm(task.group)))
        said["units"].extend((n, norm(name)) for name, _ in task.units)
        said["roles"].extend((n, norm(name), role) for name, role in task.units)
        if task.limit:
            said["deadlines"].append((n, task.limit[1], task.limit[2]))
        said["stated"].extend((n, *one) for one in task.stated)
        said["places"].extend((n, place) for place in task.places)
        said["quantities"].extend((n, sign, low, high, norm(unit)) for _, sign, low, high, unit in task.figures)
    return said


def readings(notice: Notice, tasks: Sequence[RightTask]) -> dict[str, list[tuple[object, ...]]]:
    """What the reader says, keyed by the place of the task it took the words from."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for n, wanted in enumerate(tasks):
        places[norm(wanted.text)].append(n)
    said: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    for i, task in enumerate(notice.tasks):
        whole = norm("".join(part.value for _, part in task.parts()))
        n = places[whole].pop(0) if places[whole] else -1 - i
        said["tasks"].append((n, norm(task.no), whole))
        if task.group:
            said["groups"].append((n, norm(task.group.value)))
        said["units"].extend((n, norm(unit.surface.value)) for unit in task.units)
        said["roles"].extend((n, norm(unit.surface.value), unit.role) for unit in task.units)
        if task.deadline:
            said["deadlines"].append((n, task.deadline.type, task.deadline.date.isoformat() if task.deadline.date else None))
        stated = (limit for limit in task.deadlines if limit.part != "deadline")
        said["stated"].extend((n, limit.type, limit.date.isoformat() if limit.date else None) for limit in stated)
        said["places"].extend((n, name) for name in dict.fromkeys(place.name for place in task.places if place.part != "units"))
        said["quantities"].extend(_figures(n, task))
    return said


def _figures(n: int, task: Task) -> Iterator[tuple[object, ...]]:
    for q in task.quantities:
        low, high = (None if value is None else f"{value:f}" for value in (q.minimum, q.maximum))
        yield n, q.comparator, low, high, norm(q.measure)


def judge(document: Composed, folder: Path, score: Sequence[Score]) -> None:
    """Reads one document and adds what came of it to the scores."""
    path = folder / f"{document.name}.{document.made.container}"
    path.write_bytes(written(document))
    tasks = right(document)
    gold = answers(tasks)
    try:
        notice = parse(read(path))
    except IngestError:
        for one in score:
            one.documents, one.refused = one.documents + 1, one.refused + 1
            for name in FIELDS:
                one.fields[name].gold += len(gold[name])
                one.fields[name].declined += len(gold[name])
        return
    finally:
        path.unlink()
    found = readings(notice, tasks)
    lost = silent(notice, tasks)
    warned = _warned(notice)
    for one in score:
        one.documents, one.lost = one.documents + 1, one.lost + lost
        for name in FIELDS:
            _add(one.fields[name], gold[name], found[name], document.name, warned)


def _add(tally: Tally, gold: Iterable[tuple[object, ...]], found: Iterable[tuple[object, ...]], where: str, warned: str) -> None:
    asked, said = Counter(gold), Counter(found)
    tally.gold, tally.found, tally.hits = tally.gold + asked.total(), tally.found + said.total(), tally.hits + (asked & said).total()
    missed = list((asked - said).elements())
    tally.declined += sum(
        1 for item in missed if str(item[2 if len(item) > 2 and item[0] is not None and isinstance(item[2], str) else 1]) in warned
    )
    tally.wrong.extend(f"{where}: missed {item}" for item in missed)
    tally.wrong.extend(f"{where}: extra {item}" for item in (said - asked).elements())


def _warned(notice: Notice) -> str:
    """All that the warnings of a notice quote."""
    return norm("\n".join(w.message + "".join(notice.document.text[a:b] for a, b in w.spans) for w in notice.warnings))


def silent(notice: Notice, tasks: Sequence[RightTask]) -> int:
    """Characters of the right reading that stand in no field and no warning."""
    fields = [part.value for task in notice.tasks for _, part in task.parts()]
    fields += [text.value for task in notice.tasks for text in (*task.group_path, *(unit.surface for unit in task.units))]
    known = norm("\0".join(fields)) + _warned(notice)
    wanted = [norm(sentence) for task in tasks for sentence in task.text.split("。") if sentence]
    wanted += [norm(name) for task in tasks for name, _ in task.units]
    return sum(len(said) for said in wanted if said not in known)


def scored(
    number: int, seed: int, by: Sequence[str] = (), without: Sequence[str] = (), compose: Callable[[int, int], Composed] = composed
) -> tuple[Score, dict[str, Score]]:
    """The score of so many documents, whole and by each value of the parts of their combinations."""
    whole, parts = Score(), defaultdict[str, Score](Score)
    with TemporaryDirectory() as folder:
        for position in range(number):
            document = compose(seed, position)
            if set(without) & {document.made.layout, document.made.noise, document.made.level, document.made.roles}:
                continue
            names = [f"{part}={value}" for part in by for value in _values(getattr(document.made, part))]
            judge(document, Path(folder), [whole, *(parts[name] for name in names)])
    return whole, dict(parts)


def _values(part: str | tuple[str, ...]) -> tuple[str, ...]:
    """The values under which a document is counted."""
    return (part,) if isinstance(part, str) else part or ("none",)


def line(name: str, score: Score) -> str:
    """One row of the table."""
    figures = "".join(f"{score.fields[field].f1:8.4f}" for field in FIELDS)
    return f"{name:28}{score.documents:6}{score.refused:5}{figures}{100 * score.false:8.2f}{100 * score.declined:8.2f}{score.lost:6}"


def main() -> None:
    """Prints the table, and with ``--wrong`` what was read wrong."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--documents", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--wrong", type=int, default=0)
    arguments.add_argument("--without", default="", help="values of combinations that are left out: box,traditional")
    arguments.add_argument("--by", default=_BY)
    arguments.add_argument("--stored", action="store_true", help="tables as the web stores them, instead of all layouts")
    given = arguments.parse_args()
    by = "layout,shapes,roles,limits,level" if given.stored and given.by == _BY else given.by
    compose = stored if given.stored else composed
    whole, parts = scored(given.documents, given.seed, by.split(","), given.without.split(","), compose)
    print(f"{'':28}{'docs':>6}{'ref.':>5}" + "".join(f"{name[:7]:>8}" for name in FIELDS) + f"{'false%':>8}{'decl.%':>8}{'lost':>6}")
    print(line("all", whole))
    for name in sorted(parts):
        print(line(name, parts[name]))
    for name in FIELDS:
        for wrong in whole.fields[name].wrong[: given.wrong]:
            print(f"{name:12}{wrong}")


if __name__ == "__main__":
    main()
