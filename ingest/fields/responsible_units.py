"""Runs of unit names -> one Unit a printed name, in order, with its role and what it leaves out restored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from ingest.fields.bodies import has_clause, has_function, is_body, is_collective
from ingest.fields.folding import bare, fold, pieces, squeeze
from ingest.fields.places import all_short_names, short_names
from ingest.fields.roles import RoleRun, role_of
from ingest.model.document import Text
from ingest.model.records import Unit

_LONGEST = 60  # characters of the longest unit name
_LEVEL = (
    "(?:直管市|直管县|县级市|地级市|省|市|区|县|州|盟|旗|镇|乡|街道|市州|区县|县区|县市|市县|市区|镇街|乡镇|平台|园区|开发区|功能区|地)"
)
_BRACKET = r"(?:\([^()]{1,12}\))"
# Names that hold a separator and are one body: 各区、县（市）政府; 各镇、街道; 各地、各有关部门.
_FIXED = re.compile(
    r"[省市区县]、[市区县乡镇]+(?:两级|三级)?(?:人民)?政府|"
    rf"各(?:有关|相关)?{_LEVEL}{_BRACKET}?(?:[、和及]{_LEVEL}{_BRACKET}?)+级?(?:人民政府|政府|党委|管委会|办事处|街道办事处|有关部门|部门)?(?=$|[、,;。:()\s]|[和及与等各])"
    r"|各地(?:区|方)?、各(?:有关|相关)?(?:部门|单位)(?:、各(?:有关|相关)?单位)?"
    rf"|(?:相关|有关){_LEVEL}(?:[、和]{_LEVEL})+(?:人民政府|政府|管委会)?"
)
_COUNT = r"(?:\d+|[一二三四五六七八九十]+)?(?:个|家)?"
# What 等 closes: nothing, a count (等8个部门), a collective that it names (等有关部门), or a further unit (等和各县).
_ETC = re.compile(
    rf"等{_COUNT}(?P<rest>(?:和|及|与|以及)?(?:市级|市直|省级|省直|区级|区直|县级|县直)?(?P<which>有关|相关|责任|成员|各)?"
    r"(?:单位|部门|企业|委办局|机构|高校|院校){0,2}(?:(?:和|及|、)(?:有关|相关)?(?:单位|部门|企业|地方|地区|机构))?)?$"
)
_ETC_PLACE = re.compile(r"等(?:\d+|[一二三四五六七八九十]+)?个?(?=(?:市|区|县|州|区县|县区|地)(?:人民政府|政府|管委会|政府\(管委会\))?$)")
_ROLE_MARK = re.compile(
    r"[(〈<\[](?P<word>(?:共同|联合)?(?:牵头|主责|主办|配合|协办|协同|参与|参加|指导|负责|责任)(?:单位|部门)?)[)〉>\]]$"
)
_SHORT_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}")  # 云溪 in 云溪、东湖等县人民政府
# A common family name and an ending that offices share with given names: 张文科. Neither is asserted as a unit.
_PERSON_LIKE = re.compile(
    "[王李张刘陈杨赵黄周吴徐孙胡朱郭何罗宋郑谢韩唐冯董曹袁邓许傅沈曾彭吕苏卢蒋蔡贾魏薛阎余潘杜戴姚谭廖邹熊郝孔崔邱侯邵孟][\u4e00-\u9fff]?[科社台园联会州]"
)
_SPREAD = re.compile(r"(?:[\u4e00-\u9fff] [\u4e00-\u9fff])+")  # names of two characters with a blank inside, none between them
_ASIDE = re.compile(r"\([^()]*[:,;][^()]*\)$")  # 市教体局（项目业主：市文旅投资公司）: a remark, no second name
_TIGHT = re.compile(r".{2,}(?<!国务)[局委办厅院司]$")  # 县税务局各乡镇: no name goes on like this; none: 国务院各部门
_TOGETHER = re.compile("共同|联合")
_STAR = re.compile(r"^[★☆▲△※*]+\s*|\s*[★☆▲△※*]+$")
_LEAD_IN = re.compile(r"^(?:由|以及|及|和|与|并|其中|包括|另|同时)(?=.{2})")
_PREFIX = re.compile(
    r"^(?:自治区|兵团|省|市(?!场|政(?=工|公|园|设|管|道|路|集|建|处|养|环|总)|容|民(?!政|宗|族|营|防|革)|域|际)|区(?!域|块)|县(?!域)|州|盟|旗)(?=..)"
)
_OFFICE = re.compile(r"(?:局|委|办|厅|委员会|办公室|总队|支队|大队|中心|协会|联合会|院|处|研究院|分局|室|部|联|科协|工会)$")
_VERTICAL = re.compile(
    r"海关|银行|银监|国网|电网|供电|电力|铁路|民航|税务|海事|监管局$|证监|专员办|通信管理局|邮政管理局|移动|联通|电信|石油|石化|出入境|边检|人行|国家|中国|全国|中央|集团|公司|企业|大学|学院|高校|医院|法院|检察院|管委|^团[省市区县州]|开发区|经开|高新|园区|新区|街道|街办|办事处|乡镇|镇$|乡$|行业"
)
# Ministries and general administrations; the departments of the Party are at every level.
_NATIONAL = re.compile(r"(?<!宣传)(?<!组织)(?<!统战)(?<!武装)(?<!工作)部$|总局$")
_SEATED = re.compile(
    r"(?:市|区|县|州|盟|旗)(?:人民)?(?:政府|管委会|党委|委|级部门)$|街道办事处$|街道$|(?<=.)[乡镇](?:人民政府|政府)$|(?<=..)[乡镇]$"
)
# What makes a place of the name before it, or is an office there.
_SEAT = re.compile("分局|[区县]|市(?!场|政(?!府)|民)|地区|支队|大队|街道|[镇乡]|管委会")
_PERSON = re.compile(
    r"[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公]"
    r"\s*[\u4e00-\u9fa5]{1,2}"
)


@dataclass(frozen=True, slots=True)
class Names:
    """The units of a task, and what stood among them that is no unit."""

    units: tuple[Unit, ...] = ()
    people: tuple[Text, ...] = ()
    strange: tuple[Text, ...] = ()
    open: tuple[Text, ...] = ()
    """The 等 that leaves a list open."""


def units(runs: Iterable[RoleRun], prefix: str = "", known: Mapping[str, str] = MappingProxyType({})) -> Names:
    """The units of all runs in printed order; ``prefix`` (省, 市, 区 ...) is what offices of the issuer's place begin with,
    ``known`` the full names of its subordinate places by their short ones."""
    found: list[Unit] = []
    open_: list[Text] = []
    for run in runs:
        elements = [(part, more) for element in _elements(run.text) for part, more in _closed(element)]
        before = len(found)
        departments = fold(run.text.value).rstrip().endswith("部门") and not is_collective(bare(elements[-1][0].value))
        for i, (element, more) in enumerate(elements):
            if more:
                open_.append(more)
            last = run.last_only if i == len(elements) - 1 else None
            unit = _unit(element, last[0] if last else run.role, last[1] if last else run.word)
            shares = "部门" in run.text.value and unit is not None and not is_body(unit.surface.value)
            if unit is not None and shares and (departments or is_body(unit.surface.value + "部门")):
                unit = replace(unit, canonical=unit.surface.value + "部门")  # 财政、税务等部门
            if unit is not None:
                found.append(unit)
                if unit.role_word is not None and _TOGETHER.match(unit.role_word.value):
                    found[before:] = [replace(one, role=unit.role, role_word=unit.role_word) for one in found[before:]]
    return replace(_sorted(_restored(found, prefix, known)), open=tuple(open_))


def _sorted(found: Iterable[Unit]) -> Names:
    """What is a unit, each once, who is a person, and what is neither."""
    kept: list[Unit] = []
    people: list[Text] = []
    strange: list[Text] = []
    seen: set[tuple[str, str, str | None]] = set()
    for unit in found:
        if _is_accepted(unit):
            listed = next((i for i, one in enumerate(kept) if one.surface.value == unit.surface.value and one.role == "responsible"), None)
            if unit.role == "lead" and listed is not None and kept[listed].role_word is None:
                kept[listed] = replace(kept[listed], role="lead", role_word=unit.role_word)  # A、B，由A牵头
                continue
            if (unit.surface.value, unit.role, unit.canonical) in seen:
                continue
            seen.add((unit.surface.value, unit.role, unit.canonical))
            kept.append(replace(unit, order=len(kept) + 1))
        elif (aside := _ASIDE.search(fold(unit.surface.value))) and is_body(fold(unit.surface.value)[: aside.start()]):
            kept.append(replace(unit, surface=unit.surface[: aside.start()], canonical=None, order=len(kept) + 1))
            strange.append(unit.surface[aside.start() : aside.end()])
        elif is_person(unit.surface) and not (unit.canonical or "").endswith("部门"):
            people.append(unit.surface)
        else:
            strange.append(unit.surface)
    return Names(tuple(kept), tuple(people), tuple(strange))


def _is_accepted(unit: Unit) -> bool:
    """Whether the printed name is that of a body; one that leaves out its ending is read with the ending of its list."""
    value = fold(unit.surface.value)
    if _PERSON_LIKE.fullmatch(value):
        return False
    if unit.collective or is_body(value):
        return True
    return unit.canonical is not None and not has_clause(bare(value)) and is_body(unit.canonical)


def is_asserted(value: str) -> bool:
    """Whether a name alone in a unit cell is asserted as a unit.

    >>> is_asserted("市科技局"), is_asserted("不再单独列出"), is_asserted("赵文科")
    (True, False, False)
    """
    return _is_accepted(Unit(Text.at_offset(value, 0), 0))


def is_unit(value: str) -> bool:
    """Whether a name is that of a body or of several."""
    return is_body(value)


def is_person(name: Text) -> bool:
    """Whether a name is that of a person: a family name and one or two characters, and no body's name."""
    if re.search("[委局厅站所股队室处馆院]$|..办$", name.value):  # 林站: an office, though no whole name
        return False
    return bool(_PERSON.fullmatch(name.value)) and (bool(_PERSON_LIKE.fullmatch(name.value)) or not is_body(name.value))


