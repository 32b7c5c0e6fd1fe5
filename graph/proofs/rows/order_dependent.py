"""The variables of a query whose value depends on an order that nobody sets: pieces that are joined, any one of several values."""

from __future__ import annotations

from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue

from graph.proofs.rows.algebra import Algebra, is_variable, nodes
from graph.proofs.rows.sparql_text import grouping


def loose(node: Algebra) -> tuple[dict[str, str], set[str]]:
    """The variables whose value depends on an order that nobody sets: joined by a separator, and any one of several values."""
    joined: dict[str, str] = {}
    free: set[str] = set()
    for each in nodes(node):
        found = grouping(each.p) if each.name == "Project" else None
        if found is None:
            continue
        here: dict[str, str] = {}
        for aggregate in found.join.A:
            if aggregate.name == "Aggregate_GroupConcat":
                here[str(aggregate.res)] = " " if aggregate.separator is None else str(aggregate.separator)
            elif aggregate.name == "Aggregate_Sample" and str(aggregate.vars) not in found.keys:
                free.add(str(aggregate.res))
        for made in reversed(found.made):
            if is_variable(made.expr) and str(made.expr) in here:
                joined[str(made.var)] = here[str(made.expr)]
    _spread(node, joined, free)
    return joined, free


def _spread(node: Algebra, joined: dict[str, str], free: set[str]) -> None:
    """Adds what is computed from such a variable."""
    grown = True
    while grown:
        grown = False
        for each in nodes(node):
            if each.name != "Extend" or str(each.var) in joined or str(each.var) in free:
                continue
            used = {str(part) for part in _terms(each.expr) if is_variable(part)}
            if used & free:
                free.add(str(each.var))
                grown = True
            elif used & joined.keys():
                joined[str(each.var)] = ""
                grown = True


def _terms(part: Any) -> list[Any]:
    if isinstance(part, CompValue):
        return [term for name, each in part.items() if name != "_vars" for term in _terms(each)]
    if isinstance(part, list | tuple):
        return [term for each in part for term in _terms(each)]
    return [part]
