"""Why the graph gave no answer, as exceptions whose message is a sentence in Chinese and the same sentence in English.

::

    GraphError
    ├── BadQueryError          the text is no SPARQL, or asks for what cannot be evaluated; holds line and column
    ├── EvaluationError        the engine gave up while evaluating
    ├── NotInXmlError          a text with a character that XML 1.0 cannot hold; holds the character
    ├── BadTermError           not an absolute IRI, where one is needed
    ├── BadDataError           not RDF in the format it claims to be; holds line and column
    ├── ForbiddenError         SERVICE or LOAD of an address that is not allowed
    ├── LimitError             a limit was hit; holds the limit's name and value
    │   ├── TimeLimitError
    │   ├── MemoryLimitError
    │   └── ResultLimitError
    ├── BusyError              no free worker within the time that a query may wait
    │   └── ClientBusyError    one client has as many queries under way as it may
    ├── WorkerError            the process that evaluated the query ended without an answer
    ├── StoreError             the store on disk cannot be read or written
    │   ├── DataFolderError    the data folder is not understood; holds the snapshots that lie in it
    │   ├── DamagedError       a file of a snapshot is not what was published; holds the file
    │   └── EngineAwayError    the engine elsewhere that holds the data does not answer; holds its address
    ├── NotEmptyError          a backup would take the place of a published snapshot
    ├── BackupError            a file that is no whole backup; holds the file
    ├── NothingPublishedError  the data folder holds no snapshot yet
    ├── LedgerError            a file that is no ledger of links, or a row that it does not have; holds file and line
    ├── InvalidGraphError      what was to be published breaks the shapes; holds the violations
    ├── NotProvableError       the triple neither is stated nor follows; holds the triple
    ├── SearchError            a search in a query that cannot be answered as it is written; holds line and column
    ├── NoEvidenceError        a part of a query for whose rows no evidence can be given; holds the part in both languages
    ├── WhyNotError            a query of which nobody can say why something is in no row of it
    ├── UnknownNameError       a word that names nothing in the store; holds the word
    ├── AmbiguousNameError     a word that names several things; holds the word and the things
    ├── ReservedGraphError     a graph that the service makes itself was to be written by hand
    ├── UnknownGraphError      no graph of that name
    ├── UnsupportedShapeError  a SHACL shape says something that would not be checked; holds the shape and what it says
    ├── UnknownWatchError      no answer of that name is watched
    └── UnknownSnapshotError   no snapshot of that number
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode, Triple

from ontology.errors import ZhengceError, refusal
from ontology.names import shortened


class GraphError(ZhengceError):
    """Any error of the graph."""


class BadQueryError(GraphError):
    """The text is no SPARQL query or update. ``line`` and ``column`` count from 1 and are None where the place is not known."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        zh = f"第 {line} 行第 {column} 列" if line else ""
        en = f" at line {line}, column {column}" if line else ""
        super().__init__(f"查询{zh}有语法错误：{reason}。", f"The query is not valid SPARQL{en}: {reason}.")


class EvaluationError(GraphError):
    """The engine gave up while evaluating."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"查询无法执行：{reason}。", f"The query cannot be evaluated: {reason}.")


class NotInXmlError(GraphError):
    """An answer in XML with a character that XML 1.0 has no way to write, not even escaped (section 2.2, production Char)."""

    def __init__(self, character: str) -> None:
        self.character = character
        name = f"U+{ord(character):04X}"
        super().__init__(
            f"答案含有 XML 1.0 无法表示的字符 {name}；请改要 JSON 或 CSV（图则用 Turtle）。",
            f"The answer holds the character {name}, which XML 1.0 cannot write: ask for JSON or CSV (for a graph, Turtle).",
        )


class BadTermError(GraphError):
    """A parameter must be an absolute IRI and is not."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"“{text}”不是绝对 IRI。", f"“{text}” is not an absolute IRI.")


