"""Why a file was refused, as exceptions whose message names the file and the reason, in Chinese and in English.

::

    IngestError                 the base: a file that cannot become records
    ├── EmptyFileError          no characters at all
    ├── WrongTypeError          the bytes are not what the name says, or no format that is read here
    ├── UnreadableError         the format is right and the content is broken, encrypted or without text
    ├── TooLargeError           a limit was passed: size, unpacked size, pages, nesting, time
    ├── NoTasksError            a document without a task table or a list of tasks
    ├── NoUnitsError            tasks, but no responsible unit anywhere
    ├── SourceAddressError      an address given for a file that is none, or for more files than one
    └── ReaderFaultError        a fault of the program's own while it read the file
"""

from __future__ import annotations

from ontology.errors import ZhengceError


class IngestError(ZhengceError):
    """A file that cannot become records; ``name`` is the file, ``reason`` the rest of the English sentence."""

    def __init__(self, name: str, reason_zh: str, reason: str) -> None:
        super().__init__(f"{name}：{reason_zh}。", f"{name}: {reason}.")
        self.name = name
        self.reason = reason


class EmptyFileError(IngestError):
    """No characters at all."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "文件是空的", "the file is empty")


class WrongTypeError(IngestError):
    """The bytes are not what the name says, or no format that is read here."""


class UnreadableError(IngestError):
    """The format is right and the content is broken, encrypted or without text."""


class TooLargeError(IngestError):
    """A limit was passed."""


class NoTasksError(IngestError):
    """A document without a task table or a list of tasks; ``nearest`` says which line came nearest and what it lacks."""

    def __init__(self, name: str, nearest: tuple[str, str] | None = None) -> None:
        zh, en = "其中没有任务表，也没有带责任单位的任务清单", "no task table and no list of tasks with responsible units was found in it"
        super().__init__(name, f"{zh}；{nearest[0]}" if nearest else zh, f"{en}; {nearest[1]}" if nearest else en)


class NoUnitsError(IngestError):
    """Tasks, but no responsible unit anywhere."""

    def __init__(self, name: str) -> None:
        super().__init__(
            name, "其中有任务，但没有责任单位的列、括注或行", "it has tasks but no column, bracket or line of responsible units"
        )


class SourceAddressError(IngestError):
    """An address given for a file that is none, or for more files than one."""

    def __init__(self, address: str, zh: str, en: str) -> None:
        super().__init__(
            address,
            f"来源应为一份文件的一个以 http:// 或 https:// 开头的地址；{zh}",
            f"a source is one address that begins with http:// or https://, for one file; {en}",
        )


class ReaderFaultError(IngestError):
    """A fault of the program's own: the file is refused, the others still land."""
