"""A query and its answer over an earlier snapshot, turned into the rows that came and went since, and the facts and words that did it.

Both are jobs of a worker: its time and its memory are bounded, and it opens no connection.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from graph.errors import LimitError, NoEvidenceError, StoreError
from graph.proofs.render import Told, place
from graph.proofs.rows.answer import RowEvidence, Why, evidenced
from graph.proofs.rows.check import comparable
from graph.proofs.rows.formats import json_term
from graph.proofs.rows.notes import STATUSES, quotes
from graph.proofs.rows.plans import Plan
from graph.proofs.rows.relocated_facts import moved
from graph.proofs.rows.witnesses import RowLimits, Values
from graph.proofs.rows.worker_jobs import planned
from graph.sparql.datasets import dataset_read
from graph.sparql.graph_scope import refuse_unbound_graphs
from graph.sparql.service_guard import relayed
from graph.store.engine import DatasetOf, Store, Term, translated
from graph.store.labels import TermLabels
from graph.store.own_graphs import is_own

MOST_ROWS = 10_000
"""Rows of an answer that is watched."""
MOST_BYTES = 4 << 20
"""Bytes of it."""
SHOWN = 25
"""Rows that came, and rows that went, which are told; of more it is said how many there are."""
_FACTS = 200
_LIMITS = RowLimits(rows=SHOWN, solutions=20_000, facts=2_000, witnesses=2, notes=1_000, seconds=5.0)
_GONE = ("较早的快照已不保留", "the earlier snapshot is kept no more")
_BY_ABSENCE = (
    "它所依据的事实两个快照里都有：变的是不再有的、或查过而没有的，或是哪些行排在前面",
    "all that it rests on is in both snapshots: what changed is what is there no more, or must not be there, or which rows come first",
)
_MOVED = (
    "它所依据的原文两个快照里都有，只是在文件中的位置变了；此外变的是不再有的、或查过而没有的，或是哪些行排在前面",
    "the words that it rests on are in both snapshots, at other places of the document; "
    "what else changed is what is there no more, or must not be there, or which rows come first",
)
_UNKNOWN = ("没有找到它的依据", "what it rests on was not found")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A query, what it reads, the answer that was accepted, the last one, and the store which that is of (none where that is gone)."""

    text: str
    dataset: DatasetOf
    top: int
    accepted: Mapping[str, Any]
    before: Mapping[str, Any]
    path: str


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str, ...]
    rows: tuple[Values, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two snapshots: the store that has the rows, the other one, and the query over it."""

    store: Store | None
    other: Store | None
    asked: Comparison
    plan: Plan | Why
    facts: list[Told] = field(default_factory=list)
    sign: str = "+"


def results(store: Store, text: str, dataset: DatasetOf, top: int = 0) -> bytes:
    """The answer to a query of any form in the JSON of SPARQL, a graph as its triples; raises LimitError where it is too long to keep."""
    relayed(text)
    refuse_unbound_graphs(text)
    answer = store.answer(text, dataset_read(text, dataset))
    with translated():
        if isinstance(answer, QueryBoolean):
            return json.dumps({"head": {}, "boolean": bool(answer)}).encode()
        columns = (
            tuple(each.value for each in answer.variables) if isinstance(answer, QuerySolutions) else ("subject", "predicate", "object")
        )
        found = islice((tuple(row) for row in answer), MOST_ROWS + 1)
        rows = list(found) if isinstance(answer, QuerySolutions) else sorted(found, key=str)
    if len(rows) > MOST_ROWS:
        zh, en = f"答案超过 {MOST_ROWS:,} 行，不能关注。", f"The answer has more than {MOST_ROWS:,} rows and cannot be watched."
        raise LimitError("watched_rows", MOST_ROWS, zh, en)
    bindings = [{name: json_term(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in _best(rows, top)]
    said = json.dumps({"head": {"vars": list(columns)}, "results": {"bindings": bindings}}, ensure_ascii=False).encode()
    if len(said) > MOST_BYTES:
        zh, en = f"答案超过 {MOST_BYTES >> 20} MB，不能关注。", f"The answer has more than {MOST_BYTES >> 20} MB and cannot be watched."
        raise LimitError("watched_bytes", MOST_BYTES, zh, en)
    return said


def compare(store: Store, asked: Comparison) -> bytes:
    """What changed in an answer, as JSON: its ``results`` now, how many rows came and went, those with the facts that did it;
    ``since`` are the rows that came and went since it was accepted."""
    now = json.loads(results(store, asked.text, asked.dataset, asked.top))
    plan = _plan(store, asked.text)
    came, went, columns = _difference(asked.before, now, plan)
    told: Told = {"results": now, "columns": list(columns), "added_count": len(came), "removed_count": len(went), "facts": []}
    told["since"] = [len(rows) for rows in _difference(asked.accepted, now, plan)[:2]]
    if not came and not went:
        return json.dumps({**told, "added": [], "removed": []}, ensure_ascii=False).encode()
    before = _opened(asked.path)
    sides = (_Side(store, before, asked, plan, told["facts"], "+"), _Side(before, store, asked, plan, told["facts"], "-"))
    for name, side, rows in zip(("added", "removed"), sides, (came, went), strict=True):
        told[name] = list(_rows(side, columns, rows[:SHOWN]))
    told["examined"] = list(plan.examined) if isinstance(plan, Plan) else []
    return json.dumps(told, ensure_ascii=False).encode()


def _plan(store: Store, text: str) -> Plan | Why:
    try:
        return planned(store, text)
    except NoEvidenceError as error:
        return error.part["zh"], error.part["en"]


def _best(rows: Sequence[Values], top: int) -> Sequence[Values]:
    """Of rows that end with how much they count, the first, and those that count as much as the last of them."""
    if not top or len(rows) <= top:
        return rows
    least = rows[top - 1][-1]
    return [row for index, row in enumerate(rows) if index < top or row[-1] == least]


def _opened(path: str) -> Store | None:
    if not path:
        return None
    try:
        return Store.open(Path(path))
    except StoreError:
        return None


def _table(said: Mapping[str, Any]) -> _Table:
    read = parse_query_results(json.dumps(said, ensure_ascii=False).encode(), QueryResultsFormat.JSON)
    if isinstance(read, QueryBoolean):
        return _Table(("boolean",), ((Literal(bool(read)),),))
    return _Table(tuple(each.value for each in read.variables), tuple(tuple(row) for row in read))


def _difference(before: Mapping[str, Any], now: Mapping[str, Any], plan: Plan | Why) -> tuple[list[Values], list[Values], tuple[str, ...]]:
    """The rows that came and those that went; pieces joined in no order are compared without it, and any one of several is as good."""
    old, new = _table(before), _table(now)
    key = _key(plan)
    held, holds = (Counter(key(table.columns, row) for row in table.rows) for table in (old, new))
    came: list[Values] = []
    went: list[Values] = []
    for table, left, kept in ((new, holds - held, came), (old, held - holds, went)):
        for row in table.rows:
            found = key(table.columns, row)
            if left[found]:
                left[found] -= 1
                kept.append(row)
    return came, went, new.columns


def _key(plan: Plan | Why) -> Callable[[tuple[str, ...], Values], str]:
    return lambda columns, row: repr(comparable(plan, columns, row) if isinstance(plan, Plan) else row)


def _rows(side: _Side, columns: tuple[str, ...], rows: Sequence[Values]) -> Iterator[Told]:
    """Each row with its values, their names, and the numbers of the facts of the side that did it."""
    labels = TermLabels(side.store.engine) if side.store else None
    evidence = _evidence(side, columns, rows)
    for row in rows:
        values = [None if term is None else {**json_term(term), "label": _label(labels, term)} for term in row]
        yield {"values": values, **evidence(row)}


def _label(labels: TermLabels | None, term: Term) -> dict[str, str]:
    if labels is None:
        said = term.value if isinstance(term, NamedNode | Literal | BlankNode) else str(term)
        return {"zh": said, "en": said}
    found = labels.of(term)
    return {"zh": found.zh, "en": found.en}


def _evidence(side: _Side, columns: tuple[str, ...], rows: Sequence[Values]) -> Callable[[Values], Told]:
    if not rows:
        return lambda row: {}
    if side.store is None:
        return lambda row: _without(_GONE)
    if not isinstance(side.plan, Plan):
        why = side.plan
        return lambda row: _without(why)
    key = _key(side.plan)
    wanted = {key(columns, row) for row in rows}
    read, dataset = side.store.reading(side.asked.dataset)
    try:
        found = evidenced(read, side.asked.text, side.plan, dataset, limits=_LIMITS, only=lambda names, row: key(names, row) in wanted)
    except NoEvidenceError as error:
        part = error.part
        return lambda row: _without((part["zh"], part["en"]))
    by_key = {key(found.columns, row): each for row, each in zip(found.rows, found.evidence, strict=True)}
    notes = {note["number"]: note for note in found.notes}
    return lambda row: _of_row(side, by_key.get(key(columns, row)), notes)


def _without(why: Why) -> Told:
    return {"facts": [], "more": 0, "reason": {"zh": why[0], "en": why[1]}}


def _of_row(side: _Side, evidence: RowEvidence | None, notes: Mapping[int, Told]) -> Told:
    """The facts of a row that the other snapshot has not."""
    if evidence is None or evidence.why_not:
        return _without(evidence.why_not if evidence and evidence.why_not else _UNKNOWN)
    leaves = [leaf for number in evidence.notes for leaf in _leaves(notes[number])]
    if side.other is None:
        return {**_numbered(side, leaves), "reason": {"zh": _GONE[0], "en": _GONE[1]}}
    assert side.store is not None
    engine, other = side.store.engine, side.other.engine
    new = [leaf for leaf in leaves if not _holds(side.other, side.asked.dataset, _triple(leaf))]
    changed = [leaf for leaf in new if not moved(engine, other, leaf, _triple(leaf))]
    return {**_numbered(side, changed), "reason": None} if changed else _without(_MOVED if new else _BY_ABSENCE)


def _leaves(note: Told) -> Iterator[Told]:
    """What a fact rests on in the end: what is stated or read, not what follows from it."""
    premises = note.get("premises", ())
    if not premises:
        yield note
    for premise in premises:
        yield from _leaves(premise)


def _numbered(side: _Side, leaves: Sequence[Told]) -> Told:
    """The numbers of facts in the list of all, which grows by those that are not in it; of facts beyond its end how many there are."""
    numbers: dict[int, None] = {}
    more = 0
    for said in [_fact(leaf, side.sign) for leaf in leaves]:
        same = next(
            (number for number, fact in enumerate(side.facts) if fact["triple"] == said["triple"] and fact["sign"] == side.sign), None
        )
        if same is None and len(side.facts) >= _FACTS:
            more += 1
            continue
        if same is None:
            side.facts.append(said)
        numbers[len(side.facts) - 1 if same is None else same] = None
    return {"facts": list(numbers), "more": more}


def _fact(leaf: Told, sign: str) -> Told:
    """A fact with its words, and where they stand."""
    status = leaf["status"] if leaf["status"] in STATUSES else "stated"
    words = [
        {
            **{name: each[name] for name in ("quote", "passage", "start", "end", "notice", "number")},
            "place": {language: place(each, language) for language in ("zh", "en")},
        }
        for each in quotes(leaf)
    ]
    zh, en = STATUSES[status]
    return {"sign": sign, "triple": leaf["triple"], "status": status, "status_in_words": {"zh": zh, "en": en}, "quotes": words}


def _triple(leaf: Told) -> Triple:
    subject, predicate, object_ = (_term(leaf["triple"][part]) for part in ("subject", "predicate", "object"))
    assert isinstance(subject, NamedNode | BlankNode)
    assert isinstance(predicate, NamedNode)
    return Triple(subject, predicate, object_)


def _term(said: Told) -> NamedNode | BlankNode | Literal:
    if said["type"] != "literal":
        return NamedNode(said["value"]) if said["type"] == "iri" else BlankNode(said["value"])
    if said.get("language"):
        return Literal(said["value"], language=said["language"])
    return Literal(said["value"], datatype=NamedNode(said["datatype"]))


def _holds(store: Store, dataset: DatasetOf, triple: Triple) -> bool:
    """Whether a store has a triple in the graphs that a query reads."""
    quads = store.engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(not dataset.own or is_own(quad.graph_name) for quad in quads)
