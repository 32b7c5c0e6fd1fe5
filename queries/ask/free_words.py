"""A clause with words that are no name of the graph -> the stretches of it that may be words of the documents themselves.

What the documents print, and no vocabulary has, is asked for as it is written: 哪些任务提到培训 asks for the tasks whose text has 培训.
A stretch is a word only where the documents print the whole of it; which of them do is for the caller to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from queries.ask.lattice import unread_stretches
from queries.ask.lexicon import Lexicon, Piece
from queries.ask.model import Topic
from queries.ask.near import MOST as FEW
from queries.ask.near import PART

COST = 1.4
"""What a word costs that is read as itself; a name as it is written costs 1."""
MOST = 400
"""So many stretches of a question are looked for."""
_LONGEST = 16
_RUN = re.compile(r"[㐀-鿿a-z0-9]+")
_HAN = re.compile(r"[㐀-鿿]")
_WORDS = frozenset({"DOCTYPE", "FORCE", "NOVEL", "PARTY", "COUNTED", "GROUPNAME"})
"""Words of questions, and names of what no topic is, that are words of documents as well."""
_THINGS = frozenset({"TOPIC", "AREA", "UNIT"})
_DOING = frozenset({"ACTION", "FINISH", "BEAR", "LEAD", "STATUS", "BUILDING", "RUNNING", "INVOLVE", "PRINT", "APPEAR", "UNITDO"})
"""What asks for something done is no word of documents: 完成了吗 asks for no text with 完成."""
_JOINING = frozenset({"WITH", "OR", "BUT", "EXCEPT"})
_SAYING = frozenset(
    {"INVOLVE", "PRINT", "APPEAR", "SOME", "BEAR", "LEAD", "NOT", "NONE", "ONLY", "FILL", "MUST", "BOTH", "WITH", "OR"} | {"BUT"}
)
"""What may stand before a word and is no part of it: in 支持企业 one asks what supports firms."""
_ADDED = frozenset({"RELATED", "TASK", "FILL", "IN", "LETTERS", "IS", "APPEAR", "PRINT", "WITH"})
"""What may stand behind a word and is no part of it: 检测领域的任务 are those on 检测."""


def candidates(clause: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The stretches that may be words: each has a whole stretch that no piece covers, or is a word of the documents by its kind.

    None cuts a name in two, has one in it or touches one, and none holds what joins two words: of 小微企业质量提升 it is for the asker
    to say whether the thing is meant or these letters.
    """
    if not _HAN.search(clause):
        return
    pieces = [(start, end, piece) for start in range(len(clause)) for end, piece in lexicon.at(clause, start)]
    names = [(start, end) for start, end, piece in pieces if isinstance(piece.value, Topic)]
    things = [(start, end) for start, end, piece in pieces if piece.category in _THINGS and isinstance(piece.value, Topic)]
    longer = {place for start, end, _ in pieces for place in range(start + 1, end)}
    joints = {start for start, _, piece in pieces if piece.category in _JOINING and start not in longer}
    unread = list(unread_stretches(clause, lexicon))
    doing = {(start, end) for start, end, piece in pieces if piece.category in _DOING}
    words = [(start, end) for start, end, piece in pieces if piece.category in _WORDS and (start, end) not in doing]
    for run in _RUN.finditer(clause):
        for start in range(run.start(), run.end()):
            for end in range(start + 2, min(run.end(), start + _LONGEST) + 1):
                holds = [each for each in (*unread, *words) if start <= each[0] and each[1] <= end]
                cut = any(first < end and start < last and not (start <= first and last <= end) for first, last in unread)
                split = any(first < start < last or first < end < last for first, last in names)
                within = any(start <= last and first <= end for first, last in things)
                if holds and not (cut or split or within) and not any(start < joint < end for joint in joints):
                    yield start, end


def _is_part(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is a part of the names of a few things: then it is for the asker to say which, if any, is meant."""
    names = {piece.value for form, pieces in lexicon.pieces.items() if word in form for piece in pieces if piece.category in _THINGS}
    return len(word) >= PART and 0 < len(names) <= FEW


def free_words(clause: str, lexicon: Lexicon, printed: frozenset[str]) -> Iterator[tuple[int, int, Piece]]:
    """The stretches of a clause that are printed, as words that stand for themselves."""
    found = {(start, end) for start, end in candidates(clause, lexicon) if clause[start:end] in printed}
    pieces = [(start, end, piece.category) for start in range(len(clause)) for end, piece in lexicon.at(clause, start)]
    before = {(first, last) for first, last, category in pieces if category in _SAYING}
    behind = {(first, last) for first, last, category in pieces if category in _ADDED}
    for start, end in sorted(found):
        rests = [(last, end) for first, last in before if first == start] + [(start, first) for first, last in behind if last == end]
        if not any(rest in found for rest in rests) and not _is_part(clause[start:end], lexicon):
            yield start, end, Piece("TOPIC", Topic(clause[start:end], free=True))
