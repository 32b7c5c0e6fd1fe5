"""What a place in a text may be: an IRI ends with the first character that none can hold, a comparison is none."""

from __future__ import annotations

import pytest

from graph.sparql.ambiguous_tokens import CODE, Reading, readings
from graph.sparql.service_guard import relayed

NO_IRI = [chr(code) for code in range(0x21)] + list('<"{}|^`')
"""What an IRI cannot hold (SPARQL 1.1, IRIREF), but for the backslash, which may begin an escape."""


def reading(text: str) -> Reading:
    return Reading(next(readings(text, [len(text)])))


@pytest.mark.parametrize("character", NO_IRI)
def test_character_that_no_iri_holds_ends_it(character: str) -> None:
    begun = reading("ASK { FILTER(1 <")
    assert begun == Reading.CODE | Reading.IRI
    after = reading(f"ASK {{ FILTER(1 <{character}")
    # Where that begins an IRI itself, it is that one from here on.
    assert (after & Reading.IRI == Reading.IRI) == (character == "<")
    assert after & (CODE | Reading.DOUBLE_OPENED)


@pytest.mark.parametrize("character", ["!", "a", ":", "/", "#", "'", "?", "é", "\x7f"])
def test_character_that_an_iri_holds_leaves_both_readings(character: str) -> None:
    assert reading(f"ASK {{ FILTER(1 <{character}") & Reading.IRI


@pytest.mark.parametrize("blank", [" ", "\t", "\n"])
def test_comparison_before_an_allowed_endpoint_leaves_no_doubt(blank: str) -> None:
    query = f"SELECT * {{ ?s ?p ?o FILTER(?o <{blank}3) SERVICE <http://allowed.test/> {{ ?a ?b ?c }} }}"
    assert "http://relay/" in relayed(query, ("http://allowed.test/",), "http://relay/")
