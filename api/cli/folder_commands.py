"""``zhengce check``, ``backup`` and ``restore``: a data folder, turned into what is wrong with it, into one file, and back."""

from __future__ import annotations

from pathlib import Path

from api.cli.language import language, told
from api.publication.inspection import inspect
from api.settings import Settings
from graph.errors import NothingPublishedError
from graph.store.backup import backup, restore
from graph.store.snapshot import Snapshots
from ontology.errors import MachineError


def print_findings(settings: Settings) -> bool:
    """Writes each finding about the data folder to standard output; whether none of them is a fault. Raises where there is no folder."""
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    if not settings.data.is_dir():
        if settings.data.exists():
            raise MachineError(str(settings.data), "是文件而不是文件夹", "it is a file where a folder is needed")
        raise NothingPublishedError(str(settings.data))
    faults = notes = 0
    for finding in inspect(snapshots):
        faults += finding.fault
        notes += not finding.fault
        sentences = {"zh": finding.zh, "en": finding.en}
        print(sentences.get(language() or "", f"{finding.zh} {finding.en}"), flush=True)
    print(told(f"{settings.data}：{faults} 处错误，{notes} 处提示。", f"{settings.data}: {faults} faults, {notes} notes."))
    return not faults


def write_backup(file: Path, settings: Settings, *, overwrite: bool) -> None:
    """Writes the snapshot that is served into one file and says how large it is."""
    snapshot = backup(Snapshots(settings.data, settings.keep_snapshots), file, overwrite=overwrite)
    size = f"{file.stat().st_size:,}"
    zh = f"{file}：快照 {snapshot.number}，{snapshot.quads:,} 条事实，{size} 字节。"
    print(told(zh, f"{file}: snapshot {snapshot.number}, {snapshot.quads:,} quads, {size} bytes."))


def read_backup(file: Path, settings: Settings, *, overwrite: bool) -> None:
    """Publishes what a backup holds and says under which number."""
    snapshot = restore(Snapshots(settings.data, settings.keep_snapshots), file, overwrite=overwrite)
    zh = f"{settings.data}：快照 {snapshot.number}，{snapshot.quads:,} 条事实。"
    print(told(zh, f"{settings.data}: snapshot {snapshot.number}, {snapshot.quads:,} quads."))
