"""The frames of generated questions: the same question in several words of each language, and how plain sets answer it.

``{A}`` and ``{B}`` are topics, ``{U}`` and ``{V}`` units, ``{n}`` a number, ``{t}`` the number of a task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.facts import Task, Thing


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands in the places of a frame."""

    A: Thing
    B: Thing
    U: Thing
    V: Thing
    n: int
    t: int


Holds = Callable[[Task, Chosen], bool]


@dataclass(frozen=True, slots=True)
class Frame:
    """``kind`` is that of the answer: ``tasks``, ``number``, ``boolean``, ``units`` of the tasks that fulfil ``holds``.

    ``swapped`` names the frame that an operator put in or left out makes of it: another question.
    """

    name: str
    kind: str
    holds: Holds
    zh: tuple[str, ...]
    en: tuple[str, ...]
    swapped: str = ""


def speaks(task: Task, thing: Thing, where: str = "") -> bool:
    """Whether a task speaks of a field or theme, or of a thing that it mentions or whose name it prints."""
    if where:
        return thing.iri in (task.text_fields if where == "text" else task.target_fields)
    return thing.iri in task.fields or thing.iri in task.things or any(name.lower() in task.words.lower() for name in thing.printed)


def bears(task: Task, unit: Thing) -> bool:
    """Whether a unit bears a task."""
    return unit.iri in task.units


def leads(task: Task, unit: Thing) -> bool:
    """Whether a unit stands first; the notice prints no leads."""
    return task.units[:1] == [unit.iri]


