"""The graph of a notice -> a sample of its statements a property, each with its words, for a reader to judge; judgements -> precision.

python -m benchmarks.audit [FILE] [--property actor] [--each 25] [--seed 1] [--unjudged]

The seed puts the statements of a property in an order of its own, and the first are drawn. Judgements stand in ``audit.tsv``: property,
where, value, words, verdict (right, arguable, wrong). A statement whose words or value changed is not judged yet: it asks for a verdict
of its own.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from api.publication.publish import Built, built, knowledge
from ontology import terms
from ontology.names import DEF, ID, RDF

JUDGEMENTS = Path(__file__).parent / "audit.tsv"
NOTICE = Path(__file__).parents[1] / "ingest" / "notices" / "huzhiban-2026-2.txt"
VERDICTS = ("right", "arguable", "wrong")
_STATED = (terms.actor, terms.beneficiary, terms.modality, terms.novelty, terms.scope)
_MEANT = (terms.concernsPlace, terms.hasTheme, terms.involvesIndustry)
PROPERTIES = (
    *("action", "actor", "beneficiary", "concernsPlace", "dueDate", "hasSubjectClass", "hasTheme", "hasTopic", "involvesIndustry"),
    *("mentions", "modality", "novelty", "quantity", "responsibleFor", "scope"),
)


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A statement to be judged: its property, where it stands (9, 9.2), its value, and the words it starts from."""

    property: str
    where: str
    value: str
    words: str


def facts(made: Built) -> Iterator[Fact]:
    """The statements of a notice that say something about its tasks and targets, each once."""
    said = _Said(triple for triples in made.graphs.values() for triple in triples)
    yield from dict.fromkeys(sorted([*said.stated(), *said.meant(), *said.evidence()]))


class _Said:
    """The triples of a notice, by subject and predicate."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: defaultdict[tuple[object, NamedNode], list[object]] = defaultdict(list)
        self._holders: defaultdict[NamedNode, list[tuple[object, object]]] = defaultdict(list)
        for triple in triples:
            self._objects[triple.subject, triple.predicate].append(triple.object)
            self._holders[triple.predicate].append((triple.subject, triple.object))

    def stated(self) -> Iterator[Fact]:
        """Force, novelty, actor, beneficiary and scope, with the characters that state them."""
        for node, subject in self._holders[RDF["subject"]]:
            for predicate in self._objects[node, RDF["predicate"]]:
                for value in self._objects[node, RDF["object"]] if predicate in _STATED else ():
                    yield Fact(DEF.local(predicate), _where(subject), _name(value), self._one(node, terms.quote))

    def meant(self) -> Iterator[Fact]:
        """What commitments mention, and the topics, industries, themes, places and classes of tasks, with the words that lead there."""
        words: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for predicate, property_ in ((terms.refersTo, "mentions"), (terms.namesTopic, "hasTopic")):
            for node, thing in self._holders[predicate]:
                for passage in self._objects[node, terms.passage]:
                    for commitment in self._stating(passage):
                        words[_where(commitment), property_].append(self._one(node, terms.quote))
                        yield Fact(property_, _where(commitment), _name(thing), self._one(node, terms.quote))
        for predicate in (*_MEANT, terms.hasSubjectClass):
            for node, value in self._holders[predicate]:
                kind = "hasTopic" if predicate == terms.hasSubjectClass else "mentions"
                if predicate != terms.hasSubjectClass or "-" in _name(value):
                    yield Fact(DEF.local(predicate), _where(node), _name(value), "、".join(dict.fromkeys(words[_where(node), kind])))

    def evidence(self) -> Iterator[Fact]:
        """Responsibilities, figures, milestones and days."""
        for node, bearer in self._holders[terms.bearer]:
            yield Fact("responsibleFor", _where(next(iter(self._objects[node, terms.task]))), _name(bearer), self._one(node, terms.quote))
        for commitment, node in self._holders[terms.hasQuantity]:
            bounds = [self._one(node, each) for each in (terms.comparator, terms.minimum, terms.maximum, terms.measureWord, terms.counts)]
            yield Fact("quantity", _where(commitment), " ".join(filter(None, bounds)), self._one(node, terms.quote))
        for commitment, node in self._holders[terms.hasMilestone]:
            action, thing = self._one(node, terms.action), self._one(node, terms.object)
            yield Fact("action", _where(commitment), f"{action} {thing}", self._one(node, terms.quote))
        for commitment, node in self._holders[terms.hasDeadline]:
            if day := self._one(node, terms.dueDate):
                yield Fact("dueDate", _where(commitment), day, self._one(node, terms.quote))

    def _stating(self, passage: object) -> Iterator[object]:
        yield from (commitment for commitment, stated in self._holders[terms.statedIn] if stated == passage)

    def _one(self, node: object, predicate: NamedNode) -> str:
        return next((_name(value) for value in self._objects[node, predicate]), "")


def _name(term: object) -> str:
    return term.value if isinstance(term, Literal) else ID.local(term)


def _where(node: object) -> str:
    """9 for the task, 9.2 for its second target, 9/milestone/1 for what stands in it."""
    local = ID.local(node).partition("/task/")[2] or ID.local(node)
    return local.replace("/target/", ".")


def sample(every: Sequence[Fact], property_: str, each: int, seed: int) -> list[Fact]:
    """So many statements of a property, all of them where there are no more. One that is new or gone moves no other."""
    those = [fact for fact in every if fact.property == property_]
    return sorted(sorted(those, key=lambda fact: sha256(f"{seed} {fact}".encode()).digest())[:each])


def judged(path: Path = JUDGEMENTS) -> dict[Fact, str]:
    """The verdict on each statement that a reader has judged."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            Fact(row["property"], row["where"], row["value"], row["words"]): row["verdict"] for row in csv.DictReader(file, delimiter="\t")
        }


def precision(every: Iterable[Fact], verdicts: Mapping[Fact, str]) -> dict[str, Counter[str]]:
    """For each property how many of its statements of today are judged right, arguable and wrong, and how many are not judged."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for fact in every:
        counts[fact.property][verdicts.get(fact, "unjudged")] += 1
    return dict(counts)


def main() -> None:
    """Prints the sample, or what was judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=NOTICE)
    parser.add_argument("--property", choices=PROPERTIES, action="append")
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unjudged", action="store_true")
    given = parser.parse_args()
    every, verdicts = list(facts(built(given.file, knowledge()))), judged()
    for property_ in given.property or PROPERTIES:
        for fact in sample(every, property_, given.each, given.seed):
            if not given.unjudged or fact not in verdicts:
                print(fact.property, fact.where, fact.value, fact.words, verdicts.get(fact, "-"), sep="\t")
    for property_, counts in sorted(precision(every, verdicts).items()):
        known = sum(counts[verdict] for verdict in VERDICTS)
        share = f"{counts['right'] / known:.3f}" if known else "-"
        print(f"# {property_}: {share} of {known} judged, {counts['arguable']} arguable, {counts['wrong']} wrong, of {counts.total()}")


if __name__ == "__main__":
    main()
