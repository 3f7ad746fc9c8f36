"""What the desk asks of a Prefect server, by its REST API: the project's web part never loads Prefect."""

import base64
import os
import re
from datetime import datetime
from typing import Any

import requests

from bulletin.errors import FetchError, NotFoundError
from bulletin.model import Frozen

TIME_LIMIT = 5.0
"""In seconds: a page waits for the answer. A server on the same network answers in 20-60 ms."""
FAILED = ("FAILED", "CRASHED")

_PREFIX = re.compile(r"^(Flow run encountered an exception[:.]?|Finished in state Failed\(|Crash details:?)\s*")
_CLASS = re.compile(r"^(?:[\w.]+\.)?\w+(?:Error|Exception):\s*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class ServerRun(Frozen):
    """A flow run of one of our deployments."""

    id: str
    deployment: str
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
    body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
    return str(_ask(f"deployments/{ours[0]}/create_flow_run", body)["id"])


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


def _ask(path: str, body: dict[str, Any]) -> Any:
    """The server's answer; FetchError saying what is wrong."""
    try:
        answer = requests.post(f"{address()}/{path}", json=body, headers=_headers(), timeout=TIME_LIMIT)
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
