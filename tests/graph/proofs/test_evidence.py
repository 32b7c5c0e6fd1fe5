"""What states a triple: everything asserted of the notice leads to its characters, everything else to its source."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from pyoxigraph import Store as Engine

from api.publication.publish import Built, Knowledge, built
from graph.proofs.evidence import Quote, Source, Sources, vocabulary_files
from ontology import terms
from ontology.names import GRAPH, ID, OWL, PREFIXES, SKOS

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + "@prefix : <urn:x:> .\n"
FILE = Path(__file__).parents[3] / "ingest" / "notices" / "huzhiban-2026-2.txt"
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
ASSERTED = GRAPH["notice/huzhiban-2026-2"]
TASK = ID["notice/huzhiban-2026-2/task/9"]


def test_everything_asserted_of_the_notice_leads_to_its_characters(dataset: Engine, notice: Built) -> None:
    file = FILE.read_text("utf-8")
    sources, lines = Sources(dataset), file.split("\n")
    for fact in notice.graphs[ASSERTED]:
        quote = sources.of(fact, (ASSERTED,))
        assert isinstance(quote, Quote), fact
        assert quote.quote
        assert file[quote.offset : quote.offset + quote.end - quote.start] == quote.quote
        assert lines[quote.line - 1][quote.column - 1 :].startswith(quote.quote.split("\n")[0])
        assert (quote.number, quote.file) == ("沪质办〔2026〕2号", "huzhiban-2026-2.txt")
    assert len(notice.graphs[ASSERTED]) > 10_000


@pytest.mark.parametrize("name", ["H01_苏州_低空经济_2025.docx", "H09_合肥_人工智能_2025.txt", "H11_成都_文旅消费_2025.pdf"])
def test_everything_asserted_of_other_documents_does_too_save_the_table_of_divisions(known: Knowledge, name: str) -> None:
    notice = built(SAMPLES / name, known)
    graph = GRAPH[f"notice/{notice.reading.key}"]
    text, engine = notice.reading.notice.document.text, Engine()
    engine.extend(Quad(one.subject, one.predicate, one.object, graph) for one in notice.graphs[graph])
    sources = Sources(engine)
    quotes = {fact: sources.of(fact, (graph,)) for fact in notice.graphs[graph]}
    assert len(quotes) > 1000
    for fact, quote in quotes.items():
        if isinstance(quote, Quote):
            assert text[quote.offset : quote.offset + len(quote.quote)] == quote.quote
        else:
            assert "/place/cn-" in str(fact.subject)


def test_text_of_a_target_is_quoted_from_its_cell(dataset: Engine) -> None:
    target = NamedNode(f"{TASK.value}/target/2")
    quote = Sources(dataset).of(Triple(TASK, terms.hasTarget, target), (ASSERTED,))
    assert isinstance(quote, Quote)
    assert quote.quote.startswith("继续深化与航科院")
    assert (quote.heading, quote.within) == ("2026年工作目标", (target,))


def test_number_of_the_notice_is_quoted_from_its_statement(dataset: Engine, notice: Built) -> None:
    fact = next(one for one in notice.graphs[ASSERTED] if "legislationIdentifier" in one.predicate.value)
    quote = Sources(dataset).of(fact, (ASSERTED,))
    assert isinstance(quote, Quote)
    assert (quote.quote, quote.node) == ("沪质办〔2026〕2号", ID["notice/huzhiban-2026-2/statement/number"])


def test_vocabulary_is_stated_by_its_file(dataset: Engine) -> None:
    fact = Triple(ID["industry/low-altitude-aviation"], SKOS["broader"], ID["industry/aviation"])
    assert Sources(dataset).of(fact, (GRAPH["vocabulary"],)) == Source(GRAPH["vocabulary"])
    assert vocabulary_files([fact]) == {fact: "industries.ttl"}


def test_link_is_stated_by_the_source_it_was_seen_in(dataset: Engine) -> None:
    fact = Triple(ID["place/china"], OWL["sameAs"], NamedNode("http://www.wikidata.org/entity/Q148"))
    source = Sources(dataset).of(fact, (GRAPH["links"],))
    assert isinstance(source, Source)
    assert source.match == ID["match/exact"]
    assert source.seen
    assert "country-codes" in source.seen


def test_line_and_column_are_those_of_the_first_character_after_line_breaks() -> None:
    engine = Engine()
    said = """:m a zc:Mention ; zc:passage :p ; zc:start 7 ; zc:end 9 ; zc:quote "fg" ; zc:refersTo :t .
    :p zc:text "ab\\nc\\nde fg" ; zc:offset 100 ; zc:line 5 ; zc:column 3 ."""
    triples = [quad.triple for quad in parse(HEAD + said, RdfFormat.TURTLE)]
    engine.extend(Quad(one.subject, one.predicate, one.object, ASSERTED) for one in triples)
    fact = next(one for one in triples if one.predicate == terms.refersTo)
    quote = Sources(engine).of(fact, (ASSERTED,))
    assert isinstance(quote, Quote)
    assert (quote.line, quote.column, quote.offset) == (7, 3, 107)


def test_what_nothing_states_has_no_source(dataset: Engine) -> None:
    assert Sources(dataset).of(Triple(TASK, terms.mentions, TASK), ()) is None
