"""Web pages: what a browser shows and nothing else, the numbers that it prints, and where the rest of the page is."""

from __future__ import annotations

import pytest

from ingest.errors import NoTasksError, UnreadableError
from ingest.model.document import Document, Paragraph
from ingest.parse import parse
from ingest.read import read_bytes


def page(body: str, head: str = "") -> Document:
    return read_bytes("x.html", f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode())


def lines(body: str) -> list[str]:
    return [block.text.value for block in page(body).blocks if isinstance(block, Paragraph)]


def cells(body: str) -> list[tuple[int, int, str]]:
    return [(cell.row, cell.column, "\n".join(t.value for t in cell.paragraphs)) for table in page(body).tables() for cell in table.cells]


def notes(document: Document, code: str) -> list[str]:
    return [message for found, message in document.notes if found == code]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>藏</p>",
        "<span hidden=until-found>藏</span>",
        "<div style='display: none'><p>藏</p></div>",
        "<b style='visibility:collapse'>藏</b>",
    ],
)
def test_hidden_elements_are_not_read(hidden: str) -> None:
    assert "藏" not in page(f"<p>甲{hidden}乙</p>").text


@pytest.mark.parametrize(
    "struck",
    [
        "<del>删</del>",
        "<s>删</s>",
        "<strike>删</strike>",
        "<span style='text-decoration:line-through'>删</span>",
        "</p><del><p>删</p></del><p>",
    ],
)
def test_what_is_struck_out_is_not_read_and_told(struck: str) -> None:
    document = page(f"<p>建成3个{struck}平台<ins>和</ins>中心</p>")
    assert "删" not in document.text
    assert len(notes(document, "hidden")) == 1
    assert "“删”" in notes(document, "hidden")[0]


def test_what_is_struck_out_does_not_break_a_sentence() -> None:
    assert lines("<p>建成<del>3</del>5个平台</p>") == ["建成5个平台"]


def test_hidden_rows_and_cells_take_no_place_and_are_told() -> None:
    table = (
        "<table><tr><td>序号<td style='display:none'>内部编号<td>任务</tr><tr hidden><td>9<td>x<td>藏</tr>"
        "<tbody style='display:none'><tr><td>8<td>y<td>也藏</tr></tbody><tr><td>1<td hidden>z<td>甲</tr></table>"
    )
    assert cells(table) == [(0, 0, "序号"), (0, 1, "任务"), (1, 0, "1"), (1, 1, "甲")]
    (said,) = notes(page(table), "hidden")
    assert "“内部编号”、“9x藏”、“8y也藏”、“z” / " in said


def test_a_cell_that_is_only_invisible_keeps_its_place() -> None:
    assert cells("<table><tr><td>a<td style='visibility:hidden'>b<td>c<tr><td>1<td>2<td>3</table>")[:3] == [
        (0, 0, "a"),
        (0, 1, ""),
        (0, 2, "c"),
    ]


@pytest.mark.parametrize(
    ("markup", "printed"),
    [
        ("<ol start=3><li>a<li>b</ol>", ["3.a", "4.b"]),
        ("<ol><li>a<li value=7>b<li>c</ol>", ["1.a", "7.b", "8.c"]),
        ("<ol reversed><li>a<li>b</ol>", ["2.a", "1.b"]),
        ("<ol reversed start=10><li>a<li>b</ol>", ["10.a", "9.b"]),
        ("<ol start=0><li>a</ol>", ["0.a"]),
        ("<ol type=a><li>a<li>b</ol>", ["a.a", "b.b"]),
        ("<ol type=I><li>a<li type=1>b</ol>", ["I.a", "2.b"]),
        ("<ol style='list-style-type: simp-chinese-informal'><li>a<li>b</ol>", ["一、a", "二、b"]),
        ("<ol style='list-style: inside cjk-ideographic'><li>a</ol>", ["一、a"]),
        ("<ol style='list-style:none'><li>a</ol>", ["a"]),
        ("<ol type=disc><li style='list-style-type:none'>a<li>b</ol>", ["a", "2.b"]),
        ("<ul><li>a</ul>", ["a"]),
        ("<ol><li>a<ol><li>b<li>c<ol><li>d</ol></ol><li>e</ol>", ["1.a", "(1)b", "(2)c", "①d", "2.e"]),
        ("<ol><li>1.a<li>2.b</ol>", ["1.a", "2.b"]),
        ("<ol><li>a<li hidden>b<li>c</ol>", ["1.a", "2.c"]),
        ("<ol start=x><li>a</ol>", ["1.a"]),
    ],
)
def test_items_of_ordered_lists_have_the_numbers_that_a_browser_prints(markup: str, printed: list[str]) -> None:
    assert lines(markup) == printed


