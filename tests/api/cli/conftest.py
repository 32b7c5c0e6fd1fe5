"""The command line, run as people run it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.cli.commands import Commands, Zhengce, commands


@pytest.fixture(scope="session")
def forked() -> Iterator[Commands]:
    """What runs commands in processes of their own."""
    with commands() as forking:
        yield forking


@pytest.fixture(scope="module")
def zhengce(forked: Commands) -> Zhengce:
    """What a command prints and returns."""
    return lambda *arguments, data: forked.run(*arguments, data=data, cwd=data)
