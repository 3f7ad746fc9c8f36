"""The flow that gives back past issues."""

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows.intake import settings_of
from flows.showing import shown
from services.archives import Exported, export_issues
from services.context import office
from services.requests import ExportRequest


@task(name="取回", cache_policy=NO_CACHE)
def export(request: ExportRequest) -> tuple[Exported, ...]:
    """The files written, one an issue; their bytes are checked against the archive."""
    with office(settings_of(request)) as opened:
        return export_issues(opened, request)


@flow(name="export_archive", log_prints=True)
def export_archive(request: ExportRequest) -> tuple[Exported, ...]:
    """取回往期简报：按期号导出 DOCX，或打成一个 ZIP 包。"""
    files = export(request)
    rows = [{"期号": f.label, "文件": f.path, "SHA-256": f.sha256} for f in files]
    shown(create_table_artifact, table=rows, key="export-table", description="# 取回的往期简报")
    return files
