"""Reading what was sent in, in the background of the one process, with a state that a page can ask for.

Nothing depends on it: what a restart interrupts is stored and waits; the next start reads it.
"""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from bulletin.errors import BulletinError
from services.context import Office
from services.uploads import Arrival, read_arrivals

KEPT = 200
"""Batches remembered for their pages; older ones are found in the list of what was received."""

_log = logging.getLogger("bulletin.desk")


class Batch:
    """What one person sent in at one time."""

    def __init__(self, id: str, account: str) -> None:
        self.id = id
        self.account = account
        self.arrivals: list[Arrival] = []
        self.waiting = 0
        """Groups of files handed over and not yet finished."""
        self.done = 0
        self.problem = ""

    @property
    def running(self) -> bool:
        return self.waiting > 0

    @property
    def hashes(self) -> list[str]:
        return list(dict.fromkeys(arrival.sha256 for arrival in self.arrivals if arrival.sha256))


class Batches:
    """The batches of the process, read one after the other by one thread."""

    def __init__(self) -> None:
        self._batches: OrderedDict[str, Batch] = OrderedDict()
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="intake")

    def get(self, id: str, account: str) -> Batch | None:
        """The batch, if it is this account's."""
        batch = self._batches.get(id)
        return batch if batch and batch.account == account else None

    def add(self, office: Office, account: str, id: str, fetch: Callable[[], Sequence[Arrival]]) -> Batch:
        """The batch `id`, or a new one, to which what `fetch` gives is added and then read, all in the background."""
        with self._lock:
            batch = self.get(id, account) or self._new(account)
            batch.waiting += 1
        self._worker.submit(self._work, office, batch, fetch)
        return batch

    def _new(self, account: str) -> Batch:
        batch = Batch(secrets.token_urlsafe(9), account)
        self._batches[batch.id] = batch
        while len(self._batches) > KEPT:
            self._batches.popitem(last=False)
        return batch

    def _work(self, office: Office, batch: Batch, fetch: Callable[[], Sequence[Arrival]]) -> None:
        try:
            arrivals = fetch()
            batch.arrivals += arrivals
            before = batch.done
            hashes = list(dict.fromkeys(arrival.sha256 for arrival in arrivals if arrival.sha256))

            def advance(done: int, _total: int) -> None:
                batch.done = before + done

            read_arrivals(office, hashes, advance)
        except BulletinError as error:
            batch.problem = str(error)
        except Exception:
            _log.exception("intake of batch %s", batch.id)
            batch.problem = "读稿时出了问题，已记入日志；文件已保存，可稍后重试"
        finally:
            batch.waiting -= 1

    def catch_up(self, office: Office) -> None:
        """Reads in the background what an earlier process left unread."""
        self._worker.submit(_read_waiting, office)

    def close(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)


def _read_waiting(office: Office) -> None:
    from services.intake import waiting

    try:
        read_arrivals(office, [record.sha256 for record in waiting(office)], lambda done, total: None)
    except Exception:
        _log.exception("reading what an earlier run left")
