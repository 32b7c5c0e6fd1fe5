"""A thing and a query, or a triple that is not there, turned into why: which part fails, and what comes nearest to it.

The thing is bound in the query, whose parts are then tried one by one (``graph.proofs.satisfiable_parts``): what cannot be added is what
failed. For a triple the rules that could infer it are tried in the same way. What is told to be there comes with its proof or its words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Variable

from graph.errors import NoEvidenceError, WhyNotError
from graph.proofs.nearest import NearWords, names_of, near_words, other_values, wanted_things
from graph.proofs.proof_search import axioms
from graph.proofs.render import Told, term_told
from graph.proofs.rows.algebra import Algebra, select_of, unmodified, unordered
from graph.proofs.rows.answer import dataset_read, evidenced
from graph.proofs.rows.facts import Fact, Facts
from graph.proofs.rows.formats import short
from graph.proofs.rows.notes import notes, proof_of
from graph.proofs.rows.parts import Part, parts
from graph.proofs.rows.scopes import plan
from graph.proofs.rows.sparql_text import Text, grouping
from graph.proofs.satisfiable_parts import Asking, climb, conflicts
from graph.proofs.why import named_thing, named_triple
from graph.reasoning.axioms import Rule
from graph.sparql.search_hits import with_hits
from graph.sparql.service_guard import relayed
from graph.store.engine import DatasetOf, Row, Store, Term, translated

_RULES = 4
_FACTS = 8
_LONGEST = 1000
"""Characters of a part that are told: inline data may be long."""
_HIDDEN = re.compile(r"\?zzi\d+_")
"""What the names of variables begin with that a sub-select hides."""


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A thing, by key, name or IRI, that is in no row of a SELECT; ``variable`` says for which variable, where that is not plain."""

    thing: str
    text: str
    variable: str = ""
    dataset: DatasetOf = field(default_factory=DatasetOf)
    base: str | None = None


@dataclass(frozen=True, slots=True)
class _Looking:
    """One explanation under way."""

    asking: Asking
    store: Store
    facts: Facts

    def told(self, facts: Iterable[Fact]) -> list[Told]:
        """Facts with what states them."""
        known = list(dict.fromkeys(facts))[:_FACTS]
        rules = axioms(self.store.engine)
        proofs = [proof_of(self.store.engine, rules, fact, self.facts.graphs(fact)) for fact in known]
        return notes(self.store.engine, proofs)


def row_missing(store: Store, asked: MissingRow) -> bytes:
    """Why a thing is in no row of a query, as JSON: the job of a worker.

    Raises UnknownNameError, BadQueryError, SearchError, and WhyNotError for a query that cannot be taken apart.
    """
    return json.dumps(row_explained(store, asked), ensure_ascii=False).encode()


def row_explained(store: Store, asked: MissingRow) -> dict[str, Any]:
    """The same as ``row_missing`` has it."""
    text = with_hits(store, asked.text).text
    relayed(text)
    store, dataset = store.reading(asked.dataset)
    try:
        node = select_of(text, asked.base)
        dataset = dataset_read(text, dataset, asked.base)
        words = Text("zzb")
        found = list(parts(_body(node), words))
    except NoEvidenceError as error:
        if error.unread:
            # The engine says better what is wrong with it.
            store.answer(text, None, asked.base)
        raise WhyNotError(error.part["zh"], error.part["en"]) from error
    thing = named_thing(store, asked.thing)
    variable = _variable(node, found, thing, asked.variable)
    looking = _Looking(Asking(store, dataset, variable, thing), store, Facts(store.engine, dataset))
    said = {"missing": term_told(store.engine, thing), "variable": variable, "query": asked.text}
    verdict = _verdict(looking, node, words)
    if verdict:
        return {**said, "verdict": verdict, "held": [], "failed": [], "unreached": []}
    told = _climbed(looking, found)
    return {**said, "verdict": "parts" if told["failed"] else "together", **told}


def triple_missing(store: Store, words: tuple[str, str, str]) -> bytes:
    """Why a triple, by three words, is not there, as JSON: the job of a worker. Raises UnknownNameError."""
    return json.dumps(triple_explained(store, words), ensure_ascii=False).encode()


