"""Intake: what arrives is stored as received, read, judged and put into the pool.

Two steps, so that nothing is lost when the machine stops between them: `receive` stores the bytes
and notes each arrival; `receive_and_read` also reads whatever is still waiting, in portions, each
saved in one transaction. Both can be run again at any time.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bulletin.errors import BulletinError
from bulletin.model import Article, Channel, Submission
from collectors.names import is_address
from services.context import Office
from services.examining import examine
from services.outcomes import Fate, Outcome
from services.readers import Readers
from services.reading import gather
from services.saving import save
from store.archive import put_all
from store.records import SubmissionRecord, SubmissionState

BATCH = 64
"""Submissions stored in one transaction: few enough that a killed run repeats seconds of work only."""

READING = "读稿、清理、分栏、查重"

Advance = Callable[[int, int, str], None]


def receive_and_read(office: Office, sources: Iterable[str], advance: Advance) -> tuple[Outcome, ...]:
    """Everything that came of the sources, and of what an earlier run left unread; reading begins while they arrive."""
    with Readers(office) as readers:
        readers.give(waiting(office))
        received = receive(office, sources, advance, new=readers.give)
        # Also what another process has just received: the draft that follows should have it.
        readers.give(waiting(office))
        return received + _read(office, readers, advance)


def receive(
    office: Office,
    sources: Iterable[str],
    advance: Advance,
    channel: Channel | None = None,
    new: Callable[[Sequence[SubmissionRecord]], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """What could not be had, and what had been received before; the new ones now wait to be read.

    `channel` is put down instead of the one they came by: Channel.ARCHIVE makes old material of them. `new` is told
    of the new ones as they are stored.
    """
    sources = tuple(sources)
    outcomes: list[Outcome] = []
    batch: list[Submission] = []
    met: dict[str, str] = {}
    """Under which name the bytes came first in this run."""

    def store() -> None:
        fresh, known = _store(office, batch)
        told = {outcome.source for outcome in known}
        outcomes.extend(known)
        for submission in batch:
            if submission.sha256 not in met:
                met[submission.sha256] = submission.name
            elif submission.sha256 not in told:
                outcomes.append(_twin(submission, met[submission.sha256]))
        new(fresh)
        batch.clear()

    for count, found in enumerate(gather(sources, office.settings), 1):
        advance(count, count, "收取来稿")
        if isinstance(found, BulletinError):
            lost = is_address(found.subject) and found.subject in sources
            outcomes.append(Outcome.refused(_shown(found.subject), found, lost=lost))
            continue
        batch.append(found.model_copy(update={"channel": channel}) if channel else found)
        if len(batch) >= BATCH:
            store()
    store()
    return tuple(outcomes)


def _shown(subject: str) -> str:
    """A member of a container as 来稿.zip!甲.docx: other files stand in the list under their own names, too."""
    path, mark, member = subject.partition("!")
    return f"{Path(path).name}!{member}" if mark and not is_address(subject) else subject


def store_submissions(office: Office, batch: Sequence[Submission]) -> list[Outcome]:
    """What was known already; the others are stored and wait to be read."""
    return _store(office, batch)[1]


def _store(office: Office, batch: Sequence[Submission]) -> tuple[list[SubmissionRecord], list[Outcome]]:
    """The new ones, and what was known. The bytes go to disk before the database speaks of them."""
    put_all(office.files, [submission.content for submission in batch])
    key = office.publication.key
    with office.store.transaction() as unit:
        new = unit.submissions.receive_all(key, batch)
        known = unit.submissions.known(key, [s.sha256 for s in batch])
    return [known[sha256] for sha256 in dict.fromkeys(s.sha256 for s in batch) if sha256 in new], [
        _met_again(s.name, known[s.sha256])
        for s in batch
        if s.sha256 not in new and known[s.sha256].state is not SubmissionState.RECEIVED
    ]


def _met_again(name: str, record: SubmissionRecord) -> Outcome:
    """What is said of bytes that were dealt with before; those that could not be read still cannot."""
    reason = "同一文件以前收过，不再重复处理"
    if record.state is SubmissionState.REFUSED:
        why = "；".join(filter(None, (record.message, record.advice)))
        reason = f"同一文件以前收过，未能读取：{why}"
    return Outcome(name=name, fate=Fate.KNOWN, source=record.sha256, reason=reason, code=record.code)


def _twin(submission: Submission, first: str) -> Outcome:
    """What is said of the second of two files with the same bytes: nothing that was sent goes unmentioned."""
    return Outcome(
        name=submission.name, fate=Fate.KNOWN, source=submission.sha256, reason=f"与 {first} 是同一文件，只收一次"
    )


def waiting(office: Office) -> tuple[SubmissionRecord, ...]:
    """The submissions that are stored but not yet read, oldest first."""
    with office.store.reading() as unit:
        found = unit.submissions.find(office.publication.key, state=SubmissionState.RECEIVED, limit=1_000_000)
    return tuple(reversed(found))


def _read(office: Office, readers: Readers, advance: Advance) -> tuple[Outcome, ...]:
    """What came of everything that the readers were given, saved as they answer."""
    outcomes: list[Outcome] = []
    done = 0
    advance(done, readers.total, READING)
    compared: dict[str, Article] = {}
    for examined in readers.examined():
        outcomes += save(office, examined, compared)
        done += len(examined)
        advance(done, readers.total, READING)
    return tuple(outcomes)


def read_batch(office: Office, records: Sequence[SubmissionRecord]) -> list[Outcome]:
    """What came of these submissions: read and judged outside, saved in one transaction."""
    return save(office, examine(office, records))
