"""``zhengce mcp``: the tools of a service on standard streams, for a language model that runs on the same machine."""

from __future__ import annotations

import asyncio

from api.answers.questions import Questions
from api.answers.reconciliation import Reconciliation
from api.answers.service import Service
from api.answers.tools import Tools
from api.http.mcp import create_server
from api.settings import Settings


def serve_streams(settings: Settings) -> None:
    """Answers until the other end closes the stream."""

    async def run() -> None:
        async with Service(settings) as service:

            def snapshot() -> str:
                return str(service.snapshot.number) if service.snapshot else ""

            questions, reconciliation = Questions(service.answer, snapshot), Reconciliation(service.answer, snapshot)
            await create_server(Tools(service, questions, reconciliation)).run_stdio_async()

    asyncio.run(run())
