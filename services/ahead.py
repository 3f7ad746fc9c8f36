"""What an issue will need, made ready before it is needed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from threading import Thread

from builders import libreoffice
from services import readers

LATER = ("builders.printing", "bulletin.actors", "services.training", "rjieba")
"""0.3 s together."""


@contextmanager
def started_ahead(sources: Sequence[str], home: str = "", publication: str = "") -> Iterator[None]:
    """LibreOffice, and where the sources hold many submissions those who read them, for what is done in the block."""
    with libreoffice.started_ahead(), readers.started_ahead(sources, home, publication):
        yield


def loaded_ahead() -> None:
    """What assembling and typesetting load is loaded while the intake waits for the disk and for those who read."""
    # Waited for at the end, not killed: a run that ends early, with nothing to print, would else now and then abort
    # ("FATAL: exception not rethrown") in the middle of loading a compiled module.
    Thread(target=lambda: [import_module(name) for name in LATER], daemon=False).start()
