"""Whatever is wrong when a command starts is one sentence and a documented exit code, in the reader's language, and changes nothing."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.api.cli.commands import Commands

ROOT = Path(__file__).parents[3]
NOTICE = ROOT / "ingest" / "notices" / "huzhiban-2026-2.txt"
OTHER = next((ROOT / "tests" / "data" / "samples").glob("H09*.txt"))
Zhengce = Callable[..., subprocess.CompletedProcess[str]]
ASK = ("query", "-e", "ASK { ?s ?p ?o }")
COMMAND = [sys.executable, "-c", "from api.cli.main import main; main()"]
WRITING = ("serve", "ingest")


@pytest.fixture(scope="module")
def zhengce(forked: Commands) -> Zhengce:
    """What a command prints and returns; ``serve`` is stopped after a while where it does not end by itself."""
    return lambda *arguments, **given: forked.run(*arguments, **{"LC_ALL": "en_US.UTF-8", **given})


def limited(*arguments: str, data: Path, what: int, most: int) -> subprocess.CompletedProcess[str]:
    """The same, started by itself with as much of something as the system gives it."""
    environment = {**os.environ, "ZHENGCE_DATA": str(data), "PYTHONPATH": str(ROOT), "LC_ALL": "en_US.UTF-8"}
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(what, (most, most)),
    )


def commands(folder: Path) -> list[tuple[str, ...]]:
    """Each command that looks into a data folder, with what it needs."""
    return [
        ("serve", "--port", str(free_port())),
        ("ingest", str(OTHER)),
        ASK,
        ("snapshots",),
        ("export",),
        ("why", "task/9", "involvesIndustry", "industry/low-altitude-aviation"),
        ("remove", "huzhiban-2026-2"),
        ("backup", str(folder / "backup.tar.gz")),
    ]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def one_sentence(answer: subprocess.CompletedProcess[str], *words: str) -> None:
    assert "Traceback" not in answer.stderr
    assert answer.returncode == 1, answer.stderr
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert answer.stderr.rstrip().endswith(".")
    for word in words:
        assert word in answer.stderr


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if path.name not in ("lock", "spool")
    }


@pytest.fixture(scope="module")
def whole(zhengce: Zhengce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two snapshots."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    assert zhengce("ingest", str(NOTICE), data=folder).returncode == 0
    assert zhengce("remove", "huzhiban-2026-2", data=folder).returncode == 0
    return folder


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "data")
    return tmp_path / "data"


POINTERS = {"gone": None, "empty": b"", "{}": b"{}", "words": b'{"current": "two", "published": [], "last": 2}', "zeros": bytes(200)}


@pytest.mark.parametrize("content", POINTERS.values(), ids=POINTERS.keys())
def test_no_command_goes_on_without_its_pointer_and_the_way_back_works(
    zhengce: Zhengce, content: bytes | None, data: Path, tmp_path: Path
) -> None:
    (data / "current").unlink()
    if content is not None:
        (data / "current").write_bytes(content)
    before = tree(data)
    for command in commands(tmp_path):
        one_sentence(zhengce(*command, data=data), "1, 2", "zhengce snapshots adopt 2")
        assert tree(data) == before
    assert zhengce("check", data=data).returncode == 1
    assert zhengce("snapshots", "adopt", "1", data=data).returncode == 0
    assert zhengce(*ASK, "--format", "tsv", data=data).stdout.strip() == "true"
    assert zhengce("check", data=data).returncode == 0


def test_a_pointer_to_a_missing_folder_is_told(zhengce: Zhengce, data: Path, tmp_path: Path) -> None:
    shutil.rmtree(data / "snapshots" / "2")
    before = tree(data)
    for command in commands(tmp_path):
        one_sentence(zhengce(*command, data=data), "snapshot 2, which is gone", "zhengce snapshots adopt 1")
        assert tree(data) == before


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_store_is_told_before_anything_is_done(zhengce: Zhengce, data: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = chance.choice(sorted(path for path in (data / "snapshots" / "2").rglob("*") if path.is_file() and path.stat().st_size))
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 0x10
    path.unlink()
    path.write_bytes(content)
    before = tree(data)
    for command in (*commands(tmp_path)[:3], *commands(tmp_path)[4:6], commands(tmp_path)[-1]):
        one_sentence(zhengce(*command, data=data), path.name, "damaged")
        assert tree(data) == before
    answer = zhengce("check", data=data)
    assert (answer.returncode, path.name in answer.stdout) == (1, True)


def test_the_sentence_is_in_chinese_for_who_reads_it(zhengce: Zhengce, data: Path) -> None:
    (data / "current").write_text("{}", "utf-8")
    answer = zhengce(*ASK, data=data, LC_ALL="zh_CN.UTF-8")
    assert "读不懂" in answer.stderr
    assert "understood" not in answer.stderr


@pytest.mark.parametrize("files", [16, 64, 200])
def test_too_few_open_files_are_told(data: Path, tmp_path: Path, files: int) -> None:
    before = tree(data)
    for command in commands(tmp_path):
        one_sentence(limited(*command, data=data, what=resource.RLIMIT_NOFILE, most=files), "ulimit -n", "open files", str(files))
    assert tree(data) == before


@pytest.mark.parametrize("megabytes", [250, 700, 1400])
def test_too_little_memory_is_told(data: Path, tmp_path: Path, megabytes: int) -> None:
    before = tree(data)
    for command in commands(tmp_path):
        one_sentence(limited(*command, data=data, what=resource.RLIMIT_AS, most=megabytes << 20), "ulimit -v", "memory")
    assert tree(data) == before


@pytest.mark.parametrize("kilobytes", [0, 4, 64, 1024])
def test_a_disk_that_takes_no_more_changes_nothing(zhengce: Zhengce, data: Path, kilobytes: int) -> None:
    before = tree(data)
    answer = limited("ingest", str(OTHER), data=data, what=resource.RLIMIT_FSIZE, most=kilobytes << 10)
    one_sentence(answer, "larger than the system allows")
    assert {name: content for name, content in tree(data).items() if not name.startswith("spool/")} == before
    assert zhengce("check", data=data).returncode == 0
    assert zhengce("ingest", str(OTHER), data=data).returncode == 0


@pytest.mark.parametrize("name", ["file", "file/below", "/sys/zhengce", "/proc/zhengce"])
def test_a_folder_that_cannot_be_is_told(zhengce: Zhengce, name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I was here", "utf-8")
    folder = tmp_path / name
    for command in (("serve", "--port", str(free_port())), ("ingest", str(NOTICE))):
        one_sentence(zhengce(*command, data=folder), str(folder))
    assert (tmp_path / "file").read_text("utf-8") == "I was here"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_port_that_is_taken_is_told_before_anything_is_made(zhengce: Zhengce, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one_sentence(zhengce("serve", "--port", str(port), data=tmp_path / "data"), f"127.0.0.1:{port}", "in use")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS", "0"),
        ("QUERY_SECONDS", "nan"),
        ("BURST", "-1"),
        ("HOST", "no.such.host.invalid"),
        ("HOST", "192.0.2.1"),
        ("STORE", "tape"),
    ],
)
def test_a_setting_that_cannot_work_is_told(zhengce: Zhengce, name: str, value: str, tmp_path: Path) -> None:
    one_sentence(zhengce("serve", data=tmp_path / "data", **{f"ZHENGCE_{name}": value}), value)
    assert not (tmp_path / "data").exists()


@pytest.fixture
def served(data: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    environment = {**os.environ, "ZHENGCE_DATA": str(data), "PYTHONPATH": str(ROOT), "ZHENGCE_WORKERS": "1"}
    (data / "snapshots" / "2" / "in-use").unlink()
    (data / "lock").unlink()
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield process, port
        process.kill()


def test_without_its_small_files_it_serves_and_a_backup_is_made_and_read_meanwhile(
    zhengce: Zhengce, served: tuple[subprocess.Popen[str], int], data: Path, tmp_path: Path
) -> None:
    process, port = served

    def count() -> int:
        query = "SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20a%20%3Chttps%3A%2F%2Fw3id.org%2Fzhengce%2Fdef%23Task%3E%7D"
        with urlopen(f"http://127.0.0.1:{port}/query?query={query}&format=json", timeout=5) as answer:
            return int(json.load(answer)["results"]["bindings"][0]["n"]["value"])

    def until(expected: int) -> None:
        stop = time.monotonic() + 180
        while time.monotonic() < stop:
            try:
                if count() == expected:
                    return
            except OSError:
                assert process.poll() is None
            time.sleep(0.2)
        raise AssertionError(count())

    until(0)
    assert zhengce("snapshots", "rollback", "1", data=data).returncode == 0
    until(74)
    assert zhengce("backup", str(tmp_path / "b.tar.gz"), data=data).returncode == 0
    assert zhengce("snapshots", "rollback", "2", data=data).returncode == 0
    until(0)
    one_sentence(zhengce("restore", str(tmp_path / "b.tar.gz"), data=data), "--replace")
    assert zhengce("restore", str(tmp_path / "b.tar.gz"), "--replace", data=data).returncode == 0
    until(74)
    assert zhengce("check", data=data).returncode == 0
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) in (0, -signal.SIGTERM)
    assert time.monotonic() - began < 12
