"""The tasks of an answer and what was asked -> the query for the characters that make them answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode

from queries.ask.model import Borne, Involves, Question, Ref

MOST = 500
"""The pieces of evidence that are shown for one answer."""

_PASSAGE = "{ ?task zc:statedIn ?passage } UNION { ?task zc:hasTarget ?target . ?target zc:statedIn ?passage }"


def evidence(question: Question, tasks: Sequence[str]) -> str | None:
    """The query for task, quote, passage, start, end and status (``stated``, ``inferred``, ``words``); None where no words count."""
    branches = list(_branches(question))
    if not branches or not tasks:
        return None
    named = " ".join(str(NamedNode(task)) for task in tasks[:MOST])
    united = "\n  UNION ".join(f"{{ {branch} }}" for branch in branches)
    return (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nPREFIX zc: <https://w3id.org/zhengce/def#>\n"
        f"SELECT DISTINCT ?task ?number ?quote ?passage ?start ?end ?status WHERE {{\n  VALUES ?task {{ {named} }}\n  "
        f"?task zc:number ?number ; zc:position ?order .\n  {united}\n}}\nORDER BY ?order ?passage ?start\nLIMIT {MOST}"
    )


def _branches(question: Question) -> Iterator[str]:
    for condition in question.conditions:
        if isinstance(condition, Involves) and not condition.negated:
            for topic in condition.topics:
                if topic.refs:
                    yield _mentions(topic.refs)
                for words in topic.words if topic.refs else (topic.surface,):
                    yield _words(words)
        elif isinstance(condition, Borne) and not condition.negated:
            refs = [ref for topic in condition.units for ref in topic.refs]
            yield (
                f"VALUES ?unit {{ {_iris(refs)} }} ?duty zc:task ?task ; zc:bearer ?unit ; zc:passage ?passage ; zc:quote ?quote ; "
                'zc:start ?start ; zc:end ?end . BIND("stated" AS ?status)'
            )


def _mentions(refs: Sequence[Ref]) -> str:
    return (
        f"{_PASSAGE} ?mention a zc:Mention ; zc:passage ?passage ; zc:refersTo ?thing ; zc:quote ?quote ; zc:start ?start ; zc:end ?end . "
        f"VALUES ?topic {{ {_iris(refs)} }} "
        "?thing (zc:belongsToIndustry/skos:broader*|zc:belongsToTheme/skos:broader*|zc:locatedIn/zc:within*)? ?topic . "
        'BIND(IF(?thing = ?topic, "stated", "inferred") AS ?status)'
    )


def _words(words: str) -> str:
    literal = Literal(words)
    return (
        f"{_PASSAGE} ?passage zc:text ?said . FILTER(CONTAINS(LCASE(?said), LCASE({literal}))) "
        f"BIND(STRLEN(STRBEFORE(LCASE(?said), LCASE({literal}))) AS ?start) BIND(?start + STRLEN({literal}) AS ?end) "
        'BIND(SUBSTR(?said, ?start + 1, ?end - ?start) AS ?quote) BIND("words" AS ?status)'
    )


def _iris(refs: Sequence[Ref]) -> str:
    return " ".join(str(NamedNode(ref.iri)) for ref in refs)
