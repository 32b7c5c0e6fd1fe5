"""A printed name -> the public body it names, by a lexicon and a grammar of names; None where it names none.

A name is read from its end. Either a known function stands there (科技局, 发展改革委, 海关总署) with nothing before it but places,
levels and words of a name, or one of the endings of bodies does (公司, 大学, 中心, 科 ...) after words that can belong to a name.
Words of a clause (以下, 均需, 不再, 适用范围 ...) are in no name. Where a name stands decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ingest.fields.folding import bare
from ingest.fields.places import all_short_names, division_names
from ontology import functions, national_bodies

_LONGEST = 45
_OPEN = frozenset(
    [
        "university",
        "research-institute",
        "hospital",
        "association",
        "state-enterprise",
        "zone-committee",
        "subdistrict",
        "township",
        "village-community",
        "cross-function-office",
        "local-government",
        "party-committee",
        "customs",
    ]
)
"""Functions whose patterns take any words before them: the grammar of names decides there."""

_CHARACTERS = re.compile(r"[\u4e00-\u9fff\u3007A-Za-z0-9·&\-\"“”'()、]+")
_CLAUSE = re.compile(
    r"[的了吗呢们]|以下|以上|下列|上述|下同|同上|统称|简称|适用|范围|不再|不含|不得|单独|列[首第前位出入]|列在|首位|第一位|排[名在第]|[均须]|(?<!军)需|应(?![急用城届税]|对气候)"
    r"|^(?:指导|督促|协调|组织|监督)(?=各|全[省市县区])|按照?(?!揭)|根据|依据|通过|完成|加强|加快|开展|推动|落实|负责|牵头|参与|配合|会同|分别|结合|确保|做好|抓好|实现|提高|提升|促进(?![会局中科处办])|推进(?!办|组|委|领导|工作|会|中心|专班|局|小组|指挥|.*(?:办公室|领导小组|专班|指挥部)$)"
    r"|(?<!自)由|(?<!农)为(?!民|农|老)|是(?!否)|其[中他它余]|或|并|以及|对(?!外|口|台|俄|接)|建成|迁建|扩建|新建(?!区|县)|启动|[12]\d{3}年|\d月|月底|年底|年内|季度|长期|持续|全年|每年|每月|各项(?!目部)|项目$|依托|设立|设在|组建|^在(?=[省市区县全各])|任务|要求|目标|职责|措施|举措|责任(?!有限|单位|部门|主体|区|科室|股室|处室)|时限|方案|清单|问题|情况"
)
"""What no name holds, unless it is one of the lexicon as it stands.

