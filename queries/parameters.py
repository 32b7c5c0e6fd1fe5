"""What people type for a parameter, turned into RDF terms of the parameter's type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from queries.errors import BadValueError

Term = NamedNode | Literal
Resolve = Callable[[tuple[str, ...], str], NamedNode | None]
"""Finds the thing that people call by a name: (kinds of thing, name) to its IRI, or None."""

THINGS = "https://w3id.org/zhengce/id/"
TERMS = "https://w3id.org/zhengce/def#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPES = ("iri", "integer", "decimal", "date", "boolean", "string")

_KEY = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9.-]+)*")
_CLASS = re.compile(r"[A-Z][A-Za-z]*")
_TERM = re.compile(r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z-]+)?|\S+')
_FORMS = {
    "integer": re.compile(r"[+-]?\d{1,18}"),
    "decimal": re.compile(r"[+-]?(\d{1,18}(\.\d{1,18})?|\.\d{1,18})"),
    "boolean": re.compile(r"true|false"),
}
_EXPECTED = {
    "integer": ("整数", "a whole number"),
    "decimal": ("数字", "a number"),
    "date": ("形如 2026-05-15 的日期", "a date such as 2026-05-15"),
    "boolean": ("true 或 false", "true or false"),
    "string": ("非空文字", "some text"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A slot of a query: its name, the type of its values, its names in zh and en, and the values it has in the file.

    An ``iri`` parameter names the kinds of thing it takes. An optional one may be left empty, which means any value;
    no sample means that it is empty in the file.
    """

    name: str
    type: str
    kinds: tuple[str, ...]
    optional: bool
    labels: Mapping[str, str]
    sample: tuple[Term, ...]

    def terms(self, texts: Sequence[str], resolve: Resolve | None = None) -> tuple[Term, ...]:
        """The typed terms of what was typed; none if nothing was typed and the parameter may be empty."""
        given = tuple(text.strip() for text in texts if text.strip())
        if not given and not self.optional:
            raise BadValueError(self.name, "", *self.expected)
        return tuple(self._term(text, resolve) for text in given)

    @property
    def expected(self) -> tuple[str, str]:
        """What the parameter accepts, in zh and en."""
        if self.type != "iri":
            return _EXPECTED[self.type]
        kinds = ", ".join(self.kinds)
        return f"{self.labels['zh']}的 IRI、短名或名称（{kinds}）", f"the IRI, the key or a name of a thing ({kinds})"

    def is_key(self, text: str) -> bool:
        """Is the text an IRI or a key, so that no name has to be looked up."""
        if text.startswith(("http://", "https://")):
            return True
        return (_CLASS if self.kinds == ("class",) else _KEY).fullmatch(text) is not None

    def candidates(self, text: str) -> tuple[NamedNode, ...]:
        """What a key may stand for: beside the sample, then under each kind. None for an IRI, a name or a class."""
        if self.type != "iri" or self.kinds == ("class",) or not _KEY.fullmatch(text):
            return ()
        under = (f"{THINGS}{kind}/" for kind in self.kinds if "/" not in text)
        return tuple(self._named(f"{prefix}{text}") for prefix in dict.fromkeys((self._prefix(text), *under)))

    def _term(self, text: str, resolve: Resolve | None) -> Term:
        if self.type == "iri":
            return self._thing(text, resolve)
        if self.type == "string":
            return Literal(text)
        if not _is_written(self.type, text):
            raise BadValueError(self.name, text, *self.expected)
        return Literal(text, datatype=NamedNode(XSD + self.type))

    def _thing(self, text: str, resolve: Resolve | None) -> NamedNode:
        found = resolve(self.kinds, text) if resolve else None
        if found is not None:
            return found
        if self.is_key(text):
            return self._named(self._prefix(text) + text)
        raise BadValueError(self.name, text, *self.expected)

    def _prefix(self, key: str) -> str:
        """Where a key stands: under its own kind if it has one, else beside the sample, else under the first kind."""
        if key.startswith(("http://", "https://")):
            return ""
        if self.kinds == ("class",):
            return TERMS
        if "/" in key:
            return THINGS
        beside = next((term.value for term in self.sample if isinstance(term, NamedNode)), "")
        return beside[: beside.rindex("/") + 1] if beside else f"{THINGS}{self.kinds[0]}/"

    def _named(self, iri: str) -> NamedNode:
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise BadValueError(self.name, iri, *self.expected) from error


def terms_of(values: str) -> tuple[Term, ...]:
    """The terms between the braces of a VALUES line; UNDEF gives none.

    >>> terms_of('"9" UNDEF')
    (<Literal value=9 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>,)
    """
    found: list[Term] = []
    for written in _TERM.findall(values):
        if written == "UNDEF":
            continue
        for quad in parse(f"<urn:x> <urn:x> {written} .", RdfFormat.TURTLE):
            if not isinstance(quad.object, NamedNode | Literal):
                raise ValueError(f"{written} is neither an IRI nor a literal")
            found.append(quad.object)
    return tuple(found)


def _is_written(type_: str, text: str) -> bool:
    if type_ != "date":
        return _FORMS[type_].fullmatch(text) is not None
    try:
        return len(text) == 10 and date.fromisoformat(text) is not None
    except ValueError:
        return False
