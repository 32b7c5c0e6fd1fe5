"""A question for a worker and its answer, turned into bytes between two processes and back.

A frame is a kind (one byte), a length (four bytes) and that many bytes. A question is one frame; an answer is any number of ``DATA`` frames
and one of ``LAST`` (with the last bytes, perhaps none) or ``ERROR`` (an exception of ours).
"""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat

from graph.errors import GraphError
from graph.store.embedded_store import DatasetOf, Store

DATA, LAST, ERROR, QUESTION, JOB = range(5)
LEAVING = 16
"""Added to the kind of the last frame of a worker that answers no more."""
HEAD = struct.Struct("!BI")

Format = QueryResultsFormat | RdfFormat
Job = Callable[..., bytes]
"""A function of a module: ``job(store, *arguments) -> bytes``."""


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query, the dataset it reads, and the format its answer is wanted in."""

    text: str
    format: Format
    dataset: DatasetOf = field(default_factory=DatasetOf)
    base: str | None = None


def frame(kind: int, content: bytes = b"") -> bytes:
    """One frame.

    >>> frame(LAST, b"ok")
    b'\\x01\\x00\\x00\\x00\\x02ok'
    """
    return HEAD.pack(kind, len(content)) + content


def pack(question: QueryRequest) -> bytes:
    """The frame of a question."""
    dataset = question.dataset
    named = (
        None if dataset.default is None else [node.value for node in dataset.default],
        None if dataset.named is None else [node.value for node in dataset.named],
    )
    content = (
        question.text,
        question.format.media_type,
        isinstance(question.format, RdfFormat),
        named,
        dataset.union,
        dataset.own,
        question.base,
    )
    return frame(QUESTION, pickle.dumps(content))


def unpack(content: bytes) -> QueryRequest:
    """The question in a frame that ``pack`` made: of the process that owns this one, never of a stranger."""
    text, media_type, is_graph, (default, named), union, own, base = pickle.loads(content)  # noqa: S301
    format: Format | None = (RdfFormat if is_graph else QueryResultsFormat).from_media_type(media_type)
    if format is None:
        raise ValueError(media_type)
    if default is None and named is None:
        return QueryRequest(text, format, DatasetOf(union=union, own=own), base)
    return QueryRequest(text, format, DatasetOf.of(default or (), named or (), union=union), base)


def pack_job(job: Job, arguments: tuple[Any, ...]) -> bytes:
    """The frame of a job; the function goes by its name."""
    return frame(JOB, pickle.dumps((job, arguments)))


def unpack_job(content: bytes) -> tuple[Job, tuple[Store, ...]]:
    """The job in a frame that ``pack_job`` made."""
    job, arguments = pickle.loads(content)  # noqa: S301
    return job, arguments


def pack_error(error: GraphError, *, leaving: bool = False) -> bytes:
    """The frame of an error of ours: its class and what it was made of."""
    return frame(ERROR + LEAVING * leaving, pickle.dumps(error))


def received(connection: socket.socket) -> Iterator[tuple[int, bytes]]:
    """The frames that come in on a blocking connection until its other end is closed."""
    buffer = bytearray()
    while part := connection.recv(1 << 16):
        buffer += part
        while len(buffer) >= HEAD.size:
            kind, length = HEAD.unpack_from(buffer)
            end = HEAD.size + length
            if len(buffer) < end:
                break
            content = bytes(memoryview(buffer)[HEAD.size : end])
            del buffer[:end]
            yield kind, content
