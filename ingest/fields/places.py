"""Names in a text -> places of the official divisions (GB/T 2260) below the place that issued the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.fields.folding import fold
from ingest.model.document import Text
from ingest.model.records import PlaceName, Unit

_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|新区|林区|特区|矿区|地区|省|市|区|县|盟|旗)$")
_PEOPLES = (
    "壮 满 回 苗 彝 侗 瑶 白 傣 黎 佤 畲 水 土 羌 怒 京 藏 各 土家 蒙古 布依 哈尼 朝鲜 傈僳 仡佬 东乡 拉祜 纳西 景颇 仫佬 布朗 "
    "撒拉 毛南 阿昌 普米 保安 裕固 独龙 门巴 珞巴 基诺 德昂 高山 赫哲 哈萨克 维吾尔 达斡尔 鄂温克 俄罗斯 塔塔尔 鄂伦春 "
    "柯尔克孜 塔吉克 锡伯 乌孜别克"
)
_LONGEST_FIRST = "|".join(sorted(_PEOPLES.split(), key=len, reverse=True))
# 族 is left out after some names: 巴音郭楞蒙古自治州, but 长白朝鲜族自治县. A division may be named by its people alone: 东乡族自治县.
_NATION = re.compile(
    rf"(?<=.)(?:(?:{_LONGEST_FIRST})族)+(?=自治)"
    rf"|(?<=.)(?:蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)(?:{_LONGEST_FIRST}族)*(?=自治[州县旗])|维吾尔(?=自治)"
)
_LONGER = (
    "湾|港|机场|大学|学院|海关|银行|供电|电网|证监|证券|交易所|公司|集团|都市圈|城市群|"
    "大桥|高铁|站|海事|铁路局|分行|科技城|工业园|国际|路|街(?!道)|寺|门"
)
_GOVERNMENT = re.compile(r"政府|区$|县$|市$|州$|盟$|旗$")


@dataclass(frozen=True, slots=True)
class Division:
    """One division: its code, its name, the names it is called by without its suffix."""

    code: str
    name: str

    @property
    def level(self) -> str:
        """province, city or county."""
        return "province" if self.code.endswith("0000") else "city" if self.code.endswith("00") else "county"

    @property
    def short(self) -> str:
        """The name without its suffix and without the peoples named in it: 恩施土家族苗族自治州 is 恩施."""
        plain = _NATION.sub("", self.name)
        stem = _SUFFIX.sub("", plain).removesuffix("族")
        return stem if len(stem) >= 2 else self.name

    @property
    def names(self) -> frozenset[str]:
        """The names it is printed by in full: 恩施土家族苗族自治州, 恩施自治州, 恩施州."""
        plain = _NATION.sub("", self.name)
        brief = re.sub(r"自治(?=[州县旗]$)", "", plain)
        return frozenset((self.name, plain, brief if len(brief) > 2 else self.name))

    @property
    def prefix(self) -> str:
        """What offices of this place print before their names: 省, 自治区, 市, 区, 县 ..."""
        match = re.search(r"(?:自治区|省|市|区|县|州|盟|旗)$", self.name)
        return match.group() if match else ""


@cache
def divisions() -> Mapping[str, Division]:
    """All divisions by code."""
    lines = files("ingest.divisions").joinpath("divisions.tsv").read_text(encoding="utf-8").splitlines()
    return {code: Division(code, name) for code, name in (line.split("\t") for line in lines)}


@cache
def _named() -> Mapping[str, tuple[Division, ...]]:
    named: dict[str, tuple[Division, ...]] = {}
    for division in divisions().values():
        for name in division.names:
            named[name] = (*named.get(name, ()), division)
    return named


@cache
def division_names() -> Mapping[str, str]:
    """Every full name of a division with its code; of namesakes the first, which is the wider."""
    return {name: found[0].code for name, found in _named().items() if len(name) > 2}


@cache
def short_names() -> frozenset[str]:
    """The short names of provinces and cities: what an agency of a place may begin with."""
    return frozenset(d.short for d in divisions().values() if d.level != "county")


@cache
def all_short_names() -> frozenset[str]:
    """The short names of all divisions."""
    return frozenset(d.short for d in divisions().values() if d.short != d.name)


def jurisdiction(name: str, hints: str = "") -> Division | None:
    """The place whose name an issuer or a title begins with; among namesakes the one whose city or province the hints name.

    >>> jurisdiction("苏州市低空经济发展工作领导小组办公室").code
    '320500'
    """
    found: Division | None = None
    rest = fold(name).removeprefix("中共")
    while True:
        step = next((rest[:n] for n in range(min(12, len(rest)), 1, -1) if rest[:n] in _named()), None)
        if step is None:
            return found
        options = [d for d in _named()[step] if found is None or is_below(d, found)]
        if not options:
            return found
        found = options[0] if len(options) == 1 else _likeliest(options, hints)
        if found is None:
            return None
        rest = rest[len(step) :]


def _likeliest(options: Iterable[Division], hints: str) -> Division | None:
    """Of several divisions of one name the only one whose superior the document names."""
    named = [d for d in options if any(wider.name in hints for wider in lineage(d)[:-1])]
    return named[0] if len(named) == 1 else None


def above(division: Division) -> Division | None:
    """The division of the next level up that a division lies in: the city of a county, or the province of a city or of a county
    that is under no city.

    >>> [above(divisions()[code]).name for code in ("320583", "320500", "429004", "310115")]
    ['苏州市', '江苏省', '湖北省', '上海市']
    """
    wider = (f"{division.code[:4]}00", f"{division.code[:2]}0000")
    return next((divisions()[code] for code in wider if code != division.code and code in divisions()), None)


def lineage(division: Division) -> tuple[Division, ...]:
    """A division and all that it lies in, the province first: what tells namesakes apart."""
    wider = above(division)
    return (*(lineage(wider) if wider is not None else ()), division)


def is_below(division: Division, above: Division) -> bool:
    """Whether a division lies within another."""
    stem = above.code.rstrip("0")
    width = 2 if above.level == "province" else 4 if above.level == "city" else 6
    return division.code != above.code and division.code.startswith(stem.ljust(width, "0")[:width])


def subordinates(above: Division | None) -> tuple[Division, ...]:
    """The next level down: districts of a city, cities of a province, provinces and cities of the country."""
    table = divisions().values()
    if above is None:
        return tuple(d for d in table if d.level != "county")
    if above.level == "province":
        inside = [d for d in table if is_below(d, above)]
        cities = [d for d in inside if d.level == "city" or d.code[2] == "9"]
        return tuple(cities if any(d.level == "city" for d in cities) else inside)
    return tuple(d for d in table if is_below(d, above)) if above.level == "city" else ()


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The subordinate places of one issuer, ready to be looked for."""

    full: Mapping[str, Division]
    short: Mapping[str, Division]
    pattern: re.Pattern[str]
    listed: re.Pattern[str]
    free: re.Pattern[str] | None


