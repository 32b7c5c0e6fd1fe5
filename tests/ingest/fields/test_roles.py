"""Printed duties: what stands before the first label and after each, without the labels."""

from __future__ import annotations

import pytest

from ingest.fields.roles import duties
from ingest.model.document import Text
from ingest.model.drafts import Duty


@pytest.mark.parametrize(
    ("printed", "runs"),
    [
        ("市科委，配合单位：市教委", [("responsible", "市科委"), ("cooperate", "市教委")]),
        ("配合单位：市教委", [("cooperate", "市教委")]),
        ("牵头单位：市科委；配合单位：市教委、市卫生健康委", [("lead", "市科委"), ("cooperate", "市教委、市卫生健康委")]),
        ("市科委、市教委", [("responsible", "市科委、市教委")]),
    ],
)
def test_labels_are_no_names(printed: str, runs: list[tuple[str, str]]) -> None:
    found = duties(Duty(role="responsible", text=Text.at_offset(printed, 0)))
    assert [(run.role, run.text.value.strip("，,")) for run in found.runs] == runs
