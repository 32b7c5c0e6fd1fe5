"""A printed string of duties -> runs of unit names, each with its role; time limits, leaders and default clauses apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.fields.bodies import has_clause, is_body, is_collective
from ingest.fields.deadlines import HINT
from ingest.fields.folding import fold
from ingest.model.document import Text
from ingest.model.drafts import Duty

_ROLES: tuple[tuple[str, str], ...] = (
    ("guide", "(?:业务)?指导"),
    ("cooperate", "配合|协办|协同|协作|协助|会办|支持|会同"),
    ("participate", "参与|参加"),
    ("lead", "牵头|主责|主办|主要责任|主要负责|首要责任|汇总|总责"),
    ("responsible", "责任|负责|承办|承担|组织实施|组织落实|组织开展|组织推进|落实|实施|完成|推进|推动|执行|办理|督办|统筹协调|统筹"),
)
_ROLE_WORDS = "|".join(words for _, words in _ROLES)
_LABEL = re.compile(
    rf"(?:(?<=[;,。\s(\[])|^)(?P<level>[省市区县]级?)?(?P<word>(?:主要|协同|具体|共同|第一)?(?:{_ROLE_WORDS}|部门|任务|职责|工作|分管|包保|完成){{1,4}})"
    r"(?P<noun>单位|部门|科室|处室|股室|部室|办所|站所|主体|分工|领导|负责人|人|时限|时间|期限|节点|方)?(?P<end>\s*:|(?<=[单位部门])\s+|(?<=[位门室])为(?!牵头|主责|责任|第一|配合|该))"
)
_DEADLINE_LABEL = re.compile(
    r"(?:(?<=[;,。\s(\[])|^)(?P<word>(?:完成|办结|推进|时间|落实)?(?:时限|时间|期限|节点|进度)(?:要求|安排|节点)?)\s*:"
)
_SUFFIX = re.compile(
    rf"(?:(?:由|共同|联合|分别|分头|具体|各自|全力|积极|认真|切实|做好|抓好)|按(?:照)?(?:各自)?(?:职责|职能|分工|任务|要求|规定)(?:分工)?|依(?:据)?职责(?:分工)?|根据职责(?:分工)?|结合职责){{0,4}}"
    rf"(?P<word>牵头负责|牵头落实|牵头|(?:{_ROLE_WORDS}))(?:负责|落实|实施|推进|完成|开展|组织|做好|单位|部门|有关工作|相关工作|工作|抓好|抓总|总抓|督导|督促|督办|督查|协调|统筹|推动|指导|并){{0,4}}$"
)
_INNER = re.compile(
    r"(?<=[局委办厅部院会府室处中心司署科股队站所社联区县市])(?:会同|联合(?![会体社国办])|协同(?!办)|商(?![务会业贸联工城]))(?=[^、])"
)
_WITH = re.compile(r"\s*(?:并|,)?(?P<word>会同|联合|协同)(?=[^、]{2})")
_DEFAULT = re.compile(
    r"(?:(?:以下|以上|下列|上述|后续|其他|其余|所有|各项|下面|具体)(?:各?项?)?(?:任务|工作|事项|内容|措施|举措|政策|条款|条目){0,2}(?:中)?[,，]?(?:均|都|全部|一律)?(?:需要?|须|由|应|涉及)|下同)"
    r"(?P<units>[^。;]{0,300}?)(?:(?P<act>按职责分工|共同|牵头|负责|配合|参与|落实|实施){1,4}(?:[^。;]{0,60}?)(?:,?(?:不再|不另|不一一|恕不)[^。;]{0,60})?(?=[。;)]|$)"
    r"|(?<=[)府门位区市县])(?=,(?:不再|不另|不一一|恕不)),(?:不再|不另|不一一|恕不)[^。;]{0,60}(?=[。;)]|$))"
)
# The sentence in a bracket that says who of the list leads: 列第一位者为牵头单位，下同.
_RULE = re.compile(
    r"(?:除[^。;,()]{2,20}外,)?(?:[^。;,()]*(?:列|排|位|居)[^。;,()]{0,5}(?:第一|首|最?前)|[^。;,()局委办厅部院]*(?:第一个|首个|首家)|首位|第一(?:责任|承办)?(?:单位|部门))[^。;,()]{0,16}?(?:为|是|即|系|作为|负责|:)?[^。;,()]{0,4}(?:牵头|主责|主办|汇总)[^。;,()]*"
    r"(?:[,;](?:其他|其余|其它|后列)[^。;,()]{0,12}(?:配合|协办|参与|责任|协同|分工|负责)[^。;,()]*)?(?:[,;。]?(?:以?下(?:文|表|列各项)?(?:均?相?同)|余同))?"
    r"|(?:未|没有|无)(?:明确|列明|注明|标明|指定|确定)?牵头[^。;,()]{0,8}(?:的|时|者),?(?:均|都)?由?[^。;,()局委办厅部院]{0,8}(?:责任|负责|参加|有关)(?:单位|部门)[^。;()]{0,20}(?:[,;。]?(?:以?下(?:文|表|列各项)?(?:均?相?同)|余同))?"
)
NO_OFFICE = "(?!(?:管理|行政|主管|执法)*(?:部门|局|委(?!托)|厅|院|中心))"
"""After a verb that is none within the name of an office. Examples: 质量技术监督部门, 县委组织部门; none: 县公安局监督检查."""
# A unit and what it has to do of the task: 市财政局负责资金保障.
_DOES = re.compile(r"(?P<names>.{2,60}?)(?:要|应|主要|具体|共同)?(?P<word>牵头|负责|指导|配合|参与|承担|落实|做好|组织)(?P<what>.{2,})")
# The same of a clause with 由, whose verb may be of any kind of official work: 由县水利局会同县林业局提出意见.
_DEED = re.compile(
    r"\s*由(?P<names>.{2,160}?)(?:要|应|共同|联合|分别|抓紧|尽快|及时|具体|统一|依法|全面)*"
    r"(?P<word>牵头|负责|指导|承担|落实|做好|组织|研究|提出|制定|制订|拟订|拟定|起草|编制|统筹|协调|实施|推进|办理|汇总|审核|审批|采购|建设|监督|监管|验收|安排|拨付|发放|承办|受理|认定|筹集|完成)"
    rf"{NO_OFFICE}(?P<what>(?!解释).*)"
)
# What 等 closes in a list of names: 县水利局等部门, 市商务局等5家单位.
_AND_MORE = re.compile(
    r"(?<=.)等(?:\d+|[一二三四五六七八九十]+)?[个家]?(?:有关|相关|其他)?(?:部门|单位|地方|地区|方面){0,2}(?:[和及](?:有关|相关)?(?:部门|单位|企业))?$"
)
_LEADER = re.compile(r"领导|负责人|责任人$|^人$")


@dataclass(frozen=True, slots=True)
class RoleRun:
    """Names printed together under one role; ``last_only`` gives another role to the last name alone."""

    text: Text
    role: str
    word: Text | None = None
    last_only: tuple[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class Duties:
    """What one printed string of duties holds."""

    runs: tuple[RoleRun, ...] = ()
    deadlines: tuple[Text, ...] = ()
    leaders: tuple[Text, ...] = ()
    default: Text | None = None
    rule: Text | None = None
    """The sentence that says which of the listed units leads."""
    shares: tuple[Text, ...] = ()
    """What a clause says of the part of its unit: 资金保障 in 市财政局负责资金保障."""


def role_of(word: str) -> str | None:
    """The role a printed word names.

    >>> role_of("牵头"), role_of("协办"), role_of("责任单位"), role_of("指导")
    ('lead', 'cooperate', 'responsible', 'guide')
    """
    return next((role for role, words in _ROLES if re.search(words, word)), None)


def is_duty(folded: str) -> bool:
    """Whether a folded string reads like duties: a label, or a role word at the end of a clause."""
    return (
        bool(_LABEL.search(folded))
        or bool(_RULE.search(folded))
        or any(_SUFFIX.search(clause) for clause in re.split("[;,。]", folded.strip()))
    )


def duties(duty: Duty) -> Duties:
    """The runs of names in one printed string of duties, in order."""
    text = duty.text
    folded = fold(text.value)
    default = _DEFAULT.search(folded)
    clause = None
    if default is not None:
        clause = text[default.start() : default.end()]
        text = text[: default.start()]
        folded = folded[: default.start()]
    rule = _RULE.search(folded)
    stated = None
    if rule is not None:
        stated = text[rule.start() : rule.end()].strip(" ，,。；;")
        closes = folded[: rule.start()].endswith("(") and folded[rule.end() :].startswith(")")  # a bracket that held nothing else
        text = text[: rule.start() - closes] + text[rule.end() + closes :]
        folded = fold(text.value)
    found = Duties(default=clause, rule=stated)
    for role, word, content in _labelled(text, folded, duty):
        if role == "deadline":
            found = replace(found, deadlines=(*found.deadlines, content))
        elif role == "leader":
            found = replace(found, leaders=(*found.leaders, content))
        else:
            runs, deadlines, shares = _clauses(content, role, word)
            found = replace(found, runs=(*found.runs, *runs), deadlines=(*found.deadlines, *deadlines), shares=(*found.shares, *shares))
    return found


def _labelled(text: Text, folded: str, duty: Duty) -> Iterator[tuple[str, Text | None, Text]]:
    """Role, printed role word and content of each labelled part; what stands before the first label keeps the duty's role."""
    marks: list[tuple[int, int, str, int, int]] = []
    for match in _LABEL.finditer(folded):
        noun = match["noun"] or ""
        if match["word"] in ("部门", "任务", "职责", "工作") and noun != "分工":
            continue
        role = (
            "deadline"
            if noun in ("时限", "时间", "期限", "节点")
            else "leader"
            if _LEADER.search(noun)
            else role_of(match["word"]) or "responsible"
        )
        if match["level"] and role == "lead" and duty.role == "guide":
            role = "guide"
        marks.append((match.start(), match.end(), role, match.start("word"), match.end("word")))
    for match in _DEADLINE_LABEL.finditer(folded):
        if not any(a <= match.start() < b for a, b, *_ in marks):
            marks.append((match.start(), match.end(), "deadline", match.start("word"), match.end("word")))
    marks.sort()
    first = marks[0][0] if marks else len(text)
    if folded[:first].strip(" \n,;。、"):
        yield duty.role, duty.word, text[:first]
    for i, (_, end, role, word_start, word_end) in enumerate(marks):
        stop = marks[i + 1][0] if i + 1 < len(marks) else len(text)
        yield role, text[word_start:word_end], text[end:stop].strip(" \n\t\u3000；;，,。")


