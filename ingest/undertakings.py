"""The words of a commitment -> with which force it is promised, whether it is new, who acts, for whom and where; each with its words.

Nothing is said where the words do not say it. The column of responsible units is no source here: in 浦东新区认定…, 徐汇区推出… each
district acts for itself, whichever unit comes first in the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import NamedNode

from ingest.fields.folding import fold
from ingest.milestones import clauses
from ingest.model.document import Text
from ingest.vocabulary import Vocabulary
from ontology import terms

_STOPS = re.compile(r"[。;!?\n]")
_JOINED = re.compile(r"[、和与及]|以及|,?会同|联合")
"""What stands between two who act together."""
_BEFORE = re.compile(
    r"(?:其中|同时|此外)?,?(?:(?:持续|继续|积极|进一步|充分|主动|大力)*(?:支持|鼓励|推动|推进|引导|指导|组织|督促|要求|协助|帮助|协调|由)"
    r"(?:各|相关|有关|符合条件的|更多)*)?"
)
"""All that may stand between the beginning of a clause and the one who acts."""
_OTHERS = r"(?:等[一-龥]{0,6}?(?:企业|机构|单位|区域|部门|地区|县市|区|县|市)|等)?"
_WILL = (
    r"(?:共同|联合|分别|要|应|将|计划|拟|力争|持续|继续|积极|进一步|常态化|主动|自主|率先|协同|牵头|负责"
    r"|结合[^,。;]{2,30}?(?=推进|开展|新)|新)*"
)
_ALONE = "因地制宜"
"""A verb phrase that needs no more: 鼓励各区因地制宜."""
_PREPOSITIONS = "在|结合|依托|根据|按照|聚焦|围绕|规划|认定"
_AGENTS = frozenset({terms.Agency, terms.DistrictGovernment, terms.CollectiveUnit, terms.Organisation, terms.Platform})
_PLACES = frozenset({terms.District, terms.Region, terms.Zone, terms.Place, terms.Industry})
"""What limits an undertaking: an industry or a place."""
_SUPPORT = re.compile(r"(?:持续|继续|积极|进一步|主动|同时|并|充分|培育|大力|重点|其中)*(?:支持|鼓励|引导|帮助|助力|扶持|奖励|资助|倡导)")
_FOR = re.compile(r"(?:为|向|对|给)(?P<whom>[^,。;“”]{2,60}?)(?:提供|予以|给予|宣贯)")
_CUT = re.compile(r"围绕|依托|结合|聚焦|通过|将|把|在|以(?!及)|使用|积极|主动|申报|申请|参与|加入|享受|获得|取得")
"""Where the words for who is supported end and those for what they do begin."""
_SCOPE = re.compile(r"(?:在|面向|围绕|针对|聚焦)(?P<what>[^,。;]{2,80}?)(?:领域|行业|产业链|区域|地区|范围内|范围|产业(?=,))")
_LEAD = re.compile(
    r"(?:持续|继续|积极|全面|进一步|深入|着力|稳步|有序|及时|适时|努力|力争|计划|拟|争取(?=完成|建成|实现)|年内|全年|今年|年底前?|[上下]半年|其中|同时|并"
    r"|(?:20\d\d年)?(?:第?[一二三四]季度[末前]?|\d{1,2}月(?:[底末]|[上中下]旬|\d{1,2}日)?之?前?)|20\d\d年(?:底前?)?"
    r"|联合|牵头|会同|协同|共同|充分|切实|扎实|率先|主动|大力|重点|靶向|快速|公平|定期|延续|常态化|按规定|细化(?=完善)|扎实|稳慎(?!研究)|依法|不断"
    r"|在[^,。;]{1,60}?(?:领域|行业|区域|方面|基础上|过程中|等地|范围内|工作中)"
    r"|(?:为|向|对|给|针对)[^,。;]{2,60}?(?=提供|予以支持|加强|推荐|开展)"
    r"|(?:结合|根据|按照|依托|围绕|面向|针对|聚焦|通过)[^,。;]{2,60}?(?:领域|要求|基础|需求|平台|工作|特点|特色|重点(?!产业)|产业链|行业)"
    r")"
)


class Spanned(Protocol):
    """What is found in a part of a task: its offsets in the clean value of the part, and its words."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> Text: ...


