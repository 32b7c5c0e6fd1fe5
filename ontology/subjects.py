"""The tables of subjects -> triples: topics, subject classes of government information, industrial classifications.

Each table is a SKOS scheme with its notations; ``vocabulary/schemes.csv`` says what a scheme is and where it was taken from. A topic whose
``concept`` is an industry or a theme of ours is that concept: it gets no node of its own, and its words count for topics alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from csv import DictReader
from importlib.resources import files as package

from pyoxigraph import Literal, NamedNode, Triple

from ontology import terms
from ontology.names import DCTERMS, ID, SKOS, TYPE

TABLES = ("schemes.csv", "topics.csv", "topic_definitions.csv", "subject_classes.csv", "gbt4754.csv", "strategic_industries.csv")
_EXACT, _BROAD, _NARROW, _RELATED = (SKOS[f"{name}Match"] for name in ("exact", "broad", "narrow", "related"))
_GBT = "gbt4754-2017"
_STRATEGIC = "strategic-2018"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of ``vocabulary/``, by column head."""
    yield from DictReader(package("ontology").joinpath("vocabulary", name).read_text(encoding="utf-8").splitlines())


def topics() -> Iterator[dict[str, str]]:
    """The topics, one row each, by column head; several values of a cell are joined by semicolons.

    >>> next(topics())["zh"]
    '教育'
    """
    return rows("topics.csv")


def values(row: dict[str, str], head: str) -> tuple[str, ...]:
    """The values of a cell.

    >>> values({"gbt4754": "832;833"}, "gbt4754"), values({"gbt4754": ""}, "gbt4754")
    (('832', '833'), ())
    """
    return tuple(each for each in row[head].split(";") if each)


def topic_node(row: dict[str, str]) -> NamedNode:
    """The node of a topic: the concept that it is, or one of its own.

    >>> [topic_node(row) for row in topics()][:2]
    [<NamedNode value=https://w3id.org/zhengce/id/industry/education>, <NamedNode value=https://w3id.org/zhengce/id/topic/preschool-education>]
    """
    return ID[row["concept"] or f"topic/{row['key']}"]


def subject_class(code: str) -> NamedNode:
    """The node of a subject class of government information."""
    return ID[f"subject-class/{code}"]


def subjects() -> Iterator[Triple]:
    """Topics and subject classes with their names, what is broader, and which class holds which topic: what a notice is read with."""
    yield from _scheme("topics")
    all_ = tuple(topics())
    nodes = {row["key"]: topic_node(row) for row in all_}
    own = {nodes[row["key"]] for row in all_ if not row["concept"]}
    classes = {row["code"]: row["zh"] for row in rows("subject_classes.csv")}
    for row in all_:
        node, broader = nodes[row["key"]], nodes.get(row["broader"])
        if not row["concept"]:
            yield from _concept(node, terms.Topic, row, "topics", broader if broader in own else None)
        if broader is not None:
            yield Triple(node, terms.broaderTopic, broader)
        if code := row["subject_class"]:
            yield Triple(node, _EXACT if classes[code] in _names(row) else _BROAD, subject_class(code))
    yield from _scheme("subject-classes")
    for row in rows("subject_classes.csv"):
        node = subject_class(row["code"])
        yield from _concept(node, terms.SubjectClass, row, "subject-classes", subject_class(row["parent"]) if row["parent"] else None)
        yield Triple(node, SKOS["notation"], Literal(row["code"]))


def classifications(links: Iterable[Triple]) -> Iterator[Triple]:
    """What is published and no notice is read with: the industrial classifications, whole; the words of topics; the top concepts of
    schemes; what of ours stands beside what, by curated links where there are."""
    yield from _gbt4754()
    yield from _strategic()
    for row in topics():
        yield from _words(row)
    nodes = {row["key"]: topic_node(row) for row in topics()}
    for row in rows("topic_definitions.csv"):
        yield from (Triple(nodes[row["key"]], SKOS["definition"], Literal(row[each], language=each)) for each in ("zh", "en"))
    curated = tuple(_linked(links))
    linked = {(triple.subject, triple.object) for triple in curated}
    yield from curated
    yield from (triple for triple in _placed() if (triple.subject, triple.object) not in linked)


def _gbt4754() -> Iterator[Triple]:
    yield from _scheme(_GBT)
    for row in rows("gbt4754.csv"):
        node, parent = _industry_class(_GBT, row["code"]), row["parent"]
        yield from _concept(node, terms.IndustryClass, row, _GBT, _industry_class(_GBT, parent) if parent else None)
        yield from _industry(node, row, values(row, "variants"))


def _strategic() -> Iterator[Triple]:
    met: set[str] = set()
    for row in rows("strategic_industries.csv"):
        scheme, parent = row["scheme"], row["parent"]
        if scheme not in met:
            met.add(scheme)
            yield from _scheme(scheme)
        node = _industry_class(scheme, row["code"])
        yield from _concept(node, terms.IndustryClass, row, scheme, _industry_class(scheme, parent) if parent else None)
        yield from _industry(node, row, values(row, "aliases"))


def _industry(node: NamedNode, row: dict[str, str], names: Iterable[str]) -> Iterator[Triple]:
    yield Triple(node, TYPE, SKOS["Concept"])
    yield Triple(node, SKOS["notation"], Literal(row["code"]))
    yield from (Triple(node, SKOS["altLabel"], Literal(name, language="zh")) for name in names)


