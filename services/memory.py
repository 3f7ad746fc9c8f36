"""How processes that soon end look after their memory."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def seldom_tidied() -> None:
    """Circles of objects are looked for seldom: a run makes many objects and few circles, and Python's own pace costs
    it a tenth of its time."""
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def while_loading() -> Iterator[None]:
    """What is loaded in the block is there to stay, and never looked through (0.1 s of a run with Prefect)."""
    gc.disable()
    try:
        yield
    finally:
        left_as_it_is()
        gc.enable()


def left_as_it_is() -> None:
    """What there is now is never looked through again: not by copies of this process, which then share it, and not at
    its end (0.75 s of a run with Prefect)."""
    gc.freeze()
