"""Every row of every answer of the catalogue, from nothing but its evidence; every quote, in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions
from pyoxigraph import Store as Engine

from api.publication.publish import Knowledge
from graph.errors import NoEvidenceError
from graph.proofs.proof_search import INFERRED
from graph.proofs.rows.answer import EvidencedRows, dataset_read
from graph.proofs.rows.facts import Fact
from graph.proofs.rows.notes import STATUSES, quotes
from graph.proofs.rows.scopes import plan
from graph.proofs.rows.witnesses import RowLimits, Values, Witnesses
from graph.proofs.rows.worker_jobs import rows_with_evidence
from graph.store.engine import DatasetOf, Store
from ontology import terms
from ontology.names import GRAPH
from queries import Query, catalogue
from tests.conftest import SHIPPED

ALL = RowLimits(rows=10_000, solutions=1_000_000, facts=100_000, witnesses=5, notes=1_000_000, seconds=120)
SELECTS = {name: query for name, query in catalogue().items() if query.form == "SELECT"}


@pytest.fixture(scope="module")
def store(dataset: Engine) -> Store:
    return Store.in_memory(dataset)


@pytest.fixture(scope="module")
def text() -> str:
    return SHIPPED.read_text("utf-8")


def every_note(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A note and all that its proof rests on."""
    yield said
    for premise in said.get("premises", ()):
        yield from every_note(premise)


def check_notes(found: EvidencedRows, file: str) -> int:
    """How many quotes the notes have; each is what stands there in the file."""
    count = 0
    assert [note["number"] for note in found.notes] == list(range(1, len(found.notes) + 1))
    for note in found.notes:
        assert note["status"] in STATUSES
        assert note["status"] != "unproved"
        assert (note["status"] == "inferred") == ("axiom" in note)
        if note["status"] == "stated":
            assert list(quotes(note))
        if note["status"] == "read":
            assert note["rule"]["definition"]["zh"]
        for quote in quotes(note):
            assert file[quote["offset"] : quote["offset"] + len(quote["quote"])] == quote["quote"]
            assert quote["number"] == "沪质办〔2026〕2号"
            assert quote["end"] - quote["start"] == len(quote["quote"])
            count += 1
        assert all(inner["status"] != "inferred" or inner["premises"] for inner in every_note(note))
    return count


@pytest.mark.slow
@pytest.mark.parametrize("query", SELECTS.values(), ids=SELECTS)
def test_every_row_comes_back_from_its_evidence_and_every_quote_is_in_the_file(query: Query, store: Store, text: str) -> None:
    found = rows_with_evidence(store, query.bind({}), ALL)
    assert found.rows
    assert [each.why_not for each in found.evidence] == [None] * len(found.rows)
    assert all(each.notes for each in found.evidence), "a row rests on nothing"
    assert {number for each in found.evidence for numbers in (each.notes, *each.others) for number in numbers} == {
        note["number"] for note in found.notes
    }
    check_notes(found, text)


def test_an_answer_has_stated_inferred_read_and_linked_facts(store: Store, text: str) -> None:
    names = ("tasks-by-industry", "tasks-per-district", "external-links", "quantities-by-period", "actions")
    found = [rows_with_evidence(store, SELECTS[name].bind({}), ALL) for name in names]
    assert {note["status"] for each in found for note in each.notes} >= {"stated", "inferred", "read", "linked", "vocabulary"}
    assert sum(check_notes(each, text) for each in found) > 100


def test_a_question_that_is_no_select_is_refused_by_name() -> None:
    asked = [query for query in catalogue().values() if query.form != "SELECT"]
    assert asked
    for query in asked:
        with pytest.raises(NoEvidenceError, match="SELECT"):
            plan(query.bind({}))


# What rests on a sentence falls with it.

SAMPLE = (
    "evidence-for-industry",
    "milestones",
    "quantities",
    "quantities-by-industry",
    "targets-by-industry",
    "tasks-by-district",
    "tasks-by-industry-and-unit",
    "tasks-by-text",
    "tasks-by-two-industries",
    "tasks-in-group",
    "where-thing-appears",
)
"""Questions without a group and without a negation: for a row of theirs to stand, one witness of it has to."""
DROPPED = ("task/9", "task/9/target/2", "task/17", "task/49/target/1", "task/61")


def without(known: Knowledge, dataset: Engine, commitment: NamedNode) -> Engine:
    """The same without the words of a task or target, and what follows from what is left."""
    passages = {quad.object for quad in dataset.quads_for_pattern(commitment, terms.statedIn, None, None)}
    assert passages
    spoken = {quad.subject for passage in passages for quad in dataset.quads_for_pattern(None, terms.passage, passage, None)}
    gone = passages | spoken | {commitment}
    left = [quad for quad in dataset if quad.subject not in gone and quad.object not in gone]
    stated = [
        quad for quad in left if not str(quad.graph_name).startswith(f"<{INFERRED}") or quad.graph_name == GRAPH["inferred/vocabulary"]
    ]
    notice = [quad.triple for quad in stated if "/graph/notice/" in str(quad.graph_name) or "/graph/readings/" in str(quad.graph_name)]
    assert len(left) < len(dataset)
    kept = Engine()
    kept.extend(stated)
    kept.extend(Quad(one.subject, one.predicate, one.object, GRAPH["inferred/again"]) for one in known.background.infer(notice))
    return kept


@pytest.mark.parametrize("dropped", DROPPED)
def test_without_a_sentence_exactly_those_rows_are_gone_that_rested_on_it(
    dropped: str, known: Knowledge, dataset: Engine, store: Store
) -> None:
    (notice,) = {quad.subject for quad in dataset.quads_for_pattern(None, terms.hasTask, None, None)}
    assert isinstance(notice, NamedNode)
    less = Store.in_memory(without(known, dataset, NamedNode(f"{notice.value}/{dropped}")))
    fallen = 0
    for name in SAMPLE:
        asked = SELECTS[name].bind({})
        made = plan(asked)
        assert made.scope.keys is None
        assert not made.examined
        seeking = Witnesses(store, dataset_read(asked, DatasetOf(), None), ALL)
        keys = keys_of(store, asked, made.scope.columns)
        left = set(keys_of(less, asked, made.scope.columns))
        assert left <= set(keys)
        for key, witnesses in zip(keys, seeking.of(made.scope, keys), strict=True):
            stands = any(all(is_in(less.engine, fact) for fact in witness) for witness in witnesses)
            assert stands == (key in left), (name, key)
            fallen += not stands
    assert fallen


def is_in(engine: Engine, fact: Fact) -> bool:
    return next(engine.quads_for_pattern(fact.subject, fact.predicate, fact.object, fact.graph), None) is not None


def keys_of(store: Store, text: str, columns: tuple[str, ...]) -> list[Values]:
    """The rows of a query by some of its columns, each once."""
    answer = store.answer(text)
    assert isinstance(answer, QuerySolutions)
    return list(dict.fromkeys(tuple(row[column] for column in columns) for row in answer))
