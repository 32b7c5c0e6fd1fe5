"""What went wrong, turned into a sentence in Chinese and the same sentence in English: the base of every error of the project.

::

    ZhengceError                  holds both sentences
    ├── ingest.errors.IngestError     a file that cannot become records
    ├── graph.errors.GraphError       the graph gives no answer
    ├── queries.errors.QueryError     the catalogue of questions
    ├── api.http.errors.RequestError  a request that cannot be answered as it is
    ├── api.settings.SettingError     a setting that cannot work
    ├── api.cli.errors.UsageError     a command that was given what it cannot use
    └── MachineError                  the machine refuses: no space, no memory, no permission, a port that is taken
"""

from __future__ import annotations

import errno
import os
from typing import Literal

Language = Literal["zh", "en"]

_REFUSALS = {
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EFBIG: ("文件超过系统允许的大小", "a file would be larger than the system allows"),
    errno.EROFS: ("文件系统是只读的", "the file system is read-only"),
    errno.EACCES: ("没有权限", "permission is denied"),
    errno.EPERM: ("没有权限", "permission is denied"),
    errno.EMFILE: ("同时打开的文件超过系统上限", "more files are open than the system allows"),
    errno.ENFILE: ("同时打开的文件超过系统上限", "more files are open than the system allows"),
    errno.ENOMEM: ("内存不足", "there is not enough memory"),
    errno.EAGAIN: ("进程或内存不足", "the system gives no more processes or memory"),
    errno.EIO: ("磁盘读写出错", "the disk reports an error"),
    errno.ENOENT: ("不存在", "it does not exist"),
    errno.ENOTDIR: ("是文件而不是文件夹", "it is a file where a folder is needed"),
    errno.EEXIST: ("是文件而不是文件夹", "it is a file where a folder is needed"),
    errno.EISDIR: ("是文件夹而不是文件", "it is a folder where a file is needed"),
    errno.EADDRINUSE: ("该地址与端口已被占用", "the address and port are in use"),
    errno.EADDRNOTAVAIL: ("本机没有该地址", "this machine does not have the address"),
}
"""What the system says when it refuses, in words."""


class ZhengceError(Exception):
    """Any error of the project. ``zh`` and ``en`` are the two sentences of its message.

    >>> error = ZhengceError("没有。", "There is none.")
    >>> error.sentence("en"), str(error)
    ('There is none.', '没有。 There is none.')
    """

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{zh} {en}")

    def sentence(self, language: Language | None) -> str:
        """The message in one language, or in both where it is not known which is read."""
        return {"zh": self.zh, "en": self.en}.get(language or "", str(self))

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between processes with all they hold, whatever their constructors take."""
        return _again, (type(self), self.args), self.__dict__


class MachineError(ZhengceError):
    """The machine refuses what is needed; ``what`` is the file, the port or the limit."""

    def __init__(self, what: str, zh: str, en: str) -> None:
        self.what = what
        super().__init__(f"{what}：{zh}。", f"{what}: {en}.")

    @classmethod
    def of(cls, error: OSError | MemoryError, what: str = "") -> MachineError:
        """What the system said, as ours."""
        if isinstance(error, MemoryError):
            return cls(what or "zhengce", *_REFUSALS[errno.ENOMEM])
        return cls(what or _named(error), *refusal(error))


def refusal(error: OSError) -> tuple[str, str]:
    """What the system said, in Chinese and in English. The engine passes on only its words, from which the number is found again.

    >>> refusal(OSError("IO error: No space left on device: While appending to file: data/000012.sst"))
    ('磁盘已满', 'the disk is full')
    >>> refusal(OSError("Corruption: bad block contents"))
    ('Corruption: bad block contents', 'Corruption: bad block contents')
    """
    number = error.errno if error.errno in _REFUSALS else _number(str(error))
    if number is not None:
        return _REFUSALS[number]
    reason = " ".join(str(error).split()).removesuffix(".")
    return (reason, reason)


def _number(text: str) -> int | None:
    return next((number for number in _REFUSALS if os.strerror(number) in text), None)


def _named(error: OSError) -> str:
    return os.fspath(error.filename) if isinstance(error.filename, str | os.PathLike) else "zhengce"


def _again(kind: type[ZhengceError], args: tuple[object, ...]) -> ZhengceError:
    error = kind.__new__(kind)
    error.args = args
    return error
