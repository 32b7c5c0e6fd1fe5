"""What can be wrong with a saved query or with what is put into it.

::

    QueryError
    ├── MalformedQueryError    a .rq file breaks the rules of the catalogue
    ├── UnknownQueryError      no query of that name
    ├── UnknownParameterError  the query has no such parameter
    └── BadValueError          the parameter does not accept that value

Every message is a sentence in Chinese and the same sentence in English.
"""

from __future__ import annotations

from collections.abc import Sequence

from ontology.errors import ZhengceError


class QueryError(ZhengceError):
    """Any error of the catalogue."""


class MalformedQueryError(QueryError):
    """A ``.rq`` file breaks the rules of the catalogue."""

    def __init__(self, name: str, reason_zh: str, reason_en: str) -> None:
        self.name = name
        super().__init__(f"查询文件 {name}.rq 有误：{reason_zh}。", f"The query file {name}.rq is wrong: {reason_en}.")


class UnknownQueryError(QueryError):
    """There is no query of that name; ``alike`` are the nearest names."""

    def __init__(self, name: str, alike: Sequence[str]) -> None:
        self.name = name
        self.alike = tuple(alike)
        zh = f"，相近的有 {'、'.join(alike)}" if alike else ""
        en = f"; near it: {', '.join(alike)}" if alike else ""
        super().__init__(f"没有名为 {name} 的查询{zh}。", f"There is no query named {name}{en}.")


class UnknownParameterError(QueryError):
    """The query has no parameter of that name; ``known`` are those it has."""

    def __init__(self, query: str, name: str, known: Sequence[str]) -> None:
        self.query = query
        self.name = name
        self.known = tuple(known)
        zh = f"它的参数是 {'、'.join(known)}" if known else "它没有参数"
        en = f"its parameters are {', '.join(known)}" if known else "it has none"
        super().__init__(f"查询 {query} 没有参数 {name}，{zh}。", f"The query {query} has no parameter {name}; {en}.")


class BadValueError(QueryError):
    """A parameter does not accept a value; ``expected`` says what it accepts."""

    def __init__(self, name: str, value: str, expected_zh: str, expected_en: str) -> None:
        self.name = name
        self.value = value
        self.expected = (expected_zh, expected_en)
        super().__init__(
            f"参数 {name} 不接受“{value}”，应为{expected_zh}。", f"The parameter {name} does not accept “{value}”; it takes {expected_en}."
        )
