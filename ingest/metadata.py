"""The paragraphs and information tables around the tasks -> what the document is: title, number, issuers, dates, horizon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.fields.bodies import has_clause
from ingest.fields.citations import citations, implemented, sent
from ingest.fields.dates import DATE, day, horizon_of
from ingest.fields.document_numbers import NUMBER
from ingest.fields.folding import bare, fold, pieces, squeeze
from ingest.fields.references import titles
from ingest.layouts.headings import mark
from ingest.model.document import Text
from ingest.model.records import Identity

_LABELLED = re.compile(
    r"(?P<label>发\s*文\s*字\s*号|文\s*号|文件编号|发布文号|字号|发\s*[布文]\s*机\s*[构关]|发文单位|制发机关|制定机关|成文日期|发文日期|发布日期|公开日期|印发日期|标\s*题|名\s*称|有效性|主\s*题\s*分\s*类|索\s*引\s*号|公开方式|公开范围|公开时限|公开程序|组配分类|信息分类|信息公开选项|公开属性|主题词|体裁分类|服务对象|生成日期|发布时间|信息来源|来源)\s*[:：]?\s*"
)
_KIND = "通知|意见|方案|细则|规定|函|通报|决定|公告|批复|要点|计划|安排|分解表?|分工表?|清单|任务书?|措施|办法|分工方案|目标|表"
_TITLE_END = re.compile(rf"(?:{_KIND})(?:的通知|的函)?(?:\([^()]*\))?》?(?:的通知|的函|的通报|的意见)?$")
_LIST_TITLE = re.compile(r"任务|分工|清单|要点|安排|分解|目标|措施|举措|方案|计划|台账|一览|实事|项目|情况表|重点工作")
# The last line of a title, which says nothing alone: 责任分解方案.
_TITLE_REST = re.compile("(?:任务|工作|重点|责任|分工|分解|落实|实施|推进|行动){1,4}(?:方案|清单|表|台账|计划|安排|意见|措施)")
_SALUTE = re.compile(r"[:：]$")
_ADDRESSEE = re.compile(r"各|有关|相关|单位|部门|政府|委员会|办事处|公司|管委会")
_ASIDE = re.compile(r"\(此件.*\)|\(此页无正文\)|附件\d*[:：]?.*|\(联系人.*|抄送.*|.*印发$|\([^()]{0,40}代章\)")
_PUBLIC = re.compile(
    r"\(?\s*(?P<said>(?:此件|本件|信息公开选项[:：]?)?(?:主动|依申请|不予)?公开(?:发布)?|此件[^()]{0,12}公开[^()]{0,12})\s*\)?"
)
_SEAL = re.compile(r"\((?:代章|盖章|章|公章|印)\)")
# Alone in brackets below the title, or after it; what stands in brackets after 》 is the number of the document cited there.
_BRACKETED = re.compile(rf"(?:[^《》]*(?:通知|意见|函|通报|决定|方案|公告))?\((?P<number>{NUMBER.pattern})\)")
_RED = re.compile(r"(?P<name>.{4,40}?)文件")
# Between names a single blank apart, but not between the characters of one that is spread: 科 技 部 工业和信息化部.
_SINGLE = re.compile(r"(?<=[^ \n]{2})[ \n]+|[ \n]+(?=[^ \n]{2})")


def identity(front: Sequence[Text], back: Sequence[Text], table: Sequence[Text], heads: Sequence[Text]) -> Identity:
    """What the paragraphs before and after the tasks, the cells of information tables and the column heads say."""
    labels = dict(_labels((*table, *(text for text in front if len(text) < 60))))
    notice, start, end = _notice_title(front)
    labelled = next((labels[key] for key in ("名称", "标题") if key in labels and _is_closed(labels[key].value)), None)
    if notice is None and labelled is not None:
        at = max(0, fold(labelled.value).find("关于"))
        notice = labelled[at : len(labelled)]
    salutation = next((i for i in range(end, len(front)) if _is_salutation(front[i])), None)
    title = _title(front, notice, labels)
    signed, signed_on = _signature(front, salutation if salutation is not None else end, back)
    issuers = signed or _before(front, notice, start) or _labelled_issuer(labels)
    date_text = signed_on or _dated(front, labels)
    written = day(fold(date_text.value)) if date_text is not None else None
    published = next((day(fold(labels[k].value)) for k in ("发布日期", "发布时间", "公开日期") if k in labels), None)
    body = front[(salutation + 1) if salutation is not None else end :]
    named = implemented(body, title, notice)
    horizon, longer = horizon_of(title, notice, named, heads)
    return Identity(
        title=title,
        notice_title=notice,
        number=_number(front[: (salutation if salutation is not None else max(end, 6))], labels, (*front[:8], *table)),
        issuers=issuers,
        date=written,
        date_text=date_text,
        publish_date=published,
        horizon=horizon,
        plan_period=longer,
        implements=named,
        addressees=_addressees(front[salutation]) if salutation is not None else (),
        citations=tuple(citations((*body, *back), [text for text in (title, notice) if text is not None])),
        publicity=_publicity((*front, *back), labels),
        index_number=_code(labels.get("索引号")),
        subject=labels.get("主题分类"),
    )


def _publicity(texts: Sequence[Text], labels: dict[str, Text]) -> Text | None:
    """The remark that it may be published, or on request, or not."""
    for text in texts:
        clean = squeeze(text)
        match = _PUBLIC.fullmatch(fold(clean.value).strip())
        if match is not None:
            return clean[match.start("said") : match.end("said")]
    return next((labels[key] for key in ("公开方式", "信息公开选项", "公开属性") if key in labels), None)


def _code(text: Text | None) -> Text | None:
    """An index number: letters, digits and strokes."""
    match = re.match(r"[0-9A-Za-z][0-9A-Za-z/()._-]{3,60}", fold(text.value)) if text is not None else None
    return text[match.start() : match.end()] if text is not None and match is not None and re.search(r"\d", match.group()) else None


def _labels(texts: Sequence[Text]) -> Iterator[tuple[str, Text]]:
    """Label and value pairs of information tables, in one cell or in two."""
    pending: str | None = None
    for text in texts:
        folded = fold(text.value)
        marks = list(_LABELLED.finditer(folded))
        if pending is not None and not marks:
            yield pending, squeeze(text)
        pending = None
        for i, match in enumerate(marks):
            if (
                match.start()
                and not folded[: match.start()].rstrip().endswith((" ", ":", ";", ","))
                and i == 0
                and folded[: match.start()].strip()
            ):
                continue
            stop = marks[i + 1].start() if i + 1 < len(marks) else len(text)
            value = squeeze(text[match.end() : stop]).strip()
            key = bare(match["label"])
            if value:
                yield key, value
            else:
                pending = key


def _number(head: Sequence[Text], labels: dict[str, Text], loose: Sequence[Text]) -> Text | None:
    """The number: that of an information table, or alone on a line, or in a short line; one in Arabic digits before one in Chinese."""
    found = list(_numbers(head, labels, loose))
    return next((number for number in found if re.search(r"(?:19|20)\d\d|第\s*\d", fold(number.value))), next(iter(found), None))


def _numbers(head: Sequence[Text], labels: dict[str, Text], loose: Sequence[Text]) -> Iterator[Text]:
    for key in ("发文字号", "文号", "发布文号", "文件编号", "字号"):
        if key in labels and (match := NUMBER.search(fold(labels[key].value))):
            yield labels[key][match.start() : match.end()]
    for text in head:
        clean = squeeze(text)
        red = clean.value.rfind("文件") + 2
        clean = clean[red if red > 1 else 0 : len(clean)]
        if clean.value[:1] in "(（" and clean.value[-1:] in ")）":
            clean = clean[1:-1]
        if NUMBER.fullmatch(fold(clean.value)):
            yield clean
    for text in (*head, *loose):
        clean = squeeze(text)
        folded = fold(clean.value)
        bracketed = _BRACKETED.fullmatch(folded)
        if bracketed is not None:
            yield clean[bracketed.start("number") : bracketed.end("number")]
        match = NUMBER.search(folded)
        if match is not None and len(clean) < 60 and "》" not in folded[: match.start()] and not folded[: match.start()].endswith("("):
            yield clean[match.start() : match.end()]


def _notice_title(front: Sequence[Text]) -> tuple[Text | None, int, int]:
    """The title of the covering notice, joined over its lines, and the paragraphs it fills."""
    # It stands above those it is addressed to; below them stands the title of what it sends.
    addressed = next((i for i, text in enumerate(front[:30]) if _is_salutation(text)), 30)
    for i, text in enumerate(front[:addressed]):
        clean = squeeze(text)
        at = fold(clean.value).find("关于")
        if at < 0 or len(clean) > 90 or "。" in clean.value or (at and "《" in clean.value[:at]):
            continue
        whole, j = clean[at : len(clean)], i + 1
        while (
            not _is_closed(whole.value) and j < min(len(front), i + 5) and len(front[j]) < 60 and not _SALUTE.search(fold(front[j].value))
        ):
            whole, j = whole + squeeze(front[j]), j + 1
        if re.search(rf"(?:{_KIND})(?:\([^()]*\))?$", fold(whole.value)):
            return whole, i, j
    return None, 0, 0


def _is_closed(value: str) -> bool:
    return value.count("《") == value.count("》") and bool(
        re.search(r"(?:通知|意见|函|通报|决定|公告|批复)(?:[(（][^()（）]*[)）])?$", value)
    )


def _title(front: Sequence[Text], notice: Text | None, labels: dict[str, Text]) -> Text | None:
    """The title of the task list: named in the notice's title, or standing alone above the tasks."""
    if notice is not None:
        inner = _whole(notice, next(titles(notice), None)) or _issued(notice)
        if inner is not None and re.search(r"印发|发布|下发|公布|转发|下达", notice.value):
            return _standing(front, inner) or inner
    alone = [clean for text in front if 6 <= len(clean := squeeze(text)) <= 60 and _is_alone(clean)]
    for clean in reversed(alone):
        if _LIST_TITLE.search(clean.value):
            return _from_above(front, clean).strip("《》")
    if notice is not None:
        return notice
    ended = next((clean for clean in alone if _TITLE_END.search(fold(clean.value))), None)
    return labels.get("标题") or labels.get("名称") or ended or sent(front)


