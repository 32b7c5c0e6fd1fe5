"""What a request may get wrong about HTTP itself, as exceptions with a sentence in Chinese and in English.

::

    RequestError
    ├── BadRequestError            parameters that are missing, repeated or unreadable
    ├── NotFoundError              nothing has this address
    ├── MethodError                the address does not know the method; holds those it knows
    ├── NotAcceptableError         none of the accepted formats can be given; holds those that can
    ├── TooLargeError              the request is larger than it may be
    ├── UnsupportedMediaError      the body is of a type that the address does not take; holds those it takes
    ├── UnsupportedCodingError     the body has a coding that is not read; holds those that are
    ├── PreconditionError          the graph is not as the request says that it must be (If-Match, If-None-Match)
    ├── WritingOffError            nobody writes, as no token is set
    ├── CrossSiteError             a browser writes with a remembered password for a page of another site
    ├── UnauthorizedError          writing needs a token, and none or another one came
    └── RateError                  the client asks too often; holds the seconds to wait
"""

from __future__ import annotations

from collections.abc import Iterable

from ontology.errors import ZhengceError


class RequestError(ZhengceError):
    """A request that cannot be answered as it is."""


class BadRequestError(RequestError):
    """Parameters that are missing, repeated or unreadable."""


class NotFoundError(RequestError):
    """Nothing has this address."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"没有 {address}。", f"There is nothing at {address}.")


class MethodError(RequestError):
    """The address does not know the method; ``allowed`` are those it knows."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.allowed = tuple(allowed)
        names = ", ".join(self.allowed)
        super().__init__(f"此地址不支持 {method}，支持 {names}。", f"This address does not know {method}; it knows {names}.")


class NotAcceptableError(RequestError):
    """None of the accepted formats can be given; ``offered`` are those that can."""

    def __init__(self, accept: str, offered: Iterable[str]) -> None:
        self.offered = tuple(offered)
        names = ", ".join(self.offered)
        super().__init__(f"无法以 {accept} 作答，可用格式：{names}。", f"There is no answer as {accept}; the formats are {names}.")


class TooLargeError(RequestError):
    """The request is larger than it may be."""

    def __init__(self, kilobytes: int) -> None:
        self.kilobytes = kilobytes
        super().__init__(f"请求超过 {kilobytes} KB 的上限。", f"The request is larger than its limit of {kilobytes} KB.")


class UnsupportedMediaError(RequestError):
    """The body is of a type that the address does not take; ``accepted`` are those it takes."""

    def __init__(self, given: str, accepted: Iterable[str]) -> None:
        self.accepted = tuple(accepted)
        names = ", ".join(self.accepted)
        given = given or "–"
        super().__init__(f"请求体类型 {given} 不受支持，应为 {names}。", f"A body of type {given} is not taken; these are: {names}.")


class UnsupportedCodingError(RequestError):
    """The body has a coding that is not read; ``accepted`` are those that are."""

    def __init__(self, given: str, accepted: Iterable[str]) -> None:
        self.accepted = tuple(accepted)
        names = ", ".join(self.accepted)
        super().__init__(f"请求体编码 {given} 不受支持，应为 {names}。", f"A body coded as {given} is not read; these are: {names}.")


class PreconditionError(RequestError):
    """What the request says must hold of the graph (If-Match, If-None-Match) does not; ``snapshot`` is the current one."""

    def __init__(self, snapshot: int) -> None:
        self.snapshot = snapshot
        zh = f"前提不成立：图已不是请求所说的样子，当前快照为 {snapshot}。"
        super().__init__(zh, f"The precondition does not hold: the graph is not as the request says; the current snapshot is {snapshot}.")


class RateError(RequestError):
    """The client asks too often; ``retry_after`` says when it may come again, in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"请求过于频繁，请 {retry_after} 秒后再试。", f"Too many requests; try again in {retry_after} s.")


class WritingOffError(RequestError):
    """Nobody writes, as no token is set."""

    def __init__(self) -> None:
        super().__init__("此服务未开放写入（未设置 ZHENGCE_TOKEN）。", "Writing is off: ZHENGCE_TOKEN is not set.")


class CrossSiteError(RequestError):
    """A browser sends a write for a page of another site, with the password that it remembers: nobody meant that."""

    def __init__(self) -> None:
        super().__init__(
            "浏览器记住的口令不能替别的网站写入；请用 Authorization: Bearer。",
            "A password that a browser remembers does not write for a page of another site; use Authorization: Bearer.",
        )


class UnauthorizedError(RequestError):
    """Writing needs a token, and none or another one came; ``bearer``: one came, and it was a bearer token."""

    def __init__(self, *, bearer: bool = False) -> None:
        self.bearer = bearer
        super().__init__(
            "写入需要令牌：Authorization: Bearer。", "Writing needs the token of the service, in the header Authorization: Bearer."
        )
