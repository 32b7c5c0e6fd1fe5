"""Why something is missing, turned into a page: what was asked, what fails, what comes nearest, and a form to ask about something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from api.pages.site import Site, language_of
from graph.proofs.rows.footnotes import fact_in
from graph.proofs.why_not_text import VERDICTS, WORDS, note_line
from queries import catalogue


class WhyNot:
    """The page at ``/why-not``."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def why_not(self, request: Request, said: Mapping[str, Any] | None) -> Response:
        """The explanation as ``graph.proofs.why_not`` has it; the form alone where nothing was asked."""
        language = language_of(request)
        given = request.query_params
        word = 1 if language == "en" else 0
        words = {key: each[word] for key, each in WORDS.items()}
        questions = [(query.name, query.titles[language]) for query in catalogue().values() if query.form == "SELECT"]
        why = f"/why?{urlencode([(name, given.get(name, '')) for name in 'spo'])}"
        return await self.site.page(
            request,
            "why-not.html",
            said=said,
            given=given,
            verdict=VERDICTS[said["verdict"]][word] if said else "",
            words=words,
            questions=questions,
            fact=fact_in,
            note_line=note_line,
            proof=why,
        )
