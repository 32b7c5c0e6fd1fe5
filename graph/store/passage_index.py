"""The passages of a store's notices, turned into an index of their characters beside it; a text, turned into the passages that hold it.

The index belongs to the snapshot as its other files do. One token is one Chinese character or one run of letters or digits, and a text is
looked for as a phrase of them: what the index finds is what a scan of all passages finds (``scanned``), which serves where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store
from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder

from graph.store.passage_text import WantedText, places, tokens
from graph.store.passage_text import wanted as looked_for
from ontology.names import DEF, GRAPH

NAME = "passages"
"""The folder of the index beside the store."""
MOST = 1000
"""So many passages, those that hold a text densest, are given at most."""
ORDERED = 100
"""So many of those that the index ranks first are ordered by density, or twice as many as are given: each of them is read."""
_SEQUENCE = "sequence"
"""The field of characters, runs and the marks between them: a phrase in it is what a passage holds, and need not be read to be counted."""
_MEMORY = 15_000_000
_PASSAGES = f"""
SELECT ?passage ?text WHERE {{
  GRAPH ?graph {{ ?passage a <{DEF["Passage"].value}> ; <{DEF["text"].value}> ?text }}
  FILTER(STRSTARTS(STR(?graph), "{GRAPH["notice/"].value}"))
}}
"""


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage that holds a text, and where: code points of ``text``."""

    passage: str
    text: str
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PassageHits:
    """The passages that hold a text, the densest first; ``count`` are all there are."""

    hits: tuple[PassageHit, ...]
    count: int
    indexed: bool
    """Whether an index found them; else all passages were read."""


def beside(store: Path) -> Path | None:
    """The index beside the folder of a store; None where there is none."""
    folder = store.parent / NAME
    return folder if folder.is_dir() else None


def write_index(store: Store, folder: Path) -> bool:
    """Writes the index of a store into a folder that is not there yet; whether there was a passage to write."""
    rows = passages(store)
    first = next(rows, None)
    if first is None:
        return False
    folder.mkdir()
    index = Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=_MEMORY, num_threads=1)
    for passage, text in chain([first], rows):
        document = Document()
        document.add_text("passage", passage)
        document.add_bytes("text", text.encode())
        document.add_text(_SEQUENCE, " ".join(tokens(text).sequence))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    for file in folder.iterdir():
        # The library makes some for its own user alone; who may read the store may read its index.
        file.chmod(0o644)
    return True


def passages(store: Store) -> Iterator[tuple[str, str]]:
    """The passages of the notices in a store, each with its text."""
    answer = store.query(_PASSAGES)
    assert isinstance(answer, QuerySolutions)
    for row in answer:
        passage, text = row["passage"], row["text"]
        if isinstance(passage, NamedNode) and isinstance(text, Literal):
            yield passage.value, text.value


def find(store: Store, folder: Path | None, text: str, limit: int, most: int = MOST) -> PassageHits:
    """The passages of a store that hold a text; by the index in the folder where there is one that can be read, else by a scan.

    At most ``most`` and at most ``limit`` of them are given.
    """
    limit = min(limit, most)
    wanted = looked_for(text)
    if not wanted or limit < 1:
        return PassageHits((), 0, indexed=False)
    found = _indexed(folder, wanted, limit) if folder else None
    return scanned(store, wanted, limit) if found is None else found


def scanned(store: Store, wanted: Sequence[WantedText], limit: int) -> PassageHits:
    """The same by reading all passages."""
    hits = [hit for hit in _hits(passages(store), wanted) if hit.places]
    return PassageHits(tuple(sorted(hits, key=_order)[:limit]), len(hits), indexed=False)


def _indexed(folder: Path, wanted: Sequence[WantedText], limit: int) -> PassageHits | None:
    """What the index finds; None where it cannot be read."""
    try:
        index = _opened(folder)
        searcher = index.searcher()
        query = Query.boolean_query([(Occur.Must, _phrase(index.schema, part.sequence)) for part in wanted])
        found = searcher.search(query, max(ORDERED, 2 * limit), count=True)
        rows = [searcher.doc(address).to_dict() for _, address in found.hits]
    except (ValueError, OSError, SystemError):
        return None
    read = ((str(row["passage"][0]), bytes(row["text"][0]).decode()) for row in rows)
    hits = [hit for hit in _hits(read, wanted) if hit.places]
    return PassageHits(tuple(islice(sorted(hits, key=_order), limit)), _counted(found) - (len(rows) - len(hits)), indexed=True)


def _counted(found: object) -> int:
    """How many the index holds; the library's types do not tell that it says so."""
    return int(getattr(found, "count", 0) or 0)


@lru_cache(maxsize=1)
def _opened(folder: Path) -> Index:
    """An index, opened once by a process that answers: its files are mapped, never written again, and no thread of it outlives a fork."""
    index = Index.open(str(folder))
    # Nothing is to be watched: an index that is published does not change.
    index.config_reader(reload_policy="manual")
    return index


def _hits(rows: Iterable[tuple[str, str]], wanted: Sequence[WantedText]) -> Iterator[PassageHit]:
    for passage, text in rows:
        yield PassageHit(passage, text, tuple(places(wanted, text)))


def _order(hit: PassageHit) -> tuple[float, int, str]:
    """Those that hold the text most densely first; of these the short ones."""
    return -len(hit.places) / (len(hit.text) + 40), len(hit.text), hit.passage


def _phrase(schema: Schema, words: Sequence[str]) -> Query:
    if len(words) == 1:
        return Query.term_query(schema, _SEQUENCE, words[0])
    return Query.phrase_query(schema, _SEQUENCE, list(words))


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("passage", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("text", stored=True, indexed=False)
    builder.add_text_field(_SEQUENCE, stored=False, tokenizer_name="whitespace", index_option="position")
    return builder.build()
