"""Numbered paragraphs -> drafts."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.document import Paragraph
from ingest.drafts import Draft


def is_numbered(paragraphs: Sequence[Paragraph]) -> bool:
    return False


def numbered_drafts(paragraphs: Sequence[Paragraph]) -> tuple[list[Draft], int, int]:
    return [], 0, 0