def _whole(notice: Text, inner: Text | None) -> Text | None:
    """The title in 《》, where nothing but 的通知 or more titles follow it: 《政府工作报告》任务分解方案 is not the report."""
    if inner is None:
        return None
    at = next((i for i in range(len(notice)) if notice.at[i] == inner.at[-1]), len(notice))
    rest = fold(notice.value[at + 1 :]).lstrip("》")
    return inner if not rest or re.match(r"(?:\([^()]*\))?(?:的|[、,和及与等并])", rest) else None


def _from_above(front: Sequence[Text], last: Text) -> Text:
    """A title with the line above it, where that is the first part of the title: it stands alone and ends in the middle."""
    i = next(i for i, text in enumerate(front) if squeeze(text).at == last.at)
    above = squeeze(front[i - 1]) if i else Text("", ())
    folded, folded_last = fold(above.value), fold(last.value)
    if (
        not 4 <= len(above) <= 40
        or not _is_alone(above)
        or (_TITLE_END.search(folded) and not _TITLE_REST.fullmatch(last.value) and not folded_last.startswith("("))
        or _is_body(above)
        or NUMBER.search(folded)
        or DATE.search(folded)
        or _ASIDE.fullmatch(bare(folded))
        or (len(last) > 16 and not folded_last.startswith("("))
    ):
        return last
    return above + last


