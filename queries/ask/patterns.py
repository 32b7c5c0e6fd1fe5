"""Conditions on tasks -> the patterns of SPARQL that tasks fulfil; ``?task``, ``?notice``, ``?number`` and ``?text`` are bound outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

from pyoxigraph import Literal, NamedNode

from queries.ask.model import (
    Borne,
    BorneLike,
    Condition,
    Counted,
    CountsOf,
    Doing,
    Due,
    Has,
    InGroup,
    InNotice,
    Involves,
    InYear,
    Marked,
    Measured,
    NamedDistrictsListed,
    Numbered,
    OfKind,
    Ref,
    Topic,
)

_PROPERTY = {
    "industry": "zc:involvesIndustry",
    "theme": "zc:hasTheme",
    "district": "zc:concernsPlace",
    "place": "zc:concernsPlace",
    "topic": "zc:hasTopic",
    "subject-class": "zc:hasSubjectClass",
    "beneficiary": "zc:hasTarget?/zc:beneficiary",
}
"""How a commitment is tied to a topic of a kind; to things of other kinds by ``zc:mentions``."""
MARKS = {"modality": "zc:modality", "novelty": "zc:novelty", "beneficiary": "zc:beneficiary", "grade": "zc:grade"}
"""What is said of how a commitment is worded, and of whom it is for, by the kind of the concept."""
PART = {
    "quantity": "?task zc:hasTarget?/zc:hasQuantity ?{0}",
    "milestone": "?task zc:hasTarget?/zc:hasMilestone ?{0}",
    "target": "?task zc:hasTarget ?{0}",
    "deadline": "?task zc:hasDeadline ?{0}",
    "industry": "?task zc:involvesIndustry ?{0}",
    "theme": "?task zc:hasTheme ?{0}",
    "unit": "?{0} zc:task ?task",
    "platform": "?task zc:mentions ?{0} . ?{0} a zc:Platform",
    "district": "?task zc:mentions ?{0} . ?{0} a zc:District",
    "place": "?task zc:mentions ?{0} . ?{0} a zc:Place",
}
LEAD = (
    "FILTER(EXISTS { ?responsibility zc:role <https://w3id.org/zhengce/id/role/lead> } || "
    "(EXISTS { ?responsibility a zc:FirstListedResponsibility } && "
    "NOT EXISTS { ?printedLead zc:task ?task ; zc:role <https://w3id.org/zhengce/id/role/lead> }))"
)


def conditions_of(conditions: Sequence[Condition]) -> Iterator[str]:
    """The patterns of all conditions."""
    names = count()
    for condition in conditions:
        yield from _condition(condition, names)


def _condition(condition: Condition, names: Iterator[int]) -> Iterator[str]:
    match condition:
        case Involves():
            yield from _involves(condition, names)
        case Borne():
            yield from _borne(condition, names)
        case BorneLike():
            yield from _borne_like(condition, names)
        case Has(part, negated, year):
            name = f"x{next(names)}"
            dated = f" . {within_year('?' + name, year)}" if year else ""
            yield _exists(PART[part].format(name) + dated, negated=negated)
        case Counted(part, comparator, number):
            yield _counted(part, comparator, number, f"x{next(names)}")
        case OfKind():
            yield _kinds(condition, f"x{next(names)}")
        case Measured():
            name = f"x{next(names)}"
            yield _exists(f"{PART['quantity'].format(name)} . {measure(f'?{name}', condition)}")
        case NamedDistrictsListed(negated):
            name = f"x{next(names)}"
            named = f"{PART['district'].format(name)} ."
            yield _exists(named)
            yield _exists(f"{named} ?r_{name} zc:task ?task ; zc:bearer ?u_{name} . ?u_{name} zc:jurisdiction ?{name} .", negated=negated)
        case _:
            yield _named(condition, f"x{next(names)}")


def _named(condition: Condition, name: str) -> str:
    """The pattern of a condition that names numbers, dates, documents or concepts."""
    match condition:
        case InGroup(groups):
            return _exists(f"VALUES ?{name} {{ {iris(refs_of(groups))} }} ?task zc:inGroup ?{name} .")
        case Marked(concepts, negated):
            properties = "|".join(dict.fromkeys(MARKS[ref.kind] for ref in refs_of(concepts)))
            return _exists(f"VALUES ?{name} {{ {iris(refs_of(concepts))} }} ?task zc:hasTarget?/({properties}) ?{name} .", negated=negated)
        case Doing(actions, topics):
            said = _printed(f"?o_{name}", [word for topic in topics for word in as_object(topic)])
            milestone = f"?task zc:hasTarget?/zc:hasMilestone ?{name} . ?{name} zc:action ?a_{name} ; zc:object ?o_{name} ."
            return _exists(f"VALUES ?a_{name} {{ {iris(actions)} }} {milestone} FILTER({said})")
        case CountsOf(things) if words := [word for thing in things if not thing.refs for word in words_of(thing)]:
            counts = f"?task zc:hasTarget?/zc:hasQuantity ?{name} . ?{name} zc:counts ?c_{name} ."
            return _exists(f"{counts} FILTER({_printed(f'?c_{name}', words)})")
        case CountsOf(things):
            return _exists(f"VALUES ?{name} {{ {iris(refs_of(things))} }} ?task zc:hasTarget?/zc:hasQuantity ?{name} .")
        case InNotice(notices, negated):
            return f"FILTER(?notice {'NOT ' if negated else ''}IN ({', '.join(iris([ref]) for ref in refs_of(notices))}))"
        case Numbered(numbers, negated):
            return f"FILTER(?number {'NOT ' if negated else ''}IN ({', '.join(str(Literal(number)) for number in numbers)}))"
        case InYear(year):
            overlaps = f'?from <= "{year}-12-31"^^xsd:date && ?until >= "{year}-01-01"^^xsd:date'
            return f"?notice zc:horizonStart ?from ; zc:horizonEnd ?until . FILTER({overlaps})"
        case Due(date):
            # What has no printed time limit, and a figure or a milestone, is due by the end of the period of that.
            return (
                "{ ?task zc:hasTarget?/zc:hasDeadline/zc:dueDate ?due } UNION { ?task zc:hasTarget? ?sized . "
                "?sized zc:hasMilestone|zc:hasQuantity ?what ; zc:horizonEnd ?due "
                "FILTER NOT EXISTS { ?task zc:hasTarget?/zc:hasDeadline ?anyLimit } } "
                f'FILTER(?due <= "{date}"^^xsd:date)'
            )
        case _:
            raise AssertionError(condition)


def _involves(condition: Involves, names: Iterator[int]) -> Iterator[str]:
    patterns = [_in_column(topic, condition.column, names) for topic in condition.topics]
    if condition.every and not condition.negated:
        yield from patterns
        return
    united = "\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    yield _exists(united, negated=condition.negated)


def within_year(holder: str, year: int) -> str:
    """The pattern of a thing whose own period lies in the year."""
    name = f"{holder}Year"
    return (
        f"{holder} zc:horizonStart {name}From ; zc:horizonEnd {name}To . "
        f'FILTER({name}From >= "{year}-01-01"^^xsd:date && {name}To <= "{year}-12-31"^^xsd:date)'
    )


def _in_column(topic: Topic, column: str, names: Iterator[int]) -> str:
    target = f"?t{next(names)}"
    column, _, year = column.partition("@")
    dated = f" {within_year(target, int(year))}" if year else ""
    in_target = f"?task zc:hasTarget {target} .{dated} {speaks_of(topic, target, names)}"
    in_text = _in_text(topic, names)
    match column:
        case "target":
            return _exists(in_target)
        case "text":
            return _exists(in_text)
        case "target-only":
            return f"{_exists(in_target)} {_exists(in_text, negated=True)}"
        case "text-only":
            return f"{_exists(in_text)} {_exists(in_target, negated=True)}"
        case "named":
            number = next(names)
            unit = f"?r{number} zc:task ?task ; zc:bearer ?u{number} . ?u{number} zc:jurisdiction ?d{number} ."
            unit = f"VALUES ?d{number} {{ {iris(topic.refs)} }} {unit}"
            return _exists(f"{{ {speaks_of(topic, '?task', names)} }} UNION {{ {unit} }}")
        case "both":
            return f"{_exists(in_text)} {_exists(in_target)}"
        case _:
            return _exists(speaks_of(topic, "?task", names))


def speaks_of(topic: Topic, subject: str, names: Iterator[int]) -> str:
    """The commitment speaks of the topic: of any thing that bears the name, or in these words where nothing bears it."""
    branches = []
    if words := words_of(topic):
        number = next(names)
        path = "zc:hasTarget?/zc:text" if subject == "?task" else "zc:text"
        branches.append(f"{subject} {path} ?w{number} . FILTER({_printed(f'?w{number}', words)})")
    for kinds, refs in _by_property(topic.refs).items():
        name = f"?x{next(names)}"
        branches.append(f"VALUES {name} {{ {iris(refs)} }} {subject} {kinds} {name} .")
    return branches[0] if len(branches) == 1 else " UNION ".join(f"{{ {branch} }}" for branch in branches)


def _in_text(topic: Topic, names: Iterator[int]) -> str:
    """The text of the task itself speaks of the topic: what its own passage mentions."""
    branches = []
    if words := words_of(topic):
        number = next(names)
        branches.append(f"?task zc:text ?w{number} . FILTER({_printed(f'?w{number}', words)})")
    for kinds, refs in _by_property(topic.refs).items():
        number = next(names)
        if kinds == "zc:hasTopic":
            branches.append(
                f"VALUES ?x{number} {{ {iris(refs)} }} ?task zc:statedIn ?p{number} . ?m{number} a zc:TopicMention ; "
                f"zc:passage ?p{number} ; zc:namesTopic/zc:broaderTopic* ?x{number} ."
            )
            continue
        path = {
            "zc:involvesIndustry": f"?thing{number} zc:belongsToIndustry/skos:broader* ?x{number} .",
            "zc:hasTheme": f"?thing{number} zc:belongsToTheme/skos:broader* ?x{number} .",
            "zc:concernsPlace": f"?thing{number} zc:locatedIn/zc:within* ?x{number} .",
        }.get(kinds, f"FILTER(?thing{number} = ?x{number})")
        branches.append(
            f"VALUES ?x{number} {{ {iris(refs)} }} ?task zc:statedIn ?p{number} . "
            f"?m{number} a zc:Mention ; zc:passage ?p{number} ; zc:refersTo ?thing{number} . {path}"
        )
    return branches[0] if len(branches) == 1 else " UNION ".join(f"{{ {branch} }}" for branch in branches)


def printed_among(words: Sequence[str]) -> str:
    """The query for those of some words that the text of a task or of a target has."""
    values = " ".join(str(Literal(word)) for word in words)
    return (
        "PREFIX zc: <https://w3id.org/zhengce/def#>\nSELECT DISTINCT ?word WHERE {\n"
        "  { ?notice zc:hasTask ?task . ?task zc:text ?text } UNION\n"
        "  { ?notice zc:hasTask ?task . ?task zc:hasTarget ?target . ?target zc:text ?text }\n"
        f"  VALUES ?word {{ {values} }}\n  FILTER(CONTAINS(LCASE(?text), ?word))\n}}"
    )


def words_of(topic: Topic) -> tuple[str, ...]:
    """The words whose print makes a commitment speak of a topic: printed names of things, or what stands for no thing itself."""
    return topic.words if topic.refs or topic.words else (topic.surface,)


def as_object(topic: Topic) -> tuple[str, ...]:
    """What a topic is called as that which is to be made: its words, else its name, without the marks around a title."""
    return tuple(word.strip('《》“”"') for word in (topic.words or (topic.surface,)))


def printed(variable: str, words: Sequence[str]) -> str:
    """The condition that a text holds one of the words."""
    return _printed(variable, words)


def _printed(variable: str, words: Sequence[str]) -> str:
    return " || ".join(f"CONTAINS(LCASE({variable}), LCASE({Literal(word)}))" for word in words)


def _by_property(refs: Sequence[Ref]) -> dict[str, list[Ref]]:
    found: dict[str, list[Ref]] = {}
    for ref in refs:
        found.setdefault(_PROPERTY.get(ref.kind, "zc:mentions"), []).append(ref)
    return found


def _borne(condition: Borne, names: Iterator[int]) -> Iterator[str]:
    patterns = []
    for topic in condition.units:
        number = next(names)
        seat = f" VALUES ?s{number} {{ {iris(topic.seat)} }} ?u{number} zc:division/zc:within* ?s{number} ." if topic.seat else ""
        mine = f"VALUES ?u{number} {{ {iris(topic.refs)} }} ?r{number} zc:task ?task ; zc:bearer ?u{number} .{seat}"
        match condition.how:
            case "first":
                patterns.append(f"{mine} {LEAD.replace('?responsibility', f'?r{number}').replace('?printedLead', f'?l{number}')}")
            case "later":
                patterns.append(f"{mine} ?r{number} zc:position ?at{number} . FILTER(?at{number} > 1)")
            case "cooperate":
                patterns.append(f"{mine} ?r{number} zc:role <https://w3id.org/zhengce/id/role/cooperate> .")
            case "alone":
                patterns.append(f"{mine} FILTER NOT EXISTS {{ ?o{number} zc:task ?task . FILTER(?o{number} != ?r{number}) }}")
            case "before" if condition.other:
                patterns.append(
                    f"{mine} ?r{number} zc:position ?at{number} . VALUES ?v{number} {{ {iris(condition.other.refs)} }} "
                    f"?o{number} zc:task ?task ; zc:bearer ?v{number} ; zc:position ?then{number} . FILTER(?at{number} < ?then{number})"
                )
            case _:
                patterns.append(mine)
    if condition.every and not condition.negated:
        yield from (_exists(pattern) for pattern in patterns)
        return
    yield _exists("\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns), negated=condition.negated)


def _borne_like(condition: BorneLike, names: Iterator[int]) -> Iterator[str]:
    """The units of the tasks in scope, found in a query of their own, bear the task."""
    number = next(names)
    unit, mine, its = f"?u{number}", f"?r{number}", f"?s{number}"
    scope = " ".join(conditions_of(condition.scope))
    lead = LEAD.replace("?responsibility", its).replace("?printedLead", f"?l{number}") if condition.first else ""
    tasks = f"?notice zc:hasTask ?task . ?task zc:number ?number ; zc:position ?order ; zc:text ?text . {scope}"
    yield f"{{ SELECT DISTINCT {unit} WHERE {{ {tasks} {its} zc:task ?task ; zc:bearer {unit} . {lead} }} }}"
    yield f"{mine} zc:task ?task ; zc:bearer {unit} ."
    if condition.how == "first":
        yield LEAD.replace("?responsibility", mine).replace("?printedLead", f"?m{number}")
    elif condition.how == "alone":
        yield f"FILTER NOT EXISTS {{ ?o{number} zc:task ?task . FILTER(?o{number} != {mine}) }}"
    if condition.other:
        yield f"MINUS {{ SELECT DISTINCT ?task WHERE {{ {tasks} }} }}"


def _counted(part: str, comparator: str, number: int, name: str) -> str:
    pattern = PART[part].format(name)
    return (
        f"{{ SELECT ?task (COUNT(DISTINCT ?{name}) AS ?n_{name}) WHERE {{ ?notice zc:hasTask ?task . {pattern} }} GROUP BY ?task "
        f"HAVING(COUNT(DISTINCT ?{name}) {comparator} {number}) }}"
    )


_VARIABLE = re.compile(r"\?(\w+)")
"""Variables of a condition hold its number; those without one are the question's."""


