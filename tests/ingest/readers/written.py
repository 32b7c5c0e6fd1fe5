"""What tests read is written here: cells and paragraphs as OpenDocument and RTF, a Word file with many features, compound files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby, pairwise
from struct import pack
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pdfplumber
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(f'xmlns:{name}="{_ODF}:{part}:1.0"' for name, part in (("office", "office"), ("text", "text"), ("table", "table")))
_NAMES += f' xmlns:style="{_ODF}:style:1.0" xmlns:draw="{_ODF}:drawing:1.0"'
_W = nsdecls("w")


@dataclass(frozen=True)
class Box:
    """A cell of a grid, with the rows and columns that it spans; the places that it spans besides hold None."""

    paragraphs: Sequence[str]
    rows: int = 1
    columns: int = 1


Grid = Sequence[Sequence[Box | None]]


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of these parts."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def odt(body: str, styles: str = "", manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument text with this body and these automatic styles."""
    content = f"<office:document-content {_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
    return zipped(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", f"{content}<office:body><office:text>{body}</office:text></office:body></office:document-content>".encode()),
            ("META-INF/manifest.xml", manifest.encode()),
        ]
    )


def odt_table(grid: Grid) -> str:
    """A table of an OpenDocument text."""
    rows = []
    for row in grid:
        cells = ""
        for box in row:
            if box is None:
                cells += "<table:covered-table-cell/>"
                continue
            content = "".join(f"<text:p>{escape(text)}</text:p>" for text in box.paragraphs)
            spans = f'table:number-rows-spanned="{box.rows}" table:number-columns-spanned="{box.columns}"'
            cells += f"<table:table-cell {spans}>{content}</table:table-cell>"
        rows.append(f"<table:table-row>{cells}</table:table-row>")
    return f"<table:table>{''.join(rows)}</table:table>"


def rtf(body: str, page: int = 936) -> bytes:
    """An RTF file with this body; what is not ASCII is written in the bytes of the code page, or by number where it has none."""
    fonts = r"{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\froman\fcharset0 Times;}{\f2\fnil\fcharset2 Wingdings;}}"
    head = rf"{{\rtf1\ansi\ansicpg{page}\deff0{fonts}"
    return (head + "".join(_escaped(c) for c in body) + "}").encode("ascii")


def _escaped(character: str) -> str:
    if character.isascii():
        return character
    try:
        return "".join(f"\\'{byte:02x}" for byte in character.encode("gbk"))
    except UnicodeEncodeError:
        units = character.encode("utf-16-le")
        return "".join(f"\\u{int.from_bytes(units[i : i + 2], 'little', signed=True)}?" for i in range(0, len(units), 2))


def rtf_table(grid: Grid, width: int = 1500) -> str:
    """The rows of an RTF table."""
    rows = []
    for r, row in enumerate(grid):
        edges, cells = r"\trowd\trleft-108", ""
        for c, box in enumerate(row):
            above = next((b for b in (grid[i][c] for i in range(r - 1, -1, -1)) if b is not None), None) if box is None else None
            if box is None and _covers(grid, r, c):
                continue
            edges += r"\clvmgf" if box is not None and box.rows > 1 else r"\clvmrg" if above is not None else ""
            edges += rf"\cellx{(c + (box or above or Box([])).columns) * width}"
            cells += r"\pard\intbl " + r"\par ".join(box.paragraphs if box is not None else [""]) + r"\cell "
        rows.append(rf"{edges}{cells}\row ")
    return "".join(rows) + r"\pard "


def _covers(grid: Grid, row: int, column: int) -> bool:
    """Whether a place is one that a cell covers from its left."""
    for c in range(column - 1, -1, -1):
        for r in range(row, -1, -1):
            box = grid[r][c]
            if box is not None:
                if c + box.columns > column and r + box.rows > row:
                    return True
                break
    return False


