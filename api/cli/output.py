"""``zhengce query``, ``why``, ``export``, ``snapshots`` and ``validate``: answers, turned into tables on a terminal or bytes for a pipe."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Triple, parse, serialize
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.answers.questions import Questions
from api.answers.told import shown
from api.cli.errors import UsageError
from api.cli.language import language, told
from api.publication.publish import knowledge
from api.settings import Settings
from graph.errors import BadDataError, BadQueryError, NothingPublishedError, UnknownGraphError
from graph.proofs.rows.answer import EvidencedRows
from graph.proofs.rows.footnotes import footnotes
from graph.proofs.rows.formats import short
from graph.proofs.rows.worker_jobs import Kind, rows_with_evidence, written
from graph.proofs.why import answer
from graph.query.csv_rows import write_csv
from graph.query.passage_search import found
from graph.query.xml_text import sink_for
from graph.sparql.datasets import dataset_read
from graph.sparql.graph_scope import refuse_unbound_graphs
from graph.sparql.search_hits import with_hits
from graph.sparql.service_guard import relayed
from graph.store.engine import DatasetOf, Store, bad_data, translated
from graph.store.passage_index import beside
from graph.store.snapshot import Snapshot, Snapshots
from ontology.names import GRAPH, PREFIXES

_LOOKED_AT = 64 << 20
"""Bytes whose digests are computed before a question is answered from a terminal, which takes 0.1 s."""
RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def print_answer(text: str, format: str, settings: Settings) -> None:
    """Runs a query over the current snapshot and writes its answer to standard output."""
    known = ("table", *RESULTS, *GRAPHS)
    if format and format not in known:
        raise _format(format, known)
    # This process evaluates itself, and may open connections: what the service refuses is refused here too.
    store = opened(settings)
    searched = with_hits(store, text)
    read = relayed(searched.text)
    refuse_unbound_graphs(read)
    try:
        result = store.answer(read, dataset_read(read, DatasetOf(union=settings.default_graph == "union")))
    except BadQueryError as error:
        raise searched.moved(error, text) from error
    format = format or ("table" if sys.stdout.isatty() else "")
    with translated():
        if isinstance(result, QuerySolutions) and format == "table":
            _table([variable.value for variable in result.variables], ([_shown(term) for term in row] for row in result))
        elif isinstance(result, QueryBoolean) and format == "table":
            print("true" if result else "false")
        elif isinstance(result, QueryTriples):
            chosen = GRAPHS.get(format, RdfFormat.TURTLE)
            serialize(result, sink_for(chosen, sys.stdout.buffer), format=chosen, prefixes=PREFIXES)
        elif format in GRAPHS:
            raise UsageError(f"--format {format} 只用于 CONSTRUCT 与 DESCRIBE。", f"--format {format} is for CONSTRUCT and DESCRIBE alone.")
        elif isinstance(result, QuerySolutions) and format == "csv":
            write_csv(result, sys.stdout.buffer)
        else:
            chosen_results = RESULTS.get(format, QueryResultsFormat.TSV)
            result.serialize(sink_for(chosen_results, sys.stdout.buffer), format=chosen_results)


def print_rows_with_evidence(text: str, format: str, spoken: str, settings: Settings) -> None:
    """Runs a SELECT over the current snapshot and writes its rows with their evidence: a table and its notes, JSON, CSV or Markdown."""
    kinds: dict[str, Kind] = {"json": "json", "csv": "csv", "markdown": "markdown"}
    if format and format not in {"table", *kinds}:
        raise _format(format, ("table", *kinds))
    dataset = DatasetOf(union=settings.default_graph == "union")
    found = rows_with_evidence(opened(settings), text, dataset=dataset)
    if format in kinds or not (format or sys.stdout.isatty()):
        sys.stdout.buffer.write(written(found, kinds.get(format, "markdown"), spoken))
        return
    notes = footnotes(found)
    rows = []
    for row, evidence, numbers in zip(found.rows, found.evidence, notes.rows, strict=True):
        said = " ".join(map(str, numbers)) if evidence.why_not is None else evidence.why_not[spoken == "en"]
        rows.append([*map(_shown, row), said])
    _table([*found.columns, told("证据", "evidence")], rows)
    for note in notes.notes:
        print(f"{note.number}. {note.sentence(spoken)}")
    for pattern in found.examined:
        print(told(f"已查，没有：{short(pattern)}", f"Examined and not there: {short(pattern)}"))


def print_passages(text: str, format: str, limit: int, settings: Settings) -> bool:
    """Writes the passages of the current snapshot that hold a text to standard output; whether there is one."""
    if format not in {"text", "json"}:
        raise _format(format, ("text", "json"))
    store = opened(settings)
    said = found(store, str(store.passages or ""), text, limit)
    if format == "json":
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return bool(said["count"])
    console = Console(highlight=False, soft_wrap=True)
    for each in said["passages"]:
        line = Text(each["text"])
        for start, end in each["places"]:
            line.stylize("bold red", start, end)
        numbers = "、".join(task["number"] for task in each["tasks"])
        console.print(Text(f"{told('任务', 'Task')} {numbers}  " if numbers else ""), line, sep="")
    count, shown_ = said["count"], len(said["passages"])
    print(told(f"{count} 段，列出 {shown_} 段。", f"{count} passages, {shown_} listed."), file=sys.stderr)
    return bool(count)


def print_graphs(graph: str | None, format: str, settings: Settings) -> None:
    """Writes the store, or one graph of it, to standard output."""
    chosen = GRAPHS.get(format)
    if chosen is None or (graph is None and not chosen.supports_datasets):
        known = sorted(name for name, each in GRAPHS.items() if graph is not None or each.supports_datasets)
        raise _format(format, known)
    engine = opened(settings).engine
    with translated():
        if graph is None:
            engine.dump(sys.stdout.buffer, format=chosen, prefixes=PREFIXES)
            return
        node = NamedNode(graph) if ":" in graph else GRAPH[graph]
        if not engine.contains_named_graph(node):
            raise UnknownGraphError(node.value)
        engine.dump(sys.stdout.buffer, format=chosen, from_graph=node, prefixes=PREFIXES)


def print_proof(words: tuple[str, str, str], format: str, language: str, settings: Settings) -> None:
    """Writes the proof of the triple that three words name to standard output."""
    if format not in {"text", "json", "turtle"} or language not in {"zh", "en"}:
        raise _format(format, ("text", "json", "turtle"))
    proof = answer(opened(settings), words, format, language)  # type: ignore[arg-type]
    sys.stdout.buffer.write(proof.rstrip() + b"\n")


def print_violations(file: Path) -> bool:
    """Writes each breach of the shapes in a file of RDF, read beside the vocabulary with what follows from both; whether there is none.

    Raises BadDataError where the file is no RDF of the format that its name says.
    """
    format = RdfFormat.from_extension(file.suffix.removeprefix("."))
    if format is None:
        known = " ".join(f".{each.file_extension}" for each in GRAPHS.values())
        raise BadDataError(f"{file.name}: {known}")
    try:
        triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(path=str(file), format=format)}
    except (OSError, SyntaxError, ValueError) as error:
        raise bad_data(f"{file.name}: {error}") from error
    known_ = knowledge()
    violations = known_.validator.validate(triples.union(known_.background.infer(triples)))
    for violation in violations:
        print(told(violation.sentence("zh"), f"/ {violation.sentence('en')}" if language() is None else violation.sentence("en")))
    counts = (f"{len(triples):,} 条三元组，{len(violations):,} 处不符。", f"{len(triples):,} triples, {len(violations):,} breaches.")
    print(told(*counts))
    return not violations


def print_snapshots(settings: Settings) -> None:
    """Writes a table of the snapshots that are kept."""
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    current = snapshots.current()
    rows = (
        [
            "*" if current and each.number == current.number else "",
            str(each.number),
            each.published.isoformat(timespec="seconds"),
            str(each.quads),
        ]
        for each in snapshots.history()
    )
    _table([told("现用", "current"), told("编号", "number"), told("发布", "published"), told("事实", "quads")], rows)


def _format(given: str, known: Iterable[str]) -> UsageError:
    names = " | ".join(known)
    return UsageError(f"没有格式 {given}，可用：{names}。", f"There is no format {given}; there are: {names}.")


def opened(settings: Settings) -> Store:
    """The store of the snapshot that is served, looked at, with the index of its passages."""
    current = _current(settings)
    store = Store.open(current.path)
    store.passages = beside(current.path)
    return store


def _current(settings: Settings) -> Snapshot:
    """The snapshot that is served, looked at."""
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    current = snapshots.current()
    if current is None:
        raise NothingPublishedError(str(settings.data))
    snapshots.verify(current, _LOOKED_AT)
    return current


def _table(columns: Iterable[str], rows: Iterable[list[str]]) -> None:
    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _shown(term: object) -> str:
    """A term as people read it: IRIs by prefix, literals by value."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        for prefix, start in PREFIXES.items():
            if term.value.startswith(start):
                return f"{prefix}:{term.value[len(start) :]}"
        return term.value
    return str(getattr(term, "value", term))


