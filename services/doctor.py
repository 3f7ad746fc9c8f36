"""What `bulletin doctor` finds: every part the work needs, whether it is there, and what to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Literal

from bulletin.errors import BulletinError
from bulletin.model import Frozen
from services.settings import Settings, read_publication

LOW_DISK = 1 << 30
"""Bytes free below which a warning is due: an issue with its pages takes about a megabyte."""


class Check(Frozen):
    """One finding: good, something to know, or something that stops the work."""

    name: str
    state: Literal["good", "note", "bad"]
    finding: str
    advice: str = ""


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which an administrator would mend things."""
    every: tuple[Callable[[Settings], Iterator[Check]], ...] = (
        _home,
        _publication,
        _database,
        _readers,
        _fonts,
        _prefect,
    )
    return [finding for check in every for finding in check(settings)]


def _home(settings: Settings) -> Iterator[Check]:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        yield Check(
            name="数据文件夹", state="bad", finding=f"{settings.home} 不能写入", advice="请改变权限或用 --home 另选"
        )
        return
    free = shutil.disk_usage(folder).free
    state: Literal["good", "note"] = "good" if free > LOW_DISK else "note"
    advice = "" if state == "good" else "请清理磁盘"
    yield Check(
        name="数据文件夹", state=state, finding=f"{settings.home}，剩余 {free / (1 << 30):.1f} GB", advice=advice
    )


def _publication(settings: Settings) -> Iterator[Check]:
    try:
        publication = read_publication(settings)
    except BulletinError as error:
        yield Check(name="刊物", state="bad", finding=error.message, advice=error.advice)
        return
    yield Check(name="刊物", state="good", finding=f"{publication.name}；栏目：{'、'.join(publication.section_names)}")


def _database(settings: Settings) -> Iterator[Check]:
    from store.database import open_store

    try:
        store = open_store(settings.home, settings.database)
    except BulletinError as error:
        yield Check(name="数据库", state="bad", finding=error.message, advice=error.advice)
        return
    kind = "PostgreSQL" if settings.database.startswith("postgres") else "SQLite"
    yield Check(name="数据库", state="good", finding=f"{kind}，可用")
    store.close()


def _readers(_settings: Settings) -> Iterator[Check]:
    from extractors.registry import formats

    missing = [row for row in formats() if not row.available]
    for row in missing:
        yield Check(name=f"读取 {row.format.name}", state="note", finding="暂时不能读取", advice=row.note)
    if not missing:
        yield Check(name="来稿格式", state="good", finding="各种格式都能读取")


def _fonts(_settings: Settings) -> Iterator[Check]:
    from builders.fonts import examine_fonts

    for font in examine_fonts():
        state: Literal["good", "note"] = "good" if font.exact else "note"
        finding = font.family if font.exact else f"没有安装，打印预览以 {font.stand_in or '其他字体'} 代替"
        yield Check(name=f"字体 {font.family}", state=state, finding=finding, advice=font.advice)


def _prefect(_settings: Settings) -> Iterator[Check]:
    address = os.environ.get("PREFECT_API_URL", "")
    if not address:
        yield Check(
            name="Prefect",
            state="note",
            finding="没有设置服务器，编期时临时启动",
            advice="长期运行请启动 prefect server 并设置 PREFECT_API_URL",
        )
        return
    import requests

    try:
        requests.get(f"{address.rstrip('/')}/health", timeout=5).raise_for_status()
    except requests.RequestException as error:
        yield Check(name="Prefect", state="bad", finding=f"{address} 没有应答：{error}", advice="请启动 prefect server")
        return
    yield Check(name="Prefect", state="good", finding=address)
