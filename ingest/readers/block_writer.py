"""Strings taken out of a file, one after the other -> the text of the document and where each string stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ingest.model.document import Text

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOKALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


class BlockWriter:
    """The text of a document while a reader writes it down."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def write(self, value: str) -> Text:
        """The string as a text at its place; a line break follows it in the document."""
        clean = _LOOKALIKE.sub(lambda match: _plain(match.group()), _CONTROL.sub("", value))
        text = Text.at_offset(clean, self._length)
        self._parts.append(clean)
        self._parts.append("\n")
        self._length += len(clean) + 1
        return text

    def paragraphs(self, values: Iterable[str]) -> Iterator[Text]:
        """The strings that are not blank, each written down and stripped."""
        for value in values:
            if value.strip():
                yield self.write(value.strip("\n")).strip()

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)


def _plain(character: str) -> str:
    """The common character behind a radical or compatibility form that looks the same (⼀ is 一)."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
