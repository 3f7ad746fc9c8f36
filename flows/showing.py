"""What Prefect's page shows of a run, sent while the work goes on."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.exceptions import PrefectHTTPStatusError

PACE = 1.0
"""Seconds between two reports of progress: nobody sees more, and each costs the server 15 ms."""

Show = Callable[..., "Future[Any]"]
"""Calls a function with these names and values, later."""


def shown(create: Callable[..., Any], **what: Any) -> Any:
    """What the function returned; None, and a warning, where the server refused it: the work itself is done."""
    try:
        return create(**what)
    except PrefectHTTPStatusError as error:
        # Its first line is for people; the others are for whoever mends Prefect.
        said = str(error).partition("\n")[0]
        get_run_logger().warning("Prefect 服务器没有收下要显示的内容，运行照常：%s", said)
        return None


@contextmanager
def showing() -> Iterator[Show]:
    """What sends, in order, what it is told; only the end of the block waits for the server (0.15 s of a run).

    An error in sending is raised there, but for what the server refuses.
    """
    sent: list[Future[Any]] = []
    with ThreadPoolExecutor(1) as sender:

        def show(create: Callable[..., Any], **what: Any) -> "Future[Any]":
            # The run that it belongs to is known from the context.
            sent.append(sender.submit(copy_context().run, partial(shown, create, **what)))
            return sent[-1]

        yield show
    for one in sent:
        one.result()


def progress_of(stage: str, show: Show, **what: str) -> Callable[[int, int, str], None]:
    """What reports how far one stage is, as a progress artifact with this key and description."""
    made, told = show(create_progress_artifact, progress=0.0, **what), 0.0

    def update(share: float) -> None:
        artifact: UUID | None = made.result()
        if artifact is not None:
            update_progress_artifact(artifact_id=artifact, progress=100.0 * share)

    def advance(done: int, total: int, now: str) -> None:
        nonlocal told
        if now == stage and (done >= total or time.monotonic() - told >= PACE):
            show(update, share=done / total if total else 1.0)
            told = time.monotonic()

    return advance
