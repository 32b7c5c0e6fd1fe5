"""What a worker does for evidence: the plan of a query, and from it the bytes of an answer.

A plan is made once for each text. Whoever asks keeps its bytes without reading them, and gives them back with the question.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal as Choice

from graph.proofs.rows.answer import EvidencedRows, evidenced
from graph.proofs.rows.formats import to_csv, to_json, to_markdown
from graph.proofs.rows.scopes import Plan, plan
from graph.proofs.rows.witnesses import LIMITS, RowLimits
from graph.sparql.graph_scope import refuse_unbound_graphs
from graph.store.engine import DatasetOf, Store

Kind = Choice["json", "csv", "markdown"]
_WRITERS: Mapping[Kind, Callable[[EvidencedRows, str], bytes]] = {"json": to_json, "csv": to_csv, "markdown": to_markdown}


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """A SELECT, the dataset it reads, and the format and language its rows and their evidence are wanted in."""

    text: str
    kind: Kind = "json"
    language: str = "zh"
    dataset: DatasetOf = field(default_factory=DatasetOf)
    base: str | None = None
    limits: RowLimits = LIMITS


def prepare(store: Store, text: str, base: str | None = None) -> bytes:
    """The plan of a query, for ``answer``.

    Raises BadQueryError where it is no SPARQL, NoEvidenceError where it has a part for which there is no evidence.
    """
    refuse_unbound_graphs(text)
    # The engine says what is wrong with a query, better than the parser of evidence.
    store.answer(text, None, base)
    return pickle.dumps(plan(text, base))


def answer(store: Store, prepared: bytes, asked: EvidenceRequest) -> bytes:
    """The rows of a query with their evidence; ``prepared`` is what ``prepare`` made of it."""
    made = pickle.loads(prepared)  # noqa: S301 - made by a worker of ours, kept by the process that asks
    assert isinstance(made, Plan)
    found = evidenced(store, asked.text, made, asked.dataset, asked.base, limits=asked.limits)
    return _WRITERS[asked.kind](found, asked.language)


def rows_with_evidence(store: Store, text: str, limits: RowLimits = LIMITS) -> EvidencedRows:
    """Both in one process: what the command line does."""
    refuse_unbound_graphs(text)
    store.answer(text)
    return evidenced(store, text, plan(text), DatasetOf(), limits=limits)
