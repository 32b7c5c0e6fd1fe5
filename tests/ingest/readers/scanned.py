"""Pages as a scanner gives them: pictures of PDF pages, straight or askew, with noise, as image files or as PDF files of images."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from reportlab.lib import colors  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A5, landscape  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table  # type: ignore[import-untyped]

ROWS = (
    ("序号", "工作任务", "责任单位", "完成时限"),
    ("1", "新建社区食堂12个，改造老旧电梯300台", "市民政局、市住房城乡建设局", "2026年9月底前"),
    ("2", "完成45条河道清淤，水质达标率达到95%以上", "市水务局", "2026年12月"),
    ("3", "修订《城市绿化管理办法》", "市绿化市容局、市司法局", "2026年6月底前"),
)
TITLE = "2026年民生实事任务分工表"


def table_page() -> bytes:
    """A PDF file of one page with a ruled table of three tasks."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=11, leading=15, wordWrap="CJK")
    head = ParagraphStyle("title", parent=style, fontSize=16, leading=24, alignment=1)
    table = Table(
        [[Paragraph(cell, style) for cell in row] for row in ROWS],
        colWidths=(36, 220, 150, 100),
        style=[("GRID", (0, 0), (-1, -1), 0.8, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
    )
    made = BytesIO()
    SimpleDocTemplate(made, pagesize=landscape(A5), leftMargin=40, rightMargin=40).build([Paragraph(TITLE, head), table])
    return made.getvalue()


def pictures(pdf: bytes, dots: int = 200) -> list[Image.Image]:
    """The pages of a PDF file as a scanner at so many dots an inch sees them, in grey."""
    return [page.render(scale=dots / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def askew(picture: Image.Image, degrees: float, seed: int = 1) -> Image.Image:
    """The picture turned a little, with the noise of a sensor."""
    turned = picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    noise = np.random.default_rng(seed).normal(0, 8, (turned.height, turned.width))
    return Image.fromarray(np.clip(np.asarray(turned, dtype=np.float32) + noise, 0, 255).astype(np.uint8))


def as_file(pages: list[Image.Image], kind: str) -> bytes:
    """Pictures as one file: PNG, JPEG, BMP (the first alone), TIFF or PDF."""
    made = BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if kind in {"PDF", "TIFF"} else {}
    pages[0].save(made, kind, dpi=(200, 200), **({"resolution": 200} if kind == "PDF" else {}), **more)
    return made.getvalue()
