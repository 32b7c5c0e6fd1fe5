"""Bytes of an answer in XML, refused where they hold what no reader of XML takes: the engine writes all characters as they are."""

from __future__ import annotations

import re
from typing import IO, cast

from pyoxigraph import QueryResultsFormat, RdfFormat

from graph.errors import NotInXmlError

_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""What XML 1.0, section 2.2, leaves out of Char, as UTF-8: the control characters but tab and line ends, and U+FFFE and U+FFFF."""


def sink_for(format: QueryResultsFormat | RdfFormat, sink: IO[bytes]) -> IO[bytes]:
    """Where an answer in this format is written: ``sink`` itself, or for XML a file that passes on each piece as ``checked_xml`` has it."""
    return cast(IO[bytes], _OnlyXml(sink)) if format in (QueryResultsFormat.XML, RdfFormat.RDF_XML) else sink


def checked_xml(data: bytes) -> bytes:
    """The same bytes, UTF-8 that does not cut a character; ``NotInXmlError`` where XML cannot hold one."""
    if found := _NOT_IN_XML.search(data):
        raise NotInXmlError(found[0].decode())
    return data


class _OnlyXml:
    __slots__ = ("_sink",)

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        return self._sink.write(checked_xml(data))

    def flush(self) -> None:
        self._sink.flush()
