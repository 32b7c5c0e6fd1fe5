"""Folders of snapshots and drafts: locked by who reads or writes them, and deleted only where nobody does."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from graph.errors import StoreError
from graph.store.pointer import UNPUBLISHED

DRAFT = "draft-"
IN_USE = "in-use"
"""What readers of earlier releases lock; those of this one lock the folder, and need no file for it."""


def shared(folder: Path) -> int | None:
    """A shared lock on the files of a snapshot; None where they are gone."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError.of(error, folder) from error
    fcntl.flock(lock, fcntl.LOCK_SH)
    if not (folder / IN_USE).exists():
        with suppress(OSError):
            # For what it is needed: a folder that cannot be written is read all the same.
            (folder / IN_USE).touch()
    return lock


@contextmanager
def unpublished(snapshots: Path) -> Iterator[Path]:
    """A new folder for a draft, marked and locked as such, which is gone afterwards unless it was published."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=DRAFT, dir=snapshots))
        folder.chmod(0o755)
        mark = os.open(folder / UNPUBLISHED, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError.of(error, snapshots) from error
    try:
        fcntl.flock(mark, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(mark)
        if (folder / UNPUBLISHED).exists():
            delete(folder, last=UNPUBLISHED)


def delete(folder: Path, last: str) -> None:
    """Deletes a folder that nobody reads or writes; the file that says what it is goes last, so that what is left can be deleted later."""
    with ExitStack() as held, suppress(OSError):
        for path in (folder, folder / IN_USE, folder / UNPUBLISHED):
            try:
                lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            held.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for each in folder.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            elif each.name != last:
                each.unlink()
        (folder / last).unlink()
        folder.rmdir()
