"""程序接口: the same work for scripts, under /api, described by OpenAPI in Chinese.

A script shows a token (`Authorization: Bearer ...`) that a person made on the page of his account;
it may do what that person may do.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, File, Path, Query, Request, UploadFile
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from bulletin.errors import TooLargeError
from bulletin.model import Series
from bulletin.summary import key_figures
from desk.frame import render
from desk.intake import LARGEST
from desk.security import Contributor, Editor, guard
from services import archives, pool, uploads
from services.files import file_name
from services.pool import PoolQuery
from services.records import block_record
from services.typesetting import docx_of
from store.account_records import Role
from store.records import ArticleRow, ArticleSort

router = APIRouter(prefix="/api", dependencies=guard(Role.CONTRIBUTOR))

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

STATES = [key for key, _, _ in pool.TABS]


class Problem(BaseModel):
    """没有做成的原因。"""

    code: str = Field(description="供程序判断的代号")
    message: str = Field(description="原因")
    subject: str = Field(default="", description="涉及哪个文件或哪篇稿件")
    advice: str = Field(default="", description="怎么办")


class PieceOut(BaseModel):
    """来稿里的一篇。"""

    title: str = Field(description="标题")
    fate: str = Field(description="去向：待编、备用、采用于第456期、未采用等")
    reason: str = Field(description="为什么")
    article: str = Field(description="稿库里的编号；投稿账号看不到")


class SubmissionOut(BaseModel):
    """一份来稿和它的去向。"""

    sha256: str = Field(description="文件的 SHA-256；被拒收的为空")
    name: str = Field(description="文件名")
    state: str = Field(description="状态")
    reason: str = Field(description="未能读取时的原因和办法")
    known: bool = Field(default=False, description="同一文件是否以前收过")
    received: datetime | None = Field(default=None, description="收到时间")
    pieces: list[PieceOut] = Field(default_factory=list, description="读出的各篇")


class ArticleOut(BaseModel):
    """稿库里的一篇稿件。"""

    id: str = Field(description="编号")
    title: str = Field(description="标题")
    unit: str = Field(description="单位")
    date: str = Field(description="日期，如 2026-11-20；没有则为空")
    section: str = Field(description="栏目")
    confidence: float = Field(description="分栏的把握，0 到 1")
    state: str = Field(description="状态")
    abstract: str = Field(description="摘要")
    figures: list[str] = Field(description="主要数字")
    length: int = Field(description="字数")
    duplicate_of: str | None = Field(description="与哪一篇重复")
    version: int = Field(description="第几版")


class ArticlesOut(BaseModel):
    """一页稿件。"""

    total: int = Field(description="共有多少篇")
    page: int = Field(description="第几页")
    pages: int = Field(description="共几页")
    articles: list[ArticleOut] = Field(description="这一页的稿件")


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text}
    for status, text in ((401, "没有登录或令牌无效"), (403, "没有权限"), (404, "没有找到"), (422, "内容有误"))
}


@router.post(
    "/submissions",
    summary="报送文件",
    description="报送一个或多个文件（压缩包会打开），读完后返回每份的去向。",
    responses=ERRORS,
    tags=["收稿"],
)
def submit(
    visitor: Contributor, files: Annotated[list[UploadFile], File(description="要报送的文件，可多个")]
) -> list[SubmissionOut]:
    received = []
    for file in files:
        if (file.size or 0) > LARGEST:
            raise TooLargeError(f"文件超过 {LARGEST // 2**20} MB", subject=file.filename or "")
        received.append((file.filename or "", file.content_type or "", file.file.read()))
    arrivals = uploads.submit(visitor.office, visitor.account, received)
    hashes = [arrival.sha256 for arrival in arrivals if arrival.sha256]
    uploads.read_arrivals(visitor.office, hashes, lambda done, total: None)
    known = {arrival.sha256 for arrival in arrivals if arrival.known}
    refused = [
        SubmissionOut(sha256="", name=arrival.name, state="未收", reason=arrival.problem)
        for arrival in arrivals
        if arrival.problem
    ]
    fates = uploads.fates_of(visitor.office, visitor.account, hashes)
    return [*refused, *(_submission(fate, fate.sha256 in known) for fate in fates)]


@router.get("/submissions", summary="来稿和去向", description="投稿账号只看到自己的。", responses=ERRORS, tags=["收稿"])
def submissions(
    visitor: Contributor, page: Annotated[int, Query(ge=1, description="第几页")] = 1
) -> list[SubmissionOut]:
    return [_submission(fate, False) for fate in uploads.fates(visitor.office, visitor.account, page=page)]


def _submission(fate: uploads.SubmissionFate, known: bool) -> SubmissionOut:
    pieces = [
        PieceOut(title=piece.title, fate=piece.label, reason=piece.reason, article=piece.article)
        for piece in fate.pieces
    ]
    return SubmissionOut(
        sha256=fate.sha256,
        name=fate.name,
        state=fate.label,
        reason=fate.reason,
        known=known,
        received=fate.received,
        pieces=pieces,
    )


@router.get("/articles", summary="查稿库", responses=ERRORS, tags=["稿库"])
def articles(
    visitor: Editor,
    words: Annotated[str, Query(description="标题或正文里的词，用空格分开")] = "",
    state: Annotated[str, Query(description="状态", enum=STATES)] = "all",
    section: Annotated[str, Query(description="栏目")] = "",
    unit: Annotated[str, Query(description="单位")] = "",
    sort: Annotated[ArticleSort, Query(description="排序")] = ArticleSort.CREATED,
    ascending: Annotated[bool, Query(description="从小到大")] = False,
    page: Annotated[int, Query(ge=1, description="第几页")] = 1,
) -> ArticlesOut:
    asked = PoolQuery(words=words, state=state, section=section, unit=unit, sort=sort, ascending=ascending, page=page)
    found = pool.list_pool(visitor.office, asked)
    rows = [_article(item.row, item.figures) for item in found.rows]
    return ArticlesOut(total=found.total, page=found.page, pages=found.pages, articles=rows)


def _article(row: ArticleRow, figures: Sequence[str]) -> ArticleOut:
    values = {name: getattr(row, name) for name in ArticleOut.model_fields if name not in ("date", "state", "figures")}
    day = row.date.isoformat() if row.date else ""
    return ArticleOut(**values, date=day, state=row.state.label, figures=list(figures))


@router.get("/articles/{id}", summary="取一篇稿件", responses=ERRORS, tags=["稿库"])
def one_article(visitor: Editor, id: Annotated[str, Path(description="编号")]) -> dict[str, Any]:
    with visitor.office.store.reading() as unit:
        record = unit.articles.get(visitor.office.publication.key, id)
    shown = _article(record, key_figures(record.article))
    return shown.model_dump() | {"blocks": [block_record(block) for block in record.article.blocks]}


@router.get("/issues", summary="列出归档的各期", responses=ERRORS, tags=["归档"])
def issues(
    visitor: Editor, year: Annotated[int | None, Query(description="哪一年；不填为全部")] = None
) -> list[dict[str, Any]]:
    return archives.list_issues(visitor.office, year)


@router.get(
    "/issues/{number}.docx",
    summary="取一期的 Word 文件",
    description="签发时的原样文件，字节不变。",
    responses={**ERRORS, 200: {"content": {DOCX: {}}, "description": "Word 文件"}},
    response_class=Response,
    tags=["归档"],
)
def issue_docx(
    visitor: Editor,
    number: Annotated[int, Path(description="期号", ge=1)],
    series: Annotated[Series, Query(description="正刊或增刊")] = Series.REGULAR,
) -> Response:
    record = archives.issued(visitor.office, str(number), series)[0]
    content = docx_of(visitor.office, record)
    disposition = f"attachment; filename*=UTF-8''{quote(file_name(record.issue))}"
    return Response(content, media_type=DOCX, headers={"Content-Disposition": disposition})


# ---------------------------------------------------------------- the description


@lru_cache
def openapi() -> dict[str, Any]:
    """The description of what is under /api."""
    alone = FastAPI()
    alone.include_router(router)
    described = get_openapi(
        title="工作简报接口",
        version="1",
        description="报送文件、查稿库、取成品。请求头带上 Authorization: Bearer 令牌；令牌在“我的账号”里新建。",
        routes=alone.routes,
    )
    for methods in described["paths"].values():
        for act in methods.values():
            good = act["responses"]["200"]
            good["description"] = "成功" if good["description"] == "Successful Response" else good["description"]
    about = {"type": "http", "scheme": "bearer", "description": "我的账号里新建的令牌"}
    described["components"]["securitySchemes"] = {"token": about}
    described["security"] = [{"token": []}]
    return described


@router.get("/openapi.json", include_in_schema=False)
def description() -> JSONResponse:
    return JSONResponse(openapi())


pages = APIRouter(dependencies=guard(Role.CONTRIBUTOR))


@pages.get("/api", include_in_schema=False)
def help_page(request: Request) -> Response:
    """The description as a page for people."""
    described = openapi()
    acts = [
        {"method": method.upper(), "path": path, **act}
        for path, methods in described["paths"].items()
        for method, act in methods.items()
    ]
    return render(request, "api.html", {"acts": acts, "about": described["info"]["description"]})
