"""A web page -> the addresses of what it shows or offers and does not hold: frames, embedded files, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from ingest.model.document import Code

HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
"""In the style of an element that a browser does not show."""
_FILE = re.compile(r"\.(?:docx?|wps|xlsx?|et|ods|odt|rtf|pptx?|pdf|ofd|ceb|zip|rar|7z|mht)$", re.I)
_ATTACHED = re.compile(r"附[件表]")
_NOWHERE = re.compile(r"\s*(?:$|#|javascript:|about:|data:|mailto:|tel:)", re.I)
_SHOWN = 12  # addresses that a sentence names
_LONGEST = 300  # characters of an address that a sentence shows


def elsewhere(page: LexborHTMLParser, source: str | None) -> Iterator[tuple[Code, str]]:
    """Sentences on the frames and the attachments of a page that were not read; ``source`` is the address of the page, where known."""
    frames = _addresses(page, source, _frames(page))
    if frames:
        yield (
            "elsewhere",
            f"页面里嵌有别的页面或文件，未读取：{_listed(frames)} / the page shows others inside it that were not read: {_listed(frames)}",
        )
    files = [address for address in _addresses(page, source, _attachments(page)) if address not in frames]
    if files:
        yield "elsewhere", f"页面附有文件，未读取：{_listed(files)} / files attached to the page were not read: {_listed(files)}"


def framed(page: LexborHTMLParser, source: str | None) -> str:
    """The addresses of the frames that a page of frames is made of, "" for any other page."""
    return _listed(_addresses(page, source, _frames(page))) if page.css_first("frameset") is not None else ""


def _addresses(page: LexborHTMLParser, source: str | None, found: Iterator[str]) -> list[str]:
    base = page.css_first("base[href]")
    root = urljoin(source or "", (base.attributes.get("href") or "") if base is not None else "")
    return list(dict.fromkeys(_joined(root, address.strip()) for address in found))


def _joined(root: str, address: str) -> str:
    try:
        return address if address.startswith("“") or address == "srcdoc" else urljoin(root, address)
    except ValueError:
        return address


def _frames(page: LexborHTMLParser) -> Iterator[str]:
    for node in page.css("iframe, frame, embed, object"):
        sizes = {(node.attributes.get(side) or "").strip() for side in ("width", "height")}
        if "hidden" in node.attributes or HIDDEN.search(node.attributes.get("style") or "") or sizes & {"0", "1", "0px", "1px"}:
            continue
        address = node.attributes.get("data" if node.tag == "object" else "src") or ""
        if not _NOWHERE.match(address):
            yield address
        elif (node.attributes.get("srcdoc") or "").strip():
            yield "srcdoc"


def _attachments(page: LexborHTMLParser) -> Iterator[str]:
    for link in page.css("a[href], area[href]"):
        address, said = link.attributes.get("href") or "", " ".join(link.text(deep=True).split())
        named = _FILE.search(said) is not None
        if not _NOWHERE.match(address):
            if named or _is_file(address) or "download" in link.attributes or (_ATTACHED.match(said) and not _is_page(address)):
                yield address
        elif named:
            yield f"“{said}”"


def _is_file(address: str) -> bool:
    """Whether an address ends like a file of a document, in its path or in what is asked for.

    >>> _is_file("/a/P0202.docx"), _is_file("down.jsp?file=%E9%99%84%E4%BB%B6.xls&id=1"), _is_file("/a/content.html")
    (True, True, False)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return any(_FILE.search(unquote(part)) for part in (parts.path, *re.split("[&;]", parts.query)))


def _is_page(address: str) -> bool:
    return re.search(r"\.s?html?(?:[?#]|$)", address, re.I) is not None


def _listed(addresses: Sequence[str]) -> str:
    rest = len(addresses) - _SHOWN
    return "、".join(address[:_LONGEST] for address in addresses[:_SHOWN]) + (f" … (+{rest:,})" if rest > 0 else "")
