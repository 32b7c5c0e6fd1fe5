"""A seed and a position -> one document: its right reading, and its lines or rows before a container is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from benchmarks.genre.words import (
    COLLECTIVES,
    FIELDS,
    FIGURES,
    ISSUERS,
    LIMITS,
    NUMBERS,
    OFFICES,
    PLACES,
    Figure,
    Limit,
    Said,
    limit,
    sentence,
)

LAYOUTS = ("brackets", "labels", "sentence", "table", "sections", "bars", "flat-rows", "box")
NUMBERINGS = ("1.", "1、", "（一）", "（1）", "一、")
ROLES = ("responsible", "lead-cooperate", "verbs", "shared", "one")
NOISES = ("none", "half", "invisible", "small", "wide", "nbsp", "wrapped", "pages", "merged", "repeated-heads", "traditional")
CONTAINERS = ("txt", "html", "docx")
_TABULAR = ("table", "sections", "bars", "flat-rows", "box")
_CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Combination:
    """What one document is composed of."""

    layout: str
    numbering: str
    roles: str
    limits: str
    noise: str
    container: str
    level: str
    field: str
    shapes: tuple[str, ...] = ()
    """What makes a stored table hard to read, see :mod:`benchmarks.genre.tables`."""


@dataclass(frozen=True, slots=True)
class RightTask:
    """The right reading of one task. Units are surface and role."""

    no: str
    group: str
    text: str
    units: tuple[tuple[str, str], ...]
    limit: Limit | None
    figures: tuple[Figure, ...]
    stated: tuple[tuple[str, str | None], ...] = ()
    """Time limits that the words state."""
    places: tuple[str, ...] = ()
    """Places below the issuer's that the words name."""
    target: str = ""
    """The end of the text that stands in a column of its own."""
    leader: str = ""
    remark: str = ""
    part: int = 0
    """Which of several lists holds it."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A document before it is written: paragraphs above, the tasks with the right reading, and how it is made."""

    name: str
    made: Combination
    title: str
    number: str
    front: tuple[str, ...]
    tasks: tuple[RightTask, ...]
    back: tuple[str, ...] = ()


def composed(seed: int, position: int) -> Composed:
    """The document at a position: the same for the same seed, however many are made."""
    random = Random(f"genre/{seed}/{position}")
    made = _combination(random)
    year = 2023 + position % 4
    document = frame(random, made, f"genre-{seed}-{position:05}", year)
    return replace(document, tasks=tuple(tasks_of(random, made, year)))


def frame(random: Random, made: Combination, name: str, year: int) -> Composed:
    """A document without its tasks: number, titles, signature."""
    place, issuer = PLACES[made.level], ISSUERS[made.level]
    topic = {
        "education": "教育",
        "health": "卫生健康",
        "agriculture": "农业",
        "water": "水利",
        "transport": "交通",
        "environment": "生态环保",
    }
    topic |= {"housing": "住房城建", "culture": "文化", "elderly": "养老服务", "emergency": "应急", "market": "市场监管", "labour": "就业"}
    title = f"{place}{year}年{topic[made.field]}重点工作任务分解{'表' if made.layout in _TABULAR else '方案'}"
    number = f"{NUMBERS[made.level]}〔{year}〕{random.randint(1, 99)}号"
    month, day = random.randint(1, 3), random.randint(1, 28)
    addressees = {"national": "各省、自治区、直辖市人民政府：", "town": "各村、各办公室："}.get(made.level, "各有关单位：")
    signed = (issuer, f"{year}年{month}月{day}日", "（此件公开发布）")
    behind = random.random() < 0.4
    front = (
        number,
        f"{issuer}关于印发《{title}》的通知",
        addressees,
        f"现将《{title}》印发给你们，请认真组织实施。",
        *(() if behind else signed),
        title,
    )
    return Composed(name, made, title, number, front, (), signed if behind else ())


def _combination(random: Random) -> Combination:
    layout = random.choice(LAYOUTS)
    tabular = layout in _TABULAR
    container = "txt" if layout in ("bars", "box", "flat-rows") else random.choice(CONTAINERS)
    noises = [n for n in NOISES if _fits(n, layout, container)]
    roles = random.choice(
        ("responsible", "lead-cooperate")
        if tabular or layout == "labels"
        else ("verbs", "shared", "one")
        if layout == "sentence"
        else ROLES
    )
    numbering = "1." if tabular else random.choice(NUMBERINGS)
    return Combination(
        layout,
        numbering,
        roles,
        random.choice(LIMITS),
        random.choice(noises),
        container,
        random.choice(tuple(OFFICES)),
        random.choice(tuple(FIELDS)),
    )


