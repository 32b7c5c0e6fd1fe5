"""What all commands share: the settings they run with, and every error as one sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.cli.errors import UsageError
from api.cli.language import language, told

if TYPE_CHECKING:
    from api.settings import Settings
    from ontology.errors import ZhengceError

Data = Annotated[
    Path | None, typer.Option("--data", help="数据文件夹（默认 ZHENGCE_DATA 或 ./data）。 The data folder.", show_default=False)
]


def settings_of(data: Path | None, port: int | None = None) -> Settings:
    """The settings of the environment, with what the command says; raises SettingError, or MachineError where the limits are too low."""
    from dataclasses import replace

    from api.cli.prerequisites import check_limits
    from api.settings import Settings, checked, unknown

    check_limits()
    settings = Settings.from_environment()
    for name in unknown():
        print(told(f"没有设置 {name}，已忽略。", f"There is no setting {name}; it is ignored."), file=sys.stderr)
    if port is not None:
        checked("port", port)
    return replace(settings, data=data or settings.data, port=settings.port if port is None else port)


def at_hand(data: Path | None) -> Settings:
    """The settings of a command that reads: its data folder holds the data."""
    from api.answers.engine import at_hand

    return at_hand(settings_of(data))


def text_of(file: Path) -> str:
    """The text of a file; raises UsageError where it is not UTF-8."""
    from ontology.errors import MachineError

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}：不是 UTF-8 文本。", f"{file}: it is not text in UTF-8.") from error
    except OSError as error:
        raise MachineError.of(error, str(file)) from error


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


def note_changes(settings: Settings) -> None:
    """What every command does that may have published: the answers that are watched are looked at again."""
    from graph.store.watched import FOLDER

    if (settings.data / FOLDER).is_dir():
        from api.cli import watched_answers

        watched_answers.note_changes(settings)
