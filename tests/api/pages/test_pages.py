"""The pages on the shipped notice: what they show, in which language, and that nothing typed gets into them as markup."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from pyoxigraph import NamedNode, Quad, QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store, parse

from api import pages
from api.http import problem_documents
from api.pages import assets
from api.pages.site import Site, page_queries
from api.pages.wording import wordings
from api.routes import catalogue, void
from graph.store.void import void_triples
from ontology import terms
from ontology.names import DEF, GRAPH, ID, SCHEMA, VOID
from queries import catalogue as questions

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TEMPLATES = Path(str(files("api.pages"))) / "templates"


@pytest.fixture(scope="module")
def store(dataset: Store) -> Store:
    """The dataset with its own description, as publication leaves it."""
    whole = Store()
    whole.extend(dataset.quads_for_pattern(None, None, None, None))
    described = tuple(void_triples(whole))
    whole.extend(Quad(said.subject, said.predicate, said.object, GRAPH["catalogue"]) for said in described)
    return whole


@pytest.fixture(scope="module")
def site(store: Store) -> Site:
    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        found = store.query(text, use_default_graph_as_union=True)
        if isinstance(found, QueryTriples):
            assert isinstance(format, RdfFormat)
            return found.serialize(format=format) or b""
        assert isinstance(format, QueryResultsFormat)
        return found.serialize(format=format) or b""

    return Site(answer, lambda: "7")


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[TestClient]:
    app = FastAPI()
    problem_documents.install(app)
    app.include_router(catalogue.create_router(site.answer, "/sparql", pages.QuestionPages(site)))
    app.include_router(void.create_router(site.answer))
    app.include_router(pages.create_router(site))
    things = pages.Things(site)

    @app.get("/id/{path:path}")
    async def thing(request: Request, path: str) -> Response:
        shown = await things.thing(request, ID + path)
        return shown or Response(status_code=404)

    with TestClient(app, headers=BROWSER) as made:
        yield made


def test_first_page_has_the_numbers_of_the_graph_and_answers(client: TestClient) -> None:
    page = client.get("/").text
    for figure in ("74", "115", "36"):
        assert f">{figure}</a></dd>" in page
    assert 'href="/queries/tasks-by-industry?industry=low-altitude-aviation"' in page
    assert "eVTOL" in client.get("/queries/tasks-by-industry?industry=low-altitude-aviation").text
    assert "沪质办〔2026〕2号" in page


@pytest.mark.parametrize("path", ["/", "/search?q=AI", "/queries", "/queries/load-per-unit", "/def"])
def test_page_speaks_the_language_of_its_address(client: TestClient, path: str) -> None:
    joint = "&" if "?" in path else "?"
    chinese, english = client.get(path).text, client.get(f"{path}{joint}lang=en").text
    assert '<html lang="zh-Hans">' in chinese
    assert '<html lang="en">' in english
    assert 'href="/tasks?lang=en"' in english
    assert "lang=en" not in re.sub(r'<a class="language".*?</a>|<link rel="alternate".*?>', "", chinese)


@pytest.mark.parametrize("name", sorted(page_queries()))
def test_every_query_of_a_page_finds_something_in_the_shipped_notice(store: Store, name: str) -> None:
    query = page_queries()[name]
    found = store.query(query.bound({}), use_default_graph_as_union=True)
    assert not isinstance(found, QueryBoolean)
    # The shipped notice has no warnings; tests/api/pages/test_as_read.py has some.
    assert (len(list(found)) > 0) == (name != "notice-warnings")
    assert "ORDER BY" in query.text or query.form != "SELECT"


def test_wordings_are_sorted_and_complete() -> None:
    with (files("api.pages") / "wording.csv").open(encoding="utf-8") as source:
        rows = list(csv.reader(source))
    keys = [row[0] for row in rows[1:]]
    assert keys == sorted(set(keys))
    assert all(len(row) == 3 and all(cell.strip() for cell in row) for row in rows)


def test_every_wording_that_a_template_names_exists() -> None:
    named = {key for file in TEMPLATES.glob("*.html") for key in re.findall(r"""say\(["']([\w.-]+)["'][,)]""", file.read_text("utf-8"))}
    assert len(named) > 60
    assert named - set(wordings()) == set()
    assert {f"tag.{query.tags[0]}" for query in questions().values()} <= set(wordings())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dikong", "industry/low-altitude-aviation"),
        ("低空", "industry/low-altitude-aviation"),
        ("low-altitude av", "industry/low-altitude-aviation"),
        ("ＡＩ", "industry/artificial-intelligence"),
        ("市科委", "agency/shanghai-science-technology"),
        ("shikewei", "agency/shanghai-science-technology"),
        ("skw", "agency/shanghai-science-technology"),
        ("沪质办〔2026〕2号", "notice/huzhiban-2026-2"),
    ],
)
def test_search_finds_a_thing_by_any_name(client: TestClient, typed: str, found: str) -> None:
    answer = client.get("/search.json", params={"q": typed}).json()
    assert [result["id"].partition("/id/")[2] for result in answer["results"]][:3].count(found) == 1