def people(text: Text) -> Iterator[Text]:
    """The leaders named in a cell or line: parted by 、, breaks or wide blanks; a single blank stands inside a name."""
    for part in pieces(text, re.compile(r"[、,;/\n]|(?<!^\S)(?<![、,;/\n]\S)\s{2,}|(?<=^\S)\s{2,}(?=\S\S)")):
        tokens = part.value.split()
        if _SPREAD.fullmatch(part.value.strip()) and _PERSON.fullmatch("".join(tokens)[:2]) and len(tokens) > 2:
            yield from (squeeze(part.strip()[i : i + 3]) for i in range(0, len(part.strip()), 3))  # 陆 明俞 悦
            continue
        if len(tokens) > 1 and all(2 <= len(token) <= 3 and _PERSON.fullmatch(token) for token in tokens):
            yield from (squeeze(one) for one in pieces(part, re.compile(r"\s+")) if one.value.strip())
            continue
        name = squeeze(part)
        post = re.search(r"[(（][^()（）]*[)）]$", name.value)
        if post is not None and post.start():
            name = name[: post.start()]
        if name and fold(name.value) not in ("-", "--", "/", "无"):
            yield name


def _elements(run: Text) -> Iterator[Text]:
    """The printed names of a run."""
    folded = fold(run.value)
    fixed = [match.span() for match in _FIXED.finditer(folded)]
    cuts: list[tuple[int, int]] = []
    depth = 0
    for i, character in enumerate(folded):
        depth += (character in "([") - (character in ")]")
        if depth > 0 or any(a <= i < b for a, b in fixed):
            continue
        if (
            character in "、,;/|"
            or (character == "." and not folded[i - 1 : i].isascii())
            or (character.isspace() and _parts_names(folded, i, cuts))
        ):
            cuts.append((i, i + 1))
        elif i and _meets_name(folded, cuts[-1][1] if cuts else 0, i):
            cuts.append((i, i))
        elif (
            character == "会"
            and folded[i - 1 : i] in ("处", "科", "股", "局", "厅")
            and _meets_partner(folded, cuts[-1][1] if cuts else 0, i)
        ) or (character == ":" and is_collective(bare(folded[cuts[-1][1] if cuts else 0 : i]))):
            cuts.append((i, i + 1))
        elif character == "各" and _TIGHT.search(folded[max(cuts[-1][1] if cuts else 0, i - _LONGEST) : i]):
            cuts.append((i, i))
        elif character in "和及与":
            width = 1
            start = i - 1 if character == "及" and folded[i - 1 : i] == "以" else i
            if _joins_names(folded, cuts[-1][1] if cuts else 0, start, i + width):
                cuts.append((start, i + width))
    edges = [(0, 0), *cuts, (len(run), len(run))]
    for (_, start), (end, _) in pairwise(edges):
        element = squeeze(run[start:end])
        if element:
            yield element


