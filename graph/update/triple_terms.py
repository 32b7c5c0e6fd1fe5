"""Triple terms, one inside the other (https://www.w3.org/TR/rdf12-concepts/#section-triple-terms), as deep as a snapshot may hold them.

The engine writes and reads terms by recursion: a term of some ten thousand levels, once published, would end every process that loads the
snapshot. Nobody states anything about a statement of a statement so often, so the depth is bounded where something is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from pyoxigraph import Quad, QueryBoolean, Store, Triple

from graph.errors import BadDataError

DEEPEST = 16
"""Levels: a triple term that holds no other has one."""
_MAKES = re.compile(r"<<|\{\||~|TRIPLE|\\u", re.IGNORECASE)
"""What an update has to hold to make a triple term: the term, an annotation, a reifier, the function, or an escape of any of them."""
_TOO_DEEP = f"?s ?p ?o FILTER(isTRIPLE({'OBJECT(' * DEEPEST}?o{')' * DEEPEST}))"


def makes_triple_terms(update: str) -> bool:
    """Whether the text of an update may make a triple term that was not there before.

    >>> makes_triple_terms("INSERT { ?s ?p ?t } WHERE { ?s ?p ?o BIND(triple(?s, ?p, ?o) AS ?t) }"), makes_triple_terms("CLEAR ALL")
    (True, False)
    """
    return _MAKES.search(update) is not None


def shallow(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads as they come; raises BadDataError at one whose object is deeper."""
    for quad in quads:
        term, depth = quad.object, 0
        while isinstance(term, Triple):
            term, depth = term.object, depth + 1
            if depth > DEEPEST:
                raise _too_deep()
        yield quad


def check_depth_of_terms(store: Store) -> None:
    """Raises BadDataError where a store holds a term that is deeper; some 0.4 s for a million quads."""
    found = store.query(f"ASK {{ {{ {_TOO_DEEP} }} UNION {{ GRAPH ?g {{ {_TOO_DEEP} }} }} }}")
    if bool(cast(QueryBoolean, found)):
        raise _too_deep()


def _too_deep() -> BadDataError:
    return BadDataError(f"triple terms nest deeper than {DEEPEST} levels")
