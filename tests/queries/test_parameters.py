"""What people type, as typed terms."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from queries import BadValueError, Parameter
from queries.parameters import XSD

THINGS = "https://w3id.org/zhengce/id/"
LABELS = {"zh": "甲", "en": "A"}


def parameter(type_: str, *kinds: str, sample: tuple[NamedNode | Literal, ...] = ()) -> Parameter:
    return Parameter("a", type_, kinds, True, LABELS, sample)


@pytest.mark.parametrize(
    ("type_", "text"),
    [("integer", "9"), ("integer", "-3"), ("decimal", "2.5"), ("decimal", "30"), ("boolean", "true"), ("date", "2026-05-15")],
)
def test_literal_has_the_type_of_its_parameter(type_: str, text: str) -> None:
    assert parameter(type_).terms([text]) == (Literal(text, datatype=NamedNode(XSD + type_)),)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("integer", "nine"),
        ("integer", "9.0"),
        ("integer", "９９九"),
        ("integer", "9" * 30),
        ("decimal", "1e5"),
        ("decimal", "."),
        ("boolean", "yes"),
        ("date", "2026-02-30"),
        ("date", "20260515"),
        ("date", "2026年5月15日"),
    ],
)
def test_badly_written_literal_is_refused(type_: str, text: str) -> None:
    with pytest.raises(BadValueError, match="a"):
        parameter(type_).terms([text])


def test_string_is_kept_as_typed() -> None:
    assert parameter("string").terms([" “认证” "]) == (Literal("“认证”"),)


@pytest.mark.parametrize(
    ("kinds", "text", "iri"),
    [
        (("industry",), "low-altitude-aviation", "industry/low-altitude-aviation"),
        (("agency", "collective"), "collective/shanghai-districts", "collective/shanghai-districts"),
        (("notice",), "huzhiban-2026-2", "notice/huzhiban-2026-2"),
        (("industry",), THINGS + "industry/steel", "industry/steel"),
    ],
)
def test_key_becomes_the_iri_of_its_kind(kinds: tuple[str, ...], text: str, iri: str) -> None:
    assert parameter("iri", *kinds).terms([text]) == (NamedNode(THINGS + iri),)


def test_key_stands_beside_the_sample() -> None:
    sample = (NamedNode(THINGS + "notice/huzhiban-2026-2/task/49"),)
    assert parameter("iri", "task", sample=sample).terms(["9"]) == (NamedNode(THINGS + "notice/huzhiban-2026-2/task/9"),)


def test_class_is_named_by_its_own_name() -> None:
    assert parameter("iri", "class").terms(["Event"]) == (NamedNode("https://w3id.org/zhengce/def#Event"),)


def test_name_is_resolved_among_the_kinds_of_the_parameter() -> None:
    def resolve(kinds: tuple[str, ...], name: str) -> NamedNode | None:
        return NamedNode(THINGS + "agency/shanghai-science-technology") if (kinds, name) == (("agency",), "市科委") else None

    assert parameter("iri", "agency").terms(["市科委"], resolve) == (NamedNode(THINGS + "agency/shanghai-science-technology"),)
    with pytest.raises(BadValueError, match="市某委"):
        parameter("iri", "agency").terms(["市某委"], resolve)


def test_name_without_a_resolver_is_refused_with_what_is_accepted() -> None:
    with pytest.raises(BadValueError, match="agency") as caught:
        parameter("iri", "agency").terms(["市科委"])
    assert caught.value.value == "市科委"
