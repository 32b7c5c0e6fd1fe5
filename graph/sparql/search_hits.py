"""The calls of the search in a query, turned into their hits as inline data: passages and tasks by their text, things by their names.

Passages are those of the notices of the service, found by the index of the snapshot or a scan (``graph.store.passage_index``), whatever
graphs the query reads; names are those of the vocabulary and of what notices name, by every spelling (``graph.store.name_index``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from pyoxigraph import Literal, NamedNode
from pyoxigraph import Store as Engine

from graph.errors import NoEvidenceError, SearchError
from graph.sparql.search_service import ELSEWHERE, MOST, Replaced, SearchCall, mentions_search, replaced
from graph.store import passage_index
from graph.store.embedded_store import DatasetOf, Store, translated
from graph.store.name_index import NameIndex, NameMatch, entry
from graph.store.own_graphs import is_own
from graph.store.passage_index import PassageHit, PassageHits
from ontology import terms
from ontology.names import DCTERMS, DEF, GRAPH, ID, SCHEMA, SKOS, TYPE

Term = NamedNode | Literal
Row = Mapping[str, Term]

MOST_EVIDENT = 200
"""The hits of a call whose query is asked for with evidence."""
_MANY_NAMES = 50
_NAMES = 20_000
_STATED = f"(<{terms.statedIn.value}>|(<{terms.hasTarget.value}>/<{terms.statedIn.value}>))"
_VOCABULARY = (SKOS["prefLabel"], SKOS["altLabel"], SKOS["hiddenLabel"])
_CALLED = (*_VOCABULARY, DCTERMS["title"], SCHEMA["legislationIdentifier"])


def with_hits(store: Store, text: str) -> Replaced:
    """The query with the hits of its calls in their place; raises SearchError for a call that cannot be answered as it is written."""
    if not mentions_search(text):
        return Replaced(text)
    return replaced(text, lambda call: _inline(call, _rows(store, call)))


def with_evident_hits(store: Store, text: str) -> str:
    """The same with the facts that make each hit one as patterns beside it, for evidence; raises NoEvidenceError where they are many."""
    stem = "zzh"
    while stem in text:
        stem += "h"
    return replaced(text, lambda call: _evident(call, _rows(store, call), stem)).text


def tasks_of(engine: Engine, passage: str) -> Iterator[str]:
    """The tasks that a passage states, or whose targets it states, in an order of their own."""
    stated = list(_subjects(engine, terms.statedIn, passage))
    tasks = {each for subject in stated for each in (subject, *_subjects(engine, terms.hasTarget, subject))}
    for task in sorted(tasks):
        if any(_subjects(engine, terms.hasTask, task)):
            yield task


def _inline(call: SearchCall, rows: Sequence[Row]) -> str:
    return f"{{ {_values(call.variables, rows)} }}"


def _evident(call: SearchCall, rows: Sequence[Row], stem: str) -> str:
    """A sub-select: what is added for evidence is not seen outside."""
    if len(rows) > MOST_EVIDENT:
        raise NoEvidenceError(
            f"SERVICE zc:search 的结果超过 {MOST_EVIDENT} 条，请写 zc:limit",
            f"SERVICE zc:search with more than {MOST_EVIDENT} hits: set zc:limit",
        )
    of = dict(call.shown)
    extra, patterns = list[str](), ""
    if call.kind == "name":
        extra = [f"{stem}property", f"{stem}name"]
        patterns = f"?{call.hit} ?{extra[0]} ?{extra[1]} . "
    else:
        passage = call.hit if call.kind == "passage" else of.get("passage", f"{stem}passage")
        task = of.get("task") if call.kind == "passage" else call.hit
        extra = [] if passage in call.variables else [passage]
        patterns = f"?{passage} <{terms.text.value}> ?{stem}text . " + (f"?{task} {_STATED} ?{passage} . " if task else "")
    known = [{**row, **{name: row[f"+{name.removeprefix(stem)}"] for name in extra}} for row in rows]
    heads = " ".join(f"?{name}" for name in call.variables)
    return f"{{ SELECT {heads} WHERE {{ {_values((*call.variables, *extra), known)} {patterns}}} }}"


def _values(variables: Sequence[str], rows: Sequence[Row]) -> str:
    lines = " ".join(f"({' '.join(str(row[name]) for name in variables)})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in variables)}) {{ {lines} }}"


def _rows(store: Store, call: SearchCall) -> list[Row]:
    """The hits, by variable; beside these what evidence needs, by names that no variable has (``+passage``)."""
    if store.elsewhere:
        raise SearchError(*ELSEWHERE)
    engine = store.reading(DatasetOf(own=True))[0].engine
    with translated():
        said = _named(store, engine, call) if call.kind == "name" else _worded(store, engine, call)
        made = dict[tuple[Term, ...], Row]()
        for each in said:
            shown = {call.hit: each["hit"], **{variable: each[local] for local, variable in call.shown}}
            hidden = {f"+{name}": each[name] for name in ("passage", "property", "name") if name in each}
            made.setdefault(tuple(shown.values()), {**hidden, **shown})
        return list(made.values())


def _worded(store: Store, engine: Engine, call: SearchCall) -> Iterator[Row]:
    """The hits of a text, the densest first: passages, each of their tasks where tasks are asked for; or tasks."""
    limit, every = call.limit or MOST, call.limit is None or call.kind == "task"
    found = passage_index.find(engine, store.passages, call.text, MOST if every else limit, MOST)
    if found.count > MOST and every:
        raise SearchError(
            f"有 {found.count} 段文字含有“{call.text}”，超过 {MOST}，请写 zc:limit 或更长的文字",
            f"{found.count} passages hold “{call.text}”, more than {MOST}: set zc:limit, or give a longer text",
        )
    if call.kind == "passage":
        with_tasks = any(local == "task" for local, _ in call.shown)
        for hit in found.hits:
            about = _about(engine, call, hit, Literal(found.count))
            for task in tasks_of(engine, hit.passage) if with_tasks else (None,):
                yield {**about, "hit": about["passage"], **({"task": NamedNode(task)} if task else {})}
        return
    yield from _tasks(engine, call, found, limit)


def _tasks(engine: Engine, call: SearchCall, found: PassageHits, limit: int) -> Iterator[Row]:
    """The tasks whose passages were found, each with its score: that of its densest passage, unless something of a passage is shown."""
    by_task: dict[str, list[PassageHit]] = {}
    for hit in found.hits:
        for task in tasks_of(engine, hit.passage):
            by_task.setdefault(task, []).append(hit)
    each_passage = any(local not in {"score", "count"} for local, _ in call.shown)
    for task, hits in list(by_task.items())[:limit]:
        for hit in hits if each_passage else hits[:1]:
            yield {**_about(engine, call, hit, Literal(len(by_task))), "hit": NamedNode(task)}


def _about(engine: Engine, call: SearchCall, hit: PassageHit, count: Literal) -> Row:
    """What a hit has, of which only what is shown is looked up."""
    passage = NamedNode(hit.passage)
    (start, end), *_ = hit.places
    said: dict[str, Term] = {
        "passage": passage,
        "score": Literal(round(len(hit.places) / (len(hit.text) + 40), 6)),
        "start": Literal(start),
        "end": Literal(end),
        "offsets": Literal(" ".join(f"{first}-{last}" for first, last in hit.places)),
        "count": count,
    }
    shown = {local for local, _ in call.shown}
    if "highlight" in shown:
        said["highlight"] = Literal(_marked(hit))
    if "text" in shown:
        said["text"] = next(_literals(engine, passage, terms.text), Literal(hit.text))
    return said


def _marked(hit: PassageHit) -> str:
    """The text with each place between marks; of places that overlap the first."""
    text, end = "", 0
    for start, after in hit.places:
        if start >= end:
            text += f"{hit.text[end:start]}«{hit.text[start:after]}»"
            end = after
    return text + hit.text[end:]


def _named(store: Store, engine: Engine, call: SearchCall) -> Iterator[Row]:
    """The things that a text names: by a name or a part of one, by all its words, else by names that are written nearly so."""
    index = _index(engine, str(store.passages))
    matches = index.find(call.text, MOST)
    words = call.text.split()
    if not matches and len(words) > 1:
        matches = index.with_words(words, MOST)
    near = not matches
    if near:
        matches = index.near(call.text, _MANY_NAMES)
    things = [match for match in matches if match.thing.startswith(ID) and _is_a(engine, match.thing, call.of_class)]
    for match in things[: call.limit or _MANY_NAMES]:
        found = _called(engine, match)
        if found:
            score = Literal(round(1 / (1 + match.rank[0] + match.rank[1] / 10), 6))
            property_, name = found
            yield {
                "hit": NamedNode(match.thing),
                "property": property_,
                "name": name,
                "label": name,
                "score": score,
                "near": Literal(near),
                "count": Literal(len(things)),
            }


@lru_cache(maxsize=1)
def _index(engine: Engine, _snapshot: str) -> NameIndex:
    """The names of a store, read once by a process that answers: what it holds does not change."""
    return NameIndex(tuple(entry(*each) for each in dict.fromkeys(islice(_names(engine), _NAMES))))


def _names(engine: Engine) -> Iterator[tuple[str, str, str]]:
    """The names of the vocabulary, of what notices name and it has not, and of the notices themselves."""
    for property_ in _VOCABULARY:
        for quad in engine.quads_for_pattern(None, property_, None, GRAPH["vocabulary"]):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                yield quad.subject.value, property_.value, quad.object.value
    for properties, predicate, object_ in (
        (_CALLED[:1], DEF["curated"], Literal(False)),
        (_CALLED[3:], TYPE, terms.Notice),
    ):
        for quad in engine.quads_for_pattern(None, predicate, object_, None):
            if is_own(quad.graph_name) and isinstance(quad.subject, NamedNode):
                for property_ in properties:
                    for literal in _literals(engine, quad.subject, property_):
                        yield quad.subject.value, property_.value, literal.value


def _called(engine: Engine, match: NameMatch) -> tuple[NamedNode, Literal] | None:
    """The property and the literal that give a thing its name."""
    for property_ in _CALLED:
        for literal in _literals(engine, NamedNode(match.thing), property_):
            if literal.value == match.name:
                return property_, literal
    return None


def _is_a(engine: Engine, thing: str, class_: str) -> bool:
    return not class_ or next(engine.quads_for_pattern(NamedNode(thing), TYPE, NamedNode(class_), None), None) is not None


def _subjects(engine: Engine, predicate: NamedNode, object: str) -> Iterator[str]:
    for quad in engine.quads_for_pattern(None, predicate, NamedNode(object), None):
        if is_own(quad.graph_name) and isinstance(quad.subject, NamedNode):
            yield quad.subject.value


def _literals(engine: Engine, subject: NamedNode, predicate: NamedNode) -> Iterator[Literal]:
    for quad in engine.quads_for_pattern(subject, predicate, None, None):
        if is_own(quad.graph_name) and isinstance(quad.object, Literal):
            yield quad.object
