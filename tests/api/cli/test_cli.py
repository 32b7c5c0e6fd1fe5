"""The command line, run as people run it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.api.cli.commands import Zhengce

ROOT = Path(__file__).parents[3]
NOTICE = ROOT / "ingest" / "notices" / "huzhiban-2026-2.txt"
LOW_ALTITUDE = """
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT ?number WHERE {
  ?task a zc:Task ; zc:position ?order ; zc:number ?number ;
        zc:involvesIndustry <https://w3id.org/zhengce/id/industry/low-altitude-aviation> .
} ORDER BY ?order
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the shipped notice was ingested."""
    folder = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "ingest", str(NOTICE)]
    environment = {**os.environ, "ZHENGCE_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a data folder with its content, save the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock"
    }


def test_query_finds_the_tasks_of_an_industry(zhengce: Zhengce, data: Path) -> None:
    answer = zhengce("query", "-e", LOW_ALTITUDE, "--format", "csv", data=data)
    assert answer.stdout.split() == ["number", "9", "17", "49", "61"]


def test_query_reads_the_graphs_that_it_names(zhengce: Zhengce, data: Path) -> None:
    links = "<https://w3id.org/zhengce/graph/links>"
    from_, graph = (
        zhengce("query", "--format", "csv", "-e", f"SELECT (COUNT(*) AS ?n) {text}", data=data).stdout.split()
        for text in (f"FROM {links} {{ ?s ?p ?o }}", f"{{ GRAPH {links} {{ ?s ?p ?o }} }}")
    )
    assert from_ == graph
    assert int(graph[1]) > 1000


def test_query_reads_a_file_and_prints_a_table(zhengce: Zhengce, data: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(LOW_ALTITUDE, encoding="utf-8")
    assert "61" in zhengce("query", tmp_path / "q.rq", "--format", "table", data=data).stdout


def test_proof_ends_at_the_words_of_a_target_with_line_and_column(zhengce: Zhengce, data: Path) -> None:
    said = zhengce("why", "task/9", "involvesIndustry", "industry/low-altitude-aviation", "--lang", "en", data=data).stdout
    assert "“eVTOL”: Target 9.2, column 2026年工作目标, line 86, column 83" in said
    line = NOTICE.read_text(encoding="utf-8").split("\n")[85]
    assert line[82 : 82 + 5] == "eVTOL"


def test_what_does_not_hold_is_not_proved(zhengce: Zhengce, data: Path) -> None:
    answer = zhengce("why", "task/9", "involvesIndustry", "industry/chemicals", data=data)
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)


def test_unchanged_file_is_skipped(zhengce: Zhengce, data: Path) -> None:
    before = files(data)
    again = zhengce("ingest", NOTICE, data=data)
    assert again.returncode == 0
    assert "unchanged" in again.stdout
    assert files(data) == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), ("你好，世界。\n".encode(), "no task table"), (bytes(range(256)) * 20, "text"), (b"%PDF-1.7 broken", "broken")],
    ids=["empty", "no table", "garbage", "broken pdf"],
)
def test_bad_file_is_one_sentence_and_changes_nothing(zhengce: Zhengce, content: bytes, reason: str, data: Path, tmp_path: Path) -> None:
    before = files(data)
    bad = tmp_path / ("bad.pdf" if content.startswith(b"%PDF") else "bad.txt")
    bad.write_bytes(content)
    answer = zhengce("ingest", bad, data=data)
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    assert bad.name in answer.stderr
    assert reason in answer.stderr or reason == "broken"
    assert files(data) == before


def test_extract_prints_records_and_touches_no_store(zhengce: Zhengce, tmp_path: Path) -> None:
    said = json.loads(zhengce("extract", NOTICE, data=tmp_path).stdout)
    assert len(said["tasks"]) == 74
    assert said["document"]["number"] == "沪质办〔2026〕2号"
    assert list(tmp_path.iterdir()) == []


def test_extract_of_an_archive_prints_the_records_of_each_file_and_names_what_was_not_read(zhengce: Zhengce, tmp_path: Path) -> None:
    bundle = tmp_path / "b.zip"
    with ZipFile(bundle, "w") as archive:
        archive.write(NOTICE, "附件/通知.txt")
        archive.writestr("空.txt", "")
    done = zhengce("extract", bundle, "--lang", "en", data=tmp_path)
    assert (done.returncode, done.stderr) == (1, "b.zip/空.txt: the file is empty.\n")
    assert {name: len(said["tasks"]) for name, said in json.loads(done.stdout).items()} == {"b.zip/附件/通知.txt": 74}
    one = zhengce("extract", bundle / "附件/通知.txt", data=tmp_path)
    assert (one.returncode, len(json.loads(one.stdout)["tasks"])) == (0, 74)


def test_dry_run_publishes_nothing(zhengce: Zhengce, tmp_path: Path) -> None:
    answer = zhengce("ingest", "--dry-run", NOTICE, data=tmp_path)
    assert (answer.returncode, "74" in answer.stdout) == (0, True)
    assert "nothing" in zhengce("query", "-e", "ASK {}", data=tmp_path).stderr.lower()


def test_export_gives_back_every_quad(zhengce: Zhengce, data: Path) -> None:
    quads = zhengce("export", "--format", "nquads", data=data).stdout.splitlines()
    counted = zhengce("query", "-e", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "--format", "csv", data=data).stdout.split()
    assert [str(len(quads))] == counted[1:]


def test_what_was_exported_conforms_and_what_breaks_a_shape_is_told(zhengce: Zhengce, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.trig"
    file.write_text(zhengce("export", data=data).stdout, "utf-8")
    done = zhengce("validate", file, data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "，0 处不符" in done.stdout
    broken = tmp_path / "broken.ttl"
    broken.write_text("<https://w3id.org/zhengce/id/task/x/1> a <https://w3id.org/zhengce/def#Task> .", "utf-8")
    done = zhengce("validate", broken, data=data)
    assert (done.returncode, done.stderr) == (1, "")
    assert "id/task/x/1" in done.stdout


@pytest.mark.parametrize(("name", "content"), [("notes.doc", "x"), ("no.ttl", "<a> <b>"), ("gone.nq", None)])
def test_file_that_is_no_rdf_is_one_sentence(zhengce: Zhengce, name: str, content: str | None, data: Path, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    done = zhengce("validate", tmp_path / name, data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert name in done.stderr


def test_query_contacts_no_address(zhengce: Zhengce, data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        for text in (
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"PREFIX e: <e:> SELECT * {{ ?s a e:.SERVICE <{address}> {{ }} }}",
        ):
            done = zhengce("query", "-e", text, data=data)
            assert done.returncode == 1
            assert "SERVICE" in done.stderr
        with pytest.raises(BlockingIOError):
            server.accept()


def test_bad_query_is_told_with_line_and_column(zhengce: Zhengce, data: Path) -> None:
    answer = zhengce("query", "-e", "SELECT ?x WHERE {\n ?x ?y }", data=data)
    assert answer.returncode == 1
    assert "line 2" in answer.stderr


def test_rollback_goes_back_to_a_kept_snapshot(zhengce: Zhengce, tmp_path: Path) -> None:
    sample = next((ROOT / "tests" / "data" / "samples").glob("H09*.txt"))
    for file in (NOTICE, sample):
        assert zhengce("ingest", file, data=tmp_path).returncode == 0
    count = ("query", "-e", "PREFIX zc: <https://w3id.org/zhengce/def#> SELECT (COUNT(*) AS ?n) { ?x a zc:Notice }", "--format", "csv")
    assert zhengce(*count, data=tmp_path).stdout.split() == ["n", "2"]
    assert zhengce("snapshots", "rollback", "1", data=tmp_path).returncode == 0
    assert zhengce(*count, data=tmp_path).stdout.split() == ["n", "1"]
    assert zhengce("snapshots", "rollback", "99", data=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "locale", "words", "others"),
    [
        ((), {"LC_ALL": "zh_CN.UTF-8"}, "有语法错误", "is not valid"),
        ((), {"LANG": "en_GB.UTF-8"}, "is not valid", "有语法错误"),
        (("--lang", "zh"), {"LC_ALL": "en_GB.UTF-8"}, "有语法错误", "is not valid"),
        (("--lang=en",), {"LC_ALL": "zh_CN.UTF-8"}, "is not valid", "有语法错误"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_error_is_in_the_language_of_its_reader(  # noqa: PLR0917
    zhengce: Zhengce,
    arguments: tuple[str, ...],
    locale: dict[str, str],
    words: str,
    others: str,
    first: bool,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    command = (*arguments, "query", "-e", "SELECT") if first else ("query", "-e", "SELECT", *arguments)
    answer = zhengce(*command, data=data)
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    assert words in answer.stderr
    assert others not in answer.stderr


def test_error_is_in_both_languages_where_none_is_asked_for(zhengce: Zhengce, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    said = zhengce("query", "-e", "SELECT", data=data).stderr
    assert "有语法错误" in said
    assert "is not valid" in said
