"""Reading and judging: the half of the intake that needs no database, in several processes where that pays."""

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.errors import BulletinError
from bulletin.fingerprint import Fingerprint, fingerprint
from bulletin.model import Article, Piece, Submission
from services.context import Office
from services.judging import Judgement, judge
from services.reading import read
from store.records import SubmissionRecord

PORTION = 32
"""Submissions that one process takes at a time: 0.3 s of work, so that two processes end together."""
WORTHWHILE = 3
"""Portions from which on processes are started: two take 0.1 s to start."""
MOST_PROCESSES = 8
_AHEAD = 2
"""Portions a process that are examined before they are asked for."""
_PARENT_DEATH = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


@dataclass(frozen=True)
class Examined:
    """What one submission held and what the machine thinks of it, or why it could not be read."""

    record: SubmissionRecord
    pieces: tuple[Piece, ...] = ()
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    """By the article's id."""
    traces: Mapping[str, Fingerprint] = field(default_factory=dict)
    format: str = ""
    error: BulletinError | None = None


def examine(office: Office, records: Sequence[SubmissionRecord]) -> list[Examined]:
    """One Examined a record, in order; the pictures are in the archive of files."""
    from services.duplicates import formulas

    readings = read([_submission(office, record) for record in records])
    for reading in readings:
        for content in reading.pictures.values():
            office.store.files.put(content)
    articles = [piece for reading in readings for piece in reading.pieces if isinstance(piece, Article)]
    judgements = dict(zip((a.id for a in articles), judge(office, articles), strict=True))
    traces = {article.id: fingerprint(article, formulas()) for article in articles}
    return [
        Examined(
            record=record,
            pieces=reading.pieces,
            judgements={p.id: judgements[p.id] for p in reading.pieces if isinstance(p, Article)},
            traces={p.id: traces[p.id] for p in reading.pieces if isinstance(p, Article)},
            format=reading.format,
            error=reading.error,
        )
        for record, reading in zip(records, readings, strict=True)
    ]


def examine_all(office: Office, records: Sequence[SubmissionRecord], batch: int) -> Iterator[list[Examined]]:
    """The records in order, batch by batch; by several processes where there are many and it is safe."""
    processes = office.settings.processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    if len(records) < WORTHWHILE * PORTION or processes < 2 or not _may_fork():
        yield from (examine(office, part) for part in _parts(records, batch))
        return
    _load(office)
    # No process may share a connection to the database with another.
    office.store.close()
    yield from _in_processes(office, list(_parts(records, PORTION)), processes)


def _in_processes(office: Office, parts: list[Sequence[SubmissionRecord]], count: int) -> Iterator[list[Examined]]:
    global _office
    _office = office
    fork = multiprocessing.get_context("fork")
    done = 0
    try:
        with ProcessPoolExecutor(count, fork, initializer=_die_with, initargs=(os.getpid(),)) as pool:
            running: deque[Future[list[Examined]]] = deque()
            for part in parts:
                running.append(pool.submit(_examine_here, part))
                if len(running) > _AHEAD * count:
                    yield running.popleft().result()
                    done += 1
            while running:
                yield running.popleft().result()
                done += 1
    except BrokenProcessPool:
        # A process was killed from outside, or by its file: the rest goes on without it.
        for part in parts[done:]:
            yield examine(office, part)
    finally:
        _office = None


_office: Office | None = None
"""What a forked process inherits; an open office cannot be sent to it."""


def _examine_here(records: Sequence[SubmissionRecord]) -> list[Examined]:
    assert _office is not None
    return examine(_office, records)


def _may_fork() -> bool:
    """Whether this process is a single thread on Linux: only then nothing can be held halfway when it is copied."""
    tasks = Path("/proc/self/task")
    daemon = multiprocessing.current_process().daemon
    return sys.platform == "linux" and not daemon and tasks.is_dir() and len(list(tasks.iterdir())) == 1


def _load(office: Office) -> None:
    """Everything that every process would load for itself."""
    import bulletin.summary  # noqa: F401
    import extractors.plain
    import extractors.webpage
    import extractors.word  # noqa: F401
    from services.duplicates import formulas

    _ = office.classifier, office.lexicon, formulas()


def _die_with(parent: int) -> None:
    """A process whose parent was killed ends too, and leaves Ctrl-C to the parent."""
    import ctypes

    ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getppid() != parent:
        os._exit(1)


def _parts(records: Sequence[SubmissionRecord], size: int) -> Iterable[Sequence[SubmissionRecord]]:
    return (records[start : start + size] for start in range(0, len(records), size))


def _submission(office: Office, record: SubmissionRecord) -> Submission:
    return Submission(
        name=record.name,
        content=office.store.files.get(record.sha256),
        channel=record.channel,
        media_type=record.media_type,
        unit=record.unit,
        origin=record.origin,
        received=record.received,
    )
