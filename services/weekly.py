"""The weekly run: which issue is due today, and what happens before and after it is compiled.

Asked every hour, the rule needs no memory of the calendar: due is the latest publication day that has
come and has no finished run. So a day moved by a holiday is met when it comes, a machine that was off
catches up with the last missed week once, weeks that a later one has overtaken are let go, and day and
hour stand in one place only, the publication's file.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bulletin.assembly import period_of
from bulletin.errors import BulletinError, NothingToPrintError
from bulletin.model import Frozen
from services.context import Office
from services.files import file_name
from services.intake import Advance
from services.mailintake import collect_mail
from services.notices import queue_receipts
from services.publish import CompileResult, compile_issue
from services.queueing import queue_for_all
from services.requests import CompileRequest
from services.workdays import Workdays
from store.database import Transaction
from store.records import Message, Run, RunState

log = logging.getLogger(__name__)

KIND = "weekly"
HOURLY = "0 * * * *"
"""When the scheduler asks (prefect.yaml): never in want of a change, for the publications' files say when an issue is due."""
PAUSE = timedelta(hours=23)
"""After a failed run, before the next by the clock: the same hour of the next day, to the minute or not."""
LOOK_BACK = 5
"""Weeks looked back for the last publication day; only whole weeks off (春节, 国庆) stand between."""
MOST_RUNS = 5
"""Runs of one week that may fail, one a day, or die; then people are told for the last time."""
WEEK = timedelta(days=7)
LATER = "修好后在服务器上运行 bulletin intake 收取，再编一次期，新到的稿件就补进这份草稿；不急的，下一期一并收取。"
"""What there is to do where a draft was made without one of the sources."""


class Due(Frozen):
    """An issue that is to be made: for which week, and on which day it should have come out."""

    period: str
    day: date
    late: bool


class WeekReport(Frozen):
    """What a weekly run did."""

    publication: str
    period: str
    state: RunState
    message: str = ""
    result: CompileResult | None = None


def workdays(office: Office) -> Workdays:
    """The working days as published and as the settings add to them."""
    return Workdays(off=frozenset(office.settings.days_off), on=frozenset(office.settings.days_on))


def publication_day(office: Office, today: date) -> date | None:
    """The latest publication day up to today; None where all weeks looked at were off."""
    calendar = workdays(office)
    for weeks in range(LOOK_BACK):
        day = calendar.publication_day(today - weeks * WEEK, office.service.weekday)
        if day is not None and day <= today:
            return day
    return None


def due(office: Office, *, by_clock: bool = False) -> Due | None:
    """The issue that is due now; None where there is none, or its run is finished.

    `by_clock` where nobody asked: then the day's hour must have come, and a failed run rests until the
    next day. A run that died, its machine switched off, is made up for at once.

    A publication set up in the middle of a week does not make up for the week before: its first run
    notes that service begins.
    """
    today = office.today()
    day = publication_day(office, today)
    if day is None or (by_clock and day == today and office.now().hour < office.service.hour):
        return None
    period = period_of(day)
    with office.store.transaction() as unit:
        key = office.publication.key
        runs = unit.runs.find(key, kind=KIND, period=period)
        if _finished(runs) or (by_clock and _rests(runs, office.now())):
            return None
        if day < today and not unit.runs.find(key, kind=KIND, limit=1):
            run = unit.runs.start(key, KIND, period)
            unit.runs.end(run, RunState.SKIPPED, "开始服务，从下一期起编")
            return None
    return Due(period=period, day=day, late=day < today)


def _finished(runs: Iterable[Run]) -> bool:
    every = list(runs)
    return len(every) >= MOST_RUNS or any(run.state in (RunState.DONE, RunState.SKIPPED) for run in every)


def _rests(runs: Iterable[Run], now: datetime) -> bool:
    return any(run.state is RunState.FAILED and now - run.started < PAUSE for run in runs)


def run_weekly(office: Office, advance: Advance) -> WeekReport | None:
    """What the run of today did; None where nothing is due. Without Prefect.

    Raises what made it fail, after noting it and queueing word of it to the administrators.
    """
    what = due(office)
    if what is None:
        return None
    run = begin(office, what)
    try:
        missed = collect_mail(office, advance)
        return finish(office, run, what, compile_issue(office, request_for(office, what), advance, missed))
    except NothingToPrintError as error:
        return nothing(office, run, what, error)
    except Exception as error:
        fail(office, run, what.period, error)
        raise


def request_for(office: Office, what: Due) -> CompileRequest:
    """The form of the week's issue: dated today, belonging to the week it was due in."""
    home, key = str(office.settings.home), office.publication.key
    return CompileRequest(home=home, publication=key, period=what.period, date=office.today())


def begin(office: Office, what: Due) -> int:
    """The id of the run, on record."""
    with office.store.transaction() as unit:
        run = unit.runs.start(office.publication.key, KIND, what.period)
    late = f"（{what.day} 的一期，补编）" if what.late else ""
    log.info("开始每周编期 %s%s", what.period, late, extra={"publication": office.publication.key, "run": run})
    return run


