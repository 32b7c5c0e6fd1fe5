"""A store, turned into its description: VoID with a partition for each class and property and a link set for each graph that is linked to.

The description stands in ``graph/catalogue`` and does not count itself. Nodes are counted only where those
of one count fit in memory: of a large store it is not said how many different subjects and objects there are, nor how many nodes a very
large class has. See https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from ontology.names import BASE, DCAT, DCTERMS, DEF, GRAPH, ID, PREFIXES, RDFS, TYPE, VOID, shortened

DATASET = ID["dataset/zhengce"]
"""The data set of a service: everything its endpoint answers from."""

_TITLES = {"zh": "政策知识图谱", "en": "Zhengce, a graph of policy tasks"}
_WHOLE = 1_000_000
"""Of a store with more triples it is not said how many nodes it has: to tell them apart takes some 100 bytes each."""
_CLASS = 10_000_000
"""The same for a class, with its statements; the pages show these counts."""
_OURSELVES = f"FILTER(!sameTerm(?graph, {GRAPH['catalogue']}))"
_CLASSES = f"SELECT ?term (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?s a ?term }} {_OURSELVES} }} GROUP BY ?term ORDER BY ?term"
_PROPERTIES = f"SELECT ?term (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?s ?term ?o }} {_OURSELVES} }} GROUP BY ?term ORDER BY ?term"
_NODES = f"SELECT (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} {_OURSELVES} }}"

_LINKS = f"""
PREFIX zc: <{DEF}>
SELECT ?scheme ?predicate (COUNT(*) AS ?n) WHERE {{
  GRAPH ?graph {{ ?link a zc:Link ; zc:scheme ?scheme ; zc:from ?from ; zc:to ?to . ?from ?predicate ?to }}
  FILTER(?graph = {GRAPH["links"]} || STRSTARTS(STR(?graph), "{GRAPH["links/"].value}"))
}} GROUP BY ?scheme ?predicate ORDER BY ?scheme ?predicate
"""


def void_triples(store: Store, endpoint: str = f"{BASE}sparql", whole: int = _WHOLE, class_: int = _CLASS) -> Iterator[Triple]:
    """The description of what the store holds now; it goes into ``graph/catalogue``. The numbers are limits."""
    yield from _dataset(NamedNode(endpoint))
    properties = tuple(_rows(store, _PROPERTIES))
    triples = sum(int(count.value) for _, count in properties)
    classes = tuple(_rows(store, _CLASSES))
    yield Triple(DATASET, VOID["triples"], Literal(triples))
    if triples <= whole:
        ((subjects, objects),) = _rows(store, _NODES)
        yield Triple(DATASET, VOID["distinctSubjects"], _number(subjects))
        yield Triple(DATASET, VOID["distinctObjects"], _number(objects))
    yield Triple(DATASET, VOID["classes"], Literal(len(classes)))
    yield Triple(DATASET, VOID["properties"], Literal(len(properties)))
    for term, count in classes:
        node = _partition("class", term)
        yield Triple(DATASET, VOID["classPartition"], node)
        yield Triple(node, VOID["class"], term)
        if int(count.value) <= class_:
            ((entities,),) = _rows(store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ GRAPH ?graph {{ ?s a {term} }} {_OURSELVES} }}")
            yield Triple(node, VOID["entities"], _number(entities))
    for term, count in properties:
        node = _partition("property", term)
        yield Triple(DATASET, VOID["propertyPartition"], node)
        yield Triple(node, VOID["property"], term)
        yield Triple(node, VOID["triples"], _number(count))
    yield from _linksets(store)


def _linksets(store: Store) -> Iterator[Triple]:
    """A link set for each property by which things are linked to each of the graphs that ``graph/links`` and those below it name; links
    that state no triple (codes of classifications without addresses) belong to none."""
    for scheme, predicate, count in _rows(store, _LINKS):
        if not isinstance(predicate, NamedNode):
            continue
        target = ID[f"dataset/zhengce/target/{_slug(scheme.value)}"]
        node = ID[f"dataset/zhengce/linkset/{_slug(scheme.value)}-{_slug(shortened(predicate))}"]
        yield Triple(DATASET, VOID["subset"], node)
        yield Triple(node, TYPE, VOID["Linkset"])
        yield Triple(node, VOID["linkPredicate"], predicate)
        yield Triple(node, VOID["subjectsTarget"], DATASET)
        yield Triple(node, VOID["objectsTarget"], target)
        yield Triple(node, VOID["triples"], _number(count))
        yield Triple(node, DCTERMS["title"], Literal(f"{scheme.value} ({shortened(predicate)})"))
        yield Triple(target, TYPE, VOID["Dataset"])
        yield Triple(target, DCTERMS["title"], Literal(scheme.value))


def _slug(text: str) -> str:
    """A name as a part of an address.

    >>> _slug("Who's On First"), _slug("skos:exactMatch")
    ('who-s-on-first', 'skos-exactmatch')
    """
    return "-".join("".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower()).split())


def _dataset(endpoint: NamedNode) -> Iterator[Triple]:
    """What does not depend on what the store holds."""
    for type_ in (VOID["Dataset"], DCAT["Dataset"]):
        yield Triple(DATASET, TYPE, type_)
    for language, title in _TITLES.items():
        yield Triple(DATASET, DCTERMS["title"], Literal(title, language=language))
    yield Triple(DATASET, VOID["sparqlEndpoint"], endpoint)
    yield Triple(DATASET, VOID["uriSpace"], Literal(str(ID)))
    yield Triple(DATASET, VOID["vocabulary"], NamedNode(DEF.removesuffix("#")))
    service = ID["dataset/zhengce/sparql"]
    yield Triple(service, TYPE, DCAT["DataService"])
    yield Triple(service, DCAT["servesDataset"], DATASET)
    yield Triple(service, DCAT["endpointURL"], endpoint)
    yield Triple(service, RDFS["label"], Literal("SPARQL"))


def _partition(kind: str, term: NamedNode | Literal) -> NamedNode:
    """The name of a partition: the prefix and the name of its term, or its whole IRI where no prefix of ours fits."""
    iri = term.value
    prefix, space = max(((prefix, space) for prefix, space in PREFIXES.items() if iri.startswith(space)), default=("", ""), key=_length)
    name = f"{prefix}-{iri.removeprefix(space)}" if prefix else iri.partition("://")[2]
    safe = "".join(letter if letter.isalnum() or letter in "-._" else "-" for letter in name)
    return ID[f"dataset/zhengce/{kind}/{safe}"]


def _length(key_and_text: tuple[str, str]) -> int:
    return len(key_and_text[1])


def _number(term: NamedNode | Literal) -> Literal:
    return Literal(int(term.value))


def _rows(store: Store, query: str) -> Iterator[tuple[NamedNode | Literal, ...]]:
    answer = store.query(query)
    if isinstance(answer, QuerySolutions):
        for row in answer:
            yield tuple(term for term in row if isinstance(term, NamedNode | Literal))
