"""What a client accepts, turned into one of the engine's formats (https://www.rfc-editor.org/rfc/rfc9110#field.accept)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pyoxigraph import QueryResultsFormat, RdfFormat

from api.http.errors import NotAcceptableError

Format = QueryResultsFormat | RdfFormat
HTML = "text/html"
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Offer:
    """A format that can be given: the types by which it may be asked for, of which the first is sent, and its suffix in addresses."""

    format: Format
    types: tuple[str, ...]
    suffix: str

    @property
    def media_type(self) -> str:
        """The value of Content-Type."""
        return f"{self.types[0]}; charset=utf-8" if self.types[0].startswith("text/") else self.types[0]


def results() -> tuple[Offer, ...]:
    """The formats of SELECT and ASK, the preferred first."""
    return (
        Offer(QueryResultsFormat.JSON, ("application/sparql-results+json", "application/json"), ".json"),
        Offer(QueryResultsFormat.XML, ("application/sparql-results+xml", "application/xml", "text/xml"), ".xml"),
        Offer(QueryResultsFormat.CSV, ("text/csv",), ".csv"),
        Offer(QueryResultsFormat.TSV, ("text/tab-separated-values",), ".tsv"),
    )


def graphs() -> tuple[Offer, ...]:
    """The formats of CONSTRUCT, DESCRIBE and of things, the preferred first."""
    return (
        Offer(RdfFormat.TURTLE, ("text/turtle", "application/x-turtle"), ".ttl"),
        Offer(RdfFormat.N_TRIPLES, ("application/n-triples", "text/plain"), ".nt"),
        Offer(RdfFormat.RDF_XML, ("application/rdf+xml", "application/xml", "text/xml"), ".rdf"),
        Offer(RdfFormat.JSON_LD, ("application/ld+json", "application/json"), ".jsonld"),
        Offer(RdfFormat.N_QUADS, ("application/n-quads",), ".nq"),
        Offer(RdfFormat.TRIG, ("application/trig",), ".trig"),
    )


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer:
    """The offer of the highest quality, of equals the first, under the type by which it is wanted; without a wish the first of all.

    >>> choose("text/csv;q=0.5, application/*;q=0.9", results()).suffix
    '.json'
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = tuple(_ranges(accept))
    # max() keeps the first of equals: the preferred offer, and its own type before its other names.
    offer, type_ = max(((offer, type_) for offer in offers for type_ in offer.types), key=lambda pair: _quality(pair[1], ranges))
    if not _quality(type_, ranges):
        raise NotAcceptableError(accept[:200], [offer.types[0] for offer in offers])
    return replace(offer, types=(type_,))


def wants_version(accept: str | None, offer: Offer, version: str) -> bool:
    """Whether a format is asked for in a version of RDF, by the parameter ``version`` of its media type.

    >>> wants_version("text/turtle; version=1.2, */*", graphs()[0], "1.2"), wants_version("text/turtle", graphs()[0], "1.2")
    (True, False)
    """
    for part in (short(accept) or "").split(","):
        type_, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = dict(parameter.partition("=")[::2] for parameter in parameters)
        if type_ in offer.types and given.get("version", "").strip('"') == version:
            return True
    return False


def preferred(accept: str | None, types: Sequence[str]) -> str:
    """The type of the highest quality, of equals the first; the first of all without a wish. Raises NotAcceptableError where none will do.

    >>> preferred("text/csv;q=0, */*", ("text/csv", "application/json"))
    'application/json'
    """
    if not accept or not accept.strip():
        return types[0]
    ranges = tuple(_ranges(accept))
    best = max(types, key=lambda type_: _quality(type_, ranges))
    if not _quality(best, ranges):
        raise NotAcceptableError(accept[:200], list(types))
    return best


def preferred_language(accept_language: str | None, languages: Sequence[str]) -> str:
    """The language that is preferred of these, by its first part; the first where none is named.

    >>> preferred_language("fr, en-GB;q=0.8, zh;q=0.5", ("zh", "en")), preferred_language("en;q=0", ("zh", "en"))
    ('en', 'zh')
    """
    wished = {language.partition("-")[0]: quality for language, quality in sorted(_weighed(accept_language or ""), key=_weight)}
    named = [language for language in languages if wished.get(language, 0.0) > 0]
    return max(named, key=lambda language: wished[language]) if named else languages[0]


def _weight(pair: tuple[str, float]) -> float:
    return pair[1]


def by_suffix(path: str, offers: Sequence[Offer]) -> tuple[str, Offer | None]:
    """The path without the suffix of a format, and that format.

    >>> by_suffix("/id/district/pudong.ttl", graphs())[0]
    '/id/district/pudong'
    """
    for offer in offers:
        if path.endswith(offer.suffix):
            return path.removesuffix(offer.suffix), offer
    return path, None


def prefers_html(accept: str | None, offers: Sequence[Offer]) -> bool:
    """Whether a page is wanted more than any of these: what browsers say, and no program does.

    >>> prefers_html("text/html,application/xml;q=0.9,*/*;q=0.8", graphs())
    True
    """
    ranges = tuple(_ranges(accept or ""))
    named = [quality for type_, quality in ranges if type_ == HTML]
    return bool(named) and named[0] > max(_quality(type_, ranges) for offer in offers for type_ in offer.types)


def short(header: str | None) -> str | None:
    """What is read of a header that lists what a client accepts: nobody lists more than ``_LONGEST`` characters, and work ends there.

    >>> short("text/csv"), len(short("a/b," * 9000) or "")
    ('text/csv', 4095)
    """
    return header if header is None or len(header) <= _LONGEST else header[:_LONGEST].rpartition(",")[0]


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may be compressed with gzip.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *"), takes_gzip("*"), takes_gzip(None)
    (True, False, True, False)
    """
    return _takes_gzip(short(accept_encoding) or "")


@lru_cache(maxsize=1024)
def _takes_gzip(accept_encoding: str) -> bool:
    codings = dict(_weighed(accept_encoding))
    return codings.get("gzip", codings.get("*", 0.0)) > 0


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Each range of media types with its quality; a lone ``*``, as older clients of Java write it, is any."""
    weighed = (("*/*" if range_ == "*" else range_, quality) for range_, quality in _weighed(accept))
    return ((range_, quality) for range_, quality in weighed if "/" in range_)


def _weighed(header: str) -> Iterator[tuple[str, float]]:
    """Each value of a header with its weight (RFC 9110, 12.4.2), in lower case; a weight that cannot be read is 0."""
    for part in (short(header) or "").split(","):
        range_, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value.strip())))
                except ValueError:
                    quality = 0.0
        if range_:
            yield range_, quality if quality == quality else 0.0  # noqa: PLR0124


def _quality(type_: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of a type: of the most specific range that it falls under."""
    weights = dict(reversed(ranges))
    main = type_.partition("/")[0]
    return next((weights[range_] for range_ in (type_, f"{main}/*", "*/*") if range_ in weights), 0.0)
