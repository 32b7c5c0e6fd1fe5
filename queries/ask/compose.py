"""What a question asks -> one SPARQL query over the graph, whose columns begin with what is wanted.

Every name enters as an RDF term of the lexicon or as an escaped literal; no text of the asker is pasted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from pyoxigraph import Literal, NamedNode

from queries.ask.model import (
    Borne,
    Condition,
    Counted,
    Due,
    Has,
    Involves,
    InYear,
    Numbered,
    OfKind,
    Question,
    Ref,
    Topic,
)

_PREFIXES = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX zc: <https://w3id.org/zhengce/def#>
"""
_TASK = "?notice zc:hasTask ?task . ?task zc:number ?number ; zc:position ?order ; zc:text ?text ."
_PROPERTY = {"industry": "zc:involvesIndustry", "theme": "zc:hasTheme", "district": "zc:concernsPlace", "place": "zc:concernsPlace"}
"""How a commitment is tied to a topic of a kind; to things of other kinds by ``zc:mentions``."""
_PART = {
    "quantity": "?task zc:hasTarget?/zc:hasQuantity ?{0}",
    "milestone": "?task zc:hasTarget?/zc:hasMilestone ?{0}",
    "target": "?task zc:hasTarget ?{0}",
    "deadline": "?task zc:hasDeadline ?{0}",
    "industry": "?task zc:involvesIndustry ?{0}",
    "theme": "?task zc:hasTheme ?{0}",
    "unit": "?{0} zc:task ?task",
    "platform": "?task zc:mentions ?{0} . ?{0} a zc:Platform",
}
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Composed:
    """A query, and the kind of its answer: ``tasks``, ``things``, ``number``, ``boolean``, ``table``."""

    text: str
    kind: str


def composed(question: Question) -> Composed:
    """The query that answers a question."""
    where = "\n  ".join([_TASK, *_conditions(question.conditions)]) if question.conditions else _TASK
    if question.wanted.startswith("notice-"):
        return Composed(_PREFIXES + _NOTICE[question.wanted.removeprefix("notice-")], "things")
    if question.form == "boolean":
        inner = where if question.wanted == "task" else f"{where}\n  {_part(question)}"
        return Composed(f"{_PREFIXES}ASK {{\n  {inner}\n}}", "boolean")
    if question.form == "top":
        return Composed(_PREFIXES + _top(question, where), "tasks" if question.wanted == "task" else "things")
    if question.form == "each" and question.wanted == "task":
        return Composed(_PREFIXES + _each(question), "table")
    if question.wanted == "task":
        if question.form == "number":
            return Composed(f"{_PREFIXES}SELECT (COUNT(DISTINCT ?task) AS ?number) WHERE {{\n  {where}\n}}", "number")
        order = "ORDER BY ?notice ?order ?number"
        return Composed(f"{_PREFIXES}SELECT DISTINCT ?task ?number ?text WHERE {{\n  {where}\n}}\n{order}\nLIMIT {_MOST}", "tasks")
    return _things(question, where)


def _things(question: Question, where: str) -> Composed:
    columns, pattern = _WANTED[question.wanted]
    if question.wanted == "platform":
        # What is said of the kind or the state of platforms is said of those that are listed.
        for place, each in enumerate(
            each for each in question.conditions if isinstance(each, OfKind) and each.concepts[0].kind != "agency-kind"
        ):
            name = "zc:platformStatus" if each.concepts[0].kind == "status" else "zc:platformKind"
            pattern += f"\n  VALUES ?state{place} {{ {_iris(each.concepts)} }} ?platform {name} ?state{place} ."
    pattern = _with_year(question, pattern)
    if question.wanted == "milestone" and question.actions:
        pattern += f"\n  VALUES ?action {{ {_iris(question.actions)} }}"
    if question.wanted == "stage":
        pattern = pattern.replace("?platform a", f"VALUES ?platform {{ {_stage_things(question)} }} ?platform a")
    if question.only:
        others = _ONLY.format(numbers=", ".join(str(Literal(number)) for number in _numbers(question)))
        pattern += f"\n  {others}"
    if question.form == "number":
        return Composed(
            f"{_PREFIXES}SELECT (COUNT(DISTINCT ?{columns.split()[0].lstrip('?')}) AS ?number) WHERE {{\n  {where}\n  {pattern}\n}}",
            "number",
        )
    chosen = f'SELECT {columns} (GROUP_CONCAT(DISTINCT ?number; SEPARATOR="、") AS ?numbers) (MIN(?order) AS ?first)'
    if question.form == "each" or question.wanted in {"target", "text"}:
        rows = f"SELECT DISTINCT ?task ?number {columns}"
        return Composed(
            f"{_PREFIXES}{rows} WHERE {{\n  {where}\n  {pattern}\n}}\nORDER BY ?notice ?order {columns}\nLIMIT {_MOST}", "table"
        )
    return Composed(
        f"{_PREFIXES}{chosen} WHERE {{\n  {where}\n  {pattern}\n}}\nGROUP BY {columns}\nORDER BY ?first {columns}\nLIMIT {_MOST}", "things"
    )


