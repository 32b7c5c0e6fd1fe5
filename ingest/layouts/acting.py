"""Paragraphs that begin with the body that acts -> that body as their duty: 县公安局负责…, 县教育局：组织…, （一）县水利局 over items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.fields.bodies import is_collective
from ingest.fields.folding import bare, fold, stopped
from ingest.fields.roles import NO_OFFICE, all_bodies, deed, role_of
from ingest.layouts.brackets import Cut, cut
from ingest.layouts.headings import mark
from ingest.model.document import Paragraph, Text
from ingest.model.drafts import Duty

_NEAR = 2  # paragraphs that may stand between two bodies that act
_NAMES = r"[^,。;:()\-]{2,60}?(?:\([^()]{1,12}\))?"
# A body, what it does, and of what: 县公安局负责道路交通; 市财政局牵头做好; 县文广局要加强宣传; 水利、教育等部门，要各负其责.
_ACTED = re.compile(
    rf"\s*(?:[一二三四五六七八九十]是)?由?(?P<names>{_NAMES})(?:在各?自?职[责能]范围内|根据各?自?职[责能](?:分工)?|按照各?自?职[责能](?:分工)?|依法|具体|主要|积极|全面|在[^,。;:]{{2,14}}(?:时|期间|[前后]),)*(?:,(?=要|须|应当))?"
    r"(?P<word>牵头负责|负责|牵头|归口|配合|协助|承担|指导|要(?!求)|应当|应(?![邀急用届对])|须|组织|做好|加强|统筹|协调|督促|督导|落实|依法)"
    + NO_OFFICE
    + r"(?!人|制(?![定订]))(?P<what>[^,。;]{4,}|(?<=牵头),|(?<=负责),)"
)
# Who acts with it, in the clause after: 县城管局负责，县市场监管局配合，取缔占道经营。
_BESIDE = re.compile(
    r",(?P<names>[^,。;:()\-]{2,240}?(?:\([^()]{1,12}\))?)(?:共同)?(?P<word>配合|协助|协办|参与|参加|指导|组成)(?=[,。;]|$)"
)
# A body set apart from what it has to do: 县教育局：组织家访。 县水利局、县住建局。负责警示标志。
_SET_APART = re.compile(
    r"\s*(?P<names>[^,。;:\-]{2,80})(?:[:。]|\s(?=负责|牵头|配合))\s*(?P<what>(?P<word>牵头|配合|协助)?.{6,})", re.DOTALL
)
# What a report tells of: 县教育局组织开展了演练, 县公安局协助召开会议.
_TOLD = re.compile("[^不为]了(?![解不])|召开|举行|近日|日前|昨[日天]|会上")
# What follows the addressees of a letter, or the name of an office in a list of contacts.
_ADDRESSED = re.compile(r"(?:现将|兹|根据|为(?!主)|经|按照|遵照|近[日年]|你[们局]|\d{4}年|.{0,12}(?:电话|联系|邮箱|地址|局长|主任|科长))")
# Whose work the items below a heading are: 县茶业局牵头工作(8项).
_WHOSE = re.compile(
    r"(?P<names>[^,。;:()]{3,40}?)(?P<word>牵头|主办|承办|负责)(?:的)?(?:重点)?(?:工作|任务|事项|项目)(?:\((?:共)?\d+[项件个]\))?"
)


def acted(text: Text) -> Cut | None:
    """A sentence that begins with the body that acts, and that body with its deed as a duty; the sentence stays whole.

    >>> [str(duty.text) for duty in acted(Text.at_offset("县公安局负责道路交通检查。县水利局要检查水库大坝。", 0)).duties]
    ['县公安局负责', '县水利局']
    >>> acted(Text.at_offset("县农产品质量要提高一个档次。", 0)) is None
    True
    """
    found: list[Duty] = []
    start = 0
    for sentence in re.split("(?<=[。;])", stopped(fold(text.value))):
        found.extend(Duty("responsible", text[start + a : start + b]) for a, b in _deeds(sentence, start > 0))
        start += len(sentence)
    if not found:
        return None
    rest = cut(text)
    return Cut(rest.sentence, (*found, *rest.duties))


def _deeds(sentence: str, inside: bool) -> Iterator[tuple[int, int]]:
    """Where a folded sentence says who acts: at its beginning, with those beside it, or in a clause of its own (由县水利局负责)."""
    match = _ACTED.match(sentence)
    if match is None or not all_bodies(match["names"]) or (inside and is_collective(bare(match["names"]))) or _TOLD.search(match["what"]):
        said = sentence.find(":") + 1
        if said and sentence[said:].strip():  # 实行分片包干,具体为:县水利局负责东河乡
            yield from ((said + a, said + b) for a, b in _deeds(sentence[said:], True))
        else:
            yield from _named_by(sentence)
        return
    yield _told(match, 0)
    yield from _beside(sentence, match.end() - sentence[: match.end()].endswith(","))
    for clause in re.finditer("(?<=,)[^,。;]+", sentence):
        further = _ACTED.match(clause.group())
        if further is not None and further["word"] in ("负责", "牵头", "牵头负责") and all_bodies(further["names"]):
            yield _told(further, clause.start())


def _told(match: re.Match[str], at: int) -> tuple[int, int]:
    """The names of a clause, and the word after them where it says a role."""
    told = match.end("names") == match.start("word") and role_of(match["word"])
    return at + match.start("names"), at + match.end("word" if told else "names")


def _named_by(sentence: str) -> Iterator[tuple[int, int]]:
    """The clauses of a folded sentence that say by whom something is done: 由县水利局牵头, 县林业局配合."""
    for clause in re.finditer("由[^,。;]{4,}", sentence):
        done = deed(clause.group())
        if done is not None:
            yield clause.start(), clause.start() + done.end("word" if role_of(done["word"]) else "names")
            yield from _beside(sentence, clause.end())


def _beside(sentence: str, at: int) -> Iterator[tuple[int, int]]:
    """The clauses from a place on that say who acts with the body before them."""
    beside = _BESIDE.match(sentence, at)
    while beside is not None and all_bodies(beside["names"]):
        yield beside.start("names"), beside.end("word" if role_of(beside["word"]) else "names")
        beside = _BESIDE.match(sentence, beside.end("word"))


def named_inside(text: Text) -> Iterator[Text]:
    """The clauses of a text that say by whom something is done.

    >>> [str(found) for found in named_inside(Text.at_offset("巡查由县水利局牵头，县林业局配合，每月一次。", 0))]
    ['由县水利局牵头', '县林业局配合']
    """
    yield from (text[a:b] for a, b in _named_by(stopped(fold(text.value))))


def set_apart(text: Text) -> Cut | None:
    """A paragraph whose first words are a body, apart from the rest: that body as its duty, and the rest.

    >>> cut = set_apart(Text.at_offset("县教育局：负责组织家访，建立台账。", 0))
    >>> str(cut.duties[0].text), str(cut.sentence)
    ('县教育局', '负责组织家访，建立台账。')
    >>> set_apart(Text.at_offset("各乡镇人民政府：现将有关事项通知如下。", 0)) is None
    True
    """
    match = _SET_APART.match(fold(text.value))
    if match is None or not all_bodies(match["names"]) or _ADDRESSED.match(match["what"]):
        return None
    names = text[match.start("names") : match.end("names")].strip()
    printed = names + text[match.start("word") : match.end("word")] if match["word"] else names
    what = text[match.start("what") : len(text)].strip()
    rest = acted(what) or cut(what)
    return Cut(rest.sentence, (Duty("responsible", printed), *rest.duties))


def acting(paragraphs: Sequence[Paragraph], offset: int = 0) -> dict[int, Cut]:
    """The paragraphs that begin with the body that acts, where several near one another do: the paragraph, and those bodies. What all
    bodies at once have to do (各部门要提高认识) is one of them only beside what a single body has to."""
    found: dict[int, Cut] = {}
    for i, paragraph in enumerate(paragraphs, start=offset):
        at = mark(fold(paragraph.text.value))
        text = paragraph.text[at.end if at is not None else 0 : len(paragraph.text)]
        one = set_apart(text) or acted(text)
        if one is not None:
            found[i] = one
    single = {i for i, one in found.items() if not all(is_collective(bare(duty.text.value)) for duty in one.duties)}
    near = {i: [n for n in range(i - _NEAR, i + _NEAR + 1) if n != i and n in found] for i in found}
    return {i: one for i, one in found.items() if any(n in single or i in single for n in near[i]) or (i in single and len(one.duties) > 1)}


def apart(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs; one in which several bodies act, each in sentences of its own, is parted before each of them, so that what one has
    to do is not said of the others.

    >>> text = "（二）巡查。县公安局负责道路巡查；县水利局要检查水库大坝。每月一次。"
    >>> [str(p.text) for p in apart([Paragraph(Text.at_offset(text, 0))])]
    ['（二）巡查。', '县公安局负责道路巡查；', '县水利局要检查水库大坝。每月一次。']
    """
    for paragraph in paragraphs:
        edges = [0, *_parting(paragraph.text), len(paragraph.text)]
        yield from (replace(paragraph, text=paragraph.text[a:b]) for a, b in pairwise(edges) if b > a)


