"""A made-up data set in the shape of Wikidata, asked for links over HTTP -> how many proposals are right, and how many links were found.

python -m benchmarks.linking [--seeds 1 2 3] [--things 300] [--threshold 0.8] [--wrong]

Each thing of ours has an item with what such items have and lack: labels in variants of Chinese, English ones that are worded otherwise,
types with their superclasses, or a type nobody foresaw, or none, places, codes. To a tenth of them traps are added, half of them in place
of the item: a namesake of another type, in another province, at another level, a near name, an abbreviation, a page of disambiguation, a
body that is no more. Everything is drawn by the seed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from opencc import OpenCC
from pyoxigraph import Literal, NamedNode, Quad

import ontology
from api.publication.publish import knowledge
from graph.links.candidates import looked_up
from graph.links.endpoint import Endpoint, Manners
from graph.links.proposals import THRESHOLD, Proposal, proposals
from graph.links.things import Thing, things
from graph.store.embedded_store import Store
from graph.store.snapshot import Snapshots
from ontology.names import GRAPH, RDFS, SKOS
from tests.conformance.service import running

ITEM = "http://www.wikidata.org/entity/Q"
_DIRECT = "http://www.wikidata.org/prop/direct/P"
_FIRST = 9_000_000_000
"""No item of Wikidata has such a number."""
WORLD = NamedNode("http://example.org/world")

_TYPES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "District": (("district of China", "市辖区", "county-level division"), ("municipal district", "市辖区 (中国)", "")),
    "Region": (("province of China", "省", "administrative territorial entity"), ("sovereign state", "主权国家", "country")),
    "Zone": (("industrial park", "工业园区", "business park"), ("special economic zone", "经济特区", ""), ("town of China", "镇", "")),
    "DistrictGovernment": (
        ("local government", "地方政府", "government"),
        ("county-level people's government", "县级人民政府", "people's government"),
    ),
    "Agency": (
        ("government agency", "政府机构", "organization"),
        ("municipal commission of Shanghai", "上海市政府组成部门", "government agency"),
        ("customs office", "海关", "government agency"),
    ),
    "Organisation": (
        ("international organization", "国际组织", "organization"),
        ("research institute", "研究所", "organization"),
        ("standards organization", "标准组织", "organization"),
        ("company", "公司", "organization"),
    ),
    "Industry": (
        ("industry", "行业", "economic sector"),
        ("economic sector", "经济部门", ""),
        ("branch of engineering", "工程学分支", "academic discipline"),
    ),
    "Theme": (("concept", "概念", ""), ("academic discipline", "学科", "field of work")),
    "Technology": (("technology", "技术", ""), ("type of device", "装置类型", "device"), ("measurement method", "测量方法", "method")),
    "Instrument": (
        ("technical standard", "技术标准", "standard"),
        ("certification mark", "认证标志", "certification"),
        ("policy", "政策", ""),
    ),
    "Programme": (("program", "计划", ""), ("government initiative", "政府倡议", "initiative")),
    "Platform": (("research center", "研究中心", "research institute"), ("online platform", "在线平台", "platform")),
    "Event": (("recurring event", "定期活动", "event"), ("trade fair", "博览会", "exhibition")),
}
"""For each class of ours the types of its items: in English, in Chinese, and what they are kinds of."""
_STRANGE = (("facet", "面"), ("work in progress", "在建工程"), ("class used in a project", "项目用类"))
"""Types that say nothing."""
_OTHER = (
    ("metro station", "地铁站"),
    ("film", "电影"),
    ("river", "河流"),
    ("album", "音乐专辑"),
    ("newspaper", "报纸"),
    ("human settlement", "聚落"),
    ("school district", "学区"),
    ("historic district", "历史街区"),
    ("building", "建筑物"),
    ("human", "人类"),
)
_LOWER = (
    ("subdistrict of China", "街道"),
    ("town of China", "镇"),
    ("township of China", "乡"),
    ("former county of China", "已撤销的县"),
    ("city", "城市"),
)
_ELSEWHERE = (("浙江省", "Zhejiang", "33"), ("黑龙江省", "Heilongjiang", "23"), ("辽宁省", "Liaoning", "21"), ("北京市", "Beijing", "11"))
_LOCATED = ("District", "Zone", "DistrictGovernment", "Agency")
_TRAPS = ("other type", "other province", "near name", "abbreviation", "disambiguation", "other level", "no more")


@dataclass(frozen=True, slots=True)
class World:
    """A data set, and what is right about it."""

    quads: tuple[Quad, ...]
    truth: Mapping[str, str]
    """Our things with their items."""
    traps: Mapping[str, str]
    """Items that are no counterpart of any, with why."""


class _Maker:
    """Writes items, one after the other."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.quads: list[Quad] = []
        self._number = _FIRST
        self._named: dict[tuple[str, str], str] = {}
        self.traditional: Callable[[str], str] = OpenCC("s2t").convert

    def item(self) -> str:
        self._number += self.random.randint(1, 50)
        return f"{ITEM}{self._number}"

    def say(self, item: str, property: NamedNode | int, value: NamedNode | Literal | str) -> None:
        predicate = property if isinstance(property, NamedNode) else NamedNode(f"{_DIRECT}{property}")
        self.quads.append(Quad(NamedNode(item), predicate, NamedNode(value) if isinstance(value, str) else value, WORLD))

    def labels(self, item: str, zh: str, en: str) -> None:
        if zh:
            tag = self.random.choice(("zh", "zh", "zh-hans", "zh-cn"))
            self.say(item, RDFS["label"], Literal(zh, language=tag))
            if self.random.random() < 0.3:
                self.say(item, RDFS["label"], Literal(self.traditional(zh), language="zh-hant"))
        if en:
            self.say(item, RDFS["label"], Literal(en, language="en"))

    def named(self, en: str, zh: str, above: str = "") -> str:
        """The item of a type or a place, made once."""
        if (en, zh) not in self._named:
            item = self._named[en, zh] = self.item()
            self.labels(item, zh, en)
            if above:
                self.say(item, 279, self.named(above, ""))
        return self._named[en, zh]

    def chance(self, of: float) -> bool:
        return self.random.random() < of


