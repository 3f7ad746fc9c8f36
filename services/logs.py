"""Structured logs: one JSON object a line, with the ids of publication, run, submission and article.

Only the project's own loggers are touched. Each month has its own file, so that nothing needs to be
rotated while several processes write; lines are appended whole.
"""

import logging
import sys
from datetime import datetime
from pathlib import Path

from pythonjsonlogger.json import JsonFormatter

from services.settings import Settings

PACKAGES = ("bulletin", "collectors", "extractors", "builders", "store", "services", "flows", "desk", "cli")
FIELDS = "{asctime}{levelname}{name}{message}"


class _Marked(logging.FileHandler):
    """Ours, so that a second call finds it. A log that cannot be written never stops the work."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)
        except OSError:
            self.handleError(record)


class _MarkedStream(logging.StreamHandler):  # type: ignore[type-arg]
    """The same for standard error."""


def set_up_logging(settings: Settings) -> None:
    """Writes the project's log where the settings say, and nowhere else; can be called again."""
    handler = _handler(settings)
    for name in PACKAGES:
        logger = logging.getLogger(name)
        for old in [one for one in logger.handlers if isinstance(one, _Marked | _MarkedStream)]:
            logger.removeHandler(old)
            old.close()
        if handler is not None:
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
        # Prefect's own handlers at the root would print every line again.
        logger.propagate = handler is None


def log_file(settings: Settings, now: datetime) -> Path:
    """The file of the month."""
    return settings.home / "logs" / f"{now:%Y-%m}.jsonl"


def _handler(settings: Settings) -> logging.Handler | None:
    handler: logging.Handler
    if settings.log == "off":
        return None
    if settings.log == "stderr":
        handler = _MarkedStream(sys.stderr)
    else:
        # Opened at the first line, so that commands with nothing to say leave no file.
        handler = _Marked(log_file(settings, datetime.now(settings.zone)), encoding="utf-8", delay=True)
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    handler.setFormatter(JsonFormatter(FIELDS, style="{", json_ensure_ascii=False, rename_fields=names))
    return handler
