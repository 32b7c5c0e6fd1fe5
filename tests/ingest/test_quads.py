"""The graph of the shipped notice: every evidence node points at the characters it quotes, and reading twice gives the same names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import ontology
from api.publication.publish import Built, Knowledge, built
from ingest.interpretation import readings
from ingest.parse import parse
from ingest.read import read
from ingest.recognise import recognise
from ingest.vocabulary import vocabulary
from ontology import terms
from ontology.names import DCTERMS, GRAPH, ID, RDF, SCHEMA, SKOS, TYPE

SHIPPED = Path(__file__).parents[2] / "ingest" / "notices" / "huzhiban-2026-2.txt"
NOTICE = ID["notice/huzhiban-2026-2"]
EVIDENCE = (
    terms.Deadline,
    terms.Mention,
    terms.Milestone,
    terms.Quantity,
    terms.Reference,
    terms.Responsibility,
    terms.Statement,
)
Term = NamedNode | BlankNode | Literal | Triple
About = Mapping[NamedNode, Sequence[Term]]


@pytest.fixture(scope="module")
def graph(notice: Built) -> Mapping[NamedNode, About]:
    """Subject to predicate to objects."""
    return indexed(notice.graphs[GRAPH["notice/huzhiban-2026-2"]])


@pytest.fixture(scope="module")
def text() -> str:
    return read(SHIPPED).text


def indexed(triples: Sequence[Triple]) -> Mapping[NamedNode, About]:
    found: defaultdict[NamedNode, defaultdict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        found[triple.subject][triple.predicate].append(triple.object)
    return found


def of_class(graph: Mapping[NamedNode, About], class_: NamedNode) -> list[NamedNode]:
    return [node for node, about in graph.items() if class_ in about.get(TYPE, ())]


def value(about: About, name: NamedNode) -> str:
    (term,) = about[name]
    assert isinstance(term, Literal)
    return term.value


def number(about: About, name: NamedNode) -> int:
    return int(value(about, name))


def test_document_is_the_file(text: str) -> None:
    assert text == SHIPPED.read_text(encoding="utf-8")


def test_passages_are_characters_of_the_file_at_their_line_and_column(graph: Mapping[NamedNode, About], text: str) -> None:
    lines = text.split("\n")
    passages = of_class(graph, terms.Passage)
    assert len(passages) > 250
    for node in passages:
        about = graph[node]
        said, offset = value(about, terms.text), number(about, terms.offset)
        assert text[offset : offset + len(said)] == said
        line, column = number(about, terms.line), number(about, terms.column)
        assert sum(len(before) + 1 for before in lines[: line - 1]) + column - 1 == offset
        assert list(about[DCTERMS["isPartOf"]]) == [NOTICE]


def test_every_evidence_node_quotes_the_file(graph: Mapping[NamedNode, About], text: str) -> None:
    seen: Counter[NamedNode] = Counter()
    for class_ in EVIDENCE:
        for node in of_class(graph, class_):
            about = graph[node]
            (passage,) = about[terms.passage]
            assert isinstance(passage, NamedNode)
            start, end, quote = number(about, terms.start), number(about, terms.end), value(about, terms.quote)
            offset = number(graph[passage], terms.offset)
            assert value(graph[passage], terms.text)[start:end] == quote != ""
            assert text[offset + start : offset + end] == quote
            seen[class_] += 1
    assert seen[terms.Mention] > 500
    assert (seen[terms.Responsibility], seen[terms.Quantity], seen[terms.Reference]) == (192, 10, 5)
    assert seen[terms.Milestone] >= 40
    assert seen[terms.Statement] >= 80


def test_figures_of_the_notice(graph: Mapping[NamedNode, About]) -> None:
    counts = {class_: len(of_class(graph, class_)) for class_ in (terms.TaskGroup, terms.Task, terms.Target)}
    assert counts == {terms.TaskGroup: 20, terms.Task: 74, terms.Target: 115}
    assert len({bearer for node in of_class(graph, terms.Responsibility) for bearer in graph[node][terms.bearer]}) == 36


def test_units_of_a_task_are_numbered_from_one_without_gap(graph: Mapping[NamedNode, About]) -> None:
    positions: defaultdict[Term, list[int]] = defaultdict(list)
    for node in of_class(graph, terms.Responsibility):
        positions[graph[node][terms.task][0]].append(number(graph[node], terms.position))
    assert len(positions) == 74
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in positions.values())


def test_horizon_of_each_commitment_is_read_by_a_named_rule(graph: Mapping[NamedNode, About], notice: Built) -> None:
    read_into = indexed(notice.graphs[GRAPH["readings/huzhiban-2026-2"]])
    rules = {
        about[RDF["subject"]][0]: about
        for about in read_into.values()
        if terms.Reading in about[TYPE] and terms.horizonStart in about[RDF["predicate"]]
    }
    periods: defaultdict[NamedNode, set[tuple[str, str, str]]] = defaultdict(set)
    for class_ in (terms.Task, terms.Target):
        for node in of_class(graph, class_):
            assert not {terms.horizonStart, terms.horizonEnd} & set(graph[node])
            period = value(read_into[node], terms.horizonStart), value(read_into[node], terms.horizonEnd)
            (rule,) = rules[node][terms.rule]
            periods[class_].add((*period, ID.local(rule)))
    assert periods == {
        terms.Task: {("2025-01-01", "2027-12-31", "rule/period-of-plan")},
        terms.Target: {("2026-01-01", "2026-12-31", "rule/period-of-column")},
    }


def test_every_period_that_is_asserted_is_printed(graph: Mapping[NamedNode, About]) -> None:
    stated = {(graph[node][RDF["subject"]][0], graph[node][RDF["predicate"]][0]): node for node in of_class(graph, terms.Statement)}
    count = 0
    for node, about in graph.items():
        for name in (terms.horizonStart, terms.horizonEnd):
            for found in about.get(name, ()):
                assert isinstance(found, Literal)
                assert found.value[:4] in value(graph[stated[node, name]], terms.quote), node
                count += 1
    assert count == 6


def test_every_reading_starts_from_characters_of_the_page(graph: Mapping[NamedNode, About], notice: Built) -> None:
    read_into = indexed(notice.graphs[GRAPH["readings/huzhiban-2026-2"]])
    readings = [about for about in read_into.values() if terms.Reading in about[TYPE]]
    assert len(readings) > 190
    for about in readings:
        assert all(value(graph[basis], terms.quote) for basis in about[terms.basis])  # type: ignore[index]


def test_every_fact_of_the_notice_has_its_statement(graph: Mapping[NamedNode, About]) -> None:
    stated = {
        (graph[node][RDF["subject"]][0], graph[node][RDF["predicate"]][0], graph[node][RDF["object"]][0])
        for node in of_class(graph, terms.Statement)
    }
    for name in (SCHEMA["legislationIdentifier"], DCTERMS["issued"], DCTERMS["title"], terms.issuer, terms.implements):
        for found in graph[NOTICE][name]:
            assert (NOTICE, name, found) in stated, name
    assert value(graph[NOTICE], SCHEMA["legislationIdentifier"]) == "沪质办〔2026〕2号"
    assert value(graph[NOTICE], DCTERMS["issued"]) == "2026-05-15"


def test_no_role_is_printed_and_none_is_asserted(graph: Mapping[NamedNode, About]) -> None:
    assert not any(terms.role in graph[node] for node in of_class(graph, terms.Responsibility))


@pytest.mark.parametrize("name", ["heads-in-two-lines.txt", "brackets.txt", "stars.html", "labelled-lines.txt", "bars-two-roles.txt"])
def test_a_role_is_asserted_with_the_word_that_gives_it(name: str, known: Knowledge) -> None:
    made = built(Path(__file__).parents[1] / "data/layouts" / name, known)
    graph = indexed(made.graphs[GRAPH[f"notice/{made.reading.key}"]])
    stated = {
        graph[node][RDF["subject"]][0]: value(graph[node], terms.quote)
        for node in of_class(graph, terms.Statement)
        if graph[node][RDF["predicate"]] == [terms.role]
    }
    roles = [node for node in of_class(graph, terms.Responsibility) if terms.role in graph[node]]
    assert roles
    words = re.compile("牵头|主责|责任|负责|配合|协|参|指导|主办|落实|汇总|[★()（）]")
    for node in roles:
        assert words.search(stated[node]), stated[node]


def test_slices_tie_figures_of_the_year_to_those_of_the_plan(notice: Built) -> None:
    task = f"{NOTICE.value}/task"
    slices = {(t.subject, t.object) for t in notice.graphs[GRAPH["readings/huzhiban-2026-2"]] if t.predicate == terms.sliceOf}
    assert slices == {(NamedNode(f"{task}/{n}/quantity/2"), NamedNode(f"{task}/{n}/quantity/1")) for n in (49, 50)}


def test_second_reading_gives_the_same_graph(notice: Built, known: Knowledge) -> None:
    again = built(SHIPPED, known).graphs
    for name in ("notice", "readings", "inferred"):
        graph = GRAPH[f"{name}/huzhiban-2026-2"]
        assert set(again[graph]) == set(notice.graphs[graph])


def test_one_triple_is_said_once(notice: Built) -> None:
    said = notice.graphs[GRAPH["notice/huzhiban-2026-2"]]
    twice = [triple for triple, count in Counter(said).items() if count > 1]
    assert not twice


def test_units_of_one_function_share_it_in_the_readings(tmp_path: Path) -> None:
    source = tmp_path / "n.txt"
    source.write_text("青屏县任务清单\n1.造林800亩。（县林业局、县发改局负责）\n2.护林。（各镇人民政府负责）\n", encoding="utf-8")
    made = readings(recognise(parse(read(source)), vocabulary(ontology.triples())))
    keys = {ID.local(triple.object) for triple in made if triple.predicate == terms.function and isinstance(triple.object, NamedNode)}
    assert keys == {"function/forestry-dept", "function/development-reform"}


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("layouts/brackets.txt", {("深化商事制度改革", "优化准入服务"), ("强化公平竞争", "优化准入服务"), ("质量强市", "加强质量建设")}),
        ("layouts/block-brackets.txt", {("提升政务服务", "重点任务"), ("规范涉企执法", "重点任务")}),
        ("layouts/layout-table.html", {("龙江路", "道路工程"), ("星港路", "道路工程"), ("公园", "环境")}),
        ("layouts/stars.html", {("某副区长牵头", "经济发展目标")}),
        ("layouts/quarters-unnumbered.txt", set()),
    ],
)
def test_a_group_in_a_group_has_it_as_broader(name: str, pairs: set[tuple[str, str]], known: Knowledge) -> None:
    made = built(Path(__file__).parents[1] / "data" / name, known)
    ((graph, triples),) = ((graph, triples) for graph, triples in made.graphs.items() if graph.value.startswith(GRAPH["notice/"].value))
    about = indexed(triples)
    groups = of_class(about, terms.TaskGroup)
    broader = {(value(about[node], SKOS["prefLabel"]), wide) for node in groups for wide in about[node].get(SKOS["broader"], ())}
    assert {(label, value(about[wide], SKOS["prefLabel"])) for label, wide in broader if isinstance(wide, NamedNode)} == pairs
    assert len(broader) >= len(pairs)
    assert all(wide in groups for _, wide in broader), graph


def test_a_number_that_no_page_prints_is_a_reading(tmp_path: Path, known: Knowledge) -> None:
    path = tmp_path / "a.html"
    rows = "".join(f"<tr><td>{text}</td><td>县水利局</td></tr>" for text in ("清淤河道。", "加固水库。"))
    path.write_text(f"<p>云溪县2027年水利任务清单</p><table><tr><td>任务</td><td>责任单位</td></tr>{rows}</table>", "utf-8")
    made = built(path, known)
    said = {name.value.split("/graph/")[1].split("/")[0]: indexed(triples) for name, triples in made.graphs.items()}
    tasks = of_class(said["notice"], terms.Task)
    assert len(tasks) == 2
    for n, task in enumerate(sorted(tasks, key=lambda node: node.value), 1):
        assert terms.number not in said["notice"][task]
        assert value(said["readings"][task], terms.number) == str(n)
        (rule,) = [
            about
            for about in said["readings"].values()
            if about.get(RDF["predicate"]) == [terms.number] and about[RDF["subject"]] == [task]
        ]
        assert rule[terms.rule] == [ID["rule/number-by-position"]]
        (basis,) = rule[terms.basis]
        assert isinstance(basis, NamedNode)
        assert value(said["notice"][basis], terms.quote) in ("清淤河道。", "加固水库。")
