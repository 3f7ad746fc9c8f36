"""The flows that make an issue: by hand, and every week."""

from datetime import datetime
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from flows.intake import settings_of, take_in
from flows.showing import Show, showing
from services.ahead import loaded_ahead, started_ahead
from services.context import office
from services.issuing import set_draft
from services.outcomes import Outcome
from services.publish import CompileResult, Draft, assemble, conclude, told_what_came
from services.requests import CompileRequest
from services.typesetting import Printing


@task(name="编排", cache_policy=NO_CACHE)
def assemble_draft(request: CompileRequest) -> Draft:
    """The draft of the period, with its number."""
    with office(settings_of(request)) as opened:
        return assemble(opened, request)


@task(name="排版", cache_policy=NO_CACHE)
def typeset(request: CompileRequest, issue_id: int) -> Printing:
    """The draft's DOCX, in the archive and in the folder that the request names."""
    with office(settings_of(request)) as opened:
        return set_draft(opened, issue_id, request)


@flow(name="compile_issue", log_prints=True)
def compile_issue(request: CompileRequest) -> CompileResult:
    """编一期简报：收稿、清理、分栏、查重、编号、排版，得到草稿。"""
    return make_issue(request)


def make_issue(request: CompileRequest, before: tuple[Outcome, ...] = ()) -> CompileResult:
    """The printed draft, by tasks of the flow that calls it; `before` is what came of submissions taken in already."""
    started = datetime.now()
    with started_ahead(request.sources, request.home, request.publication), showing() as show:
        loaded_ahead()
        outcomes = take_in(request, show, before)
        with told_what_came(outcomes):
            draft = assemble_draft(request)
        printing = typeset(request, draft.issue_id)
        result = conclude(outcomes, draft, printing, (datetime.now() - started).total_seconds())
        _publish(result, show)
        return result


def _publish(result: CompileResult, show: Show) -> None:
    """Leave the contents and the link to the DOCX on Prefect's page."""
    lines = [f"# {result.label}（{result.state}）", ""]
    for section in result.sections:
        lines += [f"## {section.name}", *(f"- {entry.title}　{entry.unit}" for entry in section.entries), ""]
    lines += ["## 备用", *(f"- {spare.title}：{spare.reason}" for spare in result.spare)] if result.spare else []
    show(create_markdown_artifact, markdown="\n".join(lines), key="issue-contents", description=f"{result.label} 要目")
    link = Path(result.docx).as_uri()
    show(create_link_artifact, link=link, link_text=f"{result.label} DOCX", key="issue-docx", description="成品")
    emit_event(
        "bulletin.issue.drafted",
        resource={"prefect.resource.id": f"bulletin.issue.{result.issue}", "prefect.resource.name": result.label},
        payload={"state": result.state, "articles": [line.id for line in result.articles]},
    )
    get_run_logger().info(
        "%s：刊用 %d 篇，备用 %d 篇，成品 %s", result.label, len(result.articles), len(result.spare), result.docx
    )
