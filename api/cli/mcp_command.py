"""``zhengce mcp``: the tools of a service on standard streams, for a language model that runs on the same machine."""

from __future__ import annotations

import asyncio

from api.answers.service import Service
from api.answers.tools import Tools
from api.http.mcp import create_server
from api.settings import Settings


def serve_streams(settings: Settings) -> None:
    """Answers until the other end closes the stream."""

    async def run() -> None:
        async with Service(settings) as service:
            await create_server(Tools(service)).run_stdio_async()

    asyncio.run(run())