def _is_run_together(folded: str, start: int, i: int) -> bool:
    """Whether two names of the lexicon meet without a mark between them: 县城管局县住建局."""
    left = folded[start:i].strip()
    right = re.split(r"[、,;\s]", folded[i : i + _LONGEST], maxsplit=1)[0]
    ends = (n for n in range(3, len(right) + 1) if n == len(right) or right[n] in "省市县区")
    return len(left) > 2 and has_function(left) and any(has_function(right[:n]) for n in ends)


def _meets_name(folded: str, start: int, i: int) -> bool:
    """Whether another name begins at a place without a mark before it."""
    if folded[i] in "省市县区" and _is_run_together(folded, start, i):
        return True
    return folded[i - 1] in "所站科股" and _are_siblings(folded, start, i)


def _meets_partner(folded: str, start: int, i: int) -> bool:
    """Whether 会 stands for 会同 between two offices: 宣传处会办公室."""
    right = re.split(r"[、,;\s]", folded[i + 1 : i + _LONGEST], maxsplit=1)[0]
    return is_body(folded[start:i].strip()) and len(right) > 2 and is_body(right)


def _are_siblings(folded: str, start: int, i: int) -> bool:
    """Whether two offices of one kind meet without a mark between them, none of which is a part of the other: 派出所司法所."""
    left = folded[start:i].strip()
    right = re.split(r"[、,;\s]", folded[i : i + _LONGEST], maxsplit=1)[0]
    return len(left) > 2 and right[-1:] == left[-1] and right[:-1].find(left[-1]) < 0 and is_body(left) and is_body(right)