def _kinds(condition: OfKind, name: str) -> str:
    """Units of a kind bear the task, or none but such; or it names a platform of the kind."""
    if not condition.only:
        return _exists(_of_kind(condition.concepts, name), negated=condition.negated)
    kinds = ", ".join(iris([ref]) for ref in condition.concepts)
    other = f"?r_{name} zc:task ?task ; zc:bearer ?{name} . ?{name} zc:agencyKind ?k_{name} . FILTER(?k_{name} NOT IN ({kinds}))"
    return _exists(other, negated=not condition.negated)


def measure(quantity: str, condition: Measured) -> str:
    """The pattern of a figure that is so large, or that is a range."""
    if condition.comparator == "range":
        return f"{quantity} zc:comparator <https://w3id.org/zhengce/id/comparator/range> ."
    value = f"{quantity}_n"
    return f"{quantity} zc:minimum {value} . FILTER({value} {condition.comparator} {condition.number})"


def _of_kind(concepts: Sequence[Ref], name: str) -> str:
    kind = concepts[0].kind
    if kind == "agency-kind":
        return f"VALUES ?k_{name} {{ {iris(concepts)} }} ?r_{name} zc:task ?task ; zc:bearer ?{name} . ?{name} zc:agencyKind ?k_{name} ."
    prop = "zc:platformStatus" if kind == "status" else "zc:platformKind"
    return f"VALUES ?k_{name} {{ {iris(concepts)} }} ?task zc:mentions ?{name} . ?{name} {prop} ?k_{name} ."


def _exists(pattern: str, *, negated: bool = False) -> str:
    """The tasks with what the pattern says, or without it.

    What speaks of nothing outside but the task is found once and joined: the engine looks for what EXISTS says anew for each task, and with
    two of them it took 28 s where the joined tasks take 0.02 s; taken away, they
    take 2 ms where NOT EXISTS took 9 s.
    """
    if {name for name in _VARIABLE.findall(pattern) if not any(map(str.isdigit, name))} == {"task"}:
        return f"{'MINUS ' if negated else ''}{{ SELECT DISTINCT ?task WHERE {{ {pattern} }} }}"
    return f"FILTER {'NOT ' if negated else ''}EXISTS {{ {pattern} }}"


def refs_of(topics: Sequence[Topic]) -> list[Ref]:
    """The things that any of the names may mean."""
    return [ref for topic in topics for ref in topic.refs]


def iris(refs: Sequence[Ref]) -> str:
    return " ".join(str(NamedNode(ref.iri)) for ref in refs)
