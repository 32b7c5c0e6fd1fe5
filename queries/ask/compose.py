"""What a question asks -> one SPARQL query over the graph, whose columns begin with what is wanted.

Every name enters as an RDF term of the lexicon or as an escaped literal; no text of the asker is pasted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from pyoxigraph import Literal

from queries.ask.model import Borne, CountsOf, Has, Involves, InYear, Measured, Numbered, OfKind, Question
from queries.ask.patterns import LEAD, PART, conditions_of, iris, measure, printed, refs_of, speaks_of, within_year, words_of

_PREFIXES = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX zc: <https://w3id.org/zhengce/def#>
"""
_TASK = "?notice zc:hasTask ?task . ?task zc:number ?number ; zc:position ?order ; zc:text ?text ."
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Composed:
    """A query, and the kind of its answer: ``tasks``, ``things``, ``number``, ``boolean``, ``table``, ``compared``."""

    text: str
    kind: str


def composed(question: Question) -> Composed:
    """The query that answers a question."""
    where = "\n  ".join([_TASK, *conditions_of(question.conditions)]) if question.conditions else _TASK
    if question.wanted.startswith("notice-"):
        return Composed(_PREFIXES + _NOTICE[question.wanted.removeprefix("notice-")], "things")
    if question.compared:
        return Composed(_PREFIXES + comparison(question), "boolean" if question.form == "boolean" else "compared")
    if question.form == "boolean":
        inner = where if question.wanted == "task" else f"{where}\n  {_part(question)}"
        return Composed(f"{_PREFIXES}ASK {{\n  {inner}\n}}", "boolean")
    if question.form in {"top", "bottom"}:
        return Composed(_PREFIXES + _top(question, where), "tasks" if question.wanted == "task" else "things")
    if question.form == "absent":
        return Composed(_PREFIXES + _absent(question, where), "things")
    if question.form == "each" and question.wanted == "task":
        return Composed(_PREFIXES + _each(question), "table")
    if question.wanted == "task":
        if question.form == "number":
            return Composed(f"{_PREFIXES}SELECT (COUNT(DISTINCT ?task) AS ?number) WHERE {{\n  {where}\n}}", "number")
        order = "ORDER BY ?notice ?order ?number"
        return Composed(f"{_PREFIXES}SELECT DISTINCT ?task ?number ?text WHERE {{\n  {where}\n}}\n{order}\nLIMIT {_MOST}", "tasks")
    return _things(question, where)


def tasks_of(question: Question) -> Question:
    """The question for the tasks that the answer to a question is about."""
    return Question("task", question.conditions)


def _things(question: Question, where: str) -> Composed:
    columns, pattern = _between(question) if question.column else _WANTED[question.wanted]
    if question.wanted == "platform":
        # What is said of the kind or the state of platforms is said of those that are listed.
        for place, each in enumerate(
            each for each in question.conditions if isinstance(each, OfKind) and each.concepts[0].kind != "agency-kind"
        ):
            name = "zc:platformStatus" if each.concepts[0].kind == "status" else "zc:platformKind"
            pattern += f"\n  VALUES ?state{place} {{ {iris(each.concepts)} }} ?platform {name} ?state{place} ."
    if question.wanted == "quantity":
        pattern += "".join(f"\n  {measure('?quantity', each)}" for each in question.conditions if isinstance(each, Measured))
        pattern += "".join(
            f"\n  FILTER({printed('?counts', words)})"
            for each in question.conditions
            if isinstance(each, CountsOf) and (words := [word for one in each.things if not one.refs for word in words_of(one)])
        )
        pattern += "".join(
            f"\n  FILTER(?quantity IN ({', '.join(iris([ref]) for ref in refs_of(each.things))}))"
            for each in question.conditions
            if isinstance(each, CountsOf) and refs_of(each.things)
        )
    pattern = _with_year(question, pattern) + _whose(question)
    if question.wanted == "milestone" and question.actions:
        pattern += f"\n  VALUES ?action {{ {iris(question.actions)} }}"
    if question.said:
        pattern += f"\n  FILTER(CONTAINS(?object, {Literal(question.said)}))"
    if question.wanted == "stage":
        pattern = f"VALUES ?platform {{ {_stage_things(question)} }} {pattern}"
    if question.besides:
        pattern += f"\n  FILTER(?unit NOT IN ({', '.join(iris([ref]) for ref in refs_of(question.besides))}))"
    if question.kinds:
        pattern += _KINDS.format(kinds=iris(question.kinds))
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
        f"{_PREFIXES}{chosen} WHERE {{\n  {where}\n  {pattern}\n}}\nGROUP BY {columns}{_bearing(question)}\n"
        f"ORDER BY ?first {columns}\nLIMIT {_MOST}",
        "things",
    )


