"""Log records, turned into lines of JSON on standard error."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from datetime import UTC, datetime

from graph.errors import GraphError

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]")
"""What a terminal obeys or nobody sees: controls, marks of direction, separators, halves of characters."""
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonFormatter(logging.Formatter):
    """One object a line: time, level, logger, message, and whatever was given with ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _OWN},
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return _UNSEEN.sub(_escaped, json.dumps(entry, ensure_ascii=False, default=str))


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


def _foreseen(record: logging.LogRecord) -> bool:
    """The server tells of every response that broke off as if nobody knew why; where we do, our own line says it; so does its end."""
    return not (record.exc_info and isinstance(record.exc_info[1], GraphError | asyncio.CancelledError))


def configure() -> None:
    """All logs of the process as lines of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(_foreseen)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
