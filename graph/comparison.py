"""Tasks of several notices -> pairs of which one continues or restates the other, as readings with a score and both texts.

Two tasks are compared where they are of different notices, a bearer of both is the same or has the same function, and half of their topics,
themes and industries are the same. Their score is Dice's coefficient of the pairs of adjacent letters in their folded texts. An index of
the rarest of these pairs gives the candidates, among tasks with a bearer and a subject in common: tasks that share none of them cannot
reach the least score.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise, product

from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.store.draft import Draft
from ontology import terms
from ontology.folding import folded
from ontology.names import COMPARISONS, DCTERMS, GRAPH, ID, RDF, TYPE, XSD

CONTINUES = 0.5
"""The least score at which a task continues one of an earlier year by the same issuer."""
RESTATES = 0.8
"""The least score at which a task restates one of another notice."""
SUBJECTS = 0.5
"""The least part of their topics, themes and industries that two tasks have in common, by Dice's coefficient."""
_NOTICES = GRAPH["notice/"].value
_SUBJECTS = (terms.hasTopic, terms.hasTheme, terms.involvesIndustry)


@dataclass(frozen=True, slots=True)
class ComparedTask:
    """A task with what it is compared by: its text, its issuer and year as far as they are known, its subjects, and who bears it."""

    node: NamedNode
    notice: str
    text: str
    passage: NamedNode
    passage_text: str
    issuer: str = ""
    year: int = 0
    subjects: frozenset[str] = frozenset()
    bearers: frozenset[str] = frozenset()
    """Bearers and their functions."""


@dataclass(frozen=True, slots=True)
class TaskPair:
    """A task and the one of another notice that it continues or restates; of two whose years differ, the later stands first."""

    task: ComparedTask
    other: ComparedTask
    score: float
    properties: tuple[NamedNode, ...]


def letter_pairs(text: str) -> frozenset[str]:
    """The pairs of adjacent letters and digits of a folded text; what stands between them does not count.

    >>> sorted(letter_pairs("建设 水库。"))
    ['建设', '水库', '设水']
    """
    return frozenset(map("".join, pairwise(letter for letter in folded(text) if letter.isalnum())))


def similarity(one: Set[str], other: Set[str]) -> float:
    """Dice's coefficient of two sets.

    >>> similarity({"建设", "设水", "水库"}, {"修建", "建设", "设水"})
    0.6666666666666666
    """
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def task_pairs(tasks: Sequence[ComparedTask]) -> Iterator[TaskPair]:
    """The pairs that continue or restate one another, in the order of the tasks."""
    pairs = [letter_pairs(task.text) for task in tasks]
    for n, m in sorted(_candidates(tasks, pairs)):
        if tasks[n].notice != tasks[m].notice and similarity(tasks[n].subjects, tasks[m].subjects) >= SUBJECTS:
            found = _pair(tasks[n], tasks[m], similarity(pairs[n], pairs[m]))
            if found is not None:
                yield found


def _pair(one: ComparedTask, other: ComparedTask, score: float) -> TaskPair | None:
    task, earlier = (other, one) if one.year and one.year < other.year else (one, other)
    properties = []
    if score >= CONTINUES and task.issuer and task.issuer == earlier.issuer and task.year > earlier.year > 0:
        properties.append(terms.continues)
    if score >= RESTATES:
        properties.append(terms.restates)
    return TaskPair(task, earlier, score, tuple(properties)) if properties else None


