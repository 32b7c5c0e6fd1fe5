"""A proof, turned into PROV-O: each triple an ``rdf:Statement`` derived from others by an axiom, or quoted from what states it."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from graph.proofs.proof_search import Proof
from graph.proofs.render import Told
from ontology import terms
from ontology.names import BASE, DCTERMS, PREFIXES, PROV, RDF, RDFS, TYPE, XSD

_PREFIXES = ("dcterms", "owl", "prov", "rdf", "rdfs", "skos", "xsd", "zc")


def turtle(proof: Proof, said: Told) -> bytes:
    """The proof as Turtle; ``said`` is what was told of it."""
    return serialize(triples(proof, said), format=RdfFormat.TURTLE, prefixes={name: PREFIXES[name] for name in _PREFIXES}) or b""


def triples(proof: Proof, said: Told) -> Iterator[Triple]:
    """The proof as triples, those of one subject together. A triple of the proof that is used twice is one statement."""
    found: dict[object, dict[Triple, None]] = {}
    for triple in _Writer().statement(proof, said):
        found.setdefault(triple.subject, {})[triple] = None
    for of_subject in found.values():
        yield from of_subject


class _Writer:
    def __init__(self) -> None:
        self._names: dict[object, BlankNode] = {}
        self._written: set[BlankNode] = set()

    def _name(self, thing: object) -> BlankNode:
        return self._names.setdefault(thing, BlankNode(f"b{len(self._names) + 1}"))

    def statement(self, proof: Proof, said: Told) -> Iterator[Triple]:
        node = self._name(proof.triple)
        if node in self._written:
            return
        self._written.add(node)
        yield from _reified(node, proof.triple)
        if proof.axiom is None:
            if said["status"] == "read":
                yield from self._read(node, proof, said)
            else:
                yield from self._stated(node, proof, said["evidence"])
            return
        activity, axiom = self._name((proof.triple, "derivation")), self._name(proof.axiom)
        association = self._name((proof.triple, "association"))
        yield Triple(node, PROV["wasGeneratedBy"], activity)
        yield Triple(activity, TYPE, PROV["Activity"])
        yield Triple(activity, PROV["qualifiedAssociation"], association)
        yield Triple(association, TYPE, PROV["Association"])
        yield Triple(association, PROV["agent"], NamedNode(BASE))
        yield Triple(association, PROV["hadPlan"], axiom)
        yield from self._axiom(axiom, proof.axiom.source, said["axiom"])
        for premise, told in zip(proof.premises, said["premises"], strict=True):
            yield Triple(node, PROV["wasDerivedFrom"], self._name(premise.triple))
            yield Triple(activity, PROV["used"], self._name(premise.triple))
            yield from self.statement(premise, told)

    def _axiom(self, node: BlankNode, source: Triple, said: Told) -> Iterator[Triple]:
        if node in self._written:
            return
        self._written.add(node)
        yield Triple(node, TYPE, PROV["Plan"])
        yield from _reified(node, source)
        yield Triple(node, PROV["value"], Literal(said["text"]["short"]))
        for language in ("zh", "en"):
            yield Triple(node, RDFS["label"], Literal(f"{said['name'][language]}: {said['text'][language]}", language=language))

    def _read(self, node: BlankNode, proof: Proof, said: Told) -> Iterator[Triple]:
        """What a rule reads: made by an activity that follows the rule and uses the characters it starts from."""
        activity, association = self._name((proof.triple, "reading")), self._name((proof.triple, "association"))
        yield Triple(node, PROV["wasGeneratedBy"], activity)
        yield Triple(activity, TYPE, PROV["Activity"])
        yield Triple(activity, PROV["qualifiedAssociation"], association)
        yield Triple(association, TYPE, PROV["Association"])
        yield Triple(association, PROV["agent"], NamedNode(BASE))
        yield Triple(association, PROV["hadPlan"], NamedNode(said["rule"]["value"]))
        yield Triple(NamedNode(said["rule"]["value"]), TYPE, PROV["Plan"])
        for basis in said["bases"]:
            yield Triple(activity, PROV["used"], NamedNode(basis["node"]))
            yield from self._quoted(node, basis)

    def _stated(self, node: BlankNode, proof: Proof, evidence: Told | None) -> Iterator[Triple]:
        for graph in proof.graphs:
            if isinstance(graph, NamedNode):
                yield Triple(node, PROV["hadPrimarySource"], graph)
        if evidence is None:
            return
        if evidence["kind"] in {"quote", "passage"}:
            yield from self._quoted(node, evidence)
        elif evidence["kind"] == "link":
            yield Triple(node, PROV["wasDerivedFrom"], NamedNode(evidence["link"]))
            if evidence["source"]:
                yield Triple(NamedNode(evidence["link"]), DCTERMS["source"], Literal(evidence["source"]))

    def _quoted(self, node: BlankNode, evidence: Told) -> Iterator[Triple]:
        source, passage = NamedNode(evidence["node"]), NamedNode(evidence["passage"])
        yield Triple(node, PROV["wasDerivedFrom"], source)
        yield Triple(source, TYPE, PROV["Entity"])
        yield Triple(source, PROV["value"], Literal(evidence["quote"]))
        if source != passage:
            yield Triple(source, PROV["wasQuotedFrom"], passage)
            yield Triple(source, terms.start, Literal(str(evidence["start"]), datatype=XSD["integer"]))
            yield Triple(source, terms.end, Literal(str(evidence["end"]), datatype=XSD["integer"]))
        line, column = evidence["line"], evidence["column"]
        yield Triple(source, RDFS["label"], Literal(f"第 {line} 行第 {column} 列", language="zh"))
        yield Triple(source, RDFS["label"], Literal(f"line {line}, column {column}", language="en"))
        if evidence["notice"]:
            yield Triple(passage, DCTERMS["isPartOf"], NamedNode(evidence["notice"]))


def _reified(node: BlankNode, triple: Triple) -> Iterator[Triple]:
    yield Triple(node, TYPE, PROV["Entity"])
    yield Triple(node, TYPE, RDF["Statement"])
    yield Triple(node, RDF["subject"], triple.subject)
    yield Triple(node, RDF["predicate"], triple.predicate)
    yield Triple(node, RDF["object"], triple.object)