def _clauses(text: Text, role: str, word: Text | None) -> tuple[list[RoleRun], list[Text], list[Text]]:
    """The clauses of one part: a role word closes a clause and the unmarked clauses before it."""
    runs: list[RoleRun] = []
    waiting: list[Text] = []
    deadlines: list[Text] = []
    shares: list[Text] = []
    parts = list(_split(text))
    marked = 0
    for part in parts:
        folded = fold(part.value).rstrip()
        if _is_deadline(folded):
            deadlines.append(part)
            continue
        match = None if is_body(folded) else _SUFFIX.search(folded)
        if match is not None and not all_bodies(folded[: match.start()].strip()) and _DOES.fullmatch(folded):
            match = None
        does = deed(folded) or _DOES.fullmatch(folded) if match is None and not is_body(folded) else None
        if does is not None and all_bodies(does["names"]):
            runs.extend(RoleRun(w, role, word) for w in waiting)
            waiting = []
            start = does.end("names") - len(does["names"].removeprefix("由"))
            printed = part[does.start("word") : does.end("word")]
            runs.extend(_inner(part[start : does.end("names")], role_of(does["word"]) or role, printed))
            shares.append(part[does.start("what") : len(folded)])
            continue
        if match is None or not folded[: match.start()].strip(" 由"):
            if folded.strip():
                waiting.append(part)
            continue
        marked += 1
        given = role_of(match["word"]) or role
        if folded.startswith("由"):  # A、B，由A牵头: the names before it keep their own role
            runs.extend(RoleRun(w, role, word) for w in waiting)
            waiting = []
        printed = part[match.start("word") : match.end("word")]
        if word is not None and given in ("cooperate", "participate") and len(parts) == 1:
            runs.append(RoleRun(part[: match.start()], role, word, (given, printed)))
            continue
        if waiting and given in ("cooperate", "participate", "guide") and not any(run.role in ("lead", "responsible") for run in runs):
            runs.extend(RoleRun(w, role, word) for w in waiting)
        else:
            runs.extend(RoleRun(w, given, printed) for w in waiting)
        waiting = []
        runs.extend(_inner(part[: match.start()], given, printed))
    runs.extend(run for w in waiting for run in _inner(w, role, word))
    return runs, deadlines, shares


