"""Which stretches of a question may be words of the documents, and what English words stand for."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from queries.ask.free_words import candidates, free_words
from queries.ask.lexicon import Names, lexicon
from queries.ask.model import Topic
from queries.ask.understand import stretches, understand

ROBOTICS = "https://w3id.org/zhengce/id/industry/robotics"
SENSOR = "https://w3id.org/zhengce/id/technology/underwater-sensing"
NAMES = Names([(ROBOTICS, "机器人"), (SENSOR, "水下声学感知技术")])
LEXICON = lexicon(NAMES, "zh")
ENGLISH = lexicon(NAMES, "en")


def words(clause: str, *printed: str) -> set[str]:
    return {clause[start:end] for start, end, _ in free_words(clause, LEXICON, frozenset(printed))}


@pytest.mark.parametrize(
    ("clause", "printed", "found"),
    [
        ("哪些任务提到灯塔", ("灯塔",), {"灯塔"}),
        # only the whole of what is not read, and only where it is printed
        ("哪些任务提到灯塔守卫", ("灯塔", "守卫"), set()),
        ("哪些任务提到灯塔", (), set()),
        # what touches a name is one word with it
        ("哪些任务提到灯塔机器人", ("灯塔",), set()),
        # what stands before or behind and asks is no part of the word
        ("哪些任务支持灯塔", ("灯塔", "支持灯塔"), {"灯塔"}),
        ("灯塔领域的任务", ("灯塔", "灯塔领域", "灯塔领域的"), {"灯塔"}),
        # two words that are joined are two
        ("哪些任务提到灯塔和码头", ("灯塔", "码头", "灯塔和码头"), {"灯塔", "码头"}),
        # a part of a name is for the asker to say
        ("哪些任务提到声学感知", ("声学感知",), set()),
    ],
)
def test_words_of_a_clause(clause: str, printed: tuple[str, ...], found: set[str]) -> None:
    assert words(clause, *printed) == found


def test_a_question_in_latin_letters_has_no_words_of_documents() -> None:
    assert list(candidates("which tasks mention lighthouses", ENGLISH)) == []


def test_a_word_is_a_reading_only_where_it_is_printed() -> None:
    assert "灯塔" in stretches("哪些任务提到灯塔？", LEXICON)
    assert understand("哪些任务提到灯塔？", LEXICON, "zh").readings == ()
    assert len(understand("哪些任务提到灯塔？", LEXICON, "zh", frozenset({"灯塔"})).readings) == 1
    assert understand("哪些任务提到灯塔？", LEXICON, "zh", None).readings == ()


def test_english_words_stand_for_printed_ones_and_each_row_has_its_source() -> None:
    with (files("queries.ask") / "printed_words.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) > 100
    for row in rows:
        assert not row["printed"].isascii()
        assert row["source"]
        assert all(english and english == english.lower() and english.isascii() for english in row["english"].split("|")), row
    assert len({row["printed"] for row in rows}) == len(rows)
    piece = next(piece for piece in ENGLISH.named("seminars") if piece.category == "TOPIC")
    assert piece.value == Topic("研讨班", words=("研讨班",), typed="seminars")
