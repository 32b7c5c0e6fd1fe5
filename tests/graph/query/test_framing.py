"""Questions and answers pass between two processes whole, in order, and with the errors that they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat

from graph.query import framing
from graph.query.framing import DATA, HEAD, LAST, QUESTION, QueryRequest, frame, pack
from graph.store.embedded_store import DatasetOf


@given(st.integers(0, 255), st.binary(max_size=2000))
def test_a_frame_says_its_kind_and_its_length(kind: int, content: bytes) -> None:
    made = frame(kind, content)
    assert HEAD.unpack(made[: HEAD.size]) == (kind, len(content))
    assert made[HEAD.size :] == content


def test_frames_follow_each_other_without_a_gap() -> None:
    joined = frame(DATA, b"ab") + frame(LAST)
    kind, length = HEAD.unpack(joined[: HEAD.size])
    assert (kind, joined[HEAD.size : HEAD.size + length]) == (DATA, b"ab")
    assert HEAD.unpack(joined[HEAD.size + length :]) == (LAST, 0)


@pytest.mark.parametrize("format", [QueryResultsFormat.JSON, QueryResultsFormat.CSV, RdfFormat.TURTLE, RdfFormat.N_QUADS])
@pytest.mark.parametrize(
    "dataset",
    [
        DatasetOf(),
        DatasetOf(union=False),
        DatasetOf(union=True, own=True),
        DatasetOf((NamedNode("http://e/a"),), (NamedNode("http://e/b"), NamedNode("http://e/c")), union=False),
    ],
)
def test_a_question_is_the_same_on_the_other_side(format: QueryResultsFormat | RdfFormat, dataset: DatasetOf) -> None:
    asked = QueryRequest("SELECT * { ?s ?p '低空\U0001f681' }", format, dataset, "http://base/")
    made = pack(asked)
    kind, length = HEAD.unpack(made[: HEAD.size])
    assert (kind, length) == (QUESTION, len(made) - HEAD.size)
    assert framing.unpack(made[HEAD.size :]) == asked