def all_bodies(names: str) -> bool:
    """Whether the words are names of bodies and nothing else; 会同 may part them.

    >>> all_bodies("由县水利局、县林业局等部门"), all_bodies("县水利局会同县林业局"), all_bodies("县水利局方案")
    (True, True, False)
    >>> all_bodies("发展改革、应急管理等部门"), all_bodies("道路、桥梁等部门")
    (True, False)
    """
    plain = re.sub(r"\([^()]*\)$", "", names.removeprefix("由").strip())
    parts = [part.strip() for half in _INNER.split(plain) for part in re.split("[、,]", half) if part.strip()]
    return is_body(plain) or _are_departments(plain) or (bool(parts) and all(_is_one_or_two(_AND_MORE.sub("", part)) for part in parts))


def _are_departments(names: str) -> bool:
    """Whether the words are fields of offices, most of them known, with 部门 after the last for all of them: 水利、应急管理部门."""
    shared = re.fullmatch(r"(?P<fields>.+?)(?:等(?:\d+个)?(?:有关|相关)?)?部门", names)
    fields = re.split("[、和及]", shared["fields"]) if shared is not None else []
    known = [one for one in fields if is_body(one) or is_body(f"{one}部门")]
    return len(known) * 2 > len(fields) and all(re.fullmatch("[\u4e00-\u9fff]{2,12}", one) and not has_clause(one) for one in fields)


