"""The catalogue, turned into pages: all questions, and each with a form for its parameters, its answer, its chart and its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as of
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from pyoxigraph import NamedNode

from api.answers.catalogue import CatalogueRequest, ask, tabulate
from api.answers.row_evidence import EvidenceOf
from api.answers.tables import ResultTable
from api.pages.labels import LabelIndex
from api.pages.site import Site, language_of
from api.pages.tables import chart_of, shown
from api.pages.wording import address, kind_of
from graph.errors import NoEvidenceError, TimeLimitError
from graph.proofs.rows.answer import EvidencedRows
from graph.proofs.rows.footnotes import Footnotes, footnotes
from graph.proofs.rows.formats import short
from ontology.names import ID
from queries import BadValueError, Parameter, Query, UnknownParameterError, catalogue, columns

_ROWS = 1000
_MOST = 5000
_OPTIONS = 600


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter in the form: what it holds, what may be chosen."""

    name: str
    label: str
    type: str
    values: tuple[str, ...]
    optional: bool
    options: tuple[str, ...]
    hint: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class NotedRows:
    """What the rows of an answer rest on: their footnotes, why some have none, the patterns that were looked for and not found."""

    missing: Mapping[int, Mapping[str, str]] = of(default_factory=dict)
    footnotes: Footnotes | None = None
    examined: tuple[str, ...] = ()
    refused: Mapping[str, str] | None = None

    def numbers(self, row: int) -> tuple[int, ...]:
        """The footnotes of a row."""
        return self.footnotes.rows[row] if self.footnotes and row < len(self.footnotes.rows) else ()


class QuestionPages:
    """The pages at ``/queries`` and ``/queries/{name}``."""

    def __init__(self, site: Site, evidence: EvidenceOf | None = None) -> None:
        self.site = site
        self.headings = columns()
        self._evidence = evidence

    async def listing(self, request: Request) -> Response:
        """All questions, in sections by what they are about."""
        sections: dict[str, list[Query]] = {}
        for query in catalogue().values():
            sections.setdefault(query.tags[0], []).append(query)
        ordered = sorted(sections.items(), key=lambda section: -len(section[1]))
        count = sum(map(len, sections.values()))
        return await self.site.page(request, "questions.html", sections=ordered, count=count, words=_words)

    async def question(self, request: Request, query: Query, values: Mapping[str, tuple[str, ...]]) -> Response:
        """One question. What was filled in wrongly is said at its place, and nothing is asked."""
        language, labels = language_of(request), await self.site.labels()
        asked, table, wrong = None, ResultTable((), ()), ""
        bad: dict[str, str] = {}
        try:
            asked = await ask(query, values, self.site.answer)
            table = await tabulate(_limited(asked), self.site.answer)
        except BadValueError as error:
            bad[error.name] = wrong = str(error)
        except UnknownParameterError as error:
            wrong = str(error)
        found = await self._found(request, asked) if asked and not wrong else None
        if isinstance(found, EvidencedRows):
            table = ResultTable(found.columns, found.rows[: _MOST + 1])
        can_note = self._evidence is not None and query.form == "SELECT"
        fields = [field(parameter, values.get(parameter.name), labels, language, bad) for parameter in query.parameters]
        return await self.site.page(
            request,
            "question.html",
            422 if wrong else 200,
            query=query,
            fields=fields,
            wrong=wrong,
            table=table,
            count=await self._count(asked, table),
            shown=shown(table, labels, language, _ROWS),
            headings=self.headings,
            chart=chart_of(table, query.name, self.headings, labels, language),
            text=asked.text if asked else "",
            noted=_noted(found),
            can_note=can_note,
            data=list(_data(query.name, values, language, noted=can_note)),
            workbench=address(language, "/sparql") + "#query=" + quote(asked.text.strip(), safe="") if asked else "",
        )

    async def _count(self, asked: CatalogueRequest | None, table: ResultTable) -> str:
        """How many rows the answer has; where counting takes longer than a query may, how many it has at least."""
        if asked is None or len(table.rows) <= _MOST:
            return str(len(table.rows))
        prologue, body = _PROLOGUE.match(asked.text), _PROLOGUE.sub("", asked.text, count=1)
        try:
            rows = await self.site.run(f"{prologue[0] if prologue else ''}SELECT (COUNT(*) AS ?count) WHERE {{\n{body}\n}}")
        except TimeLimitError:
            return f"{_MOST}+"
        return str(rows[0]["count"])

    async def _found(self, request: Request, asked: CatalogueRequest) -> EvidencedRows | NoEvidenceError | None:
        """The rows with their evidence, where the address asks for it; why there is none, where a part of the query has none."""
        if self._evidence is None or asked.query.form != "SELECT" or request.query_params.get("evidence") not in {"1", "true"}:
            return None
        try:
            return await self._evidence(asked.text)
        except NoEvidenceError as error:
            return error


