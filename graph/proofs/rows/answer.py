"""A SELECT and its plan, turned into its rows with the evidence of each: the numbers of notes, or why there are none.

A row's evidence is given out only where the query, asked of a graph that holds nothing else, gives that row again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import QuerySolutions

from graph.errors import NoEvidenceError
from graph.proofs.proof_search import Proof, axioms
from graph.proofs.render import Told
from graph.proofs.rows.check import gives
from graph.proofs.rows.facts import Fact
from graph.proofs.rows.notes import notes, proof_of, rank
from graph.proofs.rows.plans import Plan
from graph.proofs.rows.witnesses import LIMITS, OutOfTimeError, RowLimits, Values, Witness, Witnesses
from graph.reasoning.axioms import Rules
from graph.sparql.datasets import stated
from graph.sparql.service_guard import mentions_graphs, names_graphs
from graph.store.engine import DatasetOf, Store, Term, translated

Why = tuple[str, str]
"""Why there is no evidence, in Chinese and English."""
Only = Callable[[tuple[str, ...], Values], bool]
"""Whether a row, under these columns, is wanted."""

_BEYOND = ("超出给出证据的行数上限", "beyond the rows for which evidence is given")
_TIME = ("给出证据的时间已用完", "the time for evidence was over")
_MANY = ("依据的事实过多", "it rests on too many facts")
_NOT_AGAIN = (
    "只凭找到的事实不能重新得到这一行，因此不给出",
    "the facts that were found do not give the row again, so they are not given out",
)


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """The numbers of the notes of a row. ``others`` are those of other solutions that make the same row, of which ``more`` are left out."""

    notes: tuple[int, ...] = ()
    others: tuple[tuple[int, ...], ...] = ()
    more: int = 0
    why_not: Why | None = None
    """Why there is no evidence, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class EvidencedRows:
    """The rows of a SELECT; ``evidence`` is that of each, ``notes`` are those that it names, counted from 1."""

    columns: tuple[str, ...]
    rows: tuple[Values, ...]
    evidence: tuple[RowEvidence, ...]
    notes: tuple[Told, ...]
    examined: tuple[str, ...]
    """The patterns that were looked for and that no row has."""

    @property
    def shown(self) -> int:
        """How many rows have evidence."""
        return sum(each.why_not is None for each in self.evidence)


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """The witnesses of a row that are shown, the first of which gives it again, and how many are not."""

    witnesses: tuple[Witness, ...]
    more: int


def evidenced(
    store: Store,
    text: str,
    plan: Plan,
    dataset: DatasetOf,
    base: str | None = None,
    *,
    limits: RowLimits = LIMITS,
    only: Only | None = None,
) -> EvidencedRows:
    """The rows of the query, or those that are wanted, with their evidence; raises NoEvidenceError where its dataset is not known."""
    dataset = dataset_read(text, dataset, base)
    columns, rows = _rows(store, text, dataset, base)
    if only is not None:
        rows = tuple(row for row in rows if only(columns, row))
    seeking = Witnesses(store, dataset, limits)
    places = [columns.index(name) if name in columns else None for name in plan.scope.columns]
    asked = rows[: limits.rows]
    try:
        found = seeking.of(plan.scope, [tuple(None if place is None else row[place] for place in places) for row in asked])
    except OutOfTimeError:
        return EvidencedRows(columns, rows, (RowEvidence(why_not=_TIME),) * len(rows), (), plan.examined)
    proofs: dict[Fact, Proof] = {}
    rules = axioms(store.engine)
    kept: list[_Confirmed | Why] = []
    for row, witnesses in zip(asked, found, strict=True):
        try:
            seeking.check_time()
            confirmed = _confirmed(plan, dict(zip(columns, row, strict=True)), witnesses, seeking, base)
            if isinstance(confirmed, _Confirmed):
                confirmed = _proved(confirmed, seeking, rules, proofs)
            kept.append(confirmed)
        except OutOfTimeError:
            kept.append(_TIME)
    told = dict(zip(proofs, notes(store.engine, list(proofs.values())), strict=True))
    evidence, numbered = _numbered(kept, told)
    evidence += [RowEvidence(why_not=_BEYOND)] * (len(rows) - len(asked))
    return EvidencedRows(columns, rows, tuple(evidence), numbered, plan.examined)


def dataset_read(text: str, dataset: DatasetOf, base: str | None) -> DatasetOf:
    """The dataset that a query reads, said aloud, so that other queries can read the same; raises NoEvidenceError where it is not sure."""
    if dataset.default is not None or dataset.named is not None:
        return dataset
    if not names_graphs(text):
        return DatasetOf(union=dataset.union, alone=dataset.union and not mentions_graphs(text))
    named = stated(text, base)
    if named is None:
        raise NoEvidenceError("FROM 的写法", "the way FROM is written")
    return DatasetOf(*named, union=False)


def _rows(store: Store, text: str, dataset: DatasetOf, base: str | None) -> tuple[tuple[str, ...], tuple[Values, ...]]:
    answer = store.answer(text, dataset, base)
    if not isinstance(answer, QuerySolutions):
        raise NoEvidenceError("SELECT 以外的查询", "a query that is no SELECT")
    with translated():
        return tuple(variable.value for variable in answer.variables), tuple(tuple(row) for row in answer)


def _confirmed(
    plan: Plan, row: Mapping[str, Term | None], witnesses: Sequence[Witness], seeking: Witnesses, base: str | None
) -> _Confirmed | Why:
    """The witnesses, first one from which alone the query gives the row again; or why there is none."""
    why = _NOT_AGAIN
    most = seeking.limits.witnesses
    for witness in witnesses[:most]:
        if len(witness) > seeking.limits.facts:
            why = _MANY
            continue
        quads = [seeking.facts.quad(fact) for fact in witness]
        present = [quad for quad in quads if quad is not None]
        if len(present) == len(quads) and gives(plan, row, present, seeking.dataset, base):
            shown = (witness, *(other for other in witnesses if other != witness))[:most]
            return _Confirmed(shown, len(witnesses) - len(shown))
    return why


def _proved(confirmed: _Confirmed, seeking: Witnesses, rules: Rules, proofs: dict[Fact, Proof]) -> _Confirmed | Why:
    """Adds the proofs of the facts of a row, unless they are too many."""
    wanted = dict.fromkeys(fact for witness in confirmed.witnesses for fact in witness if fact not in proofs)
    if len(proofs) + len(wanted) > seeking.limits.notes:
        count = len(confirmed.witnesses[0])
        return (
            f"所依据的 {count} 条事实重新给出了这一行，但为数太多，没有列出",
            f"the {count} facts that give it again are too many to list",
        )
    for fact in wanted:
        seeking.check_time()
        proofs[fact] = proof_of(seeking.store.engine, rules, fact, seeking.facts.graphs(fact))
    return confirmed


def _numbered(kept: Iterable[_Confirmed | Why], told: Mapping[Fact, Told]) -> tuple[list[RowEvidence], tuple[Told, ...]]:
    """Each row with the numbers of its notes, counted as they come."""
    numbers: dict[Fact, int] = {}
    evidence = []
    for each in kept:
        if not isinstance(each, _Confirmed):
            evidence.append(RowEvidence(why_not=each))
            continue
        lists = []
        for witness in each.witnesses:
            ordered = sorted(witness, key=lambda fact: (rank(told[fact]), str(fact)))
            lists.append(tuple(numbers.setdefault(fact, len(numbers) + 1) for fact in ordered))
        evidence.append(RowEvidence(lists[0], tuple(lists[1:]), each.more))
    return evidence, tuple({"number": number, **told[fact]} for fact, number in numbers.items())
