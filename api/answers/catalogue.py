"""A question of the catalogue and what is typed for its parameters, turned into the text that runs, and into its rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat

from api.answers import tables as rows
from queries import TERMS, THINGS, BadValueError, Parameter, Query, Term, UnknownParameterError, catalogue

Answer = Callable[[str, QueryResultsFormat | RdfFormat], Awaitable[bytes]]
"""The bytes, in a format, of the answer to a query."""


@dataclass(frozen=True, slots=True)
class CatalogueRequest:
    """A question with what was asked of it: the values as typed, the text that runs."""

    query: Query
    values: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, tuple[Term, ...]]
    text: str


async def ask(query: Query, values: Mapping[str, Sequence[str]], answer: Answer) -> CatalogueRequest:
    """The question with its parameters bound; names and keys of things are looked up first."""
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            raise UnknownParameterError(query.name, name, tuple(known))
    things: dict[tuple[tuple[str, ...], str], NamedNode] = {}
    for name, texts in values.items():
        for text in _names(known[name], texts):
            found = await thing_named(known[name].kinds, text, answer)
            if found:
                things[known[name].kinds, text] = found
        for text in texts:
            if candidates := known[name].candidates(text.strip()):
                things[known[name].kinds, text.strip()] = await thing_keyed(known[name], text.strip(), candidates, answer)
    terms = query.terms({name: tuple(texts) for name, texts in values.items()}, lambda kinds, name: things.get((kinds, name)))
    return CatalogueRequest(query, {name: tuple(texts) for name, texts in values.items()}, terms, query.bound(terms))


async def thing_named(kinds: Sequence[str], name: str, answer: Answer) -> NamedNode | None:
    """The thing of one of these kinds that has the name; the earlier kinds win."""
    text = catalogue()["thing-by-name"].bound({"name": [Literal(name)]})
    found = {row[0] for row in rows.from_results(await answer(text, QueryResultsFormat.JSON)).rows}
    things = sorted((term for term in found if isinstance(term, NamedNode)), key=str)
    return next((thing for kind in kinds for thing in things if is_of(kind, thing)), None)


async def thing_keyed(parameter: Parameter, key: str, candidates: Sequence[NamedNode], answer: Answer) -> NamedNode:
    """The first of the things that a key may stand for which the graph holds; refuses a key that stands for none."""
    text = catalogue()["things-known"].bound({"thing": candidates})
    held = {row[0] for row in rows.from_results(await answer(text, QueryResultsFormat.JSON)).rows}
    found = next((candidate for candidate in candidates if candidate in held), None)
    if found is None:
        raise BadValueError(parameter.name, key, *parameter.expected)
    return found


def is_of(kind: str, thing: NamedNode) -> bool:
    """Whether the IRI of a thing is of that kind: its last part but one names it.

    >>> is_of("group", NamedNode("https://w3id.org/zhengce/id/notice/huzhiban-2026-2/group/3"))
    True
    """
    if kind == "class":
        return thing.value.startswith(TERMS)
    return thing.value.startswith(THINGS) and thing.value.split("/")[-2] == kind


async def tabulate(asked: CatalogueRequest, answer: Answer) -> rows.ResultTable:
    """The answer as rows; a graph as its triples."""
    if asked.query.form in {"SELECT", "ASK"}:
        return rows.from_results(await answer(asked.text, QueryResultsFormat.JSON))
    return rows.from_triples(await answer(asked.text, RdfFormat.N_TRIPLES))


def _names(parameter: Parameter, texts: Sequence[str]) -> Iterator[str]:
    """What was typed that is neither an IRI nor a key."""
    for text in texts:
        if parameter.type == "iri" and text.strip() and not parameter.is_key(text.strip()):
            yield text.strip()
