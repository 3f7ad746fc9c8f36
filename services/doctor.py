"""What `bulletin doctor` finds: every part the work needs, whether it is there, and what to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

from bulletin.errors import BulletinError
from bulletin.model import Frozen
from services.service import Service
from services.settings import Settings, publication_keys, read_publication, read_service

LOW_DISK = 1 << 30
"""Bytes free below which a warning is due: an issue with its pages takes about a megabyte."""
PROBE_SECONDS = 10.0
"""How long a mail server may take to answer the check."""
SCHEDULED = ("weekly", "distribute")
"""The deployments that run by the clock."""
LATE_IN_THE_YEAR = 11
"""The State Council publishes next year's arrangement in November at the latest."""


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
        _service,
        _database,
        _readers,
        _office,
        _fonts,
        _holidays,
        _mail_out,
        _mail_in,
        _outbox,
        _prefect,
    )
    return [finding for check in every for finding in _guarded(check, settings)]


def _guarded(check: Callable[[Settings], Iterator[Check]], settings: Settings) -> Iterator[Check]:
    """What a check finds; one that fails on something broken elsewhere is a finding too."""
    try:
        yield from check(settings)
    except BulletinError as error:
        yield Check(name="检查中断", state="bad", finding=str(error), advice=error.advice)


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
        store = open_store(**settings.storage)
    except BulletinError as error:
        yield Check(name="数据库", state="bad", finding=error.message, advice=error.advice)
        return
    kind = "PostgreSQL" if settings.database.startswith("postgres") else "SQLite"
    yield Check(name="数据库", state="good", finding=f"{kind}，可用")
    store.close()


def _readers(_settings: Settings) -> Iterator[Check]:
    from extractors.registry import Kind, formats

    # What is refused by design is no fault of this machine.
    rows = [row for row in formats() if row.format.kind is not Kind.REFUSED]
    missing = [row for row in rows if not row.available]
    for row in missing:
        yield Check(name=f"读取{row.format.name}", state="note", finding="暂时不能读取", advice=row.note)
    if not missing:
        yield Check(name="来稿格式", state="good", finding=f"{len(rows)} 种格式都能读取")


def _office(settings: Settings) -> Iterator[Check]:
    """LibreOffice converts a page, because an installed program may still be broken (and returns 0 then)."""
    from builders.libreoffice import find_office
    from builders.pdf import to_pdf

    program = settings.office or find_office()
    if program is None:
        yield Check(
            name="LibreOffice",
            state="note",
            finding="没有安装：目录页码为估算，不能出 PDF，不能读 DOC、WPS",
            advice="Debian、UOS、麒麟上运行 apt install libreoffice-writer",
        )
        return
    from io import BytesIO

    from docx import Document

    page = BytesIO()
    document = Document()
    document.add_paragraph("检查")
    document.save(page)
    try:
        to_pdf(page.getvalue(), program)
    except BulletinError as error:
        yield Check(
            name="LibreOffice", state="bad", finding=f"{program} 不能转换：{error.message}", advice=error.advice
        )
        return
    yield Check(name="LibreOffice", state="good", finding=f"{program}，能转换")


def _fonts(settings: Settings) -> Iterator[Check]:
    """One line for all fonts that are there or well stood in for, one for each that is not."""
    from builders.fonts import examine_fonts
    from services.styles import load_house_style

    fonts = examine_fonts(load_house_style(settings, read_publication(settings)))
    fine = [font for font in fonts if font.exact or font.complete]
    if fine:
        names = "、".join(f"{f.role} {f.family}" + ("" if f.exact else f"（以 {f.stand_in} 代替）") for f in fine)
        exact = all(font.exact for font in fine)
        advice = "" if exact else "DOCX 里写的仍是原字体名，装有该字体的电脑上显示原字体"
        yield Check(name="字体", state="good", finding=names, advice=advice)
    for font in fonts:
        if font not in fine:
            stand_in = f"，{font.stand_in} 没有中文" if font.stand_in else ""
            yield Check(name=f"字体 {font.family}", state="note", finding=f"没有安装{stand_in}", advice=font.advice)


def _holidays(settings: Settings) -> Iterator[Check]:
    from services.workdays import Workdays

    today = datetime.now(settings.zone).date()
    years = [today.year] if today.month < LATE_IN_THE_YEAR else [today.year, today.year + 1]
    unknown = [year for year in years if not Workdays().is_published(year)]
    if not unknown:
        yield Check(name="节假日", state="good", finding="放假和调休安排已收录")
        return
    yield Check(
        name="节假日",
        state="note",
        finding=f"{'、'.join(map(str, unknown))} 年的放假安排尚未收录，按周一至周五上班处理",
        advice="国务院公布后运行 pip install -U chinesecalendar，或在 settings.toml 写 days_off 和 days_on",
    )


