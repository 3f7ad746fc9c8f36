"""Several processes that read and judge submissions beside the one that saves them (services.readinghelper)."""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from services.readinghelper import SEVERAL, Opening, Portion, processes

if TYPE_CHECKING:
    # Loaded where they are used: the helper is started before anything else is loaded.
    from services.examining import Examined
    from services.readingroom import ReadingRoom
    from store.records import SubmissionRecord

PORTION = 32
"""Submissions that one process takes at a time: 0.2 s of work, so that two processes end together."""
WORTHWHILE = 3 * PORTION
"""Submissions from which on a helper is started: it takes half a second to load."""
AHEAD = 64
"""Portions that are examined before they are asked for: some 20 MB."""
PIPE = 1 << 20
"""Bytes that a pipe holds, so that nobody waits while the other is busy: three answers, or AHEAD portions."""


class Readers:
    """Those who examine what is given to them: several processes where there is much, else this one. To be left."""

    def __init__(self, room: "ReadingRoom") -> None:
        self._room = room
        self._several = processes(room.settings.processes) >= SEVERAL
        # Whoever wants one process gets one, though a helper was started before the settings were known.
        self._helper = _free_helper() if self._several else None
        self._own = False
        self._given: set[str] = set()
        self._waiting: deque[Sequence[SubmissionRecord]] = deque()
        self._asked: deque[Sequence[SubmissionRecord]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._helper and self._own:
            _end(self._helper)

    @property
    def total(self) -> int:
        """How many submissions were given so far."""
        return len(self._given)

    def give(self, records: Iterable["SubmissionRecord"]) -> None:
        """Takes submissions to examine; those that it has already are left out."""
        new = [record for record in records if record.sha256 not in self._given]
        self._given |= {record.sha256 for record in new}
        self._waiting += (new[start : start + PORTION] for start in range(0, len(new), PORTION))
        self._feed()

    def examined(self) -> Iterator[list["Examined"]]:
        """What the submissions given so far hold, a portion at a time, in the order in which they were given."""
        from services.examining import Examined, examine

        if not self._helper and self._several and self.total >= WORTHWHILE:
            settings = self._room.settings
            self._helper, self._own = _start(Opening(str(settings.home), self._room.publication.key)), True
        while self._helper and (self._asked or self._waiting):
            self._feed()
            try:
                answer: list[bytes] = pickle.load(_end_of(self._helper.stdout))
            except (OSError, EOFError, pickle.UnpicklingError):
                # The helper or one of its processes was killed, perhaps by a file: the rest goes on without it.
                _end(self._helper)
                self._helper = None
                break
            records = self._asked.popleft()
            yield [Examined.of(record, pickle.loads(found)) for record, found in zip(records, answer, strict=True)]
        for part in (*self._asked, *self._waiting):
            yield examine(self._room, part)
        self._asked.clear()
        self._waiting.clear()

    def _feed(self) -> None:
        while self._helper and self._waiting and len(self._asked) < AHEAD:
            self._asked.append(self._waiting.popleft())
            _send(self._helper, Portion(self._room.settings, self._room.publication.key, self._asked[-1]))


_ahead: ContextVar[list[subprocess.Popen[bytes]] | None] = ContextVar("_ahead", default=None)
"""The helper that was started ahead and nobody has taken yet."""


@contextmanager
def started_ahead(sources: Sequence[str] = (), home: str = "", publication: str = "") -> Iterator[None]:
    """The helper loads what it needs and looks into the sources, for the reading in the block, where they hold enough.

    `home`, `publication`: as in a request, "" for those that the settings name. In another such block it does nothing.
    """
    enough = len(list(islice(_files(sources), WORTHWHILE))) >= WORTHWHILE
    if _ahead.get() is not None or processes(0) < SEVERAL or not enough:
        yield
        return
    helper = _start(Opening(home, publication, tuple(sources)))
    token = _ahead.set([helper])
    try:
        yield
    finally:
        _ahead.reset(token)
        _end(helper)


def _files(sources: Sequence[str]) -> Iterator[str]:
    """The files in the folders that are named; what is in packages and behind addresses is not known yet."""
    for source in sources:
        for _, _, names in os.walk(Path(source).expanduser()):
            yield from names


def _free_helper() -> subprocess.Popen[bytes] | None:
    """The helper that was started ahead, for the first who asks."""
    waiting = _ahead.get()
    return waiting.pop() if waiting else None


def _start(opening: Opening) -> subprocess.Popen[bytes]:
    import fcntl  # where helpers are started it is there

    words = [sys.executable, "-P", "-m", "services.readinghelper"]
    # Of the same program, wherever this one was started, and whatever lies there.
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path}
    helper = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    for end in (helper.stdin, helper.stdout):
        # The system may allow less: then somebody waits now and then.
        with suppress(OSError):
            fcntl.fcntl(_end_of(end), fcntl.F_SETPIPE_SZ, PIPE)
    _send(helper, opening)
    return helper


def _send(helper: subprocess.Popen[bytes], what: Opening | Portion) -> None:
    # One that is gone is met again where its answers are read.
    with suppress(OSError):
        asking = _end_of(helper.stdin)
        pickle.dump(what, asking)
        asking.flush()


def _end(helper: subprocess.Popen[bytes]) -> None:
    helper.kill()
    for end in (helper.stdin, helper.stdout):
        if end:
            with suppress(OSError):
                end.close()
    helper.wait()


def _end_of(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