class BadDataError(GraphError):
    """Data that is not RDF in the format it claims to be."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        super().__init__(f"数据不是有效的 RDF：{reason}。", f"The data is not valid RDF: {reason}.")


class ForbiddenError(GraphError):
    """A query or update asks for an address that is not allowed, or whose address cannot be decided before it runs."""

    def __init__(self, what: str, address: str, why_zh: str, why_en: str) -> None:
        self.what = what
        self.address = address
        super().__init__(f"不允许 {what} {address}：{why_zh}。", f"{what} {address} is not allowed: {why_en}.")


class LimitError(GraphError):
    """A limit was hit: ``limit`` names the setting, ``value`` what it is set to."""

    def __init__(self, limit: str, value: float, zh: str, en: str) -> None:
        self.limit = limit
        self.value = value
        super().__init__(zh, en)


class TimeLimitError(LimitError):
    """The query ran longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "query_seconds",
            seconds,
            f"查询超过 {seconds:g} 秒的时间上限，已终止。",
            f"The query was stopped at its limit of {seconds:g} seconds.",
        )


class MemoryLimitError(LimitError):
    """The query took more memory than it may."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            "query_megabytes",
            megabytes,
            f"查询超过 {megabytes} MB 的内存上限，已终止。",
            f"The query was stopped at its limit of {megabytes} MB.",
        )


class ResultLimitError(LimitError):
    """The answer is larger than it may be."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            "result_megabytes", megabytes, f"结果超过 {megabytes} MB 的上限，已终止。", f"The answer passed its limit of {megabytes} MB."
        )


class BusyError(GraphError):
    """Everything that could answer is at work; ``retry_after`` says when to come again, in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"服务繁忙，请 {retry_after} 秒后再试。", f"The service is busy; try again in {retry_after} s.")


class ClientBusyError(BusyError):
    """One client has as many queries under way as it may."""

    def __init__(self, queries: int, retry_after: int) -> None:
        super().__init__(retry_after)
        self.queries = queries
        zh = f"同一客户端最多同时执行 {queries} 个查询，请 {retry_after} 秒后再试。"
        en = f"One client may have {queries} queries under way; try again in {retry_after} s."
        GraphError.__init__(self, zh, en)


class WorkerError(GraphError):
    """The process that evaluated the query ended without an answer."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"执行查询的进程意外结束：{reason}。", f"The process that evaluated the query ended early: {reason}.")


class StoreError(GraphError):
    """The store on disk, or the engine elsewhere, cannot be read or written; ``reason`` says why in English."""

    def __init__(self, reason: str, reason_zh: str | None = None) -> None:
        self.reason = reason
        super().__init__(f"数据库无法读写：{reason_zh or reason}。", f"The store cannot be read or written: {reason}.")

    @classmethod
    def of(cls, error: OSError, path: object = "") -> StoreError:
        """What the system or the engine said about a file, as ours."""
        zh, en = refusal(error)
        where = str(path or (error.filename if isinstance(error.filename, str) else ""))
        return StoreError(f"{where}: {en}" if where else en, f"{where}：{zh}" if where else zh)


class DataFolderError(StoreError):
    """A data folder that is not understood, so that nothing in it was touched; ``found`` are the snapshots that lie in it."""

    def __init__(self, path: object, reason_zh: str, reason: str, found: Sequence[int]) -> None:
        self.found = tuple(found)
        names = ", ".join(map(str, self.found))
        back_zh = (
            f"其中的快照 {names} 都还在，可用 zhengce snapshots adopt {self.found[-1]} 采用一个，或用 zhengce restore 恢复备份"
            if self.found
            else "其中没有完整的快照，可用 zhengce restore 恢复备份"
        )
        back = (
            f"the snapshots {names} are all there: zhengce snapshots adopt {self.found[-1]} takes one up, zhengce restore reads a backup"
            if self.found
            else "no whole snapshot is in it; zhengce restore reads a backup"
        )
        super().__init__(f"{path} {reason} and nothing was changed; {back}", f"{path} {reason_zh}，什么也没有改变；{back_zh}")


