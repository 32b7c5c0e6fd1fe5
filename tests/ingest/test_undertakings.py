"""Force, novelty, who acts, for whom and where: what the words say, and what they do not say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from api.publication.publish import Knowledge
from ingest.fields.folding import fold
from ingest.model.document import Text
from ingest.recognise import Mention
from ingest.undertakings import Said, said
from ontology import terms
from ontology.names import ID

with (Path(__file__).parents[1] / "data/ontology/undertakings.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t"))
NAMES = {"actor": terms.actor, "beneficiary": terms.beneficiary, "scope": terms.scope, "modality": terms.modality, "novelty": terms.novelty}


def facts(words: str, known: Knowledge) -> list[Said]:
    text = Text.at_offset(words, 0)
    vocabulary = known.vocabulary
    mentions = [
        Mention(thing, "text", found.start, found.end, text[found.start : found.end])
        for found in vocabulary.find(words)
        for thing in found.things
    ]
    units = {fold(name): node for name, node in vocabulary.units.items() if vocabulary.things[node].class_ == terms.CollectiveUnit}
    return list(said(text, "text", mentions, vocabulary, units))


def test_every_property_has_words_that_say_it_and_words_that_do_not() -> None:
    assert {(row["property"], bool(row["says"])) for row in ROWS} == {(name, told) for name in NAMES for told in (True, False)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['property']}: {row['text'][:24]}")
def test_what_the_words_say(row: dict[str, str], known: Knowledge) -> None:
    found = [fact for fact in facts(row["text"], known) if fact.predicate == NAMES[row["property"]]]
    assert " ".join(dict.fromkeys(f"{ID.local(fact.value)}={fact.text.value}" for fact in found)) == row["says"]


def test_each_acts_up_to_the_next_who_acts(known: Knowledge) -> None:
    words = "支持相关机构，浦东新区认定一批战略合作伙伴，徐汇区推出一批服务商，提供支撑。鼓励机构发展。"
    reach = {ID.local(f.value): words[f.begin : f.until] for f in facts(words, known) if f.predicate == terms.actor}
    assert reach == {
        "agency/pudong-government": "浦东新区认定一批战略合作伙伴，",
        "agency/xuhui-government": "徐汇区推出一批服务商，提供支撑",
    }
