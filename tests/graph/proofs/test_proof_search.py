"""Proofs: of small graphs, and of everything that follows from the notice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from pyoxigraph import Store as Engine

from api.publication.publish import Built, Knowledge
from graph.errors import LimitError, NotProvableError
from graph.proofs.proof_search import INFERRED, Proof, SearchLimits, axioms, falling, proofs, prove
from graph.reasoning.inference import Background, Rules, infer, prepare, rules
from ontology import terms
from ontology.names import GRAPH, ID, PREFIXES, TYPE

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + "@prefix : <urn:x:> .\n"
TASK = ID["notice/huzhiban-2026-2/task/9"]


@dataclass(frozen=True)
class Shipped:
    """The shipped notice: the axioms, its facts, what follows, and a store that holds it all."""

    background: Background
    facts: tuple[Triple, ...]
    inferred: tuple[Triple, ...]
    engine: Engine
    readings: tuple[Triple, ...] = ()
    """What a rule reads: no fact, but more follows from it."""

    @property
    def rules(self) -> Rules:
        return self.background.rules


@pytest.fixture(scope="module")
def shipped(known: Knowledge, notice: Built, dataset: Engine) -> Shipped:
    key = notice.reading.key
    stated, inferred, readings = (notice.graphs[GRAPH[f"{graph}/{key}"]] for graph in ("notice", "inferred", "readings"))
    return Shipped(known.background, stated, inferred, dataset, readings)


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(f"{HEAD}{turtle} .", RdfFormat.TURTLE)]


def triple(turtle: str) -> Triple:
    return triples(turtle)[0]


def engine_of(graphs: dict[str, Iterable[Triple]]) -> Engine:
    engine = Engine()
    for name, held in graphs.items():
        engine.extend(Quad(one.subject, one.predicate, one.object, GRAPH[name]) for one in held)
    return engine


def store(ontology: str, facts: str) -> tuple[Engine, Rules]:
    """A store of the facts and what follows from them."""
    read = rules(triples(ontology))
    return engine_of({"notice/k": triples(facts), "inferred/k": infer(read, triples(facts))}), read


def steps(proof: Proof) -> Iterator[Proof]:
    if proof.axiom:
        yield proof
    for premise in proof.premises:
        yield from steps(premise)


def test_stated_triple_is_proved_by_its_graph() -> None:
    engine, read = store(":A rdfs:subClassOf :B", ":x a :A")
    assert prove(engine, read, triple(":x a :A")) == Proof(triple(":x a :A"), graphs=(GRAPH["notice/k"],))


def test_inferred_triple_is_proved_by_axiom_and_premises() -> None:
    engine, read = store(":r owl:propertyChainAxiom ( :p [ owl:inverseOf :q ] )", ":x :p :y . :z :q :y")
    proof = prove(engine, read, triple(":x :r :z"))
    assert proof.axiom
    assert proof.axiom.kind == "chain"
    assert proof.axiom.source.subject == NamedNode("urn:x:r")
    assert [premise.triple for premise in proof.premises] == triples(":x :p :y . :z :q :y")
    assert all(premise.graphs == (GRAPH["notice/k"],) for premise in proof.premises)
    assert proof.alternatives == 0


def test_smallest_proof_is_taken_and_the_other_ways_are_counted() -> None:
    engine, read = store(":p a owl:TransitiveProperty", ":a :p :b . :b :p :c . :c :p :d . :a :p :e . :e :p :d")
    proof = prove(engine, read, triple(":a :p :d"))
    assert [leaf.triple for leaf in proof.leaves()] == triples(":a :p :e . :e :p :d")
    assert proof.alternatives == 2
    assert [len(list(one.leaves())) for one in proofs(engine, read, triple(":a :p :d"))] == [2, 3, 3]


def test_nothing_proves_itself() -> None:
    engine, read = store(":A owl:equivalentClass :B", ":x a :A")
    alone = engine_of({"inferred/k": triples(":x a :A, :B")})
    with pytest.raises(NotProvableError):
        prove(alone, read, triple(":x a :A"))
    assert [leaf.triple for leaf in prove(engine, read, triple(":x a :B")).leaves()] == triples(":x a :A")
    assert [one.axiom for one in proofs(engine, read, triple(":x a :A"))] == [None]


def test_what_does_not_hold_is_refused_with_the_triple() -> None:
    engine, read = store(":A rdfs:subClassOf :B", ":x a :A")
    with pytest.raises(NotProvableError) as caught:
        prove(engine, read, triple(":y a :B"))
    assert caught.value.triple == triple(":y a :B")
    with pytest.raises(NotProvableError):
        proofs(engine, read, triple(":y a :B"))


def test_search_beyond_its_limit_says_so() -> None:
    chain = " . ".join(f":x{n} :p :x{n + 1}" for n in range(12))
    engine, read = store(":p a owl:TransitiveProperty", chain)
    assert len(list(prove(engine, read, triple(":x0 :p :x12")).leaves())) == 12
    with pytest.raises(LimitError):
        prove(engine, read, triple(":x0 :p :x12"), limits=SearchLimits(goals=3))
    with pytest.raises(LimitError):
        prove(engine, read, triple(":x0 :p :x12"), limits=SearchLimits(ways=0))


def test_proof_without_a_node_goes_another_way_or_none() -> None:
    engine, read = store(":r owl:propertyChainAxiom ( :p :q )", ":x :p :y, :z . :y :q :w . :z :q :w, :v")
    y, z = NamedNode("urn:x:y"), NamedNode("urn:x:z")
    for gone, stays in ((y, z), (z, y)):
        assert prove(engine, read, triple(":x :r :w"), without={gone}).premises[0].triple.object == stays
    with pytest.raises(NotProvableError):
        prove(engine, read, triple(":x :r :v"), without={z})
    both = triples(":x :r :v, :w")
    assert (falling(engine, read, both, y), falling(engine, read, both, z)) == (set(), {triple(":x :r :v")})


def test_rules_are_those_of_the_stores_own_vocabulary() -> None:
    engine = engine_of({"vocabulary": triples(":A rdfs:subClassOf :B"), "notice/k": triples(":B rdfs:subClassOf :C")})
    assert [rule.head.object for rule in axioms(engine).rules] == [NamedNode("urn:x:B")]


@pytest.fixture(scope="module")
def proved(shipped: Shipped) -> dict[Triple, Proof]:
    return {one: prove(shipped.engine, shipped.rules, one) for one in (*shipped.inferred, *shipped.background.inferred)}


def test_everything_inferred_from_the_notice_is_proved_from_stated_triples(shipped: Shipped, proved: dict[Triple, Proof]) -> None:
    stated = {quad.triple for quad in shipped.engine if not str(quad.graph_name).startswith(f"<{INFERRED}")}
    leaves = {leaf for proof in proved.values() for leaf in proof.leaves()}
    assert len(proved) > 3000
    assert all(leaf.triple in stated and leaf.graphs for leaf in leaves)
    assert all(proof.axiom for proof in proved.values())


def test_every_step_of_these_proofs_is_an_inference(shipped: Shipped, proved: dict[Triple, Proof]) -> None:
    taken = {(step.triple, *(premise.triple for premise in step.premises)) for proof in proved.values() for step in steps(proof)}
    alone = prepare(shipped.rules, ())
    assert len(taken) >= len(proved)
    assert all(conclusion in set(alone.infer(premises)) for conclusion, *premises in taken)


def test_removing_a_mention_removes_what_rests_on_it_alone(shipped: Shipped, proved: dict[Triple, Proof]) -> None:
    """One mention in twenty-three, in reading order, and one responsibility in thirty-one; each is a run of inference."""
    nodes = [
        *[one.subject for one in shipped.facts if one.predicate == TYPE and one.object == terms.Mention][::23],
        *[one.subject for one in shipped.facts if one.predicate == TYPE and one.object == terms.Responsibility][::31],
    ]
    resting = _resting(proved)
    before, removed = set(shipped.inferred), 0
    for node in nodes:
        assert isinstance(node, NamedNode)
        kept = [one for one in (*shipped.facts, *shipped.readings) if node not in {one.subject, one.object}]
        gone = before - set(shipped.background.infer(kept))
        assert gone == falling(shipped.engine, shipped.rules, resting[node], node)
        removed += len(gone)
    assert len(nodes) > 30
    assert removed > len(nodes)


def _resting(proved: dict[Triple, Proof]) -> dict[object, list[Triple]]:
    """For each node, the triples whose proof uses a statement about it: no other can fall with it."""
    found: dict[object, list[Triple]] = {}
    for conclusion, proof in proved.items():
        for node in {part for leaf in proof.leaves() for part in (leaf.triple.subject, leaf.triple.object)}:
            found.setdefault(node, []).append(conclusion)
    return found


def test_low_altitude_aviation_is_involved_by_four_tasks(shipped: Shipped) -> None:
    assert _tasks(shipped.inferred, "low-altitude-aviation") == {9, 17, 49, 61}
    assert _tasks(shipped.inferred, "aviation") == {8, 9, 14, 17, 49, 61}


def _tasks(inferred: Iterable[Triple], industry: str) -> set[int]:
    found = (one.subject for one in inferred if one.predicate == terms.involvesIndustry and one.object == ID[f"industry/{industry}"])
    return {int(str(node).rstrip(">").rpartition("/task/")[2]) for node in found if "/target/" not in str(node)}


def test_one_way_to_low_altitude_aviation_ends_at_evtol_in_the_second_target_of_task_9(shipped: Shipped) -> None:
    ways = proofs(shipped.engine, shipped.rules, Triple(TASK, terms.involvesIndustry, ID["industry/low-altitude-aviation"]))
    ends = [{str(leaf.triple.subject) for leaf in way.leaves()} for way in ways]
    assert any(any("/mention/" in end and "evtol" in end for end in one) and f"<{TASK.value}/target/2>" in one for one in ends)
