"""Names as others write them -> the things of the graph that they may mean, each with a score; values of things for a table of others.

The Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/): this module knows its
queries and answers, ``api/routes/reconcile.py`` its addresses. Everything is read from the graphs of the service, once for a snapshot.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat
from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from api.answers import tables
from ontology.names import DEF, ID, SKOS
from queries.ask.folding import folded

Answer = Callable[[str, QueryResultsFormat | RdfFormat], Awaitable[bytes]]
Language = Literal["zh", "en"]

MOST_QUERIES = 200
"""So many queries in a batch,"""
MOST_CANDIDATES = 50
"""candidates of each,"""
MOST_IDS = 500
"""things to extend,"""
MOST_PROPERTIES = 30
"""and properties of each are answered at once."""
LONGEST = 300
"""A name is no longer."""
MOST_CHARACTERS = 6000
"""The names of a batch together, whose comparison with all that are known is the work of a batch."""
MOST_CONDITIONS = 400
"""The properties of a batch together."""
_MOST_ALIKE = 60
_SLICE = 1024
"""So many names are compared in one go, which no other thread can break into."""
_CERTAIN = 90.0
"""A candidate matches for certain where it is called exactly so, and no other one scores as high."""
_NEAR = 70.0
"""Names that are less alike (of 100) are not offered."""
_OTHER_TYPE = 0.8
"""What the score of a thing of another type than asked for is multiplied by,"""
_BESIDE_BRACKET, _IN_BRACKET = 0.95, 0.7
"""that of a thing called as the name without its bracket, and as the bracket alone."""
_BRACKETED = re.compile(r"(?P<name>[^()（）]{2,})[(（](?P<inside>[^()（）]{2,})[)）]")
_SCORES = {"preferred": 100.0, "other": 96.0, "pinyin": 85.0, "initials": 60.0}
_NOT_COMPARED = re.compile(r"[\s\-‐–—_·・,，、.。()（）《》〈〉“”\"'‘’\[\]〔〕]+")
_KEY = re.compile(r"[^\s<>\"{}|\\^`]{1,400}")
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_NAMES = f"""
PREFIX skos: <{SKOS}>
PREFIX zc: <{DEF}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
SELECT DISTINCT ?thing ?property ?name (LANG(?name) AS ?language) WHERE {{
  VALUES ?property {{ skos:prefLabel skos:altLabel skos:hiddenLabel skos:notation zc:unitName dcterms:title schema:legislationIdentifier }}
  ?thing ?property ?name .
  FILTER(STRSTARTS(STR(?thing), "{ID}"))
}} ORDER BY ?thing ?property ?name LIMIT 200000
"""
_TYPES = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing ?type WHERE {{
  ?thing a/rdfs:subClassOf* ?type .
  FILTER(STRSTARTS(STR(?type), "{DEF}") && STRSTARTS(STR(?thing), "{ID}") && !REGEX(STR(?thing), "/notice/.+/"))
}}
"""
_TERMS = f"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <{SKOS}>
SELECT DISTINCT ?term ?kind ?label (LANG(?label) AS ?language) WHERE {{
  VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty }}
  ?term a ?kind ; skos:prefLabel|rdfs:label ?label .
  FILTER(STRSTARTS(STR(?term), "{DEF}"))
}} ORDER BY ?term ?label
"""
_VALUES = """
SELECT ?thing ?property ?value WHERE {{
  VALUES ?thing {{ {things} }}
  VALUES ?property {{ {properties} }}
  ?thing ?property ?value
}} ORDER BY ?thing ?property ?value LIMIT 20000
"""
_USED = """
SELECT ?property (COUNT(*) AS ?n) WHERE {{
  ?thing a {type} ; ?property ?value
  FILTER(STRSTARTS(STR(?property), "{space}"))
}} GROUP BY ?property ORDER BY DESC(?n) ?property LIMIT {limit}
"""
_HAVING = """
SELECT DISTINCT ?thing WHERE {{
  ?thing {property} {value}
  FILTER(STRSTARTS(STR(?thing), "{space}"))
}} LIMIT 2000
"""


class ReconciliationError(ValueError):
    """A query that is not one of the protocol; ``zh`` and ``en`` say what was expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class _Index:
    """What one snapshot knows by name."""

    names: Mapping[str, Mapping[str, str]]
    """The first names of things by language."""
    forms: Mapping[str, Mapping[str, float]]
    """For each form, the things so called with their scores."""
    types: Mapping[str, frozenset[str]]
    """The classes of things by local name."""
    terms: Mapping[str, Mapping[str, str]]
    """The names of classes and properties by local name and language,"""
    classes: frozenset[str]
    """and which of them are classes of things that have names."""


