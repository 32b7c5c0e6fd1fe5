"""A thing and what an endpoint says of its namesakes, turned into proposals with a score and the evidence for it.

Names, codes, types and places each add to a score of 1 at most; nothing is proposed by a name alone. What tells the thing from others of
its name must be there: a type that fits, and for a place or a body where it lies, by what the endpoint says or by the name itself. A code
of the same register that is another one, a type that says that it is no thing (a disambiguation page) or no longer one, and another place
end it; where it lies somewhere, and nobody says where ours does, it is not sure. The standard's words decide the kind:
https://www.w3.org/TR/skos-reference/#mapping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.links.candidates import Candidate, Looked
from graph.links.name_variants import fits, key, said_of
from graph.links.tables import kinds, never
from graph.links.things import Name, Thing

THRESHOLD = 0.8
"""What is less likely is not proposed unless asked for."""
_CODE = 0.6
_TYPE = 0.15
_PLACE = 0.2
_NAMES = {
    ("zh", True, True): 0.45,
    ("zh", True, False): 0.35,
    ("zh", False, True): 0.25,
    ("zh", False, False): 0.15,
    ("en", True, True): 0.3,
    ("en", True, False): 0.25,
    ("en", False, True): 0.2,
    ("en", False, False): 0.1,
}
"""By language, whether it is our preferred name, and whether it is theirs."""
_UNSURE = 0.75
"""A score is no higher where nothing tells the thing from others of its name."""
_RIVAL = 0.1
"""Two candidates that differ by less are rivals: neither is proposed."""
_LOCATED = frozenset(("District", "Zone", "Agency", "DistrictGovernment", "CollectiveUnit"))
"""Of which there are namesakes in other places."""
_CONCEPTS = frozenset(("Industry", "Theme", "Topic", "SubjectClass", "Technology", "Instrument", "Programme", "Platform", "Event"))
"""Which are the same only where both languages say so, and then close: where a concept ends is a matter of the scheme it is in."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a proposal, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link that may hold."""

    thing: Thing
    target: str
    exact: bool
    """Whether the two are the same thing; else they are near."""
    score: float
    evidence: tuple[Evidence, ...]
    codes: tuple[tuple[str, str], ...]
    """The codes of registers that both have."""


def proposals(looked: Iterable[Looked], threshold: float = THRESHOLD) -> tuple[Proposal, ...]:
    """The proposals at least that likely, those of one thing together, the best first; none for what is linked already."""
    every = [each for found in looked for each in _of_thing(found)]
    claims: defaultdict[str, list[Proposal]] = defaultdict(list)
    for each in every:
        claims[each.target].append(each)
    judged = (_unsure(each) if _claimed(each, claims[each.target]) else each for each in every)
    return tuple(each for each in judged if each.score >= threshold and each.target not in each.thing.linked)


def _unsure(each: Proposal) -> Proposal:
    """The proposal, where nothing tells it from another one: a near match for somebody to look at."""
    return replace(each, score=min(each.score, _UNSURE), exact=False)


def _of_thing(found: Looked) -> Iterator[Proposal]:
    made = [each for candidate in found.candidates if (each := _judged(found.thing, candidate)) is not None]
    made.sort(key=lambda each: (-each.score, each.target))
    for each in made:
        near = [other for other in made if other is not each and abs(other.score - each.score) < _RIVAL and not _settled(each, other)]
        yield _unsure(each) if near else each


def _settled(one: Proposal, other: Proposal) -> bool:
    """Whether a code decides between two."""
    return bool(one.codes) and not other.codes


def _claimed(each: Proposal, claims: Sequence[Proposal]) -> bool:
    """Whether another thing of ours has as good a claim to the target."""
    return any(other.thing.node != each.thing.node and other.score >= each.score and not _settled(each, other) for other in claims)


def _judged(thing: Thing, candidate: Candidate) -> Proposal | None:
    """The proposal of one candidate; None where something says that it is another thing."""
    shared = tuple(sorted(thing.codes & candidate.codes))
    if candidate.gone or _excluded(candidate) or (not shared and _other_code(thing, candidate)):
        return None
    names = tuple(_same_names(thing.names, candidate.names))
    fitting = _fitting(thing.kind, candidate)
    place = next((name for each, name in candidate.places.items() if each in thing.places), "")
    says = _says_place(thing, candidate)
    if thing.places and candidate.places and not place:
        return None
    score = sum(_NAMES[one.language, one.first, other.first] for one, other in names) + _CODE * bool(shared) + _TYPE * bool(fitting)
    score += _PLACE * bool(place or says)
    astray = bool(candidate.places) and not thing.places
    sure = bool(shared) or (bool(fitting) and not astray and _placed(thing, place or says, names))
    evidence = (
        *(Evidence(f"名称“{other.text}”", f"the name “{other.text}”") for _, other in names),
        *(Evidence(f"{scheme} 代码 {code}", f"{scheme} code {code}") for scheme, code in shared),
        *((Evidence(f"类型“{fitting}”", f"the type “{fitting}”"),) if fitting else ()),
        *((Evidence(f"位于“{place}”", f"it lies in “{place}”"),) if place else ()),
    )
    exact = sure and (bool(shared) or thing.kind not in _CONCEPTS)
    return Proposal(thing, candidate.target, exact, round(min(score, 1.0 if sure else _UNSURE), 2), evidence, shared)


def _placed(thing: Thing, place: str, names: Sequence[tuple[Name, Name]]) -> bool:
    """Whether what tells a thing of this kind from its namesakes is there."""
    languages = {one.language for one, other in names if one.first or other.first}
    if thing.kind in _LOCATED or thing.places:
        return bool(place)
    return languages == {"zh", "en"}


def _excluded(candidate: Candidate) -> bool:
    words = tuple(never())
    return any(said_of(name, words) for name in candidate.types)


def _other_code(thing: Thing, candidate: Candidate) -> bool:
    """Whether both have codes of one register, and not the same."""
    return bool({scheme for scheme, _ in thing.codes} & {scheme for scheme, _ in candidate.codes})


def _same_names(ours: Sequence[Name], theirs: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """The best pair of equal names in each language."""
    for language in ("zh", "en"):
        pairs = [
            (one, other)
            for one in ours
            for other in theirs
            if one.language == other.language == language and key(one.text) == key(other.text)
        ]
        if pairs:
            yield max(pairs, key=lambda pair: (_NAMES[language, pair[0].first, pair[1].first], pair[1].text))


def _fitting(kind: str, candidate: Candidate) -> str:
    """The type that a thing of this kind may have, empty where there is none."""
    rule, words = kinds()[kind]
    return next((name for name in (*candidate.types, *candidate.above) if fits(name, rule, words)), "")


def _says_place(thing: Thing, candidate: Candidate) -> str:
    """The place that a name of both holds: 上海市 in 上海市黄浦区, or in the full name of an office."""
    ours = {key(name.text) for name in thing.names}
    for text in (key(name.text) for name in candidate.names):
        for place in sorted(thing.places, key=len, reverse=True) if text in ours else ():
            if len(place) > 1 and place in text and place != text:
                return place
    return ""
