"""What the service has, turned into what programs that look around read: robots.txt, site maps, a JSON-LD context.

https://www.rfc-editor.org/rfc/rfc9309 https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from ontology.names import DEF, ID, OWL, PREFIXES, XSD

CLASSES = (
    *("Notice", "Plan", "Task", "Agency", "CollectiveUnit", "Place", "Industry", "Theme"),
    *("Platform", "Organisation", "Instrument", "Technology", "Event", "Programme"),
)
"""The classes whose things have pages worth finding. None of them holds another: districts are places. Parts of tasks are shown with it."""
PAGES = "pages"
MOST = 50_000
"""Addresses in one part: the most that the protocol allows."""
_PAGES = ("", "tasks", "agencies", "industries", "districts", "platforms", "notices", "things", "overview", "queries", "def", "docs")
_DISALLOWED = (
    "/sparql",
    "/query",
    "/update",
    "/store",
    "/why",
    "/ask",
    "/search",
    "/reconcile",
    "/en/reconcile",
    "/metrics",
    "/tasks?",
    "/things?",
)
"""Answers to questions, of which there are endlessly many."""
_SITE_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
BRACKETS = "[〔〕\\\\[\\\\]()（）【】［］〖〗﹝﹞{}<>〈〉《》「」『』]+"
"""The brackets that people write around the year of a number, as SPARQL writes them."""
BLANKS = "\\\\s+"
_BRACKETS = re.compile(BRACKETS.replace("\\\\", "\\"))
_PART = re.compile(r"([A-Za-z]{1,20})-([1-9][0-9]{0,5})")


def robots(base: str) -> str:
    """What crawlers may ask, and where the site map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _DISALLOWED), "Allow: /", "", f"Sitemap: {base}/sitemap.xml"]
    return "\n".join(lines) + "\n"


def part_of(name: str) -> tuple[str, int]:
    """The class and the number (from 1) of a part of the site map; 0 where the name is none.

    >>> part_of("Task-2"), part_of("pages-1"), part_of("x")
    (('Task', 2), ('pages', 1), ('', 0))
    """
    found = _PART.fullmatch(name)
    return (found[1], int(found[2])) if found else ("", 0)


def site_map_index(base: str, counts: Mapping[str, int], changed: datetime | None) -> str:
    """The list of the parts: as many of each class as its things need."""
    names = [f"{PAGES}-1", *(f"{name}-{number}" for name in CLASSES for number in range(1, -(-counts.get(name, 0) // MOST) + 1))]
    when = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    parts = (f"<sitemap><loc>{escape(base)}/sitemap/{name}.xml</loc>{when}</sitemap>" for name in names)
    return _document("sitemapindex", parts)


def things(name: str, number: int) -> str:
    """The query for the things of a part: the store does not change, so its order holds from one part to the next."""
    return f"SELECT DISTINCT ?thing {{ ?thing a <{DEF}{name}> }} LIMIT {MOST} OFFSET {(number - 1) * MOST}"


def pages(base: str) -> str:
    """The part that holds the pages which are always there."""
    return _document("urlset", (f"<url><loc>{escape(base)}/{path}</loc></url>" for path in _PAGES))


def site_map_part(base: str, rows: bytes) -> str | None:
    """The part that holds the things of an answer in TSV; None where it holds none."""
    found = [line[1:-1] for line in rows.decode().splitlines()[1:] if line.startswith(f"<{ID}")]
    if not found:
        return None
    start, skipped = f"<url><loc>{escape(base)}/id/", len(ID)
    return _document("urlset", (f"{start}{escape(quote(iri[skipped:], safe=_SAFE))}</loc></url>" for iri in found))


_SAFE = "/%:@!$&'()*+,;=~-._"


def _document(root: str, parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SITE_MAP}">\n{body}\n</{root}>\n'


def plain_number(number: str) -> str:
    """A document number without blanks, with one sign for any brackets: what numbers are compared by.

    >>> plain_number("沪质办〔2026〕2号") == plain_number("沪质办 [２０２６] 2 号") == "沪质办|2026|2号"
    True
    """
    return _BRACKETS.sub("|", "".join(unicodedata.normalize("NFKC", number).split()))


def context(terms: Sequence[tuple[str, str, str]]) -> str:
    """The context: our prefixes, and our terms by their own names; numbers, dates and things need no types in data that uses it.

    Each term comes with its type and a range, or none, in the order of their names.
    """
    ranges: dict[str, set[str]] = {}
    for term, _, range_ in terms:
        ranges.setdefault(term, set()).add(range_)
    typed = {XSD[name].value for name in ("integer", "decimal", "date", "boolean")}
    made: dict[str, object] = dict(sorted(PREFIXES.items()))
    for term, type_, _ in terms:
        name = term.removeprefix(DEF)
        if name in {"", term} or name in PREFIXES:
            continue
        only = next(iter(ranges[term])) if len(ranges[term]) == 1 else ""
        if type_ == OWL["ObjectProperty"].value:
            made[name] = {"@id": f"zc:{name}", "@type": "@id"}
        elif only in typed:
            made[name] = {"@id": f"zc:{name}", "@type": f"xsd:{only.removeprefix(XSD)}"}
        else:
            made.setdefault(name, f"zc:{name}")
    return json.dumps({"@context": made}, ensure_ascii=False, indent=1)
