"""Words of a question that no name is written with -> the names that they may stand for, each an assumption that is told to the asker.

Chinese: another character of the same sound (底空 for 低空), characters left out of the name of a unit (市监局), a part of a longer name
(质检中心). English: some of the words of a name (the low-altitude tasks), a letter wrong in a long word. Never a character too many or
another meaning: 高空航空 is not read as 低空航空. What stands for several things is read as each of them, and the asker chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from queries.ask.lattice import unread_stretches
from queries.ask.lexicon import Lexicon, Piece, sound, stem
from queries.ask.model import Language, Ref, Topic

MOST = 4
"""So many things may a word stand for; more are no reading but a guess."""
COST = 1.4
"""What such a reading costs; a name as it is written costs 1."""
PART = 4
"""A word of so many characters may be a part of a name."""
_LONGEST = 12
_TAIL = 4
"""So many characters at the end of what is counted name it."""
_WORD = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[㐀-鿿]+")
_SMALL = frozenset({"and", "of", "for", "the", "in", "on", "to", "a", "an", "or", "with", "by"})
_UNIT_ENDS = "局委办会院部厅署"


def pieces(text: str, lexicon: Lexicon, language: Language) -> Iterator[tuple[int, int, Piece]]:
    """What the unread words of a folded clause may stand for: start, end, and the name."""
    yield from _english(text, lexicon) if language == "en" else _chinese(text, lexicon)


def _chinese(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, Piece]]:
    """For each unread stretch the longest words around it that sound like a name, shorten the name of a unit or are part of names."""
    yield from _left_out(text, lexicon)
    for first, last in list(unread_stretches(text, lexicon)) or _short_names(text, lexicon):
        for run in _WORD.finditer(text, first, last):
            yield from ((run.start(), run.end(), piece) for piece in _in_letters(run[0], lexicon))
        for run in _HAN.finditer(text, first, last):
            for start, end in _around(text, run.start(), run.end()):
                typed = text[start:end]
                found = list(_like(typed, lexicon))
                if found:
                    yield from ((start, end, piece) for piece in found)
                    break


def _short_names(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Names of two characters where each word of a clause is known and the clause is not: 质检 is one, and 质检中心 a part of others."""
    for start in range(len(text)):
        yield from ((start, end) for end, piece in lexicon.at(text, start) if end == start + 2 and isinstance(piece.value, Topic))


def _around(text: str, begun: int, ended: int) -> list[tuple[int, int]]:
    """The stretches of Han characters that hold the unread one, the longest first."""
    spans = [
        (start, end)
        for start in range(max(0, begun - _LONGEST), begun + 1)
        for end in range(ended, min(len(text), ended + _LONGEST) + 1)
        if 3 <= end - start <= _LONGEST and _HAN.fullmatch(text, start, end)
    ]
    return sorted(spans, key=lambda span: span[0] - span[1])


def _like(typed: str, lexicon: Lexicon) -> Iterator[Piece]:
    """What a word may stand for by its sound, else as a short form of a unit, else as the part of names."""
    for finder in (_sounding, _shortened, _holding):
        found = list(dict.fromkeys(finder(typed, lexicon)))
        if 0 < len(found) <= MOST:
            yield from found
            return


def _sounding(typed: str, lexicon: Lexicon) -> Iterator[Piece]:
    """
    >>> from queries.ask.lexicon import Names, lexicon
    >>> names = lexicon(Names([("https://w3id.org/zhengce/id/industry/a", "低空航空")]), "zh")
    >>> [piece.value.surface for word in ("底空航空", "高空航空", "火低空航空") for piece in _sounding(word, names)]
    ['低空航空']
    """
    for form in lexicon.sounds.get(sound(typed), ()):
        yield from (_meant(piece, typed) for piece in lexicon.pieces[form] if isinstance(piece.value, Topic))


def _shortened(typed: str, lexicon: Lexicon) -> Iterator[Piece]:
    """
    >>> from queries.ask.lexicon import Names, lexicon
    >>> units = ["市工商联合会", "市商务委"]
    >>> names = lexicon(Names([(f"https://w3id.org/zhengce/id/agency/{place}", unit) for place, unit in enumerate(units)]), "zh")
    >>> [piece.value.surface for word in ("市工联会", "商委", "市工监会") for piece in _shortened(word, names)]
    ['市工商联合会']
    """
    if typed[-1] not in _UNIT_ENDS or len(typed) < 3:
        return
    seen: set[tuple[Ref, ...]] = set()
    for form, pieces in lexicon.pieces.items():
        for piece in pieces:
            if piece.category != "UNIT" or not isinstance(piece.value, Topic) or piece.value.refs in seen:
                continue
            if form[-1] == typed[-1] and form[0] == typed[0] and len(form) <= 3 * len(typed) and _within(typed, form):
                seen.add(piece.value.refs)
                yield _meant(piece, typed)


def _left_out(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, Piece]]:
    """What figures count, with some of the words of its name (数字化实验室 for 数字化示范实验室), or with its end alone (产业园区)."""
    for form, pieces in lexicon.pieces.items():
        counted = [piece for piece in pieces if piece.category == "COUNTED"]
        for place in range(len(text) - 3) if counted and form not in text else ():
            end = text.find(form[-2:], place) + 2
            typed = text[place:end]
            if end > place + 3 and typed[:2] == form[:2] and 2 * len(typed) > len(form) and _within(typed, form):
                yield from ((place, end, _meant(piece, typed)) for piece in counted)
        tail = next((form[-size:] for size in range(len(form) - 1, _TAIL - 1, -1) if form[-size:] in text), "") if counted else ""
        if tail and form not in text:
            start = text.index(tail)
            yield from ((start, start + len(tail), _meant(piece, tail)) for piece in counted)


