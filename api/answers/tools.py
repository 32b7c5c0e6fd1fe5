"""What a language model may ask of a service, each with what its answer rests on: search, describe, schema, query, ask, why, coverage.

Everything is read; nothing here writes. Answers are bounded in rows and bytes, and say when they are cut. ``api/http/mcp.py`` and
``zhengce mcp`` give these to clients of the Model Context Protocol.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat

import queries
from api.answers.passages import passages_of
from api.answers.questions import Questions
from api.answers.reconciliation import Reconciliation
from api.answers.row_evidence import RowEvidence
from api.answers.service import OWN, Service
from graph.errors import BadTermError
from graph.proofs.rows.worker_jobs import EvidenceRequest
from graph.proofs.why import answer as proof
from graph.proofs.why_not import MissingRow, row_missing
from graph.query.framing import QueryRequest
from graph.sparql.service_guard import form
from graph.store.engine import DatasetOf
from ontology.names import DEF, ID, PREFIXES

Language = Literal["zh", "en"]

MOST_ROWS = 500
"""A query gives so many rows or triples at most,"""
MOST_BYTES = 200_000
"""and so many bytes."""
_GRAPHS = ("CONSTRUCT", "DESCRIBE")
_TERMS = f"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?kind ?label ?about ?domain ?range WHERE {{
  VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty }}
  ?term a ?kind ; skos:prefLabel ?label ; skos:definition ?about .
  OPTIONAL {{ ?term rdfs:domain ?domain FILTER(isIRI(?domain)) }}
  OPTIONAL {{ ?term rdfs:range ?range FILTER(isIRI(?range)) }}
  FILTER(STRSTARTS(STR(?term), "{DEF}") && LANG(?label) = "%s" && LANG(?about) = "%s")
}} ORDER BY ?kind ?term
"""


class Tools:
    """The tools over a service that is open, with the question box and the names that its other doors use too."""

    def __init__(self, service: Service, questions: Questions, reconciliation: Reconciliation) -> None:
        self._service = service
        self._questions = questions
        self._reconciliation = reconciliation
        self._evidence = RowEvidence(service)
        self._passages = passages_of(service)

    async def search(self, text: str, limit: int = 10, language: Language = "zh") -> dict[str, Any]:
        """The things that a text may name, with scores, and the passages that hold it, with exact places."""
        limit = max(1, min(limit, 50))
        found = (
            await self._reconciliation.batch({"q": {"query": text, "limit": limit}}, language) if text.strip() else {"q": {"result": []}}
        )
        passages = await self._passages(text, limit) if text.strip() else {}
        return {"things": found["q"]["result"], "passages": passages}

    async def describe(self, id: str) -> dict[str, Any]:
        """What the graphs of the service say of a thing, as Turtle; raises BadTermError for what is no name of a thing."""
        iri = id if id.startswith(("http://", "https://")) else f"{ID}{id}"
        try:
            text = f"DESCRIBE {NamedNode(iri)}"
        except ValueError as error:
            raise BadTermError(iri) from error
        lines = (await self._service.answer(text, RdfFormat.N_TRIPLES, OWN)).decode().splitlines()
        return {"iri": iri, "triples": len(lines), **_cut(lines[:MOST_ROWS], len(lines))}

    async def schema(self, language: Language = "en") -> dict[str, Any]:
        """The classes and properties of the ontology, the prefixes, and the questions of the catalogue."""
        content = json.loads(await self._service.answer(_TERMS % (language, language), QueryResultsFormat.JSON, OWN))
        terms: dict[str, dict[str, Any]] = {}
        for row in content["results"]["bindings"]:
            said = {name: term["value"] for name, term in row.items()}
            term = terms.setdefault(said["term"].replace(DEF, "zc:"), {"kind": said["kind"].rpartition("#")[2], "label": said["label"]})
            term["about"] = said["about"]
            term |= {name: said[name].replace(DEF, "zc:") for name in ("domain", "range") if name in said}
        asked = {name: query.titles[language] for name, query in sorted(queries.catalogue().items())}
        return {"prefixes": dict(PREFIXES), "terms": terms, "catalogue": asked}

    async def query(self, sparql: str, limit: int = 100, evidence: bool = False, language: Language = "zh") -> dict[str, Any]:
        """The rows of a SPARQL query as CSV (triples as N-Triples), cut at a limit; with ``evidence`` as Markdown with numbered notes."""
        limit = max(1, min(limit, MOST_ROWS))
        if evidence:
            asked = EvidenceRequest(sparql, "markdown", language, DatasetOf(union=self._service.union))
            noted = (await self._evidence.answer(asked)).decode()
            return {"markdown": noted[:MOST_BYTES], "cut": len(noted) > MOST_BYTES}
        format = RdfFormat.N_TRIPLES if form(sparql) in _GRAPHS else QueryResultsFormat.CSV
        async with self._service.ask(QueryRequest(sparql, format, DatasetOf(union=self._service.union))) as reply:
            size, parts = len(reply.first), [reply.first]
            async for part in reply.rest():
                parts.append(part)
                size += len(part)
                if size > MOST_BYTES:
                    break
            whole = reply.whole
        read = b"".join(parts)
        # A line that was cut anywhere is left out.
        content = read if whole else read.rpartition(b"\n")[0]
        lines = content.decode("utf-8", "replace").splitlines()
        head = 0 if format == RdfFormat.N_TRIPLES else 1
        return _cut(lines[: limit + head], len(lines), more=not whole)

    async def ask(self, question: str, language: Language | None = None) -> dict[str, Any]:
        """The answer to a question in words with its SPARQL, evidence and coverage; or why it is declined."""
        return await self._questions.ask(question, language)

    async def why(self, subject: str, predicate: str, object: str) -> Mapping[str, Any]:
        """Why a triple holds: its proof down to the words of a notice, or the axiom and what it follows from."""
        read: Mapping[str, Any] = json.loads(await self._service.run(proof, (subject, predicate, object), "json"))
        return read

    async def why_not(self, missing: str, query: str, variable: str = "") -> Mapping[str, Any]:
        """Why a thing is in no row of a SELECT: the conditions that it does not fit, and what comes nearest."""
        asked = MissingRow(missing, query, variable, DatasetOf(union=self._service.union))
        read: Mapping[str, Any] = json.loads(await self._service.run(row_missing, asked))
        return read

    async def coverage(self, question: str, language: Language | None = None) -> dict[str, Any]:
        """What was examined for a question, and how much of it was found; None for both where it is declined."""
        told = await self._questions.ask(question, language)
        return {name: told.get(name) for name in ("understood", "declined", "reason", "coverage")}


def _cut(lines: list[str], total: int, *, more: bool = False) -> dict[str, Any]:
    text, shown = "", 0
    for line in lines:
        if len(text) + len(line) > MOST_BYTES:
            break
        text += line + "\n"
        shown += 1
    return {"text": text, "cut": more or shown < total}
