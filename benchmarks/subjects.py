"""Tasks of government work on every subject -> how many are read in their right class of government information.

Half of the tasks are made of words of the vocabulary, half of everyday phrases (``subjects.csv``) that were written without it. Class 22
(other) is right where no class is claimed.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from csv import DictReader
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from ingest.topics import Topics, topics
from ontology.subjects import rows, values
from ontology.subjects import topics as topic_rows

OTHER = "22"
_FRAMES = (
    "推进{}工作",
    "加快{}建设，年内完成{n}项",
    "开展{}专项行动{n}次",
    "进一步做好{}",
    "完善{}机制",
    "支持{}发展",
    "落实{}年度计划",
    "{}覆盖{n}个乡镇",
)
_EVERYDAY = ("{}", "{}，年底前完成", "今年{}", "{}，覆盖{n}个乡镇", "组织力量{}", "{}，办成{n}件")


@dataclass(frozen=True, slots=True)
class SubjectTask:
    """A task and the code of its class of the first level."""

    text: str
    code: str


def tasks(count: int, seed: int = 0) -> Iterator[SubjectTask]:
    """So many tasks, the classes in turn, of vocabulary and of everyday words in turn."""
    choose = random.Random(seed)
    with (Path(__file__).parent / "subjects.csv").open(encoding="utf-8") as file:
        everyday = {row["class"]: values(row, "phrases") for row in DictReader(file)}
    words: dict[str, list[str]] = {code: [] for code in everyday}
    for row in topic_rows():
        if row["subject_class"]:
            words[row["subject_class"][:2]] += [row["zh"], *values(row, "aliases")]
    classes = cycle(sorted(row["code"] for row in rows("subject_classes.csv") if not row["parent"]))
    for number in range(count):
        code = next(classes)
        known = words[code] and number // len(everyday) % 2
        frame, phrase = (
            (choose.choice(_FRAMES), choose.choice(words[code])) if known else (choose.choice(_EVERYDAY), choose.choice(everyday[code]))
        )
        yield SubjectTask(frame.format(phrase, n=choose.randint(2, 60)) + "。", code)


def read(task: SubjectTask, known: Topics) -> frozenset[str]:
    """The classes of the first level that a task is read in; 22 where it is read in none."""
    found = known.subject_classes((match.topic, match.form, match.share) for match in known.find(task.text))
    return frozenset(code[:2] for code, _ in found) or frozenset({OTHER})


def missed(made: Iterable[SubjectTask]) -> list[tuple[SubjectTask, frozenset[str]]]:
    """The tasks that are not read in their class, with the classes that they are read in."""
    known = topics()
    return [(task, found) for task in made if task.code not in (found := read(task, known))]


def main() -> None:
    """Prints the share that is right, by class, and the tasks that are not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    made = list(tasks(given.count, given.seed))
    wrong = missed(made)
    every, bad = Counter(task.code for task in made), Counter(task.code for task, _ in wrong)
    for code, number in sorted(every.items()):
        print(f"{code}  {1 - bad[code] / number:6.1%} of {number}")
    print(f"all {1 - len(wrong) / len(made):6.1%} of {len(made)}")
    if given.misses:
        for task, found in sorted(wrong, key=lambda each: each[0].code):
            print(task.code, " ".join(sorted(found)), task.text)


if __name__ == "__main__":
    main()