_UNIT = "?responsibility zc:task ?task ; zc:bearer ?unit ; zc:quote ?printed ."
_DISTRICT = (
    "{ ?task zc:mentions ?district . ?district a zc:District } UNION "
    "{ ?responsibility zc:task ?task ; zc:bearer ?unit . ?unit zc:jurisdiction ?district }"
)
"""A district is named in the wording, or as a unit by its government."""
_WANTED: dict[str, tuple[str, str]] = {
    "unit": ("?unit ?printed", _UNIT),
    "first-unit": ("?unit ?printed", f"{_UNIT} {{lead}}"),
    "industry": ("?industry", "?task zc:involvesIndustry ?industry ."),
    "theme": ("?theme", "?task zc:hasTheme ?theme ."),
    "district": ("?district", _DISTRICT),
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
        "?task zc:mentions ?platform . ?platform zc:platformKind ?anyKind . OPTIONAL { ?platform zc:platformStatus ?status }",
    ),
    "stage": ("?platform ?status", "?task zc:mentions ?platform . ?platform zc:platformKind ?anyKind ; zc:platformStatus ?status ."),
    "document": (
        "?quote",
        "{ ?task zc:statedIn ?passage } UNION { ?task zc:hasTarget ?target . ?target zc:statedIn ?passage } "
        "?reference a zc:Reference ; zc:passage ?passage ; zc:quote ?quote .",
    ),
    "deadline": ("?deadline ?quote", "?task zc:hasDeadline ?deadline . ?deadline zc:quote ?quote ."),
    "group": ("?group", "?task zc:inGroup ?group ."),
    "target": ("?target ?targetText", "?task zc:hasTarget ?target . ?target zc:text ?targetText ."),
    "technology": ("?technology", "?task zc:mentions ?technology . ?technology a zc:Technology ."),
    "instrument": ("?instrument", "?task zc:mentions ?instrument . ?instrument a zc:Instrument ."),
    "thing": ("?thing", "?task zc:mentions ?thing . FILTER NOT EXISTS { ?thing a skos:Concept }"),
    "text": ("?text", ""),
    "notice": ("?notice ?title", "?notice dcterms:title ?title ."),
    "city": ("?city", "?responsibility zc:task ?task ; zc:bearer ?unit . ?unit zc:division ?city . {0}"),
    "province": ("?province", "?responsibility zc:task ?task ; zc:bearer ?unit . ?unit zc:division/zc:within* ?province . {0}"),
}
_KINDS = "\n  VALUES ?kind {{ {kinds} }} ?unit zc:agencyKind ?kind ."
_PLACES = frozenset({"city", "province"})
_LEVEL = "https://w3id.org/zhengce/id/level/"
_NOT_OF_CITY = f"FILTER NOT EXISTS {{ ?unit zc:level ?level . FILTER(?level != <{_LEVEL}municipal>) }}"
_A_PROVINCE = f"FILTER EXISTS {{ ?other zc:division ?province ; zc:level <{_LEVEL}provincial> }}"
_WANTED["city"] = (_WANTED["city"][0], _WANTED["city"][1].format(_NOT_OF_CITY))
_WANTED["province"] = (_WANTED["province"][0], _WANTED["province"][1].format(_A_PROVINCE))
_WANTED["first-unit"] = ("?unit ?printed", f"{_UNIT} {LEAD}")
_WANTED["later-unit"] = ("?unit ?printed", f"{_UNIT} FILTER(!({LEAD.removeprefix('FILTER(')})")
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


