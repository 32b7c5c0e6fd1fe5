"""``zhengce reason``: the ontology with what a user adds to it, turned into HermiT's verdict on both, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

import ontology
from api.cli.language import told
from graph.errors import BadDataError
from graph.store.embedded_store import bad_data
from ontology.errors import MachineError
from ontology.names import RDF, shortened
from ontology.reasoning import verdict

_SHOWN = 200


def print_verdict(files: Sequence[Path]) -> bool:
    """Writes whether the axioms agree, which classes can have no member and why, and what follows; whether nothing is wrong.

    Without files the whole vocabulary is judged; with some, the axioms (HermiT would take minutes for all that is curated) and the files.
    Raises BadDataError for a file that is no RDF, MachineError for one that cannot be read, NoJavaError.
    """
    added = tuple(triple for file in files for triple in _triples(file))
    result = verdict((*ontology.axioms(), *added))
    if not result.consistent:
        print(told("不一致：公理与事实互相矛盾。", "Inconsistent: axioms and facts contradict each other."))
        _print_reason(result.why[None])
        return False
    print(told("一致。", "Consistent."))
    for class_ in result.empty:
        print(told(f"{shortened(class_)} 不可能有成员，因为：", f"{shortened(class_)} can have no member, because:"))
        _print_reason(result.why[class_])
    own = {term for triple in added for term in (triple.subject, triple.object) if isinstance(term, NamedNode)}
    entailed = [triple for triple in result.entailed if _is_plain(triple) and (not files or triple.subject in own)]
    print(told(f"推得 {len(entailed):,} 条：", f"{len(entailed):,} triples follow:"))
    for triple in entailed[:_SHOWN]:
        print(f"  {_shown(triple)}")
    if len(entailed) > _SHOWN:
        print(f"  … {len(entailed) - _SHOWN:,}")
    return not result.empty


def _triples(file: Path) -> Iterable[Triple]:
    format = RdfFormat.from_extension(file.suffix.removeprefix("."))
    if format is None:
        raise BadDataError(f"{file.name}: .ttl .nt .rdf .jsonld .trig .nq")
    try:
        return [quad.triple for quad in parse(file.read_bytes(), format, base_iri="https://example.org/", rename_blank_nodes=True)]
    except OSError as error:
        raise MachineError.of(error, str(file)) from error
    except (SyntaxError, ValueError) as error:
        raise bad_data(f"{file.name}: {error}") from error


def _print_reason(triples: Sequence[Triple]) -> None:
    """Each axiom on a line, what its blank nodes say in brackets."""
    held = {triple.object for triple in triples if isinstance(triple.object, BlankNode)}
    for triple in triples:
        if triple.subject not in held:
            print(f"  {_term(triple.subject, triples)} {_term(triple.predicate, triples)} {_term(triple.object, triples)} .")


def _term(term: object, triples: Sequence[Triple]) -> str:
    if isinstance(term, NamedNode):
        return shortened(term)
    statements = {triple.predicate: triple.object for triple in triples if triple.subject == term}
    if not isinstance(term, BlankNode) or not statements:
        return str(term)
    if set(statements) == {RDF["first"], RDF["rest"]}:
        rest = "" if statements[RDF["rest"]] == RDF["nil"] else f" {_term(statements[RDF['rest']], triples)[1:-1]}"
        return f"({_term(statements[RDF['first']], triples)}{rest})"
    return "[ " + " ; ".join(f"{shortened(name)} {_term(value, triples)}" for name, value in statements.items()) + " ]"


def _is_plain(triple: Triple) -> bool:
    return not isinstance(triple.subject, BlankNode) and not isinstance(triple.object, BlankNode)


def _shown(triple: Triple) -> str:
    terms = (triple.subject, triple.predicate, triple.object)
    return " ".join(shortened(term) if isinstance(term, NamedNode) else str(term) for term in terms) + " ."
