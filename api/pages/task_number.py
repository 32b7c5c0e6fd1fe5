"""A typed text, turned into the number of the task that it names."""

from __future__ import annotations

import re

from ontology.folding import folded as simplified
from queries.ask.lattice import number_of

_TASK = re.compile(
    r"(?:(?:任务|tasks?|no\.?|#)\s*第?|第)?\s*(?P<number>\d{1,4}|[一二三四五六七八九十]{1,3})\s*(?:[项号个条]\s*)?(?:重点)?(?:任务)?",
    re.IGNORECASE,
)
_NO_TASK = re.compile(r"\d+\s*[项号个条]|[一二三四五六七八九十].*")
"""What counts tasks rather than names one, and a numeral that nothing says is a number."""
TASK_NUMBERS = {
    "任务9": "9",
    "任务 9": "9",
    "９": "9",
    "第9项任务": "9",
    "任务第12项": "12",
    "Task 9": "9",
    "9号任务": "9",
    "ISO 9001": "",
    "2025-2027": "",
    "9 任务": "9",
    "任务九": "9",
    "第十二项任务": "12",
    "9项": "",
    "一": "",
    "九项任务": "",
    "十": "",
    "任务": "",
    "L3": "",
}
"""Texts with the number of the task that they name; the empty ones name none (examples of the rule, run as tests)."""


def task_number(text: str) -> str:
    """The number of the task that a text names, empty where it names none. A number alone is that of a task."""
    folded = simplified(text).strip()
    found = _TASK.fullmatch(folded)
    if found is None or _NO_TASK.fullmatch(folded):
        return ""
    return found["number"].lstrip("0") if found["number"].isdigit() else str(number_of(found["number"]))
