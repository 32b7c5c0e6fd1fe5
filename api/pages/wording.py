"""The table of wordings ``wording.csv``, turned into what a page says in Chinese or in English, and the address that keeps the language."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import starmap
from urllib.parse import quote, urlencode

from ontology.names import DEF, ID

LANGUAGES = ("zh", "en")
_FOLLOWED = ("https://", "http://", "mailto:")
Pairs = Iterable[tuple[str, str]]


def wordings() -> Mapping[str, Mapping[str, str]]:
    """What is said for each key, in zh and en."""
    with (files("api.pages") / "wording.csv").open(encoding="utf-8") as source:
        return {row["key"]: {language: row[language] for language in LANGUAGES} for row in csv.DictReader(source)}


def address(language: str, path: str, pairs: Pairs = (), *, blanks: bool = False) -> str:
    """An address on this site in a language: English is ``lang=en``, Chinese says nothing. Blank values are left out, unless ``blanks``.

    >>> address("en", "/queries", [("q", "低空")])
    '/queries?q=%E4%BD%8E%E7%A9%BA&lang=en'
    """
    path, _, anchor = path.partition("#")
    given = [(name, value) for name, value in pairs if (blanks or value != "") and name != "lang"]
    text = "&".join(starmap(_pair, [*given, ("lang", "en")] if language == "en" else given))
    return f"{path}{'?' if text else ''}{text}{'#' if anchor else ''}{anchor}"


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    """A pair as an address has it: the links of a page repeat the same ones hundreds of times."""
    return urlencode([(name, value)])


def local(iri: str) -> str:
    """Where this site shows what an IRI of ours names; nothing for the IRIs of others.

    >>> local("https://w3id.org/zhengce/id/district/pudong")
    '/id/district/pudong'
    """
    if iri.startswith(ID):
        return "/id/" + quote(iri.removeprefix(ID), safe="/-._~")
    return f"/def#{quote(iri.removeprefix(DEF))}" if iri.startswith(DEF) else ""


def link(language: str, iri: str) -> str:
    """Where an IRI leads: its place on this site, itself where a browser may follow it, nowhere else.

    >>> link("en", "https://example.org/a"), link("en", "javascript:alert(1)"), link("en", " DATA:text/html,x")
    ('https://example.org/a', '', '')
    """
    return address(language, local(iri)) if local(iri) else iri if iri.startswith(_FOLLOWED) else ""


def proof(language: str, subject: str, predicate: str, object: str) -> str:
    """Where this site says why a triple holds.

    >>> proof("zh", ID + "notice/k/task/9", DEF + "hasTheme", ID + "theme/ai")
    '/why?s=notice%2Fk%2Ftask%2F9&p=zc%3AhasTheme&o=theme%2Fai'
    """
    words = [term.removeprefix(ID) if term.startswith(ID) else term.replace(DEF, "zc:", 1) for term in (subject, predicate, object)]
    return address(language, "/why", zip("spo", words, strict=True))


def kind_of(iri: str) -> str:
    """The kind of a thing of ours, as its IRI names it.

    >>> kind_of("https://w3id.org/zhengce/id/notice/huzhiban-2026-2/task/9")
    'task'
    """
    if iri.startswith(DEF):
        return "term"
    parts = iri.removeprefix(ID).split("/") if iri.startswith(ID) else []
    return parts[-2] if len(parts) > 1 else ""
