"""Answers that were given once, kept up to a number of bytes so that they need not be given again."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable, Sized
from typing import Generic, TypeVar

Value = TypeVar("Value", bound=Sized)
_ENTRY = 400
"""The bytes of the objects around an entry."""


class Cache(Generic[Value]):
    """The values used last, as long as they and what they are found by stay under ``capacity`` together."""

    def __init__(self, capacity: int, largest: int) -> None:
        self.capacity = capacity
        self.largest = largest
        self.size = 0
        self.hits = 0
        self.misses = 0
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        """The value under a key, if it is kept."""
        found = self._kept.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, value: Value) -> None:
        """Keeps a value, unless it is too large; what was not used for longest goes."""
        if len(value) > min(self.largest, self.capacity):
            return
        if key in self._kept:
            self.size -= _weight(key) + len(self._kept.pop(key))
        self._kept[key] = value
        self.size += _weight(key) + len(value)
        while self.size > self.capacity:
            gone, held = self._kept.popitem(last=False)
            self.size -= _weight(gone) + len(held)

    def clear(self) -> None:
        """Keeps nothing."""
        self._kept.clear()
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)


def _weight(key: Hashable) -> int:
    """The bytes that a key keeps: with many small answers to long questions it is the keys that fill the memory."""
    if isinstance(key, tuple):
        return sum(map(_weight, key))
    text = getattr(key, "text", key)
    return _ENTRY + (sys.getsizeof(text) if isinstance(text, str | bytes) else 0)