@cache
def gazetteer(above: Division | None) -> Gazetteer:
    """What to look for in the documents of an issuer."""
    below = subordinates(above)
    full = {name: d for d in below for name in d.names}
    short = {d.short: d for d in below if d.short != d.name}
    names = _alternatives([name for name in full if len(name) > 2]) or "(?!)"
    shorts = _alternatives(short) or "(?!)"
    either = f"(?:{names}|{shorts})"
    listed = re.compile(
        rf"{either}(?:[、和及与]{either})*(?=等?(?:[0-9一二三四五六七八九十]{{1,2}}个?)?(?:市区|区县|县区|区|县|市|州)(?![域级场政]))"
    )
    cities = {name for name, d in short.items() if d.level != "county" or d.code[2] == "9"}
    free = re.compile(rf"(?:{_alternatives(cities)})(?!{_LONGER})") if cities else None
    return Gazetteer(full, short, re.compile(names), listed, free)


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)))


_NAMED = re.compile(
    r"[^,。;:、()\s]{0,14}?(?:大学|学院|中学|小学|学校|幼儿园|医院|公司|集团|银行|[局委厅]|办公室|研究院|研究所|研究中心|(?:协|学|研究|联合|促进|商|总)会|联盟|基金会|博物馆|图书馆|"
    r"警备区|军分区|武装部|部队|[总支大]队|监狱|法院|检察院|海关|"
    r"论坛|大赛|比赛|杯|博览会|展览会|艺术节|文化节|马拉松|日报|晚报|电视台|机场|大道|大桥|高铁站|火车站|模式|经验|倡议|宣言|共识|号)"
)
_DEED = re.compile(
    r"建设|打造|推进|推动|开展|举办|设立|布局|创建|形成|实施|完善|新建|建成|发展|落户|成立|组建|引进|支持|加快|提升|承办|试点|新增|改造|等|和|与|及|的"
)
_QUOTED = re.compile(r"“[^”]{1,30}”|《[^》]{1,120}》|「[^」]{1,30}」")
_CALL = re.compile(
    r"(?:赢在|爱在|游在|学在|住在|食在|乐在|享在|创在|智在|约会|畅游|乐游|遇见|发现|幸福|美丽|平安|健康|诚信|信用|数字|智慧|文明|魅力|活力|绿色|清廉|法治)$"
)


def _in_a_name(value: str, start: int, end: int) -> bool:
    """Whether the place is a piece of another name: of a body, a school, a contest, a slogan, or something in marks.

    >>> _in_a_name("办好赢在广州大赛", 4, 6), _in_a_name("在广州建设研究院", 1, 3), _in_a_name("支持“爱购苏州”活动", 5, 7)
    (True, False, True)
    >>> _in_a_name("与南昌警备区共建", 1, 3), _in_a_name("邀请延安精神研究会", 2, 4), _in_a_name("在南昌组建志愿大队", 1, 3)
    (True, True, False)
    """
    if any(match.start() < start and end < match.end() for match in _QUOTED.finditer(value)) or _CALL.search(value[:start]):
        return True
    named = _NAMED.match(value, end)
    return named is not None and not _DEED.search(named.group()) and not named.group().startswith(("区", "市", "县"))


