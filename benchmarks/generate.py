"""A seed -> as many task notices as wanted, in the layout of the shipped one, with invented sentences, numbers, units and places.

python -m benchmarks.generate FOLDER [--notices 1000] [--tasks 20] [--seed 1] [--formats txt,docx,html]

The same seed gives the same files, byte for byte; each notice depends on its own position only, so a longer run begins with a shorter
one. What the sentences speak of are labels of the vocabulary; all else is invented.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pyoxigraph import Literal, NamedNode

import ontology
from ingest.fields.places import Division, divisions, subordinates
from ontology.names import ID, SKOS

_CITIES = {
    "310000": "沪",
    "320500": "苏",
    "330100": "杭",
    "340100": "合",
    "510100": "成",
    "420100": "武",
    "440100": "穗",
    "330200": "甬",
    "320100": "宁",
    "610100": "西",
}
_FIELDS = (
    "低空经济",
    "人工智能",
    "生物医药",
    "数据要素",
    "智能网联汽车",
    "新型储能",
    "文旅消费",
    "检验检测",
    "绿色低碳",
    "海洋经济",
    "集成电路",
    "养老服务",
    "现代物流",
    "商业航天",
)
_OFFICES = (
    "发展改革委",
    "科技局",
    "经济和信息化局",
    "财政局",
    "商务局",
    "市场监管局",
    "交通局",
    "文化和旅游局",
    "生态环境局",
    "住房城乡建设局",
    "数据局",
    "教育局",
)
_SHANGHAI = (
    "市发展改革委",
    "市科委",
    "市经济信息化委",
    "市财政局",
    "市商务委",
    "市市场监管局",
    "市交通委",
    "市文化旅游局",
    "市生态环境局",
    "市数据局",
    "市教委",
)
_GROUPS = (
    "夯实发展基础",
    "提升创新能级",
    "建设重点平台",
    "培育经营主体",
    "拓展应用场景",
    "优化空间布局",
    "完善标准规则",
    "加强要素保障",
    "深化开放合作",
)
_MONTHS = ("3月底前", "6月底前", "9月底前", "12月底前", "上半年", "年内")
_TASKS = (
    "加快{thing}与{field}融合，推动{field}高质量发展。",
    "围绕{thing}等重点领域，新增服务企业{n}家以上。",
    "支持{district}建设{thing}应用场景，形成可复制的做法。",
    "完善{field}统计监测，{month}发布运行报告{m}期。",
    "推进{thing}公共服务平台建设，力争年服务量达到{k}万次。",
    "健全{field}人才培养机制，组织专题培训不少于{m}场。",
)
_TARGETS = (
    "引进培育{thing}相关企业{n}家以上。",
    "{district}、{other}各建成示范点{m}个。",
    "{month}完成{thing}标准立项{m}项，并发布应用指南。",
    "规模以上企业营业收入增长{m}%左右，研发投入占比不低于{m}.5%。",
    "开展{thing}供需对接活动{m}—{k}场，签约金额超过{n}亿元。",
    "办理时限由{k}个工作日压减至{m}个工作日。",
    "编制{field}发展年度报告，梳理{thing}典型案例。",
    "贯彻《{field}促进办法》，落实{thing}扶持措施。",
)
_EPOCH = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One task: its number, its group (blank where the cell above goes on), its text, its targets, its units."""

    number: int
    group: str
    text: str
    targets: tuple[str, ...]
    units: str


@dataclass(frozen=True, slots=True)
class Invented:
    """One notice before it is written in a format."""

    stem: str
    office: str
    number: str
    title: str
    plan: str
    date: str
    year: int
    rows: tuple[Row, ...]


def invented(seed: int, tasks: int) -> Iterator[Invented]:
    """Notices without end; no two have the same number."""
    things = labels()
    yield from (_notice(seed, position, things, tasks) for position in count())


def labels() -> tuple[str, ...]:
    """The Chinese names of what notices speak of: industries, platforms, technologies, organisations, programmes."""
    kinds = tuple(ID[f"{kind}/"].value for kind in ("industry", "platform", "technology", "organisation", "programme"))
    found = (
        t.object.value
        for t in ontology.triples()
        if t.predicate == SKOS["prefLabel"]
        and isinstance(t.object, Literal)
        and isinstance(t.subject, NamedNode)
        and t.object.language == "zh"
        and t.subject.value.startswith(kinds)
    )
    return tuple(sorted({label for label in found if label.isalpha() and 2 <= len(label) <= 14}))


def _notice(seed: int, position: int, things: Sequence[str], tasks: int) -> Invented:
    random = Random(f"{seed}/{position}")
    code, letter = list(_CITIES.items())[position % len(_CITIES)]
    city = divisions()[code]
    field = random.choice(_FIELDS)
    year = 2024 + position % 3
    office = f"{city.name}{field}工作领导小组办公室"
    title = f"{city.name}{year}年促进{field}高质量发展重点任务安排"
    return Invented(
        stem=f"notice-{position:06}",
        office=office,
        number=f"{letter}{field[:2]}办〔{year}〕{position + 1}号",
        title=title,
        plan=f"{city.name}促进{field}高质量发展行动方案（{year - 1}—{year + 1}年）",
        date=f"{year}年{random.randint(1, 12)}月{random.randint(1, 28)}日",
        year=year,
        rows=tuple(_rows(random, city, field, things, tasks)),
    )


