"""What a request gets wrong is said in both languages, to the letter."""

from __future__ import annotations

import pytest

from api.http import errors
from api.http.errors import RequestError

SENTENCES: list[tuple[RequestError, str, str]] = [
    (errors.NotFoundError("/a"), "没有 /a。", "There is nothing at /a."),
    (
        errors.MethodError("PUT", iter(["GET", "HEAD"])),
        "此地址不支持 PUT，支持 GET, HEAD。",
        "This address does not know PUT; it knows GET, HEAD.",
    ),
    (
        errors.NotAcceptableError("a/b", iter(["c/d", "e/f"])),
        "无法以 a/b 作答，可用格式：c/d, e/f。",
        "There is no answer as a/b; the formats are c/d, e/f.",
    ),
    (errors.TooLargeError(64), "请求超过 64 KB 的上限。", "The request is larger than its limit of 64 KB."),
    (
        errors.UnsupportedMediaError("a/b", iter(["c/d"])),
        "请求体类型 a/b 不受支持，应为 c/d。",
        "A body of type a/b is not taken; these are: c/d.",
    ),
    (errors.UnsupportedMediaError("", ["c/d"]), "请求体类型 – 不受支持，应为 c/d。", "A body of type – is not taken; these are: c/d."),
    (
        errors.UnsupportedCodingError("br", iter(["gzip", "deflate"])),
        "请求体编码 br 不受支持，应为 gzip, deflate。",
        "A body coded as br is not read; these are: gzip, deflate.",
    ),
    (
        errors.PreconditionError(7),
        "前提不成立：图已不是请求所说的样子，当前快照为 7。",
        "The precondition does not hold: the graph is not as the request says; the current snapshot is 7.",
    ),
    (errors.RateError(3), "请求过于频繁，请 3 秒后再试。", "Too many requests; try again in 3 s."),
    (errors.WritingOffError(), "此服务未开放写入（未设置 ZHENGCE_TOKEN）。", "Writing is off: ZHENGCE_TOKEN is not set."),
    (
        errors.CrossSiteError(),
        "浏览器记住的口令不能替别的网站写入；请用 Authorization: Bearer。",
        "A password that a browser remembers does not write for a page of another site; use Authorization: Bearer.",
    ),
    (
        errors.UnauthorizedError(),
        "写入需要令牌：Authorization: Bearer。",
        "Writing needs the token of the service, in the header Authorization: Bearer.",
    ),
]


@pytest.mark.parametrize(("error", "zh", "en"), SENTENCES, ids=[type(error).__name__ for error, *_ in SENTENCES])
def test_sentence(error: RequestError, zh: str, en: str) -> None:
    assert (error.zh, error.en) == (zh, en)


def test_a_token_is_a_bearer_token_only_where_one_came() -> None:
    assert not errors.UnauthorizedError().bearer
    assert errors.UnauthorizedError(bearer=True).bearer
