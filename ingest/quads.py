"""A reading -> the triples of the notice's own graph, and those of the readings of it that are more than the page says.

What is promised, by whom, until when and with which figures is asserted with the characters that state it; docs/architecture.md has the
tables of the model. Nothing here is inferred: what follows from these triples is the ontology's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from ingest.fields.bodies import body
from ingest.fields.naming import name_key
from ingest.model.document import Text
from ingest.model.passages import Passage, Passages, evidence, integer, passages
from ingest.model.records import Horizon, Quantity, Task, Unit
from ingest.recognise import Bearer, Reading, TaskReading, Uncurated
from ontology import terms
from ontology.names import DCTERMS, ID, RDF, RDFS, SCHEMA, SKOS, TYPE, XSD

_COMPARATORS = {"=": "equal", ">=": "at-least", ">": "more-than", "<=": "at-most", "<": "less-than", "~": "about", "range": "range"}


def notice_iri(key: str) -> NamedNode:
    """The IRI of a notice."""
    return ID[f"notice/{key}"]


def triples(reading: Reading) -> Iterator[Triple]:
    """The graph of a notice."""
    writer = _Writer(reading, notice_iri(reading.key), passages(reading.notice.document, notice_iri(reading.key).value))
    yield from writer.notice()
    groups = dict(writer.groups())
    yield from writer.group_triples(groups)
    for position, task in enumerate(reading.tasks, 1):
        yield from writer.task(task, position, groups)
    yield from writer.passages.triples(writer.iri)


def readings(reading: Reading) -> Iterator[Triple]:
    """What is read into a notice beyond its words: which figure is a slice of which, which plan a part of which, and what is said of units
    and places that nobody has curated: their kind, their full name, the wider divisions of GB/T 2260, and the function of each unit."""
    notice, subject = reading.notice, notice_iri(reading.key)
    for found in reading.uncurated:
        yield from _uncurated(found)
    for task in reading.tasks:
        node = _task_iri(subject, task.task)
        numbered = {quantity: n for n, quantity in enumerate(task.task.quantities, 1)}
        for slice_, whole in task.slices:
            yield Triple(_part(node, "quantity", numbered[slice_]), terms.sliceOf, _part(node, "quantity", numbered[whole]))
    yield from _functions(reading)
    title = notice.title or notice.notice_title
    if title and len(notice.implements) == 1 and notice.horizon and notice.plan_period and _within(notice.horizon, notice.plan_period):
        yield Triple(_plan(title.value), DCTERMS["isPartOf"], _plan(notice.implements[0].value))


def _functions(reading: Reading) -> Iterator[Triple]:
    """The function of each unit that bears a task, by its name: 县发改局 has the function of every 发展改革委."""
    bearers = (*(bearer for task in reading.tasks for bearer in task.bearers), *reading.shared)
    for node, unit in {bearer.node: bearer.unit for bearer in bearers}.items():
        named = body(unit.surface.value) or body(unit.canonical or "")
        if named is not None and named.function and not named.collective:
            yield Triple(node, terms.function, ID[f"function/{named.function}"])


def _within(inner: Horizon, outer: Horizon) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and (inner.start, inner.end) != (outer.start, outer.end)


@dataclass(frozen=True, slots=True)
class _Writer:
    """The notice that is written, with the passages met so far."""

    reading: Reading
    iri: NamedNode
    passages: Passages

    def notice(self) -> Iterator[Triple]:
        notice = self.reading.notice
        yield Triple(self.iri, TYPE, terms.Notice)
        title = notice.title or notice.notice_title
        if title:
            yield from self.stated("title", title, DCTERMS["title"], Literal(title.value, language="zh"))
            plan = _plan(title.value)
            yield from self.stated("plan", title, terms.plan, plan)
            yield from _plan_triples(plan, title.value, notice.horizon)
        if notice.notice_title and notice.notice_title is not title:
            yield from self.stated(
                "notice-title", notice.notice_title, DCTERMS["alternative"], Literal(notice.notice_title.value, language="zh")
            )
        if notice.number:
            yield from self.stated("number", notice.number, SCHEMA["legislationIdentifier"], Literal(notice.number.value))
        if notice.date and notice.date_text:
            yield from self.stated("date", notice.date_text, DCTERMS["issued"], _date(notice.date))
        for n, (text, issuer) in enumerate(self.reading.issuers, 1):
            yield from self.stated(f"issuer-{n}", text, terms.issuer, issuer)
        for n, text in enumerate(notice.implements, 1):
            yield from self.stated(f"implements-{n}", text, terms.implements, _plan(text.value))
            yield from _plan_triples(_plan(text.value), text.value, notice.plan_period if len(notice.implements) == 1 else None)
        if notice.horizon:
            yield from _period(self.iri, notice.horizon)
            if notice.horizon.source:
                start, end = _date(notice.horizon.start), _date(notice.horizon.end)
                yield from self.statement("horizon-start", notice.horizon.source, self.iri, terms.horizonStart, start)
                yield from self.statement("horizon-end", notice.horizon.source, self.iri, terms.horizonEnd, end)

    def groups(self) -> Iterator[tuple[tuple[str, ...], NamedNode]]:
        """The groups by their path, numbered in the order of the page; one printed again is the same group."""
        met: dict[tuple[str, ...], None] = {}
        for read in self.reading.tasks:
            path = tuple(text.value for text in read.task.group_path)
            for depth in range(1, len(path) + 1):
                met.setdefault(path[:depth])
        return ((path, ID[f"notice/{self.reading.key}/group/{n}"]) for n, path in enumerate(met, 1))

    def group_triples(self, groups: dict[tuple[str, ...], NamedNode]) -> Iterator[Triple]:
        for position, (path, group) in enumerate(groups.items(), 1):
            yield Triple(self.iri, terms.hasGroup, group)
            yield Triple(group, TYPE, terms.TaskGroup)
            yield Triple(group, SKOS["prefLabel"], Literal(path[-1], language="zh"))
            yield Triple(group, terms.position, integer(position))
            yield Triple(group, SKOS["inScheme"], self.iri)
            if len(path) > 1:
                yield Triple(group, SKOS["broader"], groups[path[:-1]])
        yield from self.wider_groups(groups)

    def wider_groups(self, groups: dict[tuple[str, ...], NamedNode]) -> Iterator[Triple]:
        """The characters that name a group of groups: no task stands in it itself, so none says where its name is printed."""
        paths = [task.task.group_path for task in self.reading.tasks]
        named = {tuple(text.value for text in path) for path in paths}
        for path in paths:
            for depth in range(1, len(path)):
                key = tuple(text.value for text in path[:depth])
                if key not in named:
                    named.add(key)
                    name, group = path[depth - 1], groups[key]
                    label = Literal(name.value, language="zh")
                    yield from self.statement(f"group-{ID.local(group).rpartition('/')[2]}", name, group, SKOS["prefLabel"], label)

    def task(self, read: TaskReading, position: int, groups: dict[tuple[str, ...], NamedNode]) -> Iterator[Triple]:
        task = read.task
        node = _task_iri(self.iri, task)
        yield Triple(self.iri, terms.hasTask, node)
        yield Triple(node, TYPE, terms.Task)
        yield Triple(node, DCTERMS["isPartOf"], self.iri)
        yield Triple(node, RDFS["label"], Literal(f"任务{task.key}", language="zh"))
        yield Triple(node, RDFS["label"], Literal(f"Task {task.key}", language="en"))
        yield Triple(node, terms.position, integer(position))
        number = Literal(task.no)
        yield Triple(node, terms.number, number)
        if task.number:
            yield from self.statement(
                f"task-{task.key}-number", task.number, node, terms.number, number, heading=task.headings.get("number")
            )
        if task.group_path:
            group = groups[tuple(text.value for text in task.group_path)]
            yield Triple(node, terms.inGroup, group)
            name = task.group_path[-1]
            yield from self.statement(f"task-{task.key}-group", name, node, terms.inGroup, group, heading=task.headings.get("group"))
        yield from self.commitment(node, task.text, task.headings.get("text"), self.reading.notice.plan_period if task.targets else None)
        yield from self.contents(node, read, "text")
        for n, target in enumerate(task.targets, 1):
            promise = _part(node, "target", n)
            yield Triple(node, terms.hasTarget, promise)
            yield Triple(promise, TYPE, terms.Target)
            yield Triple(promise, RDFS["label"], Literal(f"任务{task.key}目标{n}", language="zh"))
            yield Triple(promise, RDFS["label"], Literal(f"Target {task.key}.{n}", language="en"))
            yield Triple(promise, terms.position, integer(n))
            yield Triple(promise, terms.grade, ID[f"grade/{read.grade(f'targets[{n - 1}]')}"])
            yield from self.commitment(promise, target, task.headings.get("targets"))
            yield from self.contents(promise, read, f"targets[{n - 1}]")
        yield from self.responsibilities(node, read)
        if task.deadline:
            yield from self.deadline(node, task)

    def commitment(self, node: NamedNode, text: Text, heading: str | None, period: Horizon | None = None) -> Iterator[Triple]:
        """What is promised and for when. A task that has targets speaks of the plan, its targets of the year."""
        horizon = period or self.reading.notice.horizon
        yield Triple(node, terms.text, Literal(text.value, language="zh"))
        if text:
            yield Triple(node, terms.statedIn, self.passages.of(text, heading).node)
        if horizon:
            yield from _period(node, horizon)

    def contents(self, node: NamedNode, read: TaskReading, part: str) -> Iterator[Triple]:
        """Mentions, figures, milestones and cited titles of one commitment."""
        text = dict(read.task.parts())[part]
        if not text:
            return
        passage = self.passages.of(text)
        period = self.reading.notice.plan_period if part == "text" and read.task.targets else None
        for mention in read.mentions:
            if mention.part == part:
                place = f"{mention.text.start}-{mention.text.end}/{ID.local(mention.thing)}"
                said = ID[f"notice/{self.reading.key}/mention/{place}"]
                yield from evidence(said, terms.Mention, passage, mention.text, self.passages)
                yield Triple(said, terms.refersTo, mention.thing)
        task = _task_iri(self.iri, read.task)
        for n, quantity in enumerate(read.task.quantities, 1):
            if quantity.part == part:
                yield Triple(node, terms.hasQuantity, _part(task, "quantity", n))
                yield from evidence(_part(task, "quantity", n), terms.Quantity, passage, quantity.surface, self.passages)
                yield from _quantity(_part(task, "quantity", n), quantity, period or self.reading.notice.horizon)
        for n, milestone in enumerate(read.milestones, 1):
            if milestone.part == part:
                promise = _part(task, "milestone", n)
                yield Triple(node, terms.hasMilestone, promise)
                yield from evidence(promise, terms.Milestone, passage, milestone.text, self.passages)
                yield Triple(promise, terms.action, milestone.action)
                yield Triple(promise, terms.object, Literal(milestone.object, language="zh"))
        for reference in read.task.references:
            if reference.part == part:
                cited = ID[f"notice/{self.reading.key}/reference/{reference.title.start}-{reference.title.end}"]
                yield from evidence(cited, terms.Reference, passage, reference.title, self.passages)

    def responsibilities(self, node: NamedNode, read: TaskReading) -> Iterator[Triple]:
        """Who bears the task, in the order of the page; then those whom a clause adds to every task."""
        heading = read.task.headings.get("units")
        cells = self.passages.around([bearer.unit.surface for bearer in read.bearers], heading)
        clause = self.reading.notice.default_clause
        shared = [(bearer, self.passages.of(clause)) for bearer in self.reading.shared if clause]
        for position, (bearer, passage) in enumerate([*zip(read.bearers, cells, strict=True), *shared], 1):
            yield from self.responsibility(node, bearer, position, passage)

    def responsibility(self, node: NamedNode, bearer: Bearer, position: int, passage: Passage) -> Iterator[Triple]:
        duty = _part(node, "responsibility", position)
        yield from evidence(duty, terms.Responsibility, passage, bearer.unit.surface, self.passages)
        yield Triple(duty, terms.task, node)
        yield Triple(duty, terms.bearer, bearer.node)
        yield Triple(duty, terms.position, integer(position))
        if _role_is_said(bearer.unit):
            yield Triple(duty, terms.role, ID[f"role/{bearer.unit.role}"])

    def deadline(self, node: NamedNode, task: Task) -> Iterator[Triple]:
        assert task.deadline is not None
        limit = NamedNode(f"{node.value}/deadline")
        yield Triple(node, terms.hasDeadline, limit)
        passage = self.passages.of(task.deadline.text, task.headings.get("deadline"))
        yield from evidence(limit, terms.Deadline, passage, task.deadline.text, self.passages)
        yield Triple(limit, terms.deadlineType, ID[f"deadline-type/{task.deadline.type.replace('_', '-')}"])
        due = task.deadline.date or task.deadline.end
        if due:
            yield Triple(limit, terms.dueDate, _date(due))

    def stated(self, name: str, text: Text, predicate: NamedNode, value: NamedNode | Literal) -> Iterator[Triple]:
        """A fact about the notice, and the characters that state it."""
        yield Triple(self.iri, predicate, value)
        yield from self.statement(name, text, self.iri, predicate, value)

    def statement(
        self, name: str, text: Text, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal, *, heading: str | None = None
    ) -> Iterator[Triple]:
        node = ID[f"notice/{self.reading.key}/statement/{name}"]
        yield from evidence(node, terms.Statement, self.passages.of(text, heading), text, self.passages)
        yield Triple(node, RDF["subject"], subject)
        yield Triple(node, RDF["predicate"], predicate)
        yield Triple(node, RDF["object"], value)


def _task_iri(notice: NamedNode, task: Task) -> NamedNode:
    return NamedNode(f"{notice.value}/task/{task.key}")


def _part(node: NamedNode, kind: str, n: int) -> NamedNode:
    return NamedNode(f"{node.value}/{kind}/{n}")


def _role_is_said(unit: Unit) -> bool:
    """A list of responsible units prints no role; a column, a bracket, a word or a rule of the notice does."""
    return unit.role != "responsible" or unit.role_word is not None


def _quantity(node: NamedNode, quantity: Quantity, horizon: Horizon | None) -> Iterator[Triple]:
    yield Triple(node, terms.comparator, ID[f"comparator/{_COMPARATORS[quantity.comparator]}"])
    for bound, value in ((terms.minimum, quantity.minimum), (terms.maximum, quantity.maximum)):
        if value is not None:
            yield Triple(node, bound, Literal(f"{value:f}", datatype=XSD["decimal"]))
    yield Triple(node, terms.measureWord, Literal(quantity.measure, language="zh"))
    if quantity.counted:
        yield Triple(node, terms.counts, Literal(quantity.counted, language="zh"))
    if horizon:
        yield from _period(node, horizon)


def _plan(title: str) -> NamedNode:
    return ID[f"plan/{name_key(title)}"]


def _plan_triples(plan: NamedNode, title: str, horizon: Horizon | None) -> Iterator[Triple]:
    yield Triple(plan, TYPE, terms.Plan)
    yield Triple(plan, DCTERMS["title"], Literal(title, language="zh"))
    if horizon:
        yield from _period(plan, horizon)


def _period(node: NamedNode, horizon: Horizon) -> Iterator[Triple]:
    yield Triple(node, terms.horizonStart, _date(horizon.start))
    yield Triple(node, terms.horizonEnd, _date(horizon.end))


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


def _date(value: date) -> Literal:
    return Literal(value.isoformat(), datatype=XSD["date"])
