"""Files become a snapshot only where their graphs hold the shapes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Triple

import ontology
from api.publication.publish import Built, Knowledge, built
from graph.errors import InvalidGraphError
from graph.validation.validator import validator
from ontology import terms
from ontology.names import ID

SHIPPED = Path(__file__).parents[3] / "ingest" / "notices" / "huzhiban-2026-2.txt"
DISTRICTS = ID["collective/shanghai-districts"]


def without(known: Knowledge, unwanted: Triple) -> Knowledge:
    """What is known but for one triple of the vocabulary."""
    said = tuple(triple for triple in known.triples if triple != unwanted)
    assert len(said) == len(known.triples) - 1
    return replace(known, validator=validator(ontology.shapes(), (*said, *known.background.inferred)))


def test_notice_is_refused_with_the_reason_in_both_languages(known: Knowledge) -> None:
    broken = without(known, Triple(DISTRICTS, terms.hasMember, ID["agency/jingan-government"]))
    with pytest.raises(InvalidGraphError) as refused:
        built(SHIPPED, broken)
    said = " ".join(refused.value.violations)
    assert SHIPPED.name in said
    assert "“各区”的成员是全市每一个区的政府" in said
    assert "of the city" in said
    assert "district/jingan" in said


def test_shipped_notice_holds_the_shapes(notice: Built) -> None:
    assert len(notice.graphs) == 4
    assert all(notice.graphs.values())
