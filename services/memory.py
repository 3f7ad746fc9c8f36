"""How processes that soon end look after their memory."""

import gc


def seldom_tidied() -> None:
    """Circles of objects are looked for seldom: a run makes many objects and few circles, and Python's own pace costs
    it a tenth of its time."""
    gc.set_threshold(50_000, 20, 20)


def left_as_it_is() -> None:
    """What there is now is never looked through again: not by copies of this process, which then share it, and not at
    its end (0.75 s of a run with Prefect)."""
    gc.freeze()
