"""How often a client may ask: a bucket each, filled with time, and how long to wait where it is empty."""

from __future__ import annotations

import pytest

from api.http.errors import RateError
from api.http.rate import RateLimiter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def asked(limiter: RateLimiter, client: str = "a") -> bool:
    try:
        limiter.check(client)
    except RateError:
        return False
    return True


def test_a_burst_and_then_so_many_a_second() -> None:
    clock = Clock()
    limiter = RateLimiter(2, 3, clock)
    assert [asked(limiter) for _ in range(5)] == [True, True, True, False, False]
    clock.now += 0.5
    assert [asked(limiter) for _ in range(2)] == [True, False]
    clock.now += 1000
    assert [asked(limiter) for _ in range(4)] == [True, True, True, False]


def test_clients_do_not_share_a_bucket() -> None:
    limiter = RateLimiter(1, 1, Clock())
    assert [asked(limiter, client) for client in "aabb"] == [True, False, True, False]


def test_no_rate_sets_no_limit_and_no_burst_is_one() -> None:
    assert all(asked(RateLimiter(0, 1, Clock())) for _ in range(9))
    limiter = RateLimiter(1, 0, Clock())
    assert [asked(limiter), asked(limiter)] == [True, False]


@pytest.mark.parametrize(("rate", "seconds"), [(10, 1), (0.1, 10), (0.25, 4)])
def test_the_refusal_says_how_long_to_wait(rate: float, seconds: int) -> None:
    limiter = RateLimiter(rate, 1, Clock())
    limiter.check("a")
    with pytest.raises(RateError) as caught:
        limiter.check("a")
    assert caught.value.retry_after == seconds


def test_whoever_asked_longest_ago_is_forgotten_first() -> None:
    limiter = RateLimiter(1, 1, Clock())
    for number in range(10_000):
        limiter.check(str(number))
    assert not asked(limiter, "1")
    assert asked(limiter, "new")
    assert asked(limiter, "0")
    assert not asked(limiter, "1")
