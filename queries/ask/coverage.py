"""A subject that was asked about -> the queries for how its tasks were found, what came near to it, and what was not read.

The routes: ``stated`` names the subject itself, ``linked`` a thing that belongs to it, ``inferred`` something narrower; a task without
any of these was found by its ``words`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from queries.ask.model import Borne, Condition, Due, Has, Involves, Question, Ref, Topic
from queries.ask.patterns import iris

ROUTES = ("stated", "linked", "inferred", "words")
NEAR = 200
"""The near misses that are listed."""
MOST = 10_000

_PREFIXES = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX zc: <https://w3id.org/zhengce/def#>
"""
_ROUTES = """SELECT ?passage (MIN(?rank) AS ?route) WHERE {
  {
    SELECT ?thing (MIN(?far) AS ?rank) WHERE {
      { VALUES ?thing { %topics% } BIND(0 AS ?far) }
      UNION { VALUES ?topic { %topics% } ?thing zc:belongsToIndustry|zc:belongsToTheme|zc:locatedIn ?topic BIND(1 AS ?far) }
      UNION {
        VALUES ?topic { %topics% } ?field skos:broader* ?topic . ?thing zc:belongsToIndustry|zc:belongsToTheme ?field BIND(2 AS ?far)
      }
      UNION { VALUES ?topic { %topics% } ?place zc:within* ?topic . ?thing zc:locatedIn ?place BIND(2 AS ?far) }
      UNION { VALUES ?topic { %topics% } ?thing zc:broaderTopic+ ?topic BIND(2 AS ?far) }
    } GROUP BY ?thing
  }
  VALUES ?passage { %passages% }
  ?mention zc:passage ?passage ; zc:refersTo|zc:namesTopic ?thing .
} GROUP BY ?passage"""
_COLUMNS = "SELECT DISTINCT ?passage ?quote ?start ?end ?why WHERE {\n  "
_PLACE = "zc:passage ?passage ; zc:quote ?quote ; zc:start ?start ; zc:end ?end ."
_SUBJECTS = f"""{_COLUMNS}{{
    SELECT DISTINCT ?subject WHERE {{ VALUES ?topic {{ %topics% }} {{ ?subject zc:broaderTopic* ?topic }} %class% }}
  }}
  ?mention zc:namesTopic ?subject ; {_PLACE} BIND("subject" AS ?why)
}}"""
_OF_CLASS = (
    "UNION { ?topic skos:broadMatch|skos:exactMatch ?class . ?class a zc:SubjectClass . "
    "?subject skos:broadMatch|skos:exactMatch ?class . ?subject a zc:Topic }"
)
_NAMES = f"""{_COLUMNS}{{ SELECT ?passage ?said WHERE {{ ?commitment zc:statedIn ?passage . ?passage zc:text ?said }} }}
  {{
    SELECT DISTINCT ?name ?why WHERE {{
      VALUES ?topic {{ %topics% }}
      {{ ?topic zc:guardPhrase|zc:topicGuard ?name BIND("guard" AS ?why) }}
      UNION {{ ?topic skos:prefLabel|skos:altLabel|skos:hiddenLabel ?name BIND("words" AS ?why) }}
    }}
  }}
  FILTER(CONTAINS(LCASE(?said), LCASE(STR(?name))))
  BIND(STRLEN(STRBEFORE(LCASE(?said), LCASE(STR(?name)))) AS ?start)
  BIND(?start + STRLEN(STR(?name)) AS ?end)
  BIND(SUBSTR(?said, ?start + 1, ?end - ?start) AS ?quote)
}}"""
_BESIDE = f"""{_COLUMNS}{{
    SELECT DISTINCT ?thing WHERE {{
      VALUES ?topic {{ %topics% }}
      ?topic skos:broader ?parent . ?field skos:broader? ?parent . ?thing zc:belongsToIndustry|zc:belongsToTheme ?field
    }}
  }}
  ?mention zc:refersTo ?thing ; {_PLACE} BIND("beside" AS ?why)
}}"""
_MISSING = {
    "unit": "?anyDuty zc:task ?task",
    "deadline": "?task zc:hasDeadline ?anyDeadline",
    "target": "?task zc:hasTarget ?anyTarget",
    "task": "FILTER(true)",
}
"""What a notice may print for none of its tasks, so that it cannot answer what is asked of it."""


def subjects(question: Question) -> tuple[Topic, ...]:
    """The topics that tasks are asked to speak of."""
    return tuple(topic for each in question.conditions if isinstance(each, Involves) and not each.negated for topic in each.topics)


