"""Commands for the second product and for house styles: collection, style learn."""

from pathlib import Path

import typer

from cli import output
from cli.app import App
from cli.state import state

style_app = App(help="版式。")


def register(app: App) -> None:
    app.command("collection")(collection)
    app.add_typer(style_app, name="style")


def collection(
    title: str = typer.Argument(..., metavar="书名", help="封面上的书名；空格处分行。"),
    out: Path = typer.Option(Path(), "--out", metavar="文件夹", help="写到哪里；不写为当前文件夹。"),
    numbers: str = typer.Option("", "--issues", metavar="期号", help="收入这些期的文章，如 450-456。"),
    query: str = typer.Option("", "--search", metavar="词语", help="收入归档里含有这些词的文章。"),
    articles: list[str] = typer.Option([], "--article", metavar="编号", help="收入稿库里的这些稿件，可写多次。"),
) -> None:
    """文稿汇编：把若干期、一次搜索或指定的文章编成一册，有封面和带页码的目录。"""
    from services.context import office
    from services.files import write_whole
    from services.products import collect, collected, collection_file

    name = collection_file(title)
    with office(state.settings()) as opened:
        entries = collected(opened, numbers, query, articles)
        printed = collect(opened, title, entries)
    path = write_whole(out / name, printed.docx)
    output.say(f"《{title}》收文 {len(entries)} 篇，{printed.page_count} 页：{path}")


@style_app.command("learn")
def learn(
    file: Path = typer.Argument(..., metavar="往期.docx", help="本单位已有的一期简报。", exists=True, dir_okay=False),
    out: Path = typer.Option(None, "--out", metavar="文件", help="写到这个文件；不写则显示。"),
) -> None:
    """由已有的一期简报提出版式建议（纸张、边距、字体、字号），供核对后使用。"""
    from services.context import office
    from services.files import write_whole
    from services.products import propose_style

    with office(state.settings()) as opened:
        proposed = propose_style(opened, file)
        folder = opened.settings.home / "styles"
    if out is None:
        output.say(proposed.rstrip())
        output.note(f'满意的话存为 {folder}/名称.toml，并在刊物文件里写 style = "名称"。')
    else:
        output.say(f"已写入 {write_whole(out, proposed.encode())}")
