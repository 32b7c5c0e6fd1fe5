"""Each error of the graph says what is wrong and what would help, in both languages, to the letter."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from graph import errors
from graph.errors import GraphError
from ontology.names import DEF, ID

SENTENCES: list[tuple[GraphError, str, str]] = [
    (errors.BadQueryError("x"), "查询有语法错误：x。", "The query is not valid SPARQL: x."),
    (errors.BadQueryError("x", 2, 7), "查询第 2 行第 7 列有语法错误：x。", "The query is not valid SPARQL at line 2, column 7: x."),
    (errors.EvaluationError("x"), "查询无法执行：x。", "The query cannot be evaluated: x."),
    (errors.BadTermError("a b"), "“a b”不是绝对 IRI。", "“a b” is not an absolute IRI."),
    (errors.BadDataError("x", 1, 2), "数据不是有效的 RDF：x。", "The data is not valid RDF: x."),
    (errors.ForbiddenError("LOAD", "<a:b>", "因为", "it is"), "不允许 LOAD <a:b>：因为。", "LOAD <a:b> is not allowed: it is."),
    (errors.TimeLimitError(1.5), "查询超过 1.5 秒的时间上限，已终止。", "The query was stopped at its limit of 1.5 seconds."),
    (errors.MemoryLimitError(64), "查询超过 64 MB 的内存上限，已终止。", "The query was stopped at its limit of 64 MB."),
    (errors.ResultLimitError(8), "结果超过 8 MB 的上限，已终止。", "The answer passed its limit of 8 MB."),
    (errors.BusyError(3), "服务繁忙，请 3 秒后再试。", "The service is busy; try again in 3 s."),
    (
        errors.ClientBusyError(4, 2),
        "同一客户端最多同时执行 4 个查询，请 2 秒后再试。",
        "One client may have 4 queries under way; try again in 2 s.",
    ),
    (errors.WorkerError("x"), "执行查询的进程意外结束：x。", "The process that evaluated the query ended early: x."),
    (errors.StoreError("x"), "数据库无法读写：x。", "The store cannot be read or written: x."),
    (errors.StoreError("x", "甲"), "数据库无法读写：甲。", "The store cannot be read or written: x."),
    (
        errors.DataFolderError("d/current", "不见了", "is gone", [1, 3]),
        "数据库无法读写：d/current 不见了，什么也没有改变；"
        "其中的快照 1, 3 都还在，可用 zhengce snapshots adopt 3 采用一个，或用 zhengce restore 恢复备份。",
        "The store cannot be read or written: d/current is gone and nothing was changed; "
        "the snapshots 1, 3 are all there: zhengce snapshots adopt 3 takes one up, zhengce restore reads a backup.",
    ),
    (
        errors.DataFolderError("d/current", "不见了", "is gone", []),
        "数据库无法读写：d/current 不见了，什么也没有改变；其中没有完整的快照，可用 zhengce restore 恢复备份。",
        "The store cannot be read or written: d/current is gone and nothing was changed; "
        "no whole snapshot is in it; zhengce restore reads a backup.",
    ),
    (
        errors.DamagedError("f", "短了", "it is short", [1, 2]),
        "数据库无法读写：f 已损坏（短了）；zhengce snapshots rollback 2 回到完好的快照。",
        "The store cannot be read or written: f is damaged (it is short); zhengce snapshots rollback 2 goes back to a whole one.",
    ),
    (
        errors.DamagedError("f", "短了", "it is short"),
        "数据库无法读写：f 已损坏（短了）；zhengce restore 恢复备份。",
        "The store cannot be read or written: f is damaged (it is short); zhengce restore reads a backup.",
    ),
    (
        errors.EngineAwayError("http://e", "x"),
        "数据库无法读写：引擎 http://e 没有应答（x）。",
        "The store cannot be read or written: the engine http://e does not answer (x).",
    ),
    (
        errors.MovingError(),
        "别处的引擎正在换到下一个快照；若一直如此，是一次发布中断了，请发布者再发布一次。",
        "The engine elsewhere is moving to the next snapshot; where it stays so, a publication broke off and has to be repeated.",
    ),
    (
        errors.NotEmptyError("d", 2),
        "数据文件夹 d 里已发布快照 2；加 --replace 则以备份代之，此前的快照保留可回退。",
        "The data folder d holds snapshot 2; --replace puts the backup in its place, and keeps it for a rollback.",
    ),
    (errors.BackupError("b", "不完整", "it is cut"), "b：不完整，什么也没有改变。", "b: it is cut; nothing was changed."),
    (
        errors.NothingPublishedError("d"),
        "数据文件夹 d 里还没有发布任何内容，请先运行 zhengce ingest。",
        "Nothing was published in the data folder d yet; run zhengce ingest first.",
    ),
    (errors.LedgerError("l.csv", 4, "错", "wrong"), "账本 l.csv第 4 行：错。", "Ledger l.csv, line 4: wrong."),
    (errors.LedgerError("l.csv", 0, "错", "wrong"), "账本 l.csv：错。", "Ledger l.csv: wrong."),
    (errors.InvalidGraphError("abcd"), "数据不符合约束（4 处）：a; b; c。", "The data breaks the shapes in 4 places: a; b; c."),
    (
        errors.NotProvableError(Triple(ID["task/9"], DEF["number"], Literal(1))),
        '图中没有这条陈述，也推不出它：task/9 zc:number "1"^^<http://www.w3.org/2001/XMLSchema#integer>。',
        'No graph states this and nothing in the store entails it: task/9 zc:number "1"^^<http://www.w3.org/2001/XMLSchema#integer>.',
    ),
    (errors.SearchError("错", "wrong"), "SERVICE zc:search：错。", "SERVICE zc:search: wrong."),
    (
        errors.SearchError("错", "wrong", 3, 5),
        "SERVICE zc:search（第 3 行第 5 列）：错。",
        "SERVICE zc:search at line 3, column 5: wrong.",
    ),
    (
        errors.NoEvidenceError("甲", "x"),
        "无法为这个查询的各行给出证据：甲。",
        "No evidence can be given for the rows of this query: x.",
    ),
    (errors.WhyNotError("甲", "x"), "无法说明为什么不在结果里：甲。", "It cannot be said why this is in no row: x."),
    (
        errors.UnknownNameError("甲"),
        "图中没有叫“甲”的事物；可以写 IRI、短名（task/9、industry/aviation）或名称。",
        "Nothing in the store is called “甲”; give an IRI, a key (task/9, industry/aviation) or a name.",
    ),
    (errors.AmbiguousNameError("甲", "abcde"), "“甲”有多个所指：a, b, c, d, e。", "“甲” names several things: a, b, c, d, e."),
    (errors.AmbiguousNameError("甲", "abcdef"), "“甲”有多个所指：a, b, c, d, e …。", "“甲” names several things: a, b, c, d, e …."),
    (errors.UnsupportedShapeError("s", ["x", "y"]), "约束 s 含有不支持的部分：x, y。", "The shape s uses what is not supported: x, y."),
    (errors.UnknownSnapshotError(9, [1, 2]), "没有编号为 9 的快照，现有：1, 2。", "There is no snapshot 9; kept are: 1, 2."),
    (errors.UnknownSnapshotError(9, []), "没有编号为 9 的快照，现有：–。", "There is no snapshot 9; kept are: –."),
    (errors.UnknownWatchError("w", ["a"]), "没有关注名为 w 的答案，现有：a。", "No answer named w is watched; there are: a."),
    (errors.UnknownWatchError("w", []), "没有关注名为 w 的答案，现有：–。", "No answer named w is watched; there are: –."),
    (errors.ReservedGraphError("g"), "图 g 由本服务生成，不接受写入。", "The graph g is made by this service and cannot be written."),
]


@pytest.mark.parametrize(("error", "zh", "en"), SENTENCES, ids=[f"{type(error).__name__}-{n}" for n, (error, *_) in enumerate(SENTENCES)])
def test_sentence(error: GraphError, zh: str, en: str) -> None:
    assert (error.zh, error.en) == (zh, en)


def test_limits_name_the_setting_and_its_value() -> None:
    found = [(error.limit, error.value) for error in (errors.TimeLimitError(2), errors.MemoryLimitError(3), errors.ResultLimitError(4))]
    assert found == [("query_seconds", 2), ("query_megabytes", 3), ("result_megabytes", 4)]


def test_what_the_system_said_is_told_with_its_file() -> None:
    gone = FileNotFoundError(2, "No such file or directory", "x.txt")
    assert errors.StoreError.of(gone).reason.startswith("x.txt: ")
    assert errors.StoreError.of(gone, "y.txt").reason.startswith("y.txt: ")
    assert ": " not in errors.StoreError.of(FileNotFoundError(2, "No such file or directory")).reason


def test_errors_keep_what_they_speak_of() -> None:
    assert (errors.BadQueryError("x").line, errors.BadQueryError("x", 2, 7).column) == (None, 7)
    assert (errors.DataFolderError("d", "", "", [1, 3]).found, errors.DamagedError("f", "", "", [2]).whole) == ((1, 3), (2,))
    assert (errors.ClientBusyError(4, 2).queries, errors.ClientBusyError(4, 2).retry_after) == (4, 2)
    assert errors.NoEvidenceError("甲", "x").part == {"zh": "甲", "en": "x"}
    assert not errors.NoEvidenceError("甲", "x").unread
    assert isinstance(errors.NotProvableError(Triple(NamedNode("a:b"), NamedNode("a:b"), NamedNode("a:b"))).triple, Triple)
