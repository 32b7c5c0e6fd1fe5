"""No claim without its words: every year, period and role that the graph of a notice asserts is printed where its evidence points."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from api.publication.publish import Knowledge
from ingest.errors import IngestError
from ingest.fields.dates import PLAN_START
from ingest.fields.folding import bare
from ingest.interpretation import readings
from ingest.model.document import Document
from ingest.parse import parse
from ingest.quads import triples
from ingest.read import read
from ingest.recognise import recognise
from ontology import terms
from ontology.names import RDF, TYPE

_PLANS = {str(start + end): name for name, start in PLAN_START.items() for end in (0, 4)}
ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for folder in (ROOT / "tests/data/layouts", ROOT / "tests/data/samples", ROOT / "tests/data/graph", ROOT / "ingest/notices")
    for path in folder.iterdir()
    if path.suffix in (".txt", ".html", ".docx", ".pdf") and not path.name.endswith("en.txt")
)
_CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
Graph = dict[NamedNode, dict[NamedNode, list[object]]]


def graph(document: Document, known: Knowledge) -> tuple[Graph, Graph]:
    """What is asserted of a document, and what is read into it, by subject and predicate."""
    reading = recognise(parse(document), known.vocabulary)
    found: list[Graph] = []
    for said in (triples(reading), readings(reading)):
        index: Graph = defaultdict(lambda: defaultdict(list))
        for triple in said:
            assert isinstance(triple.subject, NamedNode)
            index[triple.subject][triple.predicate].append(triple.object)
        found.append(index)
    return found[0], found[1]


def prints(words: str, day: str) -> bool:
    """Whether the words print the year of a day: in digits, in Chinese, as two digits, or by the name of a five-year plan."""
    year = day[:4]
    plain = bare(words).replace("○", "〇").replace("零", "〇")
    return year in plain or year.translate(_CHINESE) in plain or f"{year[2:]}年" in plain or _PLANS.get(year, "-") in plain


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_year_and_role_has_its_words(path: Path, known: Knowledge) -> None:
    try:
        asserted, read_into = graph(read(path), known)
    except IngestError:
        assert path.name == "explanation.html"
        return
    quotes = {
        (about[RDF["subject"]][0], about[RDF["predicate"]][0]): str(getattr(about[terms.quote][0], "value", ""))
        for about in asserted.values()
        if terms.Statement in about.get(TYPE, ())
    }
    for node, about in asserted.items():
        for name in (terms.horizonStart, terms.horizonEnd):
            for day in about.get(name, ()):
                assert isinstance(day, Literal)
                assert prints(quotes[node, name], day.value), (node, quotes[node, name])
        for day in about.get(terms.dueDate, ()):
            assert isinstance(day, Literal)
            (passage,) = about[terms.passage]
            assert isinstance(passage, NamedNode)
            assert prints(str(getattr(asserted[passage][terms.text][0], "value", "")), day.value), node
        if terms.role in about:
            assert quotes[node, terms.role]
    readings_of = {about[RDF["subject"]][0] for about in read_into.values() if terms.Reading in about.get(TYPE, ())}
    for node, about in read_into.items():
        if {terms.horizonStart, terms.horizonEnd, terms.dueDate, terms.sliceOf} & set(about):
            assert node in readings_of, node


@pytest.mark.parametrize(
    ("words", "day", "said"),
    [
        ("2025年底前", "2025-12-31", True),
        ("12月底前", "2025-12-31", False),
        ("“十四五”末", "2025-12-31", True),
        ("二〇二五年", "2025-01-01", True),
        ("2024年", "2025-01-01", False),
    ],
)
def test_a_year_is_printed_or_not(words: str, day: str, said: bool) -> None:
    assert prints(words, day) is said
