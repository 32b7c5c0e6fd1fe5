"""The command line: ``zhengce serve``, ``ingest``, ``remove``, ``extract``, ``query``, ``why``, ``export``, ``snapshots``.

Each error is one sentence on standard error and exit code 1. What a command needs is imported when it runs, so that it starts at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.settings import Settings

app = typer.Typer(
    help="政策：读政府任务文件，成为每个事实都指向原文的知识图谱。"
    " Reads government task documents into a graph whose every fact points to its characters.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Data = Annotated[
    Path | None, typer.Option("--data", help="数据文件夹（默认 ZHENGCE_DATA 或 ./data）。 The data folder.", show_default=False)
]
Source = Annotated[str | None, typer.Option("--source", help="文件取自的网址。 The address the file was taken from.", show_default=False)]


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def serve(
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="端口。 The port.", show_default="8000")] = None,
) -> None:
    """启动服务；数据文件夹为空时先读入随附的通知。 Serve; an empty data folder gets the shipped notice first."""
    with _reported():
        from api.app import run
        from api.cli.first_snapshot import first_snapshot

        settings = _settings(data, port)
        first_snapshot(settings)
        print(f"http://{settings.host}:{settings.port}", flush=True)
        run(settings)


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(help="文件。 The files.", show_default=False)],
    data: Data = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只读不写。 Read only, write nothing.")] = False,
    processes: Annotated[
        int, typer.Option(help="多份文件时并行的进程数。 Processes that share many files.", show_default="cores", min=1)
    ] = os.cpu_count() or 1,
    source: Source = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="把读到和没有读到的写成一张网页。 A page of what was read and what was not.", show_default=False),
    ] = None,
) -> None:
    """读入文件（或文件夹），校验后作为一个新快照发布。 Read, validate and publish files or folders as one new snapshot."""
    with _reported():
        from api.cli.ingest_command import ingest_files

        if not ingest_files(files, _settings(data), dry_run=dry_run, processes=processes, source=source, page=report):
            raise typer.Exit(1)


@app.command()
def remove(
    key: Annotated[str, typer.Argument(help="通知的键，如 huzhiban-2026-2。 The key of a notice.", show_default=False)], data: Data = None
) -> None:
    """移除一份通知的图，作为一个新快照发布；此前的快照仍保留它。 Publish a snapshot without one notice; earlier ones keep it."""
    with _reported():
        from api.publication.publish import remove as removed
        from graph.store.snapshot import Snapshots

        settings = _settings(data)
        removed(key.rpartition("/")[2], Snapshots(settings.data, settings.keep_snapshots))


@app.command()
def extract(file: Annotated[Path, typer.Argument(help="文件。 The file.", show_default=False)], source: Source = None) -> None:
    """一份文件的记录，JSON，不写入任何数据。 The records of one document as JSON; no store is touched."""
    import json

    with _reported():
        import ontology
        from ingest.extract import extract as extracted
        from ingest.parse import parse
        from ingest.read import read
        from ingest.recognise import recognise
        from ingest.vocabulary import vocabulary

        known = vocabulary(ontology.triples())
        limits = _settings(None).reading
        said = extracted(recognise(parse(read(file, limits, source), limits), known), known)
        print(json.dumps(said, ensure_ascii=False, indent=1))


@app.command()
def query(
    file: Annotated[Path | None, typer.Argument(help="SPARQL 文件。 A file of SPARQL.", show_default=False)] = None,
    text: Annotated[str | None, typer.Option("-e", help="SPARQL 文本。 The text of the query.", show_default=False)] = None,
    format: Annotated[
        str,
        typer.Option(help="table | json | xml | csv | tsv | turtle | ntriples | nquads | trig | rdfxml | jsonld", show_default="table/tsv"),
    ] = "",
    data: Data = None,
) -> None:
    """执行 SPARQL 查询；终端上显示表格。 Run a SPARQL query; a table on a terminal."""
    with _reported():
        from api.cli.output import print_answer

        if (file is None) == (text is None):
            _fail("请给出一个文件或 -e 文本。 Give either a file or -e TEXT.")
        print_answer(text if text is not None else _text(file or Path()), format, _settings(data))


@app.command()
def why(
    subject: Annotated[str, typer.Argument(help="主语：task/9、IRI 或名称。 Subject: a key, an IRI or a name.", show_default=False)],
    predicate: Annotated[str, typer.Argument(help="谓语：involvesIndustry。 Predicate.", show_default=False)],
    object: Annotated[str, typer.Argument(help="宾语：低空航空、industry/aviation。 Object.", show_default=False)],
    *,
    format: Annotated[str, typer.Option(help="text | json | turtle")] = "text",
    lang: Annotated[str, typer.Option(help="zh | en")] = "zh",
    data: Data = None,
) -> None:
    """一条事实为何成立：推理所依据的公理，直到原文的字句。 The proof of one triple, down to the quoted characters."""
    with _reported():
        from api.cli.output import print_proof

        print_proof((subject, predicate, object), format, lang, _settings(data))


@app.command()
def export(
    data: Data = None,
    graph: Annotated[
        str | None, typer.Option(help="只导出一个图（IRI 或其末段）。 One graph only, by IRI or last part.", show_default=False)
    ] = None,
    format: Annotated[str, typer.Option(help="nquads | trig | turtle | ntriples")] = "trig",
) -> None:
    """导出整个图谱。 Write the whole graph to standard output."""
    with _reported():
        from api.cli.output import print_graphs

        print_graphs(graph, format, _settings(data))


@app.command()
def validate(file: Annotated[Path, typer.Argument(help="RDF 文件。 A file of RDF.", show_default=False)]) -> None:
    """按形状校验一个 RDF 文件，连同由它推得的事实；不写任何数据。 Check a file of RDF, and what follows from it, against the shapes."""
    with _reported():
        from api.cli.output import print_violations

        if not print_violations(file):
            raise typer.Exit(1)


@app.command()
def snapshots(
    action: Annotated[str | None, typer.Argument(help="rollback", show_default=False)] = None,
    number: Annotated[int | None, typer.Argument(help="快照编号。 Number of the snapshot.", show_default=False)] = None,
    data: Data = None,
) -> None:
    """列出保留的快照；rollback N 回到其中一个。 List the snapshots kept; ``rollback N`` goes back to one."""
    with _reported():
        from api.cli.output import print_snapshots
        from graph.store.snapshot import Snapshots

        settings = _settings(data)
        if action is not None:
            if action != "rollback" or number is None:
                _fail("用法：zhengce snapshots rollback N。 Usage: zhengce snapshots rollback N.")
            Snapshots(settings.data, settings.keep_snapshots).rollback(number)
        print_snapshots(settings)


def _settings(data: Path | None, port: int | None = None) -> Settings:
    from dataclasses import replace

    from api.settings import Settings

    settings = Settings.from_environment()
    return replace(settings, data=data or settings.data, port=settings.port if port is None else port)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file}: {error}")


@contextmanager
def _reported() -> Iterator[None]:
    """Turns the errors that a person can do something about into one sentence and exit code 1."""
    from api.settings import SettingError
    from graph.errors import GraphError
    from ingest.errors import IngestError
    from queries.errors import QueryError

    try:
        yield
    except (IngestError, GraphError, QueryError, SettingError) as error:
        _fail(str(error))
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)