Examples: 以下统称各县区, 不再单独列出, 列首位的, 按职责分工, 12月底前, 加强监管."""

_LEVEL = r"(?:自治区|兵团|市辖区|[省市区县州盟旗镇乡]|街道|全[国省市区县]|国家|中央|中国|中共|国务院|本[省市区县]|国|驻)"
_BEFORE = re.compile(rf"(?:{_LEVEL}|直属?|级|委|(?:人民)?政府|原|直机关|人大|政协|团|\([^()]{{1,8}}\)){{0,4}}")
"""What stands before a function besides places: 市委, 省政府, 中央, 区直 ..."""

_STRONG = (
    "人民政府|政府|委员会|管委会|党工委|工委|党委|党组|党总支|党支部|办公室|办公厅|办事处|街道办|街道|法院|法庭|检察院|检察室|"
    "(?:有限|股份)?公司|集团|大学|学院|学校|[小中]学|幼儿园|党校|医院|卫生院|保健院|卫生室|研究院|研究所|科学院|设计院|规划院|农科院|勘察院|"
    "协会|学会|商会|联合会|促进会|基金会|联盟|总会|公会|工会|妇联|残联|文联|侨联|工商联|作协|科协|记协|"
    "总队|支队|大队|中队|分队|银行|分行|支行|联社|信用社|供销社|合作社|海关|总站|分局|总局|分公司|子公司|"
    "中心|专班|指挥部|领导小组|工作组|联席会议|组委会|联合体|居委会|村委会|博物馆|图书馆|文化馆|档案馆|科技馆|美术馆|纪念馆|体育馆|展览馆|"
    "出版社|报社|杂志社|通讯社|电视台|电台|气象台|总台|融媒体中心|管理站|服务站|派出所|司法所|管理所|事务所|管理处|管理区|"
    "开发区|高新区|经开区|新区|示范区|试验区|保税区|度假区|园区|产业园|工业园|科技园|自贸区|自贸试验区|功能区|商务区|风景区|合作区|聚集区|集聚区|校区|高新园|"
    "农场|林场|牧场|茶场|渔场|水库|电厂|水厂|机场|实验室|企业|高校|院校|科研院所|医疗机构|金融机构|窗口单位|"
    "(?:农商|农发|农信|国开|商业银|工|农|中|建|交|邮储银)行|(?:良种|种畜|原种|园艺|种猪|鱼种|种养)场|苗圃|第?[一二三四五六七八九十]+[中小]|附中|附小|职中|党组织|"
    "防指|三防办|车务段|工务段|电务段|供电段|平台公司|总公司|电网|铁塔|交易所|总部|支部|军分区|武装部|警备区|国动办|武警部队|人武部|军区|办|局|委|厅|署|台办"
)
_WEAK = "部|院|会|室|处|科|股|组|站|所|队|馆|台|社|园|联|协|校|基地"
_SETTLED = "区|县|市|州|盟|旗|镇|乡|村|社区|苏木|团场"
_COUNTED = re.compile(r"(?<!第)\d(?:处|台|室|座|家|个)$|(?<![第\d])\d{1,2}(?:所|站|馆|队|院)$")
"""What ends in a number of things and names none. Examples: 清理卫生死角35处, 改造校舍6所; none: 综合二处, 第3处, 七〇四所."""
_NO_NAME = re.compile(
    r"(?:[县地]级市|[举承主协督交查新创开兴申领补代经包自试筹帮]办|[全内外中东西南北局干]部|社会|机会|年会|大会|展会|晚会|博览会|运动会|发布会|推介会|座谈会|现场会|教室|温室|会议室|"
    r"[好之何到长益短]处|[学本专理工文百]科|重组|机组|词组|(?:加油|充电|换电|基)站|场所|厕所|庭院|剧院|影院|社协|互联|物联|关联|公园|乐园|校园|家园|产业联|"
    r"全[省市区县]|城市|都市|超市|股市|上市|门市|地区|小区|辖区|片区|城区|市区|山区|牧区|灾区|街区|厂区|库区|景区|乡村|农村|城镇|集镇|全域|当地|原委|上级|下级|本级|格局|布局|结局|大局|全局|当局|"
    r"高校|委[托任派]|原则|党员|单位|部门)"
)
"""Words that end like a body and name none."""
_GOVERNING = re.compile("[\u4e00-\u9fff]{2,12}(?:监督|管理|监管|执法|主管)部门")
"""An office by what it governs: 质量技术监督部门, 城市管理部门; none: 销售部门."""

_PLURAL = (
    r"(?:(?:项目|任务)?(?:牵头|主责|配合|参与|承办)(?:单位|部门)|(?:有关|相关|责任|成员|主管|职能|直属|业务|监管|执法|行业主管|行业监管|市直|省直|区直|县直|市级|省级|区级|县级|行政执法)*(?:部门|单位|委办局|机构|科室|处室|股室|企业|企事业单位)"
    r"|国有企业|国企|市属企业|民营企业|中央企业|驻.{1,4}(?:单位|企业|部队)|高校|院校|学校|中小学|幼儿园|科研院所|医院|医疗机构|金融机构|银行|保险机构|协会|行业协会|商会|社会组织|媒体|"
    r"地级?以上市|地级市|县级市|(?:市|县|区|州|盟|旗|省|镇|乡|村|街道|社区|地|自治区|直辖市|管区|园区|平台|功能区|开发区|街镇|镇街|乡镇|县区|区县|市县|县市|市州|市区|新区|农场|林场|办事处|国有公司|国有林场|管理区|示范区|专班|工作组|分局|大队|中队|派出所|党支部|党组织|基层党组织|专项小组|专项组|小组|所|站|委|办|局|厅|部委|政府|人民政府|地方|地区|地方政府)"
    r"(?:[、和及(/]+(?:各)?(?:有关|相关)?(?:市|县|区|州|盟|旗|省|镇|乡|村|街道|社区|街|自治区|直辖市|园区|平台|功能区|开发区|管委会|部门|单位|企业)\)?)*)"
)
_GOVERNS = (
    r"(?:级?(?:\([^()]{1,10}\))?(?:人民政府|政府|党委|党工委|管委会|管理委员会|办事处|街道办|有关部门|相关部门|主管部门|部门|单位|企业)?"
    r"(?:\([^()]{1,8}\))?)"
)
_ALL = (
    r"(?:各级各|各有关|各相关|各级|各直属|各责任|各成员|各|有关|相关|全体|所有|其他|其它|其余|全市|全省|全区|全县"
    r"|沿线|辖区|属地|所在地|所在|驻地|涉及)"
)
_OWN = r"(?:本|全)?(?:[省市区县州旗盟]|乡镇|街道)?(?:级|直|属|委|政府|内|辖|局属|局)?(?:机关)?"
_COLLECTIVE = re.compile(
    rf"(?:{_OWN}{_ALL}(?:有关|相关|直属|市级|省级|区级|市直|县直|区直|省直|市属|省属|在.)*(?:{_PLURAL}){_GOVERNS}(?:主要)?"
    rf"|{_OWN}(?:有关|相关|责任|成员|主管|职能|行业主管|监管)(?:部门|单位|企业|机构)"
    rf"|(?:市|省|区|县|州)(?:级|直|属)(?:各)?(?:有关|相关)?(?:部门|单位|企业|国有企业|国企|机关|高校|医院|学校|医疗机构)"
    rf"|(?:镇街|街镇|乡镇|县区|区县|属地)(?:人民政府|政府|街道办|办事处|管委会)?(?:\([^()]{{1,8}}\))?"
    r"|(?:在|驻).{1,4}(?:高校|企业|单位|院校|机构|部队)|(?:行业|业务|教育|住房城乡建设|城乡规划|公安|民政|财政|税务|卫生健康|市场监管|生态环境|交通运输|农业农村|水利|文化和旅游|应急管理)?(?:行政)?主管部门"
    r"|[\u4e00-\u9fff]{2,14}各?成员单位|[\u4e00-\u9fff]{1,4}各(?:县|市|区|镇|乡镇|街道|村|县区)"
    r"|[省市区县]、[市区县乡镇]+(?:两级|三级)?(?:人民)?政府|地方(?:各级)?(?:人民)?政府|[省市县乡镇]级(?:人民)?政府|各级地方(?:人民)?政府"
    r"|国务院(?:各|有关|相关|其[他它]){1,2}(?:部门|单位)|中央和国家机关(?:各|有关)?部门|(?:各级)?(?:公安|检察|审判|司法|国家|监察)机关"
    r"|各地(?:区|方)?(?:[、和及]各?(?:有关|相关)?(?:部门|单位|地区))*|(?:科研院所|企业|社会组织|社会力量|行业协会|高校|金融机构|医疗机构|国有企业|中央企业|平台企业|保险机构|银行机构|通信企业|供电企业|各类企业|街道|镇|乡镇|村居|社区))"
)
"""Names of several bodies at once. Examples: 各区, 市级各有关部门, 各县（市、区）人民政府, 有关高校; none: 各项工作, 有关要求."""

_IN_HOUSE = re.compile(
    r"(?:各)?[\u4e00-\u9fff]{1,12}(?:科|股|室|处|科室|处室|办|组|中心|部|党委|工会|团委|党支部)|办公室|党办|机关党委|人事部?|团委|工会"
)
_BRANDS = re.compile(
    r"(?:中国|国家)?(?:电信|移动|联通|铁塔|广电网络|邮政|石油|石化|海油|烟草|电网|国网|南网|农行|工行|中行|建行|农发行|国开行|邮储银行|人行|人保财险|人寿)(?:[\u4e00-\u9fff]{2,8}?(?:分公司|公司|支行|分行))?"
    r"|中石油|中石化|中海油|国开行|农发行|央行|京东|阿里巴巴|腾讯|华为|中核|中广核|国家电投|国家能源集团|中铁|中建|中交|中车|中粮"
)


@dataclass(frozen=True, slots=True)
class Body:
    """What a name says of the body: the key of its function, its level, the code of the division it names itself, and
    whether it names several bodies at once."""

    function: str | None = None
    level: str | None = None
    division: str | None = None
    collective: bool = False


# After a level, where 交办 and 督办 alone are deeds: 市留交办, 县督查办; none: 市集中交办.
_AN_OFFICE = re.compile("(?!集中|统一|联合|继续|及时|重点|限期|挂牌|共同|分类|逐项|跟踪)[\u4e00-\u9fff]{2,4}办")


@cache
def _functions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["function"], re.compile(f"(?:{row['regex']})$")) for row in functions())


@cache
def _named() -> Mapping[str, str]:
    """The names of national bodies and the usual names of every function, each with its function's key."""
    named: dict[str, str] = {}
    for row in functions():
        for column in ("provincial_names", "municipal_names", "county_names", "short_forms"):
            for name in row[column].split(";"):
                if len(name) > 1 and "（" not in name:
                    named.setdefault(bare(name), row["function"])
    for row in national_bodies():
        for name in (row["name_zh"], *row["short_names"].split(";")):
            if name:
                named[bare(name)] = row["function"]
    return named


