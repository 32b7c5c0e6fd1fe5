"""Each pattern that decides what we believe has examples that it matches and examples that it must not: tests/data/patterns.tsv.

A pattern is named by its module and its name; in a table of patterns by its label too. Patterns in a table without labels are one line,
whose examples are matched by one of them or by none.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    *(
        ".".join(path.relative_to(ROOT / "ingest").with_suffix("").parts)
        for room in ("fields", "layouts", "readers")
        for path in sorted((ROOT / "ingest" / room).rglob("[!_]*.py"))
    ),
    "metadata",
    "milestones",
    "coverage",
    "topics",
]
LEXICAL = {
    "fields.citations._SENTENCE": "ends of sentences",
    "fields.folding._WORD": "Latin letters and digits",
    "layouts.numbered._SENTENCE": "ends of sentences",
    "readers.plain_text.encoding._CONTROL": "control characters",
    "readers.plain_text.encoding._COMMON": "characters that are counted, not believed",
    "readers.web.html._CHARSET": "bytes; tests/ingest/readers/test_reading.py has encodings",
    "readers.web.html._LONG_TAG": "a limit on the length of a tag",
    "readers.web.html._SPACES": "blanks",
    "readers.fixed_layout.text_lines._LATIN": "Latin letters and digits",
    "readers.spreadsheets.number_formats._TOKEN": "the signs of a number format; test_number_formats.py has examples",
    "readers.fixed_layout.ofd_page._NUMBER": "numbers in a drawing",
    "readers.fixed_layout.ofd_page._STEP": "steps of a path",
    "readers.word_processing.odt._SPACES": "blanks",
    "readers.fixed_layout.pdf._FILTERS": "bytes of a PDF file",
    "readers.fixed_layout.pdf._STREAM": "bytes of a PDF file",
    "readers.word_processing.rtf_tokens._PAIRS": "bytes of an RTF file",
    "readers.word_processing.rtf_tokens._TOKEN": "bytes of an RTF file; tests/ingest/readers/test_words.py has files",
    "readers.word_processing.rtf_tokens._TOKEN_OF_PAIRS": "bytes of an RTF file",
    "readers.word_processing.rtf_tokens._UNIT": "bytes of an RTF file",
    "readers.word_processing.doc._MARK": "ends of paragraphs and cells",
    "readers.block_writer._CONTROL": "control characters",
    "readers.block_writer._LOOKALIKE": "radicals and compatibility characters",
    "readers.plain_text.barred_tables.BARS": "strokes of a drawn table",
    "readers.plain_text.txt._LINE": "ends of lines",
    "coverage._EDGE": "punctuation",
    "milestones._THINGS[引进或培育]": "matches nothing: of these no thing alone is a deliverable",
}
"""What takes characters apart and decides nothing, with what it is."""
SAID_TWICE = {"fields.dates._PLAN", "layouts.columns._KINDS[group]", "layouts.columns._KINDS[text]"}
"""Whose last alternative matches nothing that another one does not."""
Patterns = tuple[re.Pattern[Any], ...]
"""Of characters or of bytes."""


def named(name: str, value: object) -> Iterator[tuple[str, Patterns]]:
    """The patterns of one name of a module, with the label of each where they stand in a table."""
    if isinstance(value, re.Pattern):
        yield name, (value,)
    elif isinstance(value, dict):
        yield from ((f"{name}[{label}]", (each,)) for label, each in value.items() if isinstance(each, re.Pattern))
    elif isinstance(value, tuple | list) and value and all(isinstance(each, re.Pattern) for each in value):
        yield name, tuple(value)
    elif isinstance(value, tuple | list):
        seen: Counter[str] = Counter()
        for each in value:
            match each:
                case (str() as label, re.Pattern() as pattern, *_):
                    seen[label] += 1
                    yield f"{name}[{label}{f'#{seen[label]}' if seen[label] > 1 else ''}]", (pattern,)


def patterns() -> dict[str, Patterns]:
    """All compiled patterns of the modules, those that a module took from another one once."""
    found: dict[str, Patterns] = {}
    for module in MODULES:
        for name, value in vars(import_module(f"ingest.{module}")).items():
            found.update((f"{module}.{label}", each) for label, each in named(name, value))
    home = {each: label for label, each in reversed(found.items()) if _defines(label)}
    return {label: each for label, each in found.items() if home.get(each) == label}


def _defines(label: str) -> bool:
    module, _, name = label.partition("[")[0].rpartition(".")
    source = (ROOT / "ingest" / f"{module.replace('.', '/')}.py").read_text("utf-8")
    return re.search(rf"^{name}\b.* = ", source, re.MULTILINE) is not None


def lines() -> list[dict[str, str]]:
    with (ROOT / "tests/data/patterns.tsv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))


PATTERNS = patterns()
LINES = lines()


def test_every_pattern_has_examples() -> None:
    assert len(PATTERNS) > 130
    written = [line["pattern"] for line in LINES]
    assert sorted(written) == sorted(set(written))
    assert sorted(set(PATTERNS) - set(written) - set(LEXICAL)) == [], "has no line in tests/data/patterns.tsv"
    assert sorted({*written, *LEXICAL} - set(PATTERNS)) == [], "is no pattern any more"


def hits(pattern: re.Pattern[Any], how: str, example: str) -> bool:
    """Whether a pattern, of characters or of bytes, matches an example in this way."""
    return getattr(pattern, how)(example if isinstance(pattern.pattern, str) else example.encode()) is not None


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["pattern"])
def test_a_pattern_matches_what_it_should_and_nothing_else(line: dict[str, str]) -> None:
    members = PATTERNS[line["pattern"]]

    how = line["how"]
    wanted, unwanted = (line[column].split(" ¦ ") for column in ("matches", "does not match"))
    assert all(wanted)
    assert all(unwanted)
    assert [example for example in wanted if not any(hits(pattern, how, example) for pattern in members)] == []
    assert [pattern.pattern for pattern in members if not any(hits(pattern, how, example) for example in wanted)] == []
    assert [example for example in unwanted if any(hits(pattern, how, example) for pattern in members)] == []


@pytest.mark.parametrize("line", [line for line in LINES if line["pattern"] not in SAID_TWICE], ids=lambda line: line["pattern"])
def test_the_last_alternative_of_a_pattern_is_among_its_examples(line: dict[str, str]) -> None:
    """A pattern that ends in another character than it does must fail: words are added at the end."""
    wanted = line["matches"].split(" ¦ ")
    for pattern in PATTERNS[line["pattern"]]:
        end = "·" if isinstance(pattern.pattern, str) else "·".encode()
        spoilt = re.compile(pattern.pattern + end, pattern.flags)
        mine = [example for example in wanted if hits(pattern, line["how"], example)]
        assert not all(hits(spoilt, line["how"], example) for example in mine), pattern.pattern[-40:]
