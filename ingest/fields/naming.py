"""Chinese names -> the ASCII keys of IRIs: what is printed in pinyin, joined by hyphens, stable for the same name."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256

from ingest.fields.document_numbers import document_number
from ingest.fields.folding import bare

_LONGEST = 40
_HOME = "沪"


def document_key(number: str | None, title: str, digest: str) -> str:
    """The key of a notice: from its number, else from its title and the hash of its title.

    Letters of two places may sound alike (沪政办 and 湖政办 are both huzhengban), so a number from outside Shanghai gets a hash of them.

    >>> document_key("沪质办〔2026〕2号", "", "")
    'huzhiban-2026-2'
    >>> document_key("湖质办〔2026〕2号", "", "")
    'huzhiban-2026-2-017a'
    """
    found = document_number(number) if number else None
    if found:
        key = "-".join(filter(None, (_joined(found.letters), str(found.year or ""), found.number)))
        return key if found.letters.startswith(_HOME) else f"{key}-{sha256(found.letters.encode()).hexdigest()[:4]}"
    if title:
        return name_key(title)
    return f"sha256-{digest[:12]}"


def name_key(name: str, *within: str) -> str:
    """The key of a thing that is not curated: its name in pinyin and a hash of the name and of what sets namesakes apart.

    >>> name_key("市科技局", "320500")
    'shi-ke-ji-ju-3a46737f'
    """
    return f"{_hyphened(name)}-{sha256('|'.join((bare(name), *within)).encode()).hexdigest()[:8]}"


@cache
def _syllables(name: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(part.lower() for syllable in lazy_pinyin(bare(name), v_to_u=False) for part in re.findall(r"[0-9A-Za-z]+", syllable))


def _joined(name: str) -> str:
    return "".join(_syllables(name))


def _hyphened(name: str) -> str:
    whole = "-".join(_syllables(name)) or "x"
    return whole if len(whole) <= _LONGEST else whole[:_LONGEST].rpartition("-")[0]