class DamagedError(StoreError):
    """A file of a snapshot is not what was published; ``file`` is the file, ``whole`` are the kept snapshots that seem to be whole."""

    def __init__(self, file: object, reason_zh: str, reason: str, whole: Sequence[int] = ()) -> None:
        self.file = str(file)
        self.reasons = (reason_zh, reason)
        self.whole = tuple(whole)
        back_zh = f"zhengce snapshots rollback {self.whole[-1]} 回到完好的快照" if self.whole else "zhengce restore 恢复备份"
        back = f"zhengce snapshots rollback {self.whole[-1]} goes back to a whole one" if self.whole else "zhengce restore reads a backup"
        super().__init__(f"{file} is damaged ({reason}); {back}", f"{file} 已损坏（{reason_zh}）；{back_zh}")


class EngineAwayError(StoreError):
    """The engine elsewhere that holds the data does not answer; ``engine`` is its address."""

    def __init__(self, engine: str, reason: str) -> None:
        self.engine = engine
        super().__init__(f"the engine {engine} does not answer ({reason})", f"引擎 {engine} 没有应答（{reason}）")


class NotEmptyError(GraphError):
    """The data folder holds a published snapshot, where one from a backup would take its place."""

    def __init__(self, folder: object, number: int) -> None:
        self.number = number
        super().__init__(
            f"数据文件夹 {folder} 里已发布快照 {number}；加 --replace 则以备份代之，此前的快照保留可回退。",
            f"The data folder {folder} holds snapshot {number}; --replace puts the backup in its place, and keeps it for a rollback.",
        )


class BackupError(GraphError):
    """A file that is no backup, or one that is damaged or incomplete; ``file`` is the file."""

    def __init__(self, file: object, reason_zh: str, reason: str) -> None:
        self.file = str(file)
        super().__init__(f"{file}：{reason_zh}，什么也没有改变。", f"{file}: {reason}; nothing was changed.")


class NothingPublishedError(GraphError):
    """The data folder holds no snapshot yet."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(
            f"数据文件夹 {folder} 里还没有发布任何内容，请先运行 zhengce ingest。",
            f"Nothing was published in the data folder {folder} yet; run zhengce ingest first.",
        )


class LedgerError(GraphError):
    """A ledger of links that cannot be read, or has no such row. ``line`` counts from 1 and is 0 where none is meant."""

    def __init__(self, file: object, line: int, zh: str, en: str) -> None:
        self.file = file
        self.line = line
        where_zh, where_en = (f"第 {line} 行", f", line {line}") if line else ("", "")
        super().__init__(f"账本 {file}{where_zh}：{zh}。", f"Ledger {file}{where_en}: {en}.")


class InvalidGraphError(GraphError):
    """What was to be published breaks the shapes; ``violations`` has one sentence for each breach."""

    def __init__(self, violations: Sequence[str]) -> None:
        self.violations = tuple(violations)
        shown = "; ".join(self.violations[:3])
        super().__init__(
            f"数据不符合约束（{len(self.violations)} 处）：{shown}。",
            f"The data breaks the shapes in {len(self.violations)} places: {shown}.",
        )


class NotProvableError(GraphError):
    """No graph states the triple and no axiom entails it."""

    def __init__(self, triple: Triple) -> None:
        self.triple = triple
        terms = (triple.subject, triple.predicate, triple.object)
        shown = " ".join(shortened(term) if isinstance(term, NamedNode) else str(term) for term in terms)
        super().__init__(f"图中没有这条陈述，也推不出它：{shown}。", f"No graph states this and nothing in the store entails it: {shown}.")


class SearchError(GraphError):
    """A ``SERVICE zc:search`` that cannot be answered as it is written, or where it stands."""

    def __init__(self, zh: str, en: str, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        place_zh = f"（第 {line} 行第 {column} 列）" if line else ""
        place_en = f" at line {line}, column {column}" if line else ""
        super().__init__(f"SERVICE zc:search{place_zh}：{zh}。", f"SERVICE zc:search{place_en}: {en}.")


class NoEvidenceError(GraphError):
    """A query, or a part of one, for whose rows no evidence can be given. ``part`` names it in Chinese and in English.

    ``unread`` says that the parser of evidence could not read the query, which may not be SPARQL at all.
    """

    def __init__(self, zh: str, en: str, *, unread: bool = False) -> None:
        self.part = {"zh": zh, "en": en}
        self.unread = unread
        super().__init__(f"无法为这个查询的各行给出证据：{zh}。", f"No evidence can be given for the rows of this query: {en}.")


class WhyNotError(GraphError):
    """A query of which nobody can say why something is in no row of it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"无法说明为什么不在结果里：{zh}。", f"It cannot be said why this is in no row: {en}.")


