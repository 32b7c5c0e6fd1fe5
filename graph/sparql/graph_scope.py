"""The text of a query, turned into the GRAPH patterns of it that the engine would answer wrongly without saying so.

``GRAPH ?g { ... }`` ranges over the graphs and binds ``?g`` in each solution (https://www.w3.org/TR/sparql11-query/#queryDataset). Where
the braces hold nothing but a subquery, VALUES or another GRAPH, the engine evaluates that once for all graphs and leaves ``?g`` unbound.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.errors import BadQueryError, EvaluationError
from graph.sparql.tokens import Token, tokens


def refuse_unbound_graphs(text: str) -> None:
    """Raises EvaluationError where the variable of a GRAPH would stay unbound and the query asks for it elsewhere.

    >>> refuse_unbound_graphs("SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }")
    """
    if "graph" not in text.lower():
        return
    try:
        read = list(tokens(text))
    except BadQueryError:
        # The engine says what is wrong.
        return
    every = _selects_all(read)
    for index, token in enumerate(read[:-2]):
        name, brace = read[index + 1], read[index + 2]
        if token.keyword != "GRAPH" or name.kind != "variable" or brace.text != "{":
            continue
        end = _closing(read, index + 2)
        alone = _alone(read[index + 3 : end])
        asked = every or any(other.kind == "variable" and other.text[1:] == name.text[1:] for other in (*read[:index], *read[end:]))
        if alone and asked:
            raise EvaluationError(
                f"GRAPH {name.text} 的花括号里只有 {alone}，引擎不会为 {name.text} 赋值；"
                f"请把 GRAPH {name.text} 写在 {alone} 之内、三元组之外"
                f" / GRAPH {name.text} holds nothing but {alone}, for which the engine leaves {name.text} unbound; "
                f"put GRAPH {name.text} inside it, around triple patterns"
            )


def _alone(content: Sequence[Token]) -> str:
    """The first keyword of what stands in a group that holds nothing but subqueries, VALUES and GRAPH; empty for any other group."""
    first = ""
    index = 0
    while index < len(content):
        token = content[index]
        if token.keyword == "SELECT":
            return first or "SELECT"
        if token.keyword in {"VALUES", "GRAPH"}:
            first = first or token.keyword
            while index < len(content) and content[index].text != "{":
                index += 1
            index = _closing(content, index)
        elif token.text == "{":
            end = _closing(content, index)
            inner = _alone(content[index + 1 : end])
            if not inner:
                return ""
            first = first or inner
            index = end
        elif token.keyword != "UNION" and token.text != ".":
            return ""
        index += 1
    return first


def _closing(read: Sequence[Token], opening: int) -> int:
    """Where the brace is that closes the one that opens there."""
    if opening >= len(read):
        return len(read)
    depth = read[opening].depth
    return next((index for index in range(opening + 1, len(read)) if read[index].text == "}" and read[index].depth == depth), len(read))


def _selects_all(read: Sequence[Token]) -> bool:
    """Whether the query itself asks for all its variables."""
    for index, token in enumerate(read[:-1]):
        if token.depth == 0 and token.keyword in {"SELECT", "DESCRIBE"}:
            return any(after.text == "*" for after in read[index + 1 : index + 3])
    return False
