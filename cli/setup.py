"""`bulletin init`: asks what it is not told, and sets up a home."""

from typing import TYPE_CHECKING, Any

import typer

from bulletin.errors import SettingsError
from bulletin.model import MOST_NUMBER, NumberScheme
from cli import output
from cli.app import App
from cli.state import state

if TYPE_CHECKING:
    from services.service import SmtpServer
    from services.setup import SectionPlan, SetupRequest

BOUNDS = {"start": (1, MOST_NUMBER), "weekday": (1, 7), "hour": (0, 23)}
"""Of the questions that are answered with a number."""
MANY = "可写多次。"
_OPTIONS = {"editors": "editor", "recipients": "recipient", "admins": "admin", "sections": "section"}
"""What the options are called where the answers have another name."""


def register(app: App) -> None:
    app.command("init")(init)


def init(
    key: str = typer.Option(
        "default", "--key", metavar="代号", help="刊物代号，小写字母和数字；再办一种刊物时另取一个。"
    ),
    name: str = typer.Option("", "--name", metavar="刊名", help="印在报头的刊名。"),
    issuer: str = typer.Option("", "--issuer", metavar="单位", help="编印单位。"),
    region: str = typer.Option("", "--region", metavar="地方", help="本单位管辖的地方，如 云江省。"),
    level: str = typer.Option(
        "province", "--level", metavar="层级", help="本单位的层级：central 中央、province 省、city 市、county 县。"
    ),
    start: int = typer.Option(None, "--start", metavar="期号", help="第一期的期号；不写为 1。"),
    scheme: NumberScheme = typer.Option(
        NumberScheme.TOTAL, "--scheme", help="期号怎么编：total 总期号、yearly 按年、both 两者都有。"
    ),
    section: list[str] = typer.Option(
        [], "--section", metavar="名称:类别:篇数", help=f"栏目；类别为 部署、经验或动态。{MANY}"
    ),
    report: list[str] = typer.Option([], "--report", metavar="单位", help=f"版记的“报”。{MANY}"),
    send: list[str] = typer.Option([], "--send", metavar="单位", help=f"版记的“送”。{MANY}"),
    issue: list[str] = typer.Option([], "--issue", metavar="单位", help=f"版记的“发”。{MANY}"),
    weekday: int = typer.Option(None, "--weekday", metavar="1-7", help="每周几出刊，1 为周一；不写为周五。"),
    hour: int | None = typer.Option(None, "--hour", metavar="0-23", help="出刊日几点编期；不写为 8 点。"),
    editor: list[str] = typer.Option([], "--editor", metavar="邮箱", help=f"编辑的邮箱。{MANY}"),
    recipient: list[str] = typer.Option([], "--recipient", metavar="邮箱", help=f"签发后寄送 DOCX 的邮箱。{MANY}"),
    admin: list[str] = typer.Option([], "--admin", metavar="邮箱", help=f"管理员邮箱。{MANY}"),
    smtp: str = typer.Option(
        "", "--smtp", metavar="地址", help="发信服务器，如 smtps://用户:授权码@smtp.example.cn:465。"
    ),
    sender: str = typer.Option("", "--sender", metavar="发件人", help="如 编辑部 <jianbao@example.cn>。"),
    yes: bool = typer.Option(False, "--yes", help="不提问，没有写明的用默认值。"),
    force: bool = typer.Option(False, "--force", help="重写已有的设置（原文件另存为 .bak）。"),
) -> None:
    """建立数据文件夹：写出带说明的设置、刊物文件和空的稿库。"""
    from services.setup import set_up

    given: dict[str, Any] = {
        "key": key, "name": name, "issuer": issuer, "region": region, "level": level, "start": start, "scheme": scheme,
        "section": section, "report": report, "send": send, "issue": issue, "weekday": weekday, "hour": hour,
        "editor": editor, "recipient": recipient, "admin": admin, "smtp": smtp, "sender": sender,
    }  # fmt: skip
    if not yes:
        _ask(given)
    done = set_up(state.settings().home, _request(given), force=force)
    for path in done.written:
        output.say(f"已写好 {path}")
    for path in done.kept:
        output.say(f"{path} 已有，没有改动")
    which = "" if key == "default" else f"--publication {key} "
    output.say(f"来稿放进 {done.inbox}，然后运行 bulletin --home {done.home} {which}compile")
    output.say(f"运行 bulletin --home {done.home} {which}doctor 检查还缺什么。")


