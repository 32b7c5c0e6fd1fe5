"""What states a triple: everything asserted of the notice leads to its characters, everything else to its source."""

from typing import Protocol

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from pyoxigraph import Store as Engine

from graph.evidence import Quote, Source, Sources, vocabulary_files
from ontology import terms
from ontology.names import GRAPH, ID, OWL, PREFIXES, SKOS

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + "@prefix : <urn:x:> .\n"
ASSERTED = GRAPH["notice/huzhiban-2026-2"]
TASK = ID["notice/huzhiban-2026-2/task/9"]


class Notice(Protocol):
    """What tests/graph/conftest.py makes of the notice."""

    text: str
    facts: tuple[Triple, ...]
    engine: Engine


def test_everything_asserted_of_the_notice_leads_to_its_characters(notice: Notice) -> None:
    sources, lines = Sources(notice.engine), notice.text.split("\n")
    for fact in notice.facts:
        quote = sources.of(fact, (ASSERTED,))
        assert isinstance(quote, Quote), fact
        assert quote.quote
        assert notice.text[quote.offset : quote.offset + quote.end - quote.start] == quote.quote
        assert lines[quote.line - 1][quote.column - 1 :].startswith(quote.quote.split("\n")[0])
        assert (quote.number, quote.file) == ("沪质办〔2026〕2号", "huzhiban-2026-2.txt")
    assert len(notice.facts) > 10_000


def test_text_of_a_target_is_quoted_from_its_cell(notice: Notice) -> None:
    target = NamedNode(f"{TASK.value}/target/2")
    quote = Sources(notice.engine).of(Triple(TASK, terms.hasTarget, target), (ASSERTED,))
    assert isinstance(quote, Quote)
    assert quote.quote.startswith("继续深化与航科院")
    assert (quote.heading, quote.within) == ("2026年工作目标", (target,))


def test_number_of_the_notice_is_quoted_from_its_statement(notice: Notice) -> None:
    fact = next(one for one in notice.facts if "legislationIdentifier" in one.predicate.value)
    quote = Sources(notice.engine).of(fact, (ASSERTED,))
    assert isinstance(quote, Quote)
    assert (quote.quote, quote.node) == ("沪质办〔2026〕2号", ID["notice/huzhiban-2026-2/statement/number"])


def test_vocabulary_is_stated_by_its_file(notice: Notice) -> None:
    fact = Triple(ID["industry/low-altitude-aviation"], SKOS["broader"], ID["industry/aviation"])
    assert Sources(notice.engine).of(fact, (GRAPH["vocabulary"],)) == Source(GRAPH["vocabulary"])
    assert vocabulary_files([fact]) == {fact: "industries.ttl"}


def test_link_is_stated_by_the_source_it_was_seen_in(notice: Notice) -> None:
    fact = Triple(ID["place/china"], OWL["sameAs"], NamedNode("http://www.wikidata.org/entity/Q148"))
    source = Sources(notice.engine).of(fact, (GRAPH["links"],))
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


def test_what_nothing_states_has_no_source(notice: Notice) -> None:
    assert Sources(notice.engine).of(Triple(TASK, terms.mentions, TASK), ()) is None