class Reconciliation:
    """The reconciliation of a service. ``snapshot`` names the snapshot that answers are of."""

    def __init__(self, answer: Answer, snapshot: Callable[[], str]) -> None:
        self._answer = answer
        self._snapshot = snapshot
        self._known: tuple[str, _Index] | None = None
        self._reading = asyncio.Lock()

    async def batch(self, queries: Mapping[str, Any], language: Language = "zh") -> dict[str, Any]:
        """The candidates for each query of a batch; raises ReconciliationError for what is none."""
        if len(queries) > MOST_QUERIES:
            raise ReconciliationError(f"一批最多 {MOST_QUERIES} 个查询。", f"A batch has {MOST_QUERIES} queries at most.")
        read = {key: _query(key, value) for key, value in queries.items()}
        if sum(len(query.text) for query in read.values()) > MOST_CHARACTERS:
            zh = f"一批的名称合计最多 {MOST_CHARACTERS:,} 字。"
            raise ReconciliationError(zh, f"The names of a batch have {MOST_CHARACTERS:,} characters together at most.")
        if sum(len(query.properties) for query in read.values()) > MOST_CONDITIONS:
            zh = f"一批合计最多 {MOST_CONDITIONS} 个属性。"
            raise ReconciliationError(zh, f"A batch has {MOST_CONDITIONS} properties together at most.")
        index = await self._index()
        return {key: {"result": await self._candidates(index, query, language)} for key, query in read.items()}

    async def suggest(
        self, what: Literal["entity", "type", "property"], prefix: str, language: Language, limit: int = 20
    ) -> dict[str, Any]:
        """What begins so, best first."""
        index = await self._index()
        typed = _form(prefix[:LONGEST])
        limit = max(1, min(limit, MOST_CANDIDATES))
        if what == "entity":
            found = await asyncio.to_thread(_beginning, index, typed) if typed else []
            return {"result": [{**_named(index, thing, language), "notable": _typed(index, thing, language)} for thing in found[:limit]]}
        terms = sorted(term for term in index.terms if (term in index.classes) == (what == "type"))
        fitting = [term for term in terms if any(typed in _form(name) for name in (term, *index.terms[term].values()))]
        return {"result": [{"id": term, "name": _term_name(index, term, language)} for term in fitting[:limit]]}

    async def extend(self, asked: Mapping[str, Any], language: Language) -> dict[str, Any]:
        """The values of properties of things, as rows; raises ReconciliationError for what is no such query."""
        ids, properties = asked.get("ids"), asked.get("properties")
        if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(each, dict) for each in properties):
            raise ReconciliationError("extend 应有 ids 和 properties 两个列表。", "An extend query has the lists ids and properties.")
        wanted = [str(each.get("id")) for each in properties]
        if len(ids) > MOST_IDS or len(wanted) > MOST_PROPERTIES:
            zh = f"一次最多 {MOST_IDS} 个事物、{MOST_PROPERTIES} 个属性。"
            raise ReconciliationError(zh, f"One query has {MOST_IDS} things and {MOST_PROPERTIES} properties at most.")
        index = await self._index()
        known = [each for each in wanted if _TERM.fullmatch(each)]
        values = await self._values([each for each in map(str, ids) if _KEY.fullmatch(each)], known)
        rows = {
            str(id): {property: [_cell(index, value, language) for value in values.get((str(id), property), ())] for property in wanted}
            for id in ids
        }
        return {"meta": [{"id": each, "name": _term_name(index, each, language)} for each in wanted], "rows": rows}

    async def propose(self, type: str, language: Language, limit: int = MOST_PROPERTIES) -> dict[str, Any]:
        """The properties that things of a type have, those that most have first."""
        index = await self._index()
        limit = max(1, min(limit, MOST_PROPERTIES))
        found = [] if not _TERM.fullmatch(type) else await self._rows(_USED.format(type=DEF[type], space=DEF, limit=limit))
        terms = [str(row["property"]).removeprefix(DEF) for row in found]
        proposed = [{"id": term, "name": _term_name(index, term, language)} for term in terms]
        return {"type": type, "limit": limit, "properties": proposed}

    async def types(self, language: Language) -> list[dict[str, str]]:
        """The classes of the things that have names."""
        index = await self._index()
        return [{"id": term, "name": _term_name(index, term, language)} for term in sorted(index.classes)]

    async def about(self, id: str, language: Language) -> dict[str, Any] | None:
        """A thing with its types and its other names, for a preview; None where it has no name."""
        index = await self._index()
        thing = f"{ID}{id}"
        if thing not in index.names:
            return None
        other = sorted(set(index.names[thing].values()) - {_name(index, thing, language)})
        return {**_named(index, thing, language), "types": _typed(index, thing, language), "names": other}

    async def _candidates(self, index: _Index, query: _Query, language: Language) -> list[dict[str, Any]]:
        if query.text:
            scores = await asyncio.to_thread(_scored, index, query.text)
        else:
            scores = dict.fromkeys(await self._having(index, query), 50.0)
        if query.types:
            scores = _of_types(index, scores, query)
        ordered = sorted(scores, key=lambda thing: (-scores[thing], len(thing), thing))
        agreed = await self._agreements(index, query, ordered[: 4 * MOST_CANDIDATES])
        total = len(query.properties)
        if total and query.text:
            scores = {thing: 0.7 * scores[thing] + 30 * agreed.get(thing, 0) / total for thing in ordered}
        elif total:
            scores = {thing: 100 * agreed.get(thing, 0) / total for thing in ordered}
        ordered = sorted(scores, key=lambda thing: (-scores[thing], len(thing), thing))
        alone = len(ordered) == 1 or (len(ordered) > 1 and scores[ordered[0]] > scores[ordered[1]])
        return [
            {
                **_named(index, thing, language),
                "type": _typed(index, thing, language),
                "score": round(scores[thing], 2),
                "match": bool(place == 0 and alone and scores[thing] >= _CERTAIN),
            }
            for place, thing in enumerate(ordered[: query.limit])
        ]

    async def _agreements(self, index: _Index, query: _Query, things: Sequence[str]) -> Mapping[str, int]:
        """How many of the properties of a query things have with one of the values asked for."""
        if not query.properties or not things:
            return {}
        known = [property for property, _ in query.properties if _TERM.fullmatch(property)]
        values = await self._values([thing.removeprefix(ID) for thing in things], known)
        agreed: dict[str, int] = {}
        for thing in things:
            for property, wanted in query.properties:
                had = {form for value in values.get((thing.removeprefix(ID), property), ()) for form in _value_forms(index, value)}
                agreed[thing] = agreed.get(thing, 0) + bool(had & wanted)
        return agreed

    async def _having(self, index: _Index, query: _Query) -> list[str]:
        """The things that have one of the values of the first property."""
        property, wanted = query.properties[0]
        if not _TERM.fullmatch(property):
            return []
        named = {f"{ID}{form}" for form in wanted if _KEY.fullmatch(form)} | {
            thing for form in wanted for thing in index.forms.get(form, ())
        }
        found: dict[str, None] = {}
        for value in sorted(named & index.names.keys()):
            text = _HAVING.format(property=DEF[property], value=NamedNode(value), space=ID)
            found.update(dict.fromkeys(str(row["thing"]) for row in await self._rows(text)))
        return [thing for thing in found if thing in index.names]

    async def _values(self, keys: Sequence[str], properties: Sequence[str]) -> Mapping[tuple[str, str], list[tables.Plain]]:
        things = " ".join(str(NamedNode(f"{ID}{key}")) for key in keys)
        values: defaultdict[tuple[str, str], list[tables.Plain]] = defaultdict(list)
        if things and properties:
            text = _VALUES.format(things=things, properties=" ".join(str(DEF[property]) for property in properties))
            for row in await self._rows(text):
                values[str(row["thing"]).removeprefix(ID), str(row["property"]).removeprefix(DEF)].append(row["value"])
        return values

    async def _rows(self, text: str) -> list[dict[str, tables.Plain]]:
        table = tables.from_results(await self._answer(text, QueryResultsFormat.JSON))
        return [dict(zip(table.columns, map(tables.plain, row), strict=True)) for row in table.rows]

    async def _index(self) -> _Index:
        async with self._reading:
            snapshot = self._snapshot()
            if self._known is None or self._known[0] != snapshot:
                names, types, terms = await asyncio.gather(*(self._rows(text) for text in (_NAMES, _TYPES, _TERMS)))
                self._known = (snapshot, await asyncio.to_thread(_indexed, names, types, terms))
            return self._known[1]


