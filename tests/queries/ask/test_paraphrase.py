"""What was understood is told in words that differ wherever the question does."""

from __future__ import annotations

import pytest

from queries.ask.lexicon import Names, lexicon
from queries.ask.paraphrase import paraphrase
from queries.ask.understand import understand

ROBOTICS = "https://w3id.org/zhengce/id/industry/robotics"
LEXICONS = {"zh": lexicon(Names([(ROBOTICS, "机器人")]), "zh"), "en": lexicon(Names([(ROBOTICS, "robotics")]), "en")}


@pytest.mark.parametrize(
    ("question", "zh", "en"),
    [
        ("Which tasks mention robotics in both columns?", "涉及(正文和目标都)=robotics", "involves(both columns)=robotics"),
        ("Which tasks mention robotics only in the targets?", "涉及(只在目标)=robotics", "involves(targets only)=robotics"),
        ("哪些任务正文和目标都提到机器人？", "涉及(正文和目标都)=机器人", "involves(both columns)=机器人"),
    ],
)
def test_columns_that_a_question_names(question: str, zh: str, en: str) -> None:
    language = "en" if question.isascii() else "zh"
    told = [paraphrase(reading) for reading in understand(question, LEXICONS[language], language).readings]  # type: ignore[arg-type]
    assert told == [{"zh": f"列出=任务 · {zh}", "en": f"list=tasks · {en}"}]
