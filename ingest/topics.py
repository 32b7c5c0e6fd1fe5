"""The topics that the words of a task show, and the classes of government information that it stands in by their weight.

The words are those of ``ontology/vocabulary/topics.csv``. Names of public bodies are no topics: 县教育局 says who does it, not what.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind
from pyoxigraph import NamedNode

import ontology
from ingest.dictionary_matcher import comparable, spans
from ontology.subjects import topic_node, values
from ontology.subjects import topics as topic_rows

_NEAR = 0.75
"""The part of the highest weight that another class of a task must have to count."""
ASIDE = 0.5
"""What a word counts that says who acts, or that stands in a target: the text of the task says what it is about."""
_FIELDS = re.compile(
    r"(?P<list>[^,。;:、()]{2,16}(?:、[^,。;:、()]{2,12}){1,20}?)"
    r"(?:等?[^,。;:、等]{0,4}?(?P<fields>领域|行业|产业链|产业|方面|制造业|场所|部位|区域|环节|路段)|等)(?P<after>[^,。;]{0,4})"
)
"""Fields in a row, 在钢铁、化工、建材等领域: where something is done, not what. In 发展集成电路、生物医药等产业 they are what is done."""
_WHERE = re.compile(r"(?<![现存所旨])在|[对基]于|面向|针对|围绕|聚焦|结合|根据")
_ITSELF = re.compile(r"(?:高质量)?(?:发展(?!需)|建设|集聚|集群|壮大|创新|提升|升级|$)")
_WHO = re.compile(r"(?:类|服务|国际|行业|专业)?(?:机构|企业|公司|国企|单位|组织|院所)")
_OPEN = frozenset(
    {
        "association",
        "cross-function-office",
        "customs",
        "hospital",
        "local-government",
        "party-committee",
        "research-institute",
        "state-enterprise",
        "subdistrict",
        "township",
        "university",
        "village-community",
        "zone-committee",
    }
)
"""Functions whose patterns take any words before them: they are read in cells of units, not in running text."""
_BUILT = "(?!(?:整体|异地)?(?:迁建|新建|扩建|改扩建|改建|项目|大楼|业务用房|新院区))"
"""A body whose house is built is what the task is about: 县疾控中心迁建, 建成市疾控中心."""
_BUILDING = re.compile(r"(?:新建|建成|建设|迁建|改建|扩建)[省市县区州旗]?$")
_HIDDEN = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A word that shows a topic, from ``start`` to ``end`` of a text."""

    start: int
    end: int
    form: str
    topic: NamedNode
    share: float = 1.0
    """What it counts of the weight of its topic: less where it says who acts, or stands in a row of fields."""


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics by their words; what each weighs, and the subject class that it stands in (its code)."""

    owners: tuple[NamedNode | None, ...]
    """Of each word of the automaton; None where it is a guard phrase alone."""
    guarded: Mapping[int, frozenset[NamedNode]]
    """Of each guard phrase of the automaton the topics whose words inside it show nothing."""
    forms: tuple[str, ...]
    weights: Mapping[NamedNode, float]
    classes: Mapping[NamedNode, str]
    automaton: AhoCorasick

    def find(self, text: str) -> Iterator[TopicMatch]:
        """The words of topics in a text, in their order; of those that overlap the longest counts, and the first of equals.

        A word inside a guard phrase of its topic or the name of a public body shows nothing: 粮食安全责任 is no 安全责任 and is 粮食.
        """
        words = without_bodies(comparable(text))
        found = tuple(spans(self.automaton, words))
        guards = [(start, end, self.guarded[index]) for start, end, index in found if index in self.guarded]
        taken: list[tuple[int, int, int]] = []
        for start, end, index in sorted(found, key=lambda each: (each[0] - each[1], each[0])):
            owner = self.owners[index]
            guarded = any(left <= start and end <= right and owner in topics_ for left, right, topics_ in guards)
            if owner is not None and not guarded and not any(start < right and left < end for left, right, _ in taken):
                taken.append((start, end, index))
        shares = _shares(words, [(start, end) for start, end, _ in taken])
        for start, end, index in sorted(taken):
            topic = self.owners[index]
            if topic is not None:
                yield TopicMatch(start, end, self.forms[index], topic, shares[start])

    def subject_classes(self, found: Iterable[tuple[NamedNode, str, float]]) -> Iterator[tuple[str, frozenset[NamedNode]]]:
        """The codes of the subject classes that topics, each with the word that shows it and its share, weigh most for; and those topics.

        A word counts once, by its largest share; a second word of a topic half. Weights are added within a class of the first level; of its
        subclasses the heaviest is meant.
        """
        narrow: defaultdict[str, float] = defaultdict(float)
        wide: defaultdict[str, float] = defaultdict(float)
        shown: defaultdict[str, set[NamedNode]] = defaultdict(set)
        shares: defaultdict[NamedNode, dict[str, float]] = defaultdict(dict)
        for topic, form, share in found:
            shares[topic][form] = max(share, shares[topic].get(form, 0.0))
        for topic, forms in shares.items():
            code = self.classes.get(topic)
            if code:
                weight = self.weights[topic] * (max(forms.values()) * (1 - ASIDE) + sum(forms.values()) * ASIDE)
                narrow[code] += weight
                wide[code[:2]] += weight
                shown[code].add(topic)
        most = max(wide.values(), default=0.0)
        for top in (code for code, weight in wide.items() if weight >= _NEAR * most):
            best = max((code for code in narrow if code[:2] == top), key=lambda code: narrow[code])
            yield best, frozenset(shown[best])


def _shares(words: str, places: Sequence[tuple[int, int]]) -> Mapping[int, float]:
    """What the words at these places of a text count, by where they start.

    >>> _shares("在钢铁、化工等领域推行碳认证", [(1, 3), (4, 6), (11, 14)])
    {1: 0.25, 4: 0.25, 11: 1.0}
    >>> _shares("支持养老机构发展", [(2, 4)]), _shares("发展钢铁、化工等产业", [(2, 4), (5, 7)])
    ({2: 0.5}, {2: 1.0, 5: 1.0})
    """
    shares = {start: ASIDE if _WHO.match(words, end) or words[:end].endswith("机构") else 1.0 for start, end in places}
    for row in _FIELDS.finditer(words):
        fields = [start for start, end in places if row.start("list") <= start and end <= row.end("list")]
        aside = _WHERE.search(row["list"].partition("、")[0]) or (row["fields"] and not _ITSELF.match(row["after"]))
        if fields and aside:
            shares |= {start: ASIDE / len(fields) for start in fields}
    return shares


@cache
def _bodies() -> re.Pattern[str]:
    names = (f"(?:{row['regex']})" for row in ontology.functions() if row["regex"] and row["function"] not in _OPEN)
    return re.compile(f"(?:{'|'.join(names)}){_BUILT}")


def without_bodies(text: str) -> str:
    """A text in which the names of public bodies are hidden, of the same length.

    >>> without_bodies("由县教育局牵头").count("\N{OBJECT REPLACEMENT CHARACTER}"), without_bodies("发展教育事业")
    (3, '发展教育事业')
    """

    def hidden(found: re.Match[str]) -> str:
        built = _BUILDING.search(text[max(0, found.start() - 3) : found.start()])
        return found[0] if built else _HIDDEN * len(found[0])

    return _bodies().sub(hidden, text)


@cache
def topics() -> Topics:
    """The topics of the vocabulary."""
    rows = tuple(topic_rows())
    owners = {comparable(word): topic_node(row) for row in rows for word in (row["zh"], *values(row, "aliases"))}
    guards: defaultdict[str, set[NamedNode]] = defaultdict(set)
    for row in rows:
        own = {comparable(word) for word in (row["zh"], *values(row, "aliases"))}
        for phrase in map(comparable, values(row, "guard_phrases")):
            # A phrase that holds no word of its own topic guards against the words of all others.
            guards[phrase] |= {topic_node(row)} if any(word in phrase for word in own) else set(owners.values())
    forms = tuple(sorted(owners.keys() | guards.keys()))
    return Topics(
        owners=tuple(owners.get(form) for form in forms),
        guarded={index: frozenset(guards[form]) for index, form in enumerate(forms) if form in guards},
        forms=forms,
        weights={topic_node(row): float(row["weight"]) for row in rows},
        classes={topic_node(row): row["subject_class"] for row in rows},
        automaton=AhoCorasick(list(forms), matchkind=MatchKind.Standard),
    )