def _parts_names(folded: str, i: int, cuts: list[tuple[int, int]]) -> bool:
    """Whether a blank or a line break stands between two names and not inside one."""
    left = folded[max(cuts[-1][1] if cuts else 0, i - _LONGEST) : i].strip(" \n★☆▲△※*")
    right = re.split(r"[、,;\s]", folded[i : i + _LONGEST].strip(), maxsplit=1)[0]
    if folded[i] == "\n" and _PERSON.fullmatch(left) and _PERSON.fullmatch(right):
        return True
    return len(left) > 1 and len(right) > 1 and (is_body(_named(left)) or "★" in right)


def _joins_names(folded: str, start: int, i: int, after: int) -> bool:
    """Whether 和, 及 or 与 stands between two names, and is not the first character of a place: 市公安局和平分局."""
    if _begins_with_place(folded, i):
        return False
    left = folded[max(start, i - _LONGEST) : i].strip()
    right = re.split(r"[、,;\s]", folded[after : after + _LONGEST].strip(), maxsplit=1)[0]
    closed = bool(_ETC.search(left))
    if left.startswith("各") and not closed and not _PREFIX.match(right) and len(right) <= 6:
        return False
    if left.endswith("委") and right in ("管委会", "管理委员会", "人民政府", "政府"):
        return False  # 高新区党工委和管委会: both are of the place before them
    left = _named(_ETC.sub("", left))
    more = left.find("等", 1)
    left = left[more + 1 :] if more > 0 and is_collective(bare(left[more + 1 :])) else left  # 能源局等省有关部门和各市政府
    return len(left) > 1 and len(right) > 1 and is_body(left) and _begins_with_body(right)


def _begins_with_place(folded: str, i: int) -> bool:
    """Whether a place is named from here on, with what makes a place of it: 和平区, 和平分局."""
    return any(folded[i : i + n] in all_short_names() and _SEAT.match(folded, i + n) for n in (2, 3, 4))


def _begins_with_body(value: str) -> bool:
    """Whether the words after 和 are a body, or a list of them: 各县(市、区)人民政府, 市水利局等."""
    whole = value + ")" if value.count("(") > value.count(")") else value
    plain = _ETC.sub("", _named(whole))
    return is_body(plain) or is_body(re.split("和|及|与", plain, maxsplit=1)[0])


def _named(value: str) -> str:
    """The name without what stands in brackets after it."""
    return re.sub(r"\([^()]*\)$", "", value)


