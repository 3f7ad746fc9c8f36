"""Commands that keep and move: backup, restore, verify, export-all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from bulletin.errors import BulletinError
from cli import output
from cli.app import App
from cli.chinese import file_message
from cli.state import state

SHOWN = 5
"""Problems that a letter names."""
TELL = "有问题时通知管理员；定时运行时用。"


def register(app: App) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("verify")(verify)
    app.command("export-all")(export_all)


@contextmanager
def _telling(what: str, *, wanted: bool) -> Iterator[None]:
    """Where it fails inside, the administrators hear of it: nobody watches what a timer starts."""
    try:
        yield
    except (BulletinError, OSError) as error:
        if wanted:
            _tell(what, file_message(error) if isinstance(error, OSError) else str(error))
        raise


def _tell(what: str, reason: str) -> None:
    from services.keeping import tell

    # Where the database itself is broken nobody can be told; the error that led here is the one to show.
    with suppress(BulletinError, OSError):
        tell(state.settings(), what, reason)


def backup(
    file: Path = typer.Argument(..., metavar="文件.zip", help="备份写到哪里。"),
    tell: bool = typer.Option(False, "--tell", help=TELL),
) -> None:
    """备份全部内容（数据库、归档文件、设置），使用中也可以做。"""
    from services.keeping import make_backup

    with _telling("备份没有做成", wanted=tell):
        if not file.name:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        manifest = make_backup(state.settings(), file)
    output.say(
        f"已备份到 {file}：记录 {sum(manifest.rows.values())} 条，文件 {manifest.files} 个。内含密码，请妥善保管。"
    )


def restore(
    file: Path = typer.Argument(..., metavar="文件.zip", help="bulletin backup 做的备份。"),
    database: str = typer.Option(
        "", "--database", metavar="地址", help="恢复到这个数据库；不写则用设置里的，没有设置则用 --home 下的 SQLite。"
    ),
) -> None:
    """把备份恢复到一个空的数据文件夹（--home）；数据库和文件放在设置（BULLETIN_DATABASE、BULLETIN_FILES）说的地方。"""
    from services.keeping import restore_backup

    settings = state.settings()
    if database:
        settings = settings.model_copy(update={"database": database})
    problems = restore_backup(file, settings)
    output.say(f"已恢复到 {settings.home}。" + (f"文件存于 {settings.files}。" if settings.files else ""))
    _report(problems)


def verify(
    as_json: bool = typer.Option(False, "--json", help="每个问题输出一行 JSON。"),
    tell: bool = typer.Option(False, "--tell", help=TELL),
) -> None:
    """核对：每个文件的校验值、每一期能否读出、期号是否连续。"""
    from services.keeping import check

    with _telling("核对没有做完", wanted=tell):
        problems = check(state.settings())
    if problems and tell:
        shown = "；".join(f"{problem.subject}：{problem.message}" for problem in problems[:SHOWN])
        _tell("核对发现问题", f"{len(problems)} 处，如 {shown}。详情请运行 bulletin verify")
    if as_json:
        output.print_json(problem.model_dump() for problem in problems)
        raise typer.Exit(1 if problems else 0)
    _report(problems)


def _report(problems: "tuple[object, ...]") -> None:
    for problem in problems:
        output.fail(f"{getattr(problem, 'subject', '')}：{getattr(problem, 'message', '')}")
    if problems:
        raise typer.Exit(1)
    output.say("核对完毕，没有问题。")


def export_all(out: Path = typer.Argument(..., metavar="文件夹", help="写到哪里。")) -> None:
    """把全部内容导出为通用文件：DOCX、JSON、CSV 和来稿原件。"""
    from services.keeping import export_all as export_

    report = export_(state.settings(), out.expanduser())
    output.say(
        f"已导出到 {report.folder}：简报 {report.issues} 期，稿件 {report.articles} 篇，"
        f"来稿 {report.submissions} 件，学习计划 {report.plans} 份。"
    )
    for one in report.lost:
        output.fail(one)
    if report.lost:
        output.note(
            f"以上 {len(report.lost)} 处没有导出，其余都已导出；"
            "请运行 bulletin verify 核对，从备份找回文件、改正刊物文件后再导出一次"
        )
        raise typer.Exit(1)
