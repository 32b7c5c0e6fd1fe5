"""Why a file was refused, as exceptions whose message is one sentence naming the file and the reason.

IngestError                 the base: a file that cannot become records
├── EmptyFileError          no characters at all
├── WrongTypeError          the bytes are not what the name says, or no format that is read here
├── UnreadableError        the format is right and the content is broken, encrypted or without text
├── TooLargeError            a limit was passed: size, unpacked size, pages, nesting, time
├── NoTasksError              a document without a task table or a list of tasks
├── NoUnitsError              tasks, but no responsible unit anywhere
└── SourceAddressError        an address given for a file that is none, or for more files than one
"""

from __future__ import annotations


class IngestError(Exception):
    """A file that cannot become records; ``name`` is the file, ``reason`` the rest of the sentence."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}.")
        self.name = name
        self.reason = reason


class EmptyFileError(IngestError):
    """No characters at all."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "the file is empty")


class WrongTypeError(IngestError):
    """The bytes are not what the name says, or no format that is read here."""


class UnreadableError(IngestError):
    """The format is right and the content is broken, encrypted or without text."""


class TooLargeError(IngestError):
    """A limit was passed."""


class NoTasksError(IngestError):
    """A document without a task table or a list of tasks; ``nearest`` says which line came nearest and what it lacks."""

    def __init__(self, name: str, nearest: str | None = None) -> None:
        said = "no task table and no list of tasks with responsible units was found in it"
        super().__init__(name, f"{said}; {nearest}" if nearest else said)


class NoUnitsError(IngestError):
    """Tasks, but no responsible unit anywhere."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "it has tasks but no column, bracket or line of responsible units")


class SourceAddressError(IngestError):
    """An address given for a file that is none, or for more files than one."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, f"a source is one address that begins with http:// or https://, for one file; this is {reason}")
