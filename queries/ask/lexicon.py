"""Names of the graph and the words of questions -> what any stretch of a question may be: an index of folded surfaces."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from pypinyin import Style, lazy_pinyin

import ontology
from queries.ask.folding import folded
from queries.ask.model import Language, Ref, Topic
from queries.parameters import THINGS

_KINDS: Mapping[str, str] = {
    "agency": "UNIT",
    "collective": "UNIT",
    "district": "AREA",
    "place": "AREA",
    "industry": "TOPIC",
    "theme": "TOPIC",
    "technology": "TOPIC",
    "platform": "TOPIC",
    "organisation": "TOPIC",
    "instrument": "TOPIC",
    "event": "TOPIC",
    "programme": "TOPIC",
    "status": "STATUS",
    "action": "ACTION",
    "agency-kind": "AGENCYKIND",
    "platform-kind": "PLATFORMKIND",
    "group": "GROUPNAME",
    "modality": "FORCE",
    "novelty": "NOVEL",
    "beneficiary": "PARTY",
    "notice": "NOTICENAME",
}
"""The category of a name by the kind of the thing; names of other kinds are not asked for."""
_ORDER = ("industry", "theme", "platform", "technology", "instrument", "organisation", "programme", "event", "district", "place")
"""Which reading of a name comes first where several things bear it."""
_MERE = frozenset({"technology", "instrument", "organisation", "event", "programme", "platform"})
"""Kinds of things that are nothing but named: a task that prints the name speaks of them, also where it is part of a longer name."""
_SUBJECTS = frozenset({"topic", "subject-class"})
"""Kinds of what a text is about: recognised by many words, so that who asks by one of these words may mean the subject or the word."""
_NO_UNITS = frozenset(
    {"zone-committee", "cross-function-office", "local-government", "party-committee", "state-enterprise", "university"}
    | {"research-institute", "hospital", "association", "subdistrict", "township", "village-community"}
)
"""Functions of many bodies at once: their names are words of texts as well."""
_PLACE = re.compile(r"^(?:中华人民共和国)?(?:.{2,4}[省市]|[省市区县])(?=.{2})")
"""What stands before the name of a body in full or in short: 上海市, 市."""
_PRINTED = re.compile(r"[㐀-鿿]|^[A-Z][A-Z0-9]+$")
"""A name as Chinese documents print it: with Han characters, or an abbreviation in capitals."""
_GENERAL = re.compile(r"(?:产业|行业|领域|经济|产品|技术|业|工业|服务|认证|管理)+$")
"""What is added to the name of a field without another meaning."""
_GENERAL_WORDS = frozenset({"industry", "sector", "economy", "products", "technology", "technologies", "services", "and", "of", "the"})
_OPENING = frozenset('"《')
_PASSED = frozenset("-–—‑'’《》\"")
"""Marks that names are written with and without."""
_GROUP = re.compile(r"/notice/[^/]+/group/\d+$")
_HAN = re.compile(r"[㐀-鿿]+")
_WORD = re.compile(r"[a-z0-9]+")
_LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Piece:
    """What a stretch of a question may be: a category of the grammar, and for a name what it names."""

    category: str
    value: Topic | str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All surfaces, folded and without blanks, of one language's words and of the graph's names in any language."""

    pieces: Mapping[str, tuple[Piece, ...]]
    longest: int
    sounds: Mapping[tuple[str, ...], tuple[str, ...]]
    """The Chinese names of three characters and more by their sound."""
    tokens: tuple[tuple[frozenset[str], int, Piece], ...]
    """All Latin words of the names of a thing, without endings, how many its shortest name has, and the thing."""

    def at(self, text: str, start: int) -> Iterator[tuple[int, Piece]]:
        """What may begin at ``start`` of a folded text: where it ends, and what it is. Latin words are whole words only."""
        key = ""
        for end in range(start, min(len(text), start + self.longest + 12)):
            character = text[end]
            if character not in _PASSED and not character.isspace():
                key += character
            elif not key and character not in _OPENING:
                return
            else:
                continue
            if len(key) > self.longest:
                return
            if key in self.pieces and _whole(text, start, end + 1):
                # A name that ends in quotation marks ends behind them.
                open_mark = text[start] != '"' and text.count('"', start, end + 1) % 2 and text[end + 1 : end + 2] == '"'
                for piece in self.pieces[key]:
                    yield end + 2 if open_mark else end + 1, piece

    def named(self, name: str) -> tuple[Piece, ...]:
        """What a whole name may be."""
        return self.pieces.get(_key(name), ())


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a graph, each of an IRI: of things; words by which a concept is recognised as a subject only; which body has which
    function; what a figure counts; what a thing is called by preference in each language."""

    things: Iterable[tuple[str, str]]
    subjects: Iterable[tuple[str, str]] = ()
    functions: Iterable[tuple[str, str]] = ()
    counted: Iterable[tuple[str, str]] = ()
    preferred: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def lexicon(names: Names, language: Language) -> Lexicon:
    """The lexicon of a graph whose things have these names, for questions in a language."""
    known = [*names.things]
    there = {iri for iri, _ in known}
    known += [(iri, name) for iri, name in synonyms(language) if iri in there]
    pieces, things = _pieces_of_things(known)
    spoken = {(f"{THINGS}{thing}", name) for thing, name in _spoken()}
    for iri, name in known:
        if (iri, name) not in spoken and _kind(iri) in {"industry", "theme"} and is_narrower(name, names.preferred.get(iri, {})):
            _unsure(pieces, _key(name), iri, name)
    for form, topic in _subjects(known, names.subjects):
        if form not in things:
            pieces.setdefault(form, []).extend((Piece("TOPIC", topic), Piece("TOPIC", Topic(topic.surface))))
    for form, topic in _functions(names.functions):
        if not any(piece.category == "UNIT" for piece in pieces.get(form, ())):
            pieces.setdefault(form, []).append(Piece("UNIT", topic))
    for form, topic in _counted(names.counted):
        pieces.setdefault(form, []).append(Piece("COUNTED", topic))
    for form, topic in _translated() if language == "en" else ():
        # What is the name of a thing as well is read as that, and as the words where it is asked what is printed.
        named = [_also(piece, topic) for piece in pieces.get(form, ())]
        is_name = any(piece.category in {"TOPIC", "AREA", "UNIT"} and _is_sure(piece) for piece in named)
        pieces[form] = named if is_name else [*named, Piece("TOPIC", topic)]
    for category, form in _words(language):
        kind, _, concept = category.partition("/")
        value = Topic(form, (Ref(f"{THINGS}{category}", kind),)) if concept else form
        pieces.setdefault(_key(form), []).append(Piece(_KINDS[kind] if concept else category, value))
    sounds: dict[tuple[str, ...], list[str]] = {}
    for form in pieces:
        if len(form) > 2 and _HAN.fullmatch(form) and any(isinstance(piece.value, Topic) for piece in pieces[form]):
            sounds.setdefault(sound(form), []).append(form)
    return Lexicon(
        {form: tuple(each) for form, each in pieces.items() if form},
        max(map(len, pieces), default=0),
        {each: tuple(forms) for each, forms in sounds.items()},
        tuple(_tokens(known)),
    )


def _pieces_of_things(known: Sequence[tuple[str, str]]) -> tuple[dict[str, list[Piece]], dict[str, list[Ref]]]:
    """The pieces of all names of things, and the things by their names."""
    things: dict[str, list[Ref]] = {}
    surfaces: dict[str, str] = {}
    printed: dict[str, tuple[str, ...]] = {}
    for iri, name in known:
        kind = _kind(iri)
        if iri.startswith(THINGS) and kind in _KINDS:
            if (kind in _MERE or kind == "beneficiary") and _PRINTED.search(name):
                printed[iri] = (*printed.get(iri, ()), name)
            for form in _forms(name, kind):
                refs = things.setdefault(form, [])
                if form == _key(name) and form != _key(surfaces.get(form, name)):
                    surfaces[form] = name
                surfaces.setdefault(form, name)
                if Ref(iri, kind) not in refs:
                    refs.append(Ref(iri, kind))
    pieces: dict[str, list[Piece]] = {}
    for form, refs in things.items():
        for category in dict.fromkeys(_KINDS[ref.kind] for ref in refs):
            chosen = sorted((ref for ref in refs if _KINDS[ref.kind] == category), key=_rank)
            every = [word for ref in chosen for word in printed.get(ref.iri, ())]
            if category == "PARTY":
                pieces.setdefault(form, []).append(Piece(category, Topic(surfaces[form], tuple(chosen))))
                if any(_KINDS[ref.kind] in {"TOPIC", "AREA", "UNIT"} for ref in refs):
                    continue
                # A party is spoken of by all its names, whether or not anything is promised to it.
                pieces[form].append(Piece("TOPIC", Topic(surfaces[form], tuple(chosen), words=tuple(dict.fromkeys(every)))))
                continue
            pieces.setdefault(form, []).append(Piece(category, Topic(surfaces[form], tuple(chosen), words=_shortest(form, every))))
    return pieces, things


def is_narrower(name: str, preferred: Mapping[str, str]) -> bool:
    """Whether a name of a field may mean less than the field: 飞行汽车 is a name under 低空航空, 低空经济 is the same.

    >>> labels = {"zh": "低空航空", "en": "Low-altitude aviation"}
    >>> [is_narrower(name, labels) for name in ("低空经济", "低空", "飞行汽车", "drones", "low-altitude economy")]
    [False, False, True, True, False]
    """
    label = preferred.get("zh" if _HAN.search(name) else "en", "")
    if not label or _key(name) == _key(label):
        return False
    if _HAN.search(name):
        return _GENERAL.sub("", name) not in _GENERAL.sub("", label)
    mine, its = (frozenset(word[:5] for word in _WORD.findall(folded(each)) if word not in _GENERAL_WORDS) for each in (name, label))
    initials = "".join(word[0] for word in _WORD.findall(folded(label)))
    return not mine <= its and _key(name).rstrip("s") != initials


def _unsure(pieces: dict[str, list[Piece]], form: str, iri: str, name: str) -> None:
    """A name that may mean less than its field may be the words themselves; in another language than theirs it is for the asker to say."""
    for place, piece in enumerate(pieces.get(form, ())):
        if piece.category == "TOPIC" and isinstance(piece.value, Topic) and [ref.iri for ref in piece.value.refs] == [iri]:
            if _HAN.search(name) or re.fullmatch(r"[A-Z0-9]{2,}", name):
                pieces[form].append(Piece("TOPIC", Topic(name)))
            else:
                pieces[form][place] = replace(piece, value=replace(piece.value, sure=False))
            return


def _kind(iri: str) -> str:
    return "group" if _GROUP.search(iri) else iri.removeprefix(THINGS).partition("/")[0]


def _subjects(known: Sequence[tuple[str, str]], words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Topic]]:
    """Names of subjects, and the words by which things are recognised as subjects."""
    found: dict[str, tuple[str, list[Ref]]] = {}
    for iri, name, kind in (*((iri, name, _kind(iri)) for iri, name in known), *((iri, name, "topic") for iri, name in words)):
        if kind in _SUBJECTS and len(name) > 1 and name not in {"其他", "Other"}:
            refs = found.setdefault(_key(name), (name, []))[1]
            if Ref(iri, kind) not in refs:
                refs.append(Ref(iri, kind))
    for form, (name, refs) in found.items():
        # A subject is narrower than the class of the same name, which is taken only where no subject has it.
        narrow = [ref for ref in refs if ref.kind == "topic"] or refs
        yield form, Topic(name, tuple(narrow))


def _functions(bearers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Topic]]:
    """Common names of bodies by their function: those that bear tasks; a function that nobody has names nobody."""
    bodies: dict[str, list[Ref]] = {}
    for iri, function in bearers:
        bodies.setdefault(function.rpartition("/")[2], []).append(Ref(iri, "agency"))
    found: dict[str, tuple[str, list[Ref]]] = {}
    for function, name in _names_of_functions():
        refs = found.setdefault(_key(name), (name, []))[1]
        refs.extend(bodies.get(function) or [Ref(f"{THINGS}function/{function}", "function")])
    yield from ((form, Topic(name, tuple(dict.fromkeys(refs)))) for form, (name, refs) in found.items())


@cache
def _names_of_functions() -> tuple[tuple[str, str], ...]:
    """Each function with the common names of its bodies, in both languages: those of the ontology, and those of people who ask."""
    with (files("queries.ask") / "functions.csv").open(encoding="utf-8") as source:
        spoken = {row["function"]: f"{row['zh']}|{row['en']}" for row in csv.DictReader(source)}
    return tuple(
        (row["function"], name)
        for row in ontology.functions()
        if row["function"] not in _NO_UNITS
        for name in (*row["short_forms"].split(";"), *row["municipal_names"].split(";"), *spoken.get(row["function"], "").split("|"))
        if name
    )


def _tokens(names: Iterable[tuple[str, str]]) -> Iterator[tuple[frozenset[str], int, Piece]]:
    words: dict[Ref, list[list[str]]] = {}
    shown: dict[Ref, str] = {}
    for iri, name in names:
        kind = iri.removeprefix(THINGS).partition("/")[0]
        latin = [stem(word) for word in _WORD.findall(folded(name))]
        if kind in _KINDS and latin:
            ref = Ref(iri, kind)
            words.setdefault(ref, []).append(latin)
            if not _HAN.search(name) and (ref not in shown or (_proper(name) and not _proper(shown[ref]))):
                shown[ref] = name
    for ref, each in words.items():
        if ref in shown and _KINDS[ref.kind] in {"UNIT", "AREA", "TOPIC"}:
            piece = Piece(_KINDS[ref.kind], Topic(shown[ref], (ref,)))
            yield frozenset(word for name in each for word in name), min(map(len, each)), piece


def _proper(name: str) -> bool:
    """Whether a name is written as headings are, and is no abbreviation."""
    return name[0].isupper() and not name.isupper()


@cache
def sound(text: str) -> tuple[str, ...]:
    """The syllables of a Chinese text without their tones."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL))


