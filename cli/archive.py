"""Commands on the archive: list, search, export, import."""

from datetime import MAXYEAR
from pathlib import Path

import typer

from bulletin.model import Series
from cli import output
from cli.app import App
from cli.flowing import absolute, run_flow
from cli.state import state
from services.requests import ExportRequest, Product

archive_app = App(help="往期简报：列表、搜索、取回、导入。")


def register(app: App) -> None:
    app.add_typer(archive_app, name="archive")


@archive_app.command("list")
def list_issues(
    year: int = typer.Option(None, "--year", metavar="年份", min=1, max=MAXYEAR, help="只看这一年。"),
    as_json: bool = typer.Option(False, "--json", help="每期输出一行 JSON。"),
) -> None:
    """已签发和已导入的各期。"""
    from services.archives import list_issues as list_
    from services.context import office

    with office(state.settings()) as opened:
        records = list_(opened, year)
    if as_json:
        output.print_json(records)
        return
    rows = [
        (r["label"], r["date"], "导入" if r["imported"] else r["signed_by"] or "签发", r["sha256"][:12])
        for r in records
    ]
    output.table("归档", ("期号", "日期", "来历", "校验"), rows)
    if not rows:
        output.say("归档还是空的：用 bulletin archive import 导入往期，或用 bulletin compile 编出第一期。")


@archive_app.command("search")
def search(
    query: str = typer.Argument(..., metavar="词语", help="要找的词，多个词用空格隔开。"),
    limit: int = typer.Option(20, "--limit", metavar="条数", min=1, help="最多列出多少条。"),
    as_json: bool = typer.Option(False, "--json", help="每条输出一行 JSON。"),
) -> None:
    """在往期里全文搜索。"""
    from services.archives import search_issues
    from services.context import office

    if not query.strip():
        raise typer.BadParameter("是空的，请写要找的词", param_hint="参数 词语")
    with office(state.settings()) as opened:
        records = search_issues(opened, query, limit)
    if as_json:
        output.print_json(records)
        return
    for record in records:
        output.say(f"{record['label']}　{record['title']}　{record['unit']}")
        for passage in record["passages"]:
            output.say(f"    …{passage}…")
    if not records:
        output.say(f"没有找到“{query}”。")


@archive_app.command("export")
def export(
    numbers: str = typer.Argument(..., metavar="期号", help="如 455，或 450-456，或 450,452-454。"),
    out: Path = typer.Option(Path(), "--out", metavar="文件夹", help="写到哪里；不写为当前文件夹。"),
    form: Product = typer.Option(Product.DOCX, "--format", help="格式。"),
    as_zip: bool = typer.Option(False, "--zip", help="打成一个 ZIP 包，附清单。"),
    series: Series = typer.Option(Series.REGULAR, "--series", help="正刊或增刊。"),
    as_json: bool = typer.Option(False, "--json", help="每期输出一行 JSON。"),
) -> None:
    """取回往期：DOCX 与归档时逐字节相同，也可取 PDF、网页、文本或数据。"""
    from services.archives import export_issues, missing
    from services.context import office

    request = ExportRequest(numbers=numbers, out=str(out.absolute()), form=form, zip=as_zip, series=series)
    with office(state.settings()) as opened:
        files = export_issues(opened, request)
    if gaps := missing(numbers, (file.number for file in files)):
        output.note(f"归档中没有的：{gaps}")
    if as_json:
        output.print_json(file.model_dump() for file in files)
        return
    for file in files:
        output.say(f"{file.label}：{file.path}")


@archive_app.command("import")
def import_issues(
    files: list[str] = typer.Argument(..., metavar="文件|文件夹", help="往期简报（DOCX、PDF、TXT 等）。"),
    as_json: bool = typer.Option(False, "--json", help="每个文件输出一行 JSON。"),
) -> None:
    """导入往期简报；读不出期号的如实列出，绝不猜测。"""
    from services.archives import import_issues as import_
    from services.context import office

    with office(state.settings()) as opened, output.progress("导入往期", quiet=as_json) as advance:
        report = import_(opened, files, advance)
    if as_json:
        output.print_json(line.model_dump() for line in report)
    else:
        rows = [
            (
                line.name,
                line.label,
                line.date,
                line.entries or "",
                line.error or "；".join(filter(None, ("已导入" if line.new else "早已在归档中", line.note))),
            )
            for line in report
        ]
        output.table("导入往期", ("文件", "期号", "日期", "篇数", "结果"), rows)
        if not rows:
            output.say(f"{'、'.join(files)} 里没有文件，没有导入。")
    raise typer.Exit(1 if any(line.error for line in report) else 0)


@archive_app.command("bring-in")
def bring_in(
    sources: list[str] = typer.Argument(..., metavar="文件|文件夹", help="历年的往期和旧稿，多少都可以。"),
    dask: str = typer.Option("", "--dask", metavar="集群", help="local、local:4、tcp://主机:8786 或 off；不写按设置。"),
    local: bool = typer.Option(False, "--local", help="不经 Prefect，直接用本机各处理器。"),
    as_json: bool = typer.Option(False, "--json", help="输出一行 JSON。"),
) -> None:
    """成批收入旧稿和往期：往期存入归档，旧稿供检索和查重，不再刊登。中断后再运行会接着做。"""
    from services.context import office
    from services.requests import BringInRequest

    paths = tuple(absolute(source) for source in sources)
    request = BringInRequest(home=state.home, publication=state.publication, sources=paths, dask=dask)
    if local:
        from services.bulk import bring_in as bring_in_here

        with office(state.settings()) as opened, output.progress("收入旧稿", quiet=as_json) as advance:
            tally = bring_in_here(opened, paths, advance).model_dump(mode="json")
    else:
        tally = run_flow("bring-in", request)
    if as_json:
        output.print_json([tally])
    else:
        output.say("，".join(f"{fate} {count}" for fate, count in tally["counts"].items()) or "没有新材料")
        output.table("未能读取", ("文件", "说明"), [(one["name"], one["reason"]) for one in tally["refused"]])
    raise typer.Exit(1 if tally["refused"] else 0)
