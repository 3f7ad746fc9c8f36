"""Runs whose worker was killed: administrators hear of them, and what they held is given back."""

from typing import NamedTuple

from bulletin.errors import BulletinError
from services import prefect_server
from services.context import Office, office
from services.prefect_server import ServerRun
from services.settings import Settings, speaker
from services.weekly import alert


class Kind(NamedTuple):
    """What a deployment is called, and what there is to do when a run of it was interrupted."""

    name: str
    advice: str


AGAIN = "请再运行一次，已做的不会重做。"
OTHER = Kind("运行", AGAIN)
KINDS = {
    "weekly": Kind("每周编期", "下一个整点自动接着编，已做的不会重做；急用可运行 bulletin weekly。"),
    "manual": Kind("手动编期", "请在编辑台上再编一次，已做的不会重做。"),
    "distribute": Kind(
        "发送",
        "待发的消息十分钟内自动接着发；若有一条标为“发送中断”（bulletin outbox list），请向收件人核实后再决定是否重发。",
    ),
    "bring-in": Kind("收入旧稿", AGAIN),
    "export": Kind("取回往期", AGAIN),
}
"""By the deployments of prefect.yaml."""


def close_interrupted(settings: Settings, worker: str) -> tuple[str, ...]:
    """The names of the runs that an earlier worker of this name left behind, each told of and then closed.

    Told of first: whoever is killed between the two finds the run still open and tells of it again, which the
    outbox knows by the run's id. Raises FetchError where the Prefect server cannot be asked; the error of a
    publication of which nobody can be told when the runs of the others are closed.
    """
    closed, errors = [], []
    for run in prefect_server.interrupted(worker):
        try:
            with office(settings, speaker(settings, run.publication)) as opened:
                # The key is that of a failed flow run (flows.weekly.report_failure), so that no run is told of twice.
                alert(opened, f"flow/{run.id}", told(opened, run, worker))
        except BulletinError as error:
            errors.append(error)
            continue
        prefect_server.close(run.id)
        closed.append(run.name)
    if errors:
        raise errors[0]
    return tuple(closed)


def told(opened: Office, run: ServerRun, worker: str) -> str:
    """What the administrators read: which run, that nothing is lost, what to do."""
    kind = KINDS.get(run.deployment, OTHER)
    begun = f"，{run.started.astimezone(opened.settings.zone):%Y-%m-%d %H:%M} 开始" if run.started else ""
    period = f" {run.period}" if run.period else ""
    return (
        f"{kind.name}{period}没有做完就中断了（运行 {run.name}{begun}）：{worker} 上的 worker 断电、重启或被终止。\n"
        f"来稿、稿件和期号都没有丢失。{kind.advice}"
    )
