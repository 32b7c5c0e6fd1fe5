"""The tasks of an answer, its things and what was asked -> the queries for the characters that make them answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode

from queries.ask.model import (
    Borne,
    BorneLike,
    Condition,
    Counted,
    CountsOf,
    Doing,
    Has,
    InGroup,
    Involves,
    Marked,
    Measured,
    NamedDistrictsListed,
    OfKind,
    Question,
    Ref,
)
from queries.ask.patterns import printed, refs_of, words_of

MOST = 500
"""The pieces of evidence that are shown for one answer."""

_PASSAGE = "{ ?task zc:statedIn ?passage } UNION { ?task zc:hasTarget ?target . ?target zc:statedIn ?passage }"
_WHERE = "zc:passage ?passage ; zc:quote ?quote ; zc:start ?start ; zc:end ?end ."
_WHOLE = "?passage zc:text ?quote . BIND(0 AS ?start) BIND(STRLEN(?quote) AS ?end)"
_DUTY = f"?duty zc:task ?task ; zc:bearer ?unit ; {_WHERE}"
_SAID = (
    "{ ?task zc:statedIn ?passage . BIND(?task AS ?commitment) } UNION "
    "{ ?task zc:hasTarget ?commitment . ?commitment zc:statedIn ?passage } "
    "?said rdf:subject ?commitment ; rdf:object ?mark ; zc:quote ?quote ; zc:start ?start ; zc:end ?end ."
)
_MENTION = f"{_PASSAGE} ?mention a zc:Mention ; zc:refersTo ?thing ; {_WHERE}"
_OF_TASK = f"{{{{ ?task {{0}} ?part . ?part {_WHERE} }}}} UNION {{{{ ?task zc:hasTarget/{{0}} ?part . ?part {_WHERE} }}}}"
"""The place is asked for in each branch: behind the union the engine joins it with all evidence there is, 2 s against 2 ms."""
_PARTS = {
    "quantity": _OF_TASK.format("zc:hasQuantity"),
    "milestone": _OF_TASK.format("zc:hasMilestone"),
    "deadline": f"?task zc:hasDeadline ?part . ?part {_WHERE}",
    "document": f"{_PASSAGE} ?part a zc:Reference ; {_WHERE}",
    "unit": _DUTY,
    "first-unit": _DUTY,
    "later-unit": _DUTY,
    "pair": _DUTY,
    "target": f"?task zc:hasTarget ?target . ?target zc:statedIn ?passage . {_WHOLE}",
    "district": f"{{ {_MENTION} ?thing a zc:District }} UNION {{ {_DUTY} ?unit zc:jurisdiction ?thing }}",
    "place": f"{_MENTION} ?thing a zc:Place .",
    "platform": f"{_MENTION} ?thing zc:platformKind ?anyKind .",
    "technology": f"{_MENTION} ?thing a zc:Technology .",
    "instrument": f"{_MENTION} ?thing a zc:Instrument .",
    "thing": _MENTION,
    "stage": f"{_MENTION} ?thing zc:platformStatus ?anyStatus .",
    "industry": f"{_MENTION} ?thing zc:belongsToIndustry ?field .",
    "theme": f"{_MENTION} ?thing zc:belongsToTheme ?field .",
}
"""Where a part of a task stands."""
_PARTS["city"] = _PARTS["province"] = f"{_DUTY} ?unit zc:division/zc:within* ?thing ."
_NAME = {"unit": "?unit", "first-unit": "?unit", "later-unit": "?unit", "pair": "?unit", "industry": "?field", "theme": "?field"}
"""What names the thing that is wanted; ``?part`` is a thing of the notice, ``?thing`` one that it names."""
_TEXT = f"?task zc:statedIn ?passage . {_WHOLE}"


def evidence(question: Question, tasks: Sequence[str], things: Sequence[str] = ()) -> str | None:
    """The query for task, quote, passage, start, end and status; ``things`` are those of the answer, where it has any.

    ``stated``: the words say it, ``linked``: they name a thing that belongs to it, ``inferred``: they say something narrower,
    ``words``: they are the words asked for, ``examined``: they were looked at for what is not there. None where no words count.
    """
    return _selected([*_wanted(question, things), *_branches(question)], tasks)


def texts(tasks: Sequence[str]) -> str | None:
    """The query for the whole text of tasks, for those of which no single words make them answers."""
    return _selected([_bound(_TEXT, "examined")], tasks)


def _selected(branches: Sequence[str], tasks: Sequence[str]) -> str | None:
    if not branches or not tasks:
        return None
    named = " ".join(str(NamedNode(task)) for task in tasks[:MOST])
    united = "\n  UNION ".join(f"{{ {branch} }}" for branch in branches)
    return (
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nPREFIX zc: <https://w3id.org/zhengce/def#>\n"
        f"SELECT DISTINCT ?task ?number ?quote ?passage ?start ?end ?status ?heading ?line ?page WHERE {{\n  VALUES ?task {{ {named} }}\n  "
        f"?task zc:number ?number ; zc:position ?order .\n  {united}\n"
        "  OPTIONAL { ?passage zc:heading ?heading } OPTIONAL { ?passage zc:line ?line } OPTIONAL { ?passage zc:page ?page }\n"
        f"}}\nORDER BY ?order ?passage ?start\nLIMIT {MOST}"
    )


def _wanted(question: Question, things: Sequence[str]) -> Iterator[str]:
    """Where the things of the answer stand."""
    pattern = _PARTS.get(question.wanted)
    if pattern is not None:
        name = _NAME.get(question.wanted, "?thing" if "?thing" in pattern else "?part" if "?part" in pattern else "?target")
        only = f" VALUES {name} {{ {' '.join(str(NamedNode(each)) for each in things)} }}" if things else ""
        yield _bound(pattern + only, "stated")


def _branches(question: Question) -> Iterator[str]:
    for condition in question.conditions:
        yield from _branch(condition)


def _branch(condition: Condition) -> Iterator[str]:
    match condition:
        case Involves(topics, negated=False):
            if condition.column == "named":
                named = _iris(refs_of(topics))
                yield _bound(f"VALUES ?district {{ {named} }} ?unit zc:jurisdiction ?district . {_DUTY}", "stated")
            for topic in topics:
                if subjects := [ref for ref in topic.refs if ref.kind == "topic"]:
                    yield _subjects(subjects)
                if things := [ref for ref in topic.refs if ref.kind not in {"topic", "subject-class"}]:
                    yield _mentions(things)
                for words in words_of(topic):
                    yield _words(words)
        case Borne(units, other=other, negated=False):
            topics = (*units, other) if other else units
            yield _bound(f"VALUES ?unit {{ {_iris([ref for topic in topics for ref in topic.refs])} }} {_DUTY}", "stated")
        case BorneLike():
            yield _bound(_DUTY, "examined")
        case Borne() | NamedDistrictsListed():
            yield _bound(_DUTY, "examined")
            if isinstance(condition, NamedDistrictsListed):
                yield _bound(f"{_MENTION} ?thing a zc:District .", "stated")
        case _:
            yield from _of_parts(condition)


def _of_parts(condition: Condition) -> Iterator[str]:
    match condition:
        case OfKind(concepts) if concepts[0].kind == "agency-kind":
            yield _bound(_DUTY, "examined")
        case OfKind(concepts, negated=False):
            prop = "zc:platformStatus" if concepts[0].kind == "status" else "zc:platformKind"
            yield _bound(f"VALUES ?kind {{ {_iris(concepts)} }} {_MENTION} ?thing {prop} ?kind .", "stated")
        case Has(part, negated=False) | Counted(part):
            yield _bound(_PARTS[part], "stated")
        case Marked(concepts, negated=False):
            yield _bound(f"VALUES ?mark {{ {_iris(refs_of(concepts))} }} {_SAID}", "stated")
        case Doing(actions):
            yield _bound(f"VALUES ?action {{ {_iris(actions)} }} {_PARTS['milestone']} ?part zc:action ?action .", "stated")
        case CountsOf(things) if words := [word for thing in things if not thing.refs for word in words_of(thing)]:
            yield _bound(f"{_PARTS['quantity']} ?part zc:counts ?counts . FILTER({printed('?counts', words)})", "stated")
        case CountsOf(things):
            yield _bound(f"VALUES ?part {{ {_iris(refs_of(things))} }} {_PARTS['quantity']}", "stated")
        case Measured():
            yield _bound(_PARTS["quantity"], "stated")
        case InGroup():
            yield _bound(_TEXT, "stated")


def _bound(pattern: str, status: str) -> str:
    return f"{pattern} BIND({Literal(status)} AS ?status)"


def _subjects(refs: Sequence[Ref]) -> str:
    """The words by which a subject was recognised."""
    return (
        f"{_PASSAGE} ?mention a zc:TopicMention ; zc:namesTopic ?narrower ; {_WHERE} VALUES ?topic {{ {_iris(refs)} }} "
        "?narrower zc:broaderTopic* ?topic . "
        'BIND(IF(?narrower = ?topic, "stated", "inferred") AS ?status)'
    )


def _mentions(refs: Sequence[Ref]) -> str:
    return (
        f"{_MENTION} VALUES ?topic {{ {_iris(refs)} }} "
        "?thing (zc:belongsToIndustry/skos:broader*|zc:belongsToTheme/skos:broader*|zc:locatedIn/zc:within*)? ?topic . "
        'BIND(IF(?thing = ?topic, "stated", IF(EXISTS { ?thing zc:belongsToIndustry|zc:belongsToTheme|zc:locatedIn ?topic }, "linked", '
        '"inferred")) AS ?status)'
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
