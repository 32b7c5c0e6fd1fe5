"""What a page shows or offers and does not hold is named, each once, and nothing else is."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.readers.web.linked_files import elsewhere, framed

SOURCE = "https://gov.example/a/b.html"


def named(body: str, source: str | None = SOURCE) -> list[tuple[str, list[str]]]:
    """What the sentences are about, and the addresses in them."""
    found = []
    for code, said in elsewhere(LexborHTMLParser(f"<body>{body}</body>"), source):
        assert code == "elsewhere"
        zh, _, en = said.partition(" / ")
        assert zh.rpartition("：")[2] == en.rpartition(": ")[2]
        found.append((en.partition(" ")[2].split()[0], en.rpartition(": ")[2].split("、")))
    return found


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("<iframe src=c.html></iframe>", "https://gov.example/a/c.html"),
        ("<embed src=/c.pdf>", "https://gov.example/c.pdf"),
        ("<object data=c.swf></object>", "https://gov.example/a/c.swf"),
        ("<iframe srcdoc='<p>x'></iframe>", "srcdoc"),
        ("<iframe src=about:blank srcdoc='<p>x'></iframe>", "srcdoc"),
        ("<iframe src=c.html width=2></iframe>", "https://gov.example/a/c.html"),
    ],
)
def test_frames(body: str, address: str) -> None:
    assert named(body) == [("page", [address])]


@pytest.mark.parametrize(
    "body",
    [
        "<iframe></iframe>",
        "<iframe src='about:blank'></iframe>",
        "<iframe src='javascript:void(0)'></iframe>",
        "<iframe src=c.html hidden></iframe>",
        "<iframe src=c.html style='DISPLAY : none'></iframe>",
        "<iframe src=c.html style='visibility: hidden'></iframe>",
        "<iframe src=c.html width=0></iframe>",
        "<iframe src=c.html height=' 1px '></iframe>",
        "<object src=c.swf></object>",
        "<a href=c.html>附近</a>",
        "<a href=c.html>附件</a>",
        "<a href='c.shtml?x=1'>附表一</a>",
        "<a href=#>附件.x</a>",
        "<a>附件.docx</a>",
    ],
)
def test_what_is_not_shown_or_is_no_file(body: str) -> None:
    assert named(body) == []


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("<a href=c.docx>下载</a>", "https://gov.example/a/c.docx"),
        ("<a href='down.jsp?file=%E9%99%84.xls&id=1'>x</a>", "https://gov.example/a/down.jsp?file=%E9%99%84.xls&id=1"),
        ("<a href='down?id=3'>任务 表.pdf</a>", "https://gov.example/a/down?id=3"),
        ("<a href='down?id=3'>附件1</a>", "https://gov.example/a/down?id=3"),
        ("<a href='down?id=3' download>x</a>", "https://gov.example/a/down?id=3"),
        ("<a href='javascript:get(3)'>任务表.xlsx</a>", "“任务表.xlsx”"),
        ("<map><area href=c.zip></map>", "https://gov.example/a/c.zip"),
    ],
)
def test_attachments(body: str, address: str) -> None:
    assert named(body) == [("attached", [address])]


def test_each_address_is_named_once_and_as_what_it_is() -> None:
    assert named("<iframe src=c.pdf></iframe><a href=c.pdf>x</a><a href=d.pdf>y</a><a href=d.pdf>z</a>") == [
        ("page", ["https://gov.example/a/c.pdf"]),
        ("attached", ["https://gov.example/a/d.pdf"]),
    ]


def test_twelve_are_named_and_the_others_counted() -> None:
    links = [f"<a href={n}.pdf>x</a>" for n in range(14)]
    ((_, twelve),) = named("".join(links[:12]), None)
    assert (twelve[0], twelve[-1], len(twelve)) == ("0.pdf", "11.pdf", 12)
    ((_, more),) = named("".join(links), None)
    assert more[-1] == "11.pdf … (+2)"


def test_a_long_address_is_cut() -> None:
    ((_, (address,)),) = named(f"<a href={'a' * 400}.pdf>x</a>", None)
    assert address == "a" * 300


def test_addresses_are_those_of_the_page_or_its_base() -> None:
    assert named("<a href=c.pdf>x</a>", None) == [("attached", ["c.pdf"])]
    page = LexborHTMLParser("<head><base href=/z/></head><body><a href=c.pdf>x</a></body>")
    ((_, said),) = elsewhere(page, SOURCE)
    assert said.endswith(": https://gov.example/z/c.pdf")


def test_a_page_of_frames_is_its_frames() -> None:
    page = LexborHTMLParser("<html><frameset><frame src=a.html><frame src=b.html></frameset></html>")
    assert framed(page, None) == "a.html、b.html"
    assert framed(LexborHTMLParser("<iframe src=a.html></iframe>"), None) == ""