def _ask(given: dict[str, Any]) -> None:
    """Fill in what no option said; an empty answer takes the default."""
    from services.setup import DEFAULT_SECTIONS, ROLE_NAMES

    roles = {role: word for word, role in ROLE_NAMES.items()}
    sections = " ".join(f"{one.name}:{roles[one.role]}:{one.quota}" for one in DEFAULT_SECTIONS)
    questions: tuple[tuple[str, str, Any], ...] = (
        ("name", "刊名", "工作简报"),
        ("issuer", "编印单位", "办公室"),
        ("region", "管辖的地方（如 云江省，可空）", ""),
        ("start", "第一期的期号", 1),
        ("section", "栏目（名称:类别:篇数，空格隔开；类别为 部署、经验、动态）", sections),
        ("report", "版记的“报”（多个用；隔开，可空）", ""),
        ("send", "版记的“送”", ""),
        ("issue", "版记的“发”", ""),
        ("weekday", "每周几出刊（1 为周一，7 为周日）", 5),
        ("hour", "出刊日几点编期（0 到 23）", 8),
        ("editor", "编辑的邮箱（多个用；隔开，可空）", ""),
        ("recipient", "签发后寄送的邮箱", ""),
        ("admin", "管理员邮箱", ""),
        ("smtp", "发信服务器（如 smtps://用户:授权码@主机，可空）", ""),
    )
    for name, question, default in questions:
        if given[name] not in (None, "", []):
            continue
        if isinstance(default, int):
            given[name] = _number(question, default, *BOUNDS[name])
            continue
        answer = typer.prompt(question, default=default, err=True)
        if isinstance(given[name], list):
            separators = str.maketrans("；;，,", "    ") if name == "section" else str.maketrans("；", ";")
            parts = str(answer).translate(separators)
            given[name] = [
                part.strip() for part in (parts.split() if name == "section" else parts.split(";")) if part.strip()
            ]
        else:
            given[name] = answer


def _number(question: str, default: int, least: int, most: int) -> int:
    """The number that was answered; asked again until it is one: typer would complain in English."""
    while True:
        answer = str(typer.prompt(question, default=str(default), err=True)).strip()
        if answer.isdecimal() and least <= int(answer) <= most:
            return int(answer)
        output.fail(f"请写 {least} 到 {most} 的整数")


def _request(given: dict[str, Any]) -> "SetupRequest":
    from pydantic import ValidationError

    from services.setup import SetupRequest

    try:
        return SetupRequest(
            key=given["key"],
            name=given["name"] or "工作简报",
            issuer=given["issuer"] or "办公室",
            region=given["region"],
            level=given["level"],
            scheme=given["scheme"],
            start=1 if given["start"] is None else given["start"],
            weekday=5 if given["weekday"] is None else given["weekday"],
            hour=8 if given["hour"] is None else given["hour"],
            editors=tuple(given["editor"]),
            recipients=tuple(given["recipient"]),
            admins=tuple(given["admin"]),
            smtp=_smtp(given["smtp"], given["sender"]),
            distribution={"report": given["report"], "send": given["send"], "issue": given["issue"]},
            **_sections(given["section"]),
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][0])
        raise SettingsError(
            f"--{_OPTIONS.get(where, where)} 不对：{first['input']}",
            advice="代号用小写字母和数字，期号为正整数，星期为 1 到 7，钟点为 0 到 23，邮箱写作 名称@主机；"
            "各项的写法见 bulletin init --help",
        ) from error


def _sections(texts: list[str]) -> dict[str, "tuple[SectionPlan, ...]"]:
    from services.setup import parse_section

    return {"sections": tuple(parse_section(text) for text in texts)} if texts else {}


def _smtp(address: str, sender: str) -> "SmtpServer | None":
    """The server of smtps://user:password@host:port (smtp:// without encryption, smtp+starttls://)."""
    if not address:
        return None
    from urllib.parse import unquote, urlsplit

    from services.service import SmtpServer

    wrong = SettingsError(f"看不懂的发信服务器：{address}", advice="写作 smtps://用户:授权码@主机:端口")
    try:
        parts = urlsplit(address if "://" in address else f"smtps://{address}")
        given = parts.port
    except ValueError as error:
        raise wrong from error
    kinds: dict[str, tuple[Any, int]] = {
        "smtps": ("tls", 465),
        "smtp+starttls": ("starttls", 587),
        "smtp": ("none", 25),
    }
    if parts.scheme not in kinds or not parts.hostname:
        raise wrong
    security, port = kinds[parts.scheme]
    user = unquote(parts.username or "")
    return SmtpServer(
        host=parts.hostname,
        port=given or port,
        security=security,
        user=user,
        password=unquote(parts.password or ""),
        sender=sender or (user if "@" in user else f"bulletin@{parts.hostname}"),
    )
