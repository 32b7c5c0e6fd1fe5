"""The values of tasks, one a row, turned into lines of a list, narrowed by facets, words and order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from api.answers.tables import ResultTable
from api.http.errors import BadRequestError
from api.pages.labels import folded
from api.pages.wording import kind_of
from ontology import terms
from ontology.names import DCTERMS, ID

FACETS: Mapping[str, str] = {
    "notice": "notice",
    "group": "group",
    "unit": "agency",
    "industry": "industry",
    "theme": "theme",
    "topic": "topic",
    "subject-class": "subject-class",
    "district": "district",
    "route": "",
    "platform": "platform",
    "quantified": "",
    "grade": "grade",
}
"""The facets in their order, each with the kind of its things; the values of the others are plain words."""

ROUTES = ("named", "own", "joint")
"""How a district comes to a task: its name is in the wording, its government is a unit, or all districts are."""

COLUMNS = (
    "task",
    "number",
    "group",
    "text",
    "targets",
    "units",
    "industries",
    "themes",
    "topics",
    "subjects",
    "platforms",
    "districts",
    "quantities",
)
"""The columns of the list as a table."""

MOST_CHOSEN = 24
MOST_OPTIONS = 200
"""The values that a facet offers: those with most tasks, and the chosen ones."""
_LONGEST = 300
ORDERS = ("position", "units", "targets", "industries")


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task: what it says and the values of its facets. ``routes`` holds (district, route)."""

    task: str
    number: str
    notice: str
    position: int
    text: str
    targets: tuple[str, ...]
    units: tuple[str, ...]
    quotes: tuple[str, ...]
    values: Mapping[str, frozenset[str]]
    routes: frozenset[tuple[str, str]]

    @property
    def things(self) -> frozenset[str]:
        """The things that the list may name for it."""
        return frozenset(value for facet, kind in FACETS.items() if kind and facet in self.values for value in self.values[facet])

    @property
    def subjects(self) -> tuple[str, ...]:
        """Its subject classes, without those above."""
        classes = self.values["subject-class"]
        return tuple(sorted(one for one in classes if not any(other.startswith(f"{one}-") for other in classes)))


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What the address asks for."""

    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: str = ""
    order: str = "position"


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet with the number of tasks that are shown when it is chosen."""

    value: str
    count: int
    chosen: bool


def lines(rows: Iterable[Mapping[str, object]]) -> tuple[TaskLine, ...]:
    """The tasks in the order of their documents."""
    found: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for row in rows:
        place = row["place"] if isinstance(row["place"], int) else 0
        found.setdefault(str(row["task"]), {}).setdefault(str(row["facet"]), []).append((place, str(row["value"])))
    made = (
        _line(task, {name: tuple(value for _, value in sorted(pairs)) for name, pairs in facets.items()}) for task, facets in found.items()
    )
    return tuple(sorted(made, key=lambda line: (line.notice, line.position)))


def _line(task: str, of: Mapping[str, Sequence[str]]) -> TaskLine:
    def every(property: NamedNode) -> tuple[str, ...]:
        return tuple(dict.fromkeys(of.get(property.value, ())))

    def first(property: NamedNode) -> str:
        return next(iter(every(property)), "")

    routes = {(place, "named") for place in every(terms.concernsPlace) if kind_of(place) == "district"}
    routes |= {(place, "own") for place in every(terms.responsibleFor)} | {(place, "joint") for place in every(terms.jointlyResponsibleFor)}
    quotes = every(terms.hasQuantity)
    return TaskLine(
        task=task,
        number=first(terms.number),
        notice=first(DCTERMS["isPartOf"]),
        position=int(first(terms.position) or 0),
        text=first(terms.text),
        targets=tuple(of.get(terms.hasTarget.value, ())),
        units=every(terms.bearer),
        quotes=quotes,
        values={
            "notice": frozenset(every(DCTERMS["isPartOf"])),
            "group": frozenset(every(terms.inGroup)),
            "unit": frozenset(every(terms.bearer)),
            "industry": frozenset(every(terms.involvesIndustry)),
            "theme": frozenset(every(terms.hasTheme)),
            "topic": frozenset(every(terms.hasTopic)),
            "subject-class": frozenset(every(terms.hasSubjectClass)),
            "platform": frozenset(every(terms.mentions)),
            "grade": frozenset(every(terms.grade)),
            "quantified": frozenset({"yes" if quotes else "no"}),
        },
        routes=frozenset(routes),
    )


