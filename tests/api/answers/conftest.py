"""The question box over the shipped notice: its lexicons are made once, and each of its queries is evaluated once, as the service does."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from api.answers.questions import Questions
from benchmarks.ask import box as box_of


@pytest.fixture(scope="session")
def box(dataset: Store) -> Questions:
    """The box. What it answers depends on nothing that was asked before: the graphs are not written to."""
    evaluate = box_of(dataset)._answer
    evaluated: dict[tuple[str, QueryResultsFormat | RdfFormat], bytes] = {}

    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        if (text, format) not in evaluated:
            evaluated[text, format] = await evaluate(text, format)
        return evaluated[text, format]

    return Questions(answer, lambda: "1")
