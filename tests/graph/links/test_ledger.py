"""The ledger keeps what is decided, takes what people edit, and refuses what it does not understand without changing anything."""

from __future__ import annotations

import csv
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.errors import LedgerError
from graph.links.ledger import COLUMNS, Row, add, decide, read, write
from graph.links.proposals import Evidence, Proposal, proposals
from ontology.names import ID
from tests.graph.links.test_proposals import HUANGPU, ITEM, TARGET, made

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ROW = Row(f"{ID}district/huangpu", TARGET, "exact", "1.00", "名称", "http://example.org/sparql", NOW.isoformat())


def test_what_is_proposed_is_a_row_and_is_added_once(tmp_path: Path) -> None:
    ledger = tmp_path / "data" / "links.csv"
    (row,) = add(ledger, made(ITEM), "http://example.org/sparql", NOW)
    assert add(ledger, made(ITEM), "http://example.org/sparql", NOW) == ()
    assert read(ledger) == (row,)
    with ledger.open(encoding="utf-8", newline="") as file:
        (cells,) = csv.DictReader(file)
    assert list(cells) == list(COLUMNS)
    assert (cells["thing"], cells["target"], cells["kind"], cells["score"]) == (f"{ID}district/huangpu", TARGET, "exact", "1.00")
    assert cells["source"] == "http://example.org/sparql"
    assert cells["proposed_at"] == "2026-11-29T12:00:00+00:00"
    assert (cells["reviewer"], cells["decision"]) == ("", "")


def test_a_run_that_finds_nothing_leaves_an_empty_ledger(tmp_path: Path) -> None:
    assert add(tmp_path / "links.csv", proposals([]), "http://example.org/sparql", NOW) == ()
    assert (tmp_path / "links.csv").read_text("utf-8").strip() == ",".join(COLUMNS)


def test_a_shared_code_is_a_source_of_its_own(tmp_path: Path) -> None:
    from dataclasses import replace

    coded = replace(ITEM, codes=frozenset({("GB/T 2260", "310101")}))
    (row,) = add(tmp_path / "links.csv", made(coded), "http://example.org/sparql", NOW)
    assert row.sources == ("http://example.org/sparql", "GB/T 2260 310101")


def test_a_decision_is_kept_with_who_made_it(tmp_path: Path) -> None:
    ledger = tmp_path / "links.csv"
    write(ledger, [ROW])
    row = decide(ledger, "Q9000000001", "accepted", " 王 审 ", source="https://example.org/list; https://example.org/list")
    assert (row.decision, row.reviewer) == ("accepted", "王 审")
    assert read(ledger) == (row,)
    assert add(ledger, made(ITEM), "http://example.org/sparql", NOW) == (), "it is not proposed again"
    assert read(ledger) == (row,)


def test_which_row_is_meant_must_be_clear(tmp_path: Path) -> None:
    ledger = tmp_path / "links.csv"
    other = Row(f"{ID}district/other", *list(map(str, (TARGET, "close", "0.80", "", "x", "y"))))
    write(ledger, [ROW, other])
    with pytest.raises(LedgerError, match="--thing"):
        decide(ledger, "Q9000000001", "accepted", "r")
    with pytest.raises(LedgerError, match="no such row"):
        decide(ledger, "Q1", "accepted", "r")
    with pytest.raises(LedgerError, match="no such row"):
        decide(ledger, "1", "accepted", "r")
    assert read(ledger) == (ROW, other)
    assert decide(ledger, TARGET, "rejected", "r", thing="district/other").thing.endswith("/other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("thing,target\n", "columns"),
        ("", "columns"),
        (f"{','.join(COLUMNS)},note\n", "columns"),
        (f"{','.join(COLUMNS)}\na,b\n", "2 cells"),
        (f"{','.join(COLUMNS)}\n{ID}x/y,{TARGET},same,1,,s,t,,\n", "kind cannot be “same”"),
        (f"{','.join(COLUMNS)}\n{ID}x/y,{TARGET},exact,1,,s,t,me,yes\n", "decision cannot be “yes”"),
        (f"{','.join(COLUMNS)}\n{ID}x/y,{TARGET},exact,1,,s,t,,accepted\n", "reviewer"),
        (f"{','.join(COLUMNS)}\n{ID}x/y,javascript:1,exact,1,,s,t,,\n", "target"),
        (f"{','.join(COLUMNS)}\n{ID}x/y,http://a b,exact,1,,s,t,,\n", "target"),
        (f"{','.join(COLUMNS)}\nhttp://a/x,{TARGET},exact,1,,s,t,,\n", "thing"),
        (f"{','.join(COLUMNS)}\n" + f"{ID}x/y,{TARGET},exact,1,,s,t,,\n" * 2, "two rows"),
    ],
)
def test_what_is_no_ledger_is_refused_and_left_as_it_is(tmp_path: Path, text: str, said: str) -> None:
    ledger = tmp_path / "links.csv"
    ledger.write_text(text, "utf-8")
    with pytest.raises(LedgerError, match=said):
        add(ledger, made(ITEM), "http://example.org/sparql", NOW)
    assert ledger.read_text("utf-8") == text


def test_a_spreadsheet_may_have_saved_it(tmp_path: Path) -> None:
    ledger = tmp_path / "links.csv"
    write(ledger, [ROW])
    ledger.write_bytes(b"\xef\xbb\xbf" + ledger.read_bytes().replace(b"\n", b"\r\n") + b",,,,,,,,\r\n")
    assert read(ledger) == (ROW,)


def test_characters_that_steer_a_terminal_stay_out(tmp_path: Path) -> None:
    evil = Proposal(HUANGPU, TARGET, True, 1.0, (Evidence("名\x1b[31m\u202e称\n\n", "a\tname\x07"),), ())
    (row,) = add(tmp_path / "links.csv", [evil], "http://example.org/sparql", NOW)
    assert row.evidence == "名 [31m 称 。 A name ."
    assert read(tmp_path / "links.csv") == (row,)


def _decide(path: Path, place: int) -> None:
    decide(path, f"Q{place}", "accepted", f"reviewer {place}")


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "links.csv"
    write(ledger, [Row(f"{ID}x/{n}", f"http://www.wikidata.org/entity/Q{n}", "close", "1", "", "s", "t") for n in range(8)])
    context = multiprocessing.get_context("fork")
    running = [context.Process(target=_decide, args=(ledger, place)) for place in range(8)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert [row.reviewer for row in read(ledger)] == [f"reviewer {n}" for n in range(8)]