@dataclass(frozen=True, slots=True)
class _Query:
    """One query of a batch; the values of properties in the form in which they are compared."""

    text: str
    types: frozenset[str]
    strict: bool
    """Whether nothing of another type is offered."""
    limit: int
    properties: tuple[tuple[str, frozenset[str]], ...]


def _query(key: str, value: Any) -> _Query:
    if not isinstance(value, Mapping):
        raise ReconciliationError(f"查询 {key[:50]} 应是一个对象。", f"Query {key[:50]} is not an object.")
    text, types, limit = value.get("query", ""), value.get("type", []), value.get("limit", 5)
    properties = value.get("properties", [])
    types = [types] if isinstance(types, str) else types if types is not None else []
    whole = isinstance(text, str) and isinstance(limit, int | float) and isinstance(properties, list)
    if not isinstance(types, list) or not all(isinstance(each, str) for each in types):
        raise ReconciliationError(f"查询 {key[:50]}：type 是一个类或一个列表。", f"Query {key[:50]}: type is a class or a list of them.")
    if not whole or not all(isinstance(each, Mapping) and "pid" in each and "v" in each for each in properties):
        zh = f"查询 {key[:50]}：query 应是文字，limit 是数，properties 是带 pid 和 v 的列表。"
        raise ReconciliationError(zh, f"Query {key[:50]}: query is a text, limit a number, properties a list with pid and v each.")
    if len(properties) > MOST_PROPERTIES:
        raise ReconciliationError(f"一个查询最多 {MOST_PROPERTIES} 个属性。", f"A query has {MOST_PROPERTIES} properties at most.")
    if not text.strip() and not properties:
        raise ReconciliationError(f"查询 {key[:50]} 应有 query 或 properties。", f"Query {key[:50]} has neither query nor properties.")
    asked = frozenset(each.removeprefix(DEF) for each in types if each)
    given = tuple((str(each["pid"]).removeprefix(DEF), frozenset(_wanted(each["v"]))) for each in properties)
    return _Query(
        text.strip()[:LONGEST], asked, value.get("type_strict") in {"any", "all"}, max(1, min(int(limit), MOST_CANDIDATES)), given
    )