def test_search_offers_questions_about_what_was_found(client: TestClient) -> None:
    asked = client.get("/search.json", params={"q": "低空航空"}).json()["questions"]
    assert asked[0]["id"] == "tasks-by-industry"
    assert "低空航空" in client.get(asked[0]["href"]).text
    assert "load-per-unit" in {each["id"] for each in client.get("/search.json", params={"q": "任务数 单位"}).json()["questions"]}


def test_search_page_marks_the_words_in_tasks_and_says_when_nothing_fits(client: TestClient) -> None:
    assert "<mark>无人机</mark>" in client.get("/search", params={"q": "无人机"}).text
    assert "没有找到" in client.get("/search", params={"q": "并不存在的词"}).text


@pytest.mark.parametrize("path", ["/search", "/queries/tasks-by-industry", "/tasks"])
def test_typed_markup_stays_text(client: TestClient, path: str) -> None:
    hostile = '"><script>alert(1)</script>'
    page = client.get(path, params={"q": hostile, "industry": hostile}).text
    assert "<script>alert" not in page
    assert "script-src 'self'" in client.get(path).headers["content-security-policy"]
    assert "unsafe" not in client.get(path).headers["content-security-policy"]


def test_catalogue_page_lists_every_question_once(client: TestClient) -> None:
    listed = re.findall(r'<a href="/queries/([\w-]+)">', client.get("/queries").text)
    assert sorted(listed) == sorted(questions())


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_has_a_page_with_its_rows(client: TestClient, name: str) -> None:
    page = client.get(f"/queries/{name}").text
    assert '<h2 id="answer">' in page
    assert f'href="/queries/{name}.csv?headings=zh"' in page
    rows = client.get(f"/queries/{name}.json").json().get("rows", [])
    assert page.count("<tr>") == (min(len(rows), 1000) + 1 if rows else 0)


def test_question_page_keeps_what_was_asked(client: TestClient) -> None:
    page = client.get("/queries/tasks-by-unit", params={"unit": "市科委", "notice": ""}).text
    assert 'value="市科委"' in page
    assert "unit=%E5%B8%82%E7%A7%91%E5%A7%94&amp;notice=&amp;headings=zh" in page
    assert '<a class="evidence kind-unit" href="/id/notice/huzhiban-2026-2/task/' in page


