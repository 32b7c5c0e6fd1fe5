"""Documents, turned into records and RDF: a file is read, its things are recognised, and what it says becomes quads.

>>> from importlib.resources import as_file, files
>>> import ingest
>>> with as_file(files("ingest") / "notices" / "huzhiban-2026-2.txt") as path:
...     notice = ingest.read_notice(path)
>>> notice.tasks[8].no, [str(unit.surface) for unit in notice.tasks[8].units]
('9', ['市经济信息化委', '市市场监管局', '金山区'])

These names are what others may rely on; the modules below change without notice. Importing the package reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Quad

    from ingest.errors import IngestError
    from ingest.model.records import Notice, Task
    from ingest.recognise import Reading
    from ingest.vocabulary import Vocabulary

__all__ = [
    "IngestError",
    "Notice",
    "Reading",
    "Task",
    "Vocabulary",
    "load_vocabulary",
    "read_notice",
    "recognise_things",
    "to_json",
    "to_quads",
]

_DEFINED_IN = {
    "IngestError": "ingest.errors",
    "Notice": "ingest.model.records",
    "Reading": "ingest.recognise",
    "Task": "ingest.model.records",
    "Vocabulary": "ingest.vocabulary",
}


def __getattr__(name: str) -> object:
    """The classes of ``__all__``, imported where they are first named."""
    if name in _DEFINED_IN:
        return getattr(import_module(_DEFINED_IN[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def read_notice(source: Path | bytes, name: str = "", address: str | None = None) -> Notice:
    """The records of a document: of a file, or of bytes whose file had this ``name``; ``address`` is where it was taken from.

    Raises IngestError, with the reason in both languages, where it cannot be read or holds no tasks.

    >>> notice = read_notice("2026年任务分工方案\\n1. 建成平台3个。（市商务局）".encode(), "plan.txt")
    >>> [(str(task.text), str(task.quantities[0].surface)) for task in notice.tasks]
    [('建成平台3个。', '3个')]
    """
    from ingest.parse import parse
    from ingest.read import from_address, read, read_bytes

    if isinstance(source, bytes):
        return parse(from_address(read_bytes(name, source), address))
    return parse(read(source, source=address))


def load_vocabulary() -> Vocabulary:
    """The things that the ontology of the package knows by name; make it once and use it for all documents."""
    import ontology
    from ingest.vocabulary import vocabulary

    return vocabulary(ontology.triples())


def recognise_things(notice: Notice, vocabulary: Vocabulary) -> Reading:
    """The records with what their words refer to: who bears each task, which things it names, which milestones it promises."""
    from ingest.recognise import recognise

    return recognise(notice, vocabulary)


def to_json(reading: Reading, vocabulary: Vocabulary) -> Mapping[str, object]:
    """What ``zhengce extract`` prints, see docs/ingest.md."""
    from ingest.extract import extract

    return extract(reading, vocabulary)


def to_quads(reading: Reading) -> Iterator[Quad]:
    """What the document states, in ``graph/notice/KEY``, and what is read into it by named rules, in ``graph/readings/KEY``.

    >>> vocabulary = load_vocabulary()
    >>> notice = read_notice("2026年任务分工方案\\n1. 发展低空经济。（市商务局）".encode(), "plan.txt")
    >>> quads = list(to_quads(recognise_things(notice, vocabulary)))
    >>> sorted({quad.graph_name.value.split("/")[5] for quad in quads})
    ['notice', 'readings']
    """
    from pyoxigraph import Quad

    from ingest.interpretation import readings
    from ingest.quads import triples
    from ontology.names import GRAPH

    for part, found in (("notice", triples(reading)), ("readings", readings(reading))):
        graph = GRAPH[f"{part}/{reading.key}"]
        yield from (Quad(triple.subject, triple.predicate, triple.object, graph) for triple in found)
