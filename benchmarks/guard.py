"""Random texts, turned into what the guard says of each and what the engine does with it: not one connection may pass.

python -m benchmarks.guard [--texts 100000] [--seed 1]: every text is given to the engine in this process twice, as it stands and as far as
the guard lets it pass, with a listener on loopback that counts who connects. Prints how many texts the engine would have contacted the
listener for, how many of these the guard let pass (ends with 1 unless none), and how many it refused that would have contacted nothing.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import signal
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self

from pyoxigraph import NamedNode, Quad, QueryBoolean, Store

from graph.errors import GraphError
from graph.sparql.service_guard import relayed
from graph.update.update_text import on_dataset, refuse_addresses, without_silent_loads
from queries import catalogue

NAMES = (
    *(
        "ex:a",
        "ex:a",
        "ex:a.b",
        "ex:a.b.c",
        "ex:",
        "ex:a-",
        "ex:a%41",
        "ex:a\\-b",
        "ex:it\\'s",
        "ex:a\\#b",
        ":",
        ":a",
        "é:é",
        "ex:service",
        "service:x",
    ),
    *("<http://e/a>", "<http://e/it's>", "<http://e/a#b>", "<a>", "<>", "<http://e/\\u0061>", "load:x", "ex:a.service", "ex:a.b.service"),
)
VARIABLES = ("?x", "?x", "?x", "$x", "?service", "?xservice", "?é", "?ünservice")
GROUND = (
    *NAMES,
    *("1", "1.", "1.5", "1e5", ".5", "-1", "+2.", "1.e0", "true", "false"),
    *(
        "'a'",
        '"a"',
        "''",
        '""',
        "'''a'b'''",
        '"""a""b"""',
        "'\\''",
        '"\\""',
        "'\\\\'",
        "'''\\'''",
        "'a'@en",
        "'a'@en-GB",
        '"1"^^ex:t',
        "'#'",
        "'<'",
        "'>'",
    ),
    *("'SERVICE <URL> {'", '"""it\'s SERVICE <URL> {"""'),
)
TERMS = (*GROUND, *VARIABLES, "[]", "()", "(1 2)", "[ ex:p 1 ]", "[ex:p ex:a]", "_:b", "_:b.c", "0x1", "ex:.service", "TRUE", "ex:a\\\\")
VERBS = (
    "a",
    "ex:p",
    "?p",
    "^ex:p",
    "ex:p/ex:q",
    "(ex:p|ex:q)*",
    "ex:p?",
    "ex:p+",
    "!ex:p",
    "!(ex:p|^ex:q)",
    "ex:service",
    "ex:a.b",
    "<http://e/p>",
    "s:p",
)
GAPS = ("", "", "\n", "\t", "\r", "# c\n", "#'\n", "# SERVICE <URL> {\n", '#"""\r', "#", "\ufeff", "\u00a0", "\u2028", "\x0b")
NOISE = (
    "'",
    '"',
    "<",
    ">",
    "#",
    "\\",
    "{",
    "}",
    ".",
    ";",
    ",",
    "/",
    "?",
    "$",
    ":",
    "\n",
    "'''",
    '"""',
    "<<",
    ">>",
    "//",
    "\\u0027",
    "&&",
    "@",
    "^^",
    "1",
    "é",
)
EXPRESSIONS = (
    "?x<3",
    "?x<?service",
    "1 <2",
    "(1<'x'||true)",
    "?x > 1",
    "true",
    "STR(?x)='a'",
    "?x<'it'",
    "1<#\n2",
    "?x IN (1,ex:a)",
    "!(?x<ex:a)",
    "REGEX('a','>')",
)
PREFIXES = {"ex": "http://e/", "": "http://e/", "é": "http://e/", "service": "http://e/", "load": "http://e/", "s": "URL"}
PROLOGUE = "BASE <URL> " + " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items()) + "\n"


