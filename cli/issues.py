"""Commands that make an issue: compile, and what becomes of a draft."""

from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bulletin.errors import SettingsError
from bulletin.model import Series
from cli import output
from cli.app import App
from cli.flowing import absolute, run_flow
from cli.state import state

if TYPE_CHECKING:
    from services.requests import CompileRequest

LONG = 60
"""Rows that can be looked through at once, about two screens."""

ASKED = {
    "date": ("日期", "写作 2026-11-20，须是日历上有的日子"),
    "number": ("期号", "写作正整数，如 456，最多六位"),
    "period": ("期次", "写作 2026-W47（年份-W两位周数），须是那一年有的一周；同一周另编一期写 2026-W47-2"),
}
"""What an option is called, and how it is written."""

issue_app = App(help="签发、退回和查看草稿。")


def register(app: App) -> None:
    app.command("intake")(intake)
    app.command("compile")(compile_issue)
    app.add_typer(issue_app, name="issue")


def _request(sources: list[str], **values: Any) -> "CompileRequest":
    from pydantic import ValidationError

    from services.requests import CompileRequest

    try:
        return CompileRequest(
            home=state.home,
            publication=state.publication,
            sources=tuple(sources),
            **values,
        )
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        label, advice = ASKED.get(name, (name, "用 bulletin compile --help 查看写法"))
        raise SettingsError(f"{label}不对：{first['input']}（--{name}）", advice=advice) from error


def intake(
    sources: list[str] = typer.Argument(
        None, metavar="文件|文件夹|网址", help="来稿；不写则收取收稿文件夹、邮箱和网址。"
    ),
    as_json: bool = typer.Option(False, "--json", help="每件来稿输出一行 JSON。"),
) -> None:
    """只收稿，不编期：读出、清理、分栏、查重后进入稿库。"""
    from services.context import office
    from services.intake import receive_and_read
    from services.mailintake import collect_mail

    with office(state.settings()) as opened, output.progress("收稿", quiet=as_json) as advance:
        mailed = () if sources else collect_mail(opened, advance)
        outcomes = mailed + receive_and_read(opened, sources or opened.default_sources(), advance)
    if as_json:
        output.print_json(outcome.model_dump(mode="json") for outcome in outcomes)
    else:
        show_outcomes([outcome.model_dump(mode="json") for outcome in outcomes])
        if not outcomes:
            output.say(f"{'、'.join(sources) if sources else '收稿文件夹、邮箱和网址'} 里没有新的来稿。")
    raise typer.Exit(1 if any(outcome.failed for outcome in outcomes) else 0)


def compile_issue(
    sources: list[str] = typer.Argument(None, metavar="文件|文件夹|网址", help="来稿；不写则收取收稿文件夹。"),
    number: int = typer.Option(None, "--number", metavar="期号", help="指定期号；不写则接续上一期。"),
    date: str = typer.Option(None, "--date", metavar="日期", help="报头日期，如 2026-11-20；不写为今天。"),
    period: str = typer.Option("", "--period", metavar="期次", help="属于哪一周，如 2026-W47；不写按日期。"),
    series: Series = typer.Option(Series.REGULAR, "--series", help="正刊或增刊。"),
    out: str = typer.Option("", "--out", metavar="文件夹", help="成品另存到这里。"),
    pictures: bool = typer.Option(False, "--pictures", help="同时输出页面图片和 PDF（需要 LibreOffice）。"),
    local: bool = typer.Option(False, "--local", help="不经 Prefect，直接在本机编。"),
    as_json: bool = typer.Option(False, "--json", help="输出一行 JSON。"),
) -> None:
    """编一期简报：收稿、清理、分栏、查重、编号、排版，得到草稿的 DOCX。"""
    from services.ahead import started_ahead

    named = [absolute(source) for source in sources or []]
    with started_ahead(named, state.home, state.publication) if local else nullcontext():
        request = _request(
            named,
            number=number,
            date=date,
            period=period,
            series=series,
            out=str(Path(out).expanduser().absolute()) if out else "",
            pictures=pictures,
        )
        result = _compile_here(request, as_json) if local else run_flow("compile", request)
    if as_json:
        output.print_json([result])
    else:
        show_result(result)
    raise typer.Exit(1 if result["failed"] else 0)


