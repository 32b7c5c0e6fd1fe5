"""A SELECT, turned into its rows with their evidence by two jobs of a worker: a plan of its text, which is kept, and the answer."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Awaitable, Callable
from dataclasses import replace

from api.answers.cache import Cache
from api.answers.service import OWN, Service
from graph.proofs.rows.answer import EvidencedRows
from graph.proofs.rows.formats import from_json
from graph.proofs.rows.worker_jobs import EvidenceRequest, SearchedText, answer, prepare, searched
from graph.sparql.search_service import mentions_search

EvidenceOf = Callable[[str], Awaitable[EvidencedRows]]
"""The rows of a query of ours with their evidence."""

_PLANS = 8 << 20
_LARGEST_PLAN = 1 << 20


class RowEvidence:
    """Evidence over the snapshot that a service reads."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._plans: Cache[bytes] = Cache(_PLANS, _LARGEST_PLAN)
        """What a worker made of each text; it holds whatever snapshot is read. It is handed back to workers and never read here."""

    async def answer(self, asked: EvidenceRequest, seconds: float | None = None) -> bytes:
        """The bytes of an answer with evidence; raises NoEvidenceError where a part of the query has none."""
        kept = self._service.answers.get(("evidence", asked))
        if kept is not None:
            return kept
        snapshot = self._service.snapshot
        read = SearchedText(asked.text, asked.text)
        if mentions_search(asked.text):
            # What a search finds is of this snapshot, and becomes a part of the text.
            found = pickle.loads(await self._service.run(searched, asked.text, seconds=seconds))  # noqa: S301 - a worker's
            assert isinstance(found, SearchedText)
            read = found
        plan = self._plans.get((read.evident, asked.base))
        if plan is None:
            plan = await self._service.run(prepare, read.evident, asked.base, seconds=seconds)
            self._plans.put((read.evident, asked.base), plan)
        content = await self._service.run(answer, plan, replace(asked, text=read.text), seconds=seconds)
        if self._service.lasting and snapshot == self._service.snapshot:
            self._service.answers.put(("evidence", asked), content)
        return content

    async def rows(self, text: str) -> EvidencedRows:
        """The rows of a query of ours with their evidence."""
        return await asyncio.to_thread(from_json, await self.answer(EvidenceRequest(text, dataset=OWN)))
