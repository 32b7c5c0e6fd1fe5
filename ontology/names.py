"""Where IRIs begin: namespaces of the vocabularies that the graph uses, and the addresses of our own terms, things and graphs."""

from __future__ import annotations

from pyoxigraph import NamedNode


class Namespace(str):
    """The beginning of IRIs; ``SKOS["prefLabel"]`` is one of them as a node.

    >>> Namespace("http://example.org/#")["name"]
    <NamedNode value=http://example.org/#name>
    """

    __slots__ = ()

    def __getitem__(self, name: str) -> NamedNode:  # type: ignore[override]
        return NamedNode(str(self) + name)

    def local(self, node: object) -> str:
        """What follows the beginning in the IRI of a node; nothing if it begins otherwise."""
        value = node.value if isinstance(node, NamedNode) else ""
        return value[len(self) :] if value.startswith(self) else ""


BASE = "https://w3id.org/zhengce/"
DEF = Namespace(f"{BASE}def#")
"""Our terms: classes and properties."""
ID = Namespace(f"{BASE}id/")
"""Things: ``ID["district/pudong"]``."""
GRAPH = Namespace(f"{BASE}graph/")
"""Named graphs: ``GRAPH["notice/huzhiban-2026-2"]``."""
COMPARISONS = GRAPH["comparisons"]
"""The graph of what is read by comparing notices."""

CNT = Namespace("http://www.w3.org/2011/content#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
OA = Namespace("http://www.w3.org/ns/oa#")
ORG = Namespace("http://www.w3.org/ns/org#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PPLAN = Namespace("http://purl.org/net/p-plan#")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA = Namespace("https://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
VOID = Namespace("http://rdfs.org/ns/void#")
WGS84 = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

TYPE = RDF["type"]
"""rdf:type, which every module needs."""

PREFIXES: dict[str, str] = {
    "cnt": CNT,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "eli": ELI,
    "geo": GEO,
    "id": ID,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "p-plan": PPLAN,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sh": SH,
    "skos": SKOS,
    "void": VOID,
    "wgs84": WGS84,
    "xsd": XSD,
    "zc": DEF,
}
"""The prefixes under which our Turtle, our queries and our pages write these."""


def shortened(node: NamedNode) -> str:
    """An IRI as people type it: a key for a thing, a prefixed name for a term.

    >>> shortened(DEF["Task"]), shortened(ID["industry/aviation"]), shortened(NamedNode("urn:x"))
    ('zc:Task', 'industry/aviation', 'urn:x')
    """
    if key := ID.local(node):
        return key
    fitting = [(namespace, prefix) for prefix, namespace in PREFIXES.items() if node.value.startswith(namespace)]
    if not fitting:
        return node.value
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{node.value[len(namespace) :]}"
