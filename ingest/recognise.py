"""A notice and the vocabulary -> its reading: who bears each task, what its words refer to, which milestones they promise.

A reading adds nothing to the page: each part keeps the characters it was read from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ingest.dictionary_matcher import comparable
from ingest.fields.bodies import Body, body
from ingest.fields.folding import fold
from ingest.fields.naming import document_key, name_key
from ingest.fields.places import above, divisions
from ingest.milestones import Milestone, milestones
from ingest.model.document import Text
from ingest.model.records import Notice, PlaceName, Quantity, Task, Unit
from ingest.topics import ASIDE, Topics, without_bodies
from ingest.undertakings import Said, said
from ingest.vocabulary import Thing, Vocabulary
from ontology import terms
from ontology.names import ID

_HOME = "31"
"""Shanghai: the place whose short names of units and districts the vocabulary curates."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that refer to a thing. ``start`` and ``end`` are offsets in the clean value of the part; ``text`` is the slice."""

    thing: NamedNode
    part: str
    start: int
    end: int
    text: Text


@dataclass(frozen=True, slots=True)
class TopicMention:
    """Words that show a topic; ``form`` is the word as the vocabulary has it."""

    topic: NamedNode
    form: str
    part: str
    text: Text
    share: float = 1.0
    """What it counts of the weight of its topic."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A printed unit and the node that bears the task."""

    unit: Unit
    node: NamedNode


@dataclass(frozen=True, slots=True)
class Uncurated:
    """A unit or place that the vocabulary does not know, under the name it is given here; ``code`` is GB/T 2260."""

    node: NamedNode
    class_: NamedNode
    name: str
    printed: str
    code: str | None = None
    within: NamedNode | None = None
    """The next wider division, where it is one."""
    division: NamedNode | None = None
    """The division whose body it is, where it is a body."""


@dataclass(frozen=True, slots=True)
class TaskReading:
    """A task with what its words refer to."""

    task: Task
    bearers: tuple[Bearer, ...]
    mentions: tuple[Mention, ...]
    milestones: tuple[Milestone, ...]
    said: tuple[Said, ...]
    """Force, novelty, who acts, for whom and where, as the words say it."""
    slices: tuple[tuple[Quantity, Quantity], ...]
    """Figures of the year with the figure of the plan they are a slice of: a reading."""
    topics: tuple[TopicMention, ...]
    subject_classes: tuple[tuple[str, frozenset[NamedNode]], ...]
    """Codes of the classes of government information, each with the topics that it is read from: a reading."""

    def grade(self, part: str) -> str:
        """``measurable`` where the part has a figure, ``milestone`` where it promises one, else ``intent``."""
        if any(quantity.part == part for quantity in self.task.quantities):
            return "measurable"
        return "milestone" if any(milestone.part == part for milestone in self.milestones) else "intent"


@dataclass(frozen=True, slots=True)
class Reading:
    """A notice, read. ``key`` is the last part of its IRI."""

    notice: Notice
    key: str
    tasks: tuple[TaskReading, ...]
    issuers: tuple[tuple[Text, NamedNode], ...]
    sectors: tuple[tuple[Text, NamedNode], ...]
    """The fields that the title names, with its words: industries and themes, else topics."""
    shared: tuple[Bearer, ...]
    """Units that a clause adds to every task."""
    uncurated: tuple[Uncurated, ...]


