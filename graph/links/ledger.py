"""The ledger of proposed links: a table that people read, sort and decide in, and that the next run adds to.

CSV in UTF-8, one row for a pair, with the columns of ``COLUMNS``; ``decision`` is empty, ``accepted`` or ``rejected``. It is written whole
or not at all, by one program at a time; what is decided is never proposed again.
"""

from __future__ import annotations

import csv
import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from graph.errors import LedgerError
from graph.links.proposals import Proposal
from ontology.names import ID

COLUMNS = ("thing", "target", "kind", "score", "evidence", "source", "proposed_at", "reviewer", "decision")
NAME = "links.csv"
"""The ledger of a data folder."""
ACCEPTED, REJECTED = "accepted", "rejected"
_KINDS = ("exact", "close", "broad", "narrow", "related")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
SEPARATOR = "; "
"""Between two sources."""


@dataclass(frozen=True, slots=True)
class Row:
    """A proposed link."""

    thing: str
    target: str
    kind: str
    """``exact``, ``close``, ``broad``, ``narrow`` or ``related``: see ``ontology/schemes/match-kinds.ttl``."""
    score: str
    evidence: str
    source: str
    """Who says so: the endpoint, and what else speaks for it, one after the other."""
    proposed_at: str
    reviewer: str = ""
    decision: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Those that say so, each once."""
        return tuple(dict.fromkeys(part.strip() for part in self.source.split(SEPARATOR.strip()) if part.strip()))


def read(path: Path) -> tuple[Row, ...]:
    """The rows of a ledger, none where there is none yet; raises LedgerError for what is no ledger or no decision."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise LedgerError(path, 1, "不是 UTF-8", "it is not in UTF-8") from error
    reader = csv.reader(text.splitlines(keepends=True))
    head = next(reader, [])
    if tuple(head) != COLUMNS:
        raise LedgerError(path, 1, f"应有的列是 {','.join(COLUMNS)}", f"its columns must be {','.join(COLUMNS)}")
    rows = []
    for cells in reader:
        if any(cells):
            rows.append(_row(path, reader.line_num, cells))
    pairs: set[tuple[str, str]] = set()
    for row in rows:
        if _pair(row) in pairs:
            raise LedgerError(path, 0, f"{row.thing} 与 {row.target} 有两行", f"two rows for {row.thing} and {row.target}")
        pairs.add(_pair(row))
    return tuple(rows)


def add(path: Path, proposed: Iterable[Proposal], source: str, now: datetime) -> tuple[Row, ...]:
    """Adds the proposals that the ledger does not hold yet, and gives them."""
    with _changing(path) as rows:
        there = {_pair(row) for row in rows}
        new = [row for each in proposed if _pair(row := _proposed(each, source, now)) not in there]
        rows.extend(new)
    return tuple(new)


def decide(path: Path, target: str, decision: str, reviewer: str, *, thing: str = "", kind: str = "", source: str = "") -> Row:
    """Writes a decision into the row of a target, with who decided, and what else speaks for it; gives the row.

    Raises LedgerError where no row has that target, or several have and ``thing`` does not say which.
    """
    with _changing(path) as rows:
        fitting = [place for place, row in enumerate(rows) if _named(target, row.target) and (not thing or _named(thing, row.thing))]
        if len(fitting) != 1:
            zh, en = (
                ("没有这一行", "there is no such row")
                if not fitting
                else ("有几行，请用 --thing 说明", "several rows have it: say which with --thing")
            )
            raise LedgerError(path, 0, f"{target}：{zh}", f"{target}: {en}")
        row = rows[fitting[0]]
        sources = tuple(dict.fromkeys((*row.sources, *([_plain(source)] if source else []))))
        rows[fitting[0]] = replace(row, decision=decision, reviewer=_plain(reviewer), kind=kind or row.kind, source=SEPARATOR.join(sources))
        return rows[fitting[0]]


def write(path: Path, rows: Sequence[Row]) -> None:
    """Writes a ledger, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.", delete=False, encoding="utf-8", newline="") as whole:
        try:
            writer = csv.writer(whole, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(astuple(row) for row in rows)
            whole.flush()
            os.fsync(whole.fileno())
        except BaseException:
            os.unlink(whole.name)
            raise
    os.chmod(whole.name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
    os.replace(whole.name, path)


@contextmanager
def _changing(path: Path) -> Iterator[list[Row]]:
    """The rows, to be changed by one program at a time; written where the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = read(path)
        rows = list(before)
        yield rows
        if tuple(rows) != before or not path.exists():
            write(path, rows)
    finally:
        os.close(lock)


def _proposed(proposal: Proposal, source: str, now: datetime) -> Row:
    sources = [source, *(f"{scheme} {code}" for scheme, code in proposal.codes)]
    zh = "；".join(each.zh for each in proposal.evidence)
    en = "; ".join(each.en for each in proposal.evidence)
    return Row(
        proposal.thing.node.value,
        proposal.target,
        "exact" if proposal.exact else "close",
        f"{proposal.score:.2f}",
        _plain(f"{zh}。 {en[:1].upper()}{en[1:]}."),
        SEPARATOR.join(map(_plain, sources)),
        now.isoformat(timespec="seconds"),
    )


def _row(path: Path, line: int, cells: Sequence[str]) -> Row:
    if len(cells) != len(COLUMNS):
        raise LedgerError(path, line, f"有 {len(cells)} 格，应为 {len(COLUMNS)}", f"it has {len(cells)} cells, not {len(COLUMNS)}")
    row = Row(*(cell.strip() for cell in cells))
    faults = {
        "thing": row.thing.startswith(ID) and _IRI.fullmatch(row.thing) is not None,
        "target": _IRI.fullmatch(row.target) is not None,
        "kind": row.kind in _KINDS,
        "decision": row.decision in ("", ACCEPTED, REJECTED),
        "reviewer": bool(row.reviewer) or not row.decision,
    }
    for column, sound in faults.items():
        if not sound:
            value = getattr(row, column)
            raise LedgerError(path, line, f"{column} 不能是“{value}”", f"{column} cannot be “{value}”")
    return row


def _pair(row: Row) -> tuple[str, str]:
    return row.thing, row.target


def _named(typed: str, iri: str) -> bool:
    """Whether what was typed is an IRI, or how it ends: ``Q8686``, ``district/pudong``."""
    return bool(typed) and (typed == iri or iri.rstrip("/").endswith(f"/{typed.strip('/')}"))


def _plain(text: str) -> str:
    """A text of others on one line, without characters that steer a terminal or turn the direction of writing."""
    return " ".join(_CONTROLS.sub(" ", text).split())