def places_in(text: Text, part: str, known: Gazetteer) -> Iterator[PlaceName]:
    """The subordinate places a task's text names, in full, in an enumeration (浦东、静安等区), or by the short name of a city."""
    value = fold(text.value)
    taken: list[tuple[int, int]] = []
    for match in known.pattern.finditer(value):
        taken.append(match.span())
        if not _in_a_name(value, match.start(), match.end()):
            yield _place(text, match.start(), match.end(), part, known.full[match.group()])
    for match in known.listed.finditer(value):
        for name in re.finditer(_alternatives({**known.short, **known.full}), match.group()):
            start, end = match.start() + name.start(), match.start() + name.end()
            if not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                division = known.short.get(name.group()) or known.full[name.group()]
                yield _place(text, start, end, part, division)
    if known.free is None:
        return
    for match in known.free.finditer(value):
        inside = any(a < match.end() and match.start() < b for a, b in taken)
        if not inside and not _in_a_name(value, match.start(), match.end()):
            yield _place(text, match.start(), match.end(), part, known.short[match.group()])


_LEVELS = {
    "省": "[本我全]省",
    "市": "[本我全]市",
    "区": "[本我全]区",
    "县": "[本我全]县",
    "州": "[本我全]州",
    "盟": "[本我全]盟",
    "旗": "[本我全]旗",
}
_HERE = re.compile("|".join(_LEVELS.values()))
_NO_PLACE = re.compile(
    r"完全|安全|健全|齐全|保全|基本|成本|资本|样本|根本|版本|日本|自我|大我"
    r"|[本我全](?:市场|市值|市盈|市面|市政|区域|区间|区块|区别|省心|省略|省力|州际|盟友|县域|旗下|旗舰)"
)
"""What looks like 本市, 全区 ... and is no place: 完全市场化, 成本区间, 安全区, 全市场."""
_ABBREVIATIONS = {
    **{"京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "辽": "21", "吉": "22", "黑": "23", "沪": "31", "苏": "32", "浙": "33"},
    **{"皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41", "鄂": "42", "湘": "43", "粤": "44", "桂": "45", "琼": "46", "渝": "50"},
    **{"川": "51", "黔": "52", "滇": "53", "藏": "54", "陕": "61", "甘": "62", "青": "63", "宁": "64", "新": "65"},
}
"""The one-character name of a province, and how its codes begin."""


def places_here(text: Text, part: str, place: Division | None) -> Iterator[PlaceName]:
    """Where a text says the place that issued it without its name: 本市, 我市, 全市, or 在沪 (its province by the one-character name).

    >>> home = divisions()["310000"]
    >>> [found.surface.value for found in places_here(Text.at_offset("支持全市企业，来沪发展，完善安全市场", 0), "text", home)]
    ['全市', '沪']
    """
    if place is None:
        return
    value = fold(text.value)
    hidden = [match.span() for match in _NO_PLACE.finditer(value)]
    for match in _HERE.finditer(value):
        if match.group()[1] == place.prefix[-1:] and not any(a < match.end() and match.start() < b for a, b in hidden):
            yield _place(text, match.start(), match.end(), part, place)
    province = lineage(place)[0]
    short = next((name for name, code in _ABBREVIATIONS.items() if province.code.startswith(code)), "")
    for match in re.finditer(rf"(?<=[在来驻赴留离])[{short}](?![一-龥]{{0,2}}(?:剧|菜|绣))" if short else "(?!)", value):
        yield _place(text, match.start(), match.end(), part, province)


def places_of(units: Iterable[Unit], known: Gazetteer) -> Iterator[PlaceName]:
    """The subordinate places that unit names hold: 昆山市政府, 广州 (for 广州市政府), 静安区."""
    for unit in units:
        if unit.collective:
            continue
        value = fold(unit.surface.value)
        match = known.pattern.search(value)
        # 国网湖北省电力公司 is no office of the province's, 国家税务总局昆山市税务局 one at its place.
        if match is not None and re.fullmatch("(?:中共|国家.{2,6}总局)?", value[: match.start()]):
            yield _place(unit.surface, match.start(), match.end(), "units", known.full[match.group()])
            continue
        short = value if value in known.short else None
        if short is not None or (unit.canonical and _GOVERNMENT.search(unit.canonical)):
            name = next((n for n in known.full if unit.canonical and unit.canonical.startswith(n)), None)
            division = known.full[name] if name else known.short.get(short or "")
            if division is not None:
                yield _place(unit.surface, 0, len(unit.surface), "units", division)


def _place(text: Text, start: int, end: int, part: str, division: Division) -> PlaceName:
    return PlaceName(text[start:end], part, division.name, division.code)
