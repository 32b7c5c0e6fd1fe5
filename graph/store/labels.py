"""Terms of the store, turned into what people call them, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from pyoxigraph import Store as Engine

from ontology import terms
from ontology.names import DCTERMS, RDFS, SKOS, TYPE, shortened

_LABELS = (SKOS["prefLabel"], RDFS["label"], DCTERMS["title"])
_OUTSIDE = {
    TYPE: ("类型", "type"),
    RDFS["label"]: ("名称", "label"),
    SKOS["prefLabel"]: ("名称", "name"),
    SKOS["altLabel"]: ("别名", "other name"),
    SKOS["broader"]: ("上位", "broader"),
    SKOS["inScheme"]: ("所属体系", "in scheme"),
    SKOS["hasTopConcept"]: ("顶层概念", "top concept"),
    DCTERMS["isPartOf"]: ("属于", "part of"),
    DCTERMS["title"]: ("标题", "title"),
    DCTERMS["issued"]: ("印发日期", "issued"),
}
"""Terms of others whose own vocabularies are not in the store."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a term is called; ``short`` is what a machine may be given for it."""

    zh: str
    en: str
    short: str

    def in_(self, language: str) -> str:
        """The name in a language, ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en


class TermLabels:
    """Names of terms, looked up once each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[object, Label] = {}

    def of(self, term: NamedNode | BlankNode | Literal | Triple) -> Label:
        """What a term is called: by its labels, a piece of evidence by its quote, a passage by what it states, a literal by itself."""
        label = self._known.get(term)
        if label is None:
            label = self._known[term] = self._find(term)
        return label

    def definition(self, term: NamedNode) -> dict[str, str]:
        """What the vocabulary says a term means, in Chinese and English; empty where it does not say."""
        definitions = self._texts(term, SKOS["definition"])
        return {language: definitions.get(language, "") for language in ("zh", "en")}

    def _find(self, term: NamedNode | BlankNode | Literal | Triple) -> Label:
        if isinstance(term, Literal):
            return Label(term.value, term.value, str(term))
        if not isinstance(term, NamedNode):
            return Label("…", "…", str(term))
        short = shortened(term)
        for predicate in _LABELS:
            if labels := self._texts(term, predicate):
                zh, en = labels.get("zh"), labels.get("en")
                other = next(iter(labels.values()))
                return Label(zh or en or other, en or zh or other, short)
        if term in _OUTSIDE:
            return Label(*_OUTSIDE[term], short)
        if quotes := self._texts(term, terms.quote):
            quote = next(iter(quotes.values()))
            return Label(f"“{quote}”", f"“{quote}”", short)
        if lines := self._texts(term, terms.line):
            return self._passage(term, next(iter(lines.values())), short)
        return Label(short, short, short)

    def _passage(self, passage: NamedNode, line: str, short: str) -> Label:
        whose = [self.of(quad.subject) for quad in self._engine.quads_for_pattern(None, terms.statedIn, passage, None)]
        if whose:
            first = min(whose, key=lambda label: label.short)
            return Label(f"{first.zh}的文字", f"the words of {first.en}", short)
        return Label(f"第 {line} 行的文字", f"the words at line {line}", short)

    def _texts(self, term: NamedNode, predicate: NamedNode) -> dict[str, str]:
        values = (quad.object for quad in self._engine.quads_for_pattern(term, predicate, None, None))
        return {literal.language or "": literal.value for literal in sorted(_literals(values), key=str, reverse=True)}


def _literals(terms_: Iterable[object]) -> list[Literal]:
    return [term for term in terms_ if isinstance(term, Literal)]