def _in_letters(typed: str, lexicon: Lexicon) -> Iterator[Piece]:
    """Names whose syllables are written in letters: jiqiren for 机器人.

    >>> from queries.ask.lexicon import Names, lexicon
    >>> names = lexicon(Names([("https://w3id.org/zhengce/id/industry/a", "机器人")]), "zh")
    >>> [piece.value.surface for word in ("jiqiren", "jiqi") for piece in _in_letters(word, names)]
    ['机器人']
    """
    for syllables, forms in lexicon.sounds.items() if len(typed) > 4 else ():
        if "".join(syllables) == typed:
            for form in forms:
                yield from (_meant(piece, typed) for piece in lexicon.pieces[form] if isinstance(piece.value, Topic))


def _holding(typed: str, lexicon: Lexicon) -> Iterator[Piece]:
    """
    >>> from queries.ask.lexicon import Names, lexicon
    >>> names = lexicon(Names([("https://w3id.org/zhengce/id/platform/a", "国家汽车芯片质检中心")]), "zh")
    >>> [piece.value.surface for word in ("质检中心", "汽车芯片", "检中心吗") for piece in _holding(word, names)]
    ['国家汽车芯片质检中心', '国家汽车芯片质检中心']
    """
    if len(typed) < PART:
        return
    seen: set[tuple[Ref, ...]] = set()
    for form, pieces in lexicon.pieces.items():
        if typed in form:
            for piece in pieces:
                if (
                    isinstance(piece.value, Topic)
                    and piece.category in {"TOPIC", "AREA", "UNIT", "GROUPNAME"}
                    and piece.value.refs not in seen
                ):
                    seen.add(piece.value.refs)
                    # Where the part itself is printed, it is spoken of as well.
                    yield _meant(piece, typed, typed)


def _english(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, Piece]]:
    """For the words around each unread one the names that have all of them; where each word is known and the clause is not, for all words
    that stand side by side (green catering certification)."""
    stretches = list(unread_stretches(text, lexicon))
    words = [(each.start(), each.end(), each[0]) for each in _WORD.finditer(text)]
    if not stretches:
        yield from _side_by_side(text, words, lexicon)
        return
    done: set[int] = set()
    for length in range(6, 0, -1):
        for place in range(len(words) - length + 1):
            span = words[place : place + length]
            inside = {start for start, end, _ in span if any(start < last and first < end for first, last in stretches)}
            if not inside or inside & done or span[0][2] in _SMALL or span[-1][2] in _SMALL:
                continue
            if _cut(words, place, place + length, stretches):
                continue
            found = _with_words(tuple(word for _, _, word in span if word not in _SMALL), lexicon)
            if found:
                done |= inside
                typed = text[span[0][0] : span[-1][1]]
                yield from ((span[0][0], span[-1][1], _meant(piece, typed)) for piece in found)


def _side_by_side(text: str, words: Sequence[tuple[int, int, str]], lexicon: Lexicon) -> Iterator[tuple[int, int, Piece]]:
    """The longest runs of two words and more that names have all of."""
    for length in range(6, 1, -1):
        runs = [words[place : place + length] for place in range(len(words) - length + 1)]
        found = [
            (run[0][0], run[-1][1], piece)
            for run in runs
            if not _SMALL.intersection(word for _, _, word in run)
            for piece in _with_words([word for _, _, word in run], lexicon)
        ]
        if found:
            yield from ((start, end, _meant(piece, text[start:end])) for start, end, piece in found)
            return


def _cut(words: Sequence[tuple[int, int, str]], first: int, last: int, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether an unread word stands right before or behind: space tourism is one thing, and no space energy."""

    def is_unread(place: int) -> bool:
        start, end, _ = words[place]
        return any(start < ended and begun < end for begun, ended in stretches)

    before = first > 0 and is_unread(first - 1) and words[first][0] - words[first - 1][1] == 1
    behind = last < len(words) and is_unread(last) and words[last][0] - words[last - 1][1] == 1
    return before or behind


def _with_words(words: Sequence[str], lexicon: Lexicon) -> list[Piece]:
    """The names that have all words, those of fields and themes before others, the shortest before longer; none where they are many."""
    wanted = [stem(word) for word in words]
    ranked: list[tuple[bool, int, Piece]] = []
    for have, size, piece in lexicon.tokens:
        if all(word in have or any(_misspelt(word, other) for other in have) for word in wanted):
            assert isinstance(piece.value, Topic)
            general = any(ref.kind in {"industry", "theme"} for ref in piece.value.refs)
            ranked.append((not general, size, piece))
    if not ranked:
        return []
    general = min(each[0] for each in ranked)
    best = {each[2] for each in ranked if each[0] == general}
    return sorted(best, key=lambda piece: str(piece.value)) if len(best) <= MOST else []


def _meant(piece: Piece, typed: str, *printed: str) -> Piece:
    assert isinstance(piece.value, Topic)
    return Piece(piece.category, replace(piece.value, words=(*piece.value.words, *printed), typed=typed))


def _within(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in this order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _misspelt(typed: str, word: str) -> bool:
    """Whether two long words differ by one letter: one wrong, missing, too many, or two exchanged.

    Of words of six letters it takes two exchanged.

    >>> [_misspelt(*pair) for pair in (("aviaton", "aviation"), ("talnet", "talent"), ("robots", "robot"), ("steel", "steal"))]
    [True, True, False, False]
    """
    if min(len(typed), len(word)) < 6 or abs(len(typed) - len(word)) > 1 or typed == word:
        return False
    if len(typed) < 7 and sorted(typed) != sorted(word):
        return False
    same = 0
    while same < min(len(typed), len(word)) and typed[same] == word[same]:
        same += 1
    left, right = typed[same:], word[same:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or (left[1::-1] + left[2:]) == right
