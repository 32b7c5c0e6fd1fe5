"""Scans: what a page says is read from its picture, with its place and how sure that is; what is not is said."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageDraw
from pyoxigraph import Literal
from reportlab.pdfgen import canvas  # type: ignore[import-untyped]

from ingest.errors import IngestError, TooLargeError, UnreadableError
from ingest.limits import ReadLimits
from ingest.model.document import Document
from ingest.model.passages import passages
from ingest.parse import parse
from ingest.read import SUFFIXES, read_bytes
from ingest.readers.fixed_layout import scan
from ontology import terms
from tests.ingest.readers.scanned import ROWS, as_file, askew, pictures, table_page


@cache
def page() -> Image.Image:
    return pictures(table_page())[0]


@cache
def straight() -> Document:
    """What is read from it."""
    return read_bytes("a.png", as_file([page()], "PNG"))


def cells(document: Document) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for table in document.tables():
        for cell in table.cells:
            rows.setdefault(cell.row, []).append("".join(map(str, cell.paragraphs)))
    return [rows[row] for row in sorted(rows)]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("straight.png", lambda: as_file([page()], "PNG")),
        ("askew.jpg", lambda: as_file([askew(page(), 1.3)], "JPEG")),
        ("on-its-side.pdf", lambda: as_file([page().rotate(90, expand=True)], "PDF")),
        ("large.tif", lambda: as_file([page().resize((page().width * 2, page().height * 2))], "TIFF")),
    ],
)
def test_a_table_is_read_from_its_picture(name: str, make: Callable[[], bytes]) -> None:
    document = read_bytes(name, make())
    assert cells(document) == [list(row) for row in ROWS]
    assert document.recognition
    assert document.recognition.startswith("RapidOCR 3.")
    assert "recognised" in {code for code, _ in document.notes}
    tasks = parse(document).tasks
    assert [[str(unit.surface) for unit in task.units] for task in tasks] == [row[2].split("、") for row in ROWS[1:]]


def test_each_character_of_a_scan_has_its_place() -> None:
    document = straight()
    placed = {offset for place in document.places for offset in range(place.start, place.end)}
    assert {offset for offset, value in enumerate(document.text) if value.strip()} <= placed
    where = document.text.index("市水务局")
    place = next(place for place in document.places if place.start <= where < place.end)
    box = page().crop(
        (
            round(place.x0 * page().width), round(place.top * page().height),
            round(place.x1 * page().width), round(place.bottom * page().height),
        )
    )  # fmt: skip
    dark = sum(box.histogram()[:128])
    assert 0.05 < dark / (box.width * box.height) < 0.6
    assert 0.5 < place.sure <= 1
    made = passages(document, "https://example.org/n")
    cell = next(cell for table in document.tables() for cell in table.cells if "市水务局" in str(cell.paragraphs[0]))
    made.of(cell.paragraphs[0])
    said = list(made.triples(made.of(cell.paragraphs[0]).node))
    assert [triple.object for triple in said if triple.predicate == terms.pageFragment] == [Literal(place.fragment)]
    assert [triple for triple in said if triple.predicate == terms.recognitionConfidence]


def test_a_picture_among_printed_pages_is_read_at_its_place() -> None:
    joined = pypdfium2.PdfDocument.new()
    printed = BytesIO()
    drawn = canvas.Canvas(printed)
    drawn.drawString(50, 700, "The first page of this file has characters of its own.")
    drawn.save()
    for part in (printed.getvalue(), as_file([page()], "PDF")):
        joined.import_pages(pypdfium2.PdfDocument(part))
    made = BytesIO()
    joined.save(made)
    document = read_bytes("mixed.pdf", made.getvalue())
    assert document.text.index("The first page") < document.text.index("市水务局")
    assert {place.page for place in document.places} == {2}
    assert ("recognised", "2") in {(code, said[2:3]) for code, said in document.notes}


def test_without_the_extra_pictures_are_refused_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "find_spec", lambda name: None)
    with pytest.raises(UnreadableError, match=r"install zhengce\[scan\]"):
        read_bytes("scan.pdf", as_file([page()], "PDF"))
    with pytest.raises(UnreadableError, match=r"install zhengce\[scan\]"):
        read_bytes("scan.png", as_file([page()], "PNG"))


def test_ink_that_is_no_character_is_named() -> None:
    spoilt = page().copy()
    document = straight()
    place = next(place for place in document.places if "市水务局" in document.text[place.start : place.end])
    x0, x1 = place.x0 * spoilt.width, place.x1 * spoilt.width
    top, bottom = place.top * spoilt.height, place.bottom * spoilt.height
    draw = ImageDraw.Draw(spoilt)
    draw.rectangle((x0 - 4, top - 4, x1 + 4, bottom + 4), fill=255)
    draw.polygon([(x0, bottom), (x0 + 60, top - 8), (x0 + 75, bottom + 6), (x0 + 10, top)], outline=0, width=5)
    again = read_bytes("b.png", as_file([spoilt], "PNG"))
    named = [code for code, _ in again.notes if code in {"cell-unread", "recognised-unsure"}]
    assert named, (cells(again), again.notes)


def test_an_image_too_large_is_refused_in_one_sentence() -> None:
    with pytest.raises(TooLargeError, match="more time, memory or pixels"):
        read_bytes("large.png", as_file([page()], "PNG"), ReadLimits(scan_megapixels=1))
    with pytest.raises(TooLargeError, match="more time, memory or pixels"):
        read_bytes("slow.png", as_file([page()], "PNG"), ReadLimits(scan_memory=256 * 2**20))


def test_damaged_images_are_refused_in_one_sentence() -> None:
    whole = as_file([page()], "PNG")
    chosen = random.Random(7)
    for _ in range(12):
        damaged = bytearray(whole)
        for _ in range(40):
            damaged[chosen.randrange(8, len(damaged))] = chosen.randrange(256)
        with pytest.raises(IngestError):
            read_bytes("damaged.png", bytes(damaged[: chosen.randrange(100, len(damaged))]))


def test_images_are_read_where_they_are_named_alone() -> None:
    assert not SUFFIXES & {".png", ".jpg", ".tif"}
