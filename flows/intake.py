"""The intake flow: what arrives goes into the pool, with a table of what came of each piece."""

from collections.abc import Callable
from pathlib import Path

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from bulletin.errors import FetchError
from collectors.names import is_address
from flows.showing import Show, progress_of, showing
from services.context import office
from services.intake import READING, receive, receive_and_read
from services.logs import set_up_logging
from services.outcomes import Outcome
from services.requests import IntakeRequest, Place
from services.settings import Settings, read_settings, use_tools

NETWORK_RETRIES = 2
"""Times that an address is asked again; files on disk do not get better by waiting."""


def settings_of(place: Place) -> Settings:
    """The settings of the installation that a form names; the project's log goes where they say."""
    settings = read_settings(Path(place.home) if place.home else None, publication=place.publication or None)
    use_tools(settings)
    # A worker's processes begin here, without the command line that sets up the log elsewhere.
    set_up_logging(settings)
    return settings


@task(name="收取网址", retries=NETWORK_RETRIES, retry_delay_seconds=[2, 10], cache_policy=NO_CACHE)
def receive_address(request: IntakeRequest, address: str) -> tuple[Outcome, ...]:
    """Store what an address holds; an address that does not answer is asked again."""
    with office(settings_of(request)) as opened:
        outcomes = receive(opened, [address], _silent)
    lost = [outcome for outcome in outcomes if outcome.code == FetchError.code]
    if lost and runtime.task_run.run_count <= NETWORK_RETRIES:
        raise FetchError(lost[0].reason, subject=address)
    return outcomes


@task(name="收取文件、读稿", cache_policy=NO_CACHE)
def read_all(request: IntakeRequest, advance: Callable[[int, int, str], None]) -> tuple[Outcome, ...]:
    """Store the files and folders of the request, read and judge what is waiting; what a killed run has saved stays."""
    with office(settings_of(request)) as opened:
        return receive_and_read(opened, request.sources, advance)


@flow(name="intake", log_prints=True)
def intake(request: IntakeRequest) -> tuple[Outcome, ...]:
    """收稿：读出、清理、分栏、查重后进入稿库。"""
    with showing() as show:
        return take_in(request, show)


def take_in(request: IntakeRequest, show: Show, before: tuple[Outcome, ...] = ()) -> tuple[Outcome, ...]:
    """What came of everything that has arrived; the tasks of the flow that calls it (a flow within one costs 0.6 s)."""
    with office(settings_of(request)) as opened:
        sources = tuple(request.sources or opened.default_sources())
    advance = progress_of(READING, show, key="intake-progress", description="收稿进度")
    outcomes = list(before)
    for address in filter(is_address, sources):
        outcomes += receive_address(request, address)
    files = tuple(source for source in sources if not is_address(source))
    outcomes += read_all(request.model_copy(update={"sources": files}), advance)
    publish_outcomes(outcomes, show)
    return tuple(outcomes)


def publish_outcomes(outcomes: list[Outcome], show: Show) -> None:
    """Leave the table of the intake on Prefect's page, every refusal with its reason."""
    rows = [
        {"文件": o.name, "结果": o.fate.value, "标题": o.title, "栏目": o.section, "说明": o.reason} for o in outcomes
    ]
    table = rows or [{"说明": "没有新来稿"}]
    show(create_table_artifact, table=table, key="intake-table", description="# 来稿处理结果")
    refused = sum(o.failed for o in outcomes)
    get_run_logger().info("来稿 %d 件（篇），未能读取 %d 件", len(outcomes), refused)
    for one in outcomes:
        if one.lost:
            get_run_logger().warning("没有收到 %s：%s", one.name, one.reason)


def _silent(_done: int, _total: int, _what: str) -> None:
    """Progress that nobody watches: Prefect's page shows the batches."""
