"""Notices laid side by side in a snapshot, and what became of their tasks."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile, copytree

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Triple
from pyoxigraph import Store as Engine

import queries
from api.publication.corpus import ingest
from api.publication.publish import Knowledge, publish_comparisons, remove
from graph.errors import InvalidGraphError, NothingPublishedError
from graph.proofs.evidence import RuleReading, Sources
from graph.store.snapshot import Snapshots
from graph.update.apply import Update, write
from graph.update.derived import check
from ontology import terms
from ontology.names import COMPARISONS, DCTERMS, GRAPH, ID

DATA = Path(__file__).parents[2] / "data"
EARLIER, ELSEWHERE, NOW = (DATA / "graph" / f"{name}-notice.txt" for name in ("earlier", "elsewhere", "small"))
SAMPLES = [DATA / "samples" / name for name in ("H01_苏州_低空经济_2025.docx", "H09_合肥_人工智能_2025.txt")]
KEY, BEFORE = "huzhiban-2026-99", "huzhiban-2025-98"
OUTCOME = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX zc: <https://w3id.org/zhengce/def#>
BASE <https://w3id.org/zhengce/id/>
INSERT DATA { GRAPH <../graph/outcomes/huzhiban-2026-99> {
  <outcome/x> a zc:Outcome ; zc:outcomeOf <notice/huzhiban-2026-99/task/1> ; zc:reportedStatus <outcome-status/under-way> ;
    dcterms:date "2026-09-30"^^xsd:date SOURCE } }"""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with notices of two years and two cities, compared. Not to be written to."""
    folder = tmp_path_factory.mktemp("compared")
    outcomes = ingest([EARLIER, ELSEWHERE, NOW, *SAMPLES], Snapshots(folder))
    assert [outcome.failure for outcome in outcomes] == [None] * 5
    assert publish_comparisons(Snapshots(folder)) == 4
    return folder


@pytest.fixture
def snapshots(compared: Path, tmp_path: Path) -> Snapshots:
    """A copy of it."""
    return Snapshots(copytree(compared, tmp_path / "data"))


def rows(snapshots: Snapshots, name: str, columns: tuple[str, ...], notice: str = KEY) -> list[tuple[str, ...]]:
    """What a question of the catalogue answers, without the rows in which the last column is empty."""
    with snapshots.reading() as current:
        assert current is not None
        text = queries.catalogue()[name].bound({"notice": [ID[f"notice/{notice}"]]})
        found = Engine.read_only(str(current.path)).query(text, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        kept = [row for row in found if row[columns[-1]] is not None]
        return [tuple(getattr(row[column], "value", "") for column in columns) for row in kept]


def pairs(snapshots: Snapshots, notice: str = KEY) -> list[tuple[str, ...]]:
    return sorted(
        (number, relation, other.split("/")[-3], other_number, score)
        for number, relation, other, other_number, score in rows(
            snapshots, "tasks-continued", ("number", "relation", "other", "otherNumber", "score"), notice
        )
    )


def quads(snapshots: Snapshots, graph: NamedNode) -> int:
    with snapshots.reading() as current:
        assert current is not None
        return sum(1 for _ in Engine.read_only(str(current.path)).quads_for_pattern(None, None, None, graph))


def test_nothing_can_be_compared_where_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError):
        publish_comparisons(Snapshots(tmp_path))


def test_what_goes_on_and_what_is_said_again_stand_side_by_side_and_nothing_else(snapshots: Snapshots) -> None:
    there = "suzhiban-2025-12-4142"
    assert pairs(snapshots) == [
        ("1", "延续", BEFORE, "1", "0.881"),
        ("1", "重述", BEFORE, "1", "0.881"),
        ("1", "重述", there, "1", "0.915"),
        ("2", "延续", BEFORE, "4", "1"),
        ("2", "重述", BEFORE, "4", "1"),
    ]
    assert pairs(snapshots, there) == [("1", "被重述", BEFORE, "1", "0.896"), ("1", "被重述", KEY, "1", "0.915")]
    both = rows(snapshots, "tasks-continued", ("number", "quote", "otherQuote"))
    assert ("2", "在张江推进机器人检测。", "在张江推进机器人检测。") in both
    assert any("100个" in quote and "40个" in other for _, quote, other in both)


def test_each_pair_is_proved_by_the_words_of_both(snapshots: Snapshots, known: Knowledge) -> None:
    later, earlier = ID[f"notice/{KEY}/task/1"], ID[f"notice/{BEFORE}/task/1"]
    with snapshots.reading() as current:
        assert current is not None
        engine = Engine.read_only(str(current.path))
        found = Sources(engine).of(Triple(later, terms.continues, earlier), [COMPARISONS])
        assert isinstance(found, RuleReading)
        assert found.rule == ID["rule/similar-words"]
        assert {quote.notice for quote in found.bases} == {ID[f"notice/{KEY}"], ID[f"notice/{BEFORE}"]}
        assert any("40个协同" in quote.quote for quote in found.bases)
        assert all("60个协同" not in quote.quote for quote in found.bases)
        parts = [GRAPH[f"{part}/{key}"] for part in ("notice", "readings") for key in (KEY, BEFORE, "suzhiban-2025-12-4142")]
        facts = [quad.triple for graph in (COMPARISONS, *parts) for quad in engine.quads_for_pattern(None, None, None, graph)]
    assert [breach.sentence("en") for breach in known.validator.validate(facts)] == []


def test_comparing_again_changes_nothing(snapshots: Snapshots) -> None:
    held = quads(snapshots, COMPARISONS)
    assert publish_comparisons(snapshots) == 4
    assert quads(snapshots, COMPARISONS) == held > 0


def test_what_was_compared_with_a_notice_is_withdrawn_when_it_is_read_again_or_removed(snapshots: Snapshots, tmp_path: Path) -> None:
    again = tmp_path / "again.txt"
    copyfile(EARLIER, again)
    again.write_text(again.read_text("utf-8").replace("40个", "45个"), "utf-8")
    ingest([again], snapshots)
    assert [pair[2] for pair in pairs(snapshots)] == ["suzhiban-2025-12-4142"]
    assert publish_comparisons(snapshots) == 4
    remove(KEY, snapshots)
    assert len(pairs(snapshots, BEFORE)) == 1
    remove(BEFORE, snapshots)
    assert quads(snapshots, COMPARISONS) == 0


def test_a_correction_of_a_notice_withdraws_what_was_compared_with_it(snapshots: Snapshots) -> None:
    text = (
        f'INSERT DATA {{ GRAPH <{GRAPH[f"notice/{KEY}"].value}> {{ <{ID[f"notice/{KEY}"].value}> <{DCTERMS["description"].value}> "x" }} }}'
    )
    write(snapshots, Update(text, "http://example.org/"), check)
    assert pairs(snapshots) == []
    assert len(pairs(snapshots, BEFORE)) == 1


def test_an_outcome_is_added_by_an_update_and_stays_when_its_notice_is_read_again(snapshots: Snapshots, tmp_path: Path) -> None:
    write(snapshots, Update(OUTCOME.replace("SOURCE", "; dcterms:source <https://example.org/report>"), "http://example.org/"), check)
    expected = [("1", "2026-09-30", "进行中", "https://example.org/report")]
    columns = ("number", "date", "status", "source")
    assert rows(snapshots, "outcomes", columns) == expected
    assert len(pairs(snapshots)) == 5
    again = tmp_path / "again.txt"
    copyfile(NOW, again)
    again.write_text(again.read_text("utf-8") + "\n", "utf-8")
    ingest([again], snapshots)
    assert rows(snapshots, "outcomes", columns) == expected
    remove(KEY, snapshots)
    assert quads(snapshots, GRAPH[f"outcomes/{KEY}"]) == 0


@pytest.mark.parametrize(
    "text",
    [
        OUTCOME.replace("SOURCE", ""),
        OUTCOME.replace("SOURCE", "; dcterms:source 'r'").replace("/task/1>", "/task/9>"),
        OUTCOME.replace("SOURCE", "; dcterms:source 'r'").replace("/under-way", "/unheard-of"),
        OUTCOME.replace("SOURCE", "; dcterms:source 'r'").replace("2026-99", "2026-98"),
    ],
    ids=["no source", "no such task", "no such status", "no such notice"],
)
def test_an_outcome_that_breaks_the_shapes_is_refused(snapshots: Snapshots, text: str) -> None:
    with pytest.raises(InvalidGraphError):
        write(snapshots, Update(text, "http://example.org/"), check)
    assert rows(snapshots, "outcomes", ("source",)) == []
