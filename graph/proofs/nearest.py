"""What is not in the graph, turned into what is there and comes nearest: other values of the same property, and the words of a passage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pyoxigraph import BlankNode, Literal, NamedNode

from graph.proofs.rows.facts import Fact
from graph.proofs.rows.parts import Part
from graph.proofs.rows.plans import Place
from graph.proofs.satisfiable_parts import Asking
from graph.store.engine import DatasetOf, Row, Store, Term
from graph.store.passage_text import places, wanted
from ontology import terms
from ontology.names import RDFS, SKOS

_FRESH = "zzother"
_LABELS = (SKOS["prefLabel"], SKOS["altLabel"], SKOS["hiddenLabel"], RDFS["label"])
_LEAST, _HALF, _MOST_OF_IT = 2, 0.5, 0.65
"""The characters that a passage and a name have in common to be told: two, half of the name from its beginning on, or most of it. The end
of a Chinese name is what kind of thing it names, which many names share."""
_MOST = 3
_PASSAGES = f"""
SELECT DISTINCT ?passage ?text {{
  {{ ?thing <{terms.statedIn.value}> ?passage }}
  UNION {{ ?thing <{terms.hasTarget.value}> ?target . ?target <{terms.statedIn.value}> ?passage }}
  UNION {{ ?evidence <{terms.task.value}> ?thing ; <{terms.passage.value}> ?passage }}
  ?passage <{terms.text.value}> ?text
}} ORDER BY ?passage LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class NearWords:
    """Characters of a passage that are a name, or the longest stretch of it that stands there."""

    passage: str
    text: str
    start: int
    end: int
    name: str
    whole: bool

    @property
    def quote(self) -> str:
        """The characters."""
        return self.text[self.start : self.end]


def other_values(asking: Asking, part: Part, context: Sequence[Part]) -> list[Fact]:
    """The facts that a triple pattern would match with another object, where the context holds."""
    subject, predicate, object_ = part.triple or ("", None, "")
    if not isinstance(predicate, NamedNode):
        return []
    if isinstance(object_, str) and not any(object_ in each.names for each in context):
        # Any object would do: there is none at all.
        return []
    pattern = f"{_written(subject)} {predicate} ?{_FRESH} . "
    names = [subject, _FRESH] if isinstance(subject, str) else [_FRESH]
    return list(_facts(asking.rows(names, context, pattern), subject, predicate))


def _facts(rows: Iterable[Row], subject: Place, predicate: NamedNode) -> Iterator[Fact]:
    for row in rows:
        found = row.get(subject) if isinstance(subject, str) else subject
        if isinstance(found, NamedNode | BlankNode) and _FRESH in row:
            yield Fact(found, predicate, row[_FRESH], None)


def wanted_things(asking: Asking, part: Part, context: Sequence[Part]) -> list[Term]:
    """What a pattern wants for its object: the constant, or the values that the context has for the variable."""
    object_ = part.triple[2] if part.triple else ""
    if not isinstance(object_, str):
        return [object_]
    if not any(object_ in each.names for each in context):
        return []
    return [row[object_] for row in asking.rows([object_], context) if object_ in row]


def near_words(store: Store, dataset: DatasetOf, thing: NamedNode, names: Iterable[str]) -> list[NearWords]:
    """Where the passages of a thing come nearest to some names: the names themselves, else the longest stretch of one."""
    passages = list(store.select(_PASSAGES.replace("?thing", str(thing)), dataset))
    found: list[NearWords] = []
    for name in dict.fromkeys(names):
        for row in passages:
            passage, text = row["passage"], row["text"]
            if isinstance(passage, NamedNode) and isinstance(text, Literal):
                found += _in_text(passage.value, text.value, name)
    best = sorted(found, key=lambda each: (not each.whole, each.start - each.end, each.passage, each.start))
    if best and best[0].whole:
        best = [each for each in best if each.whole]
    once = {(each.passage, each.start, each.end): each for each in reversed(best)}
    return list(reversed(once.values()))[:_MOST]


def _in_text(passage: str, text: str, name: str) -> Iterator[NearWords]:
    whole = places(wanted(name), text) if name.strip() else []
    for start, end in whole[:1]:
        yield NearWords(passage, text, start, end, name, whole=True)
    if whole:
        return
    match = SequenceMatcher(None, name, text, autojunk=False).find_longest_match()
    share = match.size / len(name)
    if (
        match.size >= _LEAST
        and share >= (_MOST_OF_IT if match.a else _HALF)
        and any(map(str.isalnum, name[match.a : match.a + match.size]))
    ):
        yield NearWords(passage, text, match.b, match.b + match.size, name, whole=False)


def names_of(store: Store, term: Term) -> list[str]:
    """What a term is called in the text: its names in Chinese, or those without a language; a literal is its own."""
    if isinstance(term, Literal):
        return [term.value]
    if not isinstance(term, NamedNode):
        return []
    quads = (quad for label in _LABELS for quad in store.engine.quads_for_pattern(term, label, None, None))
    literals = (quad.object for quad in quads if isinstance(quad.object, Literal))
    return sorted({literal.value for literal in literals if (literal.language or "zh").startswith("zh")})


def _written(place: Place) -> str:
    return f"?{place}" if isinstance(place, str) else str(place)
