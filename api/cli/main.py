"""The command line: the commands of ``zhengce``, each a thin function over the rooms that do its work.

Each error is one sentence on standard error, in the language of its reader, and exit code 1; 2 stands for a command line that cannot be
read, 3 for a fault of the program's own (docs/problems.md). What a command needs is imported when it runs, so that it starts at once.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.compare_command import compare
from api.cli.errors import UsageError
from api.cli.language import Lang, language
from api.cli.link_options import link
from api.cli.running import Data, at_hand, note_changes, reported, settings_of, text_of
from api.cli.watch_command import changes, watch

if TYPE_CHECKING:
    pass

app = typer.Typer(
    help="政策：读政府任务文件，成为每个事实都指向原文的知识图谱。"
    " Reads government task documents into a graph whose every fact points to its characters.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

store = typer.Typer(help="别处的 SPARQL 引擎。 An engine elsewhere.", no_args_is_help=True)
app.add_typer(store, name="store")

Source = Annotated[str | None, typer.Option("--source", help="文件取自的网址。 The address the file was taken from.", show_default=False)]


def main() -> None:
    """Run the command line."""
    app()


@app.callback()
def _options(lang: Lang = None) -> None:
    """政策：读政府任务文件，成为每个事实都指向原文的知识图谱。 Task documents as a graph whose every fact points to its characters."""


@app.command()
def serve(
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="端口。 The port.", show_default="8000")] = None,
    lang: Lang = None,
) -> None:
    """启动服务；数据文件夹为空时先读入随附的通知。 Serve; an empty data folder gets the shipped notice first."""
    with reported():
        from api.cli.prerequisites import check_address, check_limits

        settings = settings_of(data, port)
        check_limits(serving=True)
        check_address(settings.host, settings.port)
        from api.app import run
        from api.cli.first_snapshot import first_snapshot

        first_snapshot(settings)
        if settings.remote:
            from api.cli.store_commands import warn_of_engine

            warn_of_engine(settings)
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
    scheduler: Annotated[
        str | None,
        typer.Option(help="改由 Dask 集群读入，tcp://…（zhengce[cluster]）。 Read by a Dask cluster instead.", show_default=False),
    ] = None,
    source: Source = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="把读到和没有读到的写成一张网页。 A page of what was read and what was not.", show_default=False),
    ] = None,
    lang: Lang = None,
) -> None:
    """读入文件（或文件夹），校验后作为一个新快照发布。 Read, validate and publish files or folders as one new snapshot."""
    with reported():
        from api.cli.prerequisites import check_writable

        settings = settings_of(data)
        if not dry_run:
            check_writable(settings.data)
        from api.cli.ingest_command import Means, ingest_files

        made_by = Means(processes, scheduler)
        read = ingest_files(files, settings, dry_run=dry_run, means=made_by, source=source, page=report)
        note_changes(settings)
        if not read:
            raise typer.Exit(1)


@app.command()
def remove(
    key: Annotated[str, typer.Argument(help="通知的键，如 huzhiban-2026-2。 The key of a notice.", show_default=False)],
    data: Data = None,
    lang: Lang = None,
) -> None:
    """移除一份通知的图，作为一个新快照发布；此前的快照仍保留它。 Publish a snapshot without one notice; earlier ones keep it."""
    with reported():
        from api.answers.remote_engine import writing
        from api.publication.publish import remove as removed

        settings = settings_of(data)
        with writing(settings) as snapshots:
            removed(key.rpartition("/")[2], snapshots)
        note_changes(settings)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="文件。 The file.", show_default=False)],
    source: Source = None,
    lang: Lang = None,
) -> None:
    """一份文件的记录，JSON，不写入任何数据；压缩包则逐个文件，以名称为键。
    The records of one document as JSON, of an archive those of each file by name; no store is touched."""
    with reported():
        from api.cli.extract_command import extract_file

        if not extract_file(file, settings_of(None).reading, source):
            raise typer.Exit(1)


@app.command()
def query(
    file: Annotated[Path | None, typer.Argument(help="SPARQL 文件。 A file of SPARQL.", show_default=False)] = None,
    text: Annotated[str | None, typer.Option("-e", help="SPARQL 文本。 The text of the query.", show_default=False)] = None,
    *,
    format: Annotated[
        str,
        typer.Option(help="table | json | xml | csv | tsv | turtle | ntriples | nquads | trig | rdfxml | jsonld", show_default="table/tsv"),
    ] = "",
    evidence: Annotated[
        bool, typer.Option("--evidence", help="每行带证据：table | json | csv | markdown。 Each row with its evidence, in these formats.")
    ] = False,
    data: Data = None,
    lang: Lang = None,
) -> None:
    """执行 SPARQL 查询；终端上显示表格。 Run a SPARQL query; a table on a terminal."""
    with reported():
        from api.cli.output import print_answer, print_rows_with_evidence

        if (file is None) == (text is None):
            raise UsageError("请给出一个文件或 -e 文本。", "Give either a file or -e TEXT.")
        asked = text if text is not None else text_of(file or Path())
        if evidence:
            print_rows_with_evidence(asked, format, language() or "zh", at_hand(data))
        else:
            print_answer(asked, format, at_hand(data))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="一句中文或英文。 A sentence in Chinese or English.", show_default=False)],
    *,
    format: Annotated[str, typer.Option(help="text | json")] = "text",
    evidence: Annotated[bool, typer.Option("--evidence", help="每行带证据。 Each row with its evidence.")] = False,
    lang: Lang = None,
    data: Data = None,
) -> None:
    """用一句话提问；没有读懂就说明，不答别的问题。 Ask in a sentence; what is not understood is declined."""
    with reported():
        from api.cli.output import print_answer_in_words

        if not print_answer_in_words(question, format, language() or "zh", at_hand(data), evidence=evidence):
            raise typer.Exit(1)


@app.command()
def mcp(*, data: Data = None) -> None:
    """以标准输入输出向语言模型提供工具（Model Context Protocol）。 Tools for a language model, on standard streams."""
    with reported():
        from api.cli.mcp_command import serve_streams

        serve_streams(at_hand(data))


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="要找的文字，任意长短。 The characters to look for.", show_default=False)],
    *,
    limit: Annotated[int, typer.Option(help="最多几段。 So many passages at most.", min=1, max=1000)] = 20,
    format: Annotated[str, typer.Option(help="text | json")] = "text",
    lang: Lang = None,
    data: Data = None,
) -> None:
    """原文中有这些字的段落，最密集的在前；没有就以 1 结束。 The passages that hold these characters; exit code 1 where none does."""
    with reported():
        from api.cli.output import print_passages

        if not print_passages(text, format, limit, at_hand(data)):
            raise typer.Exit(1)


@app.command()
def why(
    subject: Annotated[str, typer.Argument(help="主语：task/9、IRI 或名称。 Subject: a key, an IRI or a name.", show_default=False)],
    predicate: Annotated[str, typer.Argument(help="谓语：involvesIndustry。 Predicate.", show_default=False)],
    object: Annotated[str, typer.Argument(help="宾语：低空航空、industry/aviation。 Object.", show_default=False)],
    *,
    format: Annotated[str, typer.Option(help="text | json | turtle")] = "text",
    lang: Lang = None,
    data: Data = None,
) -> None:
    """一条事实为何成立：推理所依据的公理，直到原文的字句。 The proof of one triple, down to the quoted characters."""
    with reported():
        from api.cli.output import print_proof

        print_proof((subject, predicate, object), format, language() or "zh", at_hand(data))


@app.command("why-not")
def why_not(
    words: Annotated[
        list[str],
        typer.Argument(
            help="事物，再加目录里的问题、.rq 文件或 SPARQL；或三个词。 A thing and a question, a file or SPARQL; or a triple.",
            show_default=False,
        ),
    ],
    *,
    value: Annotated[list[str] | None, typer.Option("--value", "-v", help="问题的参数，名称=值。 name=value of a parameter.")] = None,
    variable: Annotated[str, typer.Option(help="代表这一事物的变量。 The variable that stands for the thing.")] = "",
    format: Annotated[str, typer.Option(help="text | json")] = "text",
    lang: Lang = None,
    data: Data = None,
) -> None:
    """为何不在其中：哪个条件不符合，最接近的事实和原文。 Which condition fails, and what comes nearest."""
    with reported():
        from api.cli.why_not_command import print_why_not

        if len(words) not in (2, 3):
            raise UsageError("请给出事物和问题，或三个词。", "Give a thing and a question, or three words.")
        print_why_not(tuple(words), at_hand(data), values=value or [], variable=variable, format=format, spoken=language() or "zh")


@app.command()
def export(
    data: Data = None,
    graph: Annotated[
        str | None, typer.Option(help="只导出一个图（IRI 或其末段）。 One graph only, by IRI or last part.", show_default=False)
    ] = None,
    format: Annotated[str, typer.Option(help="nquads | trig | turtle | ntriples")] = "trig",
    lang: Lang = None,
) -> None:
    """导出整个图谱。 Write the whole graph to standard output."""
    with reported():
        from api.cli.output import print_graphs

        print_graphs(graph, format, at_hand(data))


@app.command()
def validate(
    file: Annotated[Path, typer.Argument(help="RDF 文件。 A file of RDF.", show_default=False)],
    lang: Lang = None,
) -> None:
    """按形状校验一个 RDF 文件，连同由它推得的事实；不写任何数据。 Check a file of RDF, and what follows from it, against the shapes."""
    with reported():
        from api.cli.output import print_violations

        if not print_violations(file):
            raise typer.Exit(1)


@app.command()
def snapshots(
    action: Annotated[str | None, typer.Argument(help="rollback | adopt", show_default=False)] = None,
    number: Annotated[int | None, typer.Argument(help="快照编号。 Number of the snapshot.", show_default=False)] = None,
    data: Data = None,
    lang: Lang = None,
) -> None:
    """列出保留的快照；rollback N 回到其中一个，adopt N 在指针损坏时采用一个。 List the snapshots kept, go back to one, or adopt one."""
    with reported():
        from api.cli.output import print_snapshots
        from graph.store.snapshot import Snapshots

        settings = at_hand(data)
        kept = Snapshots(settings.data, settings.keep_snapshots)
        if action is not None and settings_of(data).remote:
            raise UsageError("快照在别处的引擎上，只能列出。", "The snapshots are on an engine elsewhere and can only be listed.")
        if action is not None:
            if action not in ("rollback", "adopt") or number is None:
                raise UsageError(
                    "用法：zhengce snapshots rollback N 或 adopt N。", "Usage: zhengce snapshots rollback N, or zhengce snapshots adopt N."
                )
            (kept.rollback if action == "rollback" else kept.adopt)(number)
            note_changes(settings)
        print_snapshots(settings)


@app.command()
def reason(
    files: Annotated[list[Path] | None, typer.Argument(help="RDF 文件。 Files of RDF.", show_default=False)] = None,
    lang: Lang = None,
) -> None:
    """本体连同所加的文件是否一致，哪个类不可能有成员，能推出什么。 Is the ontology with these files consistent; what follows."""
    with reported():
        from api.cli.prerequisites import check_limits
        from api.cli.reason_command import print_verdict

        check_limits()
        if not print_verdict(files or []):
            raise typer.Exit(1)


@app.command()
def check(data: Data = None, lang: Lang = None) -> None:
    """校验数据文件夹：指针、校验和、各图的条数、约束；什么也不改动。 Verify a data folder: pointer, checksums, counts, shapes."""
    with reported():
        from api.cli.folder_commands import print_findings

        if not print_findings(at_hand(data)):
            raise typer.Exit(1)


@store.command("check")
def check_store(
    url: Annotated[str, typer.Argument(help="查询的地址。 The address of queries.", show_default=False)],
    update: Annotated[str, typer.Option(help="更新的地址；给出就试写入。 That of updates; with it, writing is tried.")] = "",
    lang: Lang = None,
) -> None:
    """查一个 SPARQL 引擎能做什么、不能做什么；缺少服务所需的就以 1 结束。 What an engine can do; 1 where it lacks what is needed."""
    with reported():
        from api.cli.store_commands import print_check

        if not print_check(url, settings_of(None), update):
            raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="备份文件（.tar.gz）。 The file to write.", show_default=False)],
    data: Data = None,
    *,
    overwrite: Annotated[bool, typer.Option("--replace", help="覆盖已有的文件。 Write over a file that is there.")] = False,
    lang: Lang = None,
) -> None:
    """把现用的快照写成一个文件；服务可同时运行。 Write the snapshot that is served into one file, while it is served."""
    with reported():
        from api.cli.folder_commands import write_backup

        write_backup(file, at_hand(data), overwrite=overwrite)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="备份文件。 The backup.", show_default=False)],
    data: Data = None,
    *,
    overwrite: Annotated[
        bool, typer.Option("--replace", help="代替已发布的快照（仍可回退）。 In place of what is published, which is kept for a rollback.")
    ] = False,
    lang: Lang = None,
) -> None:
    """逐字节校验一个备份，然后作为新的快照发布；服务可同时运行。 Verify a backup byte by byte, then publish it as the next snapshot."""
    with reported():
        from api.cli.folder_commands import read_backup

        settings = settings_of(data)
        if settings.remote:
            raise UsageError(
                "备份恢复到数据文件夹；ZHENGCE_STORE 指着别处。", "A backup is restored to a data folder; ZHENGCE_STORE is elsewhere."
            )
        read_backup(file, settings, overwrite=overwrite)
        note_changes(settings)


app.command()(watch)
app.command()(changes)
app.command()(link)
app.command()(compare)
