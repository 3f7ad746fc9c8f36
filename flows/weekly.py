"""The flow that looks at the calendar every hour and makes an issue when one is due, and the one that sends."""

from datetime import datetime, timedelta
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.events import emit_event
from prefect.flows import Flow

from bulletin.assembly import period_of
from bulletin.errors import FetchError, NothingToPrintError
from flows.intake import settings_of
from flows.publish import make_issue
from flows.showing import shown
from services.context import Office, office
from services.distribution import STATES
from services.mailintake import collect_mail
from services.notices import queue_receipts
from services.outcomes import Outcome
from services.outgoing import Delivery, deliver
from services.publish import CompileResult
from services.requests import CompileRequest, Place
from services.settings import Settings, publication_keys, speaker
from services.weekly import (
    KIND,
    Due,
    alert,
    begin,
    due,
    fail,
    finish,
    lost_sources,
    nothing,
    request_for,
    thin_sections,
    told_lately,
)
from store.records import RunState

WEEK = timedelta(days=7)
MAIL_PAUSES = [30.0, 300.0]
"""Seconds before a mail server that does not answer is asked again."""


@task(name="查看日程", cache_policy=NO_CACHE)
def look_at_calendar(place: Place) -> Due | None:
    """The issue that is due now, if any."""
    with office(settings_of(place)) as opened:
        return due(opened, by_clock=True)


@task(name="收取邮件", retries=len(MAIL_PAUSES), retry_delay_seconds=MAIL_PAUSES, cache_policy=NO_CACHE)
def receive_mail(place: Place) -> tuple[Outcome, ...]:
    """Store what the mailbox holds; a server that does not answer is asked again, but none for a wrong password."""
    with office(settings_of(place)) as opened:
        outcomes = collect_mail(opened, lambda *_: None)
    lost = [outcome for outcome in outcomes if outcome.lost and outcome.code == FetchError.code]
    if lost and runtime.task_run.run_count <= len(MAIL_PAUSES):
        raise FetchError(lost[0].reason, subject=lost[0].name)
    return outcomes


@task(name="发送", cache_policy=NO_CACHE)
def send(place: Place) -> Delivery:
    """Send what is due. Never retried by Prefect: the outbox knows what may be sent again."""
    with office(settings_of(place)) as opened:
        queue_receipts(opened, final=False)
        return deliver(opened)


def report_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Hook: the administrators hear of a run that broke outside its own care; of others they have heard already."""
    form = flow_run.parameters.get("request") or {}
    given = form.model_dump() if isinstance(form, CompileRequest) else form
    place = Place.model_validate({name: given.get(name, "") for name in Place.model_fields})
    settings, reason = settings_of(place), state.message or str(state.name)
    # The file that is broken may be that of the main publication: another one tells of it.
    with office(settings, speaker(settings, place.publication)) as opened:
        if _told_already(opened, flow_run.start_time) or told_lately(opened, reason):
            return
        alert(opened, f"flow/{flow_run.id}", f"{flow_run.name}：{reason}")
        deliver(opened)


def _told_already(opened: Office, since: datetime | None) -> bool:
    """Whether a publication's week has failed, and was told of, during this flow run."""
    with opened.store.reading() as unit:
        runs = [run for key in publication_keys(opened.settings) for run in unit.runs.find(key, kind=KIND, limit=1)]
    failed = [run for run in runs if run.state is RunState.FAILED and run.ended]
    return any(since is not None and run.ended >= since for run in failed if run.ended)


