"""Answers that were given once, kept up to a number of bytes so that they need not be given again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sized
from typing import Generic, TypeVar

Value = TypeVar("Value", bound=Sized)


class Cache(Generic[Value]):
    """The values used last, as long as their lengths together stay under ``capacity``."""

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
            self.size -= len(self._kept.pop(key))
        self._kept[key] = value
        self.size += len(value)
        while self.size > self.capacity:
            _, gone = self._kept.popitem(last=False)
            self.size -= len(gone)

    def clear(self) -> None:
        """Keeps nothing."""
        self._kept.clear()
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)