def _compile_here(request: "CompileRequest", quiet: bool) -> dict[str, Any]:
    from services.context import office
    from services.publish import compile_issue as compile_

    with office(state.settings()) as opened, output.progress("编期", quiet=quiet) as advance:
        return compile_(opened, request, advance).model_dump(mode="json")


def show_outcomes(outcomes: list[dict[str, Any]]) -> None:
    """The table of what came of each submission; of very many, those that an editor should look at, and a count."""
    from services.outcomes import Outcome

    every = [Outcome.model_validate(outcome) for outcome in outcomes]
    shown = [one for one in every if not one.smooth] if len(every) > LONG else every
    rows = [(one.name, one.fate.value, one.section, one.title, one.reason) for one in shown]
    output.table("来稿", ("文件", "结果", "栏目", "标题", "说明"), rows)
    if len(shown) < len(every):
        counts = Counter(one.fate.value for one in every if one.smooth)
        output.say(
            "另有" + "，".join(f"{fate} {count} 件（篇）" for fate, count in counts.items()) + "，逐件情况见 --json"
        )


def show_result(result: dict[str, Any]) -> None:
    """The draft as people want to hear of it."""
    show_outcomes(result["outcomes"])
    for section in result["sections"]:
        output.say(f"【{section['name']}】")
        for place, entry in enumerate(section["entries"], 1):
            output.say(f"  {place}. {entry['title']}" + (f"（{entry['unit']}）" if entry["unit"] else ""))
    counts = f"刊用 {len(result['articles'])} 篇，备用 {len(result['spare'])} 篇，重复 {len(result['duplicates'])} 篇"
    counts += f"，待定 {len(result['pending'])} 篇" if result["pending"] else ""
    counts += f"，不采用 {len(result['rejected'])} 篇，未能读取 {len(result['failed'])} 件"
    output.say(counts)
    for message in result["messages"]:
        output.say(message)
    output.say(f"{result['label']} {result['state']}：{result['docx']}")


@issue_app.command("list")
def list_drafts(as_json: bool = typer.Option(False, "--json", help="每期输出一行 JSON。")) -> None:
    """尚未签发的草稿。"""
    from services.context import office
    from services.issuing import drafts

    with office(state.settings()) as opened:
        records = drafts(opened)
    if as_json:
        output.print_json(records)
    else:
        rows = [(r["label"], r["period"], r["date"], r["articles"]) for r in records]
        output.table("草稿", ("期号", "期次", "日期", "篇数"), rows)
        if not rows:
            output.say("没有草稿。")


@issue_app.command("sign")
def sign(
    number: int = typer.Argument(..., metavar="期号"),
    by: str = typer.Option("", "--by", metavar="姓名", help="签发人。"),
    series: Series = typer.Option(Series.REGULAR, "--series", help="正刊或增刊。"),
) -> None:
    """签发：此后编号和内容不再变动。"""
    from services.context import office
    from services.issuing import sign_issue

    with office(state.settings()) as opened:
        record = sign_issue(opened, number, series, by)
    output.say(f"{record['label']} 已签发，存入归档（{record['sha256'][:12]}）。")


@issue_app.command("discard")
def discard(
    number: int = typer.Argument(..., metavar="期号"),
    series: Series = typer.Option(Series.REGULAR, "--series", help="正刊或增刊。"),
) -> None:
    """作废草稿：稿件退回稿库，期号留给下一份草稿。"""
    from services.context import office
    from services.issuing import discard_issue

    with office(state.settings()) as opened:
        record = discard_issue(opened, number, series)
    output.say(f"{record['label']} 的草稿已作废，{record['articles']} 篇稿件退回稿库。")


@issue_app.command("correct")
def correct(
    number: int = typer.Argument(..., metavar="期号"),
    file: Path = typer.Argument(
        ..., metavar="整期.json", help="改正后的整期数据（由 archive export --format json 得到）。"
    ),
    reason: str = typer.Option(..., "--reason", metavar="原因", help="为什么更正。"),
    by: str = typer.Option("", "--by", metavar="姓名", help="更正人。"),
    series: Series = typer.Option(Series.REGULAR, "--series", help="正刊或增刊。"),
) -> None:
    """更正已签发的一期：另立修订版，原版保留。"""
    from services.context import office
    from services.issuing import correct_issue

    with office(state.settings()) as opened:
        record = correct_issue(opened, number, series, file.read_bytes(), reason, by)
    output.say(f"{record['label']} 已更正为第 {record['revision']} 次修订，原版仍在归档中。")
