"""What each error of the graph says, in both languages, and what it keeps for programs."""

from __future__ import annotations

import inspect

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from graph import errors
from graph.errors import GraphError
from ontology.errors import ZhengceError

SAID: dict[GraphError, tuple[str, str]] = {
    errors.BadQueryError("no"): ("查询有语法错误：no。", "The query is not valid SPARQL: no."),
    errors.BadQueryError("no", 2, 3): ("查询第 2 行第 3 列有语法错误：no。", "The query is not valid SPARQL at line 2, column 3: no."),
    errors.EvaluationError("no"): ("查询无法执行：no。", "The query cannot be evaluated: no."),
    errors.BadTermError("x y"): ("“x y”不是绝对 IRI。", "“x y” is not an absolute IRI."),
    errors.BadDataError("no", 2, 3): ("数据不是有效的 RDF：no。", "The data is not valid RDF: no."),
    errors.ForbiddenError("LOAD", "<http://a>", "因", "why"): ("不允许 LOAD <http://a>：因。", "LOAD <http://a> is not allowed: why."),
    errors.BusyError(7): ("服务繁忙，请 7 秒后再试。", "The service is busy; try again in 7 s."),
    errors.WorkerError("no"): ("执行查询的进程意外结束：no。", "The process that evaluated the query ended early: no."),
    errors.StoreError("no"): ("数据库无法读写：no。", "The store cannot be read or written: no."),
    errors.StoreError("no", "不行"): ("数据库无法读写：不行。", "The store cannot be read or written: no."),
    errors.BackupError("a.zip", "不行", "no"): ("a.zip：不行，什么也没有改变。", "a.zip: no; nothing was changed."),
    errors.NotProvableError(Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal("低空", language="zh"))): (
        '图中没有这条陈述，也推不出它：urn:a urn:b "低空"@zh。',
        'No graph states this and nothing in the store entails it: urn:a urn:b "低空"@zh.',
    ),
    errors.AmbiguousNameError("x", ["a", "b"]): ("“x”有多个所指：a, b。", "“x” names several things: a, b."),
    errors.UnknownSnapshotError(9, [1, 2]): ("没有编号为 9 的快照，现有：1, 2。", "There is no snapshot 9; kept are: 1, 2."),
    errors.ReservedGraphError("urn:g"): (
        "图 urn:g 由本服务生成，不接受写入。",
        "The graph urn:g is made by this service and cannot be written.",
    ),
    errors.ChangedMeanwhileError(3, 4): (
        "改动针对快照 3，当前已是 4。",
        "The change was meant for snapshot 3; 4 is current by now.",
    ),
    errors.UnknownGraphError("urn:g"): ("没有图 urn:g。", "There is no graph urn:g."),
}
"""Errors with their sentences."""


@pytest.mark.parametrize(("error", "said"), SAID.items(), ids=lambda each: type(each).__name__)
def test_an_error_says_what_happened_in_both_languages(error: GraphError, said: tuple[str, str]) -> None:
    assert (error.zh, error.en) == said
    assert isinstance(error, ZhengceError)


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (errors.BadQueryError("no", 2, 3), {"reason": "no", "line": 2, "column": 3}),
        (errors.BadDataError("no", 2, 3), {"reason": "no", "line": 2, "column": 3}),
        (errors.TimeLimitError(3), {"limit": "query_seconds", "value": 3}),
        (errors.MemoryLimitError(5), {"limit": "query_megabytes", "value": 5}),
        (errors.ResultLimitError(6), {"limit": "result_megabytes", "value": 6}),
        (errors.BusyError(7), {"retry_after": 7}),
        (errors.ClientBusyError(2, 7), {"queries": 2, "retry_after": 7}),
        (errors.AmbiguousNameError("x", ["a"]), {"word": "x", "things": ("a",)}),
        (errors.UnknownSnapshotError(9, [1]), {"known": (1,)}),
        (errors.InvalidGraphError(["a"]), {"violations": ("a",)}),
    ],
)
def test_an_error_keeps_its_data(error: GraphError, kept: dict[str, object]) -> None:
    assert {name: getattr(error, name) for name in kept} == kept


def test_limits_say_their_bound_and_both_languages() -> None:
    for error, bound in ((errors.TimeLimitError(3), "3"), (errors.MemoryLimitError(5), "5"), (errors.ResultLimitError(6), "6")):
        assert bound in error.zh
        assert bound in error.en
        assert error.zh.endswith("。")
        assert error.en.endswith(".")


def test_every_error_of_the_module_is_one_of_the_graph() -> None:
    found = [each for _, each in inspect.getmembers(errors, inspect.isclass) if each.__module__ == errors.__name__]
    assert len(found) > 20
    assert all(issubclass(each, GraphError) and each.__doc__ for each in found)
