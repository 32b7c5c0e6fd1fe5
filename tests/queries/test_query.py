"""The parser and the binder of .rq files."""

from __future__ import annotations

import pytest
import yaml  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from queries import BadValueError, MalformedQueryError, Query, UnknownParameterError, parse

TEXT = """#+ summary: 某行业的任务 · Tasks of an industry
#+ description: 说明。 · A description.
#+ tags: [industry, task]
#+ answer: tasks
#+ params:
#+   industry: {type: iri, kinds: [industry], zh: 行业, en: Industry}
#+   least: {type: integer, optional: true, zh: 至少, en: At least}
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT ?task WHERE {
  VALUES ?industry { <https://w3id.org/zhengce/id/industry/aviation> }
  VALUES ?least { UNDEF }
  ?task zc:involvesIndustry ?industry .
}
ORDER BY ?task
"""
THINGS = "https://w3id.org/zhengce/id/"


@pytest.fixture
def query() -> Query:
    return parse("tasks", TEXT)


def test_header_is_read(query: Query) -> None:
    assert query.titles == {"zh": "某行业的任务", "en": "Tasks of an industry"}
    assert query.tags == ("industry", "task")
    assert (query.answer, query.form) == ("tasks", "SELECT")


def test_parameters_are_read_with_their_samples(query: Query) -> None:
    industry, least = query.parameters
    assert (industry.type, industry.kinds, industry.optional) == ("iri", ("industry",), False)
    assert industry.sample == (NamedNode(THINGS + "industry/aviation"),)
    assert (least.type, least.optional, least.sample) == ("integer", True, ())
    assert least.labels == {"zh": "至少", "en": "At least"}


def test_body_leaves_the_header_out(query: Query) -> None:
    assert query.body.startswith("PREFIX zc:")


def test_unbound_parameters_keep_their_samples_and_open_slots_are_left_out(query: Query) -> None:
    assert query.bind({}) == query.body.replace("  VALUES ?least { UNDEF }\n", "")


def test_value_takes_the_place_of_the_sample(query: Query) -> None:
    assert f"VALUES ?industry {{ <{THINGS}industry/steel> }}\n" in query.bind({"industry": "steel"})


def test_several_values_are_all_bound(query: Query) -> None:
    bound = query.bind({"industry": ["steel", "chemicals"]})
    assert f"VALUES ?industry {{ <{THINGS}industry/steel> <{THINGS}industry/chemicals> }}" in bound


def test_empty_value_lifts_an_optional_restriction(query: Query) -> None:
    text = TEXT.replace("UNDEF", "7")
    assert "VALUES ?least { 7 }" not in parse("tasks", text).bind({"least": ""})
    assert "?least" in parse("tasks", text).bind({})


def test_empty_value_is_refused_where_one_is_needed(query: Query) -> None:
    with pytest.raises(BadValueError, match="industry"):
        query.bind({"industry": " "})


def test_unknown_parameter_is_named_with_those_there_are(query: Query) -> None:
    with pytest.raises(UnknownParameterError, match="industry, least") as caught:
        query.bind({"sector": "steel"})
    assert (caught.value.name, caught.value.known) == ("sector", ("industry", "least"))


@pytest.mark.parametrize(
    "hostile",
    [
        "x> } DELETE WHERE { ?s ?p ?o",
        "https://example.org/> } #",
        "steel } UNION { ?s ?p ?o",
        'http://a b/"',
        "https://example.org/\\u003E",
    ],
)
def test_hostile_iri_is_refused(query: Query, hostile: str) -> None:
    with pytest.raises(BadValueError):
        query.bind({"industry": hostile})


def test_hostile_string_is_escaped() -> None:
    text = TEXT.replace("type: iri, kinds: [industry]", "type: string").replace("<https://w3id.org/zhengce/id/industry/aviation>", '"a"')
    hostile = 'x" } } \n SELECT ?s WHERE { ?s ?p ?o } # \\'
    bound = parse("tasks", text).bind({"industry": hostile})
    result = Store().query(bound.replace("?task zc:involvesIndustry ?industry .", "BIND(?industry AS ?task)"))
    assert isinstance(result, QuerySolutions)
    assert [row[0] for row in result] == [Literal(hostile.strip())]


@pytest.mark.parametrize(
    ("changed", "into", "reason"),
    [
        (" · Tasks of an industry", "", "summary"),
        ("#+ description: 说明。 · A description.\n", "", "description"),
        ("#+ tags: [", "#+ tag: [", "tag"),
        ("[industry, task]", "industry", "tags"),
        ("#+ answer: tasks", "#+ answer: jobs", "answer"),
        ("#+   least: {type: integer, optional: true, zh: 至少, en: At least}\n", "", "least"),
        ("  VALUES ?least { UNDEF }\n", "", "least"),
        ("optional: true, ", "", "least"),
        ("optional: true", "optional: 1", "least"),
        ("type: integer", "type: number", "least"),
        ("type: integer", "type: integer, kinds: [task]", "least"),
        ("type: integer", "type: integer, default: 3", "least"),
        ("en: At least", "en: No", "least"),
        ("kinds: [industry], ", "", "industry"),
        ("industry: {type", "Industry: {type", "params"),
        ("#+ tags: [industry, task]", "#+ tags: [industry, task]\n#+ tags: [other]", "tags stands twice"),
        ("#+ tags: [industry, task]", "#+ tags: [industry, task]\n#+ method: POST", "method"),
        ("#+ tags: [industry, task]", "#+ tags: [industry, task]\n#+ pagination: many", "pagination"),
        ("#+ tags:", "#+ tags", "header"),
        ("#+ summary: 某", "#+ summary: !!python/name:os.system 某", "header"),
        ("{ UNDEF }", "{ <<broken }", "sample"),
        ("SELECT", "SELEKT", "query"),
    ],
)
def test_malformed_file_is_refused_with_the_reason(changed: str, into: str, reason: str) -> None:
    assert changed in TEXT
    with pytest.raises(MalformedQueryError, match=reason):
        parse("tasks", TEXT.replace(changed, into))


def test_decorators_of_grlc_are_read_and_the_rest_is_refused() -> None:
    text = TEXT.replace("#+ answer", "#+ method: get\n#+ pagination: 50\n#+ endpoint: http://example.org/sparql\n#+ answer")
    assert parse("tasks", text).pagination == 50
    with pytest.raises(MalformedQueryError, match="endpoint_in_url"):
        parse("tasks", TEXT.replace("#+ answer", "#+ endpoint_in_url: false\n#+ answer"))


def test_file_for_other_tools_is_yaml_and_a_query(query: Query) -> None:
    made = query.file(query.terms({"industry": "steel"}), "http://example.org/sparql")
    said = yaml.safe_load("\n".join(line.removeprefix("#+") for line in made.splitlines() if line.startswith("#+")))
    assert (said["endpoint"], said["method"], said["params"]["industry"]["type"]) == ("http://example.org/sparql", "GET", "iri")
    assert "industry/steel" in made
    again = parse("tasks", made)
    assert (again.titles, again.tags) == (query.titles, query.tags)


def test_samples_of_one_parameter_must_agree() -> None:
    with pytest.raises(MalformedQueryError, match="differ"):
        parse("tasks", TEXT + "#\nVALUES ?least { 3 }\n")


def test_every_slot_of_a_parameter_is_filled() -> None:
    query = parse("tasks", TEXT + "VALUES ?least { UNDEF }\n")
    assert query.bind({"least": "7"}).count('VALUES ?least { "7"^^<http://www.w3.org/2001/XMLSchema#integer> }') == 2