def stem(word: str) -> str:
    """An English word without its plural ending, and in one of its spellings.

    >>> [stem(word) for word in ("chips", "centres", "industries", "business", "testing")]
    ['chip', 'center', 'industry', 'business', 'testing']
    """
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    return word[:-2] + "er" if word.endswith("tre") else word


def _shortest(form: str, names: Iterable[str]) -> tuple[str, ...]:
    """The printed names that a name stands for: itself, where it is one; none that contains another.

    Where it is none of them (an English name), those that are in no other name of the thing: 上海品牌 alone is no “上海品牌”认证.
    """
    unique = sorted(dict.fromkeys(names), key=lambda name: (len(name), name))
    own = [name for name in unique if _key(name) == form]
    if not own:
        return tuple(name for name in unique if not any(_key(name) != _key(other) and _key(name) in _key(other) for other in unique))
    return tuple(name for place, name in enumerate(own) if not any(shorter in name for shorter in own[:place]))


def _key(name: str) -> str:
    return "".join(character for character in folded(name) if not character.isspace() and character not in _PASSED)


def _forms(name: str, kind: str) -> Iterator[str]:
    """The name without blanks, hyphens and marks, and what people leave out of it: a final s, the noun of a field."""
    key = _key(name)
    yield key
    if _LATIN.match(key) and kind not in {"agency", "collective", "district", "place"} and key.isascii() and len(key) > 3:
        yield key[:-1] if key.endswith("s") else key + "s"
    if kind == "agency" and (short := _PLACE.sub("", key)) != key and len(short) > 1:
        yield short
    if kind == "place" and key[-1] in "市省" and len(key) > 2:
        yield key[:-1]
    if kind == "district" and key.endswith("区") and len(key) > 2:
        yield key.removesuffix("新区").removesuffix("区") if len(key.removesuffix("新区").removesuffix("区")) > 1 else key


