"""The compose file of fronts and replicas: what it says is a Compose file, and what its services run does what docs/engines.md says.

There is no container here: the same commands run as processes on loopback, with the addresses and folders that they have there.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from compose_spec import PyCompose

from tests.conformance.service import ROOT, free_port, running
from tests.conftest import SHIPPED
from tests.engines.conftest import command
from tests.engines.install import OXIGRAPH
from tests.engines.readers import READERS, answers_while_killed
from tests.engines.servers import Server, answering

FILE = ROOT / "deploy" / "compose.yaml"
INSIDE = "0.0.0.0:7878"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the file, with what they share written out."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))["services"]
    return found


def settings_of(service: dict[str, Any], ports: dict[str, int]) -> dict[str, str]:
    """The settings of a service, with the addresses that the others have here."""
    settings = {name.removeprefix("ZHENGCE_").lower(): value for name, value in service["environment"].items()}
    for name, port in ports.items():
        settings = {key: value.replace(f"{name}:7878", f"127.0.0.1:{port}") for key, value in settings.items()}
    assert all("//engine" not in value for value in settings.values())
    return settings


@contextmanager
def engine(service: dict[str, Any], folder: Path) -> Iterator[tuple[Server, int]]:
    """The command of a replica as a process, and its port."""
    program, *words = service["command"]
    assert (program, words.count("/data"), words.count(INSIDE)) == (OXIGRAPH.name, 1, 1)
    port = free_port()
    folder.mkdir()
    here = {"/data": str(folder / "store"), INSIDE: f"127.0.0.1:{port}"}
    url = f"http://127.0.0.1:{port}"
    with answering([str(OXIGRAPH), *(here.get(word, word) for word in words)], folder, f"{url}/query") as process:
        yield Server("oxigraph", process, f"{url}/query", f"{url}/update"), port


def test_it_is_a_compose_file(services: dict[str, Any]) -> None:
    written = yaml.safe_load(FILE.read_text("utf-8"))
    read = PyCompose.from_yaml(yaml.safe_dump(written))
    assert set(read.service_names()) == set(services) == {"engine-1", "engine-2", "front", "publisher"}
    with pytest.raises(ValueError, match="comand"):
        PyCompose.from_yaml(yaml.safe_dump({**written, "services": {"front": {"comand": ["zhengce"]}}}))


def test_files_that_it_builds_from_are_there(services: dict[str, Any]) -> None:
    builds = [service["build"] for service in services.values() if "build" in service]
    assert len(builds) == 3
    for build in builds:
        container = FILE.parent / build["context"] / build.get("dockerfile", "Containerfile")
        copied = [
            line.split()[1] for line in container.read_text("utf-8").splitlines() if line.startswith("COPY ") and "--from" not in line
        ]
        assert container.is_file()
        assert all((FILE.parent / build["context"] / name).exists() for name in copied)
    built = {service["image"] for service in services.values() if "build" in service}
    assert {service["image"] for service in services.values()} == built


def test_an_image_of_a_replica_runs_what_its_service_does(services: dict[str, Any]) -> None:
    last = (ROOT / "deploy" / "oxigraph.Containerfile").read_text("utf-8").splitlines()[-1]
    assert yaml.safe_load(last.removeprefix("CMD ")) == services["engine-1"]["command"] == services["engine-2"]["command"]


def test_engines_are_reached_from_inside_alone_and_fronts_write_nothing(services: dict[str, Any]) -> None:
    written = yaml.safe_load(FILE.read_text("utf-8"))
    assert written["networks"]["inner"] == {"internal": True}
    for name, service in services.items():
        assert ("ports" in service) == ("outer" in service["networks"]) == (name == "front")
    assert all(port["host_ip"] == "127.0.0.1" for port in services["front"]["ports"])
    assert "ZHENGCE_STORE_UPDATE" not in services["front"]["environment"]
    assert services["front"]["environment"]["ZHENGCE_STORE"] == services["publisher"]["environment"]["ZHENGCE_STORE"]


@pytest.mark.slow
def test_fronts_and_replicas_answer_while_one_replica_dies(services: dict[str, Any], tmp_path: Path) -> None:
    with ExitStack() as opened:
        engines = {name: opened.enter_context(engine(services[name], tmp_path / name)) for name in ("engine-1", "engine-2")}
        ports = {name: port for name, (_, port) in engines.items()}
        program, word, notices = services["publisher"]["command"]
        assert (program, word, notices) == ("zhengce", "ingest", "/notices")
        command(tmp_path / "publisher", word, str(SHIPPED), **settings_of(services["publisher"], ports))
        assert services["front"]["command"] == ["zhengce", "serve"]
        settings = settings_of(services["front"], ports)
        number = services["front"]["deploy"]["replicas"]
        fronts = [opened.enter_context(running(tmp_path / f"front-{each}", **settings)) for each in range(number)]
        assert len(fronts) >= 2
        before, after = answers_while_killed(fronts, engines["engine-1"][0])
        assert set(before) == {"74"}
        assert {"74"} <= set(after) <= {"74", "503"}
        assert after["503"] <= READERS
        refused = fronts[0].ask("POST", "/update", {"Content-Type": "application/sparql-update"}, b"CLEAR ALL")
        assert refused.status >= 400
        with pytest.raises(subprocess.TimeoutExpired):
            engines["engine-2"][0].process.wait(0)
