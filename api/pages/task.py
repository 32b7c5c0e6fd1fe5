"""One task, turned into its page: the cells as printed with every mark, what each mark says, and what follows from it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from pyoxigraph import NamedNode

from api.pages.evidence import TextCut, TextPiece, cuts, pieces
from api.pages.labels import LabelIndex
from api.pages.questions import asking
from api.pages.related import Beside, related
from api.pages.site import Row, Site, language_of
from ontology import terms
from ontology.names import ID

_PARTS = ("number", "group", "text", "target", "units")
_FACTS = (terms.hasSubjectClass, terms.hasTopic, terms.involvesIndustry, terms.hasTheme, terms.concernsPlace)
_MATCHES = frozenset({f"{ID}match/exact", f"{ID}match/close"})
QUESTIONS = ("evidence-of-task", "units-of-task", "task-as-graph", "annotations")
"""Questions of the catalogue that take a task."""


@dataclass(frozen=True, slots=True)
class TextMark:
    """A piece of evidence on the page: its number, and the facts that it supports as (subject, property, value)."""

    id: int
    piece: TextPiece
    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of the printed row, or one target of it."""

    part: str
    heading: str
    order: int
    owner: str
    place: Mapping[str, Any]
    cuts: tuple[TextCut, ...]
    marks: tuple[TextMark, ...]
    text: str
    grade: str


async def page(site: Site, request: Request, task: str) -> Response | None:
    """The page of a task; nothing if there is no such task."""
    language, labels, node = language_of(request), await site.labels(), NamedNode(task)
    names = ("task-passages", "task-evidence", "task-readings", "task-beside", "task-notice", "task-list", "task-links")
    passages, evidence, readings, others, notices, values, outside = await asyncio.gather(*(site.select(name, task=node) for name in names))
    if not notices:
        return None
    found = pieces(evidence)
    row = cells(task, passages, found, readings)
    notice = {**notices[0], "issuers": [str(each["issuer"]) for each in notices if each["issuer"]]}
    beside = Beside.of(others)
    number = beside.first(task, terms.number)
    return await site.page(
        request,
        "task.html",
        task=task,
        number=number,
        notice=notice,
        before=beside.next(task, -1),
        after=beside.next(task, 1),
        cells=row,
        ids={mark.piece.node: mark.id for cell in row for mark in cell.marks},
        units=[piece for piece in found if piece.kind == "unit" and piece.first(terms.task) == task],
        joint=[str(each["value"]) for each in values if each["facet"] == terms.jointlyResponsibleFor.value],
        promises=[(cell, mark.piece) for cell in row for mark in cell.marks if mark.piece.kind in {"quantity", "milestone", "deadline"}],
        facts=[(fact.value, _values(values, fact)) for fact in _FACTS],
        related=related(task, beside, labels),
        elsewhere=await site.elsewhere(task),
        citations=list(citations(site, row, number, notice, labels)),
        links=by_thing(outside),
        terms=terms,
        questions=[(name, asking(name, task, language)) for name in QUESTIONS],
    )


def cells(task: str, passages: Iterable[Row], found: Sequence[TextPiece], readings: Iterable[Row]) -> tuple[CellView, ...]:
    """The printed row, cell by cell, with the marks numbered as they are read."""
    belongs: dict[str, list[tuple[str, str]]] = {}
    for row in readings:
        belongs.setdefault(str(row["thing"]), []).append((str(row["fact"]), str(row["value"])))
    ordered = sorted(
        (row for row in passages if row["part"] in _PARTS), key=lambda row: (_PARTS.index(str(row["part"])), row["order"] or 0)
    )
    made, number = [], 0
    for row in ordered:
        owner = str(row["owner"] or task)
        start = int(row["start"]) if row["start"] is not None else 0
        text = str(row["text"])[start : int(row["end"]) if row["end"] is not None else None]
        inside = [piece for piece in found if piece.passage == row["passage"]]
        marks = tuple(TextMark(number + place, piece, tuple(_said(task, owner, piece, belongs))) for place, piece in enumerate(inside, 1))
        number += len(marks)
        made.append(
            CellView(
                part=str(row["part"]),
                heading=str(row["heading"] or ""),
                order=int(row["order"] or 0),
                owner=owner,
                place=row,
                cuts=tuple(cuts(text, inside, start)),
                marks=marks,
                text=text,
                grade=str(row["grade"] or ""),
            )
        )
    return tuple(made)


def _said(task: str, owner: str, piece: TextPiece, belongs: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[tuple[str, str, str]]:
    """The facts that a piece of evidence supports, as triples."""
    if piece.kind == "mention":
        yield owner, terms.mentions.value, piece.thing
        for fact, value in belongs.get(piece.thing, ()):
            yield task, fact, value
    elif piece.kind == "unit":
        yield piece.thing, terms.responsibleFor.value, task


def _values(values: Iterable[Row], fact: NamedNode) -> list[str]:
    return [str(row["value"]) for row in values if row["facet"] == fact.value]


def citations(site: Site, row: Iterable[CellView], number: str, notice: Mapping[str, Any], labels: LabelIndex) -> Iterator[dict[str, str]]:
    """How to quote each cell of text, in both languages."""
    for cell in row:
        if cell.part not in {"text", "target"}:
            continue
        said = {
            language: site.say(
                language,
                "task.citation",
                issuer=("、" if language == "zh" else ", ").join(labels.name(issuer, language) for issuer in notice["issuers"]),
                title=notice["title"] or "",
                document=notice["document"] or "",
                issued=notice["issued"] or "",
                number=number,
                heading=cell.heading,
                quote=cell.text,
                iri=cell.owner,
            )
            for language in ("zh", "en")
        }
        yield {"heading": cell.heading, "order": str(cell.order or ""), **said}


def by_thing(links: Iterable[Row]) -> dict[str, list[Row]]:
    """The exact and the close links of each thing."""
    found: dict[str, list[Row]] = {}
    for row in links:
        if str(row["match"]) in _MATCHES:
            found.setdefault(str(row["thing"]), []).append(row)
    return found
