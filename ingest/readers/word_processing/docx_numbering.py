"""The automatic numbers of a Word file -> the characters that Word prints before each paragraph."""

from __future__ import annotations

import re

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from ingest.readers.list_counters import ListCounters, ListLevel


class Numbering:
    """The counters of a document's numbered lists while its paragraphs pass by."""

    def __init__(self, word: WordDocument) -> None:
        self._levels: dict[str, dict[int, ListLevel]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counters = ListCounters()
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
        abstract: dict[str, dict[int, ListLevel]] = {}
        for definition in root.iter(qn("w:abstractNum")):
            levels: dict[int, ListLevel] = {}
            for level in definition.iter(qn("w:lvl")):
                kind, pattern, start = (_value(level, tag) for tag in ("w:numFmt", "w:lvlText", "w:start"))
                levels[int(level.get(qn("w:ilvl")) or 0)] = ListLevel(
                    kind or "decimal", pattern or "", int(start) if start and start.isdigit() else 1
                )
            abstract[definition.get(qn("w:abstractNumId")) or ""] = levels
        self._levels = abstract
        for number in root.iter(qn("w:num")):
            named = number.get(qn("w:numId")) or ""
            self._lists[named] = _value(number, "w:abstractNumId") or ""
            for override in number.iter(qn("w:lvlOverride")):
                start = _value(override, "w:startOverride")
                if start is not None and start.isdigit():
                    self._starts[named, int(override.get(qn("w:ilvl")) or 0)] = int(start)

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
        depth = int(level) if level and level.isdigit() else 0
        if number is None or number not in self._lists:
            return ""
        listed = self._lists[number]
        return self._counters.label(listed, depth, self._levels.get(listed, {}), self._starts.pop((number, depth), None))


def _value(element: BaseOxmlElement, path: str) -> str | None:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return found.get(qn("w:val")) if found is not None else None
