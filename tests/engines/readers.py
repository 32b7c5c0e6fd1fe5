"""Many who read at once while an engine is killed, turned into what they were answered."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice
from urllib.parse import urlencode

from tests.conformance.service import Service
from tests.engines.servers import Server

READERS = 4
QUERY = "SELECT (COUNT(*) AS ?n) { ?task a <https://w3id.org/zhengce/def#Task> }"


def answers_while_killed(fronts: Sequence[Service], server: Server, seconds: float = 3) -> tuple[Counter[str], Counter[str]]:
    """What readers of the fronts were answered before a server is killed, and after: the number of tasks, or a status that is not 200."""
    told = Counter[str](), Counter[str]()
    killed, done = threading.Event(), threading.Event()

    def read(port: int) -> None:
        reader = Service(port)
        while not done.is_set():
            response = reader.ask("GET", "/sparql?" + urlencode({"query": QUERY}), {"Accept": "application/sparql-results+json"})
            said = json.loads(response.content)["results"]["bindings"][0]["n"]["value"] if response.status == 200 else str(response.status)
            told[killed.is_set()][said] += 1
        reader.close()

    readers = [threading.Thread(target=read, args=(front.port,)) for front in islice(cycle(fronts), READERS)]
    for each in readers:
        each.start()
    time.sleep(seconds)
    killed.set()
    server.process.kill()
    time.sleep(seconds)
    done.set()
    for each in readers:
        each.join()
    return told