_UNIVERSE = {
    "unit": ("?unit ?printed", "?any zc:bearer ?unit ; zc:quote ?printed .", "?responsibility zc:task ?task ; zc:bearer ?unit ."),
    "district": ("?district", "?district a zc:District .", _DISTRICT),
    "group": ("?group", "?any zc:inGroup ?group .", "?task zc:inGroup ?group ."),
}
"""Of which things it can be said that no task has them: columns, all of them, and how a task has one."""


def _absent(question: Question, where: str) -> str:
    columns, universe, pattern = _UNIVERSE[question.wanted]
    return (
        f"SELECT DISTINCT {columns} WHERE {{\n  {universe}\n"
        f"  MINUS {{ SELECT DISTINCT {columns.split()[0]} WHERE {{\n  {where}\n  {pattern}\n  }} }}\n}}\n"
        f"ORDER BY {columns}\nLIMIT {_MOST}"
    )


def _bearing(question: Question) -> str:
    if question.bearing is None:
        return ""
    comparator, number = question.bearing
    return f"\nHAVING(COUNT(DISTINCT ?task) {comparator} {number})"


_CLASSES = {"technology": "Technology", "platform": "Platform", "place": "Place", "instrument": "Instrument"}


def _between(question: Question) -> tuple[str, str]:
    """The things that a column names, and the other names too or names neither them nor a narrower field."""
    name = f"?{question.wanted}"
    column, _, year = question.column.partition("@")
    dated = f" {within_year('?{0}t', int(year))}" if year else ""
    stated = {"text": "?task zc:statedIn ?{0}p .", "target": f"?task zc:hasTarget ?{{0}}t .{dated} ?{{0}}t zc:statedIn ?{{0}}p ."}

    def side(column: str, *, wide: bool) -> str:
        letter = f"{column}{'Any' if wide else ''}"
        mention = f"?{letter}m a zc:Mention ; zc:passage ?{letter}p ; zc:refersTo"
        if question.wanted == "industry":
            path = "zc:belongsToIndustry/skos:broader*" if wide else "zc:belongsToIndustry"
            return f"{stated[column].format(letter)} {mention} ?{letter}x . ?{letter}x {path} {name} ."
        return f"{stated[column].format(letter)} {mention} {name} ."

    kind = _CLASSES.get(question.wanted)
    has_kind = f" {name} a zc:{kind} ." if kind else ""
    first, _, only = column.partition("-")
    if column == "both":
        return name, f"{side('text', wide=False)}\n  {side('target', wide=False)}{has_kind}"
    pattern = side(first, wide=False) + has_kind
    if only:
        pattern += f"\n  FILTER NOT EXISTS {{ {side({'text': 'target', 'target': 'text'}[first], wide=True)} }}"
    return name, pattern


def _with_year(question: Question, pattern: str) -> str:
    """A year asked for with figures, milestones or targets is theirs."""
    years = [condition.year for condition in question.conditions if isinstance(condition, InYear)]
    holder = {"quantity": "?quantity", "milestone": "?target", "target": "?target"}.get(question.wanted)
    for year in years if holder else ():
        pattern += f"\n  {within_year(holder or '', year)}"
    return pattern


def _part(question: Question) -> str:
    return _with_year(question, _WANTED[question.wanted][1])


def _whose(question: Question) -> str:
    """The places asked for are those of the units that are spoken of."""
    pattern = ""
    for place, each in enumerate(each for each in question.conditions if isinstance(each, Borne) and not each.negated):
        if question.wanted in _PLACES:
            first = f" {LEAD.replace('?printedLead', f'?printedLead{place}')}" if each.how == "first" else ""
            pattern += f"\n  VALUES ?unit {{ {iris(refs_of(each.units))} }}{first}"
    return pattern


def _numbers(question: Question) -> Sequence[str]:
    return [number for condition in question.conditions if isinstance(condition, Numbered) for number in condition.numbers]


