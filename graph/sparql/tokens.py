"""The text of a query or update, turned into its tokens: enough of the grammar to see keywords, braces and IRIs where they really are.

The engine parses; this says what a text is about before it runs, so it must see no less than the engine does: where a ``<`` may begin an
IRI or be an operator, the text up to ``>`` is one that holds no keyword with its arguments (https://www.w3.org/TR/sparql11-query/#grammar).
A string without an end is refused here, as it could be read in two ways. The time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graph.errors import BadQueryError

Kind = Literal["iri", "string", "variable", "name", "word", "mark"]

_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>|<(?:[^<>"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]+)*>)
  | (?P<string>"{3}(?:[^"\\]|\\.|"(?!""))*+"{3}
              |'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
              |(?!"{3}|'{3})(?:"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+'))
  | (?P<open>["'])
  | (?P<variable>[?$]\w+)
  | (?P<name>(?:[^\W\d_][\w-]*+)?+:
      (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
         (?:[\w:-]|\.++(?=[\w:%\\-])|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*+)?+)
  | (?P<word>@?[^\W\d_][\w-]*+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands. ``depth`` counts the braces around it; a brace itself counts as outside."""

    kind: Kind
    text: str
    start: int
    end: int
    depth: int

    @property
    def keyword(self) -> str:
        """The word in capitals, as keywords have no case; empty for anything else."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the text, without blanks and comments.

    >>> [token.text for token in tokens("DELETE {?a ex:b 'c}'} # {")]
    ['DELETE', '{', '?a', 'ex:b', "'c}'", '}']
    """
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "skip" or kind is None:
            continue
        if kind == "open":
            line, column = place(text, match.start())
            raise BadQueryError("a string has no end", line, column)
        closes = kind == "mark" and match[0] == "}"
        depth -= closes
        yield Token(kind, match[0], match.start(), match.end(), depth)  # type: ignore[arg-type]
        depth += kind == "mark" and match[0] == "{"


def place(text: str, position: int) -> tuple[int, int]:
    """Line and column, both from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def unescaped(text: str) -> str:
    r"""The text with its code point escapes resolved, which SPARQL does before anything else.

    >>> unescaped("LO\\u0041D")
    'LOAD'
    """
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else escape[0]
