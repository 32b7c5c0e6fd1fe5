"""The shipped notice, inferred again and again -> triples a second, milliseconds a notice, and that time as a share of parsing.

python -m benchmarks.inference [--rounds 20]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import ingest
import ontology
from graph.reasoning.inference import prepare, rules
from ingest.parse import parse
from ingest.quads import triples
from ingest.read import read
from ingest.recognise import recognise
from ingest.vocabulary import vocabulary

NOTICE = Path(ingest.__file__).parent / "notices" / "huzhiban-2026-2.txt"


def seconds(action: Callable[[], object], rounds: int) -> float:
    """The median time of one run."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    said = tuple(ontology.triples())
    known = vocabulary(said)
    axioms = rules(said)
    background = prepare(axioms, said)
    document = read(NOTICE)
    facts = tuple(triples(recognise(parse(document), known)))
    inferred = tuple(background.infer(facts))
    parsing = seconds(lambda: parse(document), rounds)
    reading = seconds(lambda: tuple(triples(recognise(parse(document), known))), rounds)
    inference = seconds(lambda: tuple(background.infer(facts)), rounds)
    print(f"vocabulary   {len(said):>7} triples, {len(axioms.rules)} rules, {len(background.inferred)} follow")
    print(f"             {1000 * seconds(lambda: prepare(rules(said), said), rounds):>7.1f} ms once per process")
    print(f"notice       {len(facts):>7} triples, {len(inferred)} follow")
    print(f"parsing      {1000 * parsing:>7.1f} ms; with recognition and triples {1000 * reading:.1f} ms")
    print(f"inference    {1000 * inference:>7.1f} ms, {len(inferred) / inference:,.0f} derived triples a second")
    print(f"             {inference / parsing:>7.2f} times parsing, {inference / reading:.2f} times the whole of reading")


if __name__ == "__main__":
    main()
