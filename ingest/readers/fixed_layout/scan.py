"""Pictures of pages -> their characters and ruling lines, by recognition in a process of its own; image files -> Document.

The libraries of the recognition (the extra ``zhengce[scan]``) are imported in that process alone. It is held to limits of memory, pixels
and processor time of its own, and ends with the block that needs it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Literal

from ingest.errors import TooLargeError, UnreadableError
from ingest.fields.folding import bare
from ingest.limits import ReadLimits
from ingest.model.document import Block, Code, Document, Place
from ingest.readers.archives.container_kinds import image_type
from ingest.readers.fixed_layout.page_layout import Edge, PageWalk, edge_of, too_many_pages
from ingest.readers.fixed_layout.text_lines import Character

UNSURE = 0.8
"""How sure the recognition is, at least, of a letter, a digit or a Chinese character that no warning names."""
MISSING = (
    "它只有页面的图像；要识别它们，请安装 zhengce[scan]",
    "it has only images of pages; install zhengce[scan] to have them recognised",
)
_LARGE = (
    "识别其中的图像所需超过给一页的时间、内存或像素",
    "an image in it takes more time, memory or pixels than are given to a page",
)
_DAMAGED = ("其中的图像已损坏", "an image in it is damaged")
_MOST_UNSURE = 20
"""Characters that are named one by one; further ones are counted."""


def read_image(name: str, data: bytes, sha256: str, limits: ReadLimits) -> Document:
    """The blocks of an image file, each of its frames a page; raises IngestError as :meth:`Recognition.page` does."""
    walk, found = PageWalk(name, limits), list[Block]()
    walk.place()
    with recognition(name, data, "image", limits) as scan:
        if scan.pages > limits.pages:
            raise too_many_pages(name, limits)
        for number in range(1, scan.pages + 1):
            found.extend(walk.page(number, *scan.page(number)))
        found.extend(walk.rest())
        document = Document(name, image_type(data) or "image/*", sha256, walk.writer.text, tuple(found))
        if len(bare(document.text)) < 10:
            raise UnreadableError(name, "其中没有识别出文字", "no text was recognised in it")
        return scan.described(document, walk)


@contextmanager
def recognition(name: str, data: bytes, kind: Literal["pdf", "image"], limits: ReadLimits) -> Iterator[Recognition]:
    """The recognition of one file, closed at the end of the block."""
    made = Recognition(name, data, kind, limits)
    try:
        yield made
    finally:
        made.close()


_APART = 100_000.0
"""Points from the upper edge of a page to that of the next: pages stand below one another, so that each place belongs to one page."""


@dataclass
class Recognition:
    """The recognition of the pages of one file; its process starts with the first page that is asked for."""

    name: str
    data: bytes
    kind: Literal["pdf", "image"]
    limits: ReadLimits
    sizes: dict[int, tuple[float, float]] = field(default_factory=dict)
    sure: dict[Character, float] = field(default_factory=dict)
    unread: list[tuple[int, str]] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def available(self) -> bool:
        """Whether the libraries are installed."""
        return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None

    @cached_property
    def pages(self) -> int:
        """How many pages the file has; raises IngestError as :meth:`page` does."""
        if not self.available:
            raise UnreadableError(self.name, *MISSING)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.readers.fixed_layout.scan_process"], stdin=-1, stdout=-1, stderr=subprocess.DEVNULL
        )
        order = {
            "bytes": len(self.data),
            "kind": self.kind,
            "megabytes": self.limits.scan_memory >> 20,
            "seconds": self.limits.scan_seconds,
            "megapixels": self.limits.scan_megapixels,
        }
        return int(self._asked(json.dumps(order).encode() + b"\n" + self.data)["pages"])

    def page(self, number: int) -> tuple[Sequence[Character], Sequence[Edge]]:
        """The characters and ruling lines of a page; what else is known of them is kept.

        Raises :class:`~ingest.errors.UnreadableError` where the libraries are missing or the image is damaged,
        :class:`~ingest.errors.TooLargeError` where it passes a limit.
        """
        if not 1 <= number <= self.pages:
            raise UnreadableError(self.name, *_DAMAGED)
        found = self._asked(f"{number}\n".encode())
        down = number * _APART
        characters = []
        for value, x0, top, x1, bottom, size, sure in found["marks"]:
            characters.append(mark := Character(value, x0, top + down, x1, bottom + down, size))
            self.sure[mark] = sure
        width, height = self.sizes[number] = (found["width"], found["height"])
        for left, upper, right, lower in found["unread"]:
            place = Place(0, 0, number, left / width, upper / height, right / width, lower / height, 0.0)
            self.unread.append((number, place.fragment))
        return characters, [edge_of(way, x0, top + down, x1, bottom + down) for way, x0, top, x1, bottom in found["rulings"]]

    def _asked(self, question: bytes) -> dict[str, Any]:
        """The answer of the process; one that ended passed a limit of the system."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        answer = b""
        with suppress(BrokenPipeError):
            self._process.stdin.write(question)
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        found: dict[str, Any] = json.loads(answer) if answer.endswith(b"\n") else {"error": "large"}
        if "error" not in found:
            return found
        if found["error"] == "large":
            raise TooLargeError(
                self.name,
                "识别其中的图像所需超过给一页的时间、内存或像素",
                "an image in it takes more time, memory or pixels than are given to a page",
            )
        raise UnreadableError(self.name, *_DAMAGED)

    def described(self, document: Document, walk: PageWalk) -> Document:
        """The document with the places of what was recognised, and with what its reader shall know of that."""
        if not self.sizes:
            return document
        placed = sorted(each for each in walk.placed if each[1] in self.sure)
        made = f"RapidOCR {version('rapidocr')}"
        pages = "、".join(map(str, self.sizes))
        notes: list[tuple[Code, str]] = [("recognised", f"第 {pages} 页的文字由 {made} 从图像识别，可能有错，请与原件核对")]
        unsure = [(offset, mark) for offset, mark in placed if self.sure[mark] < UNSURE and mark.value.isalnum()]
        for offset, mark in unsure[:_MOST_UNSURE]:
            around = document.text[max(0, offset - 6) : offset + 7].replace("\n", " ").strip()
            where = f"第 {int(mark.top // _APART)} 页“{around}”"
            notes.append(("recognised-unsure", f"{where}中的“{mark.value}”识别没有把握（{self.sure[mark]:.2f}）"))
        if len(unsure) > _MOST_UNSURE:
            notes.append(("recognised-unsure", f"另有 {len(unsure) - _MOST_UNSURE} 个字识别没有把握"))
        notes += [("cell-unread", f"第 {page} 页有一个单元格印着字而没有识别出来（{fragment}）") for page, fragment in self.unread]
        return replace(document, places=tuple(self._places(placed)), recognition=made, notes=(*document.notes, *notes))

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _places(self, placed: Sequence[tuple[int, Character]]) -> Iterator[Place]:
        run: list[tuple[int, Character]] = []
        for offset, mark in placed:
            if run and (offset != run[-1][0] + 1 or mark.top != run[-1][1].top or mark.x0 < run[-1][1].x0):
                yield self._place(run)
                run = []
            run.append((offset, mark))
        if run:
            yield self._place(run)

    def _place(self, run: Sequence[tuple[int, Character]]) -> Place:
        page = int(run[0][1].top // _APART)
        width, height = self.sizes[page]
        marks = [mark for _, mark in run]
        upper = page * _APART
        return Place(
            run[0][0],
            run[-1][0] + 1,
            page,
            _share(min(mark.x0 for mark in marks) / width),
            _share((min(mark.top for mark in marks) - upper) / height),
            _share(max(mark.x1 for mark in marks) / width),
            _share((max(mark.bottom for mark in marks) - upper) / height),
            min(self.sure[mark] for mark in marks),
        )


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
