"""The SELECTs of the W3C suite, each with the evidence of its rows: ``python -m tests.conformance.evidence``.

Of each row with evidence it is checked here again, apart from the program: the facts are in the data, and the query gives the row from
them alone. A row that has none says why, and so does a query that is refused. Exit 1 where a row is wrong or something else goes wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import QuerySolutions
from pyoxigraph import Store as Engine

from graph.errors import GraphError, NoEvidenceError
from graph.proofs.rows.answer import dataset_read, evidenced
from graph.proofs.rows.check import comparable
from graph.proofs.rows.plans import Plan
from graph.proofs.rows.scopes import plan
from graph.proofs.rows.witnesses import RowLimits, Witness, Witnesses
from graph.store.embedded_store import DatasetOf, Store
from tests.conformance.__main__ import HOW
from tests.conformance.evaluation import Evaluation
from tests.conformance.manifest import Case, iri, tests
from tests.conformance.service import ROOT

_LIMITS = RowLimits(rows=1000, seconds=60)
_LEAST = 200
"""Queries of which every row must have its evidence."""


class Rows:
    """Counts what came of the queries and of their rows; ``wrong`` are sentences about what should not have."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.queries: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.without: list[str] = []
        self._reading = Evaluation(root, None)  # type: ignore[arg-type]

    def run(self, case: Case) -> None:
        """One query."""
        assert case.action is not None
        base = iri(self.root, case.action)
        text = case.action.read_text("utf-8")
        data = case.before if case.before.files else self._reading._named_in(f"BASE <{base}>\n{text}")
        engine = Engine()
        engine.extend(self._reading.quads(data))
        store = Store(engine)
        try:
            answer = store.answer(text, DatasetOf(union=False), base)
        except GraphError:
            self.queries["not answered at all"] += 1
            return
        if not isinstance(answer, QuerySolutions):
            return
        try:
            made = plan(text, base)
            self._rows(case, store, text, base, made)
        except NoEvidenceError as error:
            self.queries["refused"] += 1
            self.without.append(f"{case.id}: {error.part['en']}")
        except Exception as error:  # noqa: BLE001 - what must not happen is told
            self.wrong.append(f"{case.id}: {type(error).__name__}: {error}")

    def _rows(self, case: Case, store: Store, text: str, base: str, made: Plan) -> None:
        dataset = dataset_read(text, DatasetOf(union=False), base)
        found = evidenced(store, text, made, DatasetOf(union=False), base, limits=_LIMITS)
        seeking = Witnesses(store, dataset, _LIMITS)
        places = [found.columns.index(name) if name in found.columns else None for name in made.scope.columns]
        witnesses = seeking.of(made.scope, [tuple(None if at is None else row[at] for at in places) for row in found.rows])
        good = 0
        for row, evidence, of_row in zip(found.rows, found.evidence, witnesses, strict=True):
            if evidence.why_not is not None:
                self.rows["without"] += 1
                continue
            wanted = comparable(made, found.columns, row)
            again = any(wanted in _given(made, found.columns, _alone(seeking, witness), dataset, base) for witness in of_row)
            self.rows["right" if again else "wrong"] += 1
            good += again
            if not again:
                self.wrong.append(f"{case.id}: the row {row} does not come back")
        whole = good == len(found.rows)
        self.queries["every row" if whole else "some rows without"] += 1
        if not whole:
            self.without.append(f"{case.id}: {next(each.why_not[1] for each in found.evidence if each.why_not)}")


def _alone(seeking: Witnesses, witness: Witness) -> Store:
    """A store of the facts, each of which is in the data."""
    alone = Engine()
    for fact in witness:
        graphs = seeking.facts.graphs(fact)
        alone.extend(seeking.store.engine.quads_for_pattern(fact.subject, fact.predicate, fact.object, graphs[0]))
    assert len(alone) == len(witness)
    return Store(alone)


def _given(made: Plan, columns: tuple[str, ...], store: Store, dataset: DatasetOf, base: str) -> list[tuple[object, ...]]:
    """The rows that a query gives over a store, as they are compared."""
    answer = store.answer(made.again, dataset, base)
    assert isinstance(answer, QuerySolutions)
    return [comparable(made, columns, tuple(each)) for each in answer]


def cases(root: Path) -> Iterator[Case]:
    """The evaluation tests of queries."""
    return (case for case in tests(root) if case.kind in {"QueryEvaluationTest", "CSVResultFormatTest"})


def main() -> int:
    """Runs them and prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.evidence", description=__doc__)
    parser.add_argument("--if-present", action="store_true", help="say that the suite is missing, and do not fail")
    given = parser.parse_args()
    root = Path(os.environ.get("RDF_TESTS") or ROOT.parent / "shared" / "rdf-tests").resolve()
    if not (root / "sparql11" / "manifest-all.ttl").is_file():
        print(HOW.format(root), file=sys.stderr)
        return 0 if given.if_present else 1
    rows = Rows(root)
    for case in cases(root):
        rows.run(case)
    print(*rows.without, *(f"WRONG {each}" for each in rows.wrong), sep="\n")
    print(dict(rows.queries), dict(rows.rows))
    return 1 if rows.wrong or rows.queries["every row"] < _LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