class Texts:
    """The texts of one seed, without end: of the grammar, and real queries with a call put in and characters changed."""

    def __init__(self, seed: int, url: str) -> None:
        self._random = random.Random(seed)
        self._url = url
        self.called = False
        """Whether a call was put into the last text."""
        self._real = [query.text for _, query in sorted(catalogue().items())]

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        """Each text, and whether it is an update."""
        chance = self._random.random
        while True:
            update = chance() < 0.2
            self.called = False
            if chance() < 0.3:
                text = self._mutant()
                update = False
            else:
                text = self._update() if update else self._query()
            if chance() < 0.25:
                text = self._damaged(text)
            yield text.replace("URL", self._url), update

    def _pick(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _gap(self) -> str:
        return " " if self._random.random() < 0.92 else self._random.choice(GAPS)

    def _query(self) -> str:
        head = self._pick(
            "SELECT *", "SELECT*", "SELECT ?x", "ASK", "CONSTRUCT { ?x a ?x } WHERE", "SELECT ?x ?service ?y WHERE", "DESCRIBE ?x"
        )
        return PROLOGUE + head + self._gap() + self._group(2)

    def _update(self) -> str:
        kind = self._random.random()
        if kind < 0.4:
            self.called = True
            load = self._cased("LOAD") + self._gap() + self._pick("", "", "SILENT", "silent") + self._gap() + self._target(variable=False)
            before = self._pick(
                "", "", "CLEAR DEFAULT;", f"INSERT DATA {{ ex:a ex:b {self._pick(*TERMS)} }} ;", "DROP ALL ; ", "INSERT DATA {};"
            )
            return PROLOGUE + before + self._gap() + load + self._gap() + self._pick("", "INTO GRAPH ex:g", ";CLEAR ALL")
        template = self._pick(
            "INSERT { ?x a ?x }",
            "DELETE { ?x ex:p ?service }",
            "DELETE { ?x a ?x } INSERT { ex:a ex:p ?x }",
            "WITH ex:g DELETE { ?x a ?x }",
        )
        return (
            PROLOGUE
            + template
            + self._gap()
            + self._pick("", "USING ex:g ", "USING NAMED <g> ")
            + self._pick("WHERE", "where")
            + self._gap()
            + self._group(2)
        )

    def _group(self, depth: int) -> str:
        parts = [self._part(depth) for _ in range(self._random.randint(1, 3))]
        if depth == 2 and self._random.random() < 0.7:
            parts.insert(self._random.randint(0, len(parts)), self._service(depth))
        return "{" + self._gap() + self._pick("", " ", " . ", ".").join(parts) + self._gap() + "}"

    def _part(self, depth: int) -> str:
        kind = self._random.randint(0, 11)
        inner = self._group(depth - 1) if depth and kind > 3 else "{}"
        match kind:
            case 4:
                return self._pick("OPTIONAL", "optional ") + inner
            case 5:
                return f"{inner} UNION {self._group(depth - 1) if depth else '{}'}"
            case 6:
                return f"MINUS{inner}"
            case 7:
                return f"FILTER({self._pick(*EXPRESSIONS)})"
            case 8:
                return f"BIND({self._pick(*GROUND, *VARIABLES)} AS ?y{self._random.randint(1, 99)})"
            case 9:
                return f"VALUES ?x {{ {self._pick(*GROUND)} {self._pick(*GROUND)} }}"
            case 10:
                return self._pick("GRAPH ?g ", "FILTER EXISTS", "GRAPH service:x", "GRAPH <http://e/service>") + inner
            case 11:
                return f"{{ SELECT * {inner} }}"
            case _:
                gap = self._gap
                parts = (self._pick(*NAMES, *VARIABLES, *VARIABLES, *VARIABLES), self._pick(*VERBS), self._pick(*TERMS))
                return gap().join(parts) + self._pick("", "", " . ", ".", ";")

    def _service(self, depth: int) -> str:
        self.called = True
        silent = self._pick("", "", "", self._cased("SILENT"))
        target = self._target(variable=True)
        bound = "VALUES ?w { <URL> }" if target == "?w" else ""
        before = self._pick("", "", "", f"?x {self._pick(*VERBS)} {self._pick(*TERMS)}{self._pick('', '.', ' ', ' . ')}")
        keyword = self._cased("SERVICE")
        if self._random.random() < 0.03:
            keyword = keyword.replace(keyword[2], f"\\u{ord(keyword[2]):04X}")
        return (
            bound
            + before
            + keyword
            + self._gap()
            + silent
            + self._gap()
            + target
            + self._gap()
            + (self._group(depth - 1) if depth else "{}")
        )

    def _target(self, *, variable: bool) -> str:
        targets = (
            "<URL>",
            "<URL>",
            "<URL#a>",
            "<URL?a=service>",
            "<URL/it's>",
            "s:x",
            "s:",
            "s:x.y",
            "<x>",
            "<>",
            "<URL\\u0061>",
            "s:%41",
            "s:a\\#b",
        )
        return self._pick(*targets, *(("?w", "?w") if variable else ()))

    def _cased(self, word: str) -> str:
        return "".join(character.lower() if self._random.random() < 0.2 else character for character in word)

    def _mutant(self) -> str:
        text = self._random.choice(self._real)
        if self._random.random() < 0.8:
            self.called = True
            brace = self._random.choice([place for place, character in enumerate(text) if character in "{.}"])
            text = (
                text[: brace + 1]
                + self._pick("", " ", "\n")
                + f"SERVICE <URL>{self._gap()}{{ ?s{self._random.randint(1, 9)} ?p1 ?o1 }} "
                + text[brace + 1 :]
            )
        return text

    def _damaged(self, text: str) -> str:
        for _ in range(self._random.randint(1, 3)):
            place, end = sorted(self._random.randint(0, len(text)) for _ in range(2))
            match self._random.randint(0, 3):
                case 0:
                    text = text[:place] + text[min(end, place + 3) :]
                case 1:
                    text = text[:end] + text[place : place + 12] + text[end:]
                case _:
                    text = text[:place] + self._pick(*NOISE) + text[place:]
        return text


class Listener:
    """A port on loopback that closes every connection at once, in a process of its own that counts them."""

    def __enter__(self) -> Self:
        self._memory = mmap.mmap(-1, 8)
        server = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        self._process = os.fork()
        if not self._process:
            with suppress(BaseException):
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                while True:
                    connection, _ = server.accept()
                    self._memory[:] = struct.pack("q", self.count + 1)
                    connection.recv(1 << 16)
                    connection.sendall(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    connection.close()
            os._exit(0)
        server.close()
        return self

    def __exit__(self, *_error: object) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    @property
    def count(self) -> int:
        """The connections so far."""
        return int(struct.unpack("q", self._memory[:])[0])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text."""

    text: str
    update: bool
    refused: bool
    contacts: bool
    """Whether the engine contacts the listener for the text as it stands."""
    accepted: bool
    """Whether the engine takes it for SPARQL."""
    leaked: bool
    """Whether it contacted the listener for what the guard let pass."""
    called: bool
    """Whether a call was put into it."""


def outcomes(seed: int, number: int) -> Iterator[Outcome]:
    """What becomes of each of so many texts of a seed."""
    with Listener() as listener, _store() as store:
        texts = Texts(seed, listener.url)
        for (text, update), _ in zip(texts, range(number), strict=False):
            before = listener.count
            accepted = _run(store, text, update=update)
            contacts = listener.count > before
            passed = _guarded(text, update=update)
            before = listener.count
            if passed is not None:
                _run(store, passed, update=update)
            yield Outcome(text, update, passed is None, contacts, accepted, listener.count > before, texts.called)


def _guarded(text: str, *, update: bool) -> str | None:
    """The text as the service gives it to the engine, None where it refuses it."""
    try:
        if not update:
            return relayed(text)
        text = without_silent_loads(text)
        refuse_addresses(text)
        return on_dataset(text, (), ())
    except GraphError:
        return None


def _run(store: Store, text: str, *, update: bool) -> bool:
    """Gives the text to the engine; whether it is SPARQL."""
    try:
        if update:
            Store().update(text)
        else:
            answer = store.query(text)
            if not isinstance(answer, QueryBoolean):
                for _ in zip(answer, range(20), strict=False):
                    pass
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError):
        return True
    return True


@contextmanager
def _store() -> Iterator[Store]:
    """A little data, so that what stands before a call is found."""
    names = [NamedNode(f"http://e/{name}") for name in ("a", "a.b", "a.b.c", "p", "q", "service")]
    names.append(NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"))
    store = Store()
    store.extend(Quad(subject, verb, value) for subject in names[:2] for verb in names for value in names)
    yield store


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    counts: Counter[str] = Counter()
    for outcome in outcomes(options.seed, options.texts):
        counts["texts"] += 1
        counts["SPARQL"] += outcome.accepted
        counts["would contact"] += outcome.contacts
        counts["let pass, contacted"] += outcome.leaked
        counts["SPARQL without a call"] += outcome.accepted and not outcome.called and not outcome.contacts
        counts["refused of these"] += outcome.accepted and not outcome.called and not outcome.contacts and outcome.refused
        if outcome.leaked:
            print(repr(outcome.text), file=sys.stderr)
    for name, number in counts.items():
        print(f"{name:30} {number:7}")
    print(f"{'seconds':30} {time.monotonic() - began:7.0f}")
    sys.exit(1 if counts["let pass, contacted"] else 0)


if __name__ == "__main__":
    main()
