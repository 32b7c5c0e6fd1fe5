"""The text of one clause of a question -> the pieces it may be made of, with their costs, and the characters that no piece covers."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from queries.ask.chart import Edge
from queries.ask.lexicon import Lexicon, Piece
from queries.ask.model import Topic

_BLANK = re.compile(r"""[\s,，:：·~～！!…—]*""")
_DIGITS = {"零": 0, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMERAL = re.compile(r"\d{1,6}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一两二三四五六七八九]")
_ENGLISH = {
    word: number
    for number, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1)
}
_ENGLISH_NUMBER = re.compile(r"[a-z]+")
_YEAR = re.compile(r"(20\d\d)(年度|年)?(?!\d)")
_YEAR_TARGETS = re.compile(r"(20\d\d)年?度?(?:的)?(?:工作)?目标(?:[里中]|栏)?|(?:the )?(20\d\d) targets?|targets? (?:for|of|in) (20\d\d)")
_QUOTED = re.compile(r"\"([^\"]{1,60})\"|《([^》]{1,60})》|'([^']{2,60})'")
_TASK_NUMBER = re.compile(
    r"(\d{1,4})号任务|第(\d{1,4}|[一二三四五六七八九十]{1,3})(?:项任务|号任务|条任务|项|条)|tasks?(?:\s+no\.?|\s+number|\s+#)?\s*(\d{1,4})\b|(?:任务|序号|编号)\s*(\d{1,4}|[二三四五六七八九]?十[一二三四五六七八九]?(?![项个条家])|[二三四五六七八九](?![项个条家])|一(?![共起览样定直家个下些次项条般]))(?:号)?"
)
_NUMBERED = re.compile(r"(?:任务|序号|编号|第|\btask|\btasks)\s*$")
"""Behind these a number is that of a task and counts nothing: the 9 of 任务9的责任单位 is no number of units."""
_DUE = re.compile(r"(?:(20\d\d)年|今年|本年)?(?:(\d{1,2})月(?:(\d{1,2})[日号]|底|末|份)?|(年)(?:底|末|终))(?:之前|以前|前)")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DUE_ENGLISH = re.compile(
    rf"by (?:the )?end of (?:(?:the|this) year|(20\d\d))|by (?:(?:the )?end of )?({'|'.join(_MONTHS)})(?:,? (20\d\d))?"
)
_RELATIVE = re.compile(r"(今年|本年度?|this year|the current year)|(明年|next year)|(去年|last year)|(后年)")
_BETWEEN = re.compile(r"\s*[,，]\s*|\s+")
"""What may stand between two names in the place of and: a comma, and in Chinese a blank."""
_HAN_BEFORE = re.compile(r"[㐀-鿿]$")
_PAST = re.compile(r"了(?!解|结)|过(?!程|渡)")
_ASSIGNED = frozenset({"负责", "承担", "参与", "参加", "主管", "管", "分管", "承办", "承接", "是责任单位"})
"""What a unit is given to do is said of now, though the verb stands in the past: 负责了."""
_PASSED_OVER = frozenset({"FILL", "OPENER"})
"""Words that ask for nothing: fillers anywhere, openers before all else."""
_FILLER = 0.3
_PIECE = 1.0


def edges(
    text: str, lexicon: Lexicon, more: Iterable[tuple[int, int, Piece, float]] = (), today: date | None = None
) -> list[tuple[Edge, float]]:
    """Every piece of a folded clause and ``more`` of them, each stretched over the blanks and fillers behind it.

    What is quoted is a topic of its words. A date without a year is of the year of ``today``.
    """
    begun: dict[int, list[tuple[str, int, object, float]]] = {}
    for start in range(len(text)):
        if (between := _BETWEEN.match(text, start)) and (text[start] in ",，" or _HAN_BEFORE.search(text, 0, start)):
            begun[start] = [("WITH", between.end(), ",", _FILLER)]
        if text[start].isspace():
            continue
        begun.setdefault(start, [])
        begun[start] += list(_pieces(text, start, lexicon, today))
    for start, end, piece, cost in more:
        begun[start].append((piece.category, end, piece.value, cost))
    # The last character of a name is no word of its own: 区 in 静安区 asks for no districts.
    named = {end for start, pieces in begun.items() for _, end, value, _ in pieces if isinstance(value, Topic) and end > start + 1}
    begun = {
        start: [each for each in pieces if each[1] > start + 1 or each[1] not in named or _is_name(each)] for start, pieces in begun.items()
    }
    fillers = {start: [(end, cost) for category, end, _, cost in pieces if category == "FILL"] for start, pieces in begun.items()}
    made: dict[Edge, float] = {}
    for start, pieces in begun.items():
        for category, end, value, cost in pieces:
            if category in _PASSED_OVER or _is_past(text, end, category, value):
                continue
            for reached, price in _stretched(text, end, fillers):
                edge = Edge(category, start, reached, value)
                made[edge] = min(made.get(edge, 99.0), cost + price)
    return list(made.items())


def _is_name(piece: tuple[str, int, object, float]) -> bool:
    return piece[0] == "WITH" or isinstance(piece[2], Topic)


def _is_past(text: str, end: int, category: str, value: object) -> bool:
    """Whether a verb asks what was done: no document says this, and no plan is an answer to it."""
    return category in {"ACTION", "BEAR", "FINISH", "UNITDO"} and value not in _ASSIGNED and bool(_PAST.match(text, end))


def start_of(text: str, lexicon: Lexicon) -> Sequence[tuple[int, float]]:
    """Where a clause may begin once blanks, fillers and what is said before a question (请提供) are passed, with their cost."""
    fillers: dict[int, list[tuple[int, float]]] = {}
    for start in range(len(text)):
        fillers[start] = [(end, _FILLER) for end, piece in lexicon.at(text, start) if piece.category in _PASSED_OVER]
    return list(_stretched(text, 0, fillers))


def unread(text: str, lexicon: Lexicon) -> list[str]:
    """The stretches of a clause that no piece covers."""
    return [text[start:end] for start, end in unread_stretches(text, lexicon)]


def compounds(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The unread stretches with the names that they touch: 火星采矿 is one word that nobody knows, and no 采矿."""
    names = [(start, end) for start in range(len(text)) for end, piece in lexicon.at(text, start) if isinstance(piece.value, Topic)]
    for first, last in unread_stretches(text, lexicon):
        start, end = first, last
        while touching := [each for each in names if each[0] < start <= each[1]]:
            start = min(touching)[0]
        while touching := [each for each in names if each[0] <= end < each[1]]:
            end = max(each[1] for each in touching)
        if end - start > 1:
            yield start, end


