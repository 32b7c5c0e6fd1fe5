"""Two hundred damaged files of each kind: each is read or refused in one sentence, within its limits and without a trace."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from time import process_time
from zipfile import ZipFile

import olefile  # type: ignore[import-untyped]
import pytest

from ingest.limits import DEFAULTS
from tests.ingest.readers.fixed_layout.test_ofd import ruled
from tests.ingest.readers.test_reading import check
from tests.ingest.readers.written import compound, ofd, zipped

WORDS = Path(__file__).parents[2] / "data" / "words"
_TIMES = 200
_PIECES = (b"\0", b"\xff\xff\xff\xff", b"\1", b"99999999", b"-1", b'"', b"<", b">", b"{", b"}", b"\\", b"\x07", b"\x13", b"\x00\x80")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them cut, exchanged, doubled or written over."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(changed) + 1), chance.randint(1, 60)
        way = chance.randrange(5)
        if way == 0:
            del changed[at : at + length]
        elif way == 1:
            changed[at : at + 1] = chance.choice(_PIECES)
        elif way == 2:
            changed[at:at] = changed[at : at + length] * chance.randint(1, 20)
        elif way == 3:
            changed[at : at + length] = chance.randbytes(min(length, max(0, len(changed) - at)))
        elif chance.random() < 0.1:
            del changed[at:]
    return bytes(changed)


def in_package(data: bytes, chance: random.Random) -> bytes:
    """An archive with damage in one of its parts, or in its own bytes."""
    if chance.random() < 0.2:
        return mutated(data, chance)
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if name.endswith(".xml")])
    return zipped({**parts, name: mutated(parts[name], chance)}.items())


def in_streams(data: bytes, chance: random.Random) -> bytes:
    """A document of Word 97 with damage in one of its streams, most of it in what describes the text, or in its own bytes."""
    if chance.random() < 0.2:
        return mutated(data, chance)
    ole = olefile.OleFileIO(BytesIO(data))
    streams = {name: ole.openstream(name).read() for name in ("WordDocument", "1Table")}
    if chance.random() < 0.3:
        head = streams["WordDocument"]
        return compound({**streams, "WordDocument": head[:4] + mutated(head[4:900], chance) + head[900:]})
    name = chance.choice(list(streams))
    return compound({**streams, name: mutated(streams[name], chance)})


KINDS: Mapping[str, tuple[bytes, Callable[[bytes, random.Random], bytes]]] = {
    "x.odt": ((WORDS / "features.odt").read_bytes(), in_package),
    "x.rtf": ((WORDS / "features.rtf").read_bytes(), mutated),
    "x.doc": ((WORDS / "features.doc").read_bytes(), in_streams),
    "x.ofd": (ofd([ruled(), ruled()], templates={"1": ruled()}), in_package),
}


@pytest.mark.parametrize("name", KINDS)
def test_two_hundred_damaged_files_are_read_or_refused(name: str) -> None:
    whole, damage = KINDS[name]
    slowest, differ = 0.0, 0
    for seed in range(_TIMES):
        data = damage(whole, random.Random(f"{name} {seed}"))
        differ += data != whole
        begun = process_time()
        check(name, data)
        slowest = max(slowest, process_time() - begun)
    assert differ > _TIMES / 2
    assert slowest < DEFAULTS.seconds