def triple_explained(store: Store, words: tuple[str, str, str]) -> dict[str, Any]:
    """The same as ``triple_missing`` has it."""
    triple = named_triple(store, *words)
    subject, predicate, object_ = triple.subject, triple.predicate, triple.object
    dataset = DatasetOf(union=True)
    looking = _Looking(Asking(store, dataset), store, Facts(store.engine, dataset))
    told = {name: term_told(store.engine, getattr(triple, name)) for name in ("subject", "predicate", "object")}
    if next(store.engine.quads_for_pattern(subject, predicate, object_, None), None):
        return {"triple": told, "verdict": "holds", "near": [], "words": [], "rules": []}
    part = Part("pattern", f"{subject} {predicate} {object_} . ", frozenset(), triple=(subject, predicate, object_))  # type: ignore[arg-type]
    near = looking.told(other_values(looking.asking, part, []))
    found = near_words(store, dataset, subject, names_of(store, object_)) if isinstance(subject, NamedNode) else []
    tried = [rule for rule in axioms(store.engine).rules if rule.head.predicate == predicate]
    rules = [each for each in (_ruled(looking, rule, subject, object_) for rule in tried) if each["held"]]
    best = sorted(rules, key=lambda each: (len(each["failed"]) + len(each["unreached"]), -len(each["held"])))
    return {"triple": told, "verdict": "absent", "near": near, "words": list(map(_words_told, found)), "rules": best[:_RULES]}


def _body(node: Algebra) -> Algebra:
    """The pattern of a SELECT below its modifiers, projection and grouping."""
    below = unordered(unmodified(node).p)
    found = grouping(below)
    return found.body if found else below


def _variable(node: Algebra, found: Sequence[Part], thing: NamedNode, given: str) -> str:
    """The variable that stands for the thing: the one that is given, the one called as its kind is, or the first column."""
    known = set[str]().union(*(part.names for part in found))
    columns = [str(each) for each in unmodified(node).PV]
    kind = thing.value.split("/")[-2] if thing.value.count("/") > 3 else ""
    wanted = given.lstrip("?$") or next((name for name in (kind, *columns) if name in known), "")
    if wanted not in known:
        names = "、".join(f"?{name}" for name in columns)
        raise WhyNotError(
            f"查询的条件里没有变量 ?{wanted}（列：{names}）", f"no condition of the query has the variable ?{wanted} (columns: {names})"
        )
    return wanted


def _verdict(looking: _Looking, node: Algebra, words: Text) -> str:
    """Whether the thing is in a row after all, or was one before LIMIT, OFFSET or HAVING; empty where it is not."""
    asking = looking.asking
    shown = asking.variable in map(str, unmodified(node).PV)
    if not shown and grouping(unordered(unmodified(node).p)):
        return ""
    restricted = f"VALUES ?{asking.variable} {{ {asking.thing} }}"
    for verdict, sliced in (("row", True), ("limit", False)):
        text = (
            f"SELECT * WHERE {{ {{ {words.select(node, sliced=sliced, keys=None if shown else [asking.variable])}}} {restricted} }} LIMIT 1"
        )
        answer = looking.store.answer(text, asking.dataset)
        assert isinstance(answer, QuerySolutions)
        with translated():
            if next(answer, None) is not None:
                return verdict
    return ""


def _climbed(looking: _Looking, found: Sequence[Part], base: Sequence[Part] = (), depth: int = 0) -> dict[str, Any]:
    """What holds, what fails with what comes nearest, and what was not looked at."""
    done = climb(looking.asking, found, base)
    held = [*base, *done.held]
    return {
        "held": [_pattern(looking.asking, part) for part in done.held],
        "failed": [_failed(looking, part, held, depth) for part in done.failed],
        "unreached": [_pattern(looking.asking, part) for part in done.unreached],
    }


def _failed(looking: _Looking, part: Part, held: Sequence[Part], depth: int) -> dict[str, Any]:
    """A part that fails: whether it does for the thing alone, with what it does not agree, and what comes nearest."""
    asking = looking.asking
    against = conflicts(asking, part, held)
    alone = not any(other.kind != "values" for other in against)
    others = [each for each in held if all(each is not other for other in against)]
    facts = other_values(asking, part, held)
    given = set[str]().union(*(each.names for each in held if each.kind == "values"))
    for each in against:
        # Only what is wanted of it is exchanged for what is there, not what joins it to others.
        if each.triple is None or (isinstance(each.triple[2], str) and each.triple[2] not in given):
            continue
        facts += other_values(asking, each, [*(other for other in held if other is not each and other.kind != "values"), part])
    if part.kind == "absent":
        facts += _present(looking, part, held)
    strings = [*part.words, *(name for term in wanted_things(asking, part, held) for name in names_of(looking.store, term))]
    if part.kind == "filter" and part.names & given:
        strings += [each for row in asking.rows(sorted(part.names & given), held) for each in map(_text, row.values()) if each]
    strings += [
        name
        for each in against
        if each.triple
        for term in (each.triple[2],)
        if not isinstance(term, str)
        for name in names_of(looking.store, term)
    ]
    near = near_words(looking.store, asking.dataset, asking.thing, strings) if asking.thing and strings else []
    values = _values(asking, part, others) if part.kind == "filter" else []
    if part.kind == "select":
        values = [_plainly(row) for row in asking.rows((), (), part.text)]
    branches = [_climbed(looking, each, held, depth + 1) for each in part.branches] if depth < 2 else []
    return {
        **_pattern(asking, part),
        "alone": alone,
        "against": [_pattern(asking, each) for each in against if each.kind != "values"],
        "near": looking.told(facts),
        "values": values,
        "words": list(map(_words_told, near)),
        "branches": branches,
    }


