"""The engines of these tests, installed by name from package registries: ``python -m tests.engines.install [NAME...]``.

Fuseki is a jar of Maven Central and Oxigraph's server a wheel of PyPI, both by the SHA-256 in their locks; Virtuoso is Debian's
package, whose signatures apt checks. What cannot be had ends it with one sentence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.clients.install import InstallError, install_jars

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "engines"
OXIGRAPH = FOLDER / "oxigraph" / "bin" / "oxigraph"
_VIRTUOSO = ("virtuoso-opensource-7-bin", "virtuoso-opensource-7-common")


def install_fuseki() -> None:
    """The jar that the lock names."""
    install_jars(FOLDER / "fuseki", HERE / "fuseki.lock")


def fuseki_jar() -> Path:
    """The jar that was installed; raises InstallError where there is none."""
    found = sorted((FOLDER / "fuseki").glob("*.jar"))
    if len(found) != 1:
        raise InstallError("没有安装 Fuseki：make fuseki。 Fuseki is not installed: make fuseki.")
    return found[0]


def install_oxigraph() -> None:
    """The wheel that the lock names, in a folder of its own: it is no library of ours."""
    shutil.rmtree(FOLDER / "oxigraph", ignore_errors=True)
    asked = ["--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--target", str(FOLDER / "oxigraph")]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        *asked,
        "-r",
        str(HERE.parents[1] / "deploy" / "oxigraph.lock"),
    ]
    if subprocess.run(command, check=False).returncode or not OXIGRAPH.is_file():
        raise InstallError("无法从 PyPI 安装 Oxigraph 服务器。 Oxigraph's server could not be installed from PyPI.")


def virtuoso() -> str:
    """The server's program; raises InstallError where there is none."""
    found = shutil.which("virtuoso-t")
    if not found:
        raise InstallError("没有安装 Virtuoso：make virtuoso。 Virtuoso is not installed: make virtuoso.")
    return found


def install_virtuoso() -> None:
    """Debian's packages of the server alone: they start no service and ask no question."""
    if shutil.which("virtuoso-t"):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        names = " ".join(_VIRTUOSO)
        raise InstallError(f"Virtuoso 须由 root 用 apt-get 安装：{names}。 Virtuoso has to be installed by root with apt-get: {names}.")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *_VIRTUOSO]):
        if subprocess.run(["apt-get", *step], env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
            raise InstallError(f"apt-get {' '.join(step)} 失败。 apt-get {' '.join(step)} failed.")
    virtuoso()


_INSTALLERS = {"fuseki": install_fuseki, "oxigraph": install_oxigraph, "virtuoso": install_virtuoso}


def main(names: list[str]) -> None:
    """Installs the engines of these names, all where none is given."""
    for name in names or _INSTALLERS:
        _INSTALLERS[name]()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InstallError as problem:
        raise SystemExit(str(problem)) from None