def _issued(notice: Text) -> Text | None:
    """What 关于印发…的通知 names without 《》."""
    match = re.search(r"(?:印发|发布|下发|公布)(?P<name>.{6,}?)的通知", notice.value)
    return notice[match.start("name") : match.end("name")] if match is not None else None


def _is_alone(clean: Text) -> bool:
    return not re.search(r"[。；;,，:：>＞！!_]|的通知$|首页|\.(?:docx?|wps|pdf)", clean.value) and mark(fold(clean.value)) is None


def _standing(front: Sequence[Text], title: Text) -> Text | None:
    """Where the title stands alone a second time."""
    wanted = bare(title.value)
    for i in range(len(front)):
        whole = squeeze(front[i])
        for j in range(i + 1, i + 4):
            if bare(whole.value) == wanted:
                return whole
            if j >= len(front) or not wanted.startswith(bare(whole.value)):
                break
            whole = whole + squeeze(front[j])
    return None


def _is_salutation(text: Text) -> bool:
    folded = fold(text.value).strip()
    return (
        bool(_SALUTE.search(folded))
        and len(folded) < 200
        and bool(_ADDRESSEE.search(folded))
        and "。" not in folded
        and mark(folded) is None
        and not _LABELLED.search(folded)  # 发布日期：… 信息来源：市政府办公室
        and not has_clause(re.sub(r"\([^()]*\)", "", folded))  # 按照区政府安排，…具体如下：
    )


