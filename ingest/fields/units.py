"""Runs of unit names -> one Unit a printed name, in order, with its role and what it leaves out restored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from ingest.fields.folding import fold, pieces, squeeze
from ingest.fields.places import all_short_names, short_names
from ingest.fields.roles import RoleRun, role_of
from ingest.model.document import Text
from ingest.model.records import Unit

_BODY = (
    "局|委|办|厅|部|院|会|室|处|署|行|政府|公司|集团|中心|站|所|队|海关|学校|大学|校|协会|联盟|园区|园|开发区|新区|街道|镇|乡|村|区|县|市|州|盟|旗|组|专班|馆|台|社|"
    "企业|高校|机构|单位|部门|平台|联社|银行|总行|分局|厂|基地|示范区|试验区|保税区|自贸区|功能区|商务区|片区|度假区|景区|港|场|库|网|库区|办事处|法庭|军区|支部|党组|联|协|地方|各地|镇街"
)
_LIKE = re.compile(rf"(?:{_BODY})$")
_LONGEST = 60  # characters of the longest unit name
_LEVEL = "(?:直管市|直管县|省|市|区|县|州|盟|旗|镇|乡|街道|市州|区县|县区|县市|市县|市区|镇街|乡镇|平台|园区|开发区|功能区|地)"
_BRACKET = r"(?:\([^()]{1,12}\))"
# Names that hold a separator and are one body: 各区、县（市）政府; 各镇、街道; 各地、各有关部门.
_FIXED = re.compile(
    rf"各(?:有关|相关)?{_LEVEL}{_BRACKET}?(?:[、和及]{_LEVEL}{_BRACKET}?)+级?(?:人民政府|政府|党委|管委会|办事处|街道办事处|有关部门|部门)?"
    r"|各地(?:区|方)?、各(?:有关|相关)?(?:部门|单位)(?:、各(?:有关|相关)?单位)?"
    rf"|(?:相关|有关){_LEVEL}(?:[、和]{_LEVEL})+(?:人民政府|政府|管委会)?"
)
_COLLECTIVE = re.compile(
    r"^(?:各|相关|有关|全体|所有|其他|其它|在.{1,4}(?:高校|企业|单位|院校|机构))"
    r"|^(?:全|本)?[省市区县州]{0,2}(?:级|直|属)?(?:各|有关|相关|直各|级各|直有关|级有关|直相关|级相关)(?:有关|相关|直属)?(?:部门|单位|企业|委办局|高校|院所|区|县|市|镇|街道|成员单位|行业主管部门|国有企业)"
    r"|(?:各|有关|相关|成员)(?:市直|市级|省级|区级|职能|主管|行业主管|责任|成员|业务)?(?:部门|单位|企业|高校|院校|科研院所|机构|区|县|市|镇|乡|街道|园区)$|^(?:市直|市级|省直|省级|区直|区级|县直|镇街|行业主管)(?:各)?(?:部门|单位|企业)?$"
)
_ETC = re.compile(
    r"等(?:\d+|[一二三四五六七八九十]+)?(?:个|家)?(?:市级|市直|省级|区级)?(?:有关|相关|责任|成员)?(?:单位|部门|企业|委办局)?$"
)
_ETC_PLACE = re.compile(r"等(?:\d+|[一二三四五六七八九十]+)?个?(?=(?:市|区|县|州|区县|县区|地)(?:人民政府|政府|管委会|政府\(管委会\))?$)")
_ROLE_MARK = re.compile(r"\((?P<word>[^()]{2,6})\)$")
_TIGHT = re.compile(r".{2,}[局委办厅院司]$")  # 县税务局各乡镇: no name goes on like this
_TOGETHER = re.compile("共同|联合")
_STAR = re.compile(r"^[★☆▲△※*]+\s*|\s*[★☆▲△※*]+$")
_LEAD_IN = re.compile(r"^(?:由|以及|及|和|与|并|其中|包括|另|同时)(?=.{2})")
_PREFIX = re.compile(r"^(?:自治区|兵团|省|市(?!场|政(?!府)|容|民(?!政|宗|族|营|防|革)|域|际)|区(?!域|块)|县(?!域)|州|盟|旗)(?=..)")
_OFFICE = re.compile(r"(?:局|委|办|厅|委员会|办公室|总队|支队|大队|中心|协会|联合会|院|处|研究院|分局|室|部|联|科协|工会)$")
_VERTICAL = re.compile(
    r"海关|银行|银监|国网|电网|供电|电力|铁路|民航|税务|海事|监管局$|证监|专员办|通信管理局|邮政管理局|移动|联通|电信|石油|石化|出入境|边检|人行|国家|中国|全国|中央|集团|公司|企业|大学|学院|高校|医院|法院|检察院|管委|^团[省市区县州]|开发区|经开|高新|园区|新区|街道|乡镇|镇$|乡$|行业"
)
# Ministries and general administrations; the departments of the Party are at every level.
_NATIONAL = re.compile(r"(?<!宣传)(?<!组织)(?<!统战)(?<!武装)(?<!工作)部$|总局$")
_SEATED = re.compile(r"(?:市|区|县|州|盟|旗)(?:人民)?(?:政府|管委会|党委|委|级部门)$")
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


def units(runs: Iterable[RoleRun], prefix: str = "", known: Mapping[str, str] = MappingProxyType({})) -> Names:
    """The units of all runs in printed order; ``prefix`` (省, 市, 区 ...) is what offices of the issuer's place begin with,
    ``known`` the full names of its subordinate places by their short ones."""
    found: list[Unit] = []
    for run in runs:
        elements = list(_elements(run.text))
        before = len(found)
        for i, element in enumerate(elements):
            last = run.last_only if i == len(elements) - 1 else None
            unit = _unit(element, last[0] if last else run.role, last[1] if last else run.word)
            if unit is not None:
                found.append(unit)
                if unit.role_word is not None and _TOGETHER.match(unit.role_word.value):
                    found[before:] = [replace(one, role=unit.role, role_word=unit.role_word) for one in found[before:]]
    kept: list[Unit] = []
    people: list[Text] = []
    strange: list[Text] = []
    for unit in _restored(found, prefix, known):
        if unit.canonical is None and is_person(unit.surface):
            people.append(unit.surface)
        elif unit.canonical is None and not unit.collective and len(unit.surface) < 3 and not _is_known(unit.surface.value):
            strange.append(unit.surface)
        else:
            kept.append(replace(unit, order=len(kept) + 1))
    return Names(tuple(kept), tuple(people), tuple(strange))


def _is_known(value: str) -> bool:
    return is_unit(value) or value in all_short_names()


def is_unit(value: str) -> bool:
    """Whether a name ends like a body's name."""
    return bool(_LIKE.search(re.sub(r"\([^()]*\)$", "", fold(value))))


