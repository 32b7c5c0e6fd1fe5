"""Whatever goes wrong in a command, turned into one sentence on standard error and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from api.cli.language import language

if TYPE_CHECKING:
    from ontology.errors import ZhengceError


@contextmanager
def reported() -> Iterator[None]:
    """Turns every error into one sentence and an exit code."""
    from ontology.errors import MachineError, ZhengceError

    try:
        yield
    except ZhengceError as error:
        _fail(error)
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except (OSError, MemoryError) as error:
        _fail(MachineError.of(error))
    except (typer.Exit, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a fault of ours is a sentence too, and says where it is; the engine's are no Exception
        from api.cli.errors import FaultError

        _fail(FaultError(error), 3)


def _fail(error: ZhengceError, code: int = 1) -> NoReturn:
    print(error.sentence(language()), file=sys.stderr)
    raise typer.Exit(code)
