"""A web archive (.mht, .mhtml) -> Document: the page in it, read as any other page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from ingest.errors import UnreadableError
from ingest.limits import ReadLimits
from ingest.model.document import Document
from ingest.readers.web.html import read_html
from ingest.readers.web.page_address import is_address

_ARCHIVE = "multipart/related"
_FRAMES = re.compile(rb"<frameset\b", re.I)


def read_mht(name: str, data: bytes, sha256: str, limits: ReadLimits) -> Document:
    """The blocks of the page that the archive was made of, and the address that it was taken from."""
    try:
        message = message_from_bytes(data)
        pages = list(_pages(message))
        contents = [_content(page) for page in pages]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError(name, "网页存档已损坏", "the web archive is damaged") from error
    if not any(content.strip() for content in contents):
        raise UnreadableError(name, "网页存档里没有网页", "the web archive holds no page")
    first = _first(message, pages)
    # A page of frames shows the other pages of the archive: a workbook that Excel saved has each sheet in one.
    markup = b"\n".join(contents) if _FRAMES.search(contents[first]) else contents[first]
    document = read_html(name, markup, sha256, limits)
    stated = (message.get("Snapshot-Content-Location"), pages[first].get("Content-Location"), message.get("Content-Location"))
    source = document.source or next((str(address) for address in stated if address is not None and is_address(str(address))), None)
    return replace(document, media_type=_ARCHIVE, source=source)


def _first(message: Message, pages: Sequence[Message]) -> int:
    """The place of the page that the archive names as its start, else 0."""
    start = message.get_param("start")
    return next((i for i, page in enumerate(pages) if start is not None and page.get("Content-ID") == start), 0)


def _pages(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml"))


def _content(page: Message) -> bytes:
    """The markup in UTF-8 where the part names the encoding it is in; what the page itself says comes after that."""
    content = page.get_payload(decode=True)
    charset = page.get_content_charset()
    if not isinstance(content, bytes):
        return b""
    try:
        return content.decode(charset).encode("utf-8") if charset else content
    except (LookupError, UnicodeError):
        return content
