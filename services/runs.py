"""Runs on the desk: what runs or ran, how far it is, why it failed, and a new one by its form.

With a Prefect server (PREFECT_API_URL) the weekly and manual deployments are asked and started there.
Without one the desk compiles in a thread of its own and notes the run in the store.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bulletin.assembly import period_of
from bulletin.errors import BulletinError, NotFoundError
from bulletin.model import Frozen
from services import prefect_server
from services.context import Office
from services.publish import CompileResult, compile_issue
from services.requests import CompileRequest
from store.records import Run, RunState

MANUAL = "manual"
WEEKLY = "weekly"
NAMES = {MANUAL: "手动编期", WEEKLY: "每周编期"}
FOR_ALL = "各刊同看日程的一次运行里有刊物没有编成；本刊若没有编成，另有一行说明"
SHOWN = 30


class RunStage(StrEnum):
    WAITING = "等待"
    RUNNING = "运行中"
    DONE = "完成"
    FAILED = "失败"
    BROKEN = "中断"


class RunLine(Frozen):
    """One run as the desk shows it."""

    id: str
    name: str
    stage: RunStage
    period: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    share: float | None = None
    """How far it is, from 0 to 1, where that is known."""
    doing: str = ""
    said: str = ""
    """What came of it, or why it failed."""
    issue: int | None = None
    """Id of the issue it made, where the desk made it itself."""

    @property
    def live(self) -> bool:
        return self.stage in (RunStage.WAITING, RunStage.RUNNING)


class RunsView(Frozen):
    lines: tuple[RunLine, ...]
    server: str = ""
    """The address of the Prefect server, or empty."""
    problem: str = ""
    """Why the server cannot be asked."""


@dataclass
class _Live:
    """A run in a thread of this process."""

    id: int
    share: float | None = None
    doing: str = "准备"
    issue: int | None = None
    over: threading.Event = field(default_factory=threading.Event)


_live: dict[tuple[str, str], _Live] = {}
"""The last run of each home and publication in this process."""
_lock = threading.Lock()


def list_runs(office: Office) -> RunsView:
    """The last runs, newest first: of the server where there is one, and of the desk itself."""
    own = _own(office)
    address = prefect_server.address()
    if not address:
        return RunsView(lines=own)
    try:
        found = prefect_server.runs(tuple(NAMES), SHOWN)
        lines = tuple(_from_server(office, run) for run in found if _is_own(office, run))
    except BulletinError as error:
        return RunsView(lines=own, server=address, problem=str(error))
    return RunsView(lines=lines + own, server=address)


def get_run(office: Office, id: str) -> RunLine:
    """One run; NotFoundError where there is none of this id."""
    if not id.isdecimal() and prefect_server.address():
        run = prefect_server.run(id)
        if not _is_own(office, run):
            raise NotFoundError("没有这次运行", subject=id)
        return _from_server(office, run)
    found = [line for line in _own(office) if line.id == id]
    if not found:
        raise NotFoundError("没有这次运行", subject=id)
    return found[0]


def start(office: Office, request: CompileRequest, who: str) -> str:
    """The id of a run that has begun; one that is still going on is not begun twice."""
    request = request.model_copy(
        update={"home": str(office.settings.home), "publication": office.publication.key, "out": ""}
    )
    if prefect_server.address():
        id = prefect_server.start(MANUAL, {"request": request.model_dump(mode="json")})
        _note(office, who, id)
        return id
    with _lock:
        live = _live.get(_name(office))
        if live is not None and not live.over.is_set():
            return str(live.id)
        period = request.period or period_of(request.date or office.today())
        with office.store.transaction() as unit:
            number = unit.runs.start(office.publication.key, MANUAL, period)
        live = _live[_name(office)] = _Live(number)
    _note(office, who, str(number))
    threading.Thread(target=_work, args=(office, request, live), name=f"run-{number}", daemon=True).start()
    return str(number)


def wait(office: Office, seconds: float) -> bool:
    """Whether the desk's own run is over within the time (for a program that must not end before it)."""
    live = _live.get(_name(office))
    return live is None or live.over.wait(seconds)


def _note(office: Office, who: str, id: str) -> None:
    with office.store.transaction() as unit:
        unit.audit.write(office.publication.key, who, "编期", f"运行{id}")


def _work(office: Office, request: CompileRequest, live: _Live) -> None:
    """Compiles, and notes how that went, whatever happens."""

    def advance(done: int, total: int, what: str) -> None:
        live.share, live.doing = (done / total if total else None), what

    state, said = RunState.FAILED, "程序异常中断，详见日志"
    try:
        result = compile_issue(office, request, advance)
        live.issue = result.issue
        state, said = RunState.DONE, _summary(result)
    except BulletinError as error:
        said = str(error)
    finally:
        with office.store.transaction() as unit:
            unit.runs.end(live.id, state, said)
        live.over.set()


def _summary(result: CompileResult) -> str:
    said = f"{result.label}：刊用 {len(result.articles)} 篇，备用 {len(result.spare)} 篇"
    if result.failed:
        said += f"，未能读取 {len(result.failed)} 件"
    return "；".join((said, *result.messages))


def _own(office: Office) -> tuple[RunLine, ...]:
    with office.store.reading() as unit:
        runs = unit.runs.find(office.publication.key, limit=SHOWN)
    return tuple(_from_store(office, run) for run in runs)


def _from_store(office: Office, run: Run) -> RunLine:
    live = _live.get(_name(office))
    mine = live if live is not None and live.id == run.id else None
    stages = {RunState.DONE: RunStage.DONE, RunState.FAILED: RunStage.FAILED, RunState.SKIPPED: RunStage.DONE}
    going = RunStage.RUNNING if mine else RunStage.BROKEN
    stage = stages.get(run.state, going)
    return RunLine(
        id=str(run.id),
        name=NAMES.get(run.kind, run.kind),
        stage=stage,
        period=run.period,
        started=run.started,
        ended=run.ended,
        share=mine.share if mine and stage is RunStage.RUNNING else None,
        doing=mine.doing if mine else "",
        said=run.note or ("运行没有结束，程序就停了；再编一次即可，已做的不会重做" if stage is RunStage.BROKEN else ""),
        issue=mine.issue if mine else None,
    )


def _is_own(office: Office, run: prefect_server.ServerRun) -> bool:
    """Whether the run is for this publication: one that names none is for the main one, the hourly one for all."""
    if run.publication:
        return run.publication == office.publication.key
    return run.deployment == WEEKLY or office.is_main


def _from_server(office: Office, run: prefect_server.ServerRun) -> RunLine:
    stages = {
        "SCHEDULED": RunStage.WAITING,
        "PENDING": RunStage.WAITING,
        "PAUSED": RunStage.WAITING,
        "RUNNING": RunStage.RUNNING,
        "CANCELLING": RunStage.RUNNING,
        "COMPLETED": RunStage.DONE,
        "CANCELLED": RunStage.BROKEN,
    }
    return RunLine(
        id=run.id,
        name=NAMES.get(run.deployment, run.deployment),
        stage=stages.get(run.state, RunStage.FAILED),
        period=run.period,
        started=run.started or run.expected,
        ended=run.ended,
        share=run.share,
        doing="收稿" if run.share is not None and run.share < 1 else "",
        # What failed in the hourly run may be another publication's; the own one's is among the own runs.
        said=run.reason if run.publication or office.is_main or not run.reason else FOR_ALL,
    )


def _name(office: Office) -> tuple[str, str]:
    return str(office.settings.home), office.publication.key
