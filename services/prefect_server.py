"""What desk, doctor and a starting worker ask of a Prefect server, by its REST API: none of them loads Prefect."""

import base64
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from bulletin.errors import FetchError, NotFoundError
from bulletin.model import Frozen

TIME_LIMIT = 5.0
"""In seconds: a page waits for the answer. A server on the same network answers in 20-60 ms."""
FAILED = ("FAILED", "CRASHED")
BUSY = ("PENDING", "RUNNING", "CANCELLING")
"""Types of state of a run that holds a place among those that may run at the same time."""
WORKER = "prefect.worker.name"
"""The label by which a run names the worker that took it."""
POOL = "bulletin"

_PREFIX = re.compile(r"^(Flow run encountered an exception[:.]?|Finished in state Failed\(|Crash details:?)\s*")
_CLASS = re.compile(r"^(?:[\w.]+\.)?\w+(?:Error|Exception):\s*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class ServerRun(Frozen):
    """A flow run of one of our deployments."""

    id: str
    name: str = ""
    """The name that Prefect made up for it."""
    deployment: str
    publication: str = ""
    state: str
    """Prefect's type of state: SCHEDULED, RUNNING, COMPLETED, FAILED ..."""
    expected: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    period: str = ""
    share: float | None = None
    reason: str = ""


def address() -> str:
    """The address of the server's API, or empty where none is set."""
    return os.environ.get("PREFECT_API_URL", "").rstrip("/")


def deployments(names: tuple[str, ...]) -> dict[str, str]:
    """The names of our deployments by their ids; FetchError where the server cannot be asked."""
    found = _ask("deployments/filter", {"deployments": {"name": {"any_": list(names)}}})
    return {one["id"]: one["name"] for one in found}


def runs(names: tuple[str, ...], limit: int) -> tuple[ServerRun, ...]:
    """The last runs of the deployments, newest first, those to come included."""
    ours = deployments(names)
    if not ours:
        return ()
    asked = {"flow_runs": {"deployment_id": {"any_": list(ours)}}, "limit": limit, "sort": "EXPECTED_START_TIME_DESC"}
    found = _ask("flow_runs/filter", asked)
    shares = _shares([one["id"] for one in found if one["state_type"] == "RUNNING"])
    return tuple(_run(one, ours, shares) for one in found)


def run(id: str) -> ServerRun:
    """One run; NotFoundError where the server has none such."""
    found = _ask("flow_runs/filter", {"flow_runs": {"id": {"any_": [id]}}, "limit": 1})
    if not found:
        raise NotFoundError("没有这次运行", subject=id)
    names = _ask("deployments/filter", {"deployments": {"id": {"any_": [found[0]["deployment_id"]]}}})
    return _run(found[0], {one["id"]: one["name"] for one in names}, _shares([id]))


def start(name: str, parameters: dict[str, Any]) -> str:
    """The id of a new run of a deployment; NotFoundError where the server has not been told of it."""
    ours = [id for id, known in deployments((name,)).items() if known == name]
    if not ours:
        raise NotFoundError(
            f"Prefect 服务器上没有部署 {name}", advice="请管理员运行 prefect --no-prompt deploy --all 后再试"
        )
    # Of one key the server makes one run, though it is asked twice.
    body = {"parameters": parameters, "state": {"type": "SCHEDULED"}, "idempotency_key": uuid4().hex}
    return str(_ask(f"deployments/{ours[0]}/create_flow_run", body)["id"])


class Deployed(Frozen):
    """A deployment as the server has it."""

    name: str
    paused: bool
    crons: tuple[str, ...] = ()
    """Those of its schedules that are active."""


def deployed() -> tuple[Deployed, ...]:
    """Every deployment of the server."""
    return tuple(
        Deployed(
            name=one["name"],
            paused=bool(one.get("paused")),
            crons=tuple(s["schedule"].get("cron", "") for s in one.get("schedules") or () if s["active"]),
        )
        for one in _ask("deployments/filter", {})
    )


def workers() -> tuple[str, ...]:
    """The names of the workers of our pool that have been heard of within their time."""
    try:
        found = _ask(f"work_pools/{POOL}/workers/filter", {})
    except FetchError:
        return ()  # a pool that no worker has ever made
    return tuple(one["name"] for one in found if one.get("status") == "ONLINE")


def interrupted(worker: str) -> tuple[ServerRun, ...]:
    """The runs that an earlier worker of this name left behind and that still count as going on.

    A worker that is killed with its runs cannot say so: they stay 'running' for ever, and the place of each is
    given to nobody for five minutes (the lease that Prefect's engine takes, flow_engine.py of 3.8). Runs whose
    process is still there are not among them.
    """
    found = _ask("flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": list(BUSY)}}}})
    gone = [one for one in found if (one.get("labels") or {}).get(WORKER) == worker and not _alive(one)]
    if not gone:
        return ()
    ids = sorted({one["deployment_id"] for one in gone if one.get("deployment_id")})
    names = {one["id"]: one["name"] for one in _ask("deployments/filter", {"deployments": {"id": {"any_": ids}}})}
    return tuple(_run(one, names, {}) for one in gone)


