"""What a writer's own graph says of a notice stands on no page and in no answer as the notice's; where it is shown, so is its graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.store.own_graphs import has_others, is_own, own
from graph.store.snapshot import Snapshots
from ontology import terms
from ontology.names import DCTERMS, GRAPH, ID, SKOS, TYPE

NOTICE = f"{ID}notice/huzhiban-2026-2"
FALSE = "伪造的任务正文"
STRANGE = NamedNode(f"{ID}industry/strange")
OTHERS: dict[str, Any] = {
    "named": NamedNode("http://example.org/mine"),
    "none": DefaultGraph(),
    "like ours": NamedNode("https://w3id.org/zhengce/graphs/x"),
}


def false_facts() -> Iterator[tuple[NamedNode, NamedNode, Any]]:
    """Of a task, a notice, an office, an industry, and a thing that nobody else speaks of."""
    task, passage = NamedNode(f"{NOTICE}/task/9"), NamedNode("http://example.org/passage")
    office, industry = ID["agency/shanghai-science-technology"], ID["industry/low-altitude-aviation"]
    yield task, terms.text, Literal(FALSE, language="zh")
    yield task, terms.number, Literal("伪造的编号")
    yield task, terms.passage, passage
    yield passage, terms.text, Literal(FALSE, language="zh")
    yield NamedNode(f"{NOTICE}/task/1"), terms.involvesIndustry, industry
    yield office, terms.responsibleFor, NamedNode(f"{NOTICE}/task/1")
    yield office, SKOS["prefLabel"], Literal("伪造的名称", language="zh")
    yield NamedNode(NOTICE), DCTERMS["title"], Literal("伪造的标题", language="zh")
    yield STRANGE, TYPE, terms.Industry
    yield STRANGE, SKOS["prefLabel"], Literal("伪造的行业", language="zh")


@pytest.fixture(scope="module", params=["memory", "disk"])
def client(
    dataset: Store, open_service: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("others")
    with Snapshots(folder).draft() as draft:
        for graph in dataset.named_graphs():
            draft.replace(graph, dataset.quads_for_pattern(None, None, None, graph))  # type: ignore[arg-type]
        draft.add(Quad(*fact, graph) for fact in false_facts() for graph in OTHERS.values())
    with open_service(folder, store=request.param) as client:
        yield client


def page(client: Any, path: str, accept: str = "text/html") -> str:
    reply = client.get(path, Accept=accept)
    assert reply.status == 200, path
    return str(reply.body.decode())


PATHS = (
    *("/", "/tasks", "/tasks?lang=en", "/agencies", "/industries", "/notices", "/overview", "/things/programme"),
    *(
        "/queries/tasks-by-text",
        "/queries/task.csv",
        "/queries/tasks-by-industry.json",
        "/queries/task-as-graph",
        "/queries/task.json?evidence=1",
    ),
    *("/id/notice/huzhiban-2026-2/task/9.ttl", "/id/notice/huzhiban-2026-2.jsonld", "/id/agency/shanghai-science-technology.nt"),
    "/ask?q=" + quote("哪些任务涉及低空航空"),
)


@pytest.mark.parametrize("path", PATHS)
def test_pages_lists_and_answers_hold_nothing_of_it(client: Any, path: str) -> None:
    assert "伪造" not in page(client, path, "text/html, */*;q=0.5")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", ["notice/huzhiban-2026-2/task/9", "notice/huzhiban-2026-2", "agency/shanghai-science-technology"])
def test_page_of_a_thing_shows_it_with_its_graph_alone(client: Any, key: str, language: str) -> None:
    whole = page(client, f"/id/{key}?lang={language}")
    own, marked, rest = whole.partition('<section class="elsewhere"')
    marked, end, rest = rest.partition("</section>")
    assert "伪造" not in own + rest
    assert end
    assert marked.count("伪造") >= 3
    assert "http://example.org/mine" in marked
    assert ("默认图" if language == "zh" else "the default graph") in marked


def test_answer_of_a_subject_does_not_count_it(client: Any) -> None:
    rows = client.get("/queries/tasks-by-industry.json?industry=low-altitude-aviation").json["rows"]
    assert [row["number"] for row in rows] == ["9", "17", "49", "61"]
    found = client.get("/ask?q=" + quote("哪些任务涉及低空航空"), Accept="application/json").body.decode()
    assert "伪造" not in found
    assert "task/9" in found


def test_thing_that_only_others_speak_of_is_said_to_be_theirs(client: Any) -> None:
    whole = page(client, "/id/industry/strange")
    assert "收录的文件和本服务的词表都没有说到它" in whole
    assert "http://example.org/mine" in whole
    assert "伪造的行业" in page(client, "/id/industry/strange.ttl", "text/turtle")
    assert "/id/industry/strange" not in page(client, "/search?q=" + quote("伪造的行业"))


def test_queries_read_every_graph(client: Any) -> None:
    rows = client.ask(f"SELECT DISTINCT ?t {{ <{NOTICE}/task/9> <{terms.text.value}> ?t }}").rows
    assert FALSE in {row["t"] for row in rows}
    assert len(rows) == 2


def test_own_graphs_are_those_under_our_address() -> None:
    store = Store()
    store.extend([Quad(STRANGE, TYPE, terms.Industry, GRAPH["notice/a"]), Quad(STRANGE, TYPE, terms.Agency, GRAPH["vocabulary"])])
    assert not has_others(store)
    for graph in OTHERS.values():
        assert not is_own(graph)
        written = Store()
        written.extend([*store, Quad(STRANGE, TYPE, terms.Task, graph)])
        assert has_others(written)
        assert set(own(written)) == set(store)


def test_thing_with_fifty_thousand_statements_has_a_page_of_bounded_size(open_service: Callable[..., Any], tmp_path: Path) -> None:
    thing = ID["industry/large"]
    with Snapshots(tmp_path).draft() as draft:
        draft.replace(
            GRAPH["vocabulary"], [Quad(thing, TYPE, terms.Industry), Quad(thing, SKOS["prefLabel"], Literal("大", language="zh"))]
        )
        draft.replace(GRAPH["links"], (Quad(thing, SKOS["altLabel"], Literal(f"名{n}", language="zh")) for n in range(20_000)))
        draft.replace(GRAPH["notice/a"], (Quad(NamedNode(f"{ID}notice/a/task/{n}"), terms.involvesIndustry, thing) for n in range(10_000)))
        draft.replace(GRAPH["inferred/a"], (Quad(thing, terms.within, ID[f"place/{n}"]) for n in range(10_000)))
        draft.replace(OTHERS["named"], (Quad(thing, terms.text, Literal("言" * 5_000 + str(n))) for n in range(10_000)))
    with open_service(tmp_path) as client:
        reply = client.get("/id/industry/large", Accept="text/html")
        assert reply.status == 200
        assert len(reply.body) < 1_000_000