def _wanted(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            yield str(each.get("id", ""))
            yield _form(str(each.get("name", ""))) or str(each.get("id", ""))
        elif isinstance(each, bool):
            yield str(each).lower()
        else:
            yield _form(str(each)) or str(each)


def _value_forms(index: _Index, value: tables.Plain) -> Iterator[str]:
    """The forms under which a value of the graph agrees with one that is asked for."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    yield text.removeprefix(ID)
    yield _form(text)
    yield from (_form(name) for name in index.names.get(text, {}).values())


def _form(name: str) -> str:
    """A name as it is compared: simplified, half-width, without case, blanks and marks.

    >>> _form("低空 航空（eVTOL）"), _form("Low-altitude Aviation"), _form("質檢中心")
    ('低空航空evtol', 'lowaltitudeaviation', '质检中心')
    """
    return _NOT_COMPARED.sub("", folded(name))


def _indexed(
    names: Iterable[Mapping[str, tables.Plain]], types: Iterable[Mapping[str, tables.Plain]], terms: Iterable[Mapping[str, tables.Plain]]
) -> _Index:
    first: defaultdict[str, dict[str, str]] = defaultdict(dict)
    forms: defaultdict[str, dict[str, float]] = defaultdict(dict)
    of_thing: defaultdict[str, set[str]] = defaultdict(set)
    of_term: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in types:
        of_thing[str(row["thing"])].add(str(row["type"]).removeprefix(DEF))
    for row in names:
        thing, name, preferred = str(row["thing"]), str(row["name"]), row["property"] == SKOS["prefLabel"].value
        if thing not in of_thing:
            continue
        if preferred or thing not in first:
            first[thing][str(row["language"] or "zh")] = name
        for form, score in _forms(name, preferred=preferred):
            forms[form][thing] = max(score, forms[form].get(thing, 0.0))
    for row in terms:
        of_term[str(row["term"]).removeprefix(DEF)].setdefault(str(row["language"] or "en"), str(row["label"]))
    classes = frozenset(type for thing in first for type in of_thing[thing] if type in of_term)
    return _Index(first, forms, {thing: frozenset(of) for thing, of in of_thing.items()}, of_term, classes)


def _forms(name: str, *, preferred: bool) -> Iterator[tuple[str, float]]:
    whole = _form(name)
    if not whole:
        return
    yield whole, _SCORES["preferred" if preferred else "other"]
    syllables = lazy_pinyin(name)
    if syllables != [name]:
        yield _form("".join(syllables)), _SCORES["pinyin"]
        initials = _form("".join(syllable[:1] for syllable in syllables))
        if len(initials) > 1:
            yield initials, _SCORES["initials"]


def _of_types(index: _Index, scores: Mapping[str, float], query: _Query) -> dict[str, float]:
    """The things of the types asked for; where none of them is called so, those of other types, which never match for certain.

    Others draw the line between kinds elsewhere: what is a technology to one is an industry to another. ``type_strict`` forbids that.
    """
    fitting = {thing: score for thing, score in scores.items() if query.types & index.types.get(thing, frozenset())}
    if query.strict or max(fitting.values(), default=0.0) >= _NEAR:
        return fitting
    return {thing: score if thing in fitting else _OTHER_TYPE * score for thing, score in scores.items()}


def _scored(index: _Index, text: str) -> dict[str, float]:
    """The things that a name may mean: the name as it is, what stands before a bracket in it, what stands in the bracket."""
    scores = _alike(index, text)
    if bracketed := _BRACKETED.fullmatch(text):
        for part, share in ((bracketed["name"], _BESIDE_BRACKET), (bracketed["inside"], _IN_BRACKET)):
            for thing, score in _alike(index, part).items():
                scores[thing] = max(scores.get(thing, 0.0), share * score)
    return scores


def _alike(index: _Index, text: str) -> dict[str, float]:
    """The things called so, with scores up to 100, and those whose names are alike."""
    typed = _form(text)
    scores = dict(index.forms.get(typed, {}))
    if len(typed) < 2:
        return scores
    near = _nearest(index, typed, fuzz.ratio, _NEAR)
    inside = _nearest(index, typed, fuzz.partial_ratio, 95.0) if len(typed) > 2 and not scores else []
    for form, alike, _ in near:
        for thing, score in index.forms[form].items():
            scores[thing] = max(scores.get(thing, 0.0), 0.88 * alike * score / 100)
    for form, _, _ in inside:
        share = min(len(typed), len(form)) / max(len(typed), len(form))
        for thing, score in index.forms[form].items():
            scores[thing] = max(scores.get(thing, 0.0), (40 + 40 * share) * score / 100)
    return scores


def _nearest(index: _Index, typed: str, scorer: Any, least: float) -> list[tuple[str, float, int]]:
    """The forms that are most like what is typed, with how much, best first."""
    found: list[tuple[str, float, int]] = []
    every = iter(index.forms)
    while forms := tuple(islice(every, _SLICE)):
        found += process.extract(typed, forms, scorer=scorer, score_cutoff=least, limit=_MOST_ALIKE)
    return sorted(found, key=lambda each: -each[1])[:_MOST_ALIKE]


def _beginning(index: _Index, typed: str) -> list[str]:
    """The things one of whose names begins with what is typed, short names first, then those that hold it."""
    best: dict[str, tuple[int, int]] = {}
    for form, things in index.forms.items():
        place = form.find(typed)
        if place >= 0 and (place == 0 or len(typed) > 1):
            for thing in things:
                best[thing] = min(best.get(thing, (2, 0)), (int(place > 0), len(form)))
    return sorted(best, key=lambda thing: (best[thing], thing))


def _named(index: _Index, thing: str, language: Language) -> dict[str, str]:
    other = index.names[thing].get("en" if language == "zh" else "zh", "")
    return {"id": thing.removeprefix(ID), "name": _name(index, thing, language), **({"description": other} if other else {})}


def _name(index: _Index, thing: str, language: Language) -> str:
    known = index.names[thing]
    return known.get(language) or next(iter(known.values()))


def _typed(index: _Index, thing: str, language: Language) -> list[dict[str, str]]:
    types = sorted(index.types.get(thing, frozenset()) & index.classes)
    return [{"id": type, "name": _term_name(index, type, language)} for type in types]


def _term_name(index: _Index, term: str, language: Language) -> str:
    known = index.terms.get(term, {})
    return known.get(language) or next(iter(known.values()), term)


def _cell(index: _Index, value: tables.Plain, language: Language) -> dict[str, Any]:
    """A value as a cell of the protocol; a date has its time, which the protocol demands."""
    if isinstance(value, str) and value in index.names:
        return {"id": value.removeprefix(ID), "name": _name(index, value, language)}
    if isinstance(value, bool):
        return {"str": str(value).lower()}
    if isinstance(value, int):
        return {"int": value}
    if isinstance(value, float):
        return {"float": value}
    text = str(value)
    return {"date": f"{text}T00:00:00Z"} if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else {"str": text}
