"""Kept answers and the questions that find them stay under a number of bytes together."""

from __future__ import annotations

import sys

from pyoxigraph import QueryResultsFormat

from api.answers.cache import Cache
from graph.query.framing import QueryRequest


def test_what_was_used_last_stays() -> None:
    cache: Cache[bytes] = Cache(7_500, 10_000)
    for key in range(2):
        cache.put(key, b"x" * 3000)
    assert cache.get(0)
    cache.put(2, b"x" * 3000)
    assert [cache.get(key) is not None for key in range(3)] == [True, False, True]
    assert cache.size <= cache.capacity


def test_long_questions_with_short_answers_do_not_fill_the_memory() -> None:
    cache: Cache[bytes] = Cache(1 << 20, 1 << 20)
    for number in range(1000):
        cache.put(QueryRequest(f"ASK {{}} # {number} {'政' * 5000}", QueryResultsFormat.JSON), b"true")
        cache.put((f"{number}{'x' * 5000}", b"y" * 5000), b"true")
    questions = sum(sys.getsizeof(key.text) for key in cache._kept if isinstance(key, QueryRequest))
    pairs = sum(sum(map(sys.getsizeof, key)) for key in cache._kept if isinstance(key, tuple))
    assert 0.5 * cache.capacity < questions + pairs < cache.size <= cache.capacity


def test_what_is_replaced_and_cleared_counts_no_more() -> None:
    cache: Cache[bytes] = Cache(1 << 20, 1 << 20)
    cache.put("key", b"x" * 1000)
    once = cache.size
    cache.put("key", b"y" * 1000)
    assert cache.size == once
    cache.clear()
    assert cache.size == 0
