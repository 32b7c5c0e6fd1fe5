"""Quads, turned into a store that answers questions and proves what it holds.

>>> import graph
>>> from pyoxigraph import Literal, NamedNode, Quad
>>> quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("低空", language="zh"), NamedNode("urn:g"))
>>> [row["o"].value for row in graph.in_memory([quad]).select("SELECT ?o { ?s ?p ?o }")]
['低空']

These names are what others may rely on; the modules below change without notice. Importing the package opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Quad, Triple

    from graph.errors import GraphError
    from graph.proofs.why import Explanation
    from graph.store.embedded_store import Store

__all__ = ["Explanation", "GraphError", "Store", "frame", "in_memory", "open_snapshot", "prove", "prove_as"]

_DEFINED_IN = {"Explanation": "graph.proofs.why", "GraphError": "graph.errors", "Store": "graph.store.embedded_store"}


def __getattr__(name: str) -> object:
    """The classes of ``__all__``, imported where they are first named."""
    if name in _DEFINED_IN:
        return getattr(import_module(_DEFINED_IN[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@contextmanager
def open_snapshot(folder: Path) -> Iterator[Store]:
    """The snapshot of a data folder that is served now, for reading while the block runs; a service may write beside it.

    Raises StoreError where nothing was published there, or where it is damaged.
    """
    from graph.errors import StoreError
    from graph.store.embedded_store import Store
    from graph.store.snapshot import Snapshots

    with Snapshots(folder).reading() as snapshot:
        if snapshot is None:
            raise StoreError(f"{folder}: no snapshot was published", f"{folder}：还没有发布过快照")
        yield Store.open(snapshot.path)


def in_memory(quads: Iterable[Quad], vocabulary: Iterable[Triple] = ()) -> Store:
    """A store of these quads, of a vocabulary and of what follows from both by its axioms, in ``graph/inferred/...`` as in a snapshot."""
    from pyoxigraph import Quad
    from pyoxigraph import Store as Engine

    from graph.reasoning.inference import prepare, rules
    from graph.store.embedded_store import Store
    from ontology.names import GRAPH

    stated, known = tuple(quads), tuple(vocabulary)
    background = prepare(rules(known), known)
    keys = dict.fromkeys(key for quad in stated if (key := _key(str(quad.graph_name))))
    engine = Engine()
    engine.extend(stated)
    inferred = {key: background.infer(quad.triple for quad in stated if _key(str(quad.graph_name)) == key) for key in keys}
    for graph, triples in (
        ("vocabulary", known),
        ("inferred/vocabulary", background.inferred),
        *((f"inferred/{k}", inferred[k]) for k in keys),
    ):
        engine.extend(Quad(triple.subject, triple.predicate, triple.object, GRAPH[graph]) for triple in triples)
    return Store.in_memory(engine)


def _key(graph: str) -> str:
    """The key of the notice to which a graph of statements or readings belongs; empty for others."""
    from ontology.names import GRAPH

    name = graph.strip("<>")
    return next((name.removeprefix(start) for part in ("notice", "readings") if name.startswith(start := f"{GRAPH}{part}/")), "")


def prove(store: Store, subject: str, predicate: str, object: str) -> Explanation:
    """Why a triple holds; each word is an IRI, a key or a name: ``task/9``, ``involvesIndustry``, ``低空航空``.

    Raises UnknownNameError for a word that names nothing and NotProvableError for what does not hold.
    """
    from graph.proofs.why import why

    return why(store, subject, predicate, object)


def prove_as(
    store: Store, words: tuple[str, str, str], kind: Literal["text", "json", "turtle"] = "text", language: Literal["zh", "en"] = "zh"
) -> str:
    """The proof of the triple that three words name, as text in a language, as JSON in both, or as PROV-O in Turtle."""
    from graph.proofs.why import answer

    return answer(store, words, kind, language).decode()


def frame(query: str, source: str | Path | Store, library: Literal["pandas", "polars"] = "pandas", *, seconds: float = 60.0) -> Any:
    """The rows of a SELECT as a frame of pandas or polars, its columns typed as their terms are (integers, numbers, truth values, dates,
    times, else text); what is unbound is missing.

    ``source`` is the address of a SPARQL endpoint, which has so many seconds, the data folder of a service, or a store at hand. Raises
    ModuleNotFoundError where the library is not installed (``zhengce[frames]``), BadQueryError for what is no SELECT, StoreError where an
    endpoint or a folder gives no answer.
    """
    from graph.dataframes import framed

    return framed(query, source, library, seconds)