def _service(settings: Settings) -> Iterator[Check]:
    """Each publication's collection and schedule."""
    for key in publication_keys(settings):
        try:
            name, service = read_publication(settings, key).name, read_service(settings, key)
        except BulletinError as error:
            yield Check(name=f"日常运行 {key}", state="bad", finding=str(error), advice=error.advice)
            continue
        people = (
            f"编辑 {len(service.editors)} 人，收刊 {len(service.recipients)} 处，群机器人 {len(service.webhooks)} 个"
        )
        yield Check(name=f"日常运行 {key}", state="good", finding=f"{name}：{service.schedule_label}；{people}")
        yield from _unheard(settings, key, service)
        if (service.editors or service.recipients) and settings.smtp is None:
            yield Check(
                name="发信",
                state="bad",
                finding=f"{key} 写了收件人，但没有设置发信服务器",
                advice="请在 settings.toml 写 [smtp]",
            )


def _unheard(settings: Settings, key: str, service: Service) -> Iterator[Check]:
    """Where nobody would hear of a run that fails."""
    if service.webhooks or (settings.admins and settings.smtp):
        return
    yield Check(
        name=f"通知 {key}",
        state="note",
        finding="运行失败、备份没有做成时没有人收到通知",
        advice="请在 settings.toml 写 admins 和 [smtp]，或在刊物文件里写群机器人",
    )


def _mail_out(settings: Settings) -> Iterator[Check]:
    from services.mailing import Mailer

    if settings.smtp is None:
        yield Check(
            name="发信", state="note", finding="没有设置发信服务器，不发邮件", advice="需要时在 settings.toml 写 [smtp]"
        )
        return
    address = f"{settings.smtp.host}:{settings.smtp.port}"
    try:
        with Mailer(settings.smtp, timeout=PROBE_SECONDS) as mailer:
            mailer.connect()
    except BulletinError as error:
        yield Check(name="发信", state="bad", finding=str(error), advice="请检查 settings.toml 的 [smtp] 和网络")
        return
    yield Check(name="发信", state="good", finding=f"{address}，能登录")


def _mail_in(settings: Settings) -> Iterator[Check]:
    from collectors.mailbox import Mailbox

    for key in publication_keys(settings):
        try:
            mailbox = read_service(settings, key).mailbox
            if mailbox is None:
                continue
            with Mailbox(mailbox, timeout=PROBE_SECONDS):
                yield Check(name=f"收稿邮箱 {key}", state="good", finding=f"{mailbox.user}@{mailbox.host}，能登录")
        except BulletinError as error:
            yield Check(name=f"收稿邮箱 {key}", state="bad", finding=str(error), advice=error.advice)


def _outbox(settings: Settings) -> Iterator[Check]:
    """Messages that wait for a person."""
    from services.context import office
    from services.outgoing import stuck
    from store.records import MessageState

    for key in publication_keys(settings):
        try:
            with office(settings, key) as opened:
                doubtful = len(stuck(opened))
                with opened.store.reading() as unit:
                    failed = len(unit.outbox.find(key, state=MessageState.FAILED))
        except BulletinError:
            continue  # said already, by the database's own check
        if doubtful or failed:
            yield Check(
                name=f"消息 {key}",
                state="note",
                finding=f"{doubtful} 条不知是否送达，{failed} 条未能发出",
                advice="用 bulletin outbox list 查看，核实后用 bulletin outbox again 重发",
            )


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
        yield Check(
            name="Prefect",
            state="bad",
            finding=f"{address} 没有应答（{type(error).__name__}）",
            advice="请启动 prefect server",
        )
        return
    yield from _deployments(address)


def _deployments(address: str) -> Iterator[Check]:
    """Whether the server knows our flows, asks the calendar every hour, and somebody does the work."""
    from services import prefect_server
    from services.weekly import HOURLY

    again = "请运行 prefect --no-prompt deploy --all（重启 bulletin-worker 也会登记）"
    found = {one.name: one for one in prefect_server.deployed()}
    missing = [name for name in SCHEDULED if name not in found]
    if missing:
        yield Check(name="Prefect", state="bad", finding=f"{address} 上没有登记 {'、'.join(missing)}", advice=again)
        return
    idle = [name for name in SCHEDULED if found[name].paused or not found[name].crons]
    if idle:
        yield Check(
            name="Prefect", state="note", finding=f"{'、'.join(idle)} 的日程已停用，不会自动运行",
            advice=f"要恢复，请在 {address.removesuffix('/api')}/deployments 上启用它的日程",
        )  # fmt: skip
        return
    if found["weekly"].crons != (HOURLY,):
        yield Check(
            name="Prefect", state="note", finding=f"weekly 的日程是 {'、'.join(found['weekly'].crons)}，不是每小时一次",
            advice=f"出刊的星期和钟点写在刊物文件的 weekday 和 hour，不在 Prefect 里改；{again}",
        )  # fmt: skip
        return
    if not (count := len(prefect_server.workers())):
        yield Check(
            name="Prefect", state="bad", finding="没有 worker 在线，日程到了也没有人执行",
            advice="请启动 bulletin-worker：systemctl start bulletin-worker",
        )  # fmt: skip
        return
    yield Check(name="Prefect", state="good", finding=f"{address}，worker {count} 个，日程每小时看一次")
