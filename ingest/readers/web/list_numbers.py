"""The ordered lists of a web page -> the number that a browser prints before each item."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from ingest.fields.numerals import CIRCLED, han
from ingest.readers.list_counters import roman

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]*)", re.I)
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_WITHOUT = frozenset(("none", "disc", "circle", "square"))
_ALPHA = frozenset(("lower-alpha", "upper-alpha", "lower-latin", "upper-latin"))
_ROMAN = frozenset(("lower-roman", "upper-roman"))
_CHINESE = re.compile(r"cjk-(?:ideographic|decimal)|(?:simp|trad)-chinese-(?:in)?formal|japanese-(?:in)?formal|hiragana.*|katakana.*")


class ListNumbers:
    """The counters of a page's ordered lists while their items pass by."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def label(self, item: LexborNode) -> str:
        """The number of an item, which counts it; one of a list inside a list stands a rung below: 1. (1) ①."""
        parent = item.parent
        if parent is None or parent.tag != "ol":
            return ""
        step = -1 if "reversed" in parent.attributes else 1
        start = _whole(parent.attributes.get("start"))
        if start is None:
            start = sum(1 for child in parent.iter() if child.tag == "li") if step < 0 else 1
        given = _whole(item.attributes.get("value"))
        count = self._counts.get(parent.mem_id, start - step) + step if given is None else given
        self._counts[parent.mem_id] = count
        kind = _kind(item) or _kind(parent) or "decimal"
        return "" if kind in _WITHOUT else written(count, kind, _depth(parent))


def _kind(node: LexborNode) -> str:
    """The kind of number that an element asks for, "" where it asks for none."""
    styled = _STYLE.search(node.attributes.get("style") or "")
    words = (styled[1].lower().split() if styled is not None else []) or [_TYPES.get((node.attributes.get("type") or "").strip(), "")]
    return next((word for word in words if word in _WITHOUT or _is_known(word)), "")


def _is_known(word: str) -> bool:
    return word in _ALPHA or word in _ROMAN or word.startswith("decimal") or _CHINESE.fullmatch(word) is not None


def _depth(parent: LexborNode) -> int:
    depth, above = 0, parent.parent
    while above is not None and depth < 2:
        depth, above = depth + (above.tag == "ol"), above.parent
    return depth


def written(count: int, kind: str, depth: int = 0) -> str:
    """A number of a kind with what stands behind it.

    >>> [written(3, kind) for kind in ("decimal", "lower-alpha", "upper-roman", "cjk-ideographic", "decimal-leading-zero")]
    ['3.', 'c.', 'III.', '三、', '03.']
    >>> written(3, "decimal", 1), written(3, "decimal", 2), written(28, "lower-alpha"), written(0, "upper-roman")
    ('(3)', '③', 'ab.', '0.')
    """
    if kind in _ALPHA and count > 0:
        letters, rest = "", count
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(97 + digit) + letters
        return f"{letters.upper() if kind.startswith('upper') else letters}."
    if kind in _ROMAN and 0 < count < 4000:
        return f"{roman(count).upper() if kind.startswith('upper') else roman(count)}."
    if _CHINESE.fullmatch(kind) and 0 < count < 100:
        return f"{han(count)}、"
    if kind == "decimal-leading-zero":
        return f"{count:02}."
    return (f"{count}.", f"({count})", CIRCLED[count - 1] if 0 < count <= len(CIRCLED) else f"({count})")[depth]


def _whole(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"\s*[+-]?[0-9]{1,6}\s*", value) else None
