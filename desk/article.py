"""One article: its text beside the original, its hints in place, its history."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from bulletin import worksheet
from bulletin.assembly import Wish
from bulletin.errors import NotFoundError, SettingsError
from bulletin.model import PENDING, REJECTED, Block, Hint
from bulletin.redline import redline
from desk.frame import is_fragment, redirect, render
from desk.security import Editor, guard
from services import review
from services.numbers import label_of
from services.originals import original
from services.review import Manuscript
from store.account_records import Role
from store.records import ArticleRecord, ArticleState

router = APIRouter(prefix="/pool", dependencies=guard(Role.EDITOR))

Version = Annotated[int, Form()]
MAGIC = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"BM", "image/bmp"))
"""Pictures that a browser shows; anything else, SVG above all, it is not given."""


def marked(text: str, hints: list[Hint]) -> list[tuple[str, Hint | None]]:
    """The text cut where hints begin and end; of hints that overlap the first is marked."""
    pieces: list[tuple[str, Hint | None]] = []
    at = 0
    for hint in sorted(hints, key=lambda hint: hint.span):
        start, end = hint.span
        if start < at or end > len(text) or start == end:
            continue
        if start > at:
            pieces.append((text[at:start], None))
        pieces.append((text[start:end], hint))
        at = end
    return [*pieces, (text[at:], None)] if at < len(text) else pieces


def _hinted(record: ArticleRecord) -> tuple[list[tuple[str, Hint | None]], list[tuple[Block, Any, list[Hint]]]]:
    """The title with its marks, and each block with its marks and hints."""
    by_block: dict[int, list[Hint]] = {}
    for hint in record.hints:
        by_block.setdefault(hint.block, []).append(hint)
    blocks = [
        (block, marked(block.text, by_block.get(index, [])), by_block.get(index, []))
        for index, block in enumerate(record.article.blocks)
    ]
    return marked(record.title, by_block.get(-1, [])), blocks


@router.get("/{id}")
def page(request: Request, visitor: Editor, id: str) -> Response:
    return _page(request, visitor, id, "article.html")


def _page(request: Request, visitor: Editor, id: str, template: str, notice: str = "") -> Response:
    key = visitor.office.publication.key
    with visitor.office.store.reading() as unit:
        record = unit.articles.get(key, id)
        first = unit.articles.records(key, [record.duplicate_of]) if record.duplicate_of else ()
        history = unit.articles.history(key, id)
        issue = label_of(visitor.office, unit, record.issue)
    title, blocks = _hinted(record)
    context = {
        "record": record,
        "article": record.article,
        "title_marks": title,
        "title_hints": [hint for hint in record.hints if hint.block == -1],
        "blocks": blocks,
        "first": first[0] if first else None,
        "history": tuple(reversed(history)),
        "issue": issue,
        "sections": visitor.office.publication.section_names,
        "rejected": REJECTED,
        "pending": PENDING,
        "frozen": record.state is ArticleState.PUBLISHED,
    }
    response = render(request, template, context)
    if notice:
        response.headers["HX-Trigger"] = json.dumps({"notice": notice, "original": ""})
    return response


@router.get("/{id}/original")
def original_pane(request: Request, visitor: Editor, id: str) -> Response:
    """The submission as received, with every change marked, those of cleaning and the lines taken out of the text."""
    with visitor.office.store.reading() as unit:
        record = unit.articles.get(visitor.office.publication.key, id)
        found = original(visitor.office, unit, record)
    return render(request, "original.html", {"record": record, "original": found, "undone": frozenset(record.undone)})


@router.get("/{id}/edit")
def edit_form(request: Request, visitor: Editor, id: str) -> Response:
    with visitor.office.store.reading() as unit:
        record = unit.articles.get(visitor.office.publication.key, id)
    context = {"record": record, "article": record.article, "text": worksheet.write(record.article.blocks)}
    return render(request, "article_form.html" if is_fragment(request) else "article_edit_page.html", context)


@router.post("/{id}/text")
def save_text(
    request: Request,
    visitor: Editor,
    id: str,
    version: Version,
    title: Annotated[str, Form()],
    text: Annotated[str, Form()] = "",
    subtitle: Annotated[str, Form()] = "",
    unit: Annotated[str, Form()] = "",
    author: Annotated[str, Form()] = "",
    date: Annotated[str, Form()] = "",
) -> Response:
    """Saves what was typed; the page asks by itself a moment after each change."""
    if not title.strip():
        raise SettingsError("标题不能为空", advice="请写上标题再保存")
    values = {"title": title, "subtitle": subtitle, "unit": unit, "author": author, "date": date or None, "text": text}
    try:
        typed = Manuscript.model_validate(values)
    except ValidationError as error:
        raise SettingsError("日期不对，或有一项太长", advice="日期请写成 2026-11-20 的样子") from error
    saved = review.edit(visitor.office, id, version, typed, visitor.who)
    if request.headers.get("Accept") == "application/json":
        return JSONResponse({"version": saved.version, "hints": saved.hints_open})
    return redirect(request, f"/pool/{id}", "已保存")


@router.post("/{id}/section")
def move(request: Request, visitor: Editor, id: str, version: Version, section: Annotated[str, Form()]) -> Response:
    review.decide_section(visitor.office, id, version, section, visitor.who)
    return _acted(request, visitor, id, f"已改入“{section}”，以后的分栏会参考这个决定")


@router.post("/{id}/wish")
def wish(request: Request, visitor: Editor, id: str, version: Version, act: Annotated[str, Form()]) -> Response:
    review.wish(visitor.office, id, version, Wish(pin=act == "pin", exclude=act == "exclude"), visitor.who)
    return _acted(request, visitor, id, {"pin": "已置顶", "exclude": "本期不用"}.get(act, "已取消"))


@router.post("/{id}/original-one")
def not_a_duplicate(request: Request, visitor: Editor, id: str, version: Version) -> Response:
    review.not_a_duplicate(visitor.office, id, version, visitor.who)
    return _acted(request, visitor, id, "已改为独立稿件")


@router.post("/{id}/changes")
def toggle_change(
    request: Request, visitor: Editor, id: str, version: Version, key: Annotated[list[str], Form()]
) -> Response:
    """Takes a change back, or makes it again; several together are all taken back first."""
    with visitor.office.store.reading() as unit:
        undone = unit.articles.get(visitor.office.publication.key, id).undone
    again = set(key) <= set(undone)
    wanted = (*(one for one in undone if one not in key), *(() if again else key))
    review.undo_changes(visitor.office, id, version, wanted, visitor.who)
    return _acted(request, visitor, id, "已恢复这处清理" if again else "已撤销这处清理")


@router.get("/{id}/history/{version}")
def difference(request: Request, visitor: Editor, id: str, version: int) -> Response:
    """What has changed since a version."""
    key = visitor.office.publication.key
    with visitor.office.store.reading() as unit:
        record = unit.articles.get(key, id)
        before, _ = review.text_at(unit.articles.history(key, id), record, version)
    now = record.article
    lines = [[part.title, *(block.plain for block in part.blocks)] for part in (before, now)]
    context = {"record": record, "version": version, "difference": redline(lines[0], lines[1])}
    return render(request, "difference.html", context)


@router.post("/{id}/restore")
def restore(request: Request, visitor: Editor, id: str, version: Version, wanted: Annotated[int, Form()]) -> Response:
    review.restore(visitor.office, id, version, wanted, visitor.who)
    return _acted(request, visitor, id, f"已恢复到第 {wanted} 版")


def _acted(request: Request, visitor: Editor, id: str, notice: str) -> Response:
    if request.headers.get("HX-Request"):
        return _page(request, visitor, id, "article_body.html", notice)
    return redirect(request, f"/pool/{id}", notice)


pictures = APIRouter(dependencies=guard(Role.EDITOR))


@pictures.get("/pictures/{sha256}")
def picture(visitor: Editor, sha256: str) -> Response:
    """A picture of an article."""
    content = visitor.office.store.files.get(sha256) if visitor.office.store.files.has(sha256) else b""
    media_type = next((kind for start, kind in MAGIC if content.startswith(start)), "")
    if not media_type:
        raise NotFoundError("这张图片不能在网页里显示")
    return Response(content, media_type=media_type, headers={"Cache-Control": "private, max-age=86400"})
