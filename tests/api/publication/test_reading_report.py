"""The page of what was read and what was not."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from api.publication.reading_report import report
from ingest.parse import parse
from ingest.read import read

LAYOUTS = Path(__file__).parents[2] / "data/layouts"


def page(*paths: Path) -> str:
    return "".join(report(paths))


def test_the_document_stands_in_the_page_character_by_character() -> None:
    path = LAYOUTS / "bars.txt"
    shown = re.search(r"<pre>(.*)</pre>", page(path), re.DOTALL)
    assert shown is not None
    plain = unescape(re.sub(r"<span class='n'[^>]*>\d+</span>|<[^>]+>", "", shown[1]))
    assert plain == read(path).text


def test_what_was_not_read_is_marked_with_its_line() -> None:
    path = LAYOUTS / "people-and-posts.txt"
    said = page(path)
    (warning,) = (one for one in parse(read(path)).warnings if one.code == "unread")
    assert f"<a href='#d1l{warning.line}'>" in said
    assert "<span class='unread'" in said


def test_a_refused_file_says_why_and_the_others_follow() -> None:
    said = page(LAYOUTS / "explanation.html", LAYOUTS / "bars.txt")
    assert "class='refused'" in said
    assert "最接近的是第2行" in said
    assert "bars.txt" in said


def test_markup_in_a_file_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a<b>.txt"
    path.write_text("1.办好<script>alert(1)</script>活动5场。（市教育局负责）\n2.新建学校3所。（市教育局、市财政局负责）\n", "utf-8")
    said = page(path)
    assert "<script>" not in said
    assert "&lt;script&gt;" in said


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    said = page(LAYOUTS / "bars.txt", LAYOUTS / "quarters.html")
    HTMLParser().feed(said)
    assert said.count("<span") == said.count("</span>")
    assert not re.search(r"(?:src|href)\s*=\s*['\"]?(?:https?:|//)", said)


def test_each_kind_is_explained_in_both_languages_and_marked_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "某市2026年重点任务分工方案\n一、经济\n1. 根据《甲规划》建成平台3个，2026年6月底前完成。（牵头单位：市商务局）\n无人认领的一句。\n"
        "另一句无人认领。\n2. 推进改革。（责任单位：市财政局）\n",
        "utf-8",
    )
    said = page(path)
    for kind, zh, en in (
        ("title", "标题、文号、机关、日期", "title, number, issuer, date"),
        ("group", "分组", "group"),
        ("number", "序号", "number"),
        ("text", "任务", "task"),
        ("target", "目标", "target"),
        ("unit", "责任单位", "unit"),
        ("role", "角色用语", "role word"),
        ("limit", "时限", "deadline"),
        ("figure", "数量", "quantity"),
        ("cited", "引用的文件", "document cited"),
        ("unread", "没有读", "not read"),
    ):
        assert f"<span class='{kind}'>{zh} <span lang='en'>{en}</span></span>" in said
    marked = re.findall(r"<span class='(\w+)' title='[^']+'>([^<]*)</span>", said)
    assert {("group", "经济"), ("unit", "市商务局"), ("figure", "3个"), ("unread", "另一句无人认领。")} <= set(marked)
    assert "任务 tasks 2 · 字段 in fields" in said
    assert re.search(r"有未读字的任务 <span lang='en'>tasks with unread characters</span>: 1: \d+</p>", said)
    assert said.startswith("<!DOCTYPE html>\n<html lang='zh-Hans'>")
    assert said.endswith("</body></html>\n")
