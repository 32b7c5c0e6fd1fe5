"""How the question box answers the questions that were answered by hand: right, declined or wrong, in Chinese and in English.

``python -m benchmarks.ask`` prints one line for each language and set, and what was not answered right; ``--verbose`` every question.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, QueryResultsFormat, QueryTriples, RdfFormat, Store

import ontology
import queries
from api.answers.questions import Questions
from api.publication.publish import built, knowledge
from ontology.names import GRAPH
from queries.ask.model import Language

ROOT = Path(__file__).parents[1]
SETS = {
    "gold": ROOT / "tests" / "data" / "gold" / "questions.json",
    "analyst": ROOT / "tests" / "data" / "questions" / "analyst.json",
    "colloquial": ROOT / "tests" / "data" / "asked" / "colloquial.json",
    "fresh": ROOT / "tests" / "data" / "asked" / "fresh.json",
    "third": ROOT / "tests" / "data" / "asked" / "third.json",
    "fourth": ROOT / "tests" / "data" / "asked" / "fourth.json",
}
SHIPPED = ROOT / "ingest" / "notices" / "huzhiban-2026-2.txt"
_ASKED: dict[str, tuple[str, Any]] = {"A03": ("tasks", [9]), "A51": ("tasks", [9]), "A96": ("boolean", True)}
"""Where the saved query beside a question tells more than the sentence asks: what the sentence asks, read off the notice."""
_STATUS = {"under-construction": "在建", "operating": "运行", "planned": "拟建"}
_UNREAD = ("没有读懂", "词都认得")
_ALONE = re.compile(r"[（）()\s]")


def box(store: Store) -> Questions:
    """A question box over a store."""

    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        assert isinstance(format, QueryResultsFormat)
        found = store.query(text, use_default_graph_as_union=True)
        assert not isinstance(found, QueryTriples)
        return found.serialize(format=format) or b""

    return Questions(answer, lambda: "1")


def shipped() -> Store:
    """The graphs of a snapshot that holds the shipped notice."""
    known = knowledge()
    notice = built(SHIPPED, known)
    store = Store()
    graphs: dict[NamedNode, Any] = {
        GRAPH["vocabulary"]: known.triples,
        GRAPH["inferred/vocabulary"]: known.background.inferred,
        GRAPH["links"]: ontology.links(),
        GRAPH["classifications"]: ontology.classifications(),
        GRAPH["catalogue"]: queries.triples(),
        **notice.graphs,
    }
    for graph, triples in graphs.items():
        store.extend(Quad(each.subject, each.predicate, each.object, graph) for each in triples)
    return store


def right(answer: Mapping[str, Any], question: Mapping[str, Any]) -> bool:
    """Whether an answer says what the gold says: no less, and of what the gold asks for no more."""
    given: tuple[str, Any] = (question.get("answer_kind") or question["take"], question["answer"])
    kind, gold = _ASKED.get(question["id"], given)
    may = set(question.get("may", ()))
    if kind in _PLAIN:
        return _PLAIN[kind](answer, gold)
    if kind == "tasks":
        # Who asks for the figures instead of their tasks is told both.
        said = answer["tasks"] or [
            int(cell) for row in answer["rows"] for cell in _cells(row) if cell.isdigit() and answer["kind"] == "things"
        ]
        return set(said) - may == set(gold) - may
    if kind == "boolean":
        return bool(answer["boolean"] == gold)
    if kind == "count":
        if gold == 0 and answer["boolean"] is False:
            return True
        counted = [answer["number"], len(answer["rows"]) if answer["number"] is None else None]
        return gold in counted
    if kind == "text":
        said = "".join(answer["things"])
        return all(part in said for part in re.findall(r"筹建期|申报|验收", str(gold)))
    if isinstance(gold, Mapping):
        return _map(answer, gold)
    if isinstance(gold, str):
        return gold in answer["things"]
    if kind.startswith("row:"):
        cells = {cell for row in answer["rows"] for cell in _cells(row)} | {str(answer["number"])}
        return set(gold) <= cells and len(answer["rows"]) <= len(gold)
    if kind == "column:commitment":
        return set(gold) <= {cell for row in answer["rows"] for cell in _cells(row)} and len(answer["rows"]) == len(gold)
    return set(answer["things"]) == set(gold)


def _none(answer: Mapping[str, Any], gold: Sequence[object]) -> bool:
    """Nothing at all, as a list, a number or a truth value."""
    return not any((answer["tasks"], answer["things"], answer["number"], answer["boolean"], *gold))


def _contains(answer: Mapping[str, Any], gold: Sequence[str]) -> bool:
    said = "\n".join((*answer["things"], *(str(cell) for row in answer["rows"] for cell in row), str(answer["number"])))
    return all(part in said for part in gold)


def _top(answer: Mapping[str, Any], gold: Sequence[str]) -> bool:
    """The ones that have most, be they tasks or things, each by one of its names."""
    said = [*answer["things"], *map(str, answer["tasks"])]
    return len(said) == len(gold) and all(name in names.split("|") for name, names in zip(said, gold, strict=True))


_PLAIN: Mapping[str, Callable[[Mapping[str, Any], Any], bool]] = {"none": _none, "contains": _contains, "top": _top}


def _map(answer: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    """Whether a row stands for each pair of the gold, and no row without one."""
    if "任务" in gold and "责任单位" in gold:
        return set(answer["tasks"]) == set(gold["任务"]) and set(gold["责任单位"]) == set(answer["things"])
    if "提到电池企业" in gold:
        return set(answer["tasks"]) == set(gold["任务"]) and answer["boolean"] is gold["提到电池企业"]
    if "两栏都提到" in gold:
        return [set(part["tasks"]) for part in answer["parts"]] == [set(each) for each in gold.values()]
    if "个数" in gold:
        return bool(answer["number"] == gold["个数"] and set(answer["tasks"]) == set(gold["任务"]))
    if "交集" in gold:
        parts = [part["things"] for part in answer["parts"]]
        sides = list(gold.values())
        return len(parts) == len(sides) and all(
            len(said) == len(side) and all(any(_same(name, each) for each in said) for name in side)
            for said, side in zip(parts, sides, strict=True)
        )
    if set(answer["tasks"]) == set(map(int, filter(str.isdigit, gold))) and set(answer["things"]) == set(map(str, gold.values())):
        return True
    rows = [_cells(row) for row in answer["rows"]]
    pairs = [(_words(name), [_words(each) for each in (value if isinstance(value, list) else [value])]) for name, value in gold.items()]
    found = [any(_in(name, row) and all(_in(value, row) for value in values) for row in rows) for name, values in pairs]
    named = [row for row in rows if any(_in(name, row) for name, _ in pairs)]
    return all(found) and len(named) == len(rows) and (bool(rows) or not gold)


def _in(name: str, row: set[str]) -> bool:
    return name in row or any(_same(name, cell) for cell in row)


def _same(name: str, cell: str) -> bool:
    """A name as the gold writes it and as the graph does: one may be longer."""
    return min(len(name), len(cell)) >= 3 and not cell.isdigit() and (name in cell or cell in name)


def _cells(row: Sequence[object]) -> set[str]:
    """What the cells of a row say, each by itself and the numbers of tasks each by itself."""
    return set(_each_cell(row))


def _each_cell(row: Sequence[object]) -> Iterator[str]:
    for cell in row:
        text = _words(cell)
        yield text
        if re.fullmatch(r"\d+(、\d+)+", text):
            yield from text.split("、")
        yield _STATUS.get(text.rpartition("/")[2], text)


def _words(value: object) -> str:
    return re.sub(r"[《》]", "", str(value))


async def report(questions: Questions, language: Language, asked: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """For each question its name, what became of it, and what was said.

    ``right``; ``back``: asked back, with the right reading among those to choose from; ``back without it``; ``declined``; ``wrong``.
    """
    return [await _one(questions, language, question) for question in asked if language in question]


async def _one(questions: Questions, language: Language, question: Mapping[str, Any]) -> tuple[str, str, str]:
    name, text = question["id"], question[language]
    answer = await questions.ask(text)
    if not answer["declined"]:
        held = question.get("take") != "decline" and right(answer["answer"], question)
        return name, "right" if held else "wrong", answer["understood"]["zh"]
    if answer["alternatives"] and question.get("take") != "decline":
        for each in answer["alternatives"]:
            chosen = await questions.ask(text, reading=each["understood"]["zh"])
            if not chosen["declined"] and right(chosen["answer"], question):
                return name, "back", each["understood"]["zh"]
        return name, "back without it", "; ".join(each["understood"]["zh"] for each in answer["alternatives"])
    # Who asks for what the graph cannot know is told why, and not only that a word was not read.
    given = not any(answer["reason"]["zh"].startswith(each) for each in _UNREAD)
    meant = question.get("or_decline") or (given and question.get("take") in {"decline", "none"})
    return name, "right" if meant else "declined", answer["reason"][language]


def main(arguments: Sequence[str] | None = None, store: Store | None = None) -> int:
    """Prints the report; the exit code is the number of wrong answers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", choices=SETS, help="only these")
    parser.add_argument("--verbose", action="store_true", help="every question")
    chosen = parser.parse_args(arguments)
    graph = store or shipped()
    wrong = 0
    for name, path in SETS.items():
        if chosen.set and name not in chosen.set:
            continue
        asked = json.loads(path.read_text("utf-8"))
        for language in ("zh", "en"):
            told = asyncio.run(report(box(graph), language, asked))
            counts = Counter(each[1] for each in told)
            wrong += counts["wrong"]
            print(
                f"{name} {language}: {len(told)} asked, "
                + ", ".join(f"{counts[each]} {each}" for each in ("right", "back", "declined", "back without it", "wrong"))
            )
            texts = {question["id"]: question.get(language) for question in asked}
            for identifier, held, said in told:
                if held != "right" or chosen.verbose:
                    print(f"  {identifier} {held}: {texts[identifier]}  [{said}]")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