_UNIT = "?responsibility zc:task ?task ; zc:bearer ?unit ; zc:quote ?printed ."
_WANTED: dict[str, tuple[str, str]] = {
    "unit": ("?unit ?printed", _UNIT),
    "first-unit": ("?unit ?printed", f"{_UNIT} {{lead}}"),
    "industry": ("?industry", "?task zc:involvesIndustry ?industry ."),
    "theme": ("?theme", "?task zc:hasTheme ?theme ."),
    "district": ("?district", "?task zc:mentions ?district . ?district a zc:District ."),
    "place": ("?place", "?task zc:mentions ?place . ?place a zc:Place ."),
    "quantity": (
        "?quantity ?counts ?quote",
        "{ ?task zc:hasQuantity ?quantity } UNION { ?task zc:hasTarget ?target . ?target zc:hasQuantity ?quantity } "
        "?quantity zc:quote ?quote ; zc:counts ?counts .",
    ),
    "milestone": (
        "?milestone ?action ?object",
        "{ ?task zc:hasMilestone ?milestone } UNION { ?task zc:hasTarget ?target . ?target zc:hasMilestone ?milestone } "
        "?milestone zc:action ?action ; zc:object ?object .",
    ),
    "platform": (
        "?platform ?status",
        "?task zc:mentions ?platform . ?platform a zc:Platform . OPTIONAL { ?platform zc:platformStatus ?status }",
    ),
    "stage": ("?platform ?status", "?task zc:mentions ?platform . ?platform a zc:Platform ; zc:platformStatus ?status ."),
    "document": (
        "?quote",
        "{ ?task zc:statedIn ?passage } UNION { ?task zc:hasTarget ?target . ?target zc:statedIn ?passage } "
        "?reference a zc:Reference ; zc:passage ?passage ; zc:quote ?quote .",
    ),
    "deadline": ("?deadline ?quote", "?task zc:hasDeadline ?deadline . ?deadline zc:quote ?quote ."),
    "group": ("?group", "?task zc:inGroup ?group ."),
    "target": ("?target ?targetText", "?task zc:hasTarget ?target . ?target zc:text ?targetText ."),
    "technology": ("?technology", "?task zc:mentions ?technology . ?technology a zc:Technology ."),
    "text": ("?text", ""),
}
_LEAD = (
    "FILTER(EXISTS { ?responsibility zc:role <https://w3id.org/zhengce/id/role/lead> } || "
    "(EXISTS { ?responsibility a zc:FirstListedResponsibility } && "
    "NOT EXISTS { ?printedLead zc:task ?task ; zc:role <https://w3id.org/zhengce/id/role/lead> }))"
)
_WANTED["first-unit"] = ("?unit ?printed", f"{_UNIT} {_LEAD}")
_ONLY = (
    "FILTER NOT EXISTS {{ ?elsewhere zc:bearer ?unit ; zc:task ?otherTask . ?otherTask zc:number ?otherNumber . "
    "FILTER(?otherNumber NOT IN ({numbers})) }}"
)
_NOTICE = {
    "number": "SELECT ?notice ?value WHERE { ?notice a zc:Notice ; schema:legislationIdentifier ?value } ORDER BY ?notice",
    "issuer": "SELECT ?notice ?value WHERE { ?notice a zc:Notice ; zc:issuer ?value } ORDER BY ?notice",
    "date": "SELECT ?notice ?value WHERE { ?notice a zc:Notice ; dcterms:issued ?value } ORDER BY ?notice",
    "title": "SELECT ?notice ?value WHERE { ?notice a zc:Notice ; dcterms:title ?value } ORDER BY ?notice",
    "plan": "SELECT ?notice ?value WHERE { ?notice a zc:Notice ; zc:implements ?plan . ?plan dcterms:title ?value } ORDER BY ?notice",
}


def _with_year(question: Question, pattern: str) -> str:
    """A year asked for with figures, milestones or targets is theirs."""
    years = [condition.year for condition in question.conditions if isinstance(condition, InYear)]
    holder = {"quantity": "?quantity", "milestone": "?target", "target": "?target"}.get(question.wanted)
    for year in years if holder else ():
        within = f'?yearFrom >= "{year}-01-01"^^xsd:date && ?yearTo <= "{year}-12-31"^^xsd:date'
        pattern += f"\n  {holder} zc:horizonStart ?yearFrom ; zc:horizonEnd ?yearTo . FILTER({within})"
    return pattern


