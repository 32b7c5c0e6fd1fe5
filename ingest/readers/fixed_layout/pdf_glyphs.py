"""A page of a PDF file, drawn -> its characters with their places, and pdfplumber's page with everything else.

pdfplumber keeps thirty properties of every character; six are needed. The places are computed as pdfminer's ``LTChar`` does.
"""

from __future__ import annotations

from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import Matrix, Point, apply_matrix_rect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from ingest.errors import IngestError
from ingest.readers.fixed_layout.text_lines import Character, drawn_once

Glyphs = dict[PDFFont, dict[int, tuple[str, float]]]
"""For each font the characters that its codes stand for, and how wide they are; they are kept from page to page."""
_Look = tuple[str, bool, object, float]
"""What tells characters in the same place apart: the character, whether it stands upright, its font, its size."""


_Drawn = tuple[_Look, float, float, float, float]
"""A character as the page draws it: its look, x0, y0, x1, y1, with y from the lower edge of the page."""


def drawn(page: Page, glyphs: Glyphs) -> list[Character]:
    """The characters of a page, those drawn twice once; what else it draws is then at hand in ``page``.

    Raises :class:`~pdfplumber.utils.exceptions.PdfminerException` where the page is damaged.
    """
    device = _Device(page, glyphs)
    interpreter = PDFPageInterpreter(page.pdf.rsrcmgr, device)
    try:
        interpreter.process_page(page.page_obj)
    except (IngestError, MemoryError):
        raise
    except Exception as error:
        raise PdfminerException(error) from error
    page._layout = device.get_result()
    left, top, high = page.mediabox[0], page.mediabox[1], page.height
    found = device.found
    begun = page.initial_doctop
    places = drawn_once([(look, begun + ((high - y1) + top), x0 + left) for look, x0, _, _, y1 in found])
    return [
        Character(look[0], x0 + left, (high - y1) + top, x1 + left, (high - y0) + top, look[3])
        for look, x0, y0, x1, y1 in (found[place] for place in places)
        if look[0].strip() or look[0] == " "
    ]


class _Device(PDFPageAggregator):
    """Keeps characters apart from what else a page draws."""

    def __init__(self, page: Page, glyphs: Glyphs) -> None:
        super().__init__(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
        self.found: list[_Drawn] = []
        self._glyphs = glyphs

    def render_string_horizontal(  # noqa: PLR0917 (the library's own signature)
        self,
        seq: Any,
        matrix: Matrix,
        pos: Point,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        charspace: float,
        wordspace: float,
        rise: float,
        dxscale: float,
        ncs: Any,
        graphicstate: Any,
    ) -> Point:
        """Draws a string from left to right: the numbers in it move the pen."""
        x, y = pos
        known = self._glyphs.setdefault(font, {})
        low = font.get_descent() * fontsize + rise
        begun = False
        for part in seq:
            if isinstance(part, (int, float)):
                x -= part * dxscale
                begun = True
            elif isinstance(part, bytes):
                advances: list[tuple[str, float, float]] = []
                for code in font.decode(part):
                    if begun:
                        x += charspace
                    text, width = known.get(code) or self._learnt(font, code)
                    advance = width * fontsize * scaling
                    advances.append((text, x, advance))
                    x += advance
                    if code == 32 and wordspace:
                        x += wordspace
                    begun = True
                self._place(advances, y, matrix, (low, low + fontsize), (font.fontname, scaling))
        return x, y

    def _place(
        self,
        advances: list[tuple[str, float, float]],
        y: float,
        matrix: Matrix,
        reach: tuple[float, float],
        font: tuple[object, float],
    ) -> None:
        a, b, c, d, e, f = matrix
        low, high = reach
        fontname, scaling = font
        upright = a * d * scaling > 0 and b * c <= 0
        if b or c:
            for text, x, advance in advances:
                moved = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
                x0, y0, x1, y1 = apply_matrix_rect(moved, (0, low, advance, high))
                self.found.append(((text, upright, fontname, y1 - y0), x0, y0, x1, y1))
            return
        y0, y1 = sorted((d * low + (y * d + f), d * high + (y * d + f)))
        size = y1 - y0
        for text, x, advance in advances:
            x0 = x * a + e
            x1 = a * advance + x0
            self.found.append(((text, upright, fontname, size), min(x0, x1), y0, max(x0, x1), y1))

    def _learnt(self, font: PDFFont, code: int) -> tuple[str, float]:
        try:
            text = font.to_unichr(code)
        except PDFUnicodeNotDefined:
            text = self.handle_undefined_char(font, code)
        found = self._glyphs[font][code] = (text, font.char_width(code))
        return found

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        """Draws a character of a vertical string, as the library does."""
        advance = super().render_char(*args, **kwargs)
        item = self.cur_item._objs.pop()
        assert isinstance(item, LTChar)
        self.found.append(((item.get_text(), item.upright, item.fontname, item.size), item.x0, item.y0, item.x1, item.y1))
        return advance