class UnknownNameError(GraphError):
    """A word that is no IRI and neither key nor name of anything in the store."""

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__(
            f"图中没有叫“{word}”的事物；可以写 IRI、短名（task/9、industry/aviation）或名称。",
            f"Nothing in the store is called “{word}”; give an IRI, a key (task/9, industry/aviation) or a name.",
        )


class AmbiguousNameError(GraphError):
    """A word that names several things of which the same is true; ``things`` are their keys."""

    def __init__(self, word: str, things: Sequence[str]) -> None:
        self.word = word
        self.things = tuple(things)
        more = " …" if len(self.things) > 5 else ""
        shown = ", ".join(self.things[:5]) + more
        super().__init__(f"“{word}”有多个所指：{shown}。", f"“{word}” names several things: {shown}.")


class UnsupportedShapeError(GraphError):
    """A SHACL shape uses a part of SHACL that is not translated: refused, so that nothing stays unchecked in silence."""

    def __init__(self, shape: str, parts: Sequence[str]) -> None:
        self.shape = shape
        self.parts = tuple(parts)
        named = ", ".join(self.parts)
        super().__init__(f"约束 {shape} 含有不支持的部分：{named}。", f"The shape {shape} uses what is not supported: {named}.")


class UnknownSnapshotError(GraphError):
    """There is no snapshot of that number; ``known`` are those kept."""

    def __init__(self, number: int, known: Sequence[int]) -> None:
        self.number = number
        self.known = tuple(known)
        kept = ", ".join(map(str, known)) or "–"
        super().__init__(f"没有编号为 {number} 的快照，现有：{kept}。", f"There is no snapshot {number}; kept are: {kept}.")


class UnknownWatchError(GraphError):
    """No answer of that name is watched; ``known`` are those that are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        self.known = tuple(known)
        kept = ", ".join(known) or "–"
        super().__init__(f"没有关注名为 {name} 的答案，现有：{kept}。", f"No answer named {name} is watched; there are: {kept}.")


class ReservedGraphError(GraphError):
    """A graph that the service makes itself, and which nobody else writes."""

    def __init__(self, graph: str) -> None:
        self.graph = graph
        super().__init__(f"图 {graph} 由本服务生成，不接受写入。", f"The graph {graph} is made by this service and cannot be written.")


class ChangedMeanwhileError(GraphError):
    """A change was meant for one snapshot, and another is current by now; ``current`` is its number."""

    def __init__(self, expected: int, current: int) -> None:
        self.expected = expected
        self.current = current
        super().__init__(
            f"改动针对快照 {expected}，当前已是 {current}。", f"The change was meant for snapshot {expected}; {current} is current by now."
        )

    def __reduce__(self) -> tuple[type[ChangedMeanwhileError], tuple[int, int]]:
        return type(self), (self.expected, self.current)


class UnknownGraphError(GraphError):
    """There is no graph of that name."""

    def __init__(self, graph: str) -> None:
        self.graph = graph
        super().__init__(f"没有图 {graph}。", f"There is no graph {graph}.")
