"""What a worker does for evidence: the plan of a query, and from it the bytes of an answer.

A plan is made once for each text. Whoever asks keeps its bytes without reading them, and gives them back with the question.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal as Choice

from graph.errors import NoEvidenceError
from graph.proofs.rows.answer import EvidencedRows, evidenced
from graph.proofs.rows.formats import to_csv, to_json, to_markdown
from graph.proofs.rows.plans import Plan
from graph.proofs.rows.witnesses import LIMITS, RowLimits
from graph.sparql.graph_scope import refuse_unbound_graphs
from graph.sparql.search_hits import with_evident_hits, with_hits
from graph.sparql.search_service import mentions_search
from graph.sparql.service_guard import relayed
from graph.store.engine import DatasetOf, Store

Kind = Choice["json", "csv", "markdown"]


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """A SELECT, the dataset it reads, and the format and language its rows and their evidence are wanted in."""

    text: str
    kind: Kind = "json"
    language: str = "zh"
    dataset: DatasetOf = field(default_factory=DatasetOf)
    base: str | None = None
    limits: RowLimits = LIMITS
    heads: tuple[str, ...] = ()


def prepare(store: Store, text: str, base: str | None = None) -> bytes:
    """The plan of a query, for ``answer``.

    Raises BadQueryError where it is no SPARQL, NoEvidenceError where it has a part for which there is no evidence.
    """
    return pickle.dumps(planned(store, text, base))


def answer(store: Store, prepared: bytes, asked: EvidenceRequest) -> bytes:
    """The rows of a query with their evidence; ``prepared`` is what ``prepare`` made of it."""
    relayed(asked.text)
    made = pickle.loads(prepared)  # noqa: S301 - made by a worker of ours, kept by the process that asks
    assert isinstance(made, Plan)
    read, dataset = store.reading(asked.dataset)
    found = evidenced(read, asked.text, made, dataset, asked.base, limits=asked.limits)
    return written(found, asked.kind, asked.language, asked.heads)


def written(found: EvidencedRows, kind: Kind, language: str, heads: Sequence[str] = ()) -> bytes:
    """Rows with evidence in a format; ``heads`` stand for the names of the columns in those for people."""
    if kind == "json":
        return to_json(found)
    return to_csv(found, language, heads) if kind == "csv" else to_markdown(found, language, heads)


@dataclass(frozen=True, slots=True)
class SearchedText:
    """A query with a search in it: with its hits, and with these and the facts that make them hits."""

    text: str
    evident: str


def searched(store: Store, text: str) -> bytes:
    """A query with its hits, for ``prepare`` and ``answer``; raises SearchError or NoEvidenceError where it can have none."""
    return pickle.dumps(_searched(store, text))


def _searched(store: Store, text: str) -> SearchedText:
    return SearchedText(with_hits(store, text).text, with_evident_hits(store, text)) if mentions_search(text) else SearchedText(text, text)


def rows_with_evidence(store: Store, text: str, limits: RowLimits = LIMITS, dataset: DatasetOf | None = None) -> EvidencedRows:
    """Both in one process: what the command line does."""
    read = _searched(store, text)
    relayed(read.text)
    return evidenced(store, read.text, planned(store, read.evident), dataset or DatasetOf(), limits=limits)


def planned(store: Store, text: str, base: str | None = None) -> Plan:
    """The plan of a query; raises BadQueryError where it is no SPARQL, NoEvidenceError where it has a part for which there is none."""
    # The parser takes a while to load, and answers with a plan at hand do without it.
    from graph.proofs.rows.scopes import plan

    try:
        made = plan(text, base)
    except NoEvidenceError as error:
        if not error.unread:
            raise
        # The engine says what is wrong with a query, better than this parser; nothing may make it open a connection meanwhile.
        store.answer(relayed(text), None, base)
        raise
    relayed(text)
    refuse_unbound_graphs(text)
    return made
