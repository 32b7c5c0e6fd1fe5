"""Where a passage stands, what points into it, and where its line and page begin."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from ingest.model.document import Text
from ingest.model.passages import evidence, passages, places
from ingest.read import read_bytes
from ontology import terms
from ontology.names import DCTERMS, XSD

TEXT = "第一行\n第二行有字\n第三行"
BASE = "https://w3id.org/zhengce/id/notice/k"


def number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD["integer"])


def test_a_passage_knows_its_place_and_its_heading() -> None:
    document = read_bytes("a.txt", TEXT.encode())
    start = document.text.index("有字")
    known = passages(document, BASE)
    passage = known.of(Text.at_offset("有字", start), "任务")
    assert (passage.node.value, passage.start, passage.end) == (f"{BASE}/passage/{start}-{start + 2}", start, start + 2)
    said = {(triple.predicate, triple.object) for triple in known.triples(NamedNode(BASE))}
    assert {
        (terms.text, Literal("有字")),
        (terms.offset, number(start)),
        (terms.line, number(2)),
        (terms.column, number(4)),
        (terms.heading, Literal("任务", language="zh")),
        (DCTERMS["isPartOf"], NamedNode(BASE)),
    } < said
    assert terms.page not in {predicate for predicate, _ in said}


def test_a_heading_that_is_known_is_not_forgotten() -> None:
    known = passages(read_bytes("a.txt", TEXT.encode()), BASE)
    text = Text.at_offset("第一", 0)
    for heading in ("任务", None):
        known.of(text, heading)
        assert list(known.met.values()) == ["任务"]
    known.of(text, "目标")
    assert list(known.met.values()) == ["目标"]


def test_evidence_points_into_its_passage() -> None:
    known = passages(read_bytes("a.txt", TEXT.encode()), BASE)
    passage = known.of(Text.at_offset("第二行有字", 4))
    said = {
        triple.predicate: triple.object for triple in evidence(NamedNode("urn:e"), terms.Mention, passage, Text.at_offset("有字", 7), known)
    }
    assert (said[terms.start], said[terms.end], said[terms.quote], said[terms.passage]) == (
        number(3),
        number(5),
        Literal("有字"),
        passage.node,
    )


def test_units_that_stand_close_together_share_the_passage_of_their_cell() -> None:
    long = read_bytes("a.txt", ("甲局、" + "乙" * 700 + "、丙局").encode())
    known = passages(long, BASE)
    first, last = Text.at_offset("甲局", 0), Text.at_offset("丙局", len(long.text) - 2)
    assert known.around([], None) == []
    assert [(passage.start, passage.end) for passage in known.around([first, last], None)] == [(0, 2), (last.start, last.end)]
    near = Text.at_offset("乙", 599)
    assert [(passage.start, passage.end) for passage in known.around([first, near], None)] == [(0, 600)] * 2
    far = Text.at_offset("乙", 600)
    assert [(passage.start, passage.end) for passage in known.around([first, far], None)] == [(0, 2), (600, 601)]


def test_lines_and_pages_count_from_one() -> None:
    known = places(read_bytes("a.txt", TEXT.encode()))
    assert [known.line(offset) for offset in (0, 3, 4, 9, 10)] == [1, 1, 2, 2, 3]
    assert known.page(0) is None
    paged = type(known)([0], [(10, 1), (20, 3)])
    assert [paged.page(offset) for offset in (9, 10, 19, 20, 99)] == [None, 1, 1, 3, 3]
