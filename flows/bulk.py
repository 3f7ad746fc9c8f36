"""The flow for heavy work: ten years of archives brought in, in batches, by threads or by a Dask cluster.

Reading and judging go to the task runner, a batch a task; saving is done by the flow, in the order of arrival, so
that the same folder gives the same archive whoever did the reading (flows.batches).
"""

import os
from typing import Any, cast

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from bulletin.errors import SettingsError
from flows.batches import read_old
from flows.intake import settings_of
from flows.showing import shown
from services.bulk import Tally, receive_old, together
from services.context import office
from services.requests import BringInRequest, Place

CLUSTER = ("tcp://", "tls://", "ucx://", "ws://", "wss://")
LOCAL = "local"
OFF = "off"


@task(name="存原件", cache_policy=NO_CACHE)
def receive_sources(request: BringInRequest) -> Tally:
    """Store everything in the sources, as it is."""
    with office(settings_of(request)) as opened:
        return receive_old(opened, request.sources, lambda *_: None)


@flow(name="bring_in", log_prints=True)
def bring_in(request: BringInRequest) -> Tally:
    """成批收入旧稿和往期：往期简报存入归档，旧稿供检索和查重。中断后再运行会接着做。"""
    settings = settings_of(request)
    engine = request.dask or settings.dask
    # The home as this process sees it: a worker started elsewhere has other defaults.
    place = Place(home=str(settings.home), publication=settings.publication)
    runner = task_runner(engine)
    tally = together(receive_sources(request), read_old.with_options(task_runner=runner)(place, workers(engine)))
    publish(tally)
    return tally


def workers(engine: str) -> int:
    """How many batches are examined at once."""
    _, _, count = engine.partition(":") if engine.startswith(LOCAL) else ("", "", "")
    return int(count) if count.isdecimal() and int(count) else os.cpu_count() or 1


def task_runner(engine: str) -> TaskRunner[Any]:
    """Threads by default; processes of this machine for `local`, a cluster for its address.

    Raises SettingsError for any other word, and where Dask is not installed.
    """
    if engine in ("", OFF):
        return cast(TaskRunner[Any], ThreadPoolTaskRunner(max_workers=workers(engine)))
    local = engine.partition(":")[0] == LOCAL
    if not local and not engine.startswith(CLUSTER):
        raise SettingsError(f"看不懂的 Dask 设置：{engine}", advice="写作 local、local:4、tcp://主机:8786，或 off")
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise SettingsError(
            "没有安装 Dask", advice="请运行 pip install 'bulletin[dask]'，或把设置 dask 留空，改用本机线程"
        ) from error
    if not local:
        return cast(TaskRunner[Any], DaskTaskRunner(address=engine))
    cluster = {"n_workers": workers(engine), "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    return cast(TaskRunner[Any], DaskTaskRunner(cluster_kwargs=cluster))


def publish(tally: Tally) -> None:
    """Leave the figures and the refused files on Prefect's page."""
    counts = [{"结果": fate, "件（篇）": count} for fate, count in tally.counts.items()]
    shown(
        create_table_artifact, table=counts or [{"结果": "没有新材料"}], key="bring-in-table", description="# 收入旧稿"
    )
    if tally.refused:
        rows = [{"文件": refused.name, "说明": refused.reason} for refused in tally.refused]
        shown(create_table_artifact, table=rows, key="bring-in-refused", description="# 未能读取的文件")
    get_run_logger().info("收入旧稿：%s", "，".join(f"{fate} {count}" for fate, count in tally.counts.items()))
