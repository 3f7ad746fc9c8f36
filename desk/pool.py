"""稿库: the list of articles, its filters, its keys and what is done to many at once."""

import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import ValidationError

from bulletin.assembly import Wish
from bulletin.errors import StateError
from bulletin.model import PENDING, REJECTED
from desk.frame import redirect, render
from desk.security import Editor, guard
from services import pool, review
from services.pool import PoolQuery
from store.account_records import Role
from store.records import ArticleSort

router = APIRouter(dependencies=guard(Role.EDITOR))

SORTS = (
    (ArticleSort.CREATED, "收到时间"),
    (ArticleSort.DATE, "稿件日期"),
    (ArticleSort.CONFIDENCE, "分栏把握"),
    (ArticleSort.LENGTH, "字数"),
    (ArticleSort.TITLE, "标题"),
)


def asked_of(query: Mapping[str, str]) -> PoolQuery:
    """What a query string asks for; what it says wrongly is left out."""
    values = {name: query[name] for name in PoolQuery.model_fields if query.get(name)}
    if values.get("words") and "state" not in values:
        values["state"] = "all"
    try:
        return PoolQuery.model_validate(values)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors()}
        return PoolQuery.model_validate({name: value for name, value in values.items() if name not in wrong})


@router.get("/pool")
def page(request: Request, visitor: Editor) -> Response:
    """The list; only its middle where htmx asks for that."""
    context = _context(visitor, asked_of(request.query_params))
    part = request.headers.get("HX-Target") == "pool"
    return render(request, "pool_list.html" if part else "pool.html", context)


def _context(visitor: Editor, asked: PoolQuery) -> dict[str, Any]:
    return {
        "found": pool.list_pool(visitor.office, asked),
        "asked": asked,
        "given": asked.model_dump(mode="json", exclude_defaults=True),
        "tabs": pool.TABS,
        "sorts": SORTS,
        "sections": visitor.office.publication.section_names,
        "rejected": REJECTED,
        "pending": PENDING,
    }


@router.get("/pool/units")
def unit_names(request: Request, visitor: Editor) -> Response:
    """The units to choose from, as options."""
    return render(request, "units.html", {"units": pool.units(visitor.office)})


@router.get("/pool/family/{family}")
def family(request: Request, visitor: Editor, family: str) -> Response:
    """The versions of an article, as a part of the list."""
    return render(request, "versions.html", {"versions": pool.versions(visitor.office, family), "family": family})


@router.post("/pool/bulk")
def bulk(
    request: Request,
    visitor: Editor,
    act: Annotated[str, Form()],
    ids: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Does one thing to all chosen articles and shows the list again."""
    if not ids:
        raise StateError("没有选中稿件", advice="请先勾选，或按 x 选中当前一行")
    done = review.bulk(visitor.office, ids, _act(act), visitor.who)
    message = f"{done.done} 篇已处理" + (
        f"；{len(done.problems)} 篇没有：{'；'.join(done.problems[:3])}" if done.problems else ""
    )
    where = urlsplit(request.headers.get("HX-Current-URL", ""))
    if not request.headers.get("HX-Request"):
        return redirect(request, "/pool", message)
    query = {name: values[0] for name, values in parse_qs(where.query).items()}
    response = render(request, "pool_list.html", _context(visitor, asked_of(query)))
    response.headers["HX-Trigger"] = json.dumps({"notice": message})
    return response


def _act(act: str) -> review.Act:
    kind, _, section = act.partition(":")
    acts = {"pin": Wish(pin=True), "exclude": Wish(exclude=True), "neither": Wish()}
    if kind == "section" and section:
        return review.moving(section)
    if kind in acts:
        return review.wishing(acts[kind])
    raise StateError("不认得这个操作")
