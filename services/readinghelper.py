"""The helper that reads and judges beside the one that saves: `python -m services.readinghelper`.

It loads what reading needs, looks into the files of the sources that its Opening names while whoever started it is
still loading, and answers portions of submissions in order, by processes that are copies of it. It is a process
of its own, because a process with threads (Prefect's) may not be copied, and so that it can be started ahead of the
work. (The processes that multiprocessing starts by "forkserver" or "spawn" load the main module again, and with it
Prefect: 0.9 s each.)
"""

import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import IO, TYPE_CHECKING

from bulletin.errors import BulletinError
from services import memory

if TYPE_CHECKING:
    # Loaded where they are used: who starts the helper needs none of it.
    from bulletin.model import Submission
    from services.readingroom import ReadingRoom
    from services.settings import Settings
    from store.records import SubmissionRecord

NICENESS = 5
SEVERAL = 2
MOST_PROCESSES = 8
LOOKED_INTO = 16
"""Submissions that a process looks into at a time ahead of being asked: 0.1 s for the one who then asks to wait."""
MOST_AHEAD, MOST_BYTES_AHEAD = 960, 100_000_000
"""Submissions looked into ahead, and how long they may be together: their pictures are kept until they are asked for."""
CUT_OFF = (EOFError, pickle.UnpicklingError)
"""What is read from one who has ended, perhaps in the middle of a word."""
_PARENT_DEATH = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


@dataclass(frozen=True)
class Opening:
    """What a helper is told first: the installation, and what it may look into until it is asked."""

    home: str = ""
    publication: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Portion:
    """Submissions to be examined, and by which settings; the answer is the pickled Found of each, in order."""

    settings: "Settings"
    publication: str
    records: Sequence["SubmissionRecord"]


def processes(wanted: int) -> int:
    """How many processes read: as many as the settings say, or one a processor; one where none can be copied."""
    if sys.platform != "linux":
        return 1
    return wanted or min(os.cpu_count() or 1, MOST_PROCESSES)


