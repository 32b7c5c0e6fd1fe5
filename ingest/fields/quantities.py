"""A commitment's words -> its quantities: comparator, figure, measure word, what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.fields.folding import fold
from ingest.fields.measure_words import LATIN, MEASURES, MONEY, masked
from ingest.fields.numerals import number
from ingest.model.document import Text
from ingest.model.records import Quantity

_ARABIC = r"(?<![\d.])(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(?:\.\d{1,6})?"
_D = "[一两二三四五六七八九]"
_HAN = (
    rf"{_D}万零?{_D}千(?:{_D}百)?(?:{_D}十)?|{_D}千零?{_D}百(?:{_D}十{_D}?)?|{_D}百零?{_D}?十{_D}?|{_D}百零{_D}|{_D}[百千]"
    r"|[两二三四五六七八九]?十[一二三四五六七八九]?|百|千|[两三四五六七八九]"
)
_FIGURE = rf"(?:{_ARABIC}|(?<![第一二三四五六七八九十百千万几数\d])(?:{_HAN}))"
_SCALE = r"(?:[十百千]?万亿|[十百千]?[万亿]|[百千](?=[万亿\u4e00-\u9fa5]))?"
_UNIT = rf"(?:{MEASURES}|{LATIN})"
_TAIL = rf"(?P<vague>余|多|几)?(?P<scale>{_SCALE})(?P<vague2>余|多)?(?P<unit>{_UNIT}|(?<=[万亿])(?=[,。;、)]|以上|左右|$))"
_TENS = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_QUANTITY = re.compile(
    rf"(?P<low>{_FIGURE})(?:(?P<lowunit>{_SCALE}{_UNIT})?(?:-|~|至|到)(?P<high>{_FIGURE}))?{_TAIL}"
    r"|(?P<fold>翻(?P<times>[一两二三])?番)"
    r"|(?P<once>(?<![一二三四五六七八九十百千])一)倍"
    rf"|(?P<hundredths>百分之(?P<share>{_ARABIC}|{_TENS}(?:点[零一二三四五六七八九]{{1,3}})?|百)(?![点几多十一二三四五六七八九]))"
    rf"|(?P<part>(?P<of>{_TENS})分之(?P<parts>{_TENS})(?![点几多十]))|(?<![\d/.])(?P<over>\d)/(?P<under>[2-9]|10)(?![\d/年月])"
    r"|(?P<half>(?<=[超达近])过?半数|(?<![一-龥]万)一半(?=以上|左右)|过半数?(?![年月天]))"
)
_LIST = re.compile(rf"(?P<low>{_FIGURE})(?P<scale>{_SCALE})(?P<unit>{_UNIT})")
_BEFORE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        ">=",
        re.compile(
            r"(?:≥|>=|⩾|不少于|不低于|不小于|不得少于|不得低于|至少(?:达到|完成|新增|培育|建成|建设|举办|开展|引进|打造|推出)?|最少|最低|不下于"
            r"|(?:不少于|不低于)[^,。;、\d不]{0,12}总(?:数|量|额|人数|面积)的?)$"
        ),
    ),
    (
        "<=",
        re.compile(
            r"(?:≤|<=|⩽|不超过|不得超过|不高于|不得高于|不多于|不大于|最高(?:不超过|可达|(?:可)?(?:给予|奖励|补助|资助|补贴))?|最多|至多|控制在|压缩至不超过|上限(?:为)?"
            r"|(?:不超过|不高于)[^,。;、\d不]{0,12}总(?:数|量|额|人数|面积)的?)$"
        ),
    ),
    (">", re.compile(r"(?:(?<!=)>|超过|突破|高于|大于|多于|优于|超出|逾|超)$")),
    ("<", re.compile(r"(?:<|低于|小于|少于|不足|不到|不满)$")),
    ("~", re.compile(r"(?:约为?|大约|近|接近|将近|约达)$")),
)
_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = (
    (">=", re.compile(r"\(?(?:及|\(含\)|含|或)?以上\)?")),
    ("<=", re.compile(r"\(?(?:及|\(含\)|含|或)?(?:以内|以下|之内|之下)\)?|内(?=[办完实响到送审给反]|[,。;、)]|$)")),
    ("~", re.compile(r"左右|上下")),
)
_TAGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "growth",
        re.compile(r"(?:增长|增幅|增速|同比增|递增|增加值增)(?:率|幅度)?(?:分别)?(?:达到?|不低于|超过|约|力争|突破|高于|不少于|至少|在)?$"),
    ),
    ("change", re.compile(r"(?:提高|提升|上升|提升了|提高了|变化)(?:约|不少于|不低于|超过|至少)?$")),
    (
        "reduction",
        re.compile(r"(?:降低|下降|压减|减少|压缩|缩短|降幅|削减|节约|节省)(?:率|幅度|比例)?(?:约|不少于|不低于|超过|至少|达到?)?$"),
    ),
    ("total", re.compile(r"(?:累计|总数|总量|总规模|总额|总计|合计|共计|总共|共有|总面积|总投资)[^,。;、]{0,12}$|(?<!公)共$")),
    ("each", re.compile(r"(?:各|每[个家区县市镇年]|单个[^,。;]{0,10}|分别各)$")),
    ("hedge", re.compile(r"(?:力争|努力|争取|确保)[^,。;]{0,16}$")),
    ("baseline", re.compile(r"(?:由|从)[^,。;\d]{0,8}$")),
    ("share", re.compile(r"(?:占比|比例|比重|占[^,。;]{0,10})(?:达到?|不低于|超过|为)?$")),
)
_THRESHOLD = re.compile(
    r"(?:\)|的)?(?:及)?(?:重大|重点|优质|工业|制造业|产业|高质量|外资|内资|先进|新|大型|规模|服务业|产业化|高端|优势|龙头|骨干|亿元|技改|在建|签约|税收)*(?:项目|竣工|开工|投产|达产|企业|工程|园区|的|船舶|集群|产业|单位|主体|人口|城市|城镇|学历|职称|机组|锅炉|平台)"
)


_NEAR = 80
_CAPACITY = ("吨", "万吨", "千瓦", "万千瓦", "兆瓦", "吉瓦", "立方米", "标台")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    low: Decimal
    high: Decimal | None
    comparator: str
    unit: str
    vague: bool
    core: tuple[int, int]


def quantities(text: Text, part: str) -> Iterator[Quantity]:
    """The quantities of one commitment, in reading order.

    >>> [(q.surface.value, q.comparator, q.measure) for q in quantities(Text.at_offset("新建不少于30个，引进3—5家。", 0), "text")]
    [('不少于30个', '>=', '个'), ('3—5家', 'range', '家')]
    """
    folded = fold(text.value)
    hidden = masked(folded)
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(hidden):
        one = _doubling(match) if match["fold"] else _compared_with(_plain(match), hidden) if not match["low"] else _one(match, hidden)
        if one is None:
            continue
        found.append(_record(one, text, hidden, part))
    yield from _shared(found, hidden, text)


def _before(hidden: str, start: int) -> str:
    """The words just before a place: no comparator or verb reaches further."""
    return hidden[max(0, start - _NEAR) : start]


def _doubling(match: re.Match[str]) -> _Found:
    times = int(number(match["times"] or "一") or 1)
    value = Decimal(2**times)
    return _Found(match.start(), match.end(), value, None, "=", "倍", False, match.span())


def _plain(match: re.Match[str]) -> _Found:
    """一倍, 百分之八十, 三分之二 and 一半: figures that hold their own measure; a part of a whole is a share of a hundred."""
    unit, comparator = "%", "="
    if match["once"]:
        value, unit = Decimal(1), "倍"
    elif match["half"]:
        value, comparator = Decimal(50), ">" if match["half"].startswith("过半") else "="
    elif match["part"] or match["over"]:
        above, below = (number(written or "") for written in (match["parts"] or match["over"], match["of"] or match["under"]))
        value = round(Decimal(100) * (above or 0) / (below or 1), 4).normalize() + 0
    else:
        value = _share(match["share"])
    return _Found(match.start(), match.end(), value, None, comparator, unit, False, match.span())


def _share(written: str) -> Decimal:
    """百分之 so many, the digits after 点 with it: 十二点五."""
    whole, _, rest = written.partition("点")
    return (number(whole) or Decimal(0)) + (Decimal(f"0.{number('〇' + rest) or 0:0>{len(rest)}}") if rest else 0)


def _compared_with(one: _Found, hidden: str) -> _Found:
    comparator, start, end = _comparator(hidden, one.start, one.end)
    return replace(one, comparator=one.comparator if comparator == "=" else comparator, start=start, end=end)


def _comparator(hidden: str, start: int, end: int) -> tuple[str, int, int]:
    """The comparator that stands before or after a figure, and where the figure with it begins and ends."""
    before, after = _before(hidden, start), hidden[end : end + _NEAR]
    comparator, first, last = "=", start, end
    for sign, pattern in _AFTER:
        hit = pattern.match(after)
        if hit is not None:
            comparator, last = sign, end + hit.end()
            break
    prior = (
        re.sub(r"(?:达到?|在|为|增加|新增)$", "", before)
        if re.search(r"(?:于|过|破|近|约|少|多|高|在)(?:达到?|在|为)$", before)
        else before
    )
    for sign, pattern in _BEFORE:
        hit = pattern.search(prior)
        if hit is not None and not (sign == "<=" and hit.group() == "控制在" and comparator == "~"):
            comparator, first = sign, start - len(before) + hit.start()
            break
    return comparator, first, last


def _one(match: re.Match[str], hidden: str) -> _Found | None:
    low = number(match["low"])
    if low is None:
        return None
    before = _before(hidden, match.start())
    unit = match["scale"] + match["unit"]
    comparator, start, end = _comparator(hidden, match.start(), match.end())
    if _refused(match, unit, comparator, before, hidden[end : end + _NEAR].lstrip("\0")):
        return None
    vague = bool(match["vague"] or match["vague2"])
    high = number(match["high"]) if match["high"] else None
    if high is not None and comparator in ("=", "~"):
        comparator = "range"
    if vague and comparator == "=":
        comparator = "~"
    return _Found(start, end, low, high, comparator, unit, vague, match.span())


def _refused(match: re.Match[str], unit: str, comparator: str, before: str, after: str) -> bool:
    """What looks like a quantity and is a threshold, a name, an ordinal, a frequency or a part of a longer number."""
    bare = match["unit"]
    if after.startswith("级") and bare not in ("个", "家", "项"):
        return True
    if before and (
        before[-1] in "第+-~.×xX*" or (before[-1] == "/" and before[-2:-1].isdigit()) or (before[-1].isascii() and before[-1].isalnum())
    ):
        return True
    if re.search(r"(?:第|前|首|近|过去|未来|“|\")$", before) and bare in ("批", "期", "届", "轮", "个月", "天", "周", "强"):
        return before[-1] != "近"
    if before.endswith("前") and bare in ("位", "名", "强", "家", "个", "项") and not before.endswith(("目前", "年前", "底前", "月前")):
        return True
    sized = unit.endswith(MONEY) or bare in ("平方米", "吨", "总吨", "千瓦", "亩", "公里", "公斤", "吨位", "人", "天", "小时", "分钟")
    if comparator in (">=", ">", "<=", "<") and sized and _THRESHOLD.match(after):
        return unit.endswith(MONEY) or after.startswith(("的", "船", "及"))
    if bare in _CAPACITY and comparator == "=" and re.match(r"[^。;]{1,80}等[^。;,、]{0,6}(?:项目|工程|生产线)", after):
        return True  # 甲公司25万吨己二酸等项目: names of projects
    if bare == "期" and not (comparator != "=" or re.search(r"(?:共|发布|举办|开展|发行|编发|编印|组织|推出)[^,。;]{0,12}$", before)):
        return True
    if bare in ("次", "场", "轮") and re.search(r"每(?:个?(?:季度?|月|周|半年|年|日|天|两周))[^,。;、]{0,10}$", before):
        return bare == "次"
    chinese = not match["low"][0].isdigit()
    if chinese and (
        bare in ("期", "届", "批", "类", "级", "场", "端", "部", "种", "成", "点", "名", "处", "站", "位", "轮", "面", "档")
        or match["low"] in ("百", "千")
    ):
        if bare == "成":
            return not re.search(r"(?:达到?|至|到|占|超过?|近|不低于|提高|增长|降低)$", before)
        return not (match["low"] not in ("百", "千") and bare in ("种", "场", "处", "名", "轮", "部", "类")) and not match["vague"]
    return (
        bare in ("类", "批", "点", "档")
        and comparator == "="
        and not re.search(r"(?:新增|培育|完成|制定|形成|推出|发布|分)[^,。;]{0,8}$", before)
    )


def _record(one: _Found, text: Text, hidden: str, part: str) -> Quantity:
    tags: list[str] = []
    start = one.start
    for tag, pattern in _TAGS:
        near = _before(hidden, start)
        hit = pattern.search(near)
        if hit is None or (tag == "baseline" and not re.match(r"[^,。;]{0,6}?(?:至|到|为)", hidden[one.end : one.end + _NEAR])):
            continue
        tags.append(tag)
        if tag in ("growth", "change", "reduction", "each") and hit.end() == len(near) and (tag != "each" or hit.group() in ("各",)):
            start += hit.start() - len(near)
    if tags and tags[0] == "growth" and _before(hidden, start).endswith("同比"):
        start -= 2
    if "total" in tags and _before(hidden, start).endswith(("共", "共计", "累计", "合计")):
        start -= 1 if _before(hidden, start).endswith("共") else 2
    if hidden[one.core[0] : one.core[1]].startswith("翻"):
        tags.append("multiple")
    minimum: Decimal | None = one.low
    maximum: Decimal | None = one.high if one.high is not None else one.low
    if one.comparator in (">=", ">"):
        maximum = None
    elif one.comparator in ("<=", "<"):
        minimum = None
    return Quantity(
        text[start : one.end],
        part,
        start,
        one.end,
        minimum,
        maximum,
        one.comparator,
        one.unit,
        _counted(hidden, one, text),
        tuple(dict.fromkeys(tags)),
    )


_NOUN_AFTER = re.compile(
    r"(?:的)?(?P<noun>(?:规模|限额)以上[^,。;:()\d]{2,40}?|[^,。;:()\d]{2,60}?)(?=[,。;(:)]|以上|左右|达到|不少于|超过|$)"
)
_NOUN_BEFORE = re.compile(r"(?P<noun>(?:\d+(?:\.\d+)?[十百千万亿]*[^,。;:、()\d]{1,4}以上)?[^,。;:、()\d]{2,30})$")
_BASELINE = re.compile(r"(?:由|从)[^,。;、由从]*?(?:至|到|为)$")
_AMONG = re.compile(r"(?P<noun>[^,。;:、()]{2,40}?)(?:建设|发展)?,其中[^,。;]*$")
_VERBS = (
    "新增加|新建成|新引进|新引育|新培育|新认定|新打造|新签约|培育|引育|引进|新增|新建|建成|建设|打造|形成|实施|完成(?!率)|推出|举办|开展|创建|认定|发布|"
    "覆盖(?!率|面)|盘活|取消|停征|选拔|带动|实现(?!率)|扶持|资助|淘汰|关停|栽植|孵化|(?<!人才)培养(?!基地|工程|计划|项目|体系|方案|模式|单位|中心)|"
    "制定|组建|组织|投放|遴选|招引|集聚|布局|立项|引导|规划|培训|签约|设立|发放|采集|接入|上线|开通|改造|支持|推动|增加(?!值)|达到|申报|打通|计划|或"
)
_VERB = re.compile(rf"^.*(?:{_VERBS})")


# What stands before the noun and is no part of it: ”等, 全年, 未来五年, 5年内.
_OPENING = re.compile(
    r"^(?:[▲△●■◆★☆·•]|[”\"』’]等?|等(?=各类)|其中|将|把|力争|努力|确保|的|%?和|全年|每年|(?:未来|今后)?(?:\d+|[一二三四五六七八九])年内?)+"
)
_WHO = re.compile("[人员者家师生才手长工户民](?:代表|队伍)?$|干部$|骨干$|志愿$")


def _head(noun: str, unit: str) -> str | None:
    """What is counted of the words after a measure word: of a list its first name, or all of it where persons are counted and the first
    name is none: 500名法院、公安系统人才.

    >>> _head("重大工程、重大战略以及确定的任务", "项"), _head("具有硕士、博士学位的专家", "名"), _head("法院、公安系统人才", "名")
    ('重大工程', '专家', '法院、公安系统人才')
    """
    head = (noun.rsplit("的", 1)[-1] if "、" in noun and "以及" not in noun else noun).split("、")[0]
    if unit[-1:] in "名人" and not _WHO.search(head) and "、" in noun:
        return noun if _WHO.search(noun) and "的" not in noun else None
    return head or None


def _counted(hidden: str, one: _Found, text: Text) -> str | None:
    """What is counted: the noun after the measure word, else the words before the figure without their verb."""
    if not one.unit.endswith((*MONEY, "%", "个百分点", "倍")):
        after = _NOUN_AFTER.match(hidden, one.end)
        if after is not None:
            head = _head(text.value[after.start("noun") : after.end("noun")], one.unit)
            if head:
                return head
    before, at = _before(hidden, one.start), max(0, one.start - _NEAR)
    baseline = _BASELINE.search(before)
    if baseline is not None:
        before = before[: baseline.start()]
    match = _NOUN_BEFORE.search(
        re.sub(
            r"(?:数量|总数|数)?(?:力争|分别|计划|由|从|(?:稳定|控制|保持|维持)在|达)?$",
            "",
            before,
        )
    )
    if match is not None:
        verb = _VERB.match(match["noun"])
        start = match.start() + (verb.end() if verb is not None else 0)
        noun = re.sub(
            r"(?:[比较](?:20\d\d年|上年|去年)[底末]?)?(?:分别)?(?:同比|年均)?(?:增长|提高|提升|下降|降低)?$",
            "",
            _OPENING.sub("", text.value[at + start : at + match.end()]),
        )
        if noun:
            return noun
    among = _AMONG.search(before)
    if among is None:
        return None
    verb = _VERB.match(among["noun"])
    noun = text.value[at + among.start("noun") + (verb.end() if verb is not None else 0) : at + among.end("noun")]
    return noun.rsplit("的", 1)[-1] or None


def _shared(found: list[Quantity], hidden: str, text: Text) -> Iterator[Quantity]:
    """分别不低于90%、80%: the comparator of the first figure, or else of the last, is that of all of the list."""
    place = 0
    while place < len(found):
        end = place + 1
        while end < len(found) and _listed(hidden, found[end - 1], found[end], found[place]):
            end += 1
        run = found[place:end]
        first, last = run[0].comparator, run[-1].comparator
        given = first if first not in ("=", "range") else last if last in (">=", "<=", "~") else "="
        tags = tuple(tag for tag in run[0].tags if tag in ("growth", "reduction", "change"))
        for i, one in enumerate(run):
            compared = _compared(one, given) if one.comparator == "=" and len(run) > 1 else one
            yield replace(compared, tags=tuple(dict.fromkeys((*compared.tags, *tags)))) if i else compared
        place = end


def _listed(hidden: str, previous: Quantity, one: Quantity, first: Quantity) -> bool:
    """Whether a figure goes on a list of figures that 分别 opens."""
    return hidden[previous.end : one.start] in ("、", "和", "及") and "分别" in hidden[max(0, first.start - 30) : first.end]


def _compared(one: Quantity, comparator: str) -> Quantity:
    value = one.minimum if one.minimum is not None else one.maximum
    if comparator in (">=", ">"):
        return replace(one, comparator=comparator, minimum=value, maximum=None)
    if comparator in ("<=", "<"):
        return replace(one, comparator=comparator, minimum=None, maximum=value)
    return replace(one, comparator=comparator)
