"""The flows that make an issue: by hand, and every week."""

from datetime import datetime, timedelta
from pathlib import Path

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact

from bulletin.assembly import period_of
from flows.intake import intake, settings_of
from services.context import office
from services.intake import Outcome
from services.publish import CompileResult, Draft, Printing, assemble, conclude, print_draft
from services.requests import CompileRequest

WEEK = timedelta(days=7)


@task(name="编排")
def assemble_draft(request: CompileRequest) -> Draft:
    """The draft of the period, with its number."""
    with office(settings_of(request)) as opened:
        return assemble(opened, request)


@task(name="排版")
def typeset(request: CompileRequest, draft: Draft) -> Printing:
    """The draft's DOCX, in the archive and in the folder that the request names."""
    with office(settings_of(request)) as opened:
        return print_draft(opened, draft.issue_id, request)


@flow(name="compile_issue", log_prints=True)
def compile_issue(request: CompileRequest) -> CompileResult:
    """编一期简报：收稿、清理、分栏、查重、编号、排版，得到草稿。"""
    started = datetime.now()
    outcomes = intake(request)
    return _make(request, outcomes, started)


def _make(request: CompileRequest, outcomes: tuple[Outcome, ...], started: datetime) -> CompileResult:
    draft = assemble_draft(request)
    printing = typeset(request, draft)
    result = conclude(outcomes, draft, printing, (datetime.now() - started).total_seconds())
    _publish(result)
    return result


def _publish(result: CompileResult) -> None:
    """Leave the contents and the link to the DOCX on Prefect's page."""
    lines = [f"# {result.label}（{result.state}）", ""]
    for section in result.sections:
        lines += [f"## {section.name}", *(f"- {entry.title}　{entry.unit}" for entry in section.entries), ""]
    lines += ["## 备用", *(f"- {spare.title}：{spare.reason}" for spare in result.spare)] if result.spare else []
    create_markdown_artifact(markdown="\n".join(lines), key="issue-contents", description=f"{result.label} 要目")
    create_link_artifact(
        link=Path(result.docx).as_uri(), link_text=f"{result.label} DOCX", key="issue-docx", description="成品"
    )
    get_run_logger().info(
        "%s：刊用 %d 篇，备用 %d 篇，成品 %s", result.label, len(result.articles), len(result.spare), result.docx
    )


@flow(name="weekly", log_prints=True)
def weekly(request: CompileRequest | None = None) -> CompileResult | None:
    """每周编期。过期未跑、又被下一周赶上的运行什么也不做。"""
    request = request or CompileRequest()
    scheduled = runtime.flow_run.scheduled_start_time or datetime.now().astimezone()
    with office(settings_of(request)) as opened:
        now, zone = opened.now(), opened.settings.zone
    if overtaken(scheduled, now):
        get_run_logger().warning("本次运行原定 %s，已被下一周的运行取代，不再执行", scheduled.astimezone(zone))
        return None
    # A run that is a few days late still makes the issue of the week it was meant for.
    period = request.period or period_of(scheduled.astimezone(zone).date())
    return compile_issue(request.model_copy(update={"period": period}))


def overtaken(scheduled: datetime, now: datetime) -> bool:
    """Whether the next weekly run is already due."""
    return now - scheduled >= WEEK
