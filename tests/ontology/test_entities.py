"""The curated vocabulary: names, units, districts, platforms, industries, themes and the way their words are read."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from re import findall, fullmatch

import pytest
from ahocorasick_rs import AhoCorasick, MatchKind
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "ontology"
FILES = sorted(
    [*(ROOT / "ontology" / "entities").glob("*.ttl"), *(ROOT / "ontology" / "schemes" / name for name in ("industries.ttl", "themes.ttl"))]
)
ID = "https://w3id.org/zhengce/id/"
ZC = "https://w3id.org/zhengce/def#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABELS = (f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}hiddenLabel", f"{ZC}contextLabel")
KINDS = {
    "Agency": "agency",
    "CollectiveUnit": "collective",
    "ConceptScheme": "scheme",
    "District": "district",
    "DistrictGovernment": "agency",
    "Event": "event",
    "Industry": "industry",
    "Instrument": "instrument",
    "Organisation": "organisation",
    "Platform": "platform",
    "Programme": "programme",
    "Region": "place",
    "Technology": "technology",
    "Theme": "theme",
    "Zone": "place",
}
# A coordinated name, a word that names a technology and the industry built on it, or one that has two themes.
SHARED = {
    "具身智能",
    "人形机器人",
    "第三代半导体",
    "车规级芯片",
    "标准计量",
    "海外并购",
    "具身智能、人工智能等产业计量测试中心",
    "民用航空发动机、海洋动力装备等国家产业计量测试中心",
}


@dataclass(frozen=True, slots=True)
class Words:
    forms: dict[str, frozenset[str]]
    objects: dict[tuple[str, str], tuple[str, ...]]

    def of(self, thing: str, name: str) -> tuple[str, ...]:
        return self.objects.get((thing, name), ())


def triples(files: list[Path]) -> Iterator[Triple]:
    for path in files:
        yield from parse(path=path, format=RdfFormat.TURTLE)


def value(term: object) -> str:
    assert isinstance(term, NamedNode | Literal)
    return term.value


def things() -> dict[str, str]:
    return {value(t.subject): value(t.object).rpartition("#")[2] for t in triples(FILES) if value(t.predicate) == TYPE}


@pytest.fixture(scope="module")
def classes() -> dict[str, str]:
    return things()


@pytest.fixture(scope="module")
def words() -> Words:
    forms: defaultdict[str, set[str]] = defaultdict(set)
    objects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for triple in triples(FILES):
        subject, name, term = value(triple.subject), value(triple.predicate), triple.object
        objects[subject, name].append(value(term))
        if subject.startswith(f"{ID}scheme/"):
            continue
        if name == f"{ZC}guardPhrase":
            forms[value(term)] |= set()
        if name in LABELS and isinstance(term, Literal) and (term.language == "zh" or len(term.value) > 3):
            forms[term.value].add(subject)
    return Words({form: frozenset(owners) for form, owners in forms.items()}, {key: tuple(items) for key, items in objects.items()})


def found(words: Words, text: str) -> set[str]:
    keys = list(words.forms)
    automaton = AhoCorasick(keys, matchkind=MatchKind.LeftmostLongest)
    return {owner for index, _, _ in automaton.find_matches_as_indexes(text) for owner in words.forms[keys[index]]}


def with_broader(words: Words, concepts: set[str]) -> set[str]:
    reached, waiting = set(concepts), list(concepts)
    while waiting:
        for broader in words.of(waiting.pop(), f"{SKOS}broader"):
            if broader not in reached:
                reached.add(broader)
                waiting.append(broader)
    return reached


def concepts(words: Words, text: str, kind: str) -> str:
    mentioned = found(words, text)
    belongs = {concept for thing in mentioned for concept in words.of(thing, f"{ZC}belongsTo{kind.capitalize()}")}
    named = {thing for thing in mentioned if thing.startswith(f"{ID}{kind}/")}
    return " ".join(sorted(concept.rpartition("/")[2] for concept in with_broader(words, belongs | named)))


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", rows("readings.tsv"), ids=lambda row: row["text"][:20])
def test_a_phrase_is_read_as_these_industries_and_themes(row: dict[str, str], words: Words) -> None:
    assert (concepts(words, row["text"], "industry"), concepts(words, row["text"], "theme")) == (row["industries"], row["themes"])


@pytest.mark.parametrize("row", rows("units.tsv"), ids=lambda row: row["printed"])
def test_a_printed_unit_has_one_bearer_with_this_full_name(row: dict[str, str], words: Words) -> None:
    bearers = [thing for (thing, name), names in words.objects.items() if name == f"{ZC}unitName" and row["printed"] in names]
    assert [words.of(bearer, LABELS[0])[0] for bearer in bearers] == [row["official"]]
    assert words.of(bearers[0], f"{ZC}sure") == (() if row["sure"] == "yes" else ("false",))


def test_every_thing_has_one_name_in_each_language(classes: dict[str, str]) -> None:
    names = Counter(
        (value(t.subject), t.object.language) for t in triples(FILES) if value(t.predicate) == LABELS[0] and isinstance(t.object, Literal)
    )
    assert names == Counter({(thing, language): 1 for thing in classes for language in ("zh", "en")})


def test_the_kind_in_an_iri_follows_the_class(classes: dict[str, str]) -> None:
    wrong = [thing for thing, name in classes.items() if not fullmatch(rf"{ID}{KINDS[name]}/[a-z0-9]+(-[a-z0-9]+)*", thing)]
    assert classes
    assert wrong == []


def test_no_form_is_a_single_character_or_padded(words: Words) -> None:
    assert [form for form in words.forms if len(form) < 2 or form != form.strip()] == []


def test_a_chinese_form_belongs_to_one_thing_unless_it_names_two(words: Words) -> None:
    shared = {form for form, owners in words.forms.items() if len(owners) > 1 and not form.isascii()}
    assert shared == SHARED


def test_no_thing_guards_against_its_own_name(words: Words) -> None:
    own = [(t, g) for (t, name), guards in words.objects.items() if name == f"{ZC}guardPhrase" for g in guards if t in words.forms[g]]
    assert own == []


def test_a_guard_phrase_is_longer_than_a_form_of_its_own_thing(words: Words) -> None:
    guards = [(thing, guard) for (thing, name), found in words.objects.items() if name == f"{ZC}guardPhrase" for guard in found]
    names = (*LABELS, f"{ZC}unitName")
    idle = [(t, g) for t, g in guards if not any(form in g and form != g for name in names for form in words.of(t, name))]
    assert guards
    assert idle == []


@pytest.mark.parametrize("row", rows("not-this.tsv"), ids=lambda row: row["text"])
def test_words_that_are_broader_or_other_than_a_thing_do_not_name_it(row: dict[str, str], words: Words) -> None:
    named = found(words, row["names"])
    assert f"{ID}{row['thing']}" in named
    assert f"{ID}{row['thing']}" not in found(words, row["text"])


def test_platforms_of_one_printed_kind_have_one_kind(words: Words, classes: dict[str, str]) -> None:
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for thing in (thing for thing, name in classes.items() if name == "Platform"):
        name = words.of(thing, LABELS[0])[0]
        printed = "中试平台" if "中试" in name and name.endswith("平台") else name.partition("（")[0][-2:]
        kinds[printed].add(words.of(thing, f"{ZC}platformKind")[0])
    assert {"中心", "平台", "联盟", "中试平台"} & set(kinds)
    assert {printed: found for printed, found in kinds.items() if len(found) > 1} == {}


def test_what_a_thing_points_to_is_described(classes: dict[str, str]) -> None:
    kinds = tuple(f"{ID}{kind}/" for kind in set(KINDS.values()))
    targets = {value(t.object) for t in triples(FILES) if isinstance(t.object, NamedNode) and t.object.value.startswith(kinds)}
    assert targets - set(classes) == set()


def test_industries_and_themes_form_no_cycle(words: Words, classes: dict[str, str]) -> None:
    scheme = [thing for thing, name in classes.items() if name in ("Industry", "Theme")]
    cyclic = [c for c in scheme if any(c in with_broader(words, {b}) for b in words.of(c, f"{SKOS}broader"))]
    tops = [c for c in scheme if bool(words.of(c, f"{SKOS}topConceptOf")) == bool(words.of(c, f"{SKOS}broader"))]
    assert scheme
    assert (cyclic, tops) == ([], [])


def test_sixteen_districts_have_codes_and_governments(words: Words, classes: dict[str, str]) -> None:
    districts = {thing for thing, name in classes.items() if name == "District"}
    codes = {words.of(district, f"{SKOS}notation")[0] for district in districts}
    governments = {thing: words.of(thing, f"{ZC}jurisdiction") for thing, name in classes.items() if name == "DistrictGovernment"}
    assert len(districts) == len(codes) == 16
    assert all(fullmatch("3101[0-9]{2}", code) for code in codes)
    assert {words.of(district, f"{ZC}within") for district in districts} == {(f"{ID}place/shanghai",)}
    assert sorted(governments.values()) == sorted((district,) for district in districts)
    assert set(words.of(f"{ID}collective/shanghai-districts", f"{ZC}hasMember")) == set(governments)


def test_the_districts_concerned_have_no_members(words: Words) -> None:
    assert words.of(f"{ID}collective/shanghai-districts-concerned", f"{ZC}hasMember") == ()


def test_a_district_name_in_running_text_is_the_district(words: Words) -> None:
    assert found(words, "浦东、静安、徐汇等区") == {f"{ID}district/{slug}" for slug in ("pudong", "jingan", "xuhui")}
    assert found(words, "浦东新区人民政府") == {f"{ID}agency/pudong-government"}


def test_an_uncertain_reading_says_why_in_both_languages() -> None:
    reasons: defaultdict[str, set[str | None]] = defaultdict(set)
    uncertain = set()
    for triple in triples(FILES):
        if value(triple.predicate) == f"{ZC}sure":
            uncertain.add(value(triple.subject))
        if value(triple.predicate) == f"{RDFS}comment" and isinstance(triple.object, Literal):
            reasons[value(triple.subject)].add(triple.object.language)
    assert uncertain
    assert {thing: reasons[thing] for thing in uncertain} == {thing: {"zh", "en"} for thing in uncertain}


def test_a_platform_has_a_kind_a_status_and_the_words_for_it(words: Words, classes: dict[str, str]) -> None:
    names = (f"{ZC}platformKind", f"{ZC}platformStatus")
    platforms = [thing for thing, name in classes.items() if name == "Platform"]
    assert platforms
    assert all(len(words.of(p, name)) == 1 for p in platforms for name in names)
    assert all(len(words.of(p, f"{SKOS}note")) == 2 for p in platforms)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_has_one_sorted_header_and_few_enough_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    prefixes = findall(r"^@prefix ([\w-]+): ", text, 8)
    assert prefixes == sorted(set(prefixes))
    assert all(f" {p}:" in text or f"\n{p}:" in text for p in prefixes)
    assert text.startswith("# ")
    assert text.endswith(".\n")
    assert text.count("\n") <= 1500


@pytest.mark.parametrize("path", [p for p in FILES if p.name not in ("districts.ttl", "governments.ttl")], ids=lambda path: path.name)
def test_the_things_of_a_file_stand_in_order(path: Path) -> None:
    subjects = findall(r"^([\w-]+:[\w-]+) a ", path.read_text(encoding="utf-8"), 8)
    assert subjects
    assert all(a < b or a.startswith("scheme:") for a, b in pairwise(subjects))
