"""Text of files that count in code units of UTF-16, turned into text in code points."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def whole_characters(text: str) -> str:
    """The same text with surrogate pairs joined; half a pair that stands alone becomes U+FFFD.

    >>> whole_characters("\\ud842\\udfb7野家") == "\\U00020bb7野家"
    True
    >>> whole_characters("\\ud842野") == "\\ufffd野"
    True
    """
    if _SURROGATE.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
