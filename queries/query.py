"""The text of a ``.rq`` file, turned into a query that knows its titles and takes typed parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from queries.errors import MalformedQueryError, UnknownParameterError
from queries.parameters import TYPES, Parameter, Resolve, Term, terms_of

ANSWERS = ("tasks", "things", "number", "boolean", "table", "graph")
LANGUAGES = ("zh", "en")

_HEADER = re.compile(r"#\+ (?P<key>[a-z-]+)(?: (?P<name>[a-z_]+))?: (?P<value>.*\S)")
_SLOT = re.compile(r"^(?P<before>\s*VALUES \?(?P<name>\w+) \{)(?P<values>[^\n]*)(?P<after>\})[ \t]*\n", re.MULTILINE)
_FORM = re.compile(r"^(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE)
_REQUIRED = ("title-zh", "title-en", "description-zh", "description-en", "tags", "answer")


@dataclass(frozen=True, slots=True)
class Query:
    """One question of the catalogue. ``text`` is the file as it stands: a query that runs anywhere with its samples."""

    name: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    tags: tuple[str, ...]
    answer: str
    form: str
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def body(self) -> str:
        """The query without its header."""
        return "".join(line for line in self.text.splitlines(keepends=True) if not line.startswith("#+"))

    def bind(self, values: Mapping[str, str | Sequence[str]], resolve: Resolve | None = None) -> str:
        """The text of the query with these values in its slots; a parameter not named keeps its sample.

        Several values mean any of them; an empty one lifts the restriction, where the parameter is optional.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise UnknownParameterError(self.name, name, tuple(known))
        terms = {name: known[name].terms((given,) if isinstance(given, str) else given, resolve) for name, given in values.items()}
        return self.bound(terms)

    def bound(self, terms: Mapping[str, Sequence[Term]]) -> str:
        """The text of the query with these terms in its slots. Nothing typed by a person ever gets in unescaped."""

        samples = {parameter.name: parameter.sample for parameter in self.parameters}

        def fill(slot: re.Match[str]) -> str:
            written = " ".join(str(term) for term in terms.get(slot["name"], samples[slot["name"]]))
            # An open slot is left out: engines plan a query without VALUES better than one with UNDEF.
            return f"{slot['before']} {written} {slot['after']}\n" if written else ""

        return _SLOT.sub(fill, self.body)


def parse(name: str, text: str) -> Query:
    """The query written in a ``.rq`` file of that name."""
    fields: dict[str, str] = {}
    parameters: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        found = _HEADER.fullmatch(line)
        if not found or (found["name"] is not None) != (found["key"] == "param"):
            raise MalformedQueryError(name, f"看不懂的头部：{line}", f"a header line that is not one: {line}")
        into, key = (parameters, found["name"]) if found["name"] else (fields, found["key"])
        if key in into or (into is fields and key not in _REQUIRED):
            raise MalformedQueryError(name, f"头部重复或未知：{key}", f"the header {key} is repeated or unknown")
        into[key] = found["value"]
    missing = [key for key in _REQUIRED if key not in fields]
    if missing:
        raise MalformedQueryError(name, f"头部缺少 {'、'.join(missing)}", f"the header lacks {', '.join(missing)}")
    form = _FORM.search(text)
    if not form or fields["answer"] not in ANSWERS:
        raise MalformedQueryError(name, "没有查询，或 answer 未知", "there is no query, or its answer is of an unknown kind")
    return Query(
        name=name,
        titles={language: fields[f"title-{language}"] for language in LANGUAGES},
        descriptions={language: fields[f"description-{language}"] for language in LANGUAGES},
        tags=tuple(tag.strip() for tag in fields["tags"].split(",")),
        answer=fields["answer"],
        form=form[1],
        parameters=tuple(_parameters(name, text, parameters)),
        text=text,
    )


def _parameters(query: str, text: str, written: Mapping[str, str]) -> Iterator[Parameter]:
    samples: dict[str, tuple[Term, ...]] = {}
    for slot in _SLOT.finditer(text):
        try:
            terms = terms_of(slot["values"])
        except (SyntaxError, ValueError) as error:
            raise MalformedQueryError(query, f"示例读不懂：{slot['values']}", f"unreadable sample: {slot['values']}") from error
        if samples.setdefault(slot["name"], terms) != terms:
            raise MalformedQueryError(query, f"{slot['name']} 的示例不一致", f"the samples of {slot['name']} differ")
    if set(samples) != set(written):
        odd = ", ".join(sorted(set(samples) ^ set(written)))
        raise MalformedQueryError(query, f"头部与 VALUES 不一致：{odd}", f"header and VALUES disagree about {odd}")
    for name, value in written.items():
        yield _parameter(query, name, value, samples[name])


def _parameter(query: str, name: str, value: str, sample: tuple[Term, ...]) -> Parameter:
    """``type | kinds | zh | en``; a type with ``?`` is optional, only ``iri`` has kinds."""
    parts = [part.strip() for part in value.split("|")]
    optional, type_ = parts[0].endswith("?"), parts[0].removesuffix("?")
    kinds = tuple(kind.strip() for kind in parts[1].split(",")) if type_ == "iri" and len(parts) == 4 else ()
    if type_ not in TYPES or len(parts) != (4 if type_ == "iri" else 3) or not all(parts) or (not sample and not optional):
        raise MalformedQueryError(query, f"参数 {name} 写法有误", f"the parameter {name} is not written as it should be")
    return Parameter(name, type_, kinds, optional, {"zh": parts[-2], "en": parts[-1]}, sample)