def _rows(random: Random, city: Division, field: str, things: Sequence[str], tasks: int) -> Iterator[Row]:
    below = [place.name for place in subordinates(city)]
    offices = _SHANGHAI if city.code == "310000" else [f"市{office}" for office in _OFFICES]
    groups = random.sample(_GROUPS, min(len(_GROUPS), max(1, tasks // 4)))
    for number in range(1, tasks + 1):
        district, other = random.sample(below, 2)
        said = {"field": field, "district": district, "other": other}
        targets = tuple(
            template.format(**said, **_slots(random, things)) for template in random.sample(_TARGETS, random.choice((1, 1, 2, 2, 3)))
        )
        names = random.sample(offices, random.randint(1, 5))
        names.extend(random.choice(((), (), ("各区",), (f"{district}政府",))) if district.endswith("区") else ())
        place = (number - 1) * len(groups) // tasks
        opens = number == 1 or place != (number - 2) * len(groups) // tasks
        text = random.choice(_TASKS).format(**said, **_slots(random, things))
        yield Row(number, groups[place] if opens else "", text, targets, "、".join(names))


def _slots(random: Random, things: Sequence[str]) -> dict[str, object]:
    m = random.randint(2, 9)
    return {
        "thing": random.choice(things),
        "n": random.randint(10, 90),
        "m": m,
        "k": random.randint(m + 1, 30),
        "month": random.choice(_MONTHS),
    }


def heads(notice: Invented) -> tuple[str, ...]:
    """The heads of the columns."""
    return "序号", "重点任务", "具体任务", f"{notice.year}年工作目标", "责任单位"


def numbered(targets: Sequence[str]) -> tuple[str, ...]:
    """The targets of a cell as printed: numbered where there are several."""
    return tuple(f"{i}.{target}" for i, target in enumerate(targets, start=1)) if len(targets) > 1 else tuple(targets)


def front(notice: Invented) -> tuple[str, ...]:
    """The paragraphs above the table."""
    return (
        f"{notice.office}文件",
        notice.number,
        notice.office,
        f"关于印发《{notice.title}》的通知",
        "各相关单位：",
        f"为贯彻落实《{notice.plan}》，现将《{notice.title}》印发给你们，请结合实际认真落实。",
        notice.office,
        notice.date,
        "（此件公开发布）",
        notice.title,
    )


def as_text(notice: Invented) -> bytes:
    """The notice as the shipped one is kept: one cell a line, each with a leading tab."""
    table = [heads(notice), *((str(r.number), r.group, r.text, "\n".join(numbered(r.targets)), r.units) for r in notice.rows)]
    rows = ("\n".join("\t" + cell for cell in row) for row in table)
    return ("\n\n".join((*front(notice), *rows)) + "\n").encode()


def as_page(notice: Invented) -> bytes:
    """The notice as a web page, groups as cells over several rows."""
    rows = []
    for i, row in enumerate(notice.rows):
        span = next((j for j, below in enumerate(notice.rows[i + 1 :], start=1) if below.group), len(notice.rows) - i)
        group = f'<td rowspan="{span}">{escape(row.group)}</td>' if row.group else ""
        targets = "".join(f"<p>{escape(target)}</p>" for target in numbered(row.targets))
        rows.append(f"<tr><td>{row.number}</td>{group}<td>{escape(row.text)}</td><td>{targets}</td><td>{escape(row.units)}</td></tr>")
    head = "".join(f"<th>{head}</th>" for head in heads(notice))
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in front(notice))
    page = f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'></head><body>\n{body}\n<table><tr>{head}</tr>\n"
    return (page + "\n".join(rows) + "\n</table></body></html>\n").encode()


def as_word(notice: Invented) -> bytes:
    """The notice as a Word file, groups as cells merged downwards."""
    rows = [_word_row([_word_cell((head,)) for head in heads(notice)])]
    for row in notice.rows:
        merge = "<w:vMerge w:val='restart'/>" if row.group else "<w:vMerge/>"
        cells = [(str(row.number),), (row.group,), (row.text,), numbered(row.targets), (row.units,)]
        rows.append(_word_row([_word_cell(cell, merge if i == 1 else "") for i, cell in enumerate(cells)]))
    return packed("".join(map(_word_paragraph, front(notice))) + f"<w:tbl>{''.join(rows)}</w:tbl>")


def packed(body: str) -> bytes:
    """A Word file with this body."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    related = "application/vnd.openxmlformats-package.relationships+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'><Default Extension='rels' ContentType='{related}'/>"
        f"<Override PartName='/word/document.xml' ContentType='{kind}'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'><Relationship Id='r1' Type='{office}' Target='word/document.xml'/>"
        "</Relationships>",
        "word/document.xml": f"<w:document xmlns:w='{w}'><w:body>{body}<w:p/></w:body></w:document>",
    }
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, _EPOCH), f"<?xml version='1.0' encoding='UTF-8'?>{content}", ZIP_DEFLATED)
    return file.getvalue()


def _word_paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _word_cell(paragraphs: Sequence[str], properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(_word_paragraph, paragraphs))}</w:tc>"


def _word_row(cells: Sequence[str]) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


FORMATS = {"txt": as_text, "html": as_page, "docx": as_word}


def write(folder: Path, number: int, *, seed: int = 1, tasks: int = 20, formats: Sequence[str] = ("txt",)) -> Iterator[Path]:
    """Writes so many notices, in the formats by turns, and gives each path when it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, notice in enumerate(islice(invented(seed, tasks), number)):
        kind = formats[i % len(formats)]
        path = folder / f"{notice.stem}.{kind}"
        path.write_bytes(FORMATS[kind](notice))
        yield path


def main() -> None:
    """Writes the notices and says how many."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--notices", type=int, default=1000)
    arguments.add_argument("--tasks", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--formats", default="txt")
    given = arguments.parse_args()
    written = write(given.folder, given.notices, seed=given.seed, tasks=given.tasks, formats=given.formats.split(","))
    print(f"{sum(1 for _ in written):,} notices in {given.folder}")


if __name__ == "__main__":
    main()