def _listed(document: WordDocument, number: int, levels: Sequence[tuple[str, str, int]]) -> None:
    """Puts a list into a Word file."""
    part = document.part.numbering_part.element
    content = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for i, (kind, pattern, start) in enumerate(levels)
    )
    part.insert(0, parse_xml(f'<w:abstractNum {_W} w:abstractNumId="{number}">{content}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {_W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))


def features() -> bytes:
    """A Word file with numbered lists, merged cells, a nested table, deleted and hidden text, a field and a text box."""
    document = docx.Document()
    _listed(document, 77, [("chineseCounting", "%1、", 1), ("decimal", "%1.%2", 1), ("decimalEnclosedCircleChinese", "%3", 3)])
    _listed(document, 78, [("decimal", "%1", 1)])
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    document.part.numbering_part.element.append(parse_xml(f'<w:num {_W} w:numId="79"><w:abstractNumId w:val="77"/>{anew}</w:num>'))

    def numbered(paragraph: object, number: int, level: int = 0) -> None:
        listed = parse_xml(f'<w:numPr {_W}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
        paragraph._p.get_or_add_pPr().append(listed)  # type: ignore[attr-defined]

    document.add_heading("标题一", 1)
    for text, number, level in (
        ("第一章", 77, 0),
        ("节一", 77, 1),
        ("节二", 77, 1),
        ("项", 77, 2),
        ("", 77, 1),
        ("第二章", 77, 0),
        ("重新", 79, 0),
    ):
        numbered(document.add_paragraph(text), number, level)
    document.add_paragraph("𠮷字é ½")
    paragraph = document.add_paragraph("可见")
    paragraph.add_run("隐藏的字").font.hidden = True
    paragraph.add_run("又可见")
    paragraph = document.add_paragraph("前")
    who = 'w:author="a" w:date="2026-01-01T00:00:00Z"'
    paragraph._p.append(parse_xml(f'<w:del {_W} w:id="1" {who}><w:r><w:delText>删去的字</w:delText></w:r></w:del>'))
    paragraph._p.append(parse_xml(f'<w:ins {_W} w:id="2" {who}><w:r><w:t>加入的字</w:t></w:r></w:ins>'))
    paragraph = document.add_paragraph("链接：")
    for part in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> HYPERLINK "http://x.cn" </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>看这里</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(parse_xml(f"<w:r {_W}>{part}</w:r>"))
    paragraph.add_run("。下一行").add_break()
    paragraph.add_run("断行后\t制表后")
    box = "<w:txbxContent><w:p><w:r><w:t>框里的字</w:t></w:r></w:p></w:txbxContent>"
    shape = f'<v:shape id="s1" type="#_x0000_t202" style="position:absolute;width:200pt;height:60pt"><v:textbox>{box}</v:textbox></v:shape>'
    document.add_paragraph("有框")._p.append(parse_xml(f'<w:r {_W} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>{shape}</w:pict></w:r>'))
    table = document.add_table(6, 5)
    for r in range(6):
        for c in range(5):
            if c or not r:
                table.cell(r, c).text = f"格{r}{c}"
            else:
                numbered(table.cell(r, 0).paragraphs[0], 78)
    table.cell(1, 1).merge(table.cell(3, 1))
    table.cell(4, 2).merge(table.cell(4, 4))
    table.cell(2, 3).merge(table.cell(3, 4))
    inner = table.cell(5, 4).add_table(2, 2)
    inner.cell(0, 0).text, inner.cell(1, 1).text = "内一", "内二"
    document.add_paragraph("表后")
    document.sections[0].header.paragraphs[0].text = "页眉"
    file = BytesIO()
    document.save(file)
    return file.getvalue()


_MM = 25.4 / 72
_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(pages: Sequence[str], *, resources: str = "", templates: Mapping[str, str] | None = None, prefix: str = "ofd:") -> bytes:
    """An OFD file whose pages draw these objects; templates by their numbers, composite drawings as resources."""
    p, named = prefix, _OFD if prefix else ""
    listed = "".join(f'<{p}Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    known = "".join(f'<{p}TemplatePage ID="{n}" BaseLoc="Tpls/{n}.xml"/>' for n in templates or {})
    used = "".join(f'<{p}Template TemplateID="{n}"/>' for n in templates or {})
    common = f"<{p}CommonData><{p}PageArea><{p}PhysicalBox>0 0 420 297</{p}PhysicalBox></{p}PageArea>"
    common += f"<{p}DocumentRes>Res.xml</{p}DocumentRes>{known}</{p}CommonData>"

    def page(objects: str, before: str = "") -> bytes:
        layer = f"<{p}Content><{p}Layer>{objects}</{p}Layer></{p}Content>"
        return f"<{p}Page {named}>{before}{layer}</{p}Page>".encode()

    return zipped(
        [
            ("OFD.xml", f"<{p}OFD {named}><{p}DocBody><{p}DocRoot>Doc_0/Document.xml</{p}DocRoot></{p}DocBody></{p}OFD>".encode()),
            ("Doc_0/Document.xml", f"<{p}Document {named}>{common}<{p}Pages>{listed}</{p}Pages></{p}Document>".encode()),
            ("Doc_0/Res.xml", f"<{p}Res {named}>{resources}</{p}Res>".encode()),
            *((f"Doc_0/Tpls/{n}.xml", page(objects)) for n, objects in (templates or {}).items()),
            *((f"Doc_0/Pages/Page_{i}/Content.xml", page(objects, used)) for i, objects in enumerate(pages)),
        ]
    )


def ofd_text(x: float, y: float, size: float, value: str, steps: Sequence[float] = (), *, more: str = "", prefix: str = "ofd:") -> str:
    """A text whose first character stands at this place of the page, in millimetres."""
    delta = f' DeltaX="{" ".join(f"{step:.4f}" for step in steps)}"' if steps else ""
    code = f'<{prefix}TextCode X="0" Y="{size}"{delta}>{escape(value)}</{prefix}TextCode>'
    boundary = f'Boundary="{x:.4f} {y - size:.4f} 300 {size}"'
    return f'<{prefix}TextObject {boundary} Size="{size:.4f}"{more}>{code}</{prefix}TextObject>'


def ofd_line(x0: float, y0: float, x1: float, y1: float, prefix: str = "ofd:") -> str:
    """A ruling line."""
    drawn = f"<{prefix}AbbreviatedData>M 0 0 L {x1 - x0:.4f} {y1 - y0:.4f}</{prefix}AbbreviatedData>"
    return f'<{prefix}PathObject Boundary="{x0:.4f} {y0:.4f} {x1 - x0:.4f} {y1 - y0:.4f}">{drawn}</{prefix}PathObject>'


def ofd_of_pdf(data: bytes) -> bytes:
    """The pages of a PDF file, each line of text and each ruling line where it is, as an OFD file."""
    pages = []
    with pdfplumber.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            objects = [ofd_line(*(edge[side] * _MM for side in ("x0", "top", "x1", "bottom"))) for edge in page.edges]
            for _, run in groupby(page.chars, key=lambda c: (round(c["doctop"]), c["size"])):
                line = list(run)
                steps = [(b["x0"] - a["x0"]) * _MM for a, b in pairwise(line)]
                size = line[0]["size"]
                text = "".join(c["text"] for c in line)
                objects.append(ofd_text(line[0]["x0"] * _MM, (line[0]["bottom"] - 0.14 * size) * _MM, size * _MM, text, steps))
            pages.append("".join(objects))
    return ofd(pages)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, in sectors of 512 bytes."""
    sectors: list[bytes] = []
    table: list[int] = []
    places: list[tuple[str, int, int]] = []

    def stored(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[i : i + 512].ljust(512, b"\0") for i in range(0, len(content), 512)] or [bytes(512)]
        sectors.extend(pieces)
        table.extend([*range(first + 1, first + len(pieces)), 0xFFFFFFFE])
        return first

    for name, content in streams.items():
        whole = content.ljust(4096, b"\0")
        places.append((name, stored(whole), len(whole)))
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1 if places else 0xFFFFFFFF)
    for i, (name, first, size) in enumerate(places, start=1):
        directory += _entry(name, 2, first, size, right=i + 1 if i < len(places) else 0xFFFFFFFF)
    root = stored(directory)
    count = (len(sectors) + 1) // 128 + 2
    places_of_table = range(len(sectors), len(sectors) + count)
    table.extend([0xFFFFFFFD] * count)
    whole = pack(f"<{len(table)}I", *table).ljust(512 * count, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += pack("<9I", 0, count, root, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += pack("<109I", *places_of_table, *[0xFFFFFFFF] * (109 - count))
    return header + b"".join(sectors) + whole


def _entry(name: str, kind: int, first: int, size: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + pack("<HBB3I", len(written) + 2, kind, 1, 0xFFFFFFFF, right, child)
    return head + bytes(36) + pack("<IQ", first, size)
