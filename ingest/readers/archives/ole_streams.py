"""The compound file of old Office formats -> its streams."""

from __future__ import annotations

from io import BytesIO

import olefile  # type: ignore[import-untyped]

from ingest.errors import IngestError, UnreadableError
from ingest.readers.archives.zip_parts import encrypted


class Streams:
    """The streams of a compound file, each read when it is asked for."""

    def __init__(self, name: str, ole: olefile.OleFileIO) -> None:
        self._name, self._ole = name, ole
        self.names = frozenset("/".join(path).lower() for path in ole.listdir())

    def read(self, stream: str) -> bytes:
        """A stream whole, nothing where there is none; raises :class:`~ingest.errors.UnreadableError` where it is damaged."""
        if stream.lower() not in self.names:
            return b""
        try:
            content: bytes = self._ole.openstream(stream).read()
        except (IngestError, MemoryError):
            raise
        except Exception as error:
            raise damaged(self._name) from error
        return content


def opened(name: str, data: bytes) -> Streams:
    """The streams of these bytes; raises :class:`~ingest.errors.UnreadableError` where they are damaged or under a password."""
    try:
        streams = Streams(name, olefile.OleFileIO(BytesIO(data)))
    except (IngestError, MemoryError):
        raise
    except Exception as error:
        raise damaged(name) from error
    if "encryptedpackage" in streams.names:
        raise encrypted(name)
    return streams


def damaged(name: str) -> UnreadableError:
    """The refusal of a compound file that holds no document any more."""
    return UnreadableError(
        name, "文件已损坏，或不是文档；请另存为 .docx 或 .xlsx", "the file is damaged or not a document; save it as .docx or .xlsx"
    )