def narrowed(tasks: Sequence[TaskLine], asked: TaskFilter) -> tuple[TaskLine, ...]:
    """The tasks that every facet and the words let through, in the order asked for. Several values of a facet: any of them."""
    kept = [line for line in tasks if _holds(line, asked.words) and all(_passes(line, asked.chosen, facet) for facet in FACETS)]
    keys = {
        "units": lambda line: -len(line.units),
        "targets": lambda line: -len(line.targets),
        "industries": lambda line: -len(line.values["industry"]),
    }
    return tuple(sorted(kept, key=keys[asked.order]) if asked.order in keys else kept)


def options(tasks: Sequence[TaskLine], asked: TaskFilter) -> dict[str, tuple[Option, ...]]:
    """For each facet its values, most tasks first; the count of a value heeds all other facets."""
    found = {}
    fitting = [line for line in tasks if _holds(line, asked.words)]
    for facet in FACETS:
        others = [name for name in FACETS if name != facet]
        kept = [line for line in fitting if all(_passes(line, asked.chosen, name) for name in others)]
        counts = Counter(value for line in kept for value in _values(line, asked.chosen, facet))
        chosen = asked.chosen.get(facet, frozenset())
        counts.update(dict.fromkeys(chosen - counts.keys(), 0))
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        offered = [pair for place, pair in enumerate(ranked) if place < MOST_OPTIONS or pair[0] in chosen]
        found[facet] = tuple(Option(value, count, value in chosen) for value, count in offered)
    return found


def _holds(line: TaskLine, words: str) -> bool:
    """Whether the wording of the task or of one of its targets has every word."""
    wording = folded("\n".join((line.text, *line.targets))) if words else ""
    return all(folded(word) in wording for word in words.split())


def _passes(line: TaskLine, chosen: Mapping[str, frozenset[str]], facet: str) -> bool:
    wanted = chosen.get(facet)
    return not wanted or bool(wanted & _values(line, chosen, facet))


def _values(line: TaskLine, chosen: Mapping[str, frozenset[str]], facet: str) -> frozenset[str]:
    """The values of a facet. Districts and routes go together: the routes of the chosen districts, the districts by the chosen routes."""
    if facet == "district":
        routes = chosen.get("route")
        return frozenset(district for district, route in line.routes if not routes or route in routes)
    if facet == "route":
        districts = chosen.get("district")
        return frozenset(route for district, route in line.routes if not districts or district in districts)
    return line.values[facet]


def asked(pairs: Iterable[tuple[str, str]]) -> TaskFilter:
    """What the names and values of an address ask for; a thing is its IRI, its path under ``/id/`` or its key.

    Raises BadRequestError for more than ``MOST_CHOSEN`` values: each link of the page repeats them all.
    """
    chosen: dict[str, set[str]] = {}
    words, order = "", "position"
    for name, value in pairs:
        if name in FACETS and value:
            chosen.setdefault(name, set()).add(thing(name, value))
        elif name == "q":
            words = value.strip()[:200]
        elif name == "sort" and value in ORDERS:
            order = value
    if sum(map(len, chosen.values())) > MOST_CHOSEN or any(len(value) > _LONGEST for values in chosen.values() for value in values):
        raise BadRequestError(
            f"一次最多选 {MOST_CHOSEN} 个值，每个最长 {_LONGEST} 字。",
            f"At most {MOST_CHOSEN} values of up to {_LONGEST} characters are chosen at once.",
        )
    return TaskFilter({name: frozenset(values) for name, values in chosen.items()}, words, order)


def thing(facet: str, value: str) -> str:
    """The value of a facet as the graph has it.

    >>> thing("industry", "low-altitude-aviation")
    'https://w3id.org/zhengce/id/industry/low-altitude-aviation'
    """
    kind = FACETS[facet]
    if not kind or value.startswith(ID):
        return value
    return ID + (value if "/" in value else f"{kind}/{value}")


def short(facet: str, value: str) -> str:
    """The value of a facet as the address has it, which ``thing`` reads back."""
    kind, path = FACETS[facet], value.removeprefix(ID)
    return path.removeprefix(f"{kind}/") if kind and path.count("/") == 1 else path


def table(tasks: Iterable[TaskLine], name: Callable[[str], str]) -> ResultTable:
    """The list as a table of words; ``name`` gives the name of a thing."""

    def joined(things: Iterable[str]) -> str:
        return "；".join(map(name, things))

    def row(line: TaskLine) -> tuple[str, ...]:
        districts = sorted({district for district, _ in line.routes})
        things = [joined(sorted(line.values[facet])) for facet in ("industry", "theme", "topic", "subject-class", "platform")]
        group = joined(line.values["group"])
        return (
            line.task,
            line.number,
            group,
            line.text,
            "\n".join(line.targets),
            joined(line.units),
            *things,
            joined(districts),
            "；".join(line.quotes),
        )

    return ResultTable(COLUMNS, tuple(tuple(map(Literal, row(line))) for line in tasks))
