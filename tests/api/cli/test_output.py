"""What ``zhengce query`` prints on a terminal and off it: a table with a column a variable, every cell as people read it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from api.cli.output import print_answer_in_words
from api.settings import Settings
from graph.store.snapshot import Snapshots
from ontology.names import DEF, GRAPH, ID, SKOS, TYPE

ROOT = Path(__file__).parents[3]
ROWS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?thing ?label ?none { ?thing skos:prefLabel ?label } ORDER BY ?label"
LONG = "很长的名称" * 40


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two things with labels, one of them elsewhere, and one very long label."""
    folder = tmp_path_factory.mktemp("data")
    elsewhere, district = NamedNode("http://example.org/elsewhere"), ID["district/pudong"]
    with Snapshots(folder).draft() as draft:
        draft.replace(
            GRAPH["vocabulary"],
            [
                Quad(district, TYPE, DEF["District"]),
                Quad(district, SKOS["prefLabel"], Literal("Pudong", language="en")),
                Quad(elsewhere, SKOS["prefLabel"], Literal("浦东", language="zh")),
            ],
        )
        draft.replace(GRAPH["long"], [Quad(elsewhere, DEF["text"], Literal(LONG)), Quad(elsewhere, DEF["number"], Literal(9))])
    return folder


def command(*arguments: str) -> list[str]:
    """The command line, as it is typed."""
    return [sys.executable, "-c", "from api.cli.main import main; main()", "query", *arguments]


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "ZHENGCE_DATA": str(data), "PYTHONPATH": str(ROOT), "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}


def printed(data: Path, *arguments: str) -> str:
    """What stands in a file to which the output goes."""
    done = subprocess.run(
        command(*arguments), env=environment(data), cwd=data, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout


def shown(data: Path, *arguments: str) -> str:
    """What stands on a terminal."""
    master, slave = pty.openpty()
    with subprocess.Popen(command(*arguments), env=environment(data), cwd=data, stdout=slave, stderr=slave, stdin=slave) as process:
        os.close(slave)
        text = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                # Linux says so where nobody writes any more.
                break
            if not part:
                break
            text += part
    os.close(master)
    assert process.returncode == 0
    return text.decode().replace("\r\n", "\n")


def cells(table: str) -> list[list[str]]:
    """The rows of a drawn table, the heads first."""
    lines = [line for line in table.splitlines() if line[:1] in "┃│"]
    return [[cell.strip() for cell in line.strip("┃│").replace("┃", "│").split("│")] for line in lines]


def test_a_table_has_heads_and_a_row_a_solution(data: Path) -> None:
    assert cells(printed(data, "-e", ROWS, "--format", "table")) == [
        ["thing", "label", "none"],
        ["id:district/pudong", "Pudong", ""],
        ["http://example.org/elsewhere", "浦东", ""],
    ]


def test_a_terminal_gets_the_table(data: Path) -> None:
    assert shown(data, "-e", ROWS) == printed(data, "-e", ROWS, "--format", "table")


def test_a_file_gets_tsv(data: Path) -> None:
    lines = printed(data, "-e", ROWS).splitlines()
    assert lines == ["?thing\t?label\t?none", f'{ID["district/pudong"]}\t"Pudong"@en\t', '<http://example.org/elsewhere>\t"浦东"@zh\t']


def test_a_long_cell_is_folded_and_loses_nothing(data: Path) -> None:
    rows = cells(printed(data, "-e", f"SELECT ?text {{ ?s {DEF['text']} ?text }}", "--format", "table"))
    assert rows[0] == ["text"]
    assert len(rows) > 3
    assert "".join(cell for (cell,) in rows[1:]) == LONG


def test_a_number_is_its_digits(data: Path) -> None:
    assert cells(printed(data, "-e", f"SELECT ?n {{ ?s {DEF['number']} ?n }}", "--format", "table")) == [["n"], ["9"]]


@pytest.mark.parametrize(("query", "answer"), [("ASK { ?s ?p ?o }", "true\n"), ("ASK { ?s ?p 10 }", "false\n")])
def test_yes_and_no(query: str, answer: str, data: Path) -> None:
    assert printed(data, "-e", query, "--format", "table") == shown(data, "-e", query) == answer


def test_no_rows_are_a_table_of_heads(data: Path) -> None:
    assert cells(printed(data, "-e", "SELECT ?a ?b { FILTER(false) }", "--format", "table")) == [["a", "b"]]


def test_a_graph_is_turtle_on_a_terminal(data: Path) -> None:
    text = shown(data, "-e", f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o ; {DEF['number']} 9 }}")
    assert "@prefix zc: <https://w3id.org/zhengce/def#> ." in text
    assert LONG in text.replace("\n", "")


def test_an_answer_in_words_has_its_footnotes(dataset: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Snapshots(tmp_path).draft() as draft:
        draft.add(dataset.quads_for_pattern(None, None, None, None))
    settings = Settings(data=tmp_path)
    assert print_answer_in_words("哪些任务涉及低空航空？", "text", "zh", settings, evidence=True)
    lines = capsys.readouterr().out.splitlines()
    notes = [line for line in lines if line.startswith("[")]
    assert len(notes) >= 4
    assert any("低空航空器" in note for note in notes)
    rows = [line for line in lines if "[" in line and not line.startswith("[")]
    assert len(rows) == 4
    assert print_answer_in_words("哪些任务涉及低空航空？", "text", "zh", settings)
    assert not [line for line in capsys.readouterr().out.splitlines() if line.startswith("[")]
