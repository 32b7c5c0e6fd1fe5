"""A file -> Document: the format is found from the bytes, checked against the name, and read within limits."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ingest.document import Document
from ingest.errors import EmptyFile, TooLarge, Unreadable
from ingest.readers.text import read_text


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost to read."""

    bytes: int = 32 * 2**20
    unpacked: int = 128 * 2**20
    pages: int = 400
    nesting: int = 40
    cells: int = 200_000
    seconds: float = 60.0


def read(path: Path, limits: Limits = Limits()) -> Document:
    """The document in a file."""
    try:
        size = path.stat().st_size
        if size > limits.bytes:
            raise TooLarge(path.name, f"the file has {size:,} bytes, more than the {limits.bytes:,} that are read")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(path.name, f"the file cannot be opened ({error.strerror})") from error
    return read_bytes(path.name, data, limits)


def read_bytes(name: str, data: bytes, limits: Limits = Limits()) -> Document:
    """The document in these bytes; the name decides nothing but is checked and named in errors."""
    if len(data) > limits.bytes:
        raise TooLarge(name, f"the file has {len(data):,} bytes, more than the {limits.bytes:,} that are read")
    if not data.strip():
        raise EmptyFile(name)
    digest = sha256(data).hexdigest()
    return read_text(name, data, digest)