@cache
def _national() -> frozenset[str]:
    return frozenset(bare(name) for row in national_bodies() for name in (row["name_zh"], *row["short_names"].split(";")) if name)


@cache
def body(name: str) -> Body | None:
    """The body a printed name names, or None where it is no name of a body.

    >>> body("市科技局").function, body("海关总署").level, body("湿地科").level
    ('science-technology', 'national', 'office')
    >>> body("各县（市、区）人民政府").collective
    True
    >>> body("以下统称各县区") is None and body("适用范围：东湖片区") is None and body("不再单独列出") is None
    True
    """
    value = bare(name).strip(".。:;,")
    if not value or len(value) > _LONGEST or not _CHARACTERS.fullmatch(value):
        return None
    if value in _national():
        return Body(_named()[value] or None, "national")
    if is_collective(value):
        return Body(function_of(value), _level(value), None, True)
    plain = re.sub(r"\([^()]*\)$", "", value) or value
    if "、" in plain or plain.startswith("("):
        return None
    place, rest = _unplaced(plain)
    known = _known(plain, place, rest) or _department(plain)
    if known is None and not _is_name(plain, place, rest):
        return None
    return Body(known or function_of(plain), _level(rest if place is None else plain, place), place, False)


def has_function(name: str) -> bool:
    """Whether a name is nothing but places, levels and a function of the lexicon.

    >>> has_function("县城管局"), has_function("市新经济委"), has_function("市中分局")
    (True, False, False)
    """
    value = bare(name)
    place, rest = _unplaced(value)
    return body(value) is not None and _known(value, place, rest) is not None