def world(ours: Sequence[Thing], seed: int, count: int = 300) -> World:
    """A data set with items for so many of our things, and traps for a tenth of them."""
    maker = _Maker(seed)
    fitting = [thing for thing in ours if thing.kind in _TYPES and _name(thing, "zh")]
    chosen = maker.random.sample(fitting, min(count, len(fitting)))
    trapped = maker.random.sample(chosen, max(len(_TRAPS), len(chosen) // 10))
    truth: dict[str, str] = {}
    traps: dict[str, str] = {}
    for place, thing in enumerate(chosen):
        # Every second trap stands alone: no better candidate is there to outdo it.
        if thing not in trapped or trapped.index(thing) % 2:
            truth[thing.node.value] = _counterpart(maker, thing)
        if thing in trapped:
            why = _TRAPS[trapped.index(thing) % len(_TRAPS)]
            traps[_trap(maker, thing, why)] = why
        if place % 3 == 0:
            _bystander(maker)
    return World(tuple(maker.quads), truth, traps)


def _name(thing: Thing, language: str, *, first: bool = True) -> str:
    return next((name.text for name in thing.names if name.language == language and name.first == first), "")


def _counterpart(maker: _Maker, thing: Thing) -> str:
    item = maker.item()
    en = _name(thing, "en") if maker.chance(0.7) else _name(thing, "en", first=False) or _name(thing, "en")
    if maker.chance(0.08):
        en = f"{en} (Shanghai)" if maker.chance(0.5) else f"the so-called {en}"
    maker.labels(item, _name(thing, "zh"), en if maker.chance(0.85) else "")
    for name in thing.names:
        if not name.first and maker.chance(0.4):
            maker.say(item, SKOS["altLabel"], Literal(name.text, language=name.language))
    _typed(maker, item, thing)
    _placed(maker, item, thing, 0.85)
    for scheme, code in sorted(thing.codes):
        if scheme == "GB/T 2260" and maker.chance(0.5):
            maker.say(
                item, 442, Literal(" ".join(code[start : start + 2] for start in (0, 2, 4) if code[start:] != "00" * (3 - start // 2)))
            )
        if scheme == "ROR" and maker.chance(0.5):
            maker.say(item, 6782, Literal(code.lower()))
    return item


def _typed(maker: _Maker, item: str, thing: Thing) -> None:
    drawn = maker.random.random()
    if drawn < 0.07:
        maker.say(item, 31, maker.named(*maker.random.choice(_STRANGE)))
    elif drawn < 0.95:
        maker.say(item, 31, maker.named(*maker.random.choice(_TYPES[thing.kind])))


def _placed(maker: _Maker, item: str, thing: Thing, likely: float) -> None:
    shanghai = maker.named("Shanghai", "上海市")
    china = maker.named("People's Republic of China", "中华人民共和国")
    if thing.kind in _LOCATED and maker.chance(likely):
        maker.say(item, 131 if thing.kind in ("District", "Zone") else 1001, shanghai)
    if maker.chance(0.8):
        maker.say(item, 17, china)
    if maker.chance(0.1):
        maker.say(shanghai, 131, china)


def _trap(maker: _Maker, thing: Thing, why: str) -> str:
    """An item that looks like the thing and is another."""
    item, zh, en = maker.item(), _name(thing, "zh"), _name(thing, "en")
    types = _TYPES[thing.kind]
    if why == "other province":
        province, its_name, code = maker.random.choice(_ELSEWHERE)
        maker.labels(item, zh, en)
        maker.say(item, 31, maker.named(*types[0]))
        maker.say(item, 131, maker.named(its_name, province))
        if maker.chance(0.5):
            maker.say(item, 442, Literal(f"{code} 01 0{maker.random.randint(1, 9)}"))
    elif why == "near name":
        place = maker.random.randrange(len(zh))
        maker.labels(item, zh[:place] + maker.random.choice("东西南北新大") + zh[place + 1 :], en)
        maker.say(item, 31, maker.named(*types[0]))
    elif why == "abbreviation":
        short = _name(thing, "zh", first=False) or zh[:2]
        maker.labels(item, f"杭州市{short}", "")
        maker.say(item, SKOS["altLabel"], Literal(short, language="zh"))
        maker.say(item, SKOS["altLabel"], Literal(_name(thing, "en", first=False) or en[:4], language="en"))
        maker.say(item, 31, maker.named(*types[0]))
    else:
        maker.labels(item, zh, en)
        kinds = {"other type": _OTHER, "other level": _LOWER, "disambiguation": (("Wikimedia disambiguation page", "维基媒体消歧义页"),)}
        maker.say(item, 31, maker.named(*maker.random.choice(kinds.get(why, types))))
        _placed(maker, item, thing, 0.85)
        if why == "no more":
            maker.say(item, 576, Literal("2018-11-01T00:00:00Z", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")))
    return item


def _bystander(maker: _Maker) -> None:
    """An item that has nothing to do with us."""
    item = maker.item()
    maker.labels(item, f"某地{maker.random.randrange(10**6)}号", f"Somewhere no. {maker.random.randrange(10**6)}")
    maker.say(item, 31, maker.named(*maker.random.choice(_OTHER)))


@dataclass(frozen=True, slots=True)
class Score:
    """What came of a run."""

    proposed: int
    right: int
    there: int
    """How many links there are to be found."""
    wrong: Mapping[str, int]
    """Wrong proposals by the trap that they fell into."""

    @property
    def precision(self) -> float:
        """The part of the proposals that is right."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """The part of the links that was proposed."""
        return self.right / self.there


def score(made: Sequence[Proposal], of: World) -> Score:
    """Compares proposals with what is right."""
    right = [each for each in made if of.truth.get(each.thing.node.value) == each.target]
    wrong = Counter(of.traps.get(each.target, "another item") for each in made if each not in right)
    return Score(len(made), len(right), len(of.truth), wrong)


def publish(quads: Sequence[Quad], folder: Path) -> None:
    """Makes a data set that a service can serve."""
    with Snapshots(folder).draft() as draft:
        draft.add(quads)


def vocabulary_quads() -> Iterator[Quad]:
    """Our things, as a snapshot has them."""
    known = knowledge()
    parts = (("vocabulary", known.triples), ("inferred/vocabulary", known.background.inferred), ("links", tuple(ontology.links())))
    for graph, triples in parts:
        yield from (Quad(triple.subject, triple.predicate, triple.object, GRAPH[graph]) for triple in triples)


def main() -> None:
    """Prints the figures of each seed, and of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--things", type=int, default=300)
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--wrong", action="store_true", help="print what was proposed and is wrong")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        publish(tuple(vocabulary_quads()), Path(scratch) / "ours")
        with Snapshots(Path(scratch) / "ours").reading() as current:
            assert current is not None
            ours = things(Store.open(current.path))
        scores = []
        for seed in given.seeds:
            made = world(ours, seed, given.things)
            publish(made.quads, Path(scratch) / f"world-{seed}")
            with running(Path(scratch) / f"world-{seed}") as service:
                endpoint = Endpoint(f"{service.url}/sparql", Manners(rate=100.0))
                found = proposals(looked_up(ours, endpoint), given.threshold)
            one = score(found, made)
            scores.append(one)
            print(
                f"seed {seed}: {len(made.quads):,} triples, {len(made.truth)} links, {len(made.traps)} traps, {endpoint.requests} requests",
                f"{one.proposed} proposed, {one.right} right: precision {one.precision:.3f}, recall {one.recall:.3f}",
                f"wrong {dict(one.wrong)}",
                sep="; ",
                flush=True,
            )
            for each in found if given.wrong else ():
                if made.truth.get(each.thing.node.value) != each.target:
                    said = "; ".join(evidence.en for evidence in each.evidence)
                    print(f"  {each.score:.2f} {each.thing.node.value} {each.target} {made.traps.get(each.target, '')}: {said}")
        proposed, right, there = (sum(getattr(one, name) for one in scores) for name in ("proposed", "right", "there"))
        print(f"all: precision {right / max(1, proposed):.3f}, recall {right / there:.3f}")


if __name__ == "__main__":
    main()