def _is_one_or_two(part: str) -> bool:
    """Whether words are one body (发展和改革局) or two that 和 or 及 joins."""
    return is_body(part) or all(is_body(_AND_MORE.sub("", one.strip())) for one in re.split("[和及]", part))


def deed(clause: str) -> re.Match[str] | None:
    """The bodies and the verb of a folded clause that says by whom something is done, or None.

    >>> deed("由县水利局会同县林业局等部门提出意见")["names"], deed("由企业自主提出申请"), deed("由县水利局负责解释")
    ('县水利局会同县林业局等部门', None, None)
    """
    match = _DEED.fullmatch(clause)
    return match if match is not None and all_bodies(match["names"]) and not is_collective(match["names"]) else None


def _inner(text: Text, role: str, word: Text | None) -> Iterator[RoleRun]:
    """A会同B: the names after 会同 cooperate."""
    first = _WITH.match(fold(text.value))
    if first is not None:
        yield RoleRun(text[first.end() : len(text)], "cooperate", text[first.start("word") : first.end()])
        return
    match = _INNER.search(fold(text.value))
    if match is None:
        yield RoleRun(text, role, word)
        return
    yield RoleRun(text[: match.start()], role, word)
    yield RoleRun(text[match.end() : len(text)], "cooperate", text[match.start() : match.end()])


def _is_deadline(folded: str) -> bool:
    return (
        bool(HINT.search(folded))
        and not re.search("报送|上报|汇报|通报|调度", folded)
        and not is_body(folded)
        and not re.search(r"[局委办厅部院会府室处]$", folded.strip())
    )


def _split(text: Text) -> Iterator[Text]:
    """The clauses of a string: cut at ；，。 outside brackets."""
    depth = start = 0
    folded = fold(text.value)
    for i, character in enumerate(folded):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and (character in ";,。" or (character == "\n" and _ends_clause(folded, start, i))):
            yield text[start:i].strip()
            start = i + 1
    yield text[start : len(text)].strip()


def _ends_clause(folded: str, start: int, i: int) -> bool:
    """Whether a line break parts the names of bodies from words that are none: 县人社局 / 按季度报送进展情况."""
    above = re.split("[、,;。]", folded[start:i])[-1].strip()
    below = re.split("[、,;。\n]", folded[i + 1 :].lstrip(), maxsplit=1)[0].strip()
    return is_body(above) and not is_body(below) and (has_clause(below) or bool(HINT.search(below)))