def _candidates(tasks: Sequence[ComparedTask], pairs: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Places of two tasks that have a bearer or a function, a subject, and one of the rarest pairs of letters of each in common."""
    often = Counter(pair for each in pairs for pair in each)
    alike: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, task in enumerate(tasks):
        for common in product(task.bearers, task.subjects):
            alike[common].append(n)
    rarest = [_rarest(each, often) for each in pairs]
    found: set[tuple[int, int]] = set()
    for members in alike.values():
        index: defaultdict[str, list[int]] = defaultdict(list)
        for n in members:
            for pair in rarest[n]:
                found.update((m, n) for m in index[pair] if tasks[m].notice != tasks[n].notice)
                index[pair].append(n)
    return found


def _rarest(pairs: frozenset[str], often: Mapping[str, int]) -> list[str]:
    """So many of the rarest that two sets of at least the least score share one: of n they share n * least / (2 - least) or more."""
    shared = math.ceil(len(pairs) * CONTINUES / (2 - CONTINUES))
    return sorted(pairs, key=lambda pair: (often[pair], pair))[: len(pairs) - shared + 1]


def compared_tasks(store: Store) -> Iterator[ComparedTask]:
    """The tasks of all notices of a store that have a text."""
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and graph.value.startswith(_NOTICES)]
    functions: defaultdict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, terms.function, None, None):
        functions[_name(quad.subject)].add(_name(quad.object))
    for graph in sorted(graphs, key=lambda graph: graph.value):
        yield from _tasks_of(store, graph, functions)


def _tasks_of(store: Store, graph: NamedNode, functions: Mapping[str, Set[str]]) -> Iterator[ComparedTask]:
    key = graph.value.removeprefix(_NOTICES)
    notice, inferred = ID[f"notice/{key}"], GRAPH[f"inferred/{key}"]
    issuers = sorted(_name(issuer) for issuer in _objects(store, notice, terms.issuer, graph))
    borne: defaultdict[str, set[str]] = defaultdict(set)
    for duty in store.quads_for_pattern(None, terms.task, None, graph):
        for bearer in _objects(store, duty.subject, terms.bearer, graph):
            borne[_name(duty.object)].update((_name(bearer), *functions.get(_name(bearer), ())))
    for task in sorted(_objects(store, notice, terms.hasTask, graph), key=_name):
        text = next(_objects(store, task, terms.text, graph), None)
        passage = next(_objects(store, task, terms.statedIn, graph), None)
        printed = next(_objects(store, passage, terms.text, graph), None)
        if isinstance(task, NamedNode) and isinstance(passage, NamedNode) and isinstance(text, Literal) and isinstance(printed, Literal):
            subjects = (_name(subject) for property_ in _SUBJECTS for subject in _objects(store, task, property_, inferred))
            yield ComparedTask(
                task,
                key,
                text.value,
                passage,
                printed.value,
                " ".join(issuers),
                _year(store, notice, graph),
                frozenset(subjects),
                frozenset(borne[task.value]),
            )


def _year(store: Store, notice: NamedNode, graph: NamedNode) -> int:
    """The year in which the period of a notice begins, else that of its date; 0 where it has neither."""
    days = (_name(day) for property_ in (terms.horizonStart, DCTERMS["issued"]) for day in _objects(store, notice, property_, graph))
    return next((int(day[:4]) for day in days), 0)


def comparison_quads(pairs: Iterable[TaskPair]) -> Iterator[Quad]:
    """The graph of what was read: for each pair a reading with its score, and the words of both as its bases."""
    for pair in pairs:
        node = ID[f"comparison/{sha256(f'{pair.task.node.value} {pair.other.node.value}'.encode()).hexdigest()[:12]}"]
        yield Quad(node, TYPE, terms.Reading, COMPARISONS)
        yield Quad(node, RDF["subject"], pair.task.node, COMPARISONS)
        yield Quad(node, RDF["object"], pair.other.node, COMPARISONS)
        yield Quad(node, terms.rule, ID["rule/similar-words"], COMPARISONS)
        yield Quad(node, terms.score, Literal(f"{math.floor(pair.score * 1000) / 1000:.3f}", datatype=XSD["decimal"]), COMPARISONS)
        for property_ in pair.properties:
            yield Quad(node, RDF["predicate"], property_, COMPARISONS)
            yield Quad(pair.task.node, property_, pair.other.node, COMPARISONS)
        for task in (pair.task, pair.other):
            words = NamedNode(f"{task.node.value}/words")
            yield Quad(node, terms.basis, words, COMPARISONS)
            yield Quad(words, TYPE, terms.Evidence, COMPARISONS)
            yield Quad(words, terms.passage, task.passage, COMPARISONS)
            yield Quad(words, terms.start, Literal(0), COMPARISONS)
            yield Quad(words, terms.end, Literal(len(task.passage_text)), COMPARISONS)
            yield Quad(words, terms.quote, Literal(task.passage_text), COMPARISONS)


def withdraw(draft: Draft, keys: Set[str]) -> None:
    """Takes out what was read by comparing these notices with others: their words may be others now."""
    store = draft.store
    if not keys or not store.contains_named_graph(COMPARISONS):
        return
    ends = (quad for end in ("subject", "object") for quad in store.quads_for_pattern(None, RDF[end], None, COMPARISONS))
    readings = {quad.subject for quad in ends if _name(quad.object).removeprefix(ID).split("/")[1] in keys}
    kept = {quad.object for quad in store.quads_for_pattern(None, terms.basis, None, COMPARISONS) if quad.subject not in readings}
    for node in readings:
        if isinstance(node, NamedNode):
            for quad in tuple(_of_reading(store, node, kept)):
                store.remove(quad)


def _of_reading(store: Store, node: NamedNode, kept: Set[object]) -> Iterator[Quad]:
    """What a reading of the graph says, and what it is about; the words that others start from too are kept."""
    said = tuple(store.quads_for_pattern(node, None, None, COMPARISONS))
    yield from said
    tasks = {quad.predicate: quad.object for quad in said}
    task, other = tasks[RDF["subject"]], tasks[RDF["object"]]
    for quad in said:
        if quad.predicate == RDF["predicate"] and isinstance(task, NamedNode) and isinstance(quad.object, NamedNode):
            yield Quad(task, quad.object, other, COMPARISONS)
        elif quad.predicate == terms.basis and quad.object not in kept and isinstance(quad.object, NamedNode):
            yield from store.quads_for_pattern(quad.object, None, None, COMPARISONS)


def _objects(store: Store, subject: object, predicate: NamedNode, graph: NamedNode) -> Iterator[object]:
    if isinstance(subject, NamedNode):
        for quad in store.quads_for_pattern(subject, predicate, None, graph):
            yield quad.object


def _name(term: object) -> str:
    return str(getattr(term, "value", term))