def _parting(text: Text) -> list[int]:
    """Where sentences begin that say what another body does than the one before; none where fewer than two do."""
    folded = stopped(fold(text.value))
    at = mark(folded)
    begin = start = at.end if at is not None else 0
    found: list[tuple[int, str]] = []
    for sentence in re.split("(?<=[。;])", folded[begin:]):
        whole = _SET_APART.match(sentence) if start == begin else None
        names = {sentence[a:b] for a, b in _deeds(sentence, start > begin)}
        if whole is not None and all_bodies(whole["names"]):
            names = {whole["names"]}
        said = "、".join(sorted(names))
        if names and (not found or found[-1][1] != said):
            found.append((start, said))
        start += len(sentence)
    return [place for place, _ in found if place > begin] if len(found) > 1 else []


def named_in(title: Text, alone: bool) -> Text | None:
    """The bodies that a heading says the items below it are of: 一、县茶业局牵头工作（8项）; where ``alone``, also a heading that is
    names of bodies and nothing else."""
    folded = fold(title.value).strip()
    match = _WHOSE.fullmatch(folded)
    if match is not None and all_bodies(match["names"]):
        return title.strip()[: match.end("word")]
    plain = folded.rstrip(":。")
    return title.strip()[: len(plain)] if alone and len(plain) > 2 and "-" not in plain and all_bodies(plain) else None
