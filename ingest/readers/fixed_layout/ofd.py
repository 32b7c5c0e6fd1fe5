"""An .ofd file (GB/T 33190) -> Document: its characters and ruling lines, walked as those of a PDF file are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from posixpath import dirname, join, normpath
from zipfile import BadZipFile, ZipFile

from ingest.errors import IngestError, UnreadableError
from ingest.fields.folding import bare
from ingest.limits import ReadLimits
from ingest.model.document import Block, Document
from ingest.readers.archives.zip_parts import Element, elements_of, encrypted, parts_within
from ingest.readers.fixed_layout.ofd_page import OfdMarks, local, page_box
from ingest.readers.fixed_layout.page_layout import PageWalk, too_many_pages
from ingest.readers.fixed_layout.text_lines import Character, drawn_once

_OFD = "application/ofd"
_SECRETS = frozenset(("encryptions.xml", "decryptseed.dat", "encryptinfo.dat"))
_OUTLINES = ("它用图形画出字形，其中没有文字", "it draws its characters as shapes, none of them is text")
_SCANNED = ("没有文字层，只有页面的图像", "it has no text layer, only images of pages")
_UNNAMED = "¤"
"""What stands for a glyph whose character the writer did not know."""


def read_ofd(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of an OFD file, page after page; seals and comments are not read.

    Raises :class:`~ingest.errors.UnreadableError` where it is damaged or encrypted or holds no text,
    :class:`~ingest.errors.TooLargeError` where it passes a limit.
    """
    parts_within(name, data, limits)
    try:
        with ZipFile(BytesIO(data)) as archive:
            document = _blocks(name, sha256, _Package(name, archive), limits, more)
    except IngestError:
        raise
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError, OSError) as error:
        raise UnreadableError(name, "OFD 文件已损坏", "the OFD file is damaged") from error
    return document


def _blocks(name: str, sha256: str, package: _Package, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    walk, found = PageWalk(name, limits), list[Block]()
    left, pictures, shapes = limits.pages, 0, 0
    for number, marks in enumerate(package.pages(limits), start=1):
        left -= 1
        if left < 0:
            raise too_many_pages(name, limits)
        pictures, shapes = pictures + marks.pictures, shapes + marks.shapes
        found.extend(walk.page(number, _once(marks.characters), marks.edges))
        more(1.0)
    found.extend(walk.rest())
    text = walk.writer.text
    if len(bare(text)) < 10:
        raise UnreadableError(name, *(_SCANNED if pictures and not shapes else _OUTLINES))
    if text.count(_UNNAMED) * 20 > len(text):
        raise UnreadableError(name, "其字体没有说明所画的是哪些字", "its fonts do not say which characters they draw")
    return Document(name, _OFD, sha256, text, tuple(found))


def _once(characters: Sequence[Character]) -> list[Character]:
    return [characters[place] for place in drawn_once([((c.value, c.size), c.top, c.x0) for c in characters])]


class _Package:
    """The parts of one file, found as its writers name them: with either slash and in any case."""

    def __init__(self, name: str, archive: ZipFile) -> None:
        self._name, self._archive = name, archive
        self._parts = {_plain(part): part for part in archive.namelist()}
        if any(part.rpartition("/")[2] in _SECRETS for part in self._parts):
            raise encrypted(name)
        self._units: dict[str, Element] = {}
        self._templates: dict[str, str] = {}

    def pages(self, limits: ReadLimits) -> Iterator[OfdMarks]:
        """The marks of each page of all documents in the file, in order."""
        first = next(part for part in self._parts if part.rpartition("/")[2] == "ofd.xml")
        for root in local(self._read(first), "DocRoot"):
            path = self._path(first, root.text or "")
            document = self._read(path)
            self._units, self._templates = {}, {}
            size = next((page_box(box) for box in local(document, "PhysicalBox")), None)
            for tag in ("PublicRes", "DocumentRes"):
                for resource in local(document, tag):
                    self._read_units(self._path(path, resource.text or ""))
            for template in local(document, "TemplatePage"):
                self._templates[template.get("ID", "")] = self._path(path, template.get("BaseLoc", ""))
            for page in (page for pages in local(document, "Pages") for page in local(pages, "Page")):
                yield self._page(self._path(path, page.get("BaseLoc", "")), size, limits)

    def _page(self, path: str, size: tuple[float, float] | None, limits: ReadLimits) -> OfdMarks:
        root = self._read(path)
        corner = next((page_box(box) for box in local(root, "PhysicalBox")), size) or (0.0, 0.0)
        marks = OfdMarks(self._name, self._units, corner, limits)
        for template in local(root, "Template"):
            known = self._templates.get(template.get("TemplateID", ""))
            if known is not None:
                marks.add(self._read(known))
        marks.add(root)
        return marks

    def _read_units(self, path: str) -> None:
        """The drawings that pages refer to by number; a list of resources that is missing has none."""
        if path in self._parts:
            for unit in local(self._read(path), "CompositeGraphicUnit"):
                self._units[unit.get("ID", "")] = unit

    def _read(self, path: str) -> Element:
        return elements_of(self._name, self._archive.read(self._parts[path]))

    def _path(self, beside: str, named: str) -> str:
        """Where a part is that another names: from the root with a slash, else beside that other."""
        given = _plain(named.strip())
        near = _plain(normpath(join(dirname(beside), given)))
        return near if near in self._parts and not named.strip().startswith("/") else _plain(normpath(given))


def _plain(path: str) -> str:
    return path.replace("\\", "/").lstrip("/").lower()