def _rank(ref: Ref) -> tuple[int, str]:
    return (_ORDER.index(ref.kind) if ref.kind in _ORDER else len(_ORDER), ref.iri)


def _counted(counted: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Topic]]:
    """What figures count, each with its figures."""
    found: dict[str, tuple[str, list[Ref]]] = {}
    for iri, name in counted:
        found.setdefault(_key(name), (name, []))[1].append(Ref(iri, "quantity"))
    yield from ((form, Topic(name, tuple(refs))) for form, (name, refs) in found.items())


def _spoken() -> Iterator[tuple[str, str]]:
    """The names of ``synonyms.csv`` in both languages: each names its thing and nothing less."""
    for language in ("zh", "en"):
        yield from ((iri.removeprefix(THINGS), name) for iri, name in synonyms(language))


@cache
def synonyms(language: str) -> tuple[tuple[str, str], ...]:
    """Names that people who ask give to things of the graph."""
    with (files("queries.ask") / "synonyms.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["language"] == language]
    return tuple((f"{THINGS}{row['thing']}", name) for row in rows for name in row["names"].split("|"))


def _is_sure(piece: Piece) -> bool:
    return not isinstance(piece.value, Topic) or piece.value.sure


def _also(piece: Piece, word: Topic) -> Piece:
    """The name of a field with the words that it is as a word."""
    if not isinstance(piece.value, Topic) or piece.category != "TOPIC":
        return piece
    return replace(piece, value=replace(piece.value, also=word.words))


@cache
def _translated() -> tuple[tuple[str, Topic], ...]:
    """English words with the words of documents that they stand for, any of them: the topic is spoken of where one is printed."""
    with (files("queries.ask") / "printed_words.csv").open(encoding="utf-8") as source:
        rows = [(english, row["printed"]) for row in csv.DictReader(source) for english in row["english"].split("|")]
    found: dict[str, list[str]] = {}
    for english, printed in rows:
        found.setdefault(english, []).append(printed)
    return tuple((_key(english), Topic("|".join(words), words=tuple(words), typed=english)) for english, words in found.items())


@cache
def _words(language: Language) -> tuple[tuple[str, str], ...]:
    with (files("queries.ask") / "words.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["language"] == language]
    return tuple((row["category"], form) for row in rows for form in row["forms"].split("|"))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch cuts no Latin word or number in two."""
    before = start > 0 and bool(_LATIN.match(text[start])) and bool(_LATIN.match(text[start - 1]))
    after = end < len(text) and bool(_LATIN.match(text[end - 1])) and bool(_LATIN.match(text[end]))
    return not before and not after
