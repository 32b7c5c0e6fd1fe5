"""What is kept in the spool comes out of it as it was."""

from __future__ import annotations

from io import BufferedReader
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from api.publication.spool import About, Chained, Spool
from ontology.names import DCTERMS, GRAPH, ID


def test_graphs_come_out_of_the_spool_as_they_went_in(tmp_path: Path) -> None:
    """Also where a text looks like the end of a statement."""
    texts = ("一 .\n二 .\n", " .\r\n", ' "> <x> .\n', "")
    graphs: dict[NamedNode, list[Triple]] = {
        GRAPH["notice/n"]: [Triple(ID["notice/n"], DCTERMS["title"], Literal(text, language="zh")) for text in texts],
        GRAPH["inferred/n"]: [Triple(ID["notice/n"], DCTERMS["title"], ID["x"])],
        GRAPH["readings/n"]: [],
    }
    notice = About("0" * 64, "n", None, 1, 1, 1, 5, 0, (("code", "sentence"),), tuple(graph.value for graph in graphs))
    spool = Spool(tmp_path, "1")
    entry = spool.keep(notice, graphs)
    assert spool.entry("0" * 64) == entry
    found = list(parse(BufferedReader(Chained([entry, entry])), RdfFormat.N_QUADS))
    said = [(graph, triple) for graph, triples in graphs.items() for triple in triples]
    assert [(quad.graph_name, quad.triple) for quad in found] == said + said
