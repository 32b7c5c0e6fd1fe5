"""The page on the catalogue lists every question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from queries import catalogue, checks

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
LIST = re.compile(r"(?<=<!-- list -->\n).*?(?=<!-- end of list -->)", re.DOTALL)


def listing() -> Iterator[str]:
    yield "| 名称 name | 问题 question | 参数 parameters |"
    yield "| --- | --- | --- |"
    for query in catalogue().values():
        parameters = " ".join(f"`{parameter.name}`" for parameter in query.parameters)
        yield f"| `{query.name}` | {query.titles['zh']} · {query.titles['en']} | {parameters} |"
    yield ""
    yield "| 毛病 fault | |"
    yield "| --- | --- |"
    for query in checks().values():
        yield f"| `{query.name}` | {query.titles['zh']} · {query.titles['en']} |"


def test_page_lists_every_question(pytestconfig: pytest.Config) -> None:
    text = PAGE.read_text("utf-8")
    listed = "".join(f"{line}\n" for line in listing())
    if pytestconfig.getoption("accept", default=False):
        text = LIST.sub(lambda _: listed, text)
        PAGE.write_text(text, "utf-8")
    found = LIST.search(text)
    assert found
    assert found[0] == listed