def _addressees(text: Text) -> tuple[Text, ...]:
    clean = squeeze(text).strip("：: ")
    return tuple(part.strip() for part in pieces(clean, re.compile(r"[,;](?![^(]*\))")) if part.strip())


def _signature(front: Sequence[Text], start: int, back: Sequence[Text]) -> tuple[tuple[Text, ...], Text | None]:
    """The names above the date the notice is signed with, and that date."""
    for texts in (front[start:], back):
        for i, text in enumerate(texts):
            lines = text.value.split("\n")
            if len(lines) > 1 and DATE.fullmatch(fold(lines[-1]).strip()):
                cut = len(text.value) - len(lines[-1])
                names = tuple(name for line in pieces(text[:cut], re.compile("\n")) for name in _names(line))
                if names:
                    return names, squeeze(text[cut : len(text)])
            clean = squeeze(text)
            match = DATE.search(fold(clean.value))
            if match is None or match.end() != len(clean) or len(clean) > 60:
                continue
            head = clean[: match.start()].strip()
            names = tuple(_names(head)) if head else ()
            if head and not names:
                continue
            k = i - 1
            while not head and k >= 0:
                more = tuple(_names(texts[k]))
                if not more:
                    if _ASIDE.fullmatch(bare(texts[k].value)):
                        k -= 1
                        continue
                    break
                names, k = (*more, *names), k - 1
            if names:
                return names, clean[match.start() : match.end()]
    return (), None


def _names(text: Text) -> Iterator[Text]:
    """The bodies named in a line of signatures: columns parted by wide gaps, characters spread by single blanks."""
    folded = fold(text.value)
    if len(bare(folded)) > 80 or re.search(r"[。;:,《》]", folded) or not bare(folded):
        return
    found = [squeeze(part) for part in pieces(text.strip(), re.compile(r" {2,}|\n"))]
    single = [squeeze(part) for part in pieces(text.strip(), _SINGLE) if part]
    if len(single) > len(found) and all(_is_body(part) for part in single):
        found = single
    if len(found) > 1 and not all(_is_body(part) for part in found):
        found = [squeeze(text)]
    for part in found:
        name = _SEAL.split(fold(part.value))[0]
        clean = part[: len(name)].strip()
        if not _is_body(clean):
            return
        yield clean


def _is_body(name: Text) -> bool:
    return 3 <= len(name) <= 40 and bool(
        re.search(
            r"(?:局|委|办|厅|部|院|会|室|处|署|行|政府|公司|集团|中心|组|专班|海关|法院|党组|社|队|府)$", _SEAL.sub("", fold(name.value))
        )
    )


def _before(front: Sequence[Text], notice: Text | None, start: int) -> tuple[Text, ...]:
    """The issuer before 关于 in the title, on the line above it, or in the red head."""
    if notice is not None and start < len(front):
        clean = squeeze(front[start])
        at = fold(clean.value).find("关于")
        if at > 0:
            title = next(pieces(front[start], re.compile("关于")))
            opened = re.match(r"[^\]]{0,120}\]", fold(title.value))  # 【重点工作】甲市人民政府关于…
            found = tuple(_names(title[opened.end() :] if opened is not None else title))
            if found:
                return found
    for text in front[: max(start, 4)]:
        match = _RED.fullmatch(bare(text.value))
        if match is not None:
            clean = squeeze(text)
            return (clean[: len(clean) - 2],)
    return tuple(name for name in _names(front[start - 1])) if start else ()


def _labelled_issuer(labels: dict[str, Text]) -> tuple[Text, ...]:
    for key in ("发文机关", "发文单位", "制发机关", "制定机关", "发布机构"):
        if key in labels:
            return tuple(part.strip() for part in pieces(labels[key], re.compile("[、,; ]")) if part.strip())
    return ()


def _dated(front: Sequence[Text], labels: dict[str, Text]) -> Text | None:
    for key in ("成文日期", "发文日期", "生成日期"):
        if key in labels and day(fold(labels[key].value)):
            return labels[key]
    for text in front:
        clean = squeeze(text).strip("（）() ")
        if DATE.fullmatch(fold(clean.value)):
            return clean
    for text in front:
        clean = squeeze(text)
        match = DATE.search(fold(clean.value))
        if match is not None and clean.value.endswith("印发"):
            return clean[match.start() : match.end()]
    return labels.get("印发日期") or labels.get("发布日期")
