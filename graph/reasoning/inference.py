"""Rules and facts, turned into the triples that follow from them.

The vocabulary is closed under the rules once (``prepare``); then each notice is a small problem of its own (``infer``): only what needs a
fact of the notice is derived. A triple is taken from the queue, joined by each rule with the triples taken before it, and what follows
joins the queue, so each combination is tried once. Inside, terms are numbers.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple, Variable

from graph.reasoning.axioms import Atom, Rule, Rules, Term, Unused, rules

__all__ = ["Background", "Rules", "Unused", "infer", "prepare", "rules"]

Fact = tuple[int, int, int]
"""Predicate, subject, object."""
Index = dict[int, dict[int, list[int]]]
"""For a predicate, what stands on the other side of a term."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Where to look next: the predicate, the places of subject and object, and which of them are known by then."""

    predicate: int
    subject: int
    object: int
    subject_known: bool
    object_known: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to do with a triple that fits one atom of a rule. Places are positions in ``terms``, where constants stand already."""

    terms: tuple[int, ...]
    subject: int
    object: int
    steps: tuple[_Step, ...]
    head: Fact
    only: int
    """The one subject that fits; -1 where any does."""
    loop: bool
    """Whether the triple fits only where subject and object are one."""


class Background:
    """A vocabulary closed under rules. ``inferred`` are the triples that follow from the vocabulary alone."""

    def __init__(self, rules: Rules, vocabulary: Iterable[Triple]) -> None:
        self.rules = rules
        self._terms: list[Term] = []
        self._numbers: dict[object, int] = {}
        self._literals: set[int] = set()
        self._plans: dict[int, list[_Plan]] = defaultdict(list)
        self._object_plans: dict[tuple[int, int], list[_Plan]] = defaultdict(list)
        self._predicates: dict[NamedNode, int] = {}
        for rule in rules.rules:
            for atom in (rule.head, *rule.body):
                self._predicates[atom.predicate] = self._number(atom.predicate)
        for rule in rules.rules:
            self._compile(rule)
        closure = _Closure(self, None)
        derived = list(closure.run(vocabulary))
        self._terms, self._numbers, self._literals = closure.terms, closure.numbers, closure.literals
        self._seen, self._forward, self._backward = closure.seen, closure.forward, closure.backward
        self.inferred: tuple[Triple, ...] = tuple(derived)

    def infer(self, facts: Iterable[Triple]) -> Iterator[Triple]:
        """The triples that follow from the facts and the vocabulary, and are in neither nor follow from the vocabulary alone."""
        return _Closure(self, self).run(facts)

    def _number(self, term: Term) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._terms)
            self._terms.append(term)
            if isinstance(term, Literal):
                self._literals.add(number)
        return number

    def _compile(self, rule: Rule) -> None:
        places: dict[Term | Variable, int] = {}
        terms: list[int] = []
        for atom in (rule.head, *rule.body):
            for part in (atom.subject, atom.object):
                if part not in places:
                    places[part] = len(terms)
                    terms.append(-1 if isinstance(part, Variable) else self._number(part))
        head = (self._predicates[rule.head.predicate], places[rule.head.subject], places[rule.head.object])
        for first in dict.fromkeys(rule.body):
            steps = tuple(self._steps(first, rule.body, places))
            subject, object_ = places[first.subject], places[first.object]
            plan = _Plan(tuple(terms), subject, object_, steps, head, terms[subject], subject == object_)
            predicate = self._predicates[first.predicate]
            if not isinstance(first.object, Variable):
                self._object_plans[predicate, terms[places[first.object]]].append(plan)
            else:
                self._plans[predicate].append(plan)

    def _steps(self, first: Atom, body: Sequence[Atom], places: dict[Term | Variable, int]) -> Iterator[_Step]:
        known = set(first.variables)
        for atom in ordered([atom for atom in body if atom != first], known):
            subject, object_ = (not isinstance(part, Variable) or part in known for part in (atom.subject, atom.object))
            yield _Step(self._predicates[atom.predicate], places[atom.subject], places[atom.object], subject, object_)
            known.update(atom.variables)


def prepare(rules: Rules, vocabulary: Iterable[Triple]) -> Background:
    """The vocabulary, ready to be read together with many notices."""
    return Background(rules, vocabulary)


def infer(rules: Rules | Background, facts: Iterable[Triple]) -> Iterator[Triple]:
    """The triples that follow from the facts, and with a background from facts and vocabulary, and are not among them.

    >>> from ontology.names import DEF, RDFS, TYPE
    >>> axioms = rules([Triple(DEF["Task"], RDFS["subClassOf"], DEF["Commitment"])])
    >>> [str(triple.object) for triple in infer(axioms, [Triple(DEF["x"], TYPE, DEF["Task"])])]
    ['<https://w3id.org/zhengce/def#Commitment>']
    """
    background = rules if isinstance(rules, Background) else Background(rules, ())
    return background.infer(facts)


def ordered(atoms: Sequence[Atom], known: Iterable[Variable]) -> Iterator[Atom]:
    """The atoms, each time the one with the fewest unknown variables next."""
    rest, bound = list(atoms), set(known)
    while rest:
        best = min(rest, key=lambda atom: len(set(atom.variables) - bound))
        rest.remove(best)
        bound.update(best.variables)
        yield best


class _Closure:
    """One run: its own facts on top of a background that it only reads."""

    def __init__(self, program: Background, background: Background | None) -> None:
        self._program = program
        # The run of the background itself continues the numbering of the program; others number on beyond it.
        self.terms = program._terms
        self.numbers = program._numbers
        self.literals = program._literals
        self._own_numbers: dict[object, int] = self.numbers if background is None else {}
        self._own_terms: list[Term] = self.terms if background is None else []
        self._own_literals: set[int] = self.literals if background is None else set()
        self._base = 0 if background is None else len(self.terms)
        self._before: set[Fact] = set() if background is None else background._seen
        self._forward_before: Index = {} if background is None else background._forward
        self._backward_before: Index = {} if background is None else background._backward
        self.seen: set[Fact] = set()
        self.forward: Index = {predicate: {} for predicate in program._predicates.values()}
        self.backward: Index = {predicate: {} for predicate in program._predicates.values()}
        self._queue: deque[Fact] = deque()

    def run(self, facts: Iterable[Triple]) -> Iterator[Triple]:
        self._take(facts)
        asserted = len(self._queue)
        queue, plans, object_plans = self._queue, self._program._plans, self._program._object_plans
        taken = 0
        while queue:
            fact = queue.popleft()
            predicate, subject, object_ = fact
            self.forward[predicate].setdefault(subject, []).append(object_)
            self.backward[predicate].setdefault(object_, []).append(subject)
            taken += 1
            if taken > asserted:
                yield self._triple(fact)
            for plan in plans.get(predicate, ()):
                self._apply(plan, subject, object_)
            for plan in object_plans.get((predicate, object_), ()):
                self._apply(plan, subject, object_)

    def _take(self, facts: Iterable[Triple]) -> None:
        predicates = self._program._predicates
        for triple in facts:
            predicate = predicates.get(triple.predicate)
            if predicate is None or isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                continue
            fact = (predicate, self._number(triple.subject), self._number(triple.object))
            if fact not in self.seen and fact not in self._before:
                self.seen.add(fact)
                self._queue.append(fact)

    def _number(self, term: Term) -> int:
        number = self.numbers.get(term)
        if number is None:
            number = self._own_numbers.get(term)
        if number is None:
            number = self._base + len(self._own_terms)
            self._own_numbers[term] = number
            self._own_terms.append(term)
            if isinstance(term, Literal):
                self._own_literals.add(number)
        return number

    def _term(self, number: int) -> Term:
        return self._own_terms[number - self._base] if number >= self._base else self.terms[number]

    def _triple(self, fact: Fact) -> Triple:
        predicate, subject, object_ = map(self._term, fact)
        assert isinstance(predicate, NamedNode)
        assert not isinstance(subject, Literal)
        return Triple(subject, predicate, object_)

    def _apply(self, plan: _Plan, subject: int, object_: int) -> None:
        if (plan.loop and subject != object_) or (plan.only >= 0 and plan.only != subject):
            return
        terms = list(plan.terms)
        terms[plan.subject] = subject
        terms[plan.object] = object_
        if plan.steps:
            self._join(plan, 0, terms)
        else:
            self._derive(plan.head, terms)

    def _join(self, plan: _Plan, depth: int, terms: list[int]) -> None:
        """Fills the places of the step in every way that the triples allow, and goes on to the next, or to the head after the last."""
        step = plan.steps[depth]
        last = depth + 1 == len(plan.steps)
        for subject, object_ in self._matches(step, terms[step.subject], terms[step.object]):
            terms[step.subject], terms[step.object] = subject, object_
            if last:
                self._derive(plan.head, terms)
            else:
                self._join(plan, depth + 1, terms)

    def _matches(self, step: _Step, subject: int, object_: int) -> Iterable[tuple[int, int]]:
        predicate = step.predicate
        if step.subject_known and step.object_known:
            fact = (predicate, subject, object_)
            # What is known but still queued will be joined when its turn comes; found now as well, it only repeats.
            return ((subject, object_),) if fact in self.seen or fact in self._before else ()
        if step.subject_known:
            return [(subject, other) for index in self._forwards(predicate) for other in index.get(subject, ())]
        if step.object_known:
            return [(other, object_) for index in self._backwards(predicate) for other in index.get(object_, ())]
        loop = step.subject == step.object
        pairs = ((start, end) for index in self._forwards(predicate) for start, ends in index.items() for end in ends)
        return [(start, end) for start, end in pairs if not loop or start == end]

    def _forwards(self, predicate: int) -> Iterator[dict[int, list[int]]]:
        yield self.forward[predicate]
        if self._forward_before:
            yield self._forward_before[predicate]

    def _backwards(self, predicate: int) -> Iterator[dict[int, list[int]]]:
        yield self.backward[predicate]
        if self._backward_before:
            yield self._backward_before[predicate]

    def _derive(self, head: Fact, terms: Sequence[int]) -> None:
        fact = (head[0], terms[head[1]], terms[head[2]])
        if fact in self.seen or fact in self._before or fact[1] in self.literals or fact[1] in self._own_literals:
            return
        self.seen.add(fact)
        self._queue.append(fact)
