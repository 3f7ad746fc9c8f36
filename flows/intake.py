"""The intake flow: what arrives goes into the pool, with a table of what came of each piece."""

from pathlib import Path
from typing import cast
from uuid import UUID

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact

from bulletin.errors import FetchError
from services.context import office
from services.intake import BATCH, Outcome, read_batch, receive, waiting
from services.reading import is_address
from services.requests import IntakeRequest, Place
from services.settings import Settings, read_settings

NETWORK_RETRIES = 2
"""Times that an address is asked again; files on disk do not get better by waiting."""


def settings_of(place: Place) -> Settings:
    """The settings of the installation that a form names."""
    return read_settings(Path(place.home) if place.home else None, publication=place.publication or None)


@task(name="收取文件")
def receive_files(request: IntakeRequest) -> tuple[Outcome, ...]:
    """Store the files and folders of the request."""
    with office(settings_of(request)) as opened:
        return receive(opened, request.sources, _silent)


@task(name="收取网址", retries=NETWORK_RETRIES, retry_delay_seconds=[2, 10])
def receive_address(request: IntakeRequest, address: str) -> tuple[Outcome, ...]:
    """Store what an address holds; an address that does not answer is asked again."""
    with office(settings_of(request)) as opened:
        outcomes = receive(opened, [address], _silent)
    lost = [outcome for outcome in outcomes if outcome.code == FetchError.code]
    if lost and runtime.task_run.run_count <= NETWORK_RETRIES:
        raise FetchError(lost[0].reason, subject=address)
    return outcomes


@task(name="读稿")
def read_some(request: IntakeRequest) -> tuple[Outcome, ...]:
    """Read and judge the first batch of what is waiting."""
    with office(settings_of(request)) as opened:
        return tuple(read_batch(opened, waiting(opened)[:BATCH]))


@task(name="查看来稿")
def look_around(request: IntakeRequest) -> tuple[tuple[str, ...], int]:
    """The sources to collect from, and how many submissions an earlier run left unread."""
    with office(settings_of(request)) as opened:
        return tuple(request.sources or opened.default_sources()), len(waiting(opened))


@flow(name="intake", log_prints=True)
def intake(request: IntakeRequest) -> tuple[Outcome, ...]:
    """收稿：读出、清理、分栏、查重后进入稿库。"""
    sources, _ = look_around(request)
    progress = cast(UUID, create_progress_artifact(progress=0.0, key="intake-progress", description="收稿进度"))
    files = tuple(source for source in sources if not is_address(source))
    outcomes = list(receive_files(request.model_copy(update={"sources": files}))) if files else []
    for address in filter(is_address, sources):
        outcomes += receive_address(request, address)
    _, total = look_around(request)
    for done in range(0, total, BATCH):
        # What a batch has read waits no longer, so the next one again takes the first that wait.
        outcomes += read_some(request)
        update_progress_artifact(artifact_id=progress, progress=100.0 * min(1, (done + BATCH) / total))
    update_progress_artifact(artifact_id=progress, progress=100.0)
    publish_outcomes(outcomes)
    return tuple(outcomes)


def publish_outcomes(outcomes: list[Outcome]) -> None:
    """Leave the table of the intake on Prefect's page, every refusal with its reason."""
    rows = [
        {"文件": o.name, "结果": o.fate.value, "标题": o.title, "栏目": o.section, "说明": o.reason} for o in outcomes
    ]
    create_table_artifact(table=rows or [{"说明": "没有新来稿"}], key="intake-table", description="# 来稿处理结果")
    refused = sum(o.failed for o in outcomes)
    get_run_logger().info("来稿 %d 件（篇），未能读取 %d 件", len(outcomes), refused)


def _silent(_done: int, _total: int, _what: str) -> None:
    """Progress that nobody watches: Prefect's page shows the batches."""
