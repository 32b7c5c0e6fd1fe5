"""The text of a ``.rq`` file, turned into a query that knows its titles and takes typed parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from queries.decorators import MARK, both, decorators, marked
from queries.errors import MalformedQueryError, UnknownParameterError
from queries.parameters import TYPES, Parameter, Resolve, Term, terms_of

ANSWERS = ("tasks", "things", "number", "boolean", "table", "graph")
LANGUAGES = ("zh", "en")

_SLOT = re.compile(r"^(?P<before>\s*VALUES \?(?P<name>\w+) \{)(?P<values>[^\n]*)(?P<after>\})[ \t]*\n", re.MULTILINE)
_FORM = re.compile(r"^(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE)
_NAME = re.compile(r"[a-z_]+")


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
    pagination: int = 0
    """The rows of a page where pages are asked for and no size is said; 0 where the file says none."""

    @property
    def body(self) -> str:
        """The query without its header."""
        return "".join(line for line in self.text.splitlines(keepends=True) if not line.startswith(MARK))

    def bind(self, values: Mapping[str, str | Sequence[str]], resolve: Resolve | None = None) -> str:
        """The text of the query with these values in its slots; a parameter not named keeps its sample.

        Several values mean any of them; an empty one lifts the restriction, where the parameter is optional.
        """
        return self.bound(self.terms(values, resolve))

    def terms(self, values: Mapping[str, str | Sequence[str]], resolve: Resolve | None = None) -> Mapping[str, tuple[Term, ...]]:
        """The terms of what was typed, by parameter; raises UnknownParameterError and BadValueError."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise UnknownParameterError(self.name, name, tuple(known))
        return {name: known[name].terms((given,) if isinstance(given, str) else given, resolve) for name, given in values.items()}

    def bound(self, terms: Mapping[str, Sequence[Term]]) -> str:
        """The text of the query with these terms in its slots. Nothing typed by a person ever gets in unescaped."""
        # An open slot is left out: engines plan a query without VALUES better than one with UNDEF.
        return self._filled(self.body, terms, "")

    def file(self, terms: Mapping[str, Sequence[Term]], endpoint: str) -> str:
        """The file as it stands with these terms in its slots, for other tools: its decorators name the endpoint that answers it."""
        return marked(self._filled(self.text, terms, "UNDEF"), method="GET", endpoint=endpoint)

    def _filled(self, text: str, terms: Mapping[str, Sequence[Term]], none: str) -> str:
        samples = {parameter.name: parameter.sample for parameter in self.parameters}

        def fill(slot: re.Match[str]) -> str:
            written = " ".join(str(term) for term in terms.get(slot["name"], samples[slot["name"]])) or none
            return f"{slot['before']} {written} {slot['after']}\n" if written else ""

        return _SLOT.sub(fill, text)


def parse(name: str, text: str) -> Query:
    """The query written in a ``.rq`` file of that name."""
    said = decorators(name, text)
    form = _FORM.search(text)
    if not form or said["answer"] not in ANSWERS:
        raise MalformedQueryError(name, "没有查询，或 answer 未知", "there is no query, or its answer is of an unknown kind")
    tags, params, pagination = said["tags"], said.get("params") or {}, said.get("pagination", 0)
    if not isinstance(tags, list) or not tags or not all(isinstance(tag, str) for tag in tags):
        raise MalformedQueryError(name, "tags 应为一列词", "tags are not a list of words")
    if not isinstance(params, dict) or not all(isinstance(each, str) and _NAME.fullmatch(each) for each in params):
        raise MalformedQueryError(name, "params 应以参数名为键", "params are not by their names")
    if type(pagination) is not int or pagination < 0 or str(said.get("method", "GET")).upper() != "GET":
        raise MalformedQueryError(name, "pagination 应为整数，method 应为 GET", "pagination is no whole number, or method is not GET")
    return Query(
        name=name,
        titles=both(name, "summary", said["summary"]),
        descriptions=both(name, "description", said["description"]),
        tags=tuple(tags),
        answer=said["answer"],
        form=form[1],
        parameters=tuple(_parameters(name, text, params)),
        text=text,
        pagination=pagination,
    )


def _parameters(query: str, text: str, written: Mapping[str, Any]) -> Iterator[Parameter]:
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


def _parameter(query: str, name: str, said: Any, sample: tuple[Term, ...]) -> Parameter:
    """``{type, kinds, optional, zh, en}``: only ``iri`` has kinds; one that is optional may be empty in the file."""
    known = {"type", "kinds", "optional", "zh", "en"}
    about: dict[str, Any] = said if isinstance(said, dict) and set(said) <= known else {}
    type_, kinds, optional = about.get("type"), about.get("kinds", []), about.get("optional", False)
    texts = [about.get("zh"), about.get("en"), *(kinds if isinstance(kinds, list) else [None])]
    wrong = not all(isinstance(each, str) and each for each in texts) or (type_ == "iri") != bool(kinds)
    if type_ not in TYPES or wrong or type(optional) is not bool or (not sample and not optional):
        raise MalformedQueryError(query, f"参数 {name} 写法有误", f"the parameter {name} is not written as it should be")
    return Parameter(name, type_, tuple(kinds), optional, {"zh": about["zh"], "en": about["en"]}, sample)
