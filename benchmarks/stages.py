"""Where the time of `compile --local` goes: the steps of the work, timed as it runs.

    python -m benchmarks.stages FOLDER HOME

Runs in one process of its own; prints one JSON object {stage: seconds}. A step inside another is taken
off the outer one, so that the shares add up to the whole.
"""

import functools
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BEGAN = time.perf_counter()

STEPS = (
    ("收取、存原件", "services.intake:receive"),
    ("读出", "extractors.registry:extract_many"),
    ("清理、结构", "bulletin.pieces:pieces"),
    ("分栏", "bulletin.classify:Classifier.classify"),
    ("校对", "bulletin.proofread:proofread"),
    ("摘要", "bulletin.summary:abstract"),
    ("指纹", "services.examining:fingerprint"),
    ("查重", "services.duplicates:Pool.find_likeness"),
    ("查重登记", "services.duplicates:Pool.remember"),
    ("入库", "store.articles:Articles.add_all"),
    ("编排", "services.publish:assemble"),
    ("LibreOffice", "builders.pdf:to_pdfs"),
    ("排版", "services.publish:build"),
)


class Clock:
    """Seconds by stage; the time of an inner stage is not the outer one's."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running: list[list[float]] = []

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            inner = [0.0]
            self._running.append(inner)
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.perf_counter() - began
                self._running.pop()
                self.seconds[name] = self.seconds.get(name, 0.0) + whole - inner[0]
                if self._running:
                    self._running[-1][0] += whole

        return timed


def main(folder: str, home: str) -> None:
    clock = Clock()
    for name, address in STEPS:
        module, _, path = address.partition(":")
        holder: Any = importlib.import_module(module)
        *parents, last = path.split(".")
        for parent in parents:
            holder = getattr(holder, parent)
        if hasattr(holder, last):
            setattr(holder, last, clock.wrap(name, getattr(holder, last)))
    from services.context import office
    from services.publish import compile_issue
    from services.requests import CompileRequest
    from services.settings import read_settings

    loaded = time.perf_counter()
    # In one process: what several do at once would not add up.
    with office(read_settings(Path(home), processes=1)) as opened:
        compile_issue(opened, CompileRequest(sources=(folder,), out=home), lambda *_: None)
    whole = time.perf_counter() - BEGAN
    clock.seconds["装入程序"] = loaded - BEGAN
    clock.seconds["其余"] = whole - sum(clock.seconds.values())
    print(json.dumps(clock.seconds, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