FRAMES: tuple[Frame, ...] = (
    Frame(
        "involves",
        "tasks",
        lambda task, at: speaks(task, at.A),
        (
            "哪些任务涉及{A}？",
            "涉及{A}的任务有哪些？",
            "{A}出现在哪些任务？",
            "请问哪些任务与{A}有关？",
            "{A}相关的任务有哪些",
            "有哪些任务关于{A}",
            "帮我找出{A}方面的任务",
        ),
        (
            "Which tasks involve {A}?",
            "What tasks are about {A}?",
            "List the tasks on {A}.",
            "Where does {A} appear?",
            "In which tasks does {A} appear?",
            "Show me all tasks related to {A}",
            "Which tasks deal with {A}?",
        ),
        "involves-not",
    ),
    Frame(
        "involves-not",
        "tasks",
        lambda task, at: not speaks(task, at.A),
        ("哪些任务不涉及{A}？", "不涉及{A}的任务有哪些？", "哪些任务没有涉及{A}"),
        ("Which tasks do not involve {A}?", "Which tasks are not about {A}?", "What tasks don't deal with {A}?"),
        "involves",
    ),
    Frame(
        "both",
        "tasks",
        lambda task, at: speaks(task, at.A) and speaks(task, at.B),
        ("哪些任务同时涉及{A}和{B}？", "同时涉及{A}与{B}的任务有哪些", "涉及{A}又涉及{B}的任务有哪些？"),
        (
            "Which tasks involve both {A} and {B}?",
            "Which tasks involve {A} and {B}?",
            "Which tasks on {A} also involve {B}?",
            "Which tasks are about {A} and about {B}?",
        ),
        "either",
    ),
    Frame(
        "either",
        "tasks",
        lambda task, at: speaks(task, at.A) or speaks(task, at.B),
        ("哪些任务涉及{A}或{B}？", "涉及{A}或者{B}的任务有哪些"),
        ("Which tasks involve {A} or {B}?", "Which tasks are about either {A} or {B}?"),
        "both",
    ),
    Frame(
        "one-not-other",
        "tasks",
        lambda task, at: speaks(task, at.A) and not speaks(task, at.B),
        ("哪些任务涉及{A}而不涉及{B}？", "涉及{A}但不涉及{B}的任务有哪些？"),
        ("Which tasks involve {A} but not {B}?", "Which tasks about {A} do not involve {B}?", "Which tasks involve {A} and not {B}?"),
        "both",
    ),
    Frame(
        "count-involves",
        "number",
        lambda task, at: speaks(task, at.A),
        ("涉及{A}的任务有多少项？", "有多少项任务涉及{A}？", "涉及{A}的任务一共几项"),
        ("How many tasks involve {A}?", "How many tasks are about {A}?", "How many tasks are there on {A}?"),
        "count-involves-not",
    ),
    Frame(
        "count-involves-not",
        "number",
        lambda task, at: not speaks(task, at.A),
        ("不涉及{A}的任务有多少项？",),
        ("How many tasks do not involve {A}?",),
        "count-involves",
    ),
    Frame(
        "whether",
        "boolean",
        lambda task, at: speaks(task, at.A),
        ("有没有任务涉及{A}？", "是否有任务涉及{A}？"),
        ("Are there tasks on {A}?", "Does any task involve {A}?", "Is there a task about {A}?"),
    ),
    Frame(
        "in-target",
        "tasks",
        lambda task, at: speaks(task, at.A, "target"),
        ("哪些任务的目标涉及{A}？", "哪些任务的工作目标涉及{A}？"),
        ("Which tasks involve {A} in their targets?",),
        "only-target",
    ),
    Frame(
        "only-target",
        "tasks",
        lambda task, at: speaks(task, at.A, "target") and not speaks(task, at.A, "text"),
        ("哪些任务只在目标中涉及{A}？", "哪些任务仅在工作目标里涉及{A}"),
        ("Which tasks involve {A} only in their targets?", "Which tasks involve {A} in their targets only?"),
        "in-target",
    ),
    Frame(
        "both-columns",
        "tasks",
        lambda task, at: speaks(task, at.A, "target") and speaks(task, at.A, "text"),
        ("哪些任务的正文和目标都涉及{A}？", "哪些任务两栏都涉及{A}？"),
        ("Which tasks involve {A} in both columns?", "Which tasks involve {A} in both the text and the targets?"),
        "in-target",
    ),
    Frame(
        "bears",
        "tasks",
        lambda task, at: bears(task, at.U),
        ("{U}负责哪些任务？", "{U}承担的任务有哪些？", "哪些任务由{U}负责？", "哪些任务的责任单位包括{U}？", "{U}参与了哪些任务"),
        (
            "Which tasks does {U} bear?",
            "Which tasks is {U} responsible for?",
            "Which tasks are borne by {U}?",
            "What tasks are assigned to {U}?",
            "List the tasks that {U} handles",
        ),
        "bears-not",
    ),
    Frame(
        "bears-not",
        "tasks",
        lambda task, at: not bears(task, at.U),
        ("哪些任务不由{U}负责？", "{U}不负责的任务有哪些？", "哪些任务的责任单位不包括{U}？"),
        (
            "Which tasks are not borne by {U}?",
            "Which tasks does {U} not bear?",
            "Which tasks do not have {U} among the responsible units?",
        ),
        "bears",
    ),
    Frame(
        "leads",
        "tasks",
        lambda task, at: leads(task, at.U),
        ("{U}牵头哪些任务？", "{U}排在首位的任务有哪些？", "哪些任务由{U}牵头"),
        ("Which tasks does {U} lead?", "Which tasks are led by {U}?", "Which tasks list {U} first?", "In which tasks is {U} listed first?"),
        "bears",
    ),
    Frame(
        "later",
        "tasks",
        lambda task, at: bears(task, at.U) and not leads(task, at.U),
        ("{U}参与而不排首位的任务有哪些？", "{U}负责但不牵头的任务有哪些？"),
        ("In which tasks is {U} listed but not first?",),
        "leads",
    ),
    Frame(
        "alone",
        "tasks",
        lambda task, at: task.units == [at.U.iri],
        ("{U}独自负责的任务有哪些？", "哪些任务由{U}单独负责？", "只由{U}负责的任务有哪些"),
        ("Which tasks does {U} bear alone?", "Which tasks are borne only by {U}?", "Which tasks does only {U} bear?"),
        "bears",
    ),
    Frame(
        "share",
        "tasks",
        lambda task, at: bears(task, at.U) and bears(task, at.V),
        ("{U}与{V}共同负责的任务有哪些？", "{U}和{V}一起负责哪些任务？", "哪些任务由{U}和{V}共同负责？"),
        ("Which tasks do {U} and {V} share?", "Which tasks are shared by {U} and {V}?", "Which tasks do both {U} and {V} bear?"),
        "bears-one-not-other",
    ),
    Frame(
        "bears-one-not-other",
        "tasks",
        lambda task, at: bears(task, at.U) and not bears(task, at.V),
        ("{U}负责而{V}不负责的任务有哪些？",),
        ("Which tasks of {U} are not borne by {V}?", "Which tasks are borne by {U} but not by {V}?"),
        "share",
    ),
    Frame(
        "count-shared",
        "number",
        lambda task, at: bears(task, at.U) and bears(task, at.V),
        ("{U}与{V}共同负责多少项任务？", "由{U}和{V}共同负责的任务有几项？"),
        ("How many tasks do {U} and {V} share?",),
    ),
    Frame(
        "before",
        "tasks",
        lambda task, at: bears(task, at.U) and bears(task, at.V) and task.units.index(at.U.iri) < task.units.index(at.V.iri),
        ("哪些任务中{U}排在{V}之前？", "{U}排在{V}前面的任务有哪些？"),
        ("In which tasks does {U} precede {V}?", "In which tasks is {U} listed before {V}?", "In which tasks does {U} come before {V}?"),
        "share",
    ),
    Frame(
        "count-bears",
        "number",
        lambda task, at: bears(task, at.U),
        ("{U}负责多少项任务？", "{U}负责的任务有几项？", "由{U}负责的任务一共有多少项？"),
        ("How many tasks does {U} bear?", "How many tasks is {U} responsible for?", "How many tasks are borne by {U}?"),
        "count-leads",
    ),
    Frame(
        "count-leads",
        "number",
        lambda task, at: leads(task, at.U),
        ("{U}牵头多少项任务？", "{U}牵头的任务有几项？"),
        ("How many tasks does {U} lead?", "How many tasks are led by {U}?"),
        "count-bears",
    ),
    Frame(
        "bears-involves",
        "tasks",
        lambda task, at: bears(task, at.U) and speaks(task, at.A),
        ("{U}负责的任务中，哪些涉及{A}？", "{U}负责哪些涉及{A}的任务？", "涉及{A}且由{U}负责的任务有哪些？"),
        (
            "Which tasks of {U} involve {A}?",
            "Which tasks on {A} are borne by {U}?",
            "Which tasks that involve {A} does {U} bear?",
            "Which of the tasks borne by {U} are about {A}?",
        ),
        "leads-involves",
    ),
    Frame(
        "leads-involves",
        "tasks",
        lambda task, at: leads(task, at.U) and speaks(task, at.A),
        ("{U}牵头的任务中，哪些涉及{A}？", "{U}牵头哪些涉及{A}的任务？"),
        ("Which tasks led by {U} involve {A}?", "Which tasks on {A} does {U} lead?"),
        "bears-involves",
    ),
    Frame(
        "involves-bears-not",
        "tasks",
        lambda task, at: speaks(task, at.A) and not bears(task, at.U),
        ("哪些涉及{A}的任务不由{U}负责？", "涉及{A}而{U}不负责的任务有哪些？"),
        ("Which tasks on {A} are not borne by {U}?", "Which tasks about {A} does {U} not bear?"),
        "bears-involves",
    ),
    Frame(
        "who",
        "units",
        lambda task, at: speaks(task, at.A),
        ("涉及{A}的任务由谁负责？", "谁负责涉及{A}的任务？", "涉及{A}的任务有哪些责任单位？"),
        (
            "Who bears the tasks on {A}?",
            "Which units are responsible for the tasks about {A}?",
            "Who is responsible for tasks that involve {A}?",
        ),
    ),
    Frame(
        "who-of-task",
        "units",
        lambda task, at: task.number == at.t,
        ("任务{t}由谁负责？", "任务{t}的责任单位有哪些？", "第{t}项任务由哪些单位负责？"),
        ("Who is responsible for task {t}?", "Which units bear task {t}?", "What are the responsible units of task {t}?"),
    ),
    Frame(
        "count-units-of-task",
        "units-number",
        lambda task, at: task.number == at.t,
        ("任务{t}有几家责任单位？", "任务{t}有多少家责任单位？"),
        ("How many units does task {t} have?", "How many units are responsible for task {t}?"),
    ),
    Frame(
        "so-many-units",
        "tasks",
        lambda task, at: len(task.units) == at.n,
        ("有{n}家责任单位的任务有哪些？", "恰有{n}家责任单位的任务有哪些？"),
        ("Which tasks have exactly {n} units?", "Which tasks have {n} responsible units?"),
        "at-least-units",
    ),
    Frame(
        "at-least-units",
        "tasks",
        lambda task, at: len(task.units) >= at.n,
        ("至少有{n}家责任单位的任务有哪些？", "有{n}家以上责任单位的任务有哪些？"),
        ("Which tasks have at least {n} units?",),
        "so-many-units",
    ),
    Frame(
        "more-units",
        "number",
        lambda task, at: len(task.units) > at.n,
        ("责任单位超过{n}家的任务有多少项？",),
        ("How many tasks have more than {n} units?",),
    ),
    Frame(
        "so-many-targets",
        "number",
        lambda task, at: len(task.targets) == at.n,
        ("有{n}个工作目标的任务有多少项？", "只有{n}个目标的任务有几项？"),
        ("How many tasks have exactly {n} targets?",),
    ),
    Frame(
        "quantities",
        "tasks",
        lambda task, at: bool(task.quantities),
        ("哪些任务有量化指标？", "有量化目标的任务有哪些？"),
        ("Which tasks have figures?", "Which tasks carry quantified targets?"),
        "no-quantities",
    ),
    Frame(
        "no-quantities",
        "number",
        lambda task, at: not task.quantities,
        ("没有量化指标的任务有多少项？", "没有任何量化目标的任务有几项？"),
        ("How many tasks have no figures?", "How many tasks carry no quantified goals at all?"),
        "quantities",
    ),
    Frame(
        "bears-quantities",
        "tasks",
        lambda task, at: bears(task, at.U) and bool(task.quantities),
        ("{U}负责的任务中，哪些有量化指标？", "{U}负责的有量化指标的任务有哪些？"),
        ("Which tasks of {U} have figures?", "Which tasks borne by {U} have quantified targets?"),
        "bears",
    ),
    Frame(
        "besides",
        "tasks",
        lambda task, at: speaks(task, at.A) and task.number != at.t,
        ("除任务{t}外，还有哪些任务涉及{A}？", "除了任务{t}以外哪些任务涉及{A}？"),
        ("Besides task {t}, which tasks involve {A}?", "Which tasks involve {A} apart from task {t}?"),
        "involves",
    ),
    Frame(
        "task-involves",
        "boolean",
        lambda task, at: task.number == at.t and speaks(task, at.A),
        ("任务{t}是否涉及{A}？", "任务{t}涉及{A}吗？"),
        ("Does task {t} involve {A}?", "Is task {t} about {A}?"),
    ),
    Frame(
        "task-borne",
        "boolean",
        lambda task, at: task.number == at.t and bears(task, at.U),
        ("任务{t}是否由{U}负责？", "{U}是否负责任务{t}？"),
        ("Is task {t} borne by {U}?", "Does {U} bear task {t}?", "Is {U} responsible for task {t}?"),
    ),
)
BY_NAME: Mapping[str, Frame] = {frame.name: frame for frame in FRAMES}