def _stage_things(question: Question) -> str:
    refs = [ref for condition in question.conditions if isinstance(condition, Involves) for topic in condition.topics for ref in topic.refs]
    return iris(tuple(ref for ref in refs if ref.kind == "platform"))


def _top(question: Question, where: str) -> str:
    if question.wanted == "pair":
        return (
            "SELECT ?unit ?other (SAMPLE(?here) AS ?printed) (SAMPLE(?there) AS ?otherPrinted) (COUNT(DISTINCT ?task) AS ?tasks) WHERE {\n"
            "  ?one zc:task ?task ; zc:bearer ?unit ; zc:quote ?here .\n  ?two zc:task ?task ; zc:bearer ?other ; zc:quote ?there .\n"
            "  FILTER(STR(?unit) < STR(?other))\n}\nGROUP BY ?unit ?other\n"
            f"ORDER BY DESC(?tasks) ?unit ?other\nLIMIT {max(question.top, 1)}"
        )
    if question.wanted == "task":
        part = next((condition.part for condition in question.conditions if isinstance(condition, Has)), "unit")
        order, most = ("DESC(?count)", 50) if question.form == "top" else ("?count", _MOST)
        return (
            f"SELECT ?task ?number ?text (COUNT(DISTINCT ?part) AS ?count) WHERE {{\n  {where}\n  {PART[part].format('part')} .\n}}\n"
            f"GROUP BY ?task ?number ?text\nORDER BY {order} ?task\nLIMIT {most}"
        )
    columns, pattern = _WANTED[question.wanted]
    pattern += _whose(question)
    if question.kinds:
        pattern += _KINDS.format(kinds=iris(question.kinds))
    if question.besides:
        pattern += f" FILTER(?unit NOT IN ({', '.join(iris([ref]) for ref in refs_of(question.besides))}))"
    # With the fewest there may be many: no more than the answers of any other question.
    order, most = ("DESC(?tasks)", max(50, question.top)) if question.form == "top" else ("?tasks", _MOST)
    return (
        f"SELECT {columns} (COUNT(DISTINCT ?task) AS ?tasks) WHERE {{\n  {where}\n  {pattern}\n}}\nGROUP BY {columns}\n"
        f"ORDER BY {order} {columns}\nLIMIT {most}"
    )


def _each(question: Question) -> str:
    names = count()
    branches = []
    for condition in question.conditions:
        if isinstance(condition, Involves):
            branches += [(topic, speaks_of(topic, "?task", names)) for topic in condition.topics]
        elif isinstance(condition, Borne):
            branches += [(unit, "\n".join(conditions_of([replace(condition, units=(unit,), every=True)]))) for unit in condition.units]
    united = "\n  UNION\n  ".join(f"{{ BIND({Literal(topic.surface)} AS ?topic) {_TASK} {pattern} }}" for topic, pattern in branches)
    return f"SELECT DISTINCT ?topic ?task ?number WHERE {{\n  {united}\n}}\nORDER BY ?topic ?notice ?order\nLIMIT {_MOST}"


def comparison(question: Question) -> str:
    """How many tasks fulfil each of the conditions that are compared, one row each: the most first, or the fewest."""
    branches = []
    for place, condition in enumerate(question.compared):
        where = "\n  ".join([_TASK, *conditions_of((*question.conditions, condition))])
        branches.append(f"{{ SELECT ({place} AS ?subject) (COUNT(DISTINCT ?task) AS ?tasks) WHERE {{\n  {where}\n}} }}")
    if question.form == "boolean":
        first, second = (
            branch.replace("?subject)", f"?subject{place})").replace("?tasks)", f"?tasks{place})")
            for place, branch in enumerate(branches[:2])
        )
        return f"ASK {{\n  {first}\n  {second}\n  FILTER(?tasks0 > ?tasks1)\n}}"
    order = "?tasks" if question.form == "bottom" else "DESC(?tasks)"
    united = "\n  UNION\n  ".join(branches)
    return f"SELECT ?subject ?tasks WHERE {{\n  {united}\n}}\nORDER BY {order} ?subject"
