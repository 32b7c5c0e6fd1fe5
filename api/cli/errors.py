"""What a command was given and cannot use, as exceptions with a sentence in Chinese and in English.

::

    ZhengceError
    ├── UsageError    arguments that contradict each other, or a format that is not among those there are
    └── FaultError    a fault of the program's own, which nobody foresaw
"""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

from ontology.errors import ZhengceError


class UsageError(ZhengceError):
    """The command cannot do what its arguments say."""


class FaultError(ZhengceError):
    """A fault of the program's own, in one sentence that says where it is."""

    def __init__(self, error: BaseException) -> None:
        last = next(iter(extract_tb(error.__traceback__)[-1:]), None)
        place = f"{Path(last.filename).name}:{last.lineno}" if last else "?"
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:300]} ({place})"
        super().__init__(f"程序自身出错，请报告：{reason}。", f"A fault of the program itself, please report it: {reason}.")