def recognise(notice: Notice, known: Vocabulary) -> Reading:
    """The reading of a notice by a vocabulary."""
    title = notice.title or notice.notice_title
    key = document_key(notice.number.value if notice.number else None, title.value if title else "", notice.document.sha256)
    uncurated: dict[NamedNode, Uncurated] = {}
    names = _Names(known, notice, key, uncurated)
    return Reading(
        notice=notice,
        key=key,
        tasks=tuple(_task(task, known, names) for task in notice.tasks),
        issuers=tuple((text, names.bearer(text.value)) for text in notice.issuers),
        sectors=tuple(_sectors(title, known)) if title is not None else (),
        shared=tuple(
            Bearer(unit, names.bearer(unit.surface.value, unit.canonical, collective=unit.collective)) for unit in notice.default_units
        ),
        uncurated=tuple(uncurated.values()),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """How names become nodes within one notice."""

    known: Vocabulary
    notice: Notice
    key: str
    uncurated: dict[NamedNode, Uncurated]

    @property
    def home(self) -> bool:
        """Whether the short names that the vocabulary curates are valid here."""
        return (self.notice.jurisdiction or "").startswith(_HOME)

    def bearer(self, printed: str, canonical: str | None = None, *, collective: bool = False) -> NamedNode:
        """The node of a printed unit: the curated one, or one of its own for this place."""
        units = self.known.units if self.home else self.known.official
        for name in (printed, canonical):
            if name is not None and fold(name) in units:
                return units[fold(name)]
        return self._uncurated(printed, canonical or printed, collective=collective)

    def _uncurated(self, printed: str, name: str, *, collective: bool) -> NamedNode:
        division = divisions().get(self.notice.jurisdiction or "")
        if division is not None and division.prefix and name.startswith(division.prefix) and not collective:
            name = division.name + name.removeprefix(division.prefix)
        kind, class_ = ("collective", terms.CollectiveUnit) if collective else ("agency", terms.Agency)
        found = divisions().get((body(name) or Body()).division or "") if not collective else None
        owner = found or (division if not collective and division is not None and name.startswith(division.name) else None)
        # Namesakes of different places are different bodies; where no place is known, each notice speaks for itself.
        node = ID[f"{kind}/{name_key(name, self.notice.jurisdiction or self.key)}"]
        if node not in self.uncurated:
            place = self._division(owner.code, owner.name, owner.name) if owner is not None else None
            self.uncurated[node] = Uncurated(node, class_, name, printed, division=place)
        return node

    def place(self, place: PlaceName) -> NamedNode:
        """The node of an official division: the curated district, or one by its code."""
        return self._division(place.code, place.name, place.surface.value)

    def _division(self, code: str, name: str, printed: str) -> NamedNode:
        """By GB/T 2260: a division lies in the next wider one that there is."""
        if code in self.known.codes:
            return self.known.codes[code]
        node = ID[f"place/cn-{code}"]
        if node not in self.uncurated:
            wider = above(divisions()[code])
            within = self._division(wider.code, wider.name, wider.name) if wider is not None else None
            self.uncurated[node] = Uncurated(node, terms.Region, name, printed, code, within)
        return node


def _task(task: Task, known: Vocabulary, names: _Names) -> TaskReading:
    bearers = tuple(Bearer(unit, names.bearer(unit.surface.value, unit.canonical, collective=unit.collective)) for unit in task.units)
    mentions = tuple(_mentions(task, known, names))
    collectives = {name: node for name, node in known.units.items() if known.things[node].class_ == terms.CollectiveUnit}
    units = (collectives if names.home else {}) | {fold(bearer.unit.surface.value): bearer.node for bearer in bearers}
    topics = tuple(_topics(task, known.topics))
    return TaskReading(
        task=task,
        bearers=bearers,
        mentions=mentions,
        milestones=tuple(
            found
            for part, text in task.parts()
            for found in milestones(text, part, known, [quantity for quantity in task.quantities if quantity.part == part])
        ),
        said=tuple(
            fact
            for part, text in task.parts()
            for fact in said(text, part, [mention for mention in mentions if mention.part == part], known, units)
        ),
        slices=tuple(_slices(task)),
        topics=topics,
        subject_classes=tuple(known.topics.subject_classes((mention.topic, mention.form, mention.share) for mention in topics)),
    )


def _sectors(title: Text, known: Vocabulary) -> Iterator[tuple[Text, NamedNode]]:
    """The fields that the words of a title name, names of bodies aside: industries and themes; where there is none, topics."""
    words = without_bodies(comparable(title.value))
    fields = [
        (found.start, found.end, thing)
        for found in known.find(words)
        for thing in found.things
        if known.things[thing].class_ in (terms.Industry, terms.Theme)
    ]
    fields = fields or [(found.start, found.end, found.topic) for found in known.topics.find(words)]
    met: set[NamedNode] = set()
    for start, end, concept in fields:
        if concept not in met:
            met.add(concept)
            yield title[start:end], concept


def _topics(task: Task, known: Topics) -> Iterator[TopicMention]:
    for part, text in task.parts():
        for found in known.find(text.value):
            share = found.share if part == "text" else found.share * ASIDE
            yield TopicMention(found.topic, found.form, part, text[found.start : found.end], share)


def _mentions(task: Task, known: Vocabulary, names: _Names) -> Iterator[Mention]:
    for part, text in task.parts():
        seen: set[tuple[NamedNode, int, int]] = set()
        for found in known.find(text.value, names.notice.number.value if names.notice.number else None):
            for thing in found.things:
                if not names.home and "上海" not in found.form and _local(known.things[thing], found.form):
                    continue
                seen.add((thing, found.start, found.end))
                yield Mention(thing, part, found.start, found.end, text[found.start : found.end])
        offsets = _offsets(text)
        for place in (*task.places, *task.home):
            if place.part != part or place.surface.start not in offsets:
                continue
            start = offsets[place.surface.start]
            at = (names.place(place), start, start + len(place.surface))
            if not any(thing == at[0] and a < at[2] and at[1] < b for thing, a, b in seen):
                yield Mention(at[0], part, at[1], at[2], place.surface)


_LOCAL = frozenset({terms.District, terms.DistrictGovernment, terms.CollectiveUnit, terms.Agency})
_SHORTEST_ZONE = 4


def _local(thing: Thing, form: str) -> bool:
    """Whether a form that does not say Shanghai names something of Shanghai in the notices of Shanghai only."""
    return thing.class_ in _LOCAL or thing.zh.startswith("上海") or (thing.class_ == terms.Zone and len(form) < _SHORTEST_ZONE)


def _offsets(text: Text) -> Mapping[int, int]:
    """Offset in the document to offset in the clean value."""
    return {offset: i for i, offset in enumerate(text.at)}


def _slices(task: Task) -> Iterator[tuple[Quantity, Quantity]]:
    """A figure of a target that counts what one figure of the task's text counts, in a measure of the same kind."""
    wholes = [quantity for quantity in task.quantities if quantity.part == "text" and quantity.counted]
    for quantity in task.quantities:
        if quantity.part == "text" or not quantity.counted:
            continue
        same = [whole for whole in wholes if whole.counted == quantity.counted and not _beyond(quantity, whole)]
        if len(same) == 1:
            yield quantity, same[0]


def _beyond(slice_: Quantity, whole: Quantity) -> bool:
    """Whether the year's figure is larger than the plan's, so that it cannot be a part of it."""
    return slice_.minimum is not None and whole.maximum is not None and slice_.minimum > whole.maximum
