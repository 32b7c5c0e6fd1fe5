"""The picture of a page -> its characters with how sure they are, and its ruling lines, in points.

Runs in a process of its own (`ingest.readers.fixed_layout.scan_process`), with the libraries of the extra ``zhengce[scan]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

import cv2
import numpy as np
from rapidocr import RapidOCR

from ingest.readers.fixed_layout.page_layout import edge_of, ruled_tables

Picture = np.ndarray[Any, np.dtype[np.uint8]]
"""Grey values, row by row."""
Mark = tuple[str, float, float, float, float, float, float]
"""A character, its left, upper, right and lower edge, the size of its type, how sure it is (0 to 1)."""
Ruling = tuple[str, float, float, float, float]
"""``h`` or ``v``, then the left, upper, right and lower edge."""

LONG_SIDE = 842.0
"""The longer side of a page in points, whatever the picture's resolution: that of A4, on which distances are judged."""
_SHORTEST = 60
"""So many pixels at 200 dots an inch, more than a stroke of a character, make a ruling line."""
_TILT = 3.0
_SIDEWAYS = 1.5
_DARK = 128
_RULED = 5
_SPECKS = 20
_SURE_ALONE = 0.8


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What was recognised on a page, from its upper left corner."""

    width: float
    height: float
    marks: Sequence[Mark]
    rulings: Sequence[Ruling]
    unread: Sequence[tuple[float, float, float, float]]
    """The left, upper, right and lower edge of cells that hold ink and no character that was recognised."""


def engine() -> RapidOCR:
    """The recognition, with the models that come inside its package, on one thread and without an arena (404 MB instead of 900)."""
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Global.max_side_len": 4000,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": 1600,
            "Rec.rec_batch_num": 1,
        }
    )


def recognised(picture: Picture, read: RapidOCR) -> RecognisedPage:
    """The characters and ruling lines of a page; one that lies on its side or askew is turned first."""
    level = _level(picture)
    lines = _lines(level, read)
    if _on_its_side(lines):
        turned = [_level(np.ascontiguousarray(np.rot90(picture, times))) for times in (1, 3)]
        level, lines = max(((each, _lines(each, read)) for each in turned), key=lambda each: sum(line.sure for line in each[1]))
    rulings = list(_rulings(level))
    marks = [mark for line in lines for mark in line.marks()]
    scale = LONG_SIDE / max(level.shape)
    unread = []
    for box in _empty_cells(rulings, marks, scale):
        if _inked(level, box):
            alone = list(_alone(level, box, read))
            marks += alone
            if not alone:
                unread.append(box)
    height, width = level.shape
    return RecognisedPage(
        width * scale,
        height * scale,
        [(value, *(scale * edge for edge in edges), sure) for value, *edges, sure in marks],
        [(way, *(scale * edge for edge in edges)) for way, *edges in rulings],
        [(box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale) for box in unread],
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line as the library found it: its edges, its words (characters) each with how sure it is and its corners."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    sure: float
    words: Any

    def marks(self) -> Iterator[Mark]:
        """Its characters. Boxes are taller than the type, which is as high as a Chinese character is wide."""
        wide = sum(2 if east_asian_width(character) in "WFA" else 1 for character in self.text) / 2
        size = min((self.right - self.left) / max(wide, 1), self.bottom - self.top)
        top = (self.top + self.bottom - size) / 2
        found: list[tuple[str, float, float, float]] = []
        for value, sure, corners in self.words:
            x0, x1 = float(min(point[0] for point in corners)), float(max(point[0] for point in corners))
            step = (x1 - x0) / max(len(value), 1)
            found += [(character, x0 + place * step, x0 + (place + 1) * step, float(sure)) for place, character in enumerate(value)]
        for place, (character, x0, x1, sure) in enumerate(found):
            # The white of a full-width comma is no blank: where a line goes on within a character's width it goes on at once.
            right = found[place + 1][1] if place + 1 < len(found) and x1 < found[place + 1][1] < x1 + size else x1
            yield character, x0, top, right, top + size, size, sure


def _lines(picture: Picture, read: RapidOCR) -> list[_Line]:
    found: Any = read(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), return_word_box=True, return_single_char_box=True)
    if found.boxes is None or found.txts is None:
        return []
    return [
        _line(box, text, float(score), words)
        for box, text, score, words in zip(found.boxes, found.txts, found.scores, found.word_results, strict=True)
        if text.strip()
    ]


def _line(box: Any, text: str, sure: float, words: Any) -> _Line:
    (left, top), (right, bottom) = box.min(axis=0).tolist(), box.max(axis=0).tolist()
    return _Line(left, top, right, bottom, text, sure, words)


def _empty_cells(rulings: Sequence[Ruling], marks: Sequence[Mark], scale: float) -> Iterator[tuple[float, float, float, float]]:
    """The cells of ruled tables, in pixels, in which no character was recognised."""
    edges = [edge_of(way, *(scale * place for place in places)) for way, *places in rulings]
    for box in (box for table in ruled_tables(edges) for box in table):
        left, top, right, bottom = (place / scale for place in box)
        if not any(left < (mark[1] + mark[3]) / 2 < right and top < (mark[2] + mark[4]) / 2 < bottom for mark in marks):
            yield left, top, right, bottom


def _inside(picture: Picture, box: tuple[float, float, float, float]) -> Picture:
    """What a cell holds, without its ruling lines."""
    left, top, right, bottom = (round(place) for place in box)
    return picture[max(0, top + _RULED) : bottom - _RULED, max(0, left + _RULED) : right - _RULED]


def _inked(picture: Picture, box: tuple[float, float, float, float]) -> bool:
    """Whether a cell holds more ink than specks: a comma at 200 dots an inch has some twenty dark pixels."""
    inside = _inside(picture, box)
    if not inside.size:
        return False
    dark = cv2.medianBlur(np.ascontiguousarray(inside), 3) < min(_DARK, float(np.median(inside)) - 40)
    return int(dark.sum()) >= _SPECKS


def _alone(picture: Picture, box: tuple[float, float, float, float], read: RapidOCR) -> Iterator[Mark]:
    """The characters of a cell in which no line was found, as short ones may be: the cell is recognised as the one line that it is."""
    inside = _inside(picture, box)
    dark = np.argwhere(inside < _DARK)
    if not len(dark):
        return
    (top, left), (bottom, right) = dark.min(axis=0).tolist(), dark.max(axis=0).tolist()
    edge = 6
    line = inside[max(0, top - edge) : bottom + edge, max(0, left - edge) : right + edge]
    found: Any = read(cv2.cvtColor(np.ascontiguousarray(line), cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False, use_rec=True)
    text, score = (found.txts or ("",))[0].strip(), float((found.scores or (0.0,))[0])
    if text and score >= _SURE_ALONE:
        step = (right - left + 1) / len(text)
        x, y = max(0, round(box[0]) + _RULED) + left, max(0, round(box[1]) + _RULED) + top
        size = float(bottom - top + 1)
        for place, character in enumerate(text):
            yield character, x + place * step, y, x + (place + 1) * step, y + size, size, score


def _on_its_side(lines: Sequence[_Line]) -> bool:
    """Whether most lines of several characters run from top to bottom."""
    long = [line for line in lines if len(line.text) > 3]
    return sum(line.bottom - line.top > _SIDEWAYS * (line.right - line.left) for line in long) * 2 > len(long)


def _level(picture: Picture) -> Picture:
    """The picture turned by the angle at which its lines of text and of tables are most level, up to three degrees."""
    small = cv2.resize(picture, None, fx=800 / max(picture.shape), fy=800 / max(picture.shape), interpolation=cv2.INTER_AREA)
    ink = (small < small.mean() - 20).astype(np.float32)

    def contrast(angle: float) -> float:
        rows = _turned(ink, angle, 0.0).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    angle = _best(contrast, 0.0, _TILT, 0.5)
    angle = _best(contrast, angle, 0.5, 0.1)
    return picture if abs(angle) < 0.1 else _turned(picture, angle, 255)


def _best(score: Callable[[float], float], around: float, reach: float, step: float) -> float:
    steps = round(reach / step)
    return max((around + step * n for n in range(-steps, steps + 1)), key=lambda angle: (score(angle), -abs(angle)))


def _turned(picture: Any, angle: float, blank: float) -> Any:
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=blank)


def _rulings(picture: Picture) -> Iterator[Ruling]:
    """The long straight lines of a page; each is drawn out by its own width, so that lines that meet do."""
    ink = cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    shortest = max(30, round(_SHORTEST * max(picture.shape) / 2339))
    for way, kernel in (("h", (shortest, 1)), ("v", (1, shortest))):
        half = cv2.getStructuringElement(cv2.MORPH_RECT, tuple(max(1, side // 2) for side in kernel))
        drawn = cv2.morphologyEx(ink, cv2.MORPH_OPEN, half)
        # What a speck broke is closed again.
        drawn = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, half)
        drawn = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        # What is slightly askew falls into steps side by side; grown by a pixel they are one.
        drawn = cv2.dilate(drawn, np.ones((3, 3), np.uint8))
        count, _, boxes, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
        for x, y, width, height in (boxes[n, :4].tolist() for n in range(1, count)):
            if way == "h" and width > 3 * height:
                yield way, x - height, y + height / 2, x + width + height, y + height / 2
            elif way == "v" and height > 3 * width:
                yield way, x + width / 2, y - width, x + width / 2, y + height + width
