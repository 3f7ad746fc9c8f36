"""Reading in batches by whatever task runner the flow is given.

A module of its own: a deployment loads the file of its flow under a name that Dask's processes do not know,
and what is sent to them must be found there by its module.
"""

from collections import deque
from functools import lru_cache

from prefect import flow, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from flows.intake import settings_of
from flows.showing import progress_of, showing
from services.bulk import Counting, Tally, batches
from services.context import office
from services.examining import Examined, examine
from services.intake import waiting
from services.readingroom import ReadingRoom, open_room
from services.requests import Place
from services.saving import save
from store.records import SubmissionRecord

SAVING = "收入旧稿"
"""The stage whose progress is shown."""
AHEAD = 3
"""Batches a worker that are examined before they can be saved: enough that none is idle, few enough for memory."""


@lru_cache(maxsize=2)
def _room(home: str, publication: str, _run: str) -> ReadingRoom:
    """The reading room of this process for one run: classifier and lexicons are loaded once, not once a batch.

    And anew for the next run: a cluster's processes live on, while sections and model change.
    """
    return open_room(settings_of(Place(home=home, publication=publication)))


@task(name="读一批", cache_policy=NO_CACHE, persist_result=False)
def examine_batch(place: Place, run: str, records: list[SubmissionRecord]) -> list[Examined]:
    """Read and judge one batch of a run; only the archive of files is asked, never the database."""
    return examine(_room(place.home, place.publication, run), records)


@flow(name="read_old", log_prints=True)
def read_old(place: Place, count: int) -> Tally:
    """读出、判断在各进程进行，按来稿顺序入库。"""
    counting, done, run = Counting(), 0, str(runtime.flow_run.id)
    with office(settings_of(place)) as opened, showing() as show:
        advance = progress_of(SAVING, show, key="bring-in-progress", description="收入旧稿的进度")
        total = len(waiting(opened))
        running: deque[PrefectFuture[list[Examined]]] = deque()

        def save_first() -> int:
            examined = running.popleft().result()
            counting.add(save(opened, examined))
            return len(examined)

        for batch in batches(opened):
            running.append(examine_batch.submit(place, run, list(batch)))
            if len(running) > AHEAD * count:
                done += save_first()
                advance(done, total, SAVING)
        while running:
            done += save_first()
        advance(total, total, SAVING)
    return counting.tally()
