"""A reading -> the JSON object that ``zhengce extract`` prints. Offsets are code points of the text or target they are ``in``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pyoxigraph import NamedNode

from ingest.coverage import by_task
from ingest.model.document import Text
from ingest.model.records import Deadline, Horizon, Notice, Quantity
from ingest.recognise import Bearer, Mention, Reading, TaskReading
from ingest.vocabulary import Thing, Vocabulary
from ontology import terms
from ontology.names import DEF

Json = dict[str, object]


def extract(reading: Reading, known: Vocabulary) -> Json:
    """The records of one document as a JSON object."""
    names = {found.node: found.name for found in reading.uncurated}
    return {
        "document": _document(reading.notice),
        "tasks": [_task(task, known, names) for task in reading.tasks],
        "warnings": [
            {
                "code": w.code,
                "message": w.message,
                "task": w.task,
                "line": w.line,
                "page": w.page,
                "spans": [list(span) for span in w.spans],
            }
            for w in reading.notice.warnings
        ],
        "coverage": {**reading.notice.coverage, "tasks": by_task(reading.notice)},
    }


def _document(notice: Notice) -> Json:
    return {
        "title": _value(notice.title),
        "notice_title": _value(notice.notice_title),
        "number": _value(notice.number),
        "issuers": _values(notice.issuers),
        "date": notice.date.isoformat() if notice.date else None,
        "publish_date": notice.publish_date.isoformat() if notice.publish_date else None,
        "horizon": _horizon(notice.horizon),
        "plan_period": _horizon(notice.plan_period),
        "implements": _values(notice.implements),
        "addressees": _values(notice.addressees),
        "references": [
            {"title": cited.title.value, "number": _value(cited.number), "relation": cited.relation} for cited in notice.citations
        ],
        "publicity": _value(notice.publicity),
        "index_number": _value(notice.index_number),
        "subject": _value(notice.subject),
        "source": notice.source,
        "role_rule": _value(notice.role_rule),
        "default_units": [
            {"surface": unit.surface.value, "role": unit.role, "order": unit.order, "collective": unit.collective}
            for unit in notice.default_units
        ],
    }


def _task(read: TaskReading, known: Vocabulary, names: dict[NamedNode, str]) -> Json:
    task = read.task
    things = [known.things[mention.thing] for mention in read.mentions if mention.thing in known.things]
    return {
        "no": task.no,
        "group": _value(task.group),
        "group_path": _values(task.group_path),
        "text": task.text.value,
        "targets": _values(task.targets),
        "units": [_unit(bearer, known, names) for bearer in read.bearers],
        "deadline": _deadline(task.deadline),
        "deadlines": [{**(_deadline(limit) or {}), "in": limit.part, "rule": limit.rule} for limit in task.deadlines],
        "quantities": [_quantity(quantity) for quantity in task.quantities],
        "districts": list(dict.fromkeys(place.name for place in task.places)),
        "industries": [{"id": node.value.rpartition("/")[2], "label": known.things[node].zh} for node in industries(things, known)],
        "platforms": list(_platforms(things)),
        "milestones": [{"action": m.label, "object": m.object, "evidence": m.text.value, "in": m.part} for m in read.milestones],
        "themes": [node.value.rpartition("/")[2] for node in themes(things, known)],
        "grades": [read.grade(f"targets[{i}]") for i in range(len(task.targets))],
        "mentions": [_mention(mention, known, names) for mention in read.mentions],
        "references": [reference.title.value for reference in task.references],
        "schedule": [{"period": period, "text": text.value} for period, text in task.schedule],
    }


def industries(things: Iterable[Thing], known: Vocabulary) -> list[NamedNode]:
    """The industries that things are or belong to, the most specific ones, in order."""
    found = [node for thing in things for node in ((thing.node,) if thing.class_ == terms.Industry else thing.industries)]
    wider = {above for node in found for above in known.closure([node]) if above != node}
    return [node for node in dict.fromkeys(found) if node not in wider]


def themes(things: Iterable[Thing], known: Vocabulary) -> list[NamedNode]:
    """The themes that things are or belong to, with the broader ones, sorted."""
    found = {node for thing in things for node in ((thing.node,) if thing.class_ == terms.Theme else thing.themes)}
    return sorted(known.closure(found), key=str)


def _platforms(things: Iterable[Thing]) -> Iterator[Json]:
    for thing in dict.fromkeys(things):
        if thing.class_ == terms.Platform:
            kind, status = (node.value.rpartition("/")[2] if node else None for node in (thing.platform_kind, thing.platform_status))
            yield {"name": thing.zh, "kind": kind, "status": status}


def _unit(bearer: Bearer, known: Vocabulary, names: dict[NamedNode, str]) -> Json:
    unit = bearer.unit
    said: Json = {
        "surface": unit.surface.value,
        "name": known.things[bearer.node].zh if bearer.node in known.things else names[bearer.node],
        "role": unit.role,
        "order": unit.order,
        "collective": unit.collective,
    }
    optional = {"canonical": unit.canonical, "alias": unit.alias, "role_word": _value(unit.role_word)}
    return said | {key: value for key, value in optional.items() if value}


def _mention(mention: Mention, known: Vocabulary, names: dict[NamedNode, str]) -> Json:
    thing = known.things.get(mention.thing)
    return {
        "surface": mention.text.value,
        "type": DEF.local(thing.class_) if thing else "Region",
        "id": thing.slug if thing else mention.thing.value.rpartition("/")[2],
        "label": thing.zh if thing else names[mention.thing],
        "in": mention.part,
        "start": mention.start,
        "end": mention.end,
    }


def _quantity(quantity: Quantity) -> Json:
    return {
        "surface": quantity.surface.value,
        "min": _number(quantity.minimum),
        "max": _number(quantity.maximum),
        "comparator": quantity.comparator,
        "unit": quantity.measure,
        "object": quantity.counted,
        "in": quantity.part,
        "start": quantity.start,
        "end": quantity.end,
        "tags": list(quantity.tags),
    }


def _deadline(deadline: Deadline | None) -> Json | None:
    if deadline is None:
        return None
    return {
        "text": deadline.text.value,
        "type": deadline.type,
        "date": deadline.date.isoformat() if deadline.date else None,
        "start": deadline.start.isoformat() if deadline.start else None,
        "end": deadline.end.isoformat() if deadline.end else None,
    }


def _horizon(horizon: Horizon | None) -> Json | None:
    if horizon is None:
        return None
    return {"start": horizon.start.isoformat(), "end": horizon.end.isoformat(), "label": horizon.label}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _value(text: Text | None) -> str | None:
    return text.value if text is not None else None


def _values(texts: Iterable[Text]) -> list[str]:
    return [text.value for text in texts]
