"""Ours beside other servers over the same quads, in one run, by turns: medians, p95, requests a second, memory, ratios, as Markdown.

python -m benchmarks.service [--data FOLDER] [--notices 100] [--servers ours "oxigraph in memory" ...] [--rounds 5]

Without --data the notices are generated and put through the real ingest first. A query counts as fresh when its text was never asked
before (a comment at its end differs each time), and as repeated when it is the same request again and again.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import count, repeat
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from benchmarks.load import Times, run
from benchmarks.servers import NAMES, Server, running
from graph.store.snapshot import Snapshots

QUERIES = Path(__file__).parent / "queries"
FAST = "01-lookup"
_LONGEST = 4.0
"""So many seconds at most are spent on one query of one server in one round."""

Results = Mapping[tuple[str, str], Times]


def texts(snapshot: Path) -> dict[str, str]:
    """The queries by name, about a notice and a task of this data."""
    store = Store.read_only(str(snapshot))
    found = store.query(
        "SELECT ?notice (MIN(?t) AS ?task) { ?notice <https://w3id.org/zhengce/def#hasTask> ?t } GROUP BY ?notice ORDER BY ?notice LIMIT 1",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, QuerySolutions)
    row = next(found)
    notice, task = row["notice"], row["task"]
    assert isinstance(notice, NamedNode)
    assert isinstance(task, NamedNode | Literal)
    files = sorted(QUERIES.glob("*.rq"))
    return {path.stem: path.read_text("utf-8").replace("{notice}", notice.value).replace("{task}", task.value) for path in files}


def requests(server: Server, text: str, *, fresh: bool) -> Iterator[bytes]:
    """The same request again and again, or one that was never sent before each time."""
    accept = "application/sparql-results+json, application/n-triples;q=0.9"
    head = f"Host: 127.0.0.1:{server.port}\r\nAccept: {accept}\r\n\r\n"
    encoded = quote(text, safe="")
    if not fresh:
        return repeat(f"GET {server.path}?query={encoded} HTTP/1.1\r\n{head}".encode())
    numbers = _NUMBERS
    return (f"GET {server.path}?query={encoded}%0A%23{next(numbers)} HTTP/1.1\r\n{head}".encode() for _ in repeat(None))


_NUMBERS = count(1)


def by_query(servers: Sequence[Server], queries: Mapping[str, str], rounds: int) -> Results:
    """Each query of each server, fresh, by turns; a server that needs long is asked less often."""
    times = {(server.name, name): Times() for server in servers for name in queries}
    for round_ in range(rounds):
        for name, text in queries.items():
            for server in servers:
                held = times[server.name, name]
                if round_ and held.seconds and max(held.seconds) > _LONGEST:
                    continue
                held.add(run(server.port, requests(server, text, fresh=True), clients=1, seconds=_LONGEST / 4, most=40))
    return times


def by_clients(servers: Sequence[Server], text: str, rounds: int, *, fresh: bool) -> Mapping[tuple[str, int], Times]:
    """One tiny query at 1, 4 and 16 clients, by turns."""
    times: dict[tuple[str, int], Times] = {(server.name, clients): Times() for server in servers for clients in (1, 4, 16)}
    for _ in range(rounds):
        for clients in (1, 4, 16):
            for server in servers:
                times[server.name, clients].add(run(server.port, requests(server, text, fresh=fresh), clients=clients, seconds=1.0))
    return times


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--notices", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--servers", nargs="+", choices=NAMES, default=list(NAMES))
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = given.data or _ingested(folder, given.notices)
        current = Snapshots(data).current()
        assert current is not None
        servers = [stack.enter_context(running(name, data, current.path, folder)) for name in given.servers]
        queries = texts(current.path)
        print(f"{current.quads:,} quads\n")
        _print_queries(servers, queries, by_query(servers, queries, given.rounds))
        quick = [server for server in servers if server.name != "rdflib-endpoint"]
        for fresh in (True, False):
            print(f"\n{'Fresh' if fresh else 'Repeated'}: {FAST}, requests a second (median and p95 in ms)\n")
            _print_clients(quick, by_clients(quick, queries[FAST], given.rounds, fresh=fresh))
        print("\n" + "; ".join(f"{server.name}: {server.megabytes():,.0f} MB" for server in servers))


def _ingested(folder: Path, notices: int) -> Path:
    from api.publication.corpus import ingest
    from benchmarks import generate

    files = list(generate.write(folder / "notices", notices))
    ingest(files, Snapshots(folder / "data"), processes=2)
    return folder / "data"


def _print_queries(servers: Sequence[Server], queries: Mapping[str, str], times: Results) -> None:
    names = [server.name for server in servers]
    others = [name for name in names if name != "ours"]
    heads = [*(f"{name}, ms (p95)" for name in names), *(f"{name} / ours" for name in others)]
    print(f"| query, fresh, 1 client | {' | '.join(heads)} |")
    print(f"| --- |{' ---: |' * (len(names) + len(others))}")
    for query in queries:
        held = [times[name, query] for name in names]
        cells = [f"{each.median:,.2f} ({each.p95:,.2f}){' !' if each.wrong else ''}" for each in held]
        ratios = [f"{times[name, query].median / times['ours', query].median:.2f}" for name in others] if "ours" in names else []
        print(f"| {query} | {' | '.join([*cells, *ratios])} |")
    if "ours" in names:
        medians = {name: statistics.median(times[name, query].median / times["ours", query].median for query in queries) for name in others}
        print(f"\nMedian of the ratios: {', '.join(f'{name} / ours {value:.2f}' for name, value in medians.items())}")


def _print_clients(servers: Sequence[Server], times: Mapping[tuple[str, int], Times]) -> None:
    print(f"| clients | {' | '.join(server.name for server in servers)} |")
    print(f"| --- |{' ---: |' * len(servers)}")
    for clients in (1, 4, 16):
        cells = (times[server.name, clients] for server in servers)
        print(f"| {clients} | {' | '.join(f'{each.rate:,.0f} ({each.median:.2f}, {each.p95:.2f})' for each in cells)} |")


if __name__ == "__main__":
    main()
