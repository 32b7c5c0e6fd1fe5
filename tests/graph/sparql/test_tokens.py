"""What a text is about is seen as the engine sees it: keywords, braces and IRIs where they really are, and none elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import BadQueryError
from graph.sparql.tokens import place, tokens, unescaped


def texts(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * # { FROM\n{}", ["SELECT", "*", "{", "}"]),
        ("ASK { ?s ?p '''a'b\n}''' }", ["ASK", "{", "?s", "?p", "'''a'b\n}'''", "}"]),
        ('ASK { ?s ?p "a\\"}" }', ["ASK", "{", "?s", "?p", '"a\\"}"', "}"]),
        ("FILTER(?a < ?b)", ["FILTER", "(", "?a", "<", "?b", ")"]),
        # Read as an IRI, which holds no keyword with its arguments.
        ("FILTER(?a<?b&&?c>?d)", ["FILTER", "(", "?a", "<?b&&?c>", "?d", ")"]),
        ("<http://e/#x>", ["<http://e/#x>"]),
        ("e:a.b ex:c%20d e:f\\-g", ["e:a.b", "ex:c%20d", "e:f\\-g"]),
        ("'x'@zh-Hans", ["'x'", "@zh-Hans"]),
    ],
)
def test_tokens_are_those_of_the_grammar(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_word_in_a_string_an_iri_or_a_comment_is_no_keyword() -> None:
    found = [token.keyword for token in tokens("ASK { <http://e/LOAD> ?p 'SERVICE' } # FROM")]
    assert [keyword for keyword in found if keyword] == ["ASK"]


def test_depth_counts_the_braces_around() -> None:
    assert [(token.text, token.depth) for token in tokens("a{b{c}d}e")] == [
        *(("a", 0), ("{", 0), ("b", 1), ("{", 1), ("c", 2), ("}", 1), ("d", 1), ("}", 0), ("e", 0)),
    ]


@pytest.mark.parametrize("text", ["ASK { ?s ?p 'a }", 'ASK {\n ?s ?p "a\n" }', "ASK { '''a'' }"])
def test_a_string_without_an_end_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(BadQueryError) as caught:
        texts(text)
    line, column = caught.value.line or 0, caught.value.column or 0
    assert text.splitlines()[line - 1][column - 1] in "'\""


@given(st.text(max_size=200))
def test_every_character_but_blanks_and_comments_is_in_one_token(text: str) -> None:
    try:
        found = list(tokens(text))
    except BadQueryError:
        return
    assert all(token.text == text[token.start : token.end] for token in found)
    ends = [0, *(token.end for token in found)]
    between = [text[end:start] for end, start in zip(ends, [*(token.start for token in found), len(text)], strict=True)]
    assert all(not gap.strip() or "#" in gap for gap in between)


def test_time_is_linear() -> None:
    for odd in ("<" * 50_000, "'" * 50_001 + "a", "a:" * 50_000, '"""' + '"' * 50_000, "(" * 50_000):
        try:
            assert len(texts(odd)) < 200_000
        except BadQueryError:
            continue


def test_places_and_escapes() -> None:
    assert [place("ab\ncd", at) for at in (0, 2, 3, 4)] == [(1, 1), (1, 3), (2, 1), (2, 2)]
    assert unescaped("\\u004C\\U0000004F\\uD800\\U00110000") == "LO\\uD800\\U00110000"
