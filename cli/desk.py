"""Commands of the editors' desk: starting it, and the accounts of its people."""

import errno
import os
import socket
import sys
from typing import TYPE_CHECKING

import typer

from bulletin.errors import SettingsError
from cli import output
from cli.app import App
from cli.state import state

if TYPE_CHECKING:
    from store.account_records import Role

account = App(help="编辑台的账号。")

MOST_PORT = 65535
ROLES = "投稿、编辑、签发 或 管理"


def register(app: App) -> None:
    app.command("desk")(desk)
    app.add_typer(account, name="account")


def desk(
    host: str = typer.Option("127.0.0.1", "--host", metavar="地址", help="监听地址；0.0.0.0 为所有网卡。"),
    port: int = typer.Option(8455, "--port", metavar="端口", help="端口。"),
    behind_proxy: bool = typer.Option(False, "--behind-proxy", help="前面有反向代理：信任它转来的地址和协议。"),
) -> None:
    """启动编辑台（按 Ctrl+C 停止）。"""
    from services.accounts import list_accounts
    from services.context import office
    from services.settings import door, read_publication

    _check_free(host, port)
    settings = state.settings()
    with office(settings, door(settings)) as opened:
        if not list_accounts(opened):
            output.note("还没有账号；请先运行 bulletin account add admin --role 管理")
    try:
        read_publication(settings)
    except SettingsError as error:
        # The desk shows it to whoever would work there; the others work on.
        output.fail(str(error))
    output.note(f"编辑台：http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/")
    os.environ["BULLETIN_HOME"] = str(settings.home)
    os.environ["BULLETIN_PUBLICATION"] = settings.publication
    options = ["--host", host, "--port", str(port), *(["--behind-proxy"] if behind_proxy else [])]
    # A program of its own: the command line knows nothing of the web.
    os.execv(sys.executable, [sys.executable, "-m", "desk", *options])


def _check_free(host: str, port: int) -> None:
    """SettingsError where nothing can listen there; the web server would say so in English, with a traceback."""
    here = f"{host}:{port}"
    if not 0 < port <= MOST_PORT:
        raise SettingsError("没有这个端口", subject=here, advice=f"端口为 1 到 {MOST_PORT}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the server does: a port whose connections are just closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError as error:
        advice = "1024 以下的端口只有 root 能用，请用 --port 换一个，如 8455"
        raise SettingsError("没有权限监听这个端口", subject=here, advice=advice) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            advice = "编辑台可能已经启动；否则请用 --port 换一个端口，或停掉占用它的程序"
            raise SettingsError("端口已被占用", subject=here, advice=advice) from error
        advice = "本机请写 127.0.0.1，对外服务请写 0.0.0.0"
        raise SettingsError("不能监听这个地址", subject=here, advice=advice) from error


@account.command("add")
def add(
    name: str = typer.Argument(..., metavar="用户名"),
    role: str = typer.Option("编辑", "--role", metavar="角色", help=ROLES),
    person: str = typer.Option("", "--person", metavar="姓名", help="显示给别人的名字。"),
    unit: str = typer.Option("", "--unit", metavar="单位", help="投稿账号所属的单位。"),
    mail: str = typer.Option("", "--mail", metavar="邮箱", help="稿件采用情况回告到这里。"),
    publications: list[str] = typer.Option([], "--only", metavar="代号", help="只能看这种刊物，可多次；不写为全部。"),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="从标准输入读密码，不提问。"),
) -> None:
    """新建账号；第一个管理账号就用它建立。"""
    from services.accounts import add_account
    from services.context import office

    chosen = _role(role)
    with office(state.settings()) as opened:
        made = add_account(
            opened,
            name,
            _password(password_stdin),
            chosen,
            person=person,
            unit=unit,
            mail=mail,
            publications=publications,
            who="命令行",
        )
    output.say(f"已建立{made.role.label}账号 {made.name}")


@account.command("list")
def list_all(as_json: bool = typer.Option(False, "--json", help="每个账号输出一行 JSON。")) -> None:
    """列出账号。"""
    from services.accounts import list_accounts
    from services.context import office

    with office(state.settings()) as opened:
        found = list_accounts(opened)
    if as_json:
        output.print_json(one.model_dump(mode="json") for one in found)
        return
    rows = [(a.name, a.person, a.role.label, a.unit, "已停用" if a.disabled else "可用") for a in found]
    output.table("账号", ("用户名", "姓名", "角色", "单位", "状态"), rows)
    if not found:
        output.note("还没有账号")


@account.command("password")
def password(
    name: str = typer.Argument(..., metavar="用户名"),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="从标准输入读密码，不提问。"),
) -> None:
    """重设密码，并解除锁定、退出已有登录。"""
    from services.accounts import set_password
    from services.context import office

    with office(state.settings()) as opened:
        set_password(opened, name, _password(password_stdin), who="命令行")
    output.say(f"账号 {name} 的密码已修改")


@account.command("disable")
def disable(
    name: str = typer.Argument(..., metavar="用户名"),
    enable: bool = typer.Option(False, "--undo", help="重新启用。"),
) -> None:
    """停用账号，已有的登录立即失效。"""
    from services.accounts import change_account
    from services.context import office

    with office(state.settings()) as opened:
        change_account(opened, name, disabled=not enable, who="命令行")
    output.say(f"账号 {name} {'已启用' if enable else '已停用'}")


def _role(word: str) -> "Role":
    from store.account_records import Role

    for role in Role:
        if word in (role.label, role.value):
            return role
    raise typer.BadParameter(f"没有“{word}”这个角色，只能写{ROLES}", param_hint="选项 --role ")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        # The question would come with a warning in English, and the answer from whatever stands there.
        raise SettingsError("这里不能提问密码", advice="请加 --password-stdin，从标准输入给出密码")
    while True:
        chosen = str(typer.prompt("密码", hide_input=True))
        # Not by typer, which would complain in English.
        if chosen == typer.prompt("再输入一次", hide_input=True):
            return chosen
        output.fail("两次输入的密码不一样，请重新输入")
