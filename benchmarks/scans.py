"""The shipped notice, scanned: printed as a PDF file, turned into pictures, recognised; what is right of it, and what it costs.

python -m benchmarks.scans [--dots 200] [--degrees 0]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from difflib import SequenceMatcher

from ingest.model.records import Notice
from ingest.parse import parse
from ingest.read import read_bytes
from tests.ingest.readers.scanned import as_file, askew, pictures
from tests.ingest.readers.test_formats import as_pdf, original


def main() -> None:
    """Prints the shares."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scans", description=__doc__)
    parser.add_argument("--dots", type=int, default=200)
    parser.add_argument("--degrees", type=float, default=0.0)
    given = parser.parse_args()
    pages = pictures(as_pdf(), given.dots)
    if given.degrees:
        pages = [askew(page, given.degrees) for page in pages]
    began, used = time.monotonic(), _seconds()
    document = read_bytes("scan.pdf", as_file(pages, "PDF"))
    spent = _seconds() - used
    print(f"{len(pages)} pages, {spent / len(pages):.1f} s of the processor a page, {time.monotonic() - began:.0f} s in all")
    print(f"memory of the recognition: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")
    print(Counter(code for code, _ in document.notes))
    _compare(original(), parse(document))


def _seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _compare(printed: Notice, scanned: Notice) -> None:
    print(f"tasks: {len(scanned.tasks)} of {len(printed.tasks)}")
    right = total = units = known = 0
    for mine, theirs in zip(printed.tasks, scanned.tasks, strict=False):
        a = "".join(str(part) for part in (mine.text, *mine.targets))
        b = "".join(str(part) for part in (theirs.text, *theirs.targets))
        right += sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
        total += max(len(a), len(b))
        named = Counter((unit.canonical or str(unit.surface), unit.role) for unit in mine.units)
        units += named.total()
        known += (named & Counter((unit.canonical or str(unit.surface), unit.role) for unit in theirs.units)).total()
    print(f"characters: {right} of {total} ({right / total:.4%})")
    print(f"units: {known} of {units} ({known / units:.2%})")


if __name__ == "__main__":
    main()
