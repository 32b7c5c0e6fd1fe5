"""``zhengce ingest``: files, turned into one new snapshot and a table of what was read, with every warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.publish import Built, built, knowledge, publish, unchanged
from api.settings import Settings
from graph.errors import InvalidGraphError
from graph.snapshot import Snapshots
from ingest.errors import IngestError
from ingest.recognise import Reading


@dataclass
class Report:
    """What became of each file."""

    read: list[tuple[Path, Reading, int]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)


def ingest_files(files: Sequence[Path], settings: Settings, *, dry_run: bool) -> bool:
    """Reads the files and publishes those that could be read; False if any could not."""
    known = knowledge()
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    report = Report()
    report.skipped.extend(sorted(unchanged(files, snapshots, known)))
    todo = [file for file in files if file not in report.skipped]
    errors = Console(stderr=True)
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*bars, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("读入 reading", total=len(todo))

        def build() -> Iterator[Built]:
            for file in todo:
                try:
                    notice = built(file, known)
                except (IngestError, InvalidGraphError) as error:
                    report.failed.append(str(error))
                else:
                    report.read.append((file, notice.reading, sum(map(len, notice.graphs.values()))))
                    yield notice
                progress.advance(task)

        notices = list(build())
    if notices and not dry_run:
        publish(notices, snapshots, known)
    _print(report, published=bool(notices) and not dry_run)
    for sentence in report.failed:
        print(sentence, file=errors.file)
    return not report.failed


def _print(report: Report, *, published: bool) -> None:
    console = Console()
    if report.read:
        table = Table(title="已发布 published" if published else "未发布 not published", title_justify="left")
        for heading in ("文件 file", "文号 number", "任务 tasks", "目标 targets", "单位 units", "事实 triples", "警告 warnings"):
            table.add_column(heading, overflow="fold")
        for path, reading, triples in report.read:
            notice = reading.notice
            units = {bearer.node for task in reading.tasks for bearer in task.bearers}
            counts = (len(reading.tasks), sum(len(task.targets) for task in notice.tasks), len(units), triples, len(notice.warnings))
            table.add_row(path.name, notice.number.value if notice.number else "—", *map(str, counts))
        console.print(table)
        for path, reading, _ in report.read:
            for warning in reading.notice.warnings:
                console.print(f"{path.name}: {warning.code}: {warning.message}", markup=False, highlight=False)
    for path in report.skipped:
        console.print(f"{path.name}: 未变，跳过 unchanged, skipped", markup=False, highlight=False)