class Referring(Spanned, Protocol):
    """Words that refer to a thing."""

    @property
    def thing(self) -> NamedNode: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A fact about a commitment and its words; it holds of what stands between ``begin`` and ``until`` of the part."""

    predicate: NamedNode
    value: NamedNode
    part: str
    text: Text
    begin: int
    until: int


@dataclass(frozen=True, slots=True)
class _Read:
    """One commitment being read: its words, folded and as printed, and where those who act begin and end."""

    folded: str
    text: Text
    part: str
    known: Vocabulary
    acting: Mapping[int, int]

    def said(self, predicate: NamedNode, value: NamedNode, span: tuple[int, int], holds: tuple[int, int]) -> Said:
        """A fact stated by the words of ``span`` that holds within ``holds``."""
        return Said(predicate, value, self.part, self.text[span[0] : span[1]], *holds)


def said(text: Text, part: str, mentions: Sequence[Referring], known: Vocabulary, units: Mapping[str, NamedNode]) -> Iterator[Said]:
    """What the words of one commitment say beside its object; ``units`` are the printed units of the task, by name, folded."""
    folded = fold(text.value)
    acting = list(_actors(folded, text, mentions, known, units))
    read = _Read(folded, text, part, known, {group[0][0].start: group[-1][0].end for group, _ in acting})
    for group, until in acting:
        for mention, node in group:
            yield Said(terms.actor, node, part, mention.text, group[0][0].start, until)
    for clause in clauses(folded):
        yield from _forces(read, clause)
        yield from _beneficiaries(read, clause)
    yield from _scopes(read, mentions)
    yield from _novelties(read)


def _scopes(read: _Read, mentions: Sequence[Referring]) -> Iterator[Said]:
    """What words such as 在…领域 limit: all of the sentence where they begin it or stand before a comma, else their own clause; in
    率先在…行业编制规则,完成20个… the figure is not limited."""
    for match in _SCOPE.finditer(read.folded):
        alone = read.folded.startswith(",", match.end()) or read.folded[: match.start()].endswith(tuple("。;!?\n")) or not match.start()
        holds = match.start(), _sentence_end(read.folded, match.end()) if alone else _clause_end(read.folded, match.end())
        for mention in mentions:
            if match.start("what") <= mention.start and mention.end <= match.end() and _limits(read.known, mention.thing):
                yield read.said(terms.scope, mention.thing, match.span(), holds)


def _novelties(read: _Read) -> Iterator[Said]:
    """What goes on and what is new; help for new firms is not new for that: 对…新建重点项目、首次升规企业等予以支持."""
    served = [match.span() for match in _FOR.finditer(read.folded)]
    for at, word, node in read.known.markers[terms.NoveltyKind].find(read.folded):
        if not any(a <= at < b for a, b in served):
            yield read.said(terms.novelty, node, (at, at + len(word)), (at, len(read.folded)))


def _limits(known: Vocabulary, thing: NamedNode) -> bool:
    curated = known.things.get(thing)
    return curated.class_ in _PLACES if curated is not None else "/place/" in thing.value


def _actors(
    folded: str, text: Text, mentions: Sequence[Referring], known: Vocabulary, units: Mapping[str, NamedNode]
) -> Iterator[tuple[list[tuple[Referring, NamedNode]], int]]:
    """Those who act, each group with the place up to which it acts: the end of its sentence or the next who acts."""
    every = [*mentions, *_collectives(folded, text, units)]
    able = [(mention, node) for mention in every if (node := _agent(mention, known, units)) is not None]
    groups: list[list[tuple[Referring, NamedNode]]] = []
    for mention, node in sorted(able, key=lambda pair: (pair[0].start, -pair[0].end)):
        last = groups[-1][-1][0] if groups else None
        if last is not None and mention.start < last.end:
            continue
        if last is not None and _JOINED.fullmatch(folded[last.end : mention.start]):
            groups[-1].append((mention, node))
        else:
            groups.append([(mention, node)])
    verbs = _verbs(known)
    bounds = list(clauses(folded))
    acting = [group for group in groups if _acts(folded, group, bounds, verbs)]
    for i, group in enumerate(acting):
        end = _sentence_end(folded, group[-1][0].end)
        yield group, min(end, acting[i + 1][0][0].start) if i + 1 < len(acting) else end


@dataclass(frozen=True, slots=True)
class _Named:
    """A collective name in running text, which is no mention: 各区, 相关区."""

    start: int
    end: int
    text: Text
    thing: NamedNode


def _collectives(folded: str, text: Text, units: Mapping[str, NamedNode]) -> Iterator[_Named]:
    for name, node in units.items():
        if "/collective/" in node.value:
            for match in re.finditer(re.escape(name), folded):
                yield _Named(match.start(), match.end(), text[match.start() : match.end()], node)


def _agent(mention: Referring, known: Vocabulary, units: Mapping[str, NamedNode]) -> NamedNode | None:
    """Who acts under a name: a body itself, a district by its government, another place if it is a unit of the task."""
    thing = known.things.get(mention.thing)
    if isinstance(mention, _Named):
        return mention.thing
    if mention.thing in known.governments:
        return known.governments[mention.thing]
    if thing is not None and thing.class_ in _AGENTS:
        return mention.thing
    return units.get(fold(mention.text.value)) if thing is None or thing.class_ in _PLACES else None


def _verbs(known: Vocabulary) -> re.Pattern[str]:
    words = known.markers[terms.ModalForce].sure
    return re.compile(rf"{_OTHERS}{_WILL}(?:(?:{words})(?![,。;、的]|工作|$)[^,。;]{{2}}|(?:{_PREPOSITIONS})[^,。;]|{_ALONE})")


def _acts(folded: str, group: Sequence[tuple[Referring, NamedNode]], bounds: Sequence[tuple[int, int]], verbs: re.Pattern[str]) -> bool:
    """Whether a clause begins with the group, after words that only bid it act, and a verb follows: 支持金山区建设…能力, not 中心建设."""
    first, last = group[0][0].start, group[-1][0].end
    clause = next(((start, end) for start, end in bounds if start <= first < end), None)
    return (
        clause is not None and _BEFORE.fullmatch(folded, clause[0], first) is not None and verbs.match(folded, last, clause[1]) is not None
    )


def _sentence_end(folded: str, place: int) -> int:
    stop = _STOPS.search(folded, place)
    return stop.start() if stop is not None else len(folded)


def _clause_end(folded: str, place: int) -> int:
    return next((end for start, end in clauses(folded) if start <= place <= end), len(folded))


def _forces(read: _Read, clause: tuple[int, int]) -> Iterator[Said]:
    """The force of the verb with which a clause begins, after those who act and the words that say how and where."""
    place, end = clause
    others, forces = re.compile(_OTHERS), read.known.markers[terms.ModalForce]
    while place < end:
        if place in read.acting:
            place = read.acting[place]
            met = others.match(read.folded, place, end)
            place = met.end() if met is not None else place
        found = forces.first(read.folded, place)
        lead = _LEAD.match(read.folded, place, end)
        if found is not None and (lead is None or lead.end() - place <= len(found)):
            node = forces.nodes[found]
            if node is not None:
                yield read.said(terms.modality, node, (place, place + len(found)), (place, end))
            return
        if lead is None or lead.end() == place:
            return
        place = lead.end()


def _beneficiaries(read: _Read, clause: tuple[int, int]) -> Iterator[Said]:
    """Whom a clause supports, encourages or serves: the parties named between 支持 and what they are to do, or in 为…提供."""
    start, end = clause
    kinds = read.known.markers[terms.BeneficiaryKind]
    windows = [match.span("whom") for match in _FOR.finditer(read.folded, start, end)]
    support = _SUPPORT.match(read.folded, read.acting.get(start, start), end)
    if support is not None:
        cuts = re.compile(f"{_CUT.pattern}|{read.known.markers[terms.ModalForce].sure}").finditer(read.folded, support.end(), end)
        named = [(at, at + len(word)) for at, word, _ in kinds.find(read.folded, support.end(), end)]
        # 国际组织 holds a verb and is a name.
        cut = next((cut.start() for cut in cuts if not any(a < cut.start() < b for a, b in named)), end)
        windows.append((support.end(), cut))
    for a, b in windows:
        for at, word, node in kinds.find(read.folded, a, b):
            yield read.said(terms.beneficiary, node, (at, at + len(word)), clause)
