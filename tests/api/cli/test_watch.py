"""Answers are watched from the command line: in words, from the catalogue, as SPARQL; a changed notice says which of them it changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.cli.commands import Zhengce
from tests.api.cli.test_cli import LOW_ALTITUDE, NOTICE

WORDS = "哪些任务涉及低空航空？"


@pytest.fixture(scope="module")
def data(zhengce: Zhengce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which three answers were watched when a word of task 9 and the mention in task 61 went."""
    folder = tmp_path_factory.mktemp("watched")
    file = folder / "notice.txt"
    file.write_text(NOTICE.read_text("utf-8"), "utf-8")
    assert zhengce("ingest", file, data=folder).returncode == 0
    for arguments in ((WORDS,), ("tasks-by-industry", "industry=低空航空"), ("-e", LOW_ALTITUDE)):
        assert zhengce("watch", *arguments, data=folder).returncode == 0
    assert zhengce("changes", "--lang", "en", data=folder).stdout == "No watched answer has changed.\n"
    lines = NOTICE.read_text("utf-8").split("\n")
    lines[436] = lines[436].replace("适航检测能力", "检测能力").replace("低空经济", "数字经济")
    lines[85] = lines[85].replace("eVTOL", "汽车")
    file.write_text("\n".join(lines), "utf-8")
    done = zhengce("ingest", file, "--lang", "en", data=folder)
    assert done.returncode == 0
    assert "Watched answers that are others now: 3; see zhengce changes." in done.stderr
    return folder


def test_each_is_told_with_its_rows_and_the_words_that_did_it(zhengce: Zhengce, data: Path) -> None:
    said = json.loads(zhengce("changes", "--format", "json", data=data).stdout)
    (change,) = said["changes"]
    by_asked = {each["asked"]: each for each in change["answers"]}
    assert len(by_asked) == 3
    words = by_asked[WORDS]
    assert (words["added"], [row["values"][1]["value"] for row in words["removed"]]) == ([], ["61"])
    quotes = {quote["quote"] for number in words["removed"][0]["facts"] for quote in words["facts"][number]["quotes"]}
    assert quotes & {"适航检测能力", "低空经济"}
    rows = by_asked["tasks-by-industry industry=低空航空"]
    assert [row["values"][1]["value"] for row in rows["removed"]] == ["9", "61"]
    assert [row["values"][1]["value"] for row in rows["added"]] == ["9"]
    facts = [rows["facts"][number] for number in rows["removed"][0]["facts"]]
    # The word, and the sentence that held it; all else that the row rests on is only at another place of the document by now.
    quotes = {quote["quote"] for fact in facts for quote in fact["quotes"]}
    assert ("eVTOL" in quotes, [quote for quote in quotes if "eVTOL" not in quote]) == (True, [])
    assert {fact["sign"] for fact in facts} == {"-"}


def test_text_tells_the_same_in_both_languages(zhengce: Zhengce, data: Path) -> None:
    for language, words in (("zh", "“eVTOL”：任务9目标2"), ("en", "“eVTOL”: Target 9.2")):
        said = zhengce("changes", "--lang", language, data=data).stdout
        assert words in said
        assert "61" in said


def test_list_accept_and_remove(zhengce: Zhengce, data: Path) -> None:
    listed = json.loads(zhengce("watch", "--list", "--format", "json", data=data).stdout)
    one = next(each for each in listed if each["asked"] == WORDS)
    assert (one["accepted"]["rows"], one["latest"]["rows"], one["since"]) == (4, 3, {"added": 0, "removed": 1})
    assert zhengce("watch", "--accept", one["id"], data=data).returncode == 0
    again = json.loads(zhengce("watch", "--list", "--format", "json", data=data).stdout)
    now = next(each for each in again if each["asked"] == WORDS)
    assert (now["accepted"], now["since"]) == (one["latest"], {"added": 0, "removed": 0})
    other = next(each for each in again if each["asked"] != WORDS)
    assert zhengce("watch", "--remove", other["id"], data=data).returncode == 0
    assert zhengce("watch", "--remove", other["id"], data=data).returncode == 1
    assert len(json.loads(zhengce("watch", "--list", "--format", "json", data=data).stdout)) == 2
    assert zhengce("check", data=data).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("谁是上海市市长？",), 1, "没有读懂"),
        (("tasks-by-industry", "industry=no-such-industry"), 1, "no-such-industry"),
        (("-e", "SELECT (NOW() AS ?n) {}"), 1, "NOW"),
        (("-e", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), 1, "SERVICE"),
        ((), 1, "--list"),
        (("--accept", "0123456789"), 1, "0123456789"),
    ],
)
def test_what_cannot_be_watched_is_one_sentence_and_changes_nothing(
    zhengce: Zhengce, data: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = {path.name: path.read_bytes() for path in (data / "watched").iterdir()}
    done = zhengce("watch", *arguments, data=data)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr or said == "没有读懂"
    assert "Traceback" not in done.stderr
    assert {path.name: path.read_bytes() for path in (data / "watched").iterdir()} == before


@pytest.mark.parametrize("command", [("snapshots", "rollback", "1"), ("remove", "huzhiban-2026-2")])
def test_whatever_publishes_looks_at_what_is_watched(zhengce: Zhengce, data: Path, command: tuple[str, ...]) -> None:
    done = zhengce(*command, "--lang", "en", data=data)
    assert done.returncode == 0, done.stderr
    assert "Watched answers that are others now: 2; see zhengce changes." in done.stderr


def test_nothing_published_is_nothing_to_watch(zhengce: Zhengce, tmp_path: Path) -> None:
    for arguments in ((WORDS,), ("--remove", "0123456789")):
        done = zhengce("watch", *arguments, data=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert list(tmp_path.iterdir()) == []