def answering(store: Store) -> Callable[[str, QueryResultsFormat | RdfFormat], Awaitable[bytes]]:
    """The function that answers queries of ours over a store, as a service has one."""

    async def answer_(text: str, form: QueryResultsFormat | RdfFormat) -> bytes:
        assert isinstance(form, QueryResultsFormat)
        sink = BytesIO()
        result = store.answer(text, DatasetOf(union=True))
        assert isinstance(result, QuerySolutions | QueryBoolean)
        with translated():
            result.serialize(sink, form)
        return sink.getvalue()

    return answer_


def _footnoted(proof: Mapping[str, Any], spoken: str) -> Iterator[str]:
    """The rows of a query with the numbers of their footnotes, and these; or why there are none."""
    language_ = "en" if spoken == "en" else "zh"
    if "refused" in proof:
        yield told(f"没有证据：{proof['refused']['zh']}", f"No evidence: {proof['refused']['en']}")
        return
    for row, numbers, evidence in zip(proof["rows"], proof["marks"], proof["evidence"]["rows"], strict=True):
        marks = " ".join(f"[{number}]" for number in numbers) if evidence["notes"] is not None else evidence["reason"][language_]
        yield f"{' | '.join('' if cell is None else str(cell) for cell in row)}  {marks}"
    for note in proof["footnotes"]:
        yield f"[{note['number']}] {note[language_]}"


def print_answer_in_words(question: str, format: str, spoken: str, settings: Settings, *, evidence: bool = False) -> bool:
    """Answers a question in words over the current snapshot; whether it was answered. ``format`` is text or json.

    With ``evidence`` the footnotes of its rows come with it.
    """
    if format not in {"text", "json"}:
        raise _format(format, ("text", "json"))
    store = opened(settings)

    async def evident(text: str) -> EvidencedRows:
        return rows_with_evidence(store, text, dataset=DatasetOf(union=True))

    outcome = asyncio.run(Questions(answering(store), lambda: "").ask(question, evidence=evident if evidence else None))
    if format == "json":
        print(json.dumps(outcome, ensure_ascii=False, indent=1))
    else:
        print(*shown(outcome, "en" if spoken == "en" else "zh"), sep="\n")
        for proof in outcome.get("proofs", ()):
            print(*_footnoted(proof, spoken), sep="\n")
    return not outcome["declined"]