def finish(office: Office, run: int, what: Due, result: CompileResult) -> WeekReport:
    """The report of a run that made its draft; the editors are told of it, in the same transaction."""
    key = office.publication.key
    thin, lost = thin_sections(office, result), lost_sources(result)
    letter = _draft_message(office, result, thin)
    message = "；".join((*thin, *(f"没有收到 {name}" for name in lost)))
    note = f"{result.label}，{len(result.articles)} 篇" + (f"；没有收到 {'、'.join(lost)}" if lost else "")
    with office.store.transaction() as unit:
        unit.runs.end(run, RunState.DONE, note)
        _tell(office, unit, f"draft/{what.period}", letter, alarm=bool(thin or lost))
    queue_receipts(office, final=False)
    log.info(
        "编出%s：%d 篇", result.label, len(result.articles),
        extra={"publication": key, "run": run, "articles": [line.id for line in result.articles]},
    )  # fmt: skip
    return WeekReport(publication=key, period=what.period, state=RunState.DONE, message=message, result=result)


def thin_sections(office: Office, result: CompileResult) -> list[str]:
    """The sections with fewer articles than the publication wants, as sentences."""
    counts = {section.name: len(section.entries) for section in result.sections}
    least = office.service.least
    names = office.publication.section_names
    return [f"“{name}”只有 {counts.get(name, 0)} 篇" for name in names if counts.get(name, 0) < least]


def lost_sources(result: CompileResult) -> tuple[str, ...]:
    """The names of the sources that did not let us in, while the others gave an issue."""
    return tuple(one.name for one in result.failed if one.lost)


def nothing(office: Office, run: int, what: Due, error: NothingToPrintError) -> WeekReport:
    """The report of a week without material; the editors are told."""
    key = office.publication.key
    message = Message(
        channel="",
        recipient="",
        subject=f"{what.period} 没有可刊用的稿件",
        text=f"{error.message}。{error.advice}。{_desk(office)}",
    )
    with office.store.transaction() as unit:
        unit.runs.end(run, RunState.SKIPPED, error.message)
        _tell(office, unit, f"draft/{what.period}", message, alarm=True)
    queue_receipts(office, final=False)
    log.warning("没有可刊用的稿件", extra={"publication": key, "run": run})
    return WeekReport(publication=key, period=what.period, state=RunState.SKIPPED, message=error.message)


def fail(office: Office, run: int, period: str, error: BaseException) -> None:
    """Notes that a run failed and queues word of it to administrators and editors."""
    reason = str(error) if isinstance(error, BulletinError) else f"{type(error).__name__}: {error}"
    message = Message(
        channel="",
        recipient="",
        subject=f"【运行失败】{office.publication.name.replace(' ', '')} {period}",
        text=f"每周编期没有完成：{reason}\n程序明天会再试；也可在服务器上运行 bulletin doctor 检查，改好后运行 bulletin weekly。",
    )
    with office.store.transaction() as unit:
        unit.runs.end(run, RunState.FAILED, reason)
        to = dict.fromkeys((*office.settings.admins, *office.service.editors))
        queue_for_all(office, unit, f"failed/{run}", to, message)
    log.error("每周编期失败：%s", reason, extra={"publication": office.publication.key, "run": run})


def alert(office: Office, key: str, text: str) -> None:
    """Queues word of a failure, once for each key, to the administrators and the robots."""
    subject = f"【运行失败】{office.publication.name.replace(' ', '')}"
    with office.store.transaction() as unit:
        message = Message(
            channel="", recipient="", subject=subject, text=f"{text}\n请在服务器上运行 bulletin doctor 检查。"
        )
        queue_for_all(office, unit, f"failed/{key}", office.settings.admins, message)
    log.error("%s", text, extra={"publication": office.publication.key, "flow_run": key})


def told_lately(office: Office, reason: str) -> bool:
    """Whether the administrators have heard of the same failure within a day: the hourly run meets it every hour."""
    with office.store.reading() as unit:
        found = unit.outbox.find(office.publication.key, prefix="failed/flow/", since=unit.now - PAUSE)
    return any(reason in record.message.text for record in found)


def _tell(office: Office, unit: Transaction, key: str, message: Message, *, alarm: bool) -> None:
    """Queues word to the editors, and where something is amiss to the administrators too."""
    to = dict.fromkeys((*office.service.editors, *(office.settings.admins if alarm else ())))
    queue_for_all(office, unit, key, to, message)


def _draft_message(office: Office, result: CompileResult, thin: list[str]) -> Message:
    with office.store.reading() as unit:
        record = unit.issues.get(office.publication.key, result.issue)
    lost = [f"没有收到 {one.name}：{one.reason}" for one in result.failed if one.lost]
    mark = ("【有来源没有收到】" if lost else "") + ("【稿件偏少】" if thin else "")
    lines = [f"{result.label}{result.state}已编好，共 {len(result.articles)} 篇。", *thin, *lost]
    lines += [LATER, ""] if lost else [""]
    for section in result.sections:
        lines += [f"【{section.name}】", *(f"  {n}. {entry.title}" for n, entry in enumerate(section.entries, 1))]
    counts = {"备用": result.spare, "待定": result.pending, "重复": result.duplicates, "不采用": result.rejected}
    lines += ["", "，".join(f"{name} {len(those)} 篇" for name, those in counts.items()) + "。"]
    if failed := [one for one in result.failed if not one.lost]:
        lines += [f"未能读取 {len(failed)} 件：", *(f"  · {one.name}：{one.reason}" for one in failed)]
    attachments = ((file_name(record.issue), record.docx),) if record.docx else ()
    return Message(
        channel="",
        recipient="",
        subject=f"{mark}{office.publication.name.replace(' ', '')}{result.label}{result.state}",
        text="\n".join([*lines, _desk(office)]),
        attachments=attachments,
    )


def _desk(office: Office) -> str:
    return f"编辑台：{office.settings.desk}" if office.settings.desk else ""