def close(id: str) -> None:
    """Marks a run as interrupted, which gives back the place it held."""
    said = "运行它的 worker 中断了（断电、重启或被终止），请再运行一次；已做的不会重做"
    state = {"type": "CRASHED", "name": "Crashed", "message": said}
    _ask(f"flow_runs/{id}/set_state", {"state": state, "force": True})


def _alive(run: dict[str, Any]) -> bool:
    # By its command too: after a restart of the machine another process may have the number.
    pid = str(run.get("infrastructure_pid") or "")
    command = Path("/proc", pid, "cmdline")
    return pid.isdecimal() and command.is_file() and b"prefect" in command.read_bytes()


def _shares(ids: list[str]) -> dict[str, float]:
    """How far runs are, from 0 to 1, by the progress that the flow publishes."""
    if not ids:
        return {}
    asked = {"artifacts": {"flow_run_id": {"any_": ids}, "type": {"any_": ["progress"]}}, "sort": "CREATED_DESC"}
    found = _ask("artifacts/filter", asked)
    return {str(one["flow_run_id"]): float(one["data"]) / 100 for one in reversed(found) if one.get("data") is not None}


def _run(one: dict[str, Any], names: dict[str, str], shares: dict[str, float]) -> ServerRun:
    request = (one.get("parameters") or {}).get("request") or {}
    state = one.get("state") or {}
    return ServerRun(
        id=one["id"],
        name=str(one.get("name") or ""),
        publication=str(request.get("publication") or ""),
        deployment=names.get(one.get("deployment_id") or "", ""),
        state=one["state_type"] or "SCHEDULED",
        expected=one.get("expected_start_time"),
        started=one.get("start_time"),
        ended=one.get("end_time"),
        period=str(request.get("period") or ""),
        share=shares.get(one["id"]),
        reason=reason(str(state.get("message") or "")) if one["state_type"] in FAILED else "",
    )


def reason(message: str) -> str:
    """What a failed run says to an editor: our own Chinese sentence, without Prefect's words around it."""
    plain = _CLASS.sub("", _PREFIX.sub("", message.strip())).strip()
    if not _CHINESE.search(plain):
        return "运行出错，原因见 Prefect 页面上这次运行的日志"
    return plain


def patient() -> requests.Session:
    """A session that asks again where the server says that its database is busy (503): nothing was done then.

    Once more, too, where the connection was dropped, as a busy server now and then does: what is asked by it may be
    asked twice. Each time by a connection of its own, which the server cannot close just when it is used again.
    """
    session = requests.Session()
    session.headers["Connection"] = "close"
    again = Retry(
        4, connect=0, read=1, backoff_factor=0.2, status_forcelist=(503,), allowed_methods=None, raise_on_status=False
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=again))
    return session


def _ask(path: str, body: dict[str, Any]) -> Any:
    """The server's answer; FetchError saying what is wrong."""
    try:
        with patient() as session:
            answer = session.post(f"{address()}/{path}", json=body, headers=_headers(), timeout=TIME_LIMIT)
            answer.raise_for_status()
            return answer.json()
    except requests.HTTPError as error:
        status = error.response.status_code
        told = (
            "拒绝了请求，请检查 PREFECT_API_KEY 或 PREFECT_API_AUTH_STRING"
            if status in (401, 403)
            else f"回答 {status}"
        )
        raise FetchError(f"Prefect 服务器{told}", subject=address(), advice="请管理员检查 Prefect 服务器") from error
    except (requests.RequestException, ValueError) as error:
        raise FetchError("连不上 Prefect 服务器", subject=address(), advice="请管理员检查服务器是否在运行") from error


def _headers() -> dict[str, str]:
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"Authorization": f"Bearer {key}"}
    if pair := os.environ.get("PREFECT_API_AUTH_STRING"):
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return {}
