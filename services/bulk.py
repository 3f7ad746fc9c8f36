"""Old material brought in: whole folders of past issues and articles, to be searched and compared with.

The same three steps as every intake (`receive`, `examine`, `save`), cut so that the middle one, which
takes most of the time and needs no database, can be done by other processes or machines. What is saved,
and in which order, does not depend on who examined it: the result is the same with one process and with ten.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bulletin.model import Channel, Frozen
from services.context import Office
from services.intake import BATCH, Advance, receive, waiting
from services.outcomes import Outcome
from services.readers import Readers
from services.saving import save
from store.records import SubmissionRecord

REFUSALS = 1000
"""Refused files listed in a report; their number is always given."""


class Tally(Frozen):
    """What came of a bulk intake: how many pieces of each fate, and which files could not be read."""

    counts: dict[str, int]
    refused: tuple[Outcome, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Counting:
    """Counts outcomes as they come: of a hundred thousand only the refused ones are kept."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._refused: list[Outcome] = []

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._counts[outcome.fate.value] += 1
            if outcome.failed and len(self._refused) < REFUSALS:
                self._refused.append(outcome)

    def tally(self) -> Tally:
        return Tally(counts=dict(self._counts.most_common()), refused=tuple(self._refused))


def receive_old(office: Office, sources: Iterable[str], advance: Advance) -> Tally:
    """Stores everything in the sources as old material that waits to be read; counts what was known or lost."""
    counting = Counting()
    counting.add(receive(office, sources, advance, channel=Channel.ARCHIVE))
    return counting.tally()


def batches(office: Office) -> Iterator[Sequence[SubmissionRecord]]:
    """What waits to be read, in the order of arrival."""
    todo = waiting(office)
    return (todo[start : start + BATCH] for start in range(0, len(todo), BATCH))


def bring_in(office: Office, sources: Iterable[str], advance: Advance) -> Tally:
    """Everything in the sources in the archive and the pool, by the processes of this machine. Can be run again."""
    received = receive_old(office, sources, advance)
    counting, done = Counting(), 0
    with Readers(office) as readers:
        readers.give(waiting(office))
        for examined in readers.examined():
            counting.add(save(office, examined))
            done += len(examined)
            advance(done, readers.total, "收入旧稿")
    return together(received, counting.tally())


def together(*tallies: Tally) -> Tally:
    """One tally of several."""
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts.update(tally.counts)
    refused = tuple(outcome for tally in tallies for outcome in tally.refused)
    return Tally(counts=dict(counts.most_common()), refused=refused[:REFUSALS])