def _words(row: dict[str, str]) -> Iterator[Triple]:
    """The words of a topic; those of a concept that is an industry or a theme as well count for the topic alone."""
    node, own = topic_node(row), not row["concept"]
    label, guard = (SKOS["altLabel"], terms.guardPhrase) if own else (terms.topicLabel, terms.topicGuard)
    names = values(row, "aliases") if own else (row["zh"], *values(row, "aliases"))
    yield from (Triple(node, label, Literal(name, language="zh")) for name in names)
    yield from (Triple(node, guard, Literal(phrase, language="zh")) for phrase in values(row, "guard_phrases"))


def _industry_class(scheme: str, code: str) -> NamedNode:
    return ID[f"industry-class/{scheme}/{code}"]


def _scheme(key: str) -> Iterator[Triple]:
    row = next(row for row in rows("schemes.csv") if row["key"] == key)
    node = ID[f"scheme/{key}"]
    yield Triple(node, TYPE, SKOS["ConceptScheme"])
    for language in ("zh", "en"):
        yield Triple(node, SKOS["prefLabel"], Literal(row[language], language=language))
        yield Triple(node, DCTERMS["description"], Literal(row[f"description_{language}"], language=language))
    yield from (Triple(node, DCTERMS["source"], Literal(source)) for source in values(row, "sources"))


def _concept(node: NamedNode, class_: NamedNode, row: dict[str, str], scheme: str, broader: NamedNode | None) -> Iterator[Triple]:
    yield Triple(node, TYPE, class_)
    yield from (Triple(node, SKOS["prefLabel"], Literal(row[each], language=each)) for each in ("zh", "en") if row[each])
    yield Triple(node, SKOS["inScheme"], ID[f"scheme/{scheme}"])
    if broader is not None:
        yield Triple(node, SKOS["broader"], broader)
    else:
        yield Triple(node, SKOS["topConceptOf"], ID[f"scheme/{scheme}"])
        yield Triple(ID[f"scheme/{scheme}"], SKOS["hasTopConcept"], node)


def _placed() -> Iterator[Triple]:
    """What topics stand beside: concepts of ours, and classes of industrial classifications (exact where the names are the same; else no
    direction is claimed)."""
    names = {_industry_class(_GBT, row["code"]): row["zh"] for row in rows("gbt4754.csv")}
    known = {row["code"] for row in rows("gbt4754.csv")} | {row["code"] for row in rows("strategic_industries.csv")}
    names |= {_industry_class(row["scheme"], row["code"]): row["zh"] for row in rows("strategic_industries.csv")}
    nodes = {row["key"]: topic_node(row) for row in topics()}
    own = {row["key"] for row in topics() if not row["concept"]}
    for row in topics():
        node, broader = topic_node(row), row["broader"]
        beside = [(_BROAD, nodes[broader])] if broader and not {row["key"], broader} <= own else []
        for match, head in ((_BROAD, "broad_match"), (_NARROW, "narrow_match"), (_RELATED, "related_match")):
            beside += [(match, ID[key]) for key in values(row, head)]
        for match, other in beside:
            if _kind(node) != _kind(other):
                yield Triple(node, match, other)
            elif match == _RELATED:
                yield Triple(node, SKOS["related"], other)
        for scheme, head in ((_GBT, "gbt4754"), (_STRATEGIC, "strategic")):
            for code in values(row, head):
                place = _industry_class(scheme, code if code in known else _without_section(code))
                yield Triple(node, _EXACT if names[place] in _names(row) else _RELATED, place)


def _kind(node: NamedNode) -> str:
    """The scheme that a concept of ours stands in. Within one scheme nothing is mapped (SKOS reference, 10.6.1); broader topics say what
    is wider there."""
    return ID.local(node).partition("/")[0]


def _names(row: dict[str, str]) -> frozenset[str]:
    return frozenset((row["zh"], *values(row, "aliases")))


def _linked(links: Iterable[Triple]) -> Iterator[Triple]:
    """The classes of GB/T 4754-2017 that curated links give by their codes, as direct statements of the strength of the link."""
    said: dict[object, dict[NamedNode, object]] = {}
    for triple in links:
        said.setdefault(triple.subject, {})[triple.predicate] = triple.object
    known = {row["code"] for row in rows("gbt4754.csv")}
    strengths: dict[str, NamedNode] = {"exact": SKOS["closeMatch"], "close": SKOS["closeMatch"], "broad": _BROAD}
    for link in said.values():
        scheme, code, start = (link.get(name) for name in (terms.scheme, terms.identifier, terms.from_))
        strength = strengths.get(ID.local(link.get(terms.matchKind)).removeprefix("match/"))
        if (
            scheme == Literal("GB/T 4754-2017")
            and isinstance(code, Literal)
            and _without_section(code.value) in known
            and strength is not None
        ):
            assert isinstance(start, NamedNode)
            yield Triple(start, strength, _industry_class(_GBT, _without_section(code.value)))


def _without_section(code: str) -> str:
    """A code as the table has it: C2682 is 2682, C is a section."""
    return code[1:] if len(code) > 1 else code
