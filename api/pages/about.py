"""What is said of a thing, one statement a row, turned into names, texts, facts and links for its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.pages.wording import kind_of
from ontology import terms
from ontology.names import DCTERMS, DEF, GRAPH, ID, OWL, RDFS, SKOS, TYPE

Rows = Iterable[Mapping[str, object]]

_NAMES = (SKOS["altLabel"].value, terms.unitName.value, SKOS["hiddenLabel"].value, terms.topicLabel.value)
_TEXTS = (SKOS["definition"].value, SKOS["scopeNote"].value, SKOS["note"].value, RDFS["comment"].value, DCTERMS["description"].value)
_APART = {
    SKOS["prefLabel"].value,
    RDFS["label"].value,
    SKOS["inScheme"].value,
    SKOS["topConceptOf"].value,
    RDFS["isDefinedBy"].value,
    TYPE.value,
    terms.sure.value,
    terms.curated.value,
    OWL["sameAs"].value,
    *(SKOS[f"{kind}Match"].value for kind in ("exact", "close", "broad", "narrow", "related")),
}
"""Properties that the page shows in another way, or that say nothing to a reader."""
_STRENGTH = ("exact", "close", "narrow", "broad", "related", "rejected")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property; ``inferred`` says that it was derived, ``thing`` that it is an IRI."""

    value: str
    thing: bool
    inferred: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A property with its values; ``backwards`` if the thing is what they point to."""

    property: str
    values: tuple[Value, ...]
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """A thing as its page shows it. ``names`` and ``texts`` are by language, ``classes`` are ours."""

    classes: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, tuple[str, ...]]
    facts: tuple[Fact, ...]
    sure: bool
    labels: Mapping[str, str]

    def values(self, property: str) -> tuple[str, ...]:
        """The values of a property."""
        return tuple(value.value for fact in self.facts if fact.property == property and not fact.backwards for value in fact.values)


def about(rows: Rows, backwards: Rows, thing: str) -> About:
    """The page's matter from rows with ``property``, ``value``, ``language``, ``graph`` and rows with ``other``, ``property``."""
    names: dict[str, dict[str, None]] = {}
    texts: dict[str, dict[str, None]] = {}
    labels: dict[str, str] = {}
    classes: dict[str, None] = {}
    facts: dict[str, dict[str, Value]] = {}
    sure = True
    for row in rows:
        property, value, language = str(row["property"]), row["value"], str(row["language"] or "zh")
        written = str(value)
        if property in {SKOS["prefLabel"].value, RDFS["label"].value}:
            labels.setdefault(language, written)
        elif property in _NAMES:
            names.setdefault(language, {})[written] = None
        elif property in _TEXTS:
            texts.setdefault(language, {})[written] = None
        elif property == TYPE.value and written.startswith(DEF):
            classes[written] = None
        elif property == terms.sure.value:
            sure = value is not False
        elif property not in _APART and written != thing:
            inferred = str(row["graph"]).startswith(GRAPH["inferred"].value)
            known = facts.setdefault(property, {}).get(written)
            facts[property][written] = Value(written, _is_iri(written), inferred and (known is None or known.inferred))
    behind: dict[str, dict[str, Value]] = {}
    for row in backwards:
        behind.setdefault(str(row["property"]), {})[str(row["other"])] = Value(str(row["other"]), thing=True, inferred=False)
    forward = [Fact(property, tuple(values.values())) for property, values in facts.items()]
    back = [
        Fact(property, tuple(values.values()), backwards=True) for property, values in behind.items() if property != SKOS["related"].value
    ]
    shown = {language: tuple(name for name in of if name not in labels.values()) for language, of in names.items()}
    return About(tuple(classes), shown, {language: tuple(of) for language, of in texts.items()}, (*forward, *back), sure, labels)


def _is_iri(written: str) -> bool:
    return written.startswith(("http://", "https://"))


def strongest(links: Rows) -> tuple[Mapping[str, object], ...]:
    """Links to other data, the closest matches first; those that were looked at and rejected come last."""

    def key(row: Mapping[str, object]) -> tuple[int, str, str]:
        strength = str(row["match"]).removeprefix(f"{ID}match/")
        place = _STRENGTH.index(strength) if strength in _STRENGTH else len(_STRENGTH)
        return place, str(row["scheme"] or ""), str(row["identifier"] or "")

    return tuple(sorted(links, key=key))


def order_of(fact: Fact) -> tuple[bool, bool, str]:
    """Facts that lead to things of ours first, then texts, then what points here."""
    ours = any(kind_of(value.value) for value in fact.values)
    return fact.backwards, not ours, fact.property
