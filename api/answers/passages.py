"""A text, turned into the passages that hold it by a job of a worker."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from api.answers.service import Service
from graph.query.passage_search import search
from graph.store.passage_index import NAME


def passages_of(service: Service) -> Callable[[str, int], Awaitable[Mapping[str, Any]]]:
    """The passages of the snapshot that is served which hold a text, so many at most."""

    async def passages(text: str, limit: int) -> Mapping[str, Any]:
        current = service.snapshot
        folder = str(current.folder / NAME) if current and (current.folder / NAME).is_dir() else ""
        found: Mapping[str, Any] = json.loads(await service.run(search, folder, text, limit))
        return found

    return passages