def _fits(noise: str, layout: str, container: str) -> bool:
    if noise in ("wrapped", "pages"):
        return container == "txt" and layout in ("brackets", "labels", "sentence")
    if noise == "merged":
        return layout == "table" and container in ("html", "docx")
    if noise == "invisible":
        return layout != "box"
    if noise == "repeated-heads":
        return layout in ("table", "bars", "sections")
    return True


def tasks_of(random: Random, made: Combination, year: int) -> Iterator[RightTask]:
    """The tasks of one list with their right reading."""
    groups = random.sample(("夯实基础", "提升服务", "强化治理", "补齐短板", "优化布局"), random.randint(1, 3))
    number = 0
    for group in groups:
        start_again = made.numbering in ("（一）", "（1）", "一、")
        number = 0 if start_again else number
        for _ in range(random.randint(2, 4)):
            number += 1
            said = [sentence(random, made.field, random.choice(FIGURES), made.level) for _ in range(random.randint(1, 2))]
            units = tuple(_units(random, made))
            yield RightTask(
                no=_CHINESE[number - 1] if made.numbering in ("（一）", "一、") else str(number),
                group="" if made.numbering == "一、" else group,
                text="".join(f"{one.words}。" for one in said),
                units=units,
                limit=limit(random, made.limits, year),
                figures=_together(said),
                places=tuple(dict.fromkeys(place for sentence_ in said for place in sentence_.places)),
                stated=tuple(one for sentence_ in said for one in sentence_.limits),
            )


def _together(said: Sequence[Said]) -> tuple[Figure, ...]:
    return tuple(figure for one in said for figure in one.figures)


def _units(random: Random, made: Combination) -> Iterator[tuple[str, str]]:
    pool = list(OFFICES[made.level])
    random.shuffle(pool)
    count = 1 if made.roles == "one" else random.randint(2, 4)
    chosen = pool[:count]
    if made.roles in ("responsible", "shared") and random.random() < 0.3:
        chosen.append(random.choice(COLLECTIVES[made.level]))
    for i, name in enumerate(chosen):
        yield name, ("lead" if i == 0 else "cooperate") if made.roles in ("lead-cooperate", "verbs") else "responsible"


def duty(task: RightTask, roles: str) -> str:
    """The duties of a task as a bracket has them, without the marks."""
    names = [name for name, _ in task.units]
    end = f"，{task.limit[0]}" if task.limit else ""
    if roles == "responsible":
        return f"责任单位：{'、'.join(names)}" + (f"；完成时限：{task.limit[0]}" if task.limit else "")
    if roles == "lead-cooperate":
        return f"牵头单位：{names[0]}；配合单位：{'、'.join(names[1:])}" + (f"；完成时限：{task.limit[0]}" if task.limit else "")
    if roles == "verbs":
        return f"{names[0]}牵头，{'、'.join(names[1:])}配合{end}"
    if roles == "shared":
        return f"{'、'.join(names)}按职责分工负责{end}"
    return f"{names[0]}负责{end}"


def paragraphs(document: Composed) -> Iterator[str]:
    """The tasks as numbered paragraphs."""
    made, previous, place = document.made, "", 0
    for task in document.tasks:
        if task.group and task.group != previous:
            place += 1
            yield f"{_CHINESE[place - 1]}、{task.group}"
        previous = task.group
        head = _numbered(made.numbering, task.no)
        if made.layout == "brackets":
            yield f"{head}{task.text}（{duty(task, made.roles)}）"
        elif made.layout == "sentence":
            yield f"{head}{task.text}{duty(task, made.roles)}。"
        else:
            yield f"{head}{task.text}"
            if made.roles == "responsible":
                yield f"责任单位：{'、'.join(name for name, _ in task.units)}"
            else:
                yield f"牵头单位：{task.units[0][0]}"
                yield f"配合单位：{'、'.join(name for name, _ in task.units[1:])}"
            if task.limit:
                yield f"完成时限：{task.limit[0]}"


def _numbered(numbering: str, no: str) -> str:
    return numbering.replace("一", no) if "一" in numbering else numbering.replace("1", no)


def heads(document: Composed) -> tuple[str, ...]:
    """The heads of the columns."""
    units = ("责任单位",) if document.made.roles == "responsible" else ("牵头单位", "配合单位")
    limited = ("完成时限",) if document.made.limits != "none" else ()
    group = () if document.made.layout == "sections" else ("工作类别",)
    return ("序号", *group, "具体任务", *units, *limited)


def cells(document: Composed, task: RightTask) -> tuple[str, ...]:
    """The cells of a task's row."""
    names = [name for name, _ in task.units]
    units = ("、".join(names),) if document.made.roles == "responsible" else (names[0], "、".join(names[1:]))
    limited = (task.limit[0] if task.limit else "",) if document.made.limits != "none" else ()
    group = () if document.made.layout == "sections" else (task.group,)
    return (task.no, *group, task.text, *units, *limited)