@pytest.mark.parametrize("element", ["pre", "listing", "div style='white-space: pre-wrap'", "p style='white-space:pre-line'"])
def test_lines_of_preformatted_text_are_lines(element: str) -> None:
    assert lines(f"<{element}>一、总体\n（一）建设<b>平台</b>。<br>（二）培育<del>旧</del>企业。</{element.split(maxsplit=1)[0]}>") == [
        "一、总体",
        "（一）建设平台。",
        "（二）培育企业。",
    ]


def test_lines_of_a_cell_that_keeps_them_are_paragraphs() -> None:
    assert cells("<table><tr><td style='white-space:pre-wrap'>1.甲。\n2.乙。</td><td>x\ny</td></table>") == [
        (0, 0, "1.甲。\n2.乙。"),
        (0, 1, "x y"),
    ]


def test_lines_of_other_elements_are_not() -> None:
    assert lines("<p>建设\n平台</p><div style='white-space:pre'><p>甲\n乙</p></div>") == ["建设 平台", "甲 乙"]


def test_a_table_between_tabs_in_preformatted_text_is_a_table() -> None:
    assert cells("<pre>序号\t任务\t责任单位\n1\t甲。\t市科委\n</pre>")[3:] == [(1, 0, "1"), (1, 1, "甲。"), (1, 2, "市科委")]


CANONICAL = "<link rel=canonical href='https://www.example.gov.cn/a/b.html'>"


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<a href='P01.docx'>附件1</a>", "https://www.example.gov.cn/a/P01.docx"),
        ("<a href='/f/P01.XLS?v=2'>下载</a>", "https://www.example.gov.cn/f/P01.XLS?v=2"),
        ("<a href='/down?file=%E9%99%84.pdf&amp;id=1'>x</a>", "https://www.example.gov.cn/down?file=%E9%99%84.pdf&id=1"),
        ("<a href='/down?id=1'>附件2：任务清单.et</a>", "https://www.example.gov.cn/down?id=1"),
        ("<a href='/down?id=1'>附件2</a>", "https://www.example.gov.cn/down?id=1"),
        ("<a href='javascript:get(1)'>清单.ofd</a>", "“清单.ofd”"),
        ("<iframe src='view.html'></iframe>", "https://www.example.gov.cn/a/view.html"),
        ("<embed src='a.pdf'>", "https://www.example.gov.cn/a/a.pdf"),
        ("<object data='a.pdf'><embed src='a.pdf'></object>", "https://www.example.gov.cn/a/a.pdf"),
        ("<iframe srcdoc='<p>x'></iframe>", "srcdoc"),
    ],
)
def test_frames_and_attachments_are_told_with_their_addresses(markup: str, address: str) -> None:
    (said,) = notes(page(f"<p>正文</p>{markup}", CANONICAL), "elsewhere")
    assert f"：{address} / " in said
    assert said.endswith(f": {address}")


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='/b.html'>附件解读</a>",
        "<a href='#a'>附件1</a>",
        "<a href='https://www.gov.cn/'>中国政府网</a>",
        "<a>x.doc</a>",
        "<iframe src='t.js' width=0 height=0></iframe>",
        "<iframe src='t.html' style='display:none'></iframe>",
        "<iframe src='about:blank'></iframe>",
    ],
)
def test_other_links_and_frames_that_nobody_sees_are_not(markup: str) -> None:
    assert notes(page(f"<p>正文</p>{markup}"), "elsewhere") == []


def test_a_page_of_frames_is_refused_with_their_addresses() -> None:
    with pytest.raises(UnreadableError, match=r"x.html: its content is in other files: a\.html、b\.html"):
        read_bytes("x.html", b"<html><frameset><frame src=a.html><frame src=b.html><noframes>none</noframes></frameset></html>")


def test_a_refusal_for_want_of_tasks_says_where_they_may_be() -> None:
    with pytest.raises(NoTasksError, match=r"files attached to the page were not read: f/清单\.xlsx"):
        parse(page("<p>现将清单印发给你们。</p><a href='f/清单.xlsx'>附件</a>"))
