"""What publications changed, turned into the Atom feed (https://www.rfc-editor.org/rfc/rfc4287) and into lines for people.

Notices that came and went are what ``graph.store.changes`` tells, watched answers what ``graph.store.watched`` holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from graph.store.watched import Watched
from queries import catalogue

Told = Mapping[str, Any]

_SAFE = "/%:@!$&'()*+,;=~-._"
_FACTS = 3
_ROWS = 5
"""Rows of a change that the feed and a terminal show; all that were kept are in the JSON."""


def said_of(kept: Watched) -> dict[str, object]:
    """A watched answer as JSON has it: without its rows, which are those of its query."""
    return {
        "id": kept.id,
        "asked": kept.asked,
        "query": kept.query,
        "accepted": {"snapshot": kept.accepted.snapshot, "published": kept.accepted.published, "rows": kept.accepted.count},
        "latest": {"snapshot": kept.latest.snapshot, "published": kept.latest.published, "rows": kept.latest.count},
        "since": {"added": kept.since[0], "removed": kept.since[1]},
        "reason": {"zh": kept.reason[0], "en": kept.reason[1]} if kept.reason else None,
    }


def lines(change: Told, language: str) -> Iterator[str]:
    """What one publication changed in watched answers, as lines of text."""
    yield heading(change)[language]
    for answer in change["answers"]:
        yield f"  {asked_in(answer['asked'], language)}  {answer['id']}"
        if answer["reason"]:
            yield f"    {answer['reason'][language]}"
            continue
        for sign, name in (("+", "added"), ("−", "removed")):
            shown = answer[name][:_ROWS]
            for row in shown:
                yield f"    {sign} {row_in_words(row, language)}"
                yield from (f"        {line}" for line in grounds(answer, row, language))
            if more := answer[f"{name}_count"] - len(shown):
                yield f"    {sign} {('另有 {} 行', '{} more rows')[language == 'en'].format(more)}"


def asked_in(asked: str, language: str) -> str:
    """What was asked, as people read it: a question of the catalogue by its title.

    >>> asked_in("tasks-by-industry industry=steel", "en"), asked_in("哪些任务涉及低空航空？", "en")
    ('Tasks that involve an industry (industry=steel)', '哪些任务涉及低空航空？')
    """
    name, _, values = asked.partition(" ")
    query = catalogue().get(name)
    return asked if query is None else f"{query.titles[language]} ({values})" if values else query.titles[language]


def heading(change: Told) -> dict[str, str]:
    """What a change is called, in Chinese and English."""
    number, count = change["snapshot"], sum(each["reason"] is None for each in change["answers"])
    failed = len(change["answers"]) - count
    zh, en = f"快照 {number}：{count} 个所关注的答案变了", f"Snapshot {number}: {count} watched answers changed"
    if failed:
        zh, en = f"{zh}，{failed} 个未能得出", f"{en}, {failed} could not be had"
    return {"zh": zh, "en": en}


def row_in_words(row: Told, language: str) -> str:
    """The values of a row by their names."""
    return " | ".join("" if value is None else " ".join(value["label"][language].split()) for value in row["values"])


def grounds(answer: Told, row: Told, language: str) -> Iterator[str]:
    """Why a row came or went: the words that only one of the snapshots has, with the facts they state; or why none are told."""
    for ground in grouped(answer, row, language):
        facts = [*ground["facts"][:_FACTS], *(["…"] if len(ground["facts"]) > _FACTS else [])]
        yield f"{ground['sign']} {'；'.join([*ground['places'], *facts])}  [{ground['status']}]"
    if row["more"]:
        yield ("另有 {} 条事实", "{} more facts")[language == "en"].format(row["more"])
    if row["reason"]:
        yield str(row["reason"][language])


def grouped(answer: Told, row: Told, language: str) -> list[dict[str, Any]]:
    """The facts that made a row come or go, those together that the same words state."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for number in row["facts"]:
        fact = answer["facts"][number]
        places = [each["place"][language] for each in fact["quotes"]]
        status = fact["status_in_words"][language]
        same = found.setdefault((fact["sign"], status, *places), {"sign": fact["sign"], "status": status, "facts": [], "fact": fact})
        same["places"] = places
        same["facts"].append(fact_in_words(fact, language))
    return list(found.values())


def fact_in_words(fact: Told, language: str) -> str:
    """A fact by the names of its parts."""
    subject, predicate, object_ = (" ".join(fact["triple"][part]["label"][language].split()) for part in ("subject", "predicate", "object"))
    return f"{subject} — {predicate} → {object_}"


