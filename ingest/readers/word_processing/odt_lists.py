"""The styles of an OpenDocument text -> the number before each paragraph of a list, and what is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.readers.archives.zip_parts import Element
from ingest.readers.list_counters import ListCounters, ListLevel

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
TEXT, TABLE, OFFICE, DRAW, STYLE = (f"{{{_ODF}:{part}:1.0}}" for part in ("text", "table", "office", "drawing", "style"))
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_PATTERN = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}num-list-format"
_OUTLINE = "outline"
_KINDS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一": "chineseCounting",
    "壹": "chineseLegalSimplified",
    "①": "decimalEnclosedCircle",
    "甲": "ideographTraditional",
    "１": "decimalFullWidth",
    "⑴": "decimalEnclosedParen",
    "⒈": "decimalEnclosedFullstop",
}
"""The kind of a level by the first character of the series that its format names, as in 一, 二, 三, ...; (1) is ⑴."""


class ListStyles:
    """The list styles of a text, its hidden styles, and where its lists have got to."""

    def __init__(self, common: Sequence[Element], content: Element) -> None:
        self._levels: dict[str, Mapping[int, ListLevel]] = {}
        self._styles: dict[tuple[str, str], Element] = {}
        self._counters = ListCounters()
        self._keys: dict[str, str] = {}
        self._last: dict[str, str] = {}
        for root in (*common, content):
            for style in root.iter(f"{STYLE}style"):
                self._styles[style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")] = style
            for style in root.iter(f"{TEXT}list-style"):
                self._levels[style.get(f"{STYLE}name", "")] = _levels(style)
            for style in root.iter(f"{TEXT}outline-style"):
                self._levels[_OUTLINE] = _levels(style)

    def list_key(self, element: Element, style: str | None) -> str:
        """What names the series of numbers that an outermost list belongs to: its own, or that of the list it continues."""
        style = style or ""
        named = element.get(XML_ID)
        continued = element.get(f"{TEXT}continue-list")
        if continued is not None and continued in self._keys:
            key = self._keys[continued]
        elif element.get(f"{TEXT}continue-numbering") == "true" and style in self._last:
            key = self._last[style]
        else:
            key = f"{style} {len(self._keys)} {named or id(element)}"
        self._keys[named or f"unnamed {len(self._keys)}"] = key
        self._last[style] = key
        return key

    def label(self, paragraph: Element, key: str, depth: int, style: str | None, item: Element) -> str:
        """The number before the first paragraph of an item, which counts it."""
        style = style or self._of_chain(paragraph, f"{STYLE}list-style-name")
        start = item.get(f"{TEXT}start-value")
        number = int(start) if start is not None and re.fullmatch(r"\d{1,6}", start) else None
        return self._counters.label(key, depth, self._levels.get(style or "", {}), number)

    def outline_label(self, paragraph: Element) -> str:
        """The number of a heading that stands in no list."""
        level = paragraph.get(f"{TEXT}outline-level", "")
        if paragraph.tag != f"{TEXT}h" or not re.fullmatch("[1-9]", level) or paragraph.get(f"{TEXT}is-list-header") == "true":
            return ""
        return self._counters.label(_OUTLINE, int(level) - 1, self._levels.get(_OUTLINE, {}))

    def hides(self, element: Element) -> bool:
        """Whether a paragraph or a span is not printed: by its style, or by a condition that holds."""
        if element.tag in (f"{TEXT}p", f"{TEXT}h"):
            hidden = element.find(f".//{TEXT}hidden-paragraph")
            if hidden is not None and hidden.get(f"{TEXT}is-hidden", "true") == "true":
                return True
        elif element.tag != f"{TEXT}span":
            return False
        shown = (properties.get(f"{TEXT}display") for style in self._chain(element) for properties in style.iter(f"{STYLE}text-properties"))
        return next((display for display in shown if display is not None), "true") == "none"

    def _of_chain(self, element: Element, name: str) -> str | None:
        return next((value for style in self._chain(element) if (value := style.get(name)) is not None), None)

    def _chain(self, element: Element) -> list[Element]:
        """The style of an element and those it is made from."""
        family = "text" if element.tag == f"{TEXT}span" else "paragraph"
        found: list[Element] = []
        style = self._styles.get((family, element.get(f"{TEXT}style-name", "")))
        while style is not None and style not in found:
            found.append(style)
            style = self._styles.get((family, style.get(f"{STYLE}parent-style-name", "")))
        return found


def _levels(style: Element) -> dict[int, ListLevel]:
    levels: dict[int, ListLevel] = {}
    for element in style:
        level = element.get(f"{TEXT}level", "")
        if re.fullmatch(r"[1-9]", level):
            levels[int(level) - 1] = _level(element, int(level), levels)
    return levels


def _level(element: Element, level: int, above: Mapping[int, ListLevel]) -> ListLevel:
    form = element.get(f"{STYLE}num-format", "")
    if not element.tag.endswith(("list-level-style-number", "outline-level-style")) or not form:
        return ListLevel("none")
    start = element.get(f"{TEXT}start-value", "1")
    pattern = element.get(_PATTERN)
    if pattern is None:
        shown = element.get(f"{TEXT}display-levels", "1")
        first = level + 1 - min(int(shown) if shown.isdecimal() else 1, level)
        numbers = [f"%{i}" for i in range(first, level + 1) if i == level or above.get(i - 1, ListLevel("none")).kind != "none"]
        pattern = element.get(f"{STYLE}num-prefix", "") + ".".join(numbers) + element.get(f"{STYLE}num-suffix", "")
    kind = _KINDS.get("⑴" if form.startswith("(1") else form[0], "decimal")
    return ListLevel(kind, re.sub(r"%(\d)%", r"%\1", pattern), int(start) if re.fullmatch(r"\d{1,6}", start) else 1)