def is_body(name: str) -> bool:
    """Whether a name is accepted as that of a body or of several at once."""
    return body(name) is not None


def has_clause(value: str) -> bool:
    """Whether a folded value holds words of a clause, which stand in no name.

    >>> has_clause("不再单独列出"), has_clause("市发展改革委")
    (True, False)
    """
    return bool(_CLAUSE.search(value))


def is_collective(value: str) -> bool:
    """Whether a folded name without blanks names several bodies at once.

    >>> is_collective("各区（市）县政府".replace("（", "(").replace("）", ")")), is_collective("各项工作"), is_collective("各科室")
    (True, False, True)
    """
    if "等" in value[1:] and is_body(value[: value.index("等", 1)]):
        return False  # 县教育局等成员单位 is a body and a collective
    if _CLAUSE.search(re.sub("地级以上市|其[他它余]|(?<=各)(?:项目|任务)?(?:牵头|主责|配合|参与|承办)(?=单位$|部门$)", "", value)):
        return False
    if _COLLECTIVE.fullmatch(value):
        return True
    open_ = re.match(rf"(?:{_OWN})?{_ALL}", value)
    if open_ is None or not open_.group():
        return False
    rest = value[open_.end() :]
    plain = re.sub(r"\([^()]*\)", "", rest)
    return (
        bool(re.search(rf"(?:{_STRONG}|{_SETTLED}|{_PLURAL})$", plain))
        and not re.search(r"项|类(?!企)|种|环节|领域", rest)
        and len(rest) <= 24
    )


def function_of(name: str) -> str | None:
    """The key of the function that a name ends in, the longest match first.

    >>> function_of("苏州市市场监督管理局"), function_of("县发改局"), function_of("海运集团")
    ('market-regulation-dept', 'development-reform', 'state-enterprise')
    """
    value = bare(name)
    if value in _named() and _named()[value]:
        return _named()[value]
    matches = [(match.start(), i, key) for i, (key, pattern) in enumerate(_functions()) if (match := pattern.search(value)) is not None]
    narrow = [match for match in matches if match[2] not in _OPEN]
    return min(narrow or matches)[2] if matches else None