def _closed(element: Text) -> Iterator[tuple[Text, Text]]:
    """A name without the 等 after it, and that 等; what it names besides (等有关部门) is a name of its own."""
    folded = fold(element.value)
    etc = None if _FIXED.fullmatch(folded) else _ETC.search(folded)
    at = folded.find("等", 1)
    if etc is None and at > 0 and is_body(folded[:at]) and is_collective(bare(folded[at + 1 :])):
        yield element[:at], element[at : at + 1]
        yield element[at + 1 : len(element)], Text("", ())
        return
    if etc is None or not etc.start() or is_body(folded):
        yield element, Text("", ())
        return
    yield element[: etc.start()], element[etc.start() : etc.start() + 1]
    rest = etc["rest"] or ""
    plain = re.sub("^(?:以及|和|及|与)", "", rest)
    if etc["which"] in ("有关", "相关", "各") or (plain and is_collective(plain)):
        yield element[len(element) - len(plain) : len(element)], Text("", ())


def _unit(element: Text, role: str, word: Text | None) -> Unit | None:
    name = element.strip(" .。:：;；")
    folded = fold(name.value)
    star = _STAR.search(folded)
    if star is not None:
        role, word = "lead", name[star.start() : star.end()].strip()
        name = name[star.end() :] if star.start() == 0 else name[: star.start()]
    lead_in = None if _begins_with_place(fold(name.value), 0) else _LEAD_IN.match(fold(name.value))
    if lead_in is not None and is_body(_named(fold(name.value[lead_in.end() :]))):
        name = name[lead_in.end() : len(name)]
    marked = _ROLE_MARK.search(fold(name.value))
    if marked is not None:
        role = role_of(marked["word"]) or role
        word = name[marked.start("word") : marked.end("word")]
        name = name[: marked.start()]
    if not name or fold(name.value) in ("等", "单位", "部门", "无", "-", "/", "有关"):
        return None
    if _FIXED.fullmatch(fold(name.value)) or is_collective(bare(name.value)):
        return Unit(name, 0, role, collective=True, role_word=word)
    name, alias = _alias(name)
    return Unit(name, 0, role, alias=alias, role_word=word)


def _alias(name: Text) -> tuple[Text, str | None]:
    """A second name in brackets at the end: 区发改局（区金融办）."""
    match = re.fullmatch(r"(?P<name>[^()]+)\((?P<alias>[^()]+)\)", fold(name.value))
    if match is None or "、" in match["alias"] or not is_body(match["name"]) or len(match["alias"]) < 3:
        return name, None
    if not _OFFICE.search(match["alias"]) or match["name"].startswith(("各", "有关", "相关")):
        return name, None
    return name[: match.end("name")], name.value[match.start("alias") : match.end("alias")]


def _restored(found: list[Unit], prefix: str, known: Mapping[str, str]) -> tuple[Unit, ...]:
    """The units with the prefix or the ending that the list leaves out."""
    carried = ""
    forward: list[Unit] = []
    for unit in found:
        value = fold(unit.surface.value)
        own = _PREFIX.match(value)
        if own is not None and not unit.collective:
            carried = own.group()
        bare_office = own is None and bool(carried or prefix) and _takes_prefix(unit, value)
        forward.append(replace(unit, canonical=(carried or prefix) + unit.surface.value) if bare_office else unit)
    ending = ""
    backward: list[Unit] = []
    for unit in reversed(forward):
        full, ending = _ended(unit, ending, known)
        backward.append(full)
    return tuple(reversed(backward))


def _ended(unit: Unit, ending: str, known: Mapping[str, str]) -> tuple[Unit, str]:
    """The unit with the ending that the units after it share, and the ending that it hands on."""
    value = unit.surface.value
    etc = _ETC_PLACE.search(fold(value))
    if etc is not None:
        shared = value[etc.end() :]
        return replace(unit, surface=unit.surface[: etc.start()], canonical=value[: etc.start()] + shared, collective=False), shared
    if unit.collective:
        return unit, ""
    if match := _SEATED.search(value):
        return unit, match.group()
    if not ending:
        return unit, ""
    if value in known:
        return replace(unit, canonical=known[value] + re.sub(r"^(?:市|区|县|州|盟|旗)", "", ending)), ending
    if value in all_short_names() or (_SHORT_PLACE.fullmatch(value) and not is_body(value) and not has_clause(value)):
        return replace(unit, canonical=value + ending), ending
    if re.search(r"(?:市|区|县|州|盟|旗)$", value):
        return replace(unit, canonical=value + re.sub(r"^(?:市|区|县|州|盟|旗)", "", ending)), ending
    return unit, ""


def _takes_prefix(unit: Unit, value: str) -> bool:
    if unit.collective or not _OFFICE.search(value) or _VERTICAL.search(value):
        return False
    if _NATIONAL.search(value):
        return False
    return not any(value.startswith(name) for name in short_names())