def main(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answers what comes in until there is no more; nothing where there is nothing, or no place for several processes.

    It leaves the processor to the one that saves: what is examined waits for that, not the other way round.
    """
    os.nice(NICENESS)
    with memory.while_loading():
        _load()
    try:
        opening: Opening = pickle.load(asked)
        _open(opening)
    except (*CUT_OFF, OSError, BulletinError):
        return  # a wrong setting is told by whoever reads it to work by it
    assert _room is not None
    if (count := processes(_room.settings.processes)) < SEVERAL:
        return
    memory.left_as_it_is()
    copied = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(count, copied, initializer=_prepare, initargs=(os.getpid(),)) as pool:
        # They are copied before there is another thread.
        pool.submit(os.getpid)
        _Helper(pool, _room, count).serve(opening.sources, asked, answers)


class _Helper:
    """One thread takes portions, one answers them, one has files looked into until the first portion comes."""

    def __init__(self, pool: ProcessPoolExecutor, room: "ReadingRoom", count: int) -> None:
        self._pool = pool
        self._room = room
        # One processor is left to those who are still loading.
        self._free = Semaphore(count - 1)
        self._asked = Event()
        self._looked: dict[_Key, _Job] = {}
        self._running: SimpleQueue[list[_Job] | None] = SimpleQueue()

    def serve(self, sources: Sequence[str], asked: IO[bytes], answers: IO[bytes]) -> None:
        answering = Thread(target=self._answer, args=(answers,), daemon=True)
        answering.start()
        Thread(target=self._look_ahead, args=(sources,), daemon=True).start()
        with suppress(*CUT_OFF, BrokenProcessPool):
            while True:
                portion: Portion = pickle.load(asked)
                self._asked.set()
                self._running.put(self._jobs(portion))
        self._asked.set()
        self._running.put(None)
        answering.join()

    def _look_ahead(self, sources: Sequence[str]) -> None:
        from services.reading import at_hand

        found, size = islice(at_hand(sources), MOST_AHEAD), 0
        # What goes wrong here is met again, and told, by the one who receives it.
        with suppress(Exception):
            while size < MOST_BYTES_AHEAD and (portion := list(islice(found, LOOKED_INTO))):
                self._free.acquire()
                if self._asked.is_set():
                    return
                job = self._pool.submit(_look, portion)
                job.add_done_callback(lambda _: self._free.release())
                self._looked |= {_key(submission): (job, at) for at, submission in enumerate(portion)}
                size += sum(len(submission.content) for submission in portion)

    def _jobs(self, portion: Portion) -> list["_Job"]:
        """Where each answer of a portion comes from: what was looked into ahead is not read again."""
        ours = portion.settings == self._room.settings and portion.publication == self._room.publication.key
        looked = [self._looked.pop(_key(record), None) if ours else None for record in portion.records]
        rest = [record for record, known in zip(portion.records, looked, strict=True) if not known]
        if not rest:
            return [known for known in looked if known]
        job, at = self._pool.submit(_examine, replace(portion, records=rest)), iter(range(len(rest)))
        return [known or (job, next(at)) for known in looked]

    def _answer(self, answers: IO[bytes]) -> None:
        """Writes the answer to each portion, in order. Ends the helper where one of its processes is gone."""
        try:
            while jobs := self._running.get():
                looks = [job.result()[at] for job, at in jobs]
                for _, pictures in looks:
                    for content in pictures:
                        self._room.files.put(content)
                pickle.dump([found for found, _ in looks], answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()
        except BaseException:
            # Whoever asked reads for itself then, and meets the error itself if it is one of ours.
            os._exit(1)


_Key = tuple[str, ...]
_Look = tuple[bytes, tuple[bytes, ...]]
"""A pickled Found, and the pictures that are not stored yet."""
_Job = tuple[Future[list[_Look]], int]
"""Who has an answer, and at which place in it."""


def _key(of: "Submission | SubmissionRecord") -> _Key:
    """Everything of a submission that reading and judging look at."""
    return of.sha256, of.name, of.channel.value, of.media_type, of.unit, of.origin


# ---------------------------------------------------------------- in the copied processes


_room: "ReadingRoom | None" = None
"""What a copied process inherits."""


def _open(opening: Opening) -> None:
    global _room
    from services.readingroom import open_room
    from services.settings import read_settings

    home = Path(opening.home) if opening.home else None
    _room = _loaded(open_room(read_settings(home, publication=opening.publication or None)))


def _loaded(room: "ReadingRoom") -> "ReadingRoom":
    _ = room.classifier, room.lexicon
    return room


def _look(submissions: Sequence["Submission"]) -> list[_Look]:
    from services.examining import look_into

    assert _room is not None
    return [(_pickled(found), pictures) for found, pictures in look_into(_room, submissions)]


def _examine(portion: Portion) -> list[_Look]:
    global _room
    from services.examining import find
    from services.readingroom import open_room

    if not _room or (_room.settings, _room.publication.key) != (portion.settings, portion.publication):
        _room = _loaded(open_room(portion.settings, portion.publication))
    return [(_pickled(found), ()) for found in find(_room, portion.records)]


def _pickled(found: object) -> bytes:
    return pickle.dumps(found, pickle.HIGHEST_PROTOCOL)


def _load() -> None:
    """Everything that every process would load for itself."""
    import services.examining
    import services.reading
    import services.training  # noqa: F401
    from services.reference import load_formulas
    from services.settings import REFERENCE

    load_formulas(REFERENCE)


def _prepare(parent: int) -> None:
    """A process whose parent was killed ends too, and leaves Ctrl-C to the parent."""
    import ctypes

    ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    # As the module that the portions were pickled from knows it.
    from services import readinghelper

    memory.seldom_tidied()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    readinghelper.main(sys.stdin.buffer, sys.stdout.buffer)