def _noted(found: EvidencedRows | NoEvidenceError | None) -> NotedRows | None:
    if found is None:
        return None
    if isinstance(found, NoEvidenceError):
        return NotedRows(refused=found.part)
    missing = {row: dict(zip(("zh", "en"), each.why_not, strict=True)) for row, each in enumerate(found.evidence) if each.why_not}
    return NotedRows(missing, footnotes(found), tuple(map(short, found.examined)))


_PROLOGUE = re.compile(r"(?:\s*(?:#[^\n]*|PREFIX [^\n]*)\n)*")
"""The comments and declarations at the head of a question of the catalogue."""


def _limited(asked: CatalogueRequest) -> CatalogueRequest:
    """The same question, of which a page reads only so many rows; the data has them all."""
    return asked if asked.query.form == "ASK" else replace(asked, text=f"{asked.text.rstrip()}\nLIMIT {_MOST + 1}\n")


def asking(name: str, thing: str, language: str) -> str:
    """The address of a question about a thing: in the slot that takes things of its kind."""
    slot = next(parameter.name for parameter in catalogue()[name].parameters if kind_of(thing) in parameter.kinds)
    return address(language, f"/queries/{name}", [(slot, thing.removeprefix(ID))])


def field(
    parameter: Parameter, given: Sequence[str] | None, labels: LabelIndex, language: str, bad: Mapping[str, str] | None = None
) -> Field:
    """A parameter as the form shows it: as the person filled it in, or else with its sample under its name."""
    sample = tuple(_named(term.value, parameter, labels, language) for term in parameter.sample if isinstance(term, NamedNode))
    values = sample or tuple(term.value for term in parameter.sample)
    named = tuple(_named(text, parameter, labels, language) for text in given) if given else values
    options = tuple(labels.of_kinds(parameter.kinds, language)[:_OPTIONS]) if parameter.type == "iri" else ()
    wrong = (bad or {}).get(parameter.name, "")
    hint = parameter.expected[1 if language == "en" else 0]
    return Field(
        parameter.name, parameter.labels[language], _INPUTS.get(parameter.type, "text"), named, parameter.optional, options, hint, wrong
    )


_INPUTS = {"date": "date", "integer": "number"}


def _named(text: str, parameter: Parameter, labels: LabelIndex, language: str) -> str:
    """A value as people read it: the name of a thing, the number of a task, or what was typed."""
    if text in labels.names:
        return labels.name(text, language)
    beside = next((term.value for term in parameter.sample if isinstance(term, NamedNode)), "")
    return text.rpartition("/")[2].rpartition("#")[2] if beside and text.rpartition("/")[0] == beside.rpartition("/")[0] else text


def _data(name: str, values: Mapping[str, tuple[str, ...]], language: str, *, noted: bool) -> Iterator[tuple[str, str]]:
    """The wording keys and addresses of the same answer as data."""
    pairs = [(key, value) for key, texts in values.items() for value in texts]
    if noted:
        yield "questions.markdown", f"/queries/{name}.md?{urlencode([*pairs, ('lang', language)])}"
    for key, suffix, extra in (
        ("questions.xlsx", "xlsx", [("headings", language)]),
        ("questions.csv", "csv", [("headings", language)]),
        ("questions.excel", "csv", [("headings", language), ("bom", "1")]),
        ("questions.json", "json", []),
        ("questions.turtle", "ttl", []),
        ("questions.rq", "rq", []),
    ):
        text = urlencode([*pairs, *extra])
        yield key, f"/queries/{name}.{suffix}{'?' if text else ''}{text}"


def _words(query: Query) -> str:
    """What the filter of the list looks at."""
    return " ".join((query.name, *query.titles.values(), *query.descriptions.values(), *query.tags))