def feed(base: str, notices: Sequence[Told], changes: Sequence[Told]) -> str:
    """The feed, the last first: of each kept snapshot which notices came and went, and of each publication which answers changed."""
    entries = sorted(
        [
            *((each["published"], 0, _of_notices(base, each)) for each in notices),
            *((each["published"], each["number"], _of_answers(base, each)) for each in changes),
        ],
        reverse=True,
    )
    updated = entries[0][0] if entries else "1970-01-01T00:00:00+00:00"
    body = "\n".join(entry for _, _, entry in entries)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh">
<id>{escape(base)}/changes.atom</id>
<title>政策知识图谱：文件的增减与所关注的答案 · Zhengce: notices that came and went, watched answers that changed</title>
<updated>{updated}</updated>
<author><name>{escape(base)}</name></author>
<link rel="self" type="application/atom+xml" href="{_attribute(base)}/changes.atom"/>
<link rel="alternate" type="text/html" href="{_attribute(base)}/changes"/>
{body}
</feed>
"""


def _of_notices(base: str, change: Told) -> str:
    number, before = change["snapshot"], change["before"]
    if before is None:
        title = (
            f"快照 {number}：保留的最早一个，{change['notices']} 份文件 · Snapshot {number}: the oldest kept, {change['notices']} notices"
        )
        return _entry(base, f"snapshot-{number}", title, change["published"], f"<p>{title}</p>")
    added, removed = change["added_count"], change["removed_count"]
    title = f"快照 {number}：增 {added} 份，减 {removed} 份 · Snapshot {number}: {added} added, {removed} removed"
    href = f"{_attribute(base)}/changes/{before}-{number}.rdfp"
    patch = f'<link rel="related" type="application/rdf-patch" href="{href}"/>\n'
    body = _notices(base, "增加 · added", change["added"], added) + _notices(base, "减少 · removed", change["removed"], removed)
    content = body or "<p>没有文件增减；其他变化见补丁。 No notice came or went; other changes are in the patch.</p>"
    return _entry(base, f"snapshot-{number}", title, change["published"], content, links=patch)


def _of_answers(base: str, change: Told) -> str:
    said = heading(change)
    content = "".join(_answer(answer) for answer in change["answers"])
    title = f"{said['zh']} · {said['en']}"
    return _entry(base, f"answers-{change['number']}", title, change["published"], content)


def _answer(answer: Told) -> str:
    """A watched answer that changed, as HTML in both languages."""
    names = dict.fromkeys(asked_in(answer["asked"], language) for language in ("zh", "en"))
    parts = [f"<h3>{_text(' · '.join(names))}</h3>"]
    if answer["reason"]:
        return f"{parts[0]}<p>{_text(answer['reason']['zh'])} {_text(answer['reason']['en'])}</p>"
    for sign, name in (("+", "added"), ("−", "removed")):
        shown = answer[name][:_ROWS]
        items = [f"<li>{sign} {_text(row_in_words(row, 'zh'))}{_list(grounds(answer, row, 'zh'))}</li>" for row in shown]
        if more := answer[f"{name}_count"] - len(shown):
            items.append(f"<li>{sign} 另有 {more} 行 · {more} more rows</li>")
        parts.append(f"<ul>{''.join(items)}</ul>" if items else "")
    return "".join(parts)


def _list(items: Iterable[str]) -> str:
    made = "".join(f"<li>{_text(each)}</li>" for each in items)
    return f"<ul>{made}</ul>" if made else ""


def _entry(base: str, id: str, title: str, published: str, content: str, *, links: str = "") -> str:
    return f"""<entry>
<id>{escape(base)}/changes.atom#{id}</id>
<title>{_text(title)}</title>
<updated>{published}</updated>
{links}<content type="html">{escape(content)}</content>
</entry>"""


def _notices(base: str, name: str, notices: Sequence[Mapping[str, str]], count: int) -> str:
    """The notices as a list in HTML; how many more there are where not all are named."""
    if not count:
        return ""
    start = f"{_attribute(base)}/id/notice/"
    links = ((start + _attribute(quote(each["key"], safe=_SAFE)), _text(each["title"]) or escape(each["key"])) for each in notices)
    items = "".join(f'<li><a href="{address}">{title}</a></li>' for address, title in links)
    more = count - len(notices)
    return f"<p>{name}</p><ul>{items}{f'<li>另有 {more} 份 · {more} more</li>' if more else ''}</ul>"


def _text(text: str) -> str:
    return escape(printable(text))


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def printable(text: str) -> str:
    """A text without the characters that XML cannot hold.

    >>> printable("关于\\x0b通知\\n")
    '关于通知\\n'
    """
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))
