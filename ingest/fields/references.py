"""《》 in a text -> the titles it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.fields.folding import bare
from ingest.model.document import Text

_OPEN, _CLOSE = "《", "》"
_PAIRS = {"（": "）", "(": ")"}


def titles(text: Text) -> Iterator[Text]:
    """The titles in 《》, the outer one where they are nested, without the marks.

    >>> [title.value for title in titles(Text.at_offset("落实《关于〈条例〉的意见》和《办法》", 0))]
    ['关于〈条例〉的意见', '办法']
    """
    depth = start = 0
    for i, character in enumerate(text.value):
        if character == _OPEN:
            depth += 1
            if depth == 1:
                start = i + 1
        elif character == _CLOSE and depth:
            depth -= 1
            if depth == 0 and i > start and not _is_alias(text.value, start):
                yield text[start:i]


_ALIAS = re.compile(r"简称[:“\"]?《(?P<name>[^《》]{1,20})》")


def aliases(texts: Iterable[Text]) -> set[str]:
    """The short names that a notice gives to documents: 《方案》 after 以下简称《方案》.

    >>> aliases([Text.at_offset("现将《甲行动方案》（以下简称《方案》）印发", 0)])
    {'方案'}
    """
    return {match["name"] for text in texts for match in _ALIAS.finditer(bare(text.value))}


def _is_alias(value: str, start: int) -> bool:
    """以下简称《方案》 names a title again, it refers to nothing new."""
    before = value[max(0, start - 16) : start - 1].rstrip('“"：: ')
    return before.endswith(("以下简称", "下称", "简称"))
