"""The markup of a page, or an address that somebody gives -> the address that the page was taken from."""

from __future__ import annotations

import re
from html import unescape

_ADDRESS = r"https?://[^\s\"'<>\\^`{|}]{4,1000}"
_STATED = (
    re.compile(rf"<!--\s*saved from url=\(\d+\)(?P<address>{_ADDRESS})\s*-->", re.I),
    re.compile(rf"<link\b(?=[^>]{{0,500}}\brel\s*=\s*[\"']?canonical\b)[^>]{{0,500}}\bhref\s*=\s*[\"']?(?P<address>{_ADDRESS})", re.I),
    re.compile(rf"<meta\b(?=[^>]{{0,500}}\bproperty\s*=\s*[\"']?og:url\b)[^>]{{0,500}}\bcontent\s*=\s*[\"']?(?P<address>{_ADDRESS})", re.I),
)
_HEAD = 20_000  # characters of a page in which it says where it is from


def stated_address(markup: str) -> str | None:
    """The address that a page states for itself: where it was saved from, its canonical address, its address for sharing.

    >>> stated_address('<link rel="canonical" href="https://www.example.gov.cn/a/1.html">')
    'https://www.example.gov.cn/a/1.html'
    >>> stated_address('<link rel="stylesheet" href="https://www.example.gov.cn/a.css">') is None
    True
    """
    head = markup[:_HEAD]
    found = next((match for pattern in _STATED if (match := pattern.search(head)) is not None), None)
    return unescape(found["address"]) if found is not None else None


def is_address(given: str) -> bool:
    """Whether a string is a web address that can stand in the graph.

    >>> is_address("https://www.example.gov.cn/a?b=1"), is_address("www.example.gov.cn"), is_address("javascript:alert(1)")
    (True, False, False)
    """
    return re.fullmatch(_ADDRESS, given) is not None
