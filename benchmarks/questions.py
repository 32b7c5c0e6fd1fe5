"""Generated questions, asked of the question box and answered by plain sets; and questions that it must not answer.

``python -m benchmarks.questions --questions 3000`` asks them: right or asked back, never another answer. Each question is asked again with
a word put in that nobody knows: declined; and with its operator swapped: another query, or declined.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import Store

from api.answers.questions import Questions
from benchmarks.ask import box, shipped
from benchmarks.facts import SKOS, Graph, tasks, things
from benchmarks.frames import BY_NAME, FRAMES, Chosen, Frame
from queries.ask.compose import composed
from queries.ask.lexicon import Lexicon
from queries.ask.model import Language
from queries.ask.understand import understand

UNKNOWN = {
    "zh": ("火星", "昨天", "恐龙", "蓝色", "优秀", "咖啡", "三倍", "橘子", "王小明", "大约", "春季", "xyz"),
    "en": ("Martian", "yesterday", "purple", "excellent", "football", "roughly", "tripled", "dinosaur", "weekly", "former", "qwerty"),
}
_WORD = re.compile(r"[A-Za-z]+|\{\w\}|[^A-Za-z{]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its frame, and its text with the names in place."""

    frame: Frame
    language: Language
    template: str
    chosen: Chosen

    @property
    def text(self) -> str:
        """The sentence."""
        return filled(self.template, self.chosen, self.language)


def filled(template: str, chosen: Chosen, language: Language) -> str:
    """A template with names and numbers in their places."""
    names = {place: getattr(getattr(chosen, place), language) for place in "ABUV"}
    return template.format(**names, n=chosen.n, t=chosen.t)


class Maker:
    """The graph and what questions may be made of, chosen by a seed."""

    def __init__(self, store: Store, seed: int) -> None:
        self.graph = Graph(store)
        self.tasks = tasks(self.graph)
        self.dice = random.Random(seed)
        spoken = {each for task in self.tasks for each in (*task.fields, *task.things, *task.units)}
        plain = [replace(thing, printed=()) for thing in things(self.graph, ("industry", "theme"))]
        self.fields = [thing for thing in plain if thing.iri in spoken]
        mere = things(self.graph, ("technology", "platform", "instrument", "programme"))
        self.topics = [*self.fields, *(thing for thing in mere if thing.iri in spoken)]
        self.units = [thing for thing in things(self.graph, ("agency",)) if thing.iri in spoken]

    def questions(self, number: int) -> Iterator[Asked]:
        """So many questions, frames and languages by turns."""
        for place in range(number):
            frame = FRAMES[place // 2 % len(FRAMES)]
            language: Language = ("zh", "en")[place % 2]
            templates = frame.zh if language == "zh" else frame.en
            yield Asked(frame, language, self.dice.choice(templates), self._chosen(frame))

    def _chosen(self, frame: Frame) -> Chosen:
        columns = "column" in frame.name or "target" in frame.name
        first, second = self.dice.sample(self.fields if columns else self.topics, 2)
        unit, other = self.dice.sample(self.units, 2)
        return Chosen(first, second, unit, other, self.dice.randint(1, 6), self.dice.choice(self.tasks).number)

    def expected(self, asked: Asked) -> Any:
        """The answer by plain sets: numbers of tasks, a number, a truth value, or units, each as its names in both languages."""
        found = [task for task in self.tasks if asked.frame.holds(task, asked.chosen)]
        units = {unit for task in found for unit in task.units}
        return {
            "tasks": [task.number for task in found],
            "number": len(found),
            "boolean": bool(found),
            "units": {frozenset(self.graph.objects[unit, f"{SKOS}prefLabel"]) for unit in units},
            "units-number": len(units),
        }[asked.frame.kind]


def said(answer: dict[str, Any], kind: str) -> Any:
    """What an answer of the box says, as ``expected`` says it."""
    if kind == "units":
        return {row[0] for row in answer["rows"]}
    return answer["number" if kind == "units-number" else kind]


def agrees(answer: Any, expected: Any) -> bool:
    """Whether an answer is what was expected; a unit goes by one of its names."""
    if not isinstance(expected, set):
        return bool(answer == expected)
    return len(answer) == len(expected) and all(any(name in names for names in expected) for name in answer)


def with_unknown(asked: Asked, dice: random.Random) -> str:
    """The question with a word put in that nobody knows, between two words of the frame."""
    pieces = _WORD.findall(asked.template)
    place = dice.randrange(1, max(2, len(pieces) - 1))
    word = dice.choice(UNKNOWN[asked.language])
    put = f" {word} " if asked.language == "en" else word
    return filled("".join((*pieces[:place], put, *pieces[place:])), asked.chosen, asked.language)


def read(text: str, lexicon: Lexicon, language: Language) -> set[str]:
    """The queries of all readings of a sentence; none: it is declined."""
    return {"\n".join(composed(each).text for each in reading) for reading in understand(text, lexicon, language).readings}


async def judged(questions: Questions, lexicon: Lexicon, maker: Maker, asked: Asked) -> list[tuple[str, str]]:
    """What became of a question and of what was made of it: the case, and empty or what went wrong."""
    told = await questions.ask(asked.text)
    found = [("right", "")]
    if told["declined"]:
        found = [("asked back" if told["alternatives"] else "declined", "" if told["alternatives"] else told["reason"]["zh"])]
    elif not agrees(said(told["answer"], asked.frame.kind), maker.expected(asked)):
        found = [("wrong", f"{said(told['answer'], asked.frame.kind)} for {maker.expected(asked)}; {told['understood']['zh']}")]
    text = with_unknown(asked, maker.dice)
    found.append(("unknown word", text if read(text, lexicon, asked.language) else ""))
    if asked.frame.swapped:
        other = BY_NAME[asked.frame.swapped]
        text = filled(maker.dice.choice(other.zh if asked.language == "zh" else other.en), asked.chosen, asked.language)
        same = read(text, lexicon, asked.language) & read(asked.text, lexicon, asked.language)
        found.append(("operator", text if same else ""))
    return found


async def run(store: Store, number: int, seed: int) -> list[tuple[str, str, str]]:
    """All questions: the case, the text, and empty or what went wrong."""
    maker = Maker(store, seed)
    questions = box(store)
    known = {language: await questions.lexicon(language) for language in ("zh", "en")}
    found: list[tuple[str, str, str]] = []
    for asked in maker.questions(number):
        found.extend((case, asked.text, fault) for case, fault in await judged(questions, known[asked.language], maker, asked))
    return found


def main(arguments: Sequence[str] | None = None, store: Store | None = None) -> int:
    """Prints the counts and the faults; the exit code says whether there are any."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    found = asyncio.run(run(store or shipped(), chosen.questions, chosen.seed))
    for case, number in sorted(Counter(case for case, _, _ in found).items()):
        print(f"{case}: {number}")
    faults = [each for each in found if each[2]]
    for case, text, fault in faults:
        print(f"  {case}: {text}  [{fault}]")
    print(f"faults: {len(faults)}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
