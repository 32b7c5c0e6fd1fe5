"""The automatic numbers of a Word file -> the characters that Word prints before each paragraph."""

from __future__ import annotations

import re

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from ingest.fields.numerals import CIRCLED, han

_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCountingThousand",
    "chineseLegalSimplified",
)


class Numbering:
    """The counters of a document's numbered lists while its paragraphs pass by."""

    def __init__(self, word: WordDocument) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._styles: dict[str, BaseOxmlElement] = {}
        self._read(word)

    def _read(self, word: WordDocument) -> None:
        for relation in word.part.rels.values():
            if relation.is_external:
                continue
            root = getattr(relation.target_part, "element", None)
            if root is None:
                continue
            if root.tag == qn("w:styles"):
                self._styles = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}
            elif root.tag == qn("w:numbering"):
                self._define(root)

    def _define(self, root: BaseOxmlElement) -> None:
        abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
        for definition in root.iter(qn("w:abstractNum")):
            levels: dict[int, tuple[str, str, int]] = {}
            for level in definition.iter(qn("w:lvl")):
                kind, pattern, start = (_value(level, tag) for tag in ("w:numFmt", "w:lvlText", "w:start"))
                levels[int(level.get(qn("w:ilvl")) or 0)] = (
                    kind or "decimal",
                    pattern or "",
                    int(start) if start and start.isdigit() else 1,
                )
            abstract[definition.get(qn("w:abstractNumId")) or ""] = levels
        for number in root.iter(qn("w:num")):
            self._levels[number.get(qn("w:numId")) or ""] = abstract.get(_value(number, "w:abstractNumId") or "", {})

    def level(self, paragraph: BaseOxmlElement) -> int:
        """1 to 6 for a heading, else 0."""
        style = _value(paragraph, "w:pPr/w:pStyle") or ""
        name = _value(self._styles[style], "w:name") or "" if style in self._styles else style
        match = re.fullmatch(r"(?:heading|标题)\s*([1-6])", name.strip(), re.I)
        return int(match.group(1)) if match else 0

    def label(self, paragraph: BaseOxmlElement) -> str:
        """The number that Word prints before this paragraph, which counts it."""
        number, level = _value(paragraph, "w:pPr/w:numPr/w:numId"), _value(paragraph, "w:pPr/w:numPr/w:ilvl")
        style = self._styles.get(_value(paragraph, "w:pPr/w:pStyle") or "")
        if number is None and style is not None:
            number, level = _value(style, "w:pPr/w:numPr/w:numId"), _value(style, "w:pPr/w:numPr/w:ilvl")
        levels = self._levels.get(number or "", {})
        depth = int(level) if level and level.isdigit() else 0
        if number in (None, "0") or depth not in levels:
            return ""
        assert number is not None
        kind, pattern, start = levels[depth]
        if kind in ("bullet", "none") or not pattern:
            return ""
        self._counts[number, depth] = self._counts.get((number, depth), start - 1) + 1
        for deeper in range(depth + 1, 9):
            self._counts.pop((number, deeper), None)
        return re.sub(r"%(\d)", lambda match: self._printed(number, int(match.group(1)) - 1, levels), pattern)

    def _printed(self, number: str, depth: int, levels: dict[int, tuple[str, str, int]]) -> str:
        kind, _, start = levels.get(depth, ("decimal", "", 1))
        value = self._counts.get((number, depth), start)
        if kind in _CHINESE:
            return han(value)
        if kind.startswith("decimalEnclosedCircle") and 1 <= value <= len(CIRCLED):
            return CIRCLED[value - 1]
        if kind in ("lowerLetter", "upperLetter"):
            letter = chr(ord("a") + (value - 1) % 26)
            return letter.upper() if kind == "upperLetter" else letter
        return str(value)


def _value(element: BaseOxmlElement, path: str) -> str | None:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return found.get(qn("w:val")) if found is not None else None