@flow(name="weekly", log_prints=True, on_failure=[report_failure], on_crashed=[report_failure])
def weekly(request: CompileRequest | None = None) -> tuple[CompileResult, ...]:
    """每周编期：每小时看一次日程，到了出刊日（遇节假日自动调整）的钟点就收稿、编草稿、通知编辑。

    过期未跑、又被下一周赶上的运行什么也不做；错过的一周补编一次。不填表时，每种刊物都看一遍。
    """
    request = request or CompileRequest()
    scheduled = runtime.flow_run.scheduled_start_time or datetime.now().astimezone()
    settings = settings_of(request)
    zone, keys = settings.zone, _keys(request, settings)
    if overtaken(scheduled, datetime.now(zone)):
        get_run_logger().warning("本次运行原定 %s，已被下一周的运行取代，不再执行", scheduled.astimezone(zone))
        return ()
    if request.sources or request.period or request.number:
        # Somebody filled in the form: that issue, whatever the day.
        period = request.period or period_of(scheduled.astimezone(zone).date())
        return (make_issue(request.model_copy(update={"period": period})),)
    results, errors = [], []
    for key in keys:
        try:
            results.append(_week_of(request.model_copy(update={"publication": key})))
        except Exception as error:
            # The other publications of the installation do not wait for this one's repair.
            errors.append(error)
    if errors:
        raise errors[0]
    return tuple(result for result in results if result)


def _keys(request: Place, settings: Settings) -> tuple[str, ...]:
    """The publication that is asked for, else all; none is opened for it, not even the main one, whose file may be broken."""
    return (request.publication,) if request.publication else publication_keys(settings)


def _week_of(request: CompileRequest) -> CompileResult | None:
    """The draft of one publication, where one is due; whatever happens, what is queued is sent."""
    place = Place(home=request.home, publication=request.publication)
    what = look_at_calendar(place)
    if what is None:
        send(place)
        return None
    with office(settings_of(place)) as opened:
        run = begin(opened, what)
        form = request_for(opened, what)
    try:
        result = make_issue(form, receive_mail(place))
        with office(settings_of(place)) as opened:
            finish(opened, run, what, result)
            thin = thin_sections(opened, result)
        _emit(place, "weekly.done", thin=thin, lost=lost_sources(result), label=result.label)
        return result
    except NothingToPrintError as error:
        with office(settings_of(place)) as opened:
            nothing(opened, run, what, error)
        _emit(place, "weekly.empty", period=what.period)
        return None
    except Exception as error:
        with office(settings_of(place)) as opened:
            fail(opened, run, what.period, error)
        _emit(place, "weekly.failed", period=what.period, reason=str(error))
        raise
    finally:
        send(place)


def _emit(place: Place, name: str, **payload: object) -> None:
    """An event that Prefect's automations can act on."""
    resource = {"prefect.resource.id": f"bulletin.publication.{place.publication or 'default'}"}
    emit_event(f"bulletin.{name}", resource=resource, payload=payload)


def overtaken(scheduled: datetime, now: datetime) -> bool:
    """Whether the next weekly run is already due."""
    return now - scheduled >= WEEK


@flow(name="distribute", log_prints=True)
def distribute(request: Place | None = None) -> Delivery:
    """发送待发的消息：签发的简报、给投稿单位的回告、给编辑的通知。每位收件人只发一次。"""
    request = request or Place()
    keys = _keys(request, settings_of(request))
    total, good, errors = Delivery(), [], []
    for key in keys:
        try:
            total += send(request.model_copy(update={"publication": key}))
            good.append(key)
        except Exception as error:
            # The messages of the other publications do not wait for this one's repair.
            errors.append(error)
    _publish_delivery(request, tuple(good))
    if errors:
        raise errors[0]
    return total


def _publish_delivery(request: Place, keys: tuple[str, ...]) -> None:
    """Leave the latest messages with their state on Prefect's page."""
    rows = []
    for key in keys:
        with office(settings_of(request.model_copy(update={"publication": key}))) as opened:
            with opened.store.reading() as unit:
                found = unit.outbox.find(key, limit=100)
            rows += [
                {
                    "刊物": key,
                    "状态": STATES[r.state],
                    "收件人": r.message.recipient,
                    "主题": r.message.subject,
                    "说明": r.error,
                }
                for r in found
            ]
    shown(create_table_artifact, table=rows or [{"说明": "没有消息"}], key="delivery-table", description="# 送达情况")