def routes(refs: Sequence[Ref], passages: Sequence[str]) -> str:
    """The query for the passages with the best route by which each speaks of a subject."""
    named = " ".join(str(NamedNode(passage)) for passage in passages)
    return f"{_PREFIXES}{_ROUTES}".replace("%topics%", iris(refs)).replace("%passages%", named)


def passages_of(tasks: Sequence[str]) -> str:
    """The query for the passages of tasks and of their targets."""
    named = " ".join(str(NamedNode(task)) for task in tasks)
    return (
        f"{_PREFIXES}SELECT DISTINCT ?task ?passage WHERE {{\n  VALUES ?task {{ {named} }}\n"
        "  { ?task zc:statedIn ?passage } UNION { ?task zc:hasTarget ?target . ?target zc:statedIn ?passage }\n}\nORDER BY ?task ?passage"
    )


def near_misses(refs: Sequence[Ref], *, wide: bool) -> tuple[str, ...]:
    """The queries for what comes near to a subject: words of it, and where it is ``wide`` words of other subjects of its class; phrases
    that hold its name and mean another thing, and its names where they are no hit; the fields beside it.

    One after another, for the engine reads a join of them anew for each passage.
    """
    subjects_ = _SUBJECTS.replace("%class%", _OF_CLASS if wide else "")
    return tuple(f"{_PREFIXES}{each}\nLIMIT {MOST}".replace("%topics%", iris(refs)) for each in (subjects_, _NAMES, _BESIDE))


def tasks_with(passages: Sequence[str]) -> str:
    """The query for the tasks whose own passage or whose targets' these are."""
    named = " ".join(str(NamedNode(passage)) for passage in passages)
    return (
        f"{_PREFIXES}SELECT DISTINCT ?passage ?task ?number ?order WHERE {{\n  VALUES ?passage {{ {named} }}\n"
        "  { ?task zc:statedIn ?passage } UNION { ?target zc:statedIn ?passage . ?task zc:hasTarget ?target }\n"
        "  ?task zc:number ?number ; zc:position ?order\n}\nORDER BY ?task"
    )


def warnings_of(notices: Sequence[str]) -> str:
    """The query for what was not read, or not surely, in these documents."""
    named = " ".join(str(NamedNode(each)) for each in notices)
    return (
        f"{_PREFIXES}SELECT ?notice ?code ?message ?number WHERE {{\n  VALUES ?notice {{ {named} }}\n"
        "  ?notice zc:warning ?warning . ?warning zc:message ?message . OPTIONAL { ?warning zc:warningCode ?code }\n"
        '  OPTIONAL { ?warning zc:warnedTask/zc:number ?number } FILTER(LANG(?message) IN ("", "zh"))\n}\n'
        f"ORDER BY ?notice ?code ?number\nLIMIT {NEAR}"
    )


def notices_of(tasks: Sequence[str]) -> str:
    """The query for the documents in which these tasks stand; of no tasks it asks for all documents."""
    only = f"VALUES ?task {{ {' '.join(str(NamedNode(task)) for task in tasks)} }} " if tasks else ""
    return f"{_PREFIXES}SELECT DISTINCT ?notice WHERE {{ {only}?notice zc:hasTask ?task }} ORDER BY ?notice LIMIT {MOST}"


def unable(question: Question) -> str:
    """The query for the documents that could not answer: they have no task, or none of their tasks has what is asked of it."""
    lacking = " UNION ".join(
        f"{{ ?notice a zc:Notice . BIND({Literal(part)} AS ?lacks) FILTER NOT EXISTS {{ ?notice zc:hasTask ?task . {_MISSING[part]} }} }}"
        for part in dict.fromkeys(("task", *_asked(question)))
    )
    return (
        f"{_PREFIXES}SELECT DISTINCT ?notice ?title ?lacks WHERE {{\n  {lacking}\n  OPTIONAL {{ ?notice dcterms:title ?title }}\n}}\n"
        f"ORDER BY ?notice ?lacks\nLIMIT {NEAR}"
    )


def _asked(question: Question) -> list[str]:
    """Which columns of a notice the question needs."""
    found = ["unit"] if question.wanted in {"unit", "first-unit", "pair"} else []
    found += [question.wanted] if question.wanted in {"deadline", "target"} else []
    return found + [part for each in (*question.conditions, *question.compared) for part in _needs(each)]


def _needs(condition: Condition) -> tuple[str, ...]:
    match condition:
        case Borne():
            return ("unit",)
        case Due():
            return ("deadline",)
        case Has(part) if part in _MISSING:
            return (part,)
        case Involves(column=column) if column.startswith(("target", "both")):
            return ("target",)
        case _:
            return ()
