"""A triple of the store, turned into its proof: the axiom and the triples that it follows from, down to triples that are stated.

Proofs are sought backwards. A goal that a graph states is proved; any other needs a rule with that head whose premises hold in the store,
each of which is a goal in turn. The smallest proof is taken (Knuth's generalisation of Dijkstra's algorithm to and-or graphs), so a proof
never rests on itself. Inferred graphs serve to find premises, never to prove them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, Variable
from pyoxigraph import Store as Engine

from graph.errors import LimitError, NotProvableError
from graph.reasoning.axioms import Atom, Axiom, Rule, Rules, Term
from graph.reasoning.axioms import rules as rules_of
from graph.store.own_graphs import is_own
from ontology.names import GRAPH

Graph = NamedNode | BlankNode | DefaultGraph
Binding = Mapping[Variable, Term]

INFERRED = f"{GRAPH}inferred/"
_KINDS = ("subclass", "equivalent", "union", "subproperty", "chain", "inverse", "transitive", "symmetric", "domain", "range")
"""Of proofs of one size, that by the kind of axiom that says most comes first."""
_PEEK = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a triple holds. A stated one has the graphs that state it and no premises; an inferred one its axiom and its premises.

    ``alternatives`` counts the other ways in which the last step could have been made.
    """

    triple: Triple
    axiom: Axiom | None = None
    premises: tuple[Proof, ...] = ()
    graphs: tuple[Graph, ...] = ()
    alternatives: int = 0

    def leaves(self) -> Iterator[Proof]:
        """The stated triples it rests on, in reading order."""
        if self.axiom is None:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How far proofs are sought: goals in all, ways to make one step, and proofs of one triple."""

    goals: int = 5000
    ways: int = 200
    proofs: int = 12


@dataclass(frozen=True, slots=True)
class _Step:
    """One way to derive a triple."""

    rule: Rule
    premises: tuple[Triple, ...]


def prove(
    engine: Engine, rules: Rules, triple: Triple, without: Collection[NamedNode] = (), limits: SearchLimits = SearchLimits()
) -> Proof:
    """The smallest proof of the triple; raises NotProvableError where there is none.

    What states something about one of the nodes in ``without`` is left out, as if it were not in the store.
    """
    return _Search(engine, rules, frozenset(without), limits).proof(triple)


def proofs(engine: Engine, rules: Rules, triple: Triple, limits: SearchLimits = SearchLimits()) -> tuple[Proof, ...]:
    """A proof for each way to make the last step, the smallest first; none of them goes through the triple itself.

    Of very many ways only some are gone; ``alternatives`` of each proof counts them all.
    """
    return _Search(engine, rules, frozenset(), limits).proofs(triple)


def falling(
    engine: Engine, rules: Rules, triples: Collection[Triple], without: NamedNode, limits: SearchLimits = SearchLimits()
) -> set[Triple]:
    """Those of the triples that rest on what is stated about a node alone: without it none of their proofs is left."""
    return set(triples) - _Search(engine, rules, frozenset((without,)), limits).holding(triples)


def axioms(engine: Engine) -> Rules:
    """The rules of the vocabulary that the store itself holds."""
    return rules_of(quad.triple for quad in engine.quads_for_pattern(None, None, None, GRAPH["vocabulary"]))


class _Search:
    def __init__(self, engine: Engine, rules: Rules, without: frozenset[NamedNode], limits: SearchLimits) -> None:
        self._engine = engine
        self._without = without
        self._limits = limits
        self._rules: defaultdict[NamedNode, list[Rule]] = defaultdict(list)
        for rule in rules.rules:
            self._rules[rule.head.predicate].append(rule)
        self._stated: dict[Triple, tuple[Graph, ...]] = {}
        self._steps: dict[Triple, tuple[_Step, ...]] = {}
        self._cut = False

    def proof(self, triple: Triple) -> Proof:
        frontier = [triple]
        level = 0
        best: dict[Triple, tuple[int, _Step | None]] = {}
        while frontier:
            frontier = self._expand(frontier)
            level += 1
            best = self._best(triple)
            # What is not expanded yet makes proofs of more than `level` steps, each with a triple of its own.
            if triple in best and best[triple][0] <= level + 2:
                break
        if triple not in best:
            raise self._failure(triple)
        return self._tree(triple, best)

    def holding(self, triples: Collection[Triple]) -> set[Triple]:
        frontier = list(triples)
        while frontier:
            frontier = self._expand(frontier)
        if self._cut:
            raise self._failure(next(iter(triples)))
        best = self._best(None)
        return {triple for triple in triples if self.stated(triple) or triple in best}

    def proofs(self, triple: Triple) -> tuple[Proof, ...]:
        smallest = self.proof(triple)
        if smallest.axiom is None:
            return (smallest,)
        first = tuple(premise.triple for premise in smallest.premises)
        others = sorted((step for step in self._steps[triple] if step.premises != first), key=self._promise)
        steps = [step for step in self._steps[triple] if step.premises == first] + others[: self._limits.proofs - 1]
        wanted = {premise for step in steps for premise in step.premises}
        frontier = list(wanted)
        best = self._best(None, avoiding=triple)
        while frontier and not wanted <= best.keys():
            frontier = self._expand(frontier)
            best = self._best(None, avoiding=triple)
        found = [self._node(triple, step, best) for step in steps if all(premise in best for premise in step.premises)]
        return tuple(sorted(found, key=lambda proof: (_size(proof), _rank(proof.axiom))))

    def _promise(self, step: _Step) -> tuple[int, int, str]:
        """Of many ways to make a step, those whose premises are stated are tried first."""
        return sum(not self.stated(premise) for premise in step.premises), _rank(step.rule.axiom), "".join(map(str, step.premises))

    def stated(self, triple: Triple) -> tuple[Graph, ...]:
        """The graphs that state the triple, none of them inferred."""
        found = self._stated.get(triple)
        if found is None:
            if triple.subject in self._without or triple.object in self._without:
                found = ()
            else:
                quads = self._engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
                found = tuple(sorted((quad.graph_name for quad in quads if not _is_inferred(quad)), key=_own_first))
            self._stated[triple] = found
        return found

    def _failure(self, triple: Triple) -> Exception:
        if self._cut:
            goals = self._limits.goals
            return LimitError(
                "proof_goals", goals, f"在 {goals} 个待证三元组的上限内未找到证明。", f"No proof was found among the first {goals} goals."
            )
        return NotProvableError(triple)

    def _expand(self, goals: list[Triple]) -> list[Triple]:
        """The ways to derive these goals; gives the goals that they lead to."""
        beyond: dict[Triple, None] = {}
        for goal in goals:
            if goal in self._steps or self.stated(goal):
                continue
            if len(self._steps) >= self._limits.goals:
                self._cut = True
                return []
            self._steps[goal] = tuple(self._ways(goal))
            for step in self._steps[goal]:
                beyond.update(dict.fromkeys(step.premises))
        return [goal for goal in beyond if goal not in self._steps]

    def _ways(self, goal: Triple) -> Iterator[_Step]:
        seen: set[tuple[Triple, ...]] = set()
        for rule in self._rules.get(goal.predicate, ()):
            binding = _unified(rule.head, goal)
            if binding is None:
                continue
            ways = list(islice(self._solutions(rule.body, binding), self._limits.ways + 1))
            self._cut = self._cut or len(ways) > self._limits.ways
            for way in ways[: self._limits.ways]:
                premises = tuple(_filled(atom, way) for atom in rule.body)
                if premises not in seen and goal not in premises:
                    seen.add(premises)
                    yield _Step(rule, premises)

    def _solutions(self, atoms: tuple[Atom, ...], binding: Binding) -> Iterator[Binding]:
        if not atoms:
            yield binding
            return
        unknown = {atom: sum(variable not in binding for variable in set(atom.variables)) for atom in atoms}
        fewest = min(unknown.values())
        candidates = [atom for atom in atoms if unknown[atom] == fewest]
        atom = candidates[0]
        if len(candidates) > 1:
            atom = min(candidates, key=lambda one: sum(1 for _ in islice(self._matches(one, binding), _PEEK)))
        rest = tuple(other for other in atoms if other != atom)
        for more in self._matches(atom, binding):
            yield from self._solutions(rest, {**binding, **more})

    def _matches(self, atom: Atom, binding: Binding) -> Iterator[Binding]:
        """The values for the variables of the atom that are still without one."""
        subject, object_ = (binding.get(part) if isinstance(part, Variable) else part for part in (atom.subject, atom.object))
        if isinstance(subject, Literal):
            return
        for quad in self._engine.quads_for_pattern(subject, atom.predicate, object_, None):
            if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
                continue
            found: dict[Variable, Term] = {}
            if isinstance(atom.subject, Variable):
                found[atom.subject] = quad.subject
            if isinstance(atom.object, Variable):
                if found.get(atom.object, quad.object) != quad.object:
                    continue
                found[atom.object] = quad.object
            yield found

    def _best(self, goal: Triple | None, avoiding: Triple | None = None) -> dict[Triple, tuple[int, _Step | None]]:
        """The size and last step of the smallest proof of each triple that can be proved, until the goal is."""
        best: dict[Triple, tuple[int, _Step | None]] = {}
        waiting: defaultdict[Triple, list[tuple[Triple, _Step]]] = defaultdict(list)
        queue: list[tuple[int, int, str, int, Triple, _Step | None]] = []
        for head, steps in self._steps.items():
            for step in steps:
                for premise in dict.fromkeys(step.premises):
                    waiting[premise].append((head, step))
        for triple in [*waiting, *([goal] if goal else [])]:
            if self.stated(triple) and triple != avoiding:
                heappush(queue, (1, -1, "", len(queue), triple, None))
        count = len(queue)
        while queue and goal not in best:
            size, _, _, _, triple, last = heappop(queue)
            if triple in best:
                continue
            best[triple] = (size, last)
            for head, step in waiting[triple]:
                if head not in best and head != avoiding and all(premise in best for premise in step.premises):
                    count += 1
                    whole = 1 + sum(best[premise][0] for premise in step.premises)
                    heappush(queue, (whole, _rank(step.rule.axiom), "".join(map(str, step.premises)), count, head, step))
        return best

    def _tree(self, triple: Triple, best: Mapping[Triple, tuple[int, _Step | None]]) -> Proof:
        step = best[triple][1]
        return Proof(triple, graphs=self.stated(triple)) if step is None else self._node(triple, step, best)

    def _node(self, triple: Triple, step: _Step, best: Mapping[Triple, tuple[int, _Step | None]]) -> Proof:
        premises = tuple(self._tree(premise, best) for premise in step.premises)
        return Proof(triple, step.rule.axiom, premises, alternatives=len(self._steps[triple]) - 1)


def _unified(head: Atom, goal: Triple) -> Binding | None:
    """The values with which the head of a rule is the goal."""
    binding: dict[Variable, Term] = {}
    for part, term in ((head.subject, goal.subject), (head.object, goal.object)):
        if isinstance(term, Triple):
            return None
        if isinstance(part, Variable):
            if binding.setdefault(part, term) != term:
                return None
        elif part != term:
            return None
    return binding


def _filled(atom: Atom, binding: Binding) -> Triple:
    subject, object_ = (binding[part] if isinstance(part, Variable) else part for part in (atom.subject, atom.object))
    assert not isinstance(subject, Literal)
    return Triple(subject, atom.predicate, object_)


def _own_first(graph: Graph) -> tuple[bool, str]:
    """What a graph of the service states is shown as its statement, whoever says it too."""
    return not is_own(graph), str(graph)


def _is_inferred(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(INFERRED)


def _size(proof: Proof) -> int:
    return 1 + sum(map(_size, proof.premises))


def _rank(axiom: Axiom | None) -> int:
    return _KINDS.index(axiom.kind) if axiom else -1
