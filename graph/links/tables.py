"""The tables of this package as Python values: what properties say, which types fit a class of ours, whose IRIs are whose."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Role = Literal["name", "other", "type", "above", "within", "country", "ended", "page", "code"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """Whose IRIs begin so, and whether they are concepts of a thesaurus."""

    prefix: str
    name: str
    thesaurus: bool


@cache
def properties() -> Mapping[str, tuple[Role, str]]:
    """What a property says of a thing, by its IRI; for a code with the scheme it belongs to."""
    return {row["property"]: (row["role"], row["scheme"]) for row in _rows("properties.csv")}  # type: ignore[misc]


def with_role(*roles: Role) -> tuple[str, ...]:
    """The properties that say one of these."""
    return tuple(iri for iri, (role, _) in properties().items() if role in roles)


@cache
def kinds() -> Mapping[str, tuple[str, frozenset[str]]]:
    """For each class of ours how the words of a type are compared (``is`` or ``ends``), and those that fit."""
    return {row["kind"]: (row["rule"], frozenset(row["words"].split("|"))) for row in _rows("kinds.csv")}


@cache
def never() -> Mapping[str, tuple[str, str]]:
    """Words in the name of a type that no thing of ours has, each with what it says, in both languages."""
    return {word: (row["reason_zh"], row["reason_en"]) for row in _rows("never.csv") for word in row["words"].split("|")}


@cache
def schemes() -> tuple[Scheme, ...]:
    """The schemes that are known by name, the longest prefix first."""
    known = (Scheme(row["prefix"], row["scheme"], row["thesaurus"] == "yes") for row in _rows("schemes.csv"))
    return tuple(sorted(known, key=lambda scheme: -len(scheme.prefix)))


def scheme_of(target: str) -> tuple[Scheme, str]:
    """The scheme of an IRI and what it is there; a scheme that is not known is called by its host.

    >>> scheme, identifier = scheme_of("http://www.wikidata.org/entity/Q8686")
    >>> scheme.name, identifier
    ('Wikidata', 'Q8686')
    >>> scheme, identifier = scheme_of("https://data.example.org/place/7")
    >>> scheme.name, identifier
    ('data.example.org', 'place/7')
    """
    for scheme in schemes():
        if target.startswith(scheme.prefix) and len(target) > len(scheme.prefix):
            return scheme, target[len(scheme.prefix) :].rstrip("/")
    host, _, rest = target.partition("://")[2].partition("/")
    return Scheme(target[: len(target) - len(rest)], host, thesaurus=False), rest.rstrip("/") or host


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files("graph.links").joinpath(name).read_text("utf-8").splitlines()))