def unread_stretches(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where the stretches begin and end that no piece covers."""
    covered = [character.isspace() or bool(_BLANK.fullmatch(character)) for character in text]
    for start in range(len(text)):
        for _, end, _, _ in _pieces(text, start, lexicon):
            for place in range(start, end):
                covered[place] = True
    begun = None
    for place, each in enumerate((*covered, True)):
        if not each and begun is None:
            begun = place
        elif each and begun is not None:
            if text[begun:place].strip("?\"'()"):
                yield begun, place
            begun = None


def number_of(text: str) -> int:
    """The number that a numeral writes.

    >>> [number_of(text) for text in ("17", "十二", "二十", "两")]
    [17, 12, 20, 2]
    """
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS[text]


def _stretched(text: str, end: int, fillers: dict[int, list[tuple[int, float]]]) -> Iterator[tuple[int, float]]:
    """The places that are reached from ``end`` over blanks and fillers, each once, with the cost of the fillers."""
    reached: dict[int, float] = {}
    # What stands before a blank may also be joined by it.
    ahead = [(end, 0.0), (_blank(text, end), 0.0)]
    while ahead:
        place, cost = ahead.pop()
        if reached.get(place, 99.0) <= cost:
            continue
        reached[place] = cost
        ahead.extend((_blank(text, further), cost + more) for further, more in fillers.get(place, ()))
    yield from reached.items()


def _blank(text: str, place: int) -> int:
    blank = _BLANK.match(text, place)
    return blank.end() if blank else place


def _pieces(text: str, start: int, lexicon: Lexicon, today: date | None = None) -> Iterator[tuple[str, int, object, float]]:
    yield from _named(text, start, lexicon)
    if text[start] in "()":
        yield ("OPEN" if text[start] == "(" else "CLOSE"), start + 1, text[start], 0.0
    yield from _figures(text, start)
    yield from _dates(text, start, today or date.today())
    if (quoted := _QUOTED.match(text, start)) and any(quoted.groups()):
        words = next(each for each in quoted.groups() if each)
        yield "QUOTED", quoted.end(), Topic(words.strip()), 1.5
        for category, end, value, cost in (*_figures(text, start + 1), *_named(text, start + 1, lexicon)):
            # What is quoted is its letters and no translation of them.
            translated = isinstance(value, Topic) and bool(value.typed) and not value.refs
            if end == quoted.end() - 1 and not translated:
                yield category, quoted.end(), replace(value, quoted=True) if isinstance(value, Topic) else value, cost


def of_day(text: str) -> bool:
    """Whether what a folded text may say depends on the day on which it is said: some date in it is another in another year.

    A date that is a part of another counts too, for it may be a piece of a reading.

    >>> of_day("今年的任务"), of_day("6月底前的任务"), of_day("2026年的任务"), of_day("低空航空")
    (True, True, False, False)
    """
    years = date(2000, 1, 1), date(2001, 1, 1)
    return any(len({tuple(_dates(text, start, day)) for day in years}) > 1 for start in range(len(text)))


def _named(text: str, start: int, lexicon: Lexicon) -> Iterator[tuple[str, int, object, float]]:
    """Words of questions and names of the graph."""
    for end, piece in lexicon.at(text, start):
        yield piece.category, end, piece.value, _FILLER if piece.category in _PASSED_OVER else _PIECE


def _figures(text: str, start: int) -> Iterator[tuple[str, int, object, float]]:
    """Numbers, years, numbers of tasks."""
    if start and text[start].isdigit() and text[start - 1].isdigit():
        return
    if year := _YEAR.match(text, start):
        yield "YEAR", year.end(), int(year[1]), _PIECE
    if aims := _YEAR_TARGETS.match(text, start):
        yield "YEARTARGETS", aims.end(), f"target@{next(filter(None, aims.groups()))}", _PIECE
    if numbered := _TASK_NUMBER.match(text, start):
        printed = next(each for each in numbered.groups() if each)
        yield "TASKNUMBER", numbered.end(), str(number_of(printed)), _PIECE
    if _NUMBERED.search(text, 0, start):
        return
    if numeral := _NUMERAL.match(text, start):
        yield "NUMBER", numeral.end(), number_of(numeral[0]), _PIECE
    elif (word := _ENGLISH_NUMBER.match(text, start)) and word[0] in _ENGLISH and not (start and text[start - 1].isalpha()):
        yield "NUMBER", word.end(), _ENGLISH[word[0]], _PIECE


def _dates(text: str, start: int, today: date) -> Iterator[tuple[str, int, object, float]]:
    """Last days, and years that are said by their distance from today.

    >>> [value for _, _, value, _ in _dates("6月底前", 0, date(2026, 3, 1))]
    ['2026-06-30']
    """
    if start and text[start].isascii() and text[start].isalnum() and text[start - 1].isascii() and text[start - 1].isalnum():
        return
    if relative := _RELATIVE.match(text, start):
        # Of the four groups the one that matched says how far away: 今年, 明年, 去年, 后年.
        yield "YEAR", relative.end(), today.year + (0, 1, -1, 2)[(relative.lastindex or 1) - 1], _PIECE
    if due := _DUE.match(text, start):
        month = 12 if due[4] else int(due[2])
        year = int(due[1] or today.year)
        if 1 <= month <= 12 and int(due[3] or 1) <= (last := monthrange(year, month)[1]):
            yield "DUE", due.end(), f"{year}-{month:02}-{int(due[3] or last):02}", _PIECE
    if due := _DUE_ENGLISH.match(text, start):
        month = _MONTHS.index(due[2]) + 1 if due[2] else 12
        year = int(due[1] or due[3] or today.year)
        yield "DUE", due.end(), f"{year}-{month:02}-{monthrange(year, month)[1]:02}", _PIECE
