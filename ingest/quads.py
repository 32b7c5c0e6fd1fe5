"""A reading -> the triples of the notice's own graph.

What is promised, by whom, until when and with which figures is asserted with the characters that state it; docs/architecture.md has the
tables of the model. Nothing here is inferred: what follows from these triples is the ontology's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from ingest.fields.folding import bare, squeeze, stacked
from ingest.fields.naming import name_key
from ingest.layouts.columns import is_head
from ingest.model.document import Text
from ingest.model.passages import Passage, Passages, evidence, integer, passages
from ingest.model.records import Deadline, Horizon, Quantity, Task, Unit
from ingest.recognise import Bearer, Reading, TaskReading, TopicMention
from ontology import terms
from ontology.names import DCTERMS, DEF, ELI, ID, RDF, RDFS, SCHEMA, SKOS, TYPE, XSD

_OF_PARTS = frozenset({terms.actor, terms.beneficiary, terms.scope})
"""What is said of a figure or a milestone too: its force and novelty are those of its commitment."""
_COMPARATORS = {"=": "equal", ">=": "at-least", ">": "more-than", "<=": "at-most", "<": "less-than", "~": "about", "range": "range"}

_RELATIONS = {"implements": "cites", "cites": "cites", "based_on": "based_on", "changes": "changes", "repeals": "repeals"}
"""What a notice implements it has as ``zc:implements`` besides."""


def notice_iri(key: str) -> NamedNode:
    """The IRI of a notice."""
    return ID[f"notice/{key}"]


def topic_mention_iri(notice: NamedNode, shown: TopicMention) -> NamedNode:
    """The IRI of words that show a topic."""
    return NamedNode(f"{notice.value}/topic-mention/{shown.text.start}-{shown.text.end}/{ID.local(shown.topic)}")


def triples(reading: Reading) -> Iterator[Triple]:
    """The graph of a notice."""
    writer = _Writer(reading, notice_iri(reading.key), passages(reading.notice.document, notice_iri(reading.key).value))
    yield from writer.notice()
    groups = dict(writer.groups())
    yield from writer.group_triples(groups)
    for position, task in enumerate(reading.tasks, 1):
        yield from writer.task(task, position, groups)
    yield from writer.passages.triples(writer.iri)


@dataclass(frozen=True, slots=True)
class _Writer:
    """The notice that is written, with the passages met so far."""

    reading: Reading
    iri: NamedNode
    passages: Passages

    def notice(self) -> Iterator[Triple]:
        notice = self.reading.notice
        yield Triple(self.iri, TYPE, terms.Notice)
        own, title = notice.notice_title or notice.title, notice.title or notice.notice_title
        if own:
            yield from self.stated("title", own, DCTERMS["title"], Literal(own.value, language="zh"))
        if title:
            plan = plan_iri(title.value)
            yield from self.stated("plan", title, terms.plan, plan)
            yield from _plan_triples(plan, title.value)
            if notice.horizon and set(notice.horizon.source.at) <= set(title.at):
                yield from self.period("plan-horizon", plan, notice.horizon)
        if title and own and title is not own:
            yield from self.stated("list-title", title, DCTERMS["alternative"], Literal(title.value, language="zh"))
        if notice.number:
            yield from self.stated("number", notice.number, SCHEMA["legislationIdentifier"], Literal(notice.number.value))
        if notice.date and notice.date_text:
            yield from self.stated("date", notice.date_text, DCTERMS["issued"], date_literal(notice.date))
        for n, (text, issuer) in enumerate(self.reading.issuers, 1):
            yield from self.stated(f"issuer-{n}", text, terms.issuer, issuer)
        for n, (text, field) in enumerate(self.reading.sectors, 1):
            yield from self.stated(f"sector-{n}", text, terms.sector, field)
        for n, text in enumerate(notice.implements, 1):
            yield from self.stated(f"implements-{n}", text, terms.implements, plan_iri(text.value))
            yield from _plan_triples(plan_iri(text.value), text.value)
            if notice.plan_period and set(notice.plan_period.source.at) <= set(text.at):
                yield from self.period(f"implements-{n}-horizon", plan_iri(text.value), notice.plan_period)
        yield from self.page()
        yield from self.cited()
        if notice.horizon:
            yield from self.period("horizon", self.iri, notice.horizon)

    def page(self) -> Iterator[Triple]:
        """What a page of a government says of the notice beside its text."""
        notice = self.reading.notice
        facts = (("publicity", terms.publicity, notice.publicity), ("index-number", terms.indexNumber, notice.index_number))
        for name, predicate, text in (*facts, ("subject", terms.printedSubject, notice.subject)):
            if text is not None:
                yield from self.stated(name, text, predicate, Literal(text.value))

    def cited(self) -> Iterator[Triple]:
        """The documents that the notice names, and how it stands to each."""
        for n, citation in enumerate(self.reading.notice.citations, 1):
            document = ID[f"document/{name_key(citation.title.value)}"]
            yield from self.stated(f"reference-{n}", citation.title, ELI[_RELATIONS[citation.relation]], document)
            yield Triple(document, TYPE, ELI["LegalResource"])
            yield Triple(document, DCTERMS["title"], Literal(citation.title.value, language="zh"))
            if citation.number is not None:
                number = Literal(citation.number.value)
                yield Triple(document, SCHEMA["legislationIdentifier"], number)
                yield from self.statement(f"reference-{n}-number", citation.number, document, SCHEMA["legislationIdentifier"], number)

    def period(self, name: str, subject: NamedNode, horizon: Horizon) -> Iterator[Triple]:
        """The period that a passage prints, and the characters that print it."""
        for end, predicate, value in (("start", terms.horizonStart, horizon.start), ("end", terms.horizonEnd, horizon.end)):
            yield Triple(subject, predicate, date_literal(value))
            yield from self.statement(f"{name}-{end}", horizon.source, subject, predicate, date_literal(value))

    def groups(self) -> Iterator[tuple[tuple[str, ...], NamedNode]]:
        """The groups by their path, numbered in the order of the page; one printed again is the same group."""
        met: dict[tuple[str, ...], None] = {}
        for read in self.reading.tasks:
            path = tuple(text.value for text in read.task.group_path)
            for depth in range(1, len(path) + 1):
                met.setdefault(path[:depth])
        return ((path, ID[f"notice/{self.reading.key}/group/{n}"]) for n, path in enumerate(met, 1))

    def group_triples(self, groups: dict[tuple[str, ...], NamedNode]) -> Iterator[Triple]:
        """The groups: concepts of no scheme, since a notice is a document."""
        for position, (path, group) in enumerate(groups.items(), 1):
            yield Triple(self.iri, terms.hasGroup, group)
            yield Triple(group, TYPE, terms.TaskGroup)
            yield Triple(group, SKOS["prefLabel"], Literal(path[-1], language="zh"))
            yield Triple(group, terms.position, integer(position))
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
        node = task_iri(self.iri, task)
        yield Triple(self.iri, terms.hasTask, node)
        yield Triple(node, TYPE, terms.Task)
        yield Triple(node, DCTERMS["isPartOf"], self.iri)
        yield Triple(node, RDFS["label"], Literal(f"任务{task.key}", language="zh"))
        yield Triple(node, RDFS["label"], Literal(f"Task {task.key}", language="en"))
        yield Triple(node, terms.position, integer(position))
        yield from self.number(node, task)
        if task.group_path:
            group = groups[tuple(text.value for text in task.group_path)]
            yield Triple(node, terms.inGroup, group)
            name = task.group_path[-1]
            yield from self.statement(f"task-{task.key}-group", name, node, terms.inGroup, group, heading=task.headings.get("group"))
        yield from self.commitment(node, task.text, task.headings.get("text"))
        yield from self.contents(node, read, "text")
        for n, target in enumerate(task.targets, 1):
            promise = part_iri(node, "target", n)
            yield Triple(node, terms.hasTarget, promise)
            yield Triple(promise, TYPE, terms.Target)
            yield Triple(promise, RDFS["label"], Literal(f"任务{task.key}目标{n}", language="zh"))
            yield Triple(promise, RDFS["label"], Literal(f"Target {task.key}.{n}", language="en"))
            yield Triple(promise, terms.position, integer(n))
            yield Triple(promise, terms.grade, ID[f"grade/{read.grade(f'targets[{n - 1}]')}"])
            yield from self.commitment(promise, target, task.headings.get("targets"))
            yield from self.contents(promise, read, f"targets[{n - 1}]")
        yield from self.responsibilities(node, read)
        for n, limit in enumerate(task.deadlines, 1):
            yield from self.deadline(node, task, limit, part_iri(node, "deadline", n))

    def number(self, node: NamedNode, task: Task) -> Iterator[Triple]:
        """The number where one is printed; else the words by whose place it is called, for the reading of its number."""
        heading = task.headings.get("number")
        if task.number:
            number = Literal(task.no)
            yield Triple(node, terms.number, number)
            yield from self.statement(f"task-{task.key}-number", task.number, node, terms.number, number, heading=heading)
            return
        words = next((text for _, text in task.parts() if text), None)
        if words is not None:
            said = Literal(words.value, language="zh")
            subject = node if words is task.text else part_iri(node, "target", 1)
            yield from self.statement(f"task-{task.key}-text", words, subject, terms.text, said)

    def commitment(self, node: NamedNode, text: Text, heading: str | None) -> Iterator[Triple]:
        """What is promised, and where."""
        yield Triple(node, terms.text, Literal(text.value, language="zh"))
        if text:
            yield Triple(node, terms.statedIn, self.passages.of(text, heading).node)

    def contents(self, node: NamedNode, read: TaskReading, part: str) -> Iterator[Triple]:
        """Mentions, figures, milestones and cited titles of one commitment."""
        text = dict(read.task.parts())[part]
        if not text:
            return
        passage = self.passages.of(text)
        for mention in read.mentions:
            if mention.part == part:
                place = f"{mention.text.start}-{mention.text.end}/{ID.local(mention.thing)}"
                said = ID[f"notice/{self.reading.key}/mention/{place}"]
                yield from evidence(said, terms.Mention, passage, mention.text, self.passages)
                yield Triple(said, terms.refersTo, mention.thing)
        for shown in read.topics:
            if shown.part == part:
                said = topic_mention_iri(self.iri, shown)
                yield from evidence(said, terms.TopicMention, passage, shown.text, self.passages)
                yield Triple(said, terms.namesTopic, shown.topic)
        task = task_iri(self.iri, read.task)
        for n, quantity in enumerate(read.task.quantities, 1):
            if quantity.part == part:
                yield Triple(node, terms.hasQuantity, part_iri(task, "quantity", n))
                yield from evidence(part_iri(task, "quantity", n), terms.Quantity, passage, quantity.surface, self.passages)
                yield from _quantity(part_iri(task, "quantity", n), quantity)
        for n, milestone in enumerate(read.milestones, 1):
            if milestone.part == part:
                promise = part_iri(task, "milestone", n)
                yield Triple(node, terms.hasMilestone, promise)
                yield from evidence(promise, terms.Milestone, passage, milestone.text, self.passages)
                yield Triple(promise, terms.action, milestone.action)
                yield Triple(promise, terms.object, Literal(milestone.object, language="zh"))
        yield from self.said(node, read, part)
        for reference in read.task.references:
            if reference.part == part:
                cited = ID[f"notice/{self.reading.key}/reference/{reference.title.start}-{reference.title.end}"]
                yield from evidence(cited, terms.Reference, passage, reference.title, self.passages)

    def said(self, node: NamedNode, read: TaskReading, part: str) -> Iterator[Triple]:
        """Force, novelty, who acts, for whom and where: of the commitment, and of the figures and milestones that the words govern."""
        task, here = task_iri(self.iri, read.task), [fact for fact in read.said if fact.part == part]
        within: list[tuple[NamedNode, int | None]] = [(node, None)]
        within += [(part_iri(task, "quantity", n), q.end - 1) for n, q in enumerate(read.task.quantities, 1) if q.part == part]
        within += [(part_iri(task, "milestone", n), m.end - 1) for n, m in enumerate(read.milestones, 1) if m.part == part]
        for subject, place in within:
            stated: set[tuple[NamedNode, NamedNode]] = set()
            for fact in here:
                governs = place is None or (fact.predicate in _OF_PARTS and fact.begin <= place < fact.until)
                if governs and (fact.predicate, fact.value) not in stated:
                    stated.add((fact.predicate, fact.value))
                    name = f"{subject.value.removeprefix(self.iri.value + '/').replace('/', '-')}-{DEF.local(fact.predicate)}"
                    yield Triple(subject, fact.predicate, fact.value)
                    yield from self.statement(f"{name}-{len(stated)}", fact.text, subject, fact.predicate, fact.value)

    def responsibilities(self, node: NamedNode, read: TaskReading) -> Iterator[Triple]:
        """Who bears the task, in the order of the page; then those whom a clause adds to every task."""
        heading = read.task.headings.get("units")
        cells = self.passages.around([bearer.unit.surface for bearer in read.bearers], heading)
        clause = self.reading.notice.default_clause
        shared = [(bearer, self.passages.of(clause)) for bearer in self.reading.shared if clause]
        for position, (bearer, passage) in enumerate([*zip(read.bearers, cells, strict=True), *shared], 1):
            yield from self.responsibility(node, read, bearer, position, passage)

    def responsibility(self, node: NamedNode, read: TaskReading, bearer: Bearer, position: int, passage: Passage) -> Iterator[Triple]:
        duty = part_iri(node, "responsibility", position)
        yield from evidence(duty, terms.Responsibility, passage, bearer.unit.surface, self.passages)
        yield Triple(duty, terms.task, node)
        yield Triple(duty, terms.bearer, bearer.node)
        yield Triple(duty, terms.position, integer(position))
        word = self.role_word(bearer.unit, read)
        if word is not None:
            role = ID[f"role/{bearer.unit.role}"]
            yield Triple(duty, terms.role, role)
            yield from self.statement(f"task-{read.task.key}-role-{position}", word, duty, terms.role, role)

    def role_word(self, unit: Unit, read: TaskReading) -> Text | None:
        """The characters that give a unit its role: a word beside it, the head of its column, or a rule of the notice.

        A list of responsible units prints no role, and a role without a word is not asserted.
        """
        if unit.role_word is not None:
            return unit.role_word
        if unit.role == "responsible":
            return None
        heads = [head for head in read.task.headings.get("units", "").split("、") if is_head(bare(head)) == unit.role]
        printed = next((text for head in heads for text in self.printed(head)), None)
        return printed or read.task.role_rule or self.reading.notice.role_rule

    def printed(self, head: str) -> Iterator[Text]:
        """Where the head of a column is printed."""
        for table in self.reading.notice.document.tables():
            for cell in table.cells:
                text = stacked(cell.paragraphs)
                if text and squeeze(text).value == head:
                    yield text

    def deadline(self, node: NamedNode, task: Task, limit: Deadline, due: NamedNode) -> Iterator[Triple]:
        """A time limit, of the task or of the target whose words state it; its day, where its own words say the year."""
        target = re.fullmatch(r"targets\[(\d+)\]", limit.part)
        yield Triple(part_iri(node, "target", int(target[1]) + 1) if target else node, terms.hasDeadline, due)
        within = limit.text if limit.part == "deadline" else dict(task.parts())[limit.part]
        passage = self.passages.of(within, task.headings.get("deadline") if limit.part == "deadline" else None)
        yield from evidence(due, terms.Deadline, passage, limit.text, self.passages)
        yield Triple(due, terms.deadlineType, ID[f"deadline-type/{limit.type.replace('_', '-')}"])
        day = limit.date or limit.end
        if day and limit.rule is None:
            yield Triple(due, terms.dueDate, date_literal(day))

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


def task_iri(notice: NamedNode, task: Task) -> NamedNode:
    """The IRI of a task."""
    return NamedNode(f"{notice.value}/task/{task.key}")


def part_iri(node: NamedNode, kind: str, n: int) -> NamedNode:
    """The IRI of the n-th target, figure, deadline ... of a task."""
    return NamedNode(f"{node.value}/{kind}/{n}")


def _quantity(node: NamedNode, quantity: Quantity) -> Iterator[Triple]:
    yield Triple(node, terms.comparator, ID[f"comparator/{_COMPARATORS[quantity.comparator]}"])
    for bound, value in ((terms.minimum, quantity.minimum), (terms.maximum, quantity.maximum)):
        if value is not None:
            yield Triple(node, bound, Literal(f"{value:f}", datatype=XSD["decimal"]))
    yield Triple(node, terms.measureWord, Literal(quantity.measure, language="zh"))
    if quantity.counted:
        yield Triple(node, terms.counts, Literal(quantity.counted, language="zh"))


def plan_iri(title: str) -> NamedNode:
    """The IRI of a plan: from its title."""
    return ID[f"plan/{name_key(title)}"]


def _plan_triples(plan: NamedNode, title: str) -> Iterator[Triple]:
    yield Triple(plan, TYPE, terms.Plan)
    yield Triple(plan, DCTERMS["title"], Literal(title, language="zh"))


def date_literal(value: date) -> Literal:
    """The day as xsd:date."""
    return Literal(value.isoformat(), datatype=XSD["date"])
