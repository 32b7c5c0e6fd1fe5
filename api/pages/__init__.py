"""Pages for people, in Chinese and English: rows of a query, turned into HTML that works without scripts."""

from __future__ import annotations

from fastapi import APIRouter

from api.answers.questions import Questions
from api.pages import as_read, assets, docs, home, lists, overview, search, tasks, vocabulary, workbench
from api.pages.ask import AskPages
from api.pages.changes import ChangesPages
from api.pages.proofs import Proofs
from api.pages.questions import QuestionPages
from api.pages.site import Site
from api.pages.tasks import TaskList
from api.pages.things import Things
from api.pages.why_not import WhyNot
from api.pages.workbench import Workbench

__all__ = ["AskPages", "ChangesPages", "Proofs", "QuestionPages", "Site", "Things", "WhyNot", "Workbench", "create_router"]


def create_router(site: Site, questions: Questions | None = None, words: search.PassagesOf | None = None) -> APIRouter:
    """The pages and the files they load; the catalogue and the things have pages at their own addresses."""
    router = APIRouter()
    listed = TaskList(site)
    for each in (
        assets.create_router(),
        home.create_router(site),
        tasks.create_router(site, listed),
        as_read.create_router(site),
        overview.create_router(site, listed),
        lists.create_router(site),
        vocabulary.create_router(site),
        workbench.create_router(site),
        docs.create_router(site),
    ):
        router.include_router(each, include_in_schema=False)
    router.include_router(search.create_router(site, questions, words))
    return router