def _part(question: Question) -> str:
    return _with_year(question, _WANTED[question.wanted][1])


def _numbers(question: Question) -> Sequence[str]:
    return [number for condition in question.conditions if isinstance(condition, Numbered) for number in condition.numbers]


def _stage_things(question: Question) -> str:
    refs = [ref for condition in question.conditions if isinstance(condition, Involves) for topic in condition.topics for ref in topic.refs]
    return _iris(tuple(ref for ref in refs if ref.kind == "platform"))


def _top(question: Question, where: str) -> str:
    if question.wanted == "pair":
        return (
            "SELECT ?unit ?other (COUNT(DISTINCT ?task) AS ?tasks) WHERE {\n  ?one zc:task ?task ; zc:bearer ?unit .\n"
            "  ?two zc:task ?task ; zc:bearer ?other .\n  FILTER(STR(?unit) < STR(?other))\n}\nGROUP BY ?unit ?other\n"
            f"ORDER BY DESC(?tasks) ?unit ?other\nLIMIT {max(question.top, 1)}"
        )
    if question.wanted == "task":
        part = next((condition.part for condition in question.conditions if isinstance(condition, Has)), "unit")
        return (
            f"SELECT ?task ?number ?text (COUNT(DISTINCT ?part) AS ?count) WHERE {{\n  {_TASK}\n  {_PART[part].format('part')} .\n}}\n"
            f"GROUP BY ?task ?number ?text\nORDER BY DESC(?count) ?task\nLIMIT 50"
        )
    columns, pattern = _WANTED[question.wanted]
    return (
        f"SELECT {columns} (COUNT(DISTINCT ?task) AS ?tasks) WHERE {{\n  {where}\n  {pattern}\n}}\nGROUP BY {columns}\n"
        f"ORDER BY DESC(?tasks) {columns}\nLIMIT 50"
    )


def _each(question: Question) -> str:
    topics = [topic for condition in question.conditions if isinstance(condition, Involves) for topic in condition.topics]
    names = count()
    branches = "\n  UNION\n  ".join(
        f"{{ BIND({Literal(topic.surface)} AS ?topic) {_TASK} {_topic(topic, '?task', names)} }}" for topic in topics
    )
    return f"SELECT DISTINCT ?topic ?task ?number WHERE {{\n  {branches}\n}}\nORDER BY ?topic ?notice ?order\nLIMIT {_MOST}"


def _conditions(conditions: Sequence[Condition]) -> Iterator[str]:
    names = count()
    for condition in conditions:
        yield from _condition(condition, names)


def _condition(condition: Condition, names: Iterator[int]) -> Iterator[str]:
    match condition:
        case Involves():
            yield from _involves(condition, names)
        case Borne():
            yield from _borne(condition, names)
        case Has(part, negated):
            yield _exists(_PART[part].format(f"x{next(names)}"), negated=negated)
        case Counted(part, comparator, number):
            yield _counted(part, comparator, number, f"x{next(names)}")
        case OfKind(concepts, negated):
            yield _exists(_of_kind(concepts, f"x{next(names)}"), negated=negated)
        case Numbered(numbers, negated):
            yield f"FILTER(?number {'NOT ' if negated else ''}IN ({', '.join(str(Literal(number)) for number in numbers)}))"
        case InYear(year):
            overlaps = f'?from <= "{year}-12-31"^^xsd:date && ?until >= "{year}-01-01"^^xsd:date'
            yield f"?notice zc:horizonStart ?from ; zc:horizonEnd ?until . FILTER({overlaps})"
        case Due(date):
            yield f'?task zc:hasDeadline/zc:dueDate ?due . FILTER(?due <= "{date}"^^xsd:date)'


def _involves(condition: Involves, names: Iterator[int]) -> Iterator[str]:
    patterns = [_in_column(topic, condition.column, names) for topic in condition.topics]
    if condition.every and not condition.negated:
        yield from patterns
        return
    united = "\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    yield _exists(united, negated=condition.negated)


def _in_column(topic: Topic, column: str, names: Iterator[int]) -> str:
    target = f"?t{next(names)}"
    in_target = f"?task zc:hasTarget {target} . {_topic(topic, target, names)}"
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
        case "both":
            return f"{_exists(in_text)} {_exists(in_target)}"
        case _:
            return _exists(_topic(topic, "?task", names))


