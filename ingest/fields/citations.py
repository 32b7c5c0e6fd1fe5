"""The paragraphs around the tasks -> the documents that the notice names, each with how it stands to them and with its number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.fields.document_numbers import NUMBER
from ingest.fields.folding import bare, fold, squeeze
from ingest.fields.references import aliases, titles
from ingest.model.document import Text
from ingest.model.records import Citation

_SENTENCE = re.compile(r"[^。;!?\n]*[。;!?\n]?")
_NUMBERED = re.compile(rf"》\s*\(\s*(?P<number>{NUMBER.pattern})")
_REPEALS = re.compile(r"(?:同时|即行|予以|自行|一并)?(?:废止|停止执行|停止施行|失效|不再执行)")
_CHANGES = re.compile(r"(?:进行|予以|作|作出|做|作如下|如下)?(?:修改|修订|修正|调整|补充)(?:如下|为|的决定|完善)?")
_BASED = re.compile(r"(?:根据|依据|依照|按照|遵照|对照)[^。;]*$")
_IMPLEMENTS = re.compile(r"(?:贯彻|落实|实施|推进|执行|完成)[^。;]*$")
_NOT_YET = re.compile(r"(?:起草|制定|出台|研究|适时|推动|组织|加快|启动)[^。;]{0,8}$")


def citations(texts: Sequence[Text], own: Sequence[Text]) -> Iterator[Citation]:
    """Each document named in 《》 once, in order. ``own`` are the titles of the notice itself.

    >>> said = Text.at_offset("根据《甲条例》制定。《乙办法》（某发〔2019〕3号）同时废止。", 0)
    >>> [(c.title.value, c.relation) for c in citations([said], [])]
    [('甲条例', 'based_on'), ('乙办法', 'repeals')]
    """
    seen = {bare(text.value).strip("《》") for text in own} | aliases(texts)
    for text in texts:
        clean = squeeze(text)
        folded = fold(clean.value)
        for match in _SENTENCE.finditer(folded):
            sentence = clean[match.start() : match.end()]
            for title in titles(sentence):
                name = bare(title.value)
                if name in seen or any(name in known for known in seen):
                    continue
                seen.add(name)
                start = _place(sentence, title)
                before, after = fold(sentence.value[: start - 1]), fold(sentence.value[start + len(title) :])
                number = _NUMBERED.match(after)
                printed = (
                    sentence[start + len(title) + number.start("number") : start + len(title) + number.end("number")] if number else None
                )
                yield Citation(title, _relation(before, after), printed)


def _relation(before: str, after: str) -> str:
    """How the sentence says that the notice stands to a document: the words after it first, then those before it."""
    rest = re.split(r"[,，]", re.sub(r"^》\s*(?:\([^()]*\))?", "", after))
    near = "".join(rest[:2])
    if _REPEALS.search(near) or re.search(r"(?:废止|停止执行)[^。;]{0,4}$", before):
        return "repeals"
    if _CHANGES.match(rest[0]) or (re.search(r"(?:对|将|修改|修订)$", before) and _CHANGES.search(near) and not _NOT_YET.search(before)):
        return "changes"
    opened = re.split(r"[,，]", before)[-1] if "," in before else before
    if _BASED.search(opened) or (_BASED.search(before) and re.search(r"(?:[、和及]|》[^,]*)$", before)):
        return "based_on"
    return "implements" if _IMPLEMENTS.search(before) else "cites"


def _place(sentence: Text, title: Text) -> int:
    """Where a title begins in its sentence."""
    return list(sentence.at).index(title.start)


_BASIS = re.compile(r"贯彻|落实|根据|按照|依据|实施|对照|结合|推进")
# What is sent with the notice: 现将《甲方案》印发给你们; 经市政府同意,现将《甲方案》(以下简称《方案》)下发.
_SENT = re.compile(r"(?:现将|现把)《(?P<title>[^》]{4,60})》(?:\([^()]*\))?(?:予以)?(?:印发|下发|发给|公布|转发|印送|下达)")


def _is_sent(clean: Text, name: Text) -> bool:
    """Whether a title is that of what the notice sends, and no document that it carries out."""
    return any(clean[match.start("title") : match.end("title")].at == name.at for match in _SENT.finditer(fold(clean.value)))


def sent(front: Sequence[Text]) -> Text | None:
    """The title of what the notice sends, where it stands nowhere else."""
    for text in front:
        clean = squeeze(text)
        match = _SENT.search(fold(clean.value))
        if match is not None:
            return clean[match.start("title") : match.end("title")]
    return None


def implemented(body: Sequence[Text], title: Text | None, notice: Text | None) -> tuple[Text, ...]:
    """The plans and decisions that the notice says it carries out."""
    own = {bare(text.value) for text in (title, notice) if text is not None} | aliases(body)
    found: list[Text] = []
    for text in body:
        clean = squeeze(text)
        for name in titles(clean):
            start = clean.at.index(name.start) if not isinstance(clean.at, range) else name.start - clean.at.start
            before = clean.value[:start]
            sentence = re.split("[。；;]", before)[-1]
            if (
                _BASIS.search(sentence)
                and not _is_sent(clean, name)
                and bare(name.value) not in own
                and bare(name.value) not in {bare(f.value) for f in found}
            ):
                found.append(name)
    return tuple(found)
