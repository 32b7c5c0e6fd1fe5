"""A reading -> the triples that are more than the page says, each with the rule by which it was read and the characters it starts from.

They stand in a graph of their own. Numbers of tasks that the page does not number, periods that no passage prints, years that a time
limit leaves out, figures of the year that are slices of those of the plan; and, of units and places that nobody has curated, their kind,
their full name and the wider divisions of GB/T 2260.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from ingest.fields.bodies import Body, body
from ingest.model.records import Horizon, Notice
from ingest.quads import date_literal, notice_iri, part_iri, plan_iri, task_iri, topic_mention_iri
from ingest.recognise import Bearer, Reading, TaskReading, Uncurated
from ontology import terms
from ontology.names import DCTERMS, ID, ORG, RDF, SKOS, TYPE
from ontology.subjects import subject_class

_LEVELS = {"national": "national", "province": "provincial", "city": "municipal", "county": "district", "town": "township"}
_WHOLE = re.compile(r"..(?:局|委员会|委|厅|办公室|院|集团|公司|大学)$")
"""Names of bodies that others may be parts of."""


def readings(reading: Reading) -> Iterator[Triple]:
    """The graph of what is read into a notice."""
    for found in reading.uncurated:
        yield from _uncurated(found)
    reader = _Reader(reading, notice_iri(reading.key))
    for read in reading.tasks:
        yield from reader.task(read)
    yield from reader.bodies()
    yield from reader.plan()


@dataclass(frozen=True, slots=True)
class _Basis:
    """A period, the rule that spreads it, and the statements that print it."""

    horizon: Horizon
    rule: str
    statements: Sequence[NamedNode]


@dataclass(frozen=True, slots=True)
class _Reader:
    reading: Reading
    iri: NamedNode

    def task(self, read: TaskReading) -> Iterator[Triple]:
        task, node = read.task, task_iri(self.iri, read.task)
        if not task.number:
            words = [self._statement(f"task-{task.key}-text")]
            yield from self._read(node, [(terms.number, Literal(task.no))], "number-by-position", words, "number")
        periods = {"text": self._period_of_text(bool(task.targets))}
        for n in range(1, len(task.targets) + 1):
            periods[f"targets[{n - 1}]"] = self._period_of_target(task.headings.get("targets", ""))
        for part, basis in periods.items():
            yield from self._spread(node if part == "text" else part_iri(node, "target", int(part[8:-1]) + 1), basis)
        for n, quantity in enumerate(task.quantities, 1):
            basis = periods[quantity.part]
            if basis is not None:
                yield from self._spread(part_iri(node, "quantity", n), _Basis(basis.horizon, "period-of-commitment", basis.statements))
        for n, limit in enumerate(task.deadlines, 1):
            day = limit.date or limit.end
            if day is not None and limit.rule is not None:
                due = part_iri(node, "deadline", n)
                year = self._statement("horizon-end" if limit.rule == "year-of-period" else "date")
                yield from self._read(due, [(terms.dueDate, date_literal(day))], limit.rule, [due, year])
        figures = {quantity: part_iri(node, "quantity", n) for n, quantity in enumerate(task.quantities, 1)}
        for slice_, whole in read.slices:
            inner, outer = figures[slice_], figures[whole]
            yield from self._read(inner, [(terms.sliceOf, outer)], "slice-of-plan-figure", [inner, outer], "slice")

        for code, topics in read.subject_classes:
            shown = list(dict.fromkeys(topic_mention_iri(self.iri, mention) for mention in read.topics if mention.topic in topics))
            yield from self._read(node, [(terms.hasSubjectClass, subject_class(code))], "class-of-topics", shown, f"subject-class/{code}")

    def bodies(self) -> Iterator[Triple]:
        """What the name of each unit that bears a task says of it: function, level, division, and the body of which it is a part.

        县发改局 has the function of every 发展改革委. What the vocabulary knows has this there.
        """
        unknown = {each.node: each for each in self.reading.uncurated}
        names = {
            name: bearer.node for each in self.reading.tasks for bearer in each.bearers for name in _names(bearer) if _WHOLE.search(name)
        }
        for each in self.reading.tasks:
            for position, bearer in enumerate(each.bearers, 1):
                found = unknown.pop(bearer.node, None)
                named = [named for name in _names(bearer) if (named := body(name)) is not None] if found is not None else []
                if found is not None and named and not named[0].collective:
                    duty = part_iri(task_iri(self.iri, each.task), "responsibility", position)
                    yield from self.body(bearer, named, found.division, names, duty)

    def body(
        self, bearer: Bearer, named: Sequence[Body], division: NamedNode | None, names: Mapping[str, NamedNode], duty: NamedNode
    ) -> Iterator[Triple]:
        """The readings of one name."""
        if function := next((each.function for each in named if each.function), None):
            yield from self._read(bearer.node, [(terms.function, ID[f"function/{function}"])], "function-of-name", [duty], "function")
        facts: list[tuple[NamedNode, NamedNode | Literal]] = []
        if level := next((_LEVELS[each.level] for each in named if each.level in _LEVELS), None):
            facts.append((terms.level, ID[f"level/{level}"]))
        if division is not None:
            facts.append((terms.division, division))
        if facts:
            yield from self._read(bearer.node, facts, "place-of-name", [duty], "place")
        wholes = [whole for whole in names if any(name.startswith(whole) and name != whole for name in _names(bearer))]
        if wholes and names[max(wholes, key=len)] != bearer.node:
            yield from self._read(
                bearer.node, [(ORG["subOrganizationOf"], names[max(wholes, key=len)])], "part-of-named-body", [duty], "whole"
            )

    def plan(self) -> Iterator[Triple]:
        """Which plan is a part of which."""
        notice = self.reading.notice
        title, carried = notice.title or notice.notice_title, _carried(notice)
        if title and carried and notice.horizon and notice.plan_period and _within(notice.horizon, notice.plan_period):
            bases = [self._statement(name) for name in ("plan", f"implements-{carried}")]
            yield from self._read(
                plan_iri(title.value),
                [(DCTERMS["isPartOf"], plan_iri(notice.implements[carried - 1].value))],
                "year-within-plan",
                bases,
            )

    def _period_of_text(self, has_targets: bool) -> _Basis | None:
        """A task that has targets speaks of the plan."""
        notice = self.reading.notice
        if has_targets and notice.plan_period:
            carried = _carried(notice)
            if carried:
                return _Basis(notice.plan_period, "period-of-plan", self._statements(f"implements-{carried}-horizon"))
        return self._period_of_notice()

    def _period_of_target(self, head: str) -> _Basis | None:
        notice = self.reading.notice
        if notice.horizon and re.search(rf"{notice.horizon.start.year}年", head) and notice.horizon.start.year == notice.horizon.end.year:
            return _Basis(notice.horizon, "period-of-column", self._statements("horizon"))
        return self._period_of_notice()

    def _period_of_notice(self) -> _Basis | None:
        horizon = self.reading.notice.horizon
        return _Basis(horizon, "period-of-notice", self._statements("horizon")) if horizon else None

    def _spread(self, node: NamedNode, basis: _Basis | None) -> Iterator[Triple]:
        if basis is not None:
            start, end = date_literal(basis.horizon.start), date_literal(basis.horizon.end)
            facts = [(terms.horizonStart, start), (terms.horizonEnd, end)]
            yield from self._read(node, facts, basis.rule, basis.statements)

    def _read(
        self,
        subject: NamedNode,
        facts: Sequence[tuple[NamedNode, NamedNode | Literal]],
        rule: str,
        bases: Sequence[NamedNode],
        kind: str = "",
    ) -> Iterator[Triple]:
        """Facts about a subject that one rule reads, and the node that says so."""
        local = subject.value.removeprefix(f"{self.iri.value}/") if subject.value.startswith(self.iri.value) else ID.local(subject)
        node = NamedNode(f"{self.iri.value}/reading/{local}{'/' + kind if kind else ''}")
        yield Triple(node, TYPE, terms.Reading)
        yield Triple(node, RDF["subject"], subject)
        yield Triple(node, terms.rule, ID[f"rule/{rule}"])
        for basis in bases:
            yield Triple(node, terms.basis, basis)
        for predicate, value in facts:
            yield Triple(subject, predicate, value)
            yield Triple(node, RDF["predicate"], predicate)

    def _statement(self, name: str) -> NamedNode:
        return NamedNode(f"{self.iri.value}/statement/{name}")

    def _statements(self, name: str) -> Sequence[NamedNode]:
        return [self._statement(f"{name}-start"), self._statement(f"{name}-end")]


def _names(bearer: Bearer) -> Iterator[str]:
    """The printed name of a unit and, where it leaves something out, the whole one."""
    yield bearer.unit.surface.value
    if bearer.unit.canonical:
        yield bearer.unit.canonical


def _carried(notice: Notice) -> int:
    """The place, from 1, of the plan whose title prints the plan period; 0 where there is none."""
    period = notice.plan_period
    places = (n for n, text in enumerate(notice.implements, 1) if period is not None and set(period.source.at) <= set(text.at))
    return next(places, 0)


def _within(inner: Horizon, outer: Horizon) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and (inner.start, inner.end) != (outer.start, outer.end)


def _uncurated(found: Uncurated) -> Iterator[Triple]:
    yield Triple(found.node, TYPE, found.class_)
    yield Triple(found.node, terms.curated, Literal(False))
    yield Triple(found.node, SKOS["prefLabel"], Literal(found.name, language="zh"))
    if found.printed != found.name:
        yield Triple(found.node, SKOS["altLabel"], Literal(found.printed, language="zh"))
    if found.code:
        yield Triple(found.node, SKOS["notation"], Literal(found.code))
    if found.within:
        yield Triple(found.node, terms.within, found.within)
