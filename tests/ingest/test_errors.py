"""Each refusal names the file and says why, in both languages, to the letter."""

from __future__ import annotations

import pytest

from ingest.errors import EmptyFileError, IngestError, NoTasksError, NoUnitsError, SourceAddressError


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (IngestError("a.txt", "坏了", "it is broken"), "a.txt：坏了。", "a.txt: it is broken."),
        (EmptyFileError("a.txt"), "a.txt：文件是空的。", "a.txt: the file is empty."),
        (
            NoTasksError("a.txt"),
            "a.txt：其中没有任务表，也没有带责任单位的任务清单。",
            "a.txt: no task table and no list of tasks with responsible units was found in it.",
        ),
        (
            NoTasksError("a.txt", ("最近的是第 2 行", "line 2 came nearest")),
            "a.txt：其中没有任务表，也没有带责任单位的任务清单；最近的是第 2 行。",
            "a.txt: no task table and no list of tasks with responsible units was found in it; line 2 came nearest.",
        ),
        (
            NoUnitsError("a.txt"),
            "a.txt：其中有任务，但没有责任单位的列、括注或行。",
            "a.txt: it has tasks but no column, bracket or line of responsible units.",
        ),
        (
            SourceAddressError("ftp://a", "这不是", "this is none"),
            "ftp://a：来源应为一份文件的一个以 http:// 或 https:// 开头的地址；这不是。",
            "ftp://a: a source is one address that begins with http:// or https://, for one file; this is none.",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, IngestError) else "",
)
def test_sentence(error: IngestError, zh: str, en: str) -> None:
    assert (error.zh, error.en) == (zh, en)
    assert error.name == zh.partition("：")[0]
    assert f"{error.name}: {error.reason}." == en