def _topic(topic: Topic, subject: str, names: Iterator[int]) -> str:
    """The commitment speaks of the topic: of any thing that bears the name, or in these words where nothing bears it."""
    if not topic.refs:
        number = next(names)
        words = Literal(topic.surface)
        if subject == "?task":
            return f"?task zc:hasTarget?/zc:text ?w{number} . FILTER(CONTAINS(LCASE(?w{number}), LCASE({words})))"
        return f"{subject} zc:text ?w{number} . FILTER(CONTAINS(LCASE(?w{number}), LCASE({words})))"
    branches = []
    for kinds, refs in _by_property(topic.refs).items():
        name = f"?x{next(names)}"
        branches.append(f"VALUES {name} {{ {_iris(refs)} }} {subject} {kinds} {name} .")
    return branches[0] if len(branches) == 1 else " UNION ".join(f"{{ {branch} }}" for branch in branches)


def _in_text(topic: Topic, names: Iterator[int]) -> str:
    """The text of the task itself speaks of the topic: what its own passage mentions."""
    if not topic.refs:
        return f"FILTER(CONTAINS(LCASE(?text), LCASE({Literal(topic.surface)})))"
    branches = []
    for kinds, refs in _by_property(topic.refs).items():
        number = next(names)
        path = {
            "zc:involvesIndustry": f"?thing{number} zc:belongsToIndustry/skos:broader* ?x{number} .",
            "zc:hasTheme": f"?thing{number} zc:belongsToTheme/skos:broader* ?x{number} .",
            "zc:concernsPlace": f"?thing{number} zc:locatedIn/zc:within* ?x{number} .",
        }.get(kinds, f"FILTER(?thing{number} = ?x{number})")
        branches.append(
            f"VALUES ?x{number} {{ {_iris(refs)} }} ?task zc:statedIn ?p{number} . "
            f"?m{number} a zc:Mention ; zc:passage ?p{number} ; zc:refersTo ?thing{number} . {path}"
        )
    return branches[0] if len(branches) == 1 else " UNION ".join(f"{{ {branch} }}" for branch in branches)


def _by_property(refs: Sequence[Ref]) -> dict[str, list[Ref]]:
    found: dict[str, list[Ref]] = {}
    for ref in refs:
        found.setdefault(_PROPERTY.get(ref.kind, "zc:mentions"), []).append(ref)
    return found


def _borne(condition: Borne, names: Iterator[int]) -> Iterator[str]:
    patterns = []
    for topic in condition.units:
        number = next(names)
        mine = f"VALUES ?u{number} {{ {_iris(topic.refs)} }} ?r{number} zc:task ?task ; zc:bearer ?u{number} ."
        match condition.how:
            case "first":
                patterns.append(f"{mine} {_LEAD.replace('?responsibility', f'?r{number}').replace('?printedLead', f'?l{number}')}")
            case "later":
                patterns.append(f"{mine} ?r{number} zc:position ?at{number} . FILTER(?at{number} > 1)")
            case "cooperate":
                patterns.append(f"{mine} ?r{number} zc:role <https://w3id.org/zhengce/id/role/cooperate> .")
            case "alone":
                patterns.append(f"{mine} FILTER NOT EXISTS {{ ?o{number} zc:task ?task . FILTER(?o{number} != ?r{number}) }}")
            case "before" if condition.other:
                patterns.append(
                    f"{mine} ?r{number} zc:position ?at{number} . VALUES ?v{number} {{ {_iris(condition.other.refs)} }} "
                    f"?o{number} zc:task ?task ; zc:bearer ?v{number} ; zc:position ?then{number} . FILTER(?at{number} < ?then{number})"
                )
            case _:
                patterns.append(mine)
    if condition.every and not condition.negated:
        yield from (_exists(pattern) for pattern in patterns)
        return
    yield _exists("\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns), negated=condition.negated)


def _counted(part: str, comparator: str, number: int, name: str) -> str:
    pattern = _PART[part].format(name)
    return (
        f"{{ SELECT ?task (COUNT(DISTINCT ?{name}) AS ?n_{name}) WHERE {{ ?notice zc:hasTask ?task . {pattern} }} GROUP BY ?task "
        f"HAVING(COUNT(DISTINCT ?{name}) {comparator} {number}) }}"
    )


def _of_kind(concepts: Sequence[Ref], name: str) -> str:
    kind = concepts[0].kind
    if kind == "agency-kind":
        return f"VALUES ?k_{name} {{ {_iris(concepts)} }} ?r_{name} zc:task ?task ; zc:bearer ?{name} . ?{name} zc:agencyKind ?k_{name} ."
    prop = "zc:platformStatus" if kind == "status" else "zc:platformKind"
    return f"VALUES ?k_{name} {{ {_iris(concepts)} }} ?task zc:mentions ?{name} . ?{name} {prop} ?k_{name} ."


def _exists(pattern: str, *, negated: bool = False) -> str:
    return f"FILTER {'NOT ' if negated else ''}EXISTS {{ {pattern} }}"


def _iris(refs: Sequence[Ref]) -> str:
    return " ".join(str(NamedNode(ref.iri)) for ref in refs)