def is_person(name: Text) -> bool:
    """Whether a name is that of a person: a family name and one or two characters, and no body's ending."""
    return bool(_PERSON.fullmatch(name.value)) and not _is_known(name.value)


def people(text: Text) -> Iterator[Text]:
    """The leaders named in a cell or line: parted by 、, breaks or wide blanks; a single blank stands inside a name."""
    for part in pieces(text, re.compile(r"[、,;/\n]|\s{2,}")):
        name = squeeze(part)
        post = re.search(r"[(（][^()（）]*[)）]$", name.value)
        if post is not None and post.start():
            name = name[: post.start()]
        if name:
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


def _parts_names(folded: str, i: int, cuts: list[tuple[int, int]]) -> bool:
    """Whether a blank or a line break stands between two names and not inside one."""
    left = folded[max(cuts[-1][1] if cuts else 0, i - _LONGEST) : i].strip(" \n★☆▲△※*")
    right = re.split(r"[、,;\s]", folded[i : i + _LONGEST].strip(), maxsplit=1)[0]
    return len(left) > 1 and len(right) > 1 and bool(_LIKE.search(re.sub(r"\([^()]*\)$", "", left)) or "★" in right)


def _joins_names(folded: str, start: int, i: int, after: int) -> bool:
    left = folded[max(start, i - _LONGEST) : i].strip()
    right = re.split(r"[、,;\s]", folded[after : after + _LONGEST].strip(), maxsplit=1)[0]
    if left.startswith("各") and not _PREFIX.match(right) and len(right) <= 6:
        return False
    left = re.sub(r"\([^()]*\)$", "", left)
    return len(left) > 2 and len(right) > 1 and bool(_LIKE.search(left)) and bool(_LIKE.search(re.sub(r"\([^()]*\)$", "", right)))


def _unit(element: Text, role: str, word: Text | None) -> Unit | None:
    name = element.strip(" .。:：;；")
    folded = fold(name.value)
    star = _STAR.search(folded)
    if star is not None:
        role, word = "lead", name[star.start() : star.end()].strip()
        name = name[star.end() :] if star.start() == 0 else name[: star.start()]
    for pattern in (_LEAD_IN,):
        match = pattern.match(fold(name.value))
        if match is not None and is_unit(name.value[match.end() :]):
            name = name[match.end() : len(name)]
    marked = _ROLE_MARK.search(fold(name.value))
    if marked is not None and re.fullmatch(
        r"(?:共同|联合)?(?:牵头|主责|主办|配合|协办|协同|参与|参加|指导|负责|责任)(?:单位|部门)?", marked["word"]
    ):
        role = role_of(marked["word"]) or role
        word = name[marked.start("word") : marked.end("word")]
        name = name[: marked.start()]
    collective = bool(_COLLECTIVE.search(fold(name.value)) or _FIXED.fullmatch(fold(name.value)))
    if not collective:
        etc = _ETC.search(fold(name.value))
        if etc is not None:
            name = name[: etc.start()]
    if not name or fold(name.value) in ("等", "单位", "部门", "无", "-", "有关"):
        return None
    name, alias = _alias(name)
    return Unit(name, 0, role, alias=alias, collective=collective, role_word=word)


def _alias(name: Text) -> tuple[Text, str | None]:
    """A second name in brackets at the end: 区发改局（区金融办）."""
    match = re.fullmatch(r"(?P<name>[^()]+)\((?P<alias>[^()]+)\)", fold(name.value))
    if match is None or "、" in match["alias"] or not _LIKE.search(match["name"]) or len(match["alias"]) < 3:
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
    if value in all_short_names() or (not _LIKE.search(fold(value)) and 2 <= len(value) <= 6 and not is_person(unit.surface)):
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
