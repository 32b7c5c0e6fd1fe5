"""A name, turned into what is compared, and into the ways it may be written elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC
from pyoxigraph import Literal

from ontology.folding import folded

Language = str
"""``zh`` or ``en``; the rest is not compared."""

_TAGS = {"zh": ("zh", "zh-hans", "zh-cn", "zh-hant", "zh-tw", "zh-hk", ""), "en": ("en", "en-us", "en-gb", "")}
_TRADITIONAL = frozenset(("zh-hant", "zh-tw", "zh-hk"))
_BRACKET = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_HAN = re.compile(r"[㐀-鿿𠀀-𲎯]")
_OF = re.compile(r"\s+(?:of|in|for|within)\s+.*", re.IGNORECASE)
_WORD_START = re.compile(r"(?<=[a-z])(?=[A-Z])")
LONGEST = 200
"""A longer text is no name."""


def key(name: str) -> str:
    """A name as it is compared: simplified, half-width, without case and marks.

    >>> key("黃浦區"), key("Jing'an  District"), key("The R&D Council"), key("黄浦江")
    ('黄浦区', 'jingandistrict', 'randdcouncil', '黄浦江')
    """
    text = folded(name[:LONGEST]).replace("&", " and ").strip()
    return "".join(character for character in text.removeprefix("the ") if character.isalnum())


def language_of(literal: Literal) -> Language:
    """The language of a name: by its tag, else by its script; empty for one that is not compared.

    >>> language_of(Literal("黃浦區", language="zh-hant")), language_of(Literal("黄浦区")), language_of(Literal("Chine", language="fr"))
    ('zh', 'zh', '')
    """
    tag = (literal.language or "").lower()
    if tag:
        main = tag.partition("-")[0]
        return main if main in _TAGS else ""
    return "zh" if _HAN.search(literal.value) else "en"


def ways(name: str, language: Language) -> Iterator[Literal]:
    """The literals that a name may be elsewhere, since an endpoint finds a literal at once where it would have to look at all for one that
    is like it."""
    texts = {name}
    if language == "en":
        texts |= {name[:1].lower() + name[1:], name[:1].upper() + name[1:]}
    traditional = _converter().convert(name) if language == "zh" else ""
    for tag in _TAGS[language]:
        for text in sorted({traditional, *texts} if tag in _TRADITIONAL else texts):
            if text:
                yield Literal(text, language=tag) if tag else Literal(text)


def head(type_name: str) -> str:
    """What a type is in the end, without where it is one and what is said in brackets.

    >>> head("district of China"), head("市辖区 (中国)"), head("GovernmentOrganization"), head("former municipal district")
    ('district', '市辖区', 'government organization', 'former municipal district')
    """
    text = _BRACKET.sub("", type_name).strip()
    if not _HAN.search(text):
        text = _OF.sub("", _WORD_START.sub(" ", text).replace("_", " "))
    return folded(text).strip()


def fits(type_name: str, rule: str, words: frozenset[str]) -> bool:
    """Whether a type is one of those that a table names: word for word, or by how it ends.

    >>> fits("district of China", "is", frozenset({"district"})), fits("subdistrict of China", "is", frozenset({"district"}))
    (True, False)
    >>> fits("international standards organization", "ends", frozenset({"organization"})), fits("metro", "ends", frozenset({"ro"}))
    (True, False)
    """
    text = head(type_name)
    if rule == "is":
        return text in words
    return any(text.endswith(word) and (bool(_HAN.search(word)) or text == word or text.endswith(f" {word}")) for word in words)


def said_of(type_name: str, words: Iterator[str] | tuple[str, ...]) -> str:
    """The first of these words that stands in the name of a type, empty where none does."""
    text = folded(type_name)
    return next((word for word in words if (word in text if _HAN.search(word) else re.search(rf"\b{re.escape(word)}\b", text))), "")


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")
