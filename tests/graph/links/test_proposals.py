"""What is proposed and what is not: each trap by itself, on things and candidates made for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import NamedNode

from graph.links.candidates import Candidate, Looked
from graph.links.proposals import THRESHOLD, Proposal, proposals
from graph.links.things import Name, Thing
from ontology.names import ID

TARGET = "http://www.wikidata.org/entity/Q9000000001"
HUANGPU = Thing(
    ID["district/huangpu"],
    "District",
    (
        Name("黄浦区", "zh", True),
        Name("Huangpu District", "en", True),
        Name("黄浦", "zh", False),
        Name("上海市黄浦区", "zh", False),
        Name("Huangpu", "en", False),
    ),
    frozenset({("GB/T 2260", "310101")}),
    frozenset({"上海市", "上海", "shanghai", "shanghaimunicipality"}),
    frozenset(),
)
QUANTUM = Thing(
    ID["industry/quantum"],
    "Industry",
    (Name("量子科技", "zh", True), Name("Quantum technology", "en", True)),
    frozenset(),
    frozenset(),
    frozenset(),
)
BOTH = (Name("黄浦区", "zh", True), Name("Huangpu District", "en", True))
SHANGHAI = {"上海市": "上海市", "shanghai": "Shanghai"}
ZHEJIANG = {"浙江省": "浙江省", "zhejiang": "Zhejiang"}
ITEM = Candidate(TARGET, BOTH, frozenset(), ("district of China", "市辖区"), (), SHANGHAI, "")


def made(*candidates: Candidate, of: Thing = HUANGPU, threshold: float = THRESHOLD) -> list[Proposal]:
    return list(proposals([Looked(of, candidates)], threshold))


def test_the_same_names_type_and_place_are_the_same_thing_with_all_evidence() -> None:
    (found,) = made(ITEM)
    assert (found.target, found.exact, found.score) == (TARGET, True, 1.0)
    said = " ".join(each.en for each in found.evidence)
    assert said == "the name “黄浦区” the name “Huangpu District” the type “district of China” it lies in “上海市”"
    assert all(each.zh and each.en for each in found.evidence)


@pytest.mark.parametrize(
    ("why", "candidate"),
    [
        ("another type", replace(ITEM, types=("metro station",))),
        ("a type that only ends so", replace(ITEM, types=("historic district",))),
        ("another level", replace(ITEM, types=("subdistrict of China", "街道"))),
        ("no type", replace(ITEM, types=())),
        ("a type of no meaning", replace(ITEM, types=("Q123",))),
        ("disambiguation", replace(ITEM, types=("Wikimedia disambiguation page", "district of China"))),
        ("消歧义", replace(ITEM, types=("维基媒体消歧义页",))),
        ("a former one", replace(ITEM, types=("former district of China",))),
        ("dissolved", replace(ITEM, gone="http://www.wikidata.org/prop/direct/P576")),
        ("another province", replace(ITEM, places=ZHEJIANG)),
        ("another province, with a short name too", replace(ITEM, places=ZHEJIANG, names=(*BOTH, Name("Huangpu", "en", False)))),
        ("no place", replace(ITEM, places={})),
        ("another code", replace(ITEM, codes=frozenset({("GB/T 2260", "330101")}))),
        ("a name of ours alone that is an alias there", replace(ITEM, names=(Name("黄浦", "zh", False), Name("Huangpu", "en", False)))),
        ("one language, no place", replace(ITEM, names=(Name("Huangpu District", "en", True),), places={})),
    ],
)
def test_a_trap_is_not_proposed(why: str, candidate: Candidate) -> None:
    assert made(candidate) == [], why


def test_a_code_that_is_shared_outweighs_what_is_not_said() -> None:
    bare = replace(ITEM, types=(), places={}, names=(Name("黄浦区", "zh", True),), codes=frozenset({("GB/T 2260", "310101")}))
    (found,) = made(bare)
    assert (found.exact, found.codes) == (True, (("GB/T 2260", "310101"),))


def test_a_name_that_holds_its_place_says_where_it_is() -> None:
    (found,) = made(
        replace(
            ITEM, places={}, names=(Name("上海市黄浦区", "zh", True), Name("黄浦区", "zh", False), Name("Huangpu District", "en", True))
        )
    )
    assert found.score >= THRESHOLD


def test_two_that_look_alike_are_left_to_a_reviewer() -> None:
    twin = replace(ITEM, target=f"{TARGET}2")
    assert made(ITEM, twin) == []
    low = made(ITEM, twin, threshold=0.7)
    assert {(each.target, each.exact) for each in low} == {(TARGET, False), (f"{TARGET}2", False)}
    coded = replace(ITEM, codes=frozenset({("GB/T 2260", "310101")}))
    assert [each.target for each in made(coded, twin)] == [TARGET]


def test_two_things_of_ours_do_not_get_one_target() -> None:
    other = replace(HUANGPU, node=NamedNode(f"{ID}district/other"), codes=frozenset())
    found = proposals([Looked(HUANGPU, (ITEM,)), Looked(other, (ITEM,))])
    assert found == ()
    coded = replace(ITEM, codes=frozenset({("GB/T 2260", "310101")}))
    assert [each.thing for each in proposals([Looked(HUANGPU, (coded,)), Looked(other, (coded,))])] == [HUANGPU]


def test_a_concept_needs_both_languages_and_is_never_the_same_by_names() -> None:
    item = Candidate(TARGET, QUANTUM.names, frozenset(), ("field of work",), ("industry",), {}, "")
    (found,) = made(item, of=QUANTUM)
    assert not found.exact
    assert made(replace(item, names=QUANTUM.names[:1]), of=QUANTUM) == []
    assert made(replace(item, types=("album",), above=()), of=QUANTUM) == []
    assert made(replace(item, places=SHANGHAI), of=QUANTUM) == [], "what lies somewhere is no concept"


def test_what_is_linked_or_was_rejected_is_not_proposed_again() -> None:
    assert made(ITEM, of=replace(HUANGPU, linked=frozenset({TARGET}))) == []


def test_the_threshold_moves_what_is_proposed() -> None:
    unsure = replace(ITEM, places={})
    assert made(unsure, threshold=0.75)[0].score == 0.75
    assert made(unsure, threshold=0.76) == []
