"""Why something is missing, as JSON has it, turned into lines of text in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator

from graph.proofs.render import Told
from graph.proofs.rows.footnotes import Footnote, fact_in

VERDICTS = {
    "row": ("它在结果里。", "It is in the result."),
    "limit": ("它符合全部条件，被 LIMIT 或 OFFSET 截去。", "It fits all conditions and is cut off by LIMIT or OFFSET."),
    "parts": ("它不符合这些条件：", "It does not fit these conditions:"),
    "together": (
        "每个条件单独都符合，一起不符合（分组的条件、子查询或 OPTIONAL 的次序）。",
        "It fits each condition, but not all together (a condition on groups, a sub-select, or the order of OPTIONAL).",
    ),
    "holds": ("这条事实成立，见“为何”。", "The triple holds: see why."),
    "absent": ("没有图陈述它，也没有公理推出它。", "No graph states it and no axiom entails it."),
}
"""What may be said first."""
WORDS = {
    "holds": ("符合", "holds"),
    "fails": ("不符合", "fails"),
    "alone": ("对它自己就不符合", "not for this thing at all"),
    "against": ("与这些合不到一起", "does not agree with"),
    "near": ("最接近的事实", "nearest facts"),
    "words": ("原文里最接近的字", "nearest words"),
    "values": ("实际的值", "the values there are"),
    "inside": ("其中", "inside"),
    "unreached": ("没有查到这一步", "not looked at"),
    "rule": ("能推出它的规则", "a rule that could infer it"),
    "whole": ("印着这几个字", "printed"),
    "part": ("印着其中几个字", "a part of it is printed"),
    "subject": ("缺的", "missing"),
}
"""What lines begin with."""


def lines(told: Told, language: str) -> Iterator[str]:
    """The explanation, a line each; what belongs to a line is indented below it."""
    word = 1 if language == "en" else 0
    if "missing" in told:
        yield f"{WORDS['subject'][word]}{_colon(language)}{told['missing']['label'][language]} (?{told['variable']})"
    else:
        yield fact_in(told, language)
    yield VERDICTS[told["verdict"]][word]
    if "missing" in told:
        yield from _parts(told, language, "")
        return
    yield from _near(told, language, "  ")
    for rule in told["rules"]:
        yield f"  {WORDS['rule'][word]}{_colon(language)}{rule['axiom']}"
        yield from _parts(rule, language, "    ")


def note_line(note: Told, language: str) -> str:
    """A fact that is there, with its words."""
    return Footnote(note.get("number", 0), note["status"], [note]).sentence(language)


def _parts(told: Told, language: str, indent: str) -> Iterator[str]:
    word = 1 if language == "en" else 0
    for part in told["failed"]:
        yield f"{indent}✗ {part['short']}"
        if part["against"]:
            yield f"{indent}  {WORDS['against'][word]}{_colon(language)}{' '.join(each['short'] for each in part['against'])}"
        yield from _near(part, language, f"{indent}  ")
        for row in part["values"]:
            yield f"{indent}  {WORDS['values'][word]}{_colon(language)}{' '.join(f'?{name}={value}' for name, value in row.items())}"
        for branch in part["branches"]:
            yield f"{indent}  {WORDS['inside'][word]}{_colon(language)}"
            yield from _parts(branch, language, f"{indent}    ")
    for part in told["held"]:
        yield f"{indent}✓ {part['short']}"
    for part in told["unreached"]:
        yield f"{indent}… {part['short']} ({WORDS['unreached'][word]})"


def _near(told: Told, language: str, indent: str) -> Iterator[str]:
    word = 1 if language == "en" else 0
    for note in told["near"]:
        yield f"{indent}{WORDS['near'][word]}{_colon(language)}{note_line(note, language)}"
    for found in told["words"]:
        kind = WORDS["whole" if found["whole"] else "part"][word]
        said = f"“{found['quote']}” ({found['name']}, {kind}){_colon(language)}{found['text']}"
        yield f"{indent}{WORDS['words'][word]}{_colon(language)}{said}"


def _colon(language: str) -> str:
    return ": " if language == "en" else "："