def _known(value: str, place: str | None, rest: str) -> str | None:
    """The function of a name that is nothing but places, levels and a function: 合肥市科技局, 省委组织部."""
    for whole in (value, rest):
        before = _BEFORE.match(whole)
        stems = {whole, whole[before.end() :] if before is not None else whole}
        for stem in stems:
            if stem in _named() and _named()[stem] and (len(stem) > 2 or place or stem != value or stem in _BRIEF):
                return _named()[stem]
    for key, pattern in _functions():
        if key in _OPEN:
            continue
        match = pattern.search(rest)
        if match is not None and match.end() - match.start() > 1 and _BEFORE.fullmatch(rest[: match.start()]):
            return key
    return None


def _department(value: str) -> str | None:
    """The function of 质量技术监督部门: that of the office whose ending 部门 stands for."""
    stem = re.sub("(?:行政)?(?:主管|管理|执法)?部门$", "", value)
    endings = () if stem == value or len(stem) < 2 else ("局", "委", "厅", "部", "办", "管理局", "支队", "大队")
    offices = ((stem + ending, *_unplaced(stem + ending)) for ending in endings)
    return next((key for office, place, rest in offices if (key := _known(office, place, rest)) is not None), None)


_BRIEF = frozenset(
    [
        "经委",
        "科委",
        "建委",
        "农委",
        "教委",
        "民委",
        "农办",
        "科协",
        "妇联",
        "残联",
        "侨联",
        "文联",
        "作协",
        "工商联",
        "编办",
        "台办",
        "外办",
        "侨办",
        "团委",
        "纪委",
        "监委",
        "政协",
        "人大",
        "人行",
        "工会",
        "党校",
        "信访局",
        "法院",
        "检察院",
        "国网",
    ]
)


def _is_name(value: str, place: str | None, rest: str) -> bool:
    """Whether the words can be a name: an ending of bodies after words that belong to names."""
    if place is not None and not rest:
        return True
    if value in all_short_names() or _BRANDS.fullmatch(rest) or _BRANDS.fullmatch(value):
        return True
    if _CLAUSE.search(rest) or _NO_NAME.fullmatch(rest) or _COUNTED.search(rest):
        return False
    stem = _BEFORE.match(rest)
    inner = rest[stem.end() :] if stem is not None else rest
    if _GOVERNING.fullmatch(rest):
        return True
    if re.search(rf"(?:{_STRONG})$", rest):
        if rest != inner and _AN_OFFICE.fullmatch(inner):
            return True
        return len(value) > 2 and not _NO_NAME.search(rest[-2:]) and not re.search(r"(?:主|承|协|督|举|交|查)办$", rest)
    if re.search(rf"(?:{_WEAK})$", rest):
        return len(value) > 2 and len(inner) >= 1 and not re.search(rf"{_NO_NAME.pattern}$", rest)
    return bool(re.fullmatch(rf"[\u4e00-\u9fff]{{1,7}}(?:{_SETTLED})", rest)) and not re.search(rf"{_NO_NAME.pattern}$", rest)


def _unplaced(value: str) -> tuple[str | None, str]:
    """The code of the narrowest division that a name begins with, and the rest of the name."""
    code: str | None = None
    rest = value
    while rest:
        step = next((n for n in range(min(12, len(rest)), 1, -1) if rest[:n] in division_names()), 0)
        if not step:
            break
        code, rest = division_names()[rest[:step]], rest[step:]
    return code, rest


_LEVELS = (
    ("national", re.compile(r"国家|中央|全国|中国|国务院|中共中央|最高人民")),
    ("province", re.compile(r"省|自治区|兵团")),
    ("city", re.compile(r"市(?!场|政(?=工|公|园|设|管|道|路|集|建|处|养|环|总)|容|民(?!政|宗|族)|域|际|监)|州|盟")),
    ("county", re.compile(r"县|区(?!域)|旗")),
    ("town", re.compile(r"镇|乡|街道|村|社区")),
)


def _level(rest: str, place: str | None = None) -> str | None:
    """The level that a name says: by the place it begins with, by its prefix, by its ending."""
    if place is not None:
        return "province" if place.endswith("0000") else "city" if place.endswith("00") else "county"
    start = rest.removeprefix("团").removeprefix("中共")
    for level, pattern in _LEVELS:
        if pattern.match(start):
            return level
    if re.search(r"(?:镇|乡|街道|街道办事处|街道办|村|社区)(?:人民政府|政府)?$", rest):
        return "town"
    if re.search(r"(?:县|市|区)(?:人民政府|政府)$", rest):
        return "county"
    return "office" if _IN_HOUSE.fullmatch(rest) else None