def _present(looking: _Looking, part: Part, held: Sequence[Part]) -> list[Fact]:
    """The facts that an absent part found."""
    asking = looking.asking
    shared = sorted(part.names & {asking.variable}.union(*(each.names for each in held)))
    rows = asking.rows(shared, held, f"{{ {part.inside}}} ", limit=1)
    if not rows or not shared:
        return []
    bound = [name for name in shared if name in rows[0]]
    values = f"VALUES ({' '.join(f'?{name}' for name in bound)}) {{ ({' '.join(str(rows[0][name]) for name in bound)}) }}"
    query = f"SELECT * WHERE {{ {values} {part.inside}}} LIMIT 1"
    try:
        found = evidenced(looking.store, query, plan(query), asking.dataset)
    except NoEvidenceError:
        return []
    return list(filter(None, map(_fact, found.notes)))


def _fact(note: Told) -> Fact | None:
    subject, predicate, object_ = (_parsed(note["triple"][name]) for name in ("subject", "predicate", "object"))
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
        return Fact(subject, predicate, object_, None)
    return None


def _parsed(said: Told) -> Term:
    """A term as a note tells it."""
    if said["type"] == "iri":
        return NamedNode(said["value"])
    if said["type"] == "bnode":
        return BlankNode(said["value"])
    return (
        Literal(said["value"], language=said["language"])
        if "language" in said
        else Literal(said["value"], datatype=NamedNode(said["datatype"]))
    )


def _values(asking: Asking, part: Part, held: Sequence[Part]) -> list[dict[str, str]]:
    """The values that a condition looked at."""
    bound = {asking.variable}.union(*(each.names for each in held))
    names = sorted(part.names & bound)
    rows = asking.rows(names, held) if names else []
    return list(map(_plainly, rows))


def _plainly(row: Row) -> dict[str, str]:
    return {name: str(getattr(term, "value", term)) for name, term in sorted(row.items())}


def _text(term: Term) -> str:
    """The text of a literal that is none of another kind."""
    return term.value if isinstance(term, Literal) and term.datatype.value.endswith(("#string", "#langString")) else ""


def _ruled(looking: _Looking, rule: Rule, subject: Term, object_: Term) -> dict[str, Any]:
    """How far a rule that could infer the triple comes."""
    known: dict[Term | Variable, Term] = {}
    for place, term in ((rule.head.subject, subject), (rule.head.object, object_)):
        if isinstance(place, Variable):
            known.setdefault(place, term)
        elif place != term:
            return {"held": []}
    body = [_atom(known.get(atom.subject, atom.subject), atom.predicate, known.get(atom.object, atom.object)) for atom in rule.body]
    told = _climbed(looking, body)
    words = rule.axiom.words
    name = "".join(part if isinstance(part, str) else term_told(looking.store.engine, part)["short"] for part in words)
    return {"axiom": name, **told}


def _atom(subject: Any, predicate: NamedNode, object_: Any) -> Part:
    places = tuple(each.value if isinstance(each, Variable) else each for each in (subject, predicate, object_))
    text = " ".join(f"?{each}" if isinstance(each, str) else str(each) for each in places) + " . "
    return Part("pattern", text, frozenset(each for each in places if isinstance(each, str)), triple=places)  # type: ignore[arg-type]


def _pattern(asking: Asking, part: Part) -> dict[str, str]:
    """A part as it is written."""
    text = f"BIND({part.text} AS ?{part.target})" if part.kind == "bind" else part.text
    text = _HIDDEN.sub("?", " ".join(text.split()))
    return {"kind": part.kind, "pattern": _cut(text), "short": _cut(short(text))}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _words_told(found: NearWords) -> dict[str, Any]:
    return {
        "passage": found.passage,
        "text": found.text,
        "start": found.start,
        "end": found.end,
        "quote": found.quote,
        "name": found.name,
        "whole": found.whole,
    }
