"""One thing, turned into its page: names, facts with their proofs, the words that name it, who works on it, what stands near it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from fastapi import Request, Response
from pyoxigraph import NamedNode

from api.pages.about import About, about, order_of, strongest
from api.pages.evidence import TextCut, TextPiece, cuts
from api.pages.labels import LabelIndex
from api.pages.neighbourhood import drawing, neighbours
from api.pages.site import Row, Site, language_of
from api.pages.task_filters import ROUTES, TaskLine, lines
from api.pages.wording import address, kind_of
from ontology import terms
from ontology.names import ID

Triple = tuple[str, str, str]
MOST = 200
"""As many tasks as a page shows."""
_QUOTES = 400
_WHOLE = 180
_AROUND = 60
LISTS = {"agency": "/agencies", "collective": "/agencies", "industry": "/industries", "district": "/districts", "platform": "/platforms"}
"""Where the things of a kind are listed; other kinds are listed at ``/things/{kind}``."""
KINDS = frozenset(
    {"technology", "instrument", "organisation", "event", "programme", "place", "plan", "group", "theme", "topic", "subject-class"}
)
_FACETS = {
    "agency": "unit",
    "collective": "unit",
    "industry": "industry",
    "theme": "theme",
    "topic": "topic",
    "subject-class": "subject-class",
    "district": "district",
    "platform": "platform",
    "group": "group",
}
_PROPERTY = {
    "industry": terms.involvesIndustry,
    "theme": terms.hasTheme,
    "topic": terms.hasTopic,
    "subject-class": terms.hasSubjectClass,
    "district": terms.concernsPlace,
    "place": terms.concernsPlace,
    "region": terms.concernsPlace,
    "zone": terms.concernsPlace,
    "group": terms.inGroup,
}


@dataclass(frozen=True, slots=True)
class PassageView:
    """Words of a notice that name the thing, or things that belong to it, with their marks; or the place of a unit in a list of units."""

    owner: str
    heading: str
    before: str
    cuts: tuple[TextCut, ...]
    after: str
    position: int | None


@dataclass(frozen=True, slots=True)
class ThingFacts:
    """A task of the thing, the words behind it, and the triples to prove, each with what it is called if not by its property."""

    line: TaskLine
    passages: tuple[PassageView, ...]
    proofs: tuple[tuple[str, Triple], ...]


@dataclass(frozen=True, slots=True)
class RelatedQuestion:
    """A question of the catalogue that one thing answers: its name, its titles, the parameter that takes the thing."""

    name: str
    titles: Mapping[str, str]
    parameter: str


async def page(site: Site, request: Request, thing: str, questions: Sequence[RelatedQuestion] = ()) -> Response | None:
    """The page of a thing; nothing if nothing is said of it."""
    language, node = language_of(request), NamedNode(thing)
    names = ("thing-facts", "thing-backwards", "thing-evidence", "thing-links", "tasks-with-thing")
    facts, backwards, evidence, links, tasks = await asyncio.gather(*(site.select(name, thing=node) for name in names))
    if not facts:
        return None
    nodes = tuple(NamedNode(str(row["task"])) for row in tasks)
    read = lines(await site.select("task-list", task=nodes[:MOST])) if nodes else ()
    said = about(facts, backwards, thing)
    near = neighbours(thing, said, read)
    labels = await site.naming([thing, *(neighbour.thing for neighbour in near)])
    governments = [str(row["other"]) for row in backwards if row["property"] == terms.jurisdiction.value]
    found = found_in(thing, read, evidence, governments, {route: site.say(language, f"tasks.route.{route}") for route in ROUTES})
    kind, within = kind_of(thing), _within(thing)
    return await site.page(
        request,
        "part.html" if within and kind != "group" else "thing.html",
        thing=thing,
        elsewhere=await site.elsewhere(thing),
        kind_name=kind,
        within=within,
        quoted=_quoted(said),
        said=said,
        facts=sorted((fact for fact in said.facts), key=order_of),
        links=strongest(links),
        notices=by_notice(found),
        count=len(nodes),
        cut=len(nodes) > MOST or len(evidence) > _QUOTES,
        units=Counter(unit for line in read for unit in line.units if unit != thing).most_common(12),
        near=near,
        drawing=drawing(labels.name(thing, language), near, labels, language) if near else None,
        listing=LISTS.get(kind, f"/things/{kind}" if kind in KINDS else ""),
        kind_known=f"kind.{kind}" in site.wordings,
        questions=[
            (each.titles[language], address(language, f"/queries/{each.name}", [(each.parameter, thing.removeprefix(ID))]))
            for each in questions
        ],
        tasks_href=_narrowed(language, kind, thing),
        property_name=partial(property_name, site, labels, language),
    )


def _quoted(said: About) -> str:
    """The words that a part of a notice is."""
    return next((value for property in (terms.quote, terms.text) for value in said.values(property.value)), "")


def _within(thing: str) -> str:
    """The task, or else the notice, that a thing is a part of."""
    found = re.match(r".*/notice/[^/]+(/task/[^/]+)?(?=/)", thing)
    return found[0] if found else ""


def _narrowed(language: str, kind: str, thing: str) -> str:
    facet = _FACETS.get(kind, "")
    return (
        address(language, "/tasks", [(facet, thing.removeprefix(ID).removeprefix(f"{kind}/") if facet == kind else thing.removeprefix(ID))])
        if facet
        else ""
    )


def found_in(
    thing: str,
    read: Sequence[TaskLine],
    evidence: Iterable[Row],
    governments: Sequence[str] = (),
    routes: Mapping[str, str] = MappingProxyType({}),
) -> tuple[ThingFacts, ...]:
    """The tasks of a thing, each with the words that make it so."""
    rows: dict[str, dict[tuple[str, str], list[Row]]] = {}
    for row in evidence:
        rows.setdefault(str(row["task"]), {}).setdefault((str(row["owner"] or ""), str(row["text"])), []).append(row)
    return tuple(
        ThingFacts(
            line,
            tuple(_passage(owner, text, of) for (owner, text), of in rows.get(line.task, {}).items()),
            tuple(_proofs(thing, line, governments, routes)),
        )
        for line in read
    )


def _passage(owner: str, text: str, rows: Sequence[Row]) -> PassageView:
    """A passage with all its marks; a long one is cut to what stands around them."""
    marks = [_piece(row) for row in rows]
    first, last = min(mark.start for mark in marks), max(mark.end for mark in marks)
    position = next((int(str(row["place"])) for row in rows if row["place"] is not None), None)
    if position is not None:
        left, right = first, last
    else:
        left, right = (0, len(text)) if len(text) <= _WHOLE else (max(0, first - _AROUND), min(len(text), last + _AROUND))
    return PassageView(
        owner=owner,
        heading=str(rows[0]["heading"] or ""),
        before="…" if left else "",
        cuts=tuple(cuts(text[left:right], marks, left)),
        after="…" if right < len(text) else "",
        position=position,
    )


def _piece(row: Row) -> TextPiece:
    values = {terms.refersTo.value: (str(row["via"]),)}
    return TextPiece(str(row["evidence"]), "mention", "", int(str(row["start"])), int(str(row["end"])), str(row["quote"]), values)


def _proofs(thing: str, line: TaskLine, governments: Sequence[str], routes: Mapping[str, str]) -> Iterator[tuple[str, Triple]]:
    """Why the task is one of the thing. A district has up to three reasons, which ``routes`` calls by their names."""
    kind = kind_of(thing)
    if kind == "district":
        if (thing, "named") in line.routes:
            yield routes["named"], (line.task, terms.concernsPlace.value, thing)
        for government in governments:
            if (thing, "own") in line.routes:
                yield routes["own"], (government, terms.responsibleFor.value, line.task)
            if (thing, "joint") in line.routes:
                yield routes["joint"], (government, terms.jointlyResponsibleFor.value, line.task)
    elif kind in {"agency", "collective"}:
        property = terms.responsibleFor if thing in line.units else terms.jointlyResponsibleFor
        yield "", (thing, property.value, line.task)
    else:
        yield "", (line.task, _PROPERTY.get(kind, terms.mentions).value, thing)


def by_notice(found: Iterable[ThingFacts]) -> list[tuple[str, list[ThingFacts]]]:
    """The tasks under their notices."""
    notices: dict[str, list[ThingFacts]] = {}
    for each in found:
        notices.setdefault(each.line.notice, []).append(each)
    return list(notices.items())


def property_name(site: Site, labels: LabelIndex, language: str, property: str, backwards: bool = False) -> str:
    """What a property is called, read from the thing or towards it."""
    local = property.rpartition("#")[2].rpartition("/")[2]
    said = site.wordings.get(f"property.{local}.back" if backwards else f"property.{local}", {})
    return said.get(language) or labels.name(property, language)
