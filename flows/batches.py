"""Reading in batches by whatever task runner the flow is given.

A module of its own: a deployment loads the file of its flow under a name that Dask's processes do not know,
and what is sent to them must be found there by its module.
"""

from collections import deque
from functools import lru_cache
from typing import cast
from uuid import UUID

from prefect import flow, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from flows.intake import settings_of
from services.bulk import Counting, Tally, batches
from services.context import Office, office, open_office
from services.examining import Examined, examine
from services.intake import save, waiting
from services.requests import Place
from store.records import SubmissionRecord

AHEAD = 3
"""Batches a worker that are examined before they can be saved: enough that none is idle, few enough for memory."""


@lru_cache(maxsize=4)
def _reader(home: str, publication: str) -> Office:
    """An office of this process for reading: classifier and lexicons are loaded once, not once a batch."""
    opened = open_office(settings_of(Place(home=home, publication=publication)))
    opened.store.close()
    return opened


@task(name="读一批", cache_policy=NO_CACHE, persist_result=False)
def examine_batch(place: Place, records: list[SubmissionRecord]) -> list[Examined]:
    """Read and judge one batch; only the archive of files is asked, never the database."""
    return examine(_reader(place.home, place.publication), records)


@flow(name="read_old", log_prints=True)
def read_old(place: Place, count: int) -> Tally:
    """读出、判断在各进程进行，按来稿顺序入库。"""
    counting, done = Counting(), 0
    progress = cast(UUID, create_progress_artifact(progress=0.0, key="bring-in-progress", description="收入旧稿的进度"))
    with office(settings_of(place)) as opened:
        total = len(waiting(opened))
        running: deque[PrefectFuture[list[Examined]]] = deque()

        def save_first() -> int:
            examined = running.popleft().result()
            counting.add(save(opened, examined))
            return len(examined)

        for batch in batches(opened):
            running.append(examine_batch.submit(place, list(batch)))
            if len(running) > AHEAD * count:
                done += save_first()
                update_progress_artifact(artifact_id=progress, progress=100.0 * done / total)
        while running:
            done += save_first()
    update_progress_artifact(artifact_id=progress, progress=100.0)
    return counting.tally()