def test_wrong_value_is_told_on_the_page(client: TestClient) -> None:
    answer = client.get("/queries/tasks-by-industry", params={"industry": "不存在的行业"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert client.get("/queries/tasks-by-industry", params={"sector": "x"}).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tasks",
        "/overview",
        "/agencies",
        "/industries",
        "/notices",
        "/search?q=AI",
        "/id/notice/huzhiban-2026-2",
        "/id/notice/huzhiban-2026-2/task/9",
        "/id/industry/low-altitude-aviation",
        "/queries/load-per-unit",
        "/def?lang=en",
    ],
)
def test_links_of_a_page_lead_somewhere(client: TestClient, path: str) -> None:
    found = {unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]+)"', client.get(path).text)}
    elsewhere = re.compile(r"/(sparql|health|store|why|changes|\.well-known)|.*/id/.*\.(ttl|nt|rdf|jsonld)$")
    kinds: dict[str, list[str]] = {}
    for link in sorted(found):
        if not elsewhere.match(link):
            kinds.setdefault(re.sub(r"[^/]+$", "", link.partition("?")[0]) + str(len(link.split("?"))), []).append(link)
    tried = [link for links in kinds.values() for link in links[:4]]
    assert len(tried) > 6
    assert [link for link in tried if client.get(link).status_code != 200] == []


def test_programs_still_get_data_from_the_same_addresses(client: TestClient) -> None:
    assert client.get("/queries/load-per-unit", headers={"Accept": "*/*"}).headers["content-type"] == "application/json"
    assert client.get("/search?q=AI", headers={"Accept": "*/*"}).headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/queries.ttl", "/.well-known/sparql-examples"])
def test_catalogue_as_rdf_names_the_endpoint_of_the_host_that_is_asked(client: TestClient, path: str) -> None:
    found = {quad.object for quad in parse(client.get(path).content, RdfFormat.TURTLE) if quad.predicate == SCHEMA["target"]}
    assert found == {NamedNode("http://testserver/sparql")}


def test_ontology_page_has_every_class_and_property(client: TestClient) -> None:
    names = {value.value.removeprefix(DEF) for name, value in vars(terms).items() if getattr(value, "value", "").startswith(DEF)}
    page = client.get("/def").text
    assert names
    assert {name for name in names if f'id="{name}"' not in page} == set()
    chain = page[page.index('id="involvesIndustry"') :]
    assert "∘" in chain[: chain.index("</article>")]
    assert page.count("<rect") >= 15


@pytest.mark.parametrize(
    ("path", "format"), [("/def.ttl", RdfFormat.TURTLE), ("/def.jsonld", RdfFormat.JSON_LD), ("/def.nt", RdfFormat.N_TRIPLES)]
)
def test_ontology_is_given_as_rdf(client: TestClient, path: str, format: RdfFormat) -> None:
    assert terms.involvesIndustry in {quad.subject for quad in parse(client.get(path).content, format)}
    accepted = client.get("/def", headers={"Accept": format.media_type})
    assert accepted.headers["content-type"].startswith(format.media_type)


def test_workbench_knows_the_terms_in_use_by_their_names(client: TestClient) -> None:
    known = client.get("/workbench.json").json()
    by_iri = {term["iri"]: term for term in known["terms"]}
    assert by_iri[terms.Task.value] == {"iri": terms.Task.value, "kind": "class", "count": 74, "zh": "任务", "en": "Task", "object": False}
    assert by_iri[terms.involvesIndustry.value]["object"] is True
    assert known["prefixes"]["zc"] == DEF
    assert len(known["questions"]) == len(questions())
    assert len(known["districts"]) == 16
    assert known["names"]["industry/low-altitude-aviation"] == "低空航空"


def test_void_describes_the_data_set_and_its_parts_only(client: TestClient) -> None:
    found = list(parse(client.get("/.well-known/void", headers={"Accept": "text/turtle"}).content, RdfFormat.TURTLE))
    assert any(quad.predicate == VOID["class"] and quad.object == terms.Task for quad in found)
    assert not any(quad.predicate == terms.hasTask for quad in found)


def test_built_files_are_sent_compressed_and_no_others(client: TestClient) -> None:
    name = assets.Assets.built().script("base")
    assert name, "the front end is not built: make api/static/manifest.json"
    packed = client.get(name, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "br"
    assert "immutable" in packed.headers["cache-control"]
    assert "content-encoding" not in client.get(name, headers={"Accept-Encoding": "identity"}).headers
    for other in ("/static/assets/none.js", "/static/assets/..%2Fmanifest.json", "/static/manifest.json"):
        assert client.get(other).status_code == 404
