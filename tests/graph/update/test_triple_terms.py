"""Terms that nest deeper than a process could load are refused, whichever way they are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import BadDataError
from graph.store.snapshot import Snapshots
from graph.update.apply import Change, GraphChange, Part, Update, write
from graph.update.triple_terms import DEEPEST

G = "http://example.org/g"
WRAP = (
    f"DELETE {{ GRAPH <{G}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{G}> {{ ?s ?p ?t }} }} WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} BIND(%s AS ?t) }}"
)


def term(depth: int) -> str:
    return "<<( <a:a> <a:b> " * depth + "1" + " )>>" * depth


def data(media_type: str) -> Callable[[int], Change]:
    def made(depth: int) -> Change:
        number = '"1"' if media_type.endswith(("triples", "quads")) else "1"
        return GraphChange("PUT", G, (Part(f"<a:s> <a:p> {term(depth)} .".replace("1", number).encode(), media_type),))

    return made


def update(depth: int) -> Change:
    return Update(f"INSERT DATA {{ GRAPH <{G}> {{ <a:s> <a:p> {term(depth)} }} }}", "http://example.org/")


def default(depth: int) -> Change:
    return Update(f"INSERT DATA {{ <a:s> <a:p> {term(depth)} }}", "http://example.org/")


def computed(depth: int) -> Change:
    wrapped = "TRIPLE(<a:a>, <a:b>, " * depth + "1" + ")" * depth
    return Update(f"INSERT {{ GRAPH <{G}> {{ <a:s> <a:p> ?t }} }} WHERE {{ BIND({wrapped} AS ?t) }}", "http://example.org/")


WAYS = {
    "Turtle": data("text/turtle"),
    "TriG": data("application/trig"),
    "N-Triples": data("application/n-triples"),
    "N-Quads": data("application/n-quads"),
    "an update": update,
    "an update of the default graph": default,
    "a function": computed,
}


@pytest.mark.parametrize("made", WAYS.values(), ids=WAYS.keys())
def test_a_term_is_as_deep_as_it_may_be_and_no_deeper(tmp_path: Path, made: Callable[[int], Change]) -> None:
    snapshots = Snapshots(tmp_path)
    for depth in (DEEPEST + 1, 100):
        with pytest.raises(BadDataError, match="deeper than 16"):
            write(snapshots, made(depth), lambda *_: ())
        assert snapshots.current() is None
    assert write(snapshots, made(DEEPEST), lambda *_: ()).snapshot == 1


@pytest.mark.parametrize("wrapped", ["TRIPLE(?s, ?p, ?o)", "triple(?s, ?p, ?o)", "<<( ?s ?p ?o )>>"])
def test_a_term_grows_no_deeper_by_many_updates(tmp_path: Path, wrapped: str) -> None:
    snapshots = Snapshots(tmp_path)
    write(snapshots, data("text/turtle")(DEEPEST - 2), lambda *_: ())
    for number in (2, 3):
        assert write(snapshots, Update(WRAP % wrapped, "http://example.org/"), lambda *_: ()).snapshot == number
    with pytest.raises(BadDataError):
        write(snapshots, Update(WRAP % wrapped, "http://example.org/"), lambda *_: ())
    current = snapshots.current()
    assert current is not None
    assert current.number == 3
