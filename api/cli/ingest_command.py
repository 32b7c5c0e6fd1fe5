"""``zhengce ingest``: files, turned into one new snapshot and a table of what was read, with every warning."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.answers.remote_engine import writing
from api.cli.language import language, told
from api.publication.corpus import Outcome, found, ingest
from api.publication.reading_report import report
from api.settings import Settings
from graph.store.snapshot import Snapshots
from ingest.errors import SourceAddressError
from ingest.read import named

_ROWS = 50
"""Up to so many notices are listed one by one."""


@dataclass(frozen=True, slots=True)
class Means:
    """Who reads many files: so many processes here, or the workers of a cluster."""

    processes: int
    scheduler: str | None = None


def ingest_files(
    paths: Sequence[Path], settings: Settings, *, dry_run: bool, means: Means, source: str | None = None, page: Path | None = None
) -> bool:
    """Reads the files and publishes those that could be read; False if any could not. ``page`` is where the report goes."""
    files = tuple(found(paths, settings.reading))
    if source is not None and len(files) != 1:
        raise SourceAddressError(source, f"这里有 {len(files)} 份文件", f"these are {len(files)} files")
    errors = Console(stderr=True)
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    where = nullcontext(Snapshots(settings.data, settings.keep_snapshots)) if dry_run else writing(settings)
    with where as snapshots, Progress(*bars, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(told("读入", "reading"), total=len(files))
        outcomes = ingest(
            files,
            snapshots,
            processes=means.processes,
            scheduler=means.scheduler,
            dry_run=dry_run,
            limits=settings.reading,
            source=source,
            notify=lambda done, of, outcome: progress.update(task, completed=done),
        )
    _print(outcomes, dry_run=dry_run)
    if page is not None:
        with page.open("w", encoding="utf-8") as out:
            out.writelines(report(files, settings.reading))
    failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    for failure in failures:
        print(failure.sentence(language()), file=errors.file)
    return not failures


def _print(outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
    console = Console()
    read = [outcome for outcome in outcomes if outcome.about is not None]
    if read:
        console.print(_table(read, told("未发布", "not published") if dry_run else told("已发布", "published")))
    for outcome in read:
        assert outcome.about is not None
        for code, message in outcome.about.warnings:
            console.print(f"{named(outcome.path)}: {code}: {message}", markup=False, highlight=False)
        if outcome.superseded is not None:
            last = named(outcome.superseded)
            reason = told(f"与 {last} 是同一通知，以后者为准", f"the same notice as {last}, which counts")
            console.print(f"{named(outcome.path)}: {reason}", markup=False, highlight=False)
    unchanged = [outcome for outcome in outcomes if outcome.unchanged]
    for outcome in unchanged[:_ROWS]:
        console.print(f"{named(outcome.path)}: {told('未变，跳过', 'unchanged, skipped')}", markup=False, highlight=False)
    if len(unchanged) > _ROWS:
        count = f"{len(unchanged):,}"
        console.print(told(f"… 共 {count} 份未变，跳过", f"… {count} in all unchanged, skipped"), markup=False, highlight=False)


def _table(read: Sequence[Outcome], title: str) -> Table:
    table = Table(title=title, title_justify="left", show_footer=len(read) > 1)
    totals = [0, 0, 0, 0, 0]
    rows = []
    for outcome in read:
        about = outcome.about
        assert about is not None
        counts = (about.tasks, about.targets, about.triples, about.unread, len(about.warnings))
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        rows.append(
            (named(outcome.path), about.number or "—", str(about.tasks), str(about.targets), str(about.units), *map(str, counts[2:]))
        )
    tasks, targets, triples, unread, warnings = (f"{total:,}" for total in totals)
    feet = (f"{len(read):,}", "", tasks, targets, "", triples, unread, warnings)
    heads = (
        told("文件", "file"),
        told("文号", "number"),
        told("任务", "tasks"),
        told("目标", "targets"),
        told("单位", "units"),
        told("事实", "triples"),
        told("未读", "unread"),
        told("警告", "warnings"),
    )
    for head, foot in zip(heads, feet, strict=True):
        table.add_column(head, foot, overflow="fold")
    for row in rows[:_ROWS]:
        table.add_row(*row)
    if len(rows) > _ROWS:
        table.add_row("…")
    return table
