"""Commands on texts alone: extract, classify, dedupe, proofread. They touch no store."""

from collections.abc import Iterator
from typing import Any

import typer

from bulletin.errors import BulletinError
from bulletin.model import Article, Block, Submission
from cli import output
from cli.app import App
from cli.state import state

BATCH = 64
"""Files read in one go: enough for LibreOffice to convert many in one call, few enough to show progress."""


def register(app: App) -> None:
    app.command("extract")(extract)
    app.command("classify")(classify)
    app.command("dedupe")(dedupe)
    app.command("proofread")(proofread)


def extract(
    files: list[str] = typer.Argument(..., metavar="文件|文件夹|网址", help="要读取的来稿。", show_default=False),
    as_json: bool = typer.Option(False, "--json", help="每篇输出一行 JSON。"),
) -> None:
    """读出来稿里的每一篇：标题、单位、日期、正文，以及清理掉了什么。"""
    from services.records import piece_record

    failed = 0
    for reading in _readings(files):
        if isinstance(reading, BulletinError):
            output.fail(str(reading))
            failed += 1
            continue
        if reading.error:
            output.fail(str(reading.error))
            failed += 1
        source = reading.submission.origin or reading.submission.name
        records = [piece_record(piece, source) for piece in reading.pieces]
        if as_json:
            output.print_json(records)
        else:
            for record in records:
                _show_piece(record)
    raise typer.Exit(1 if failed else 0)


def _readings(files: list[str]) -> Iterator[Any]:
    """Readings and errors, batch by batch."""
    from services.reading import gather, read

    batch: list[Submission] = []
    with output.progress("读取来稿") as advance:
        done = 0
        for found in gather(files, state.settings()):
            done += 1
            advance(done, done)
            if isinstance(found, BulletinError):
                yield found
                continue
            batch.append(found)
            if len(batch) >= BATCH:
                yield from read(batch)
                batch = []
        yield from read(batch)


def _show_piece(record: dict[str, Any]) -> None:
    kinds = {"article": "稿件", "bulletin": "往期简报", "plan": "学习计划", "other": "其他"}
    output.say(f"【{kinds[record['kind']]}】{record['title'] or '（无标题）'}")
    facts = [record["unit"], record["author"], record["date"]]
    output.say("  " + " | ".join(fact for fact in facts if fact))
    characters = sum(len(block["text"]) for block in record["blocks"])
    output.say(
        f"  {len(record['blocks'])} 段 {characters} 字；清理 {len(record['removed'])} 处；来自 {record['source']}"
    )
    for warning in record["warnings"]:
        output.say(f"  注意：{warning}")


def article_of(record: dict[str, Any]) -> Article:
    """The article of one input line {"id","title","unit","date","body"}; its id is kept as the source."""
    from bulletin.text import find_date

    paragraphs = (line.strip() for line in str(record.get("body") or "").splitlines())
    return Article(
        source=str(record.get("id", "")),
        title=str(record.get("title") or ""),
        unit=str(record.get("unit") or ""),
        date=find_date(str(record.get("date") or "")),
        blocks=tuple(Block(text=text) for text in paragraphs if text),
    )


def classify(as_json: bool = typer.Option(False, "--json", help="输出 JSON（每篇一行）。")) -> None:
    """给稿件分栏：从标准输入逐行读 JSON（id、title、unit、date、body）。"""
    from services.readingroom import load_classifier
    from services.records import verdict_record
    from services.settings import read_publication

    settings = state.settings()
    lines = list(output.read_json_lines())
    classifier = load_classifier(settings, read_publication(settings))
    verdicts = classifier.classify([article_of(line) for line in lines])
    records = [verdict_record(str(line.get("id", "")), verdict) for line, verdict in zip(lines, verdicts, strict=True)]
    if as_json:
        output.print_json(records)
        return
    rows = [(r["id"], r["section"], f"{r['confidence']:.0%}", "；".join(r["reasons"])) for r in records]
    output.table("分栏", ("编号", "栏目", "把握", "理由"), rows)


def dedupe(as_json: bool = typer.Option(False, "--json", help="输出 JSON（每篇一行）。")) -> None:
    """查重：从标准输入逐行读 JSON（id、title、body），指出哪篇与前面哪篇重复。"""
    from services.duplicates import find_among
    from services.records import likeness_record

    lines = list(output.read_json_lines())
    identities = [str(line.get("id", "")) for line in lines]
    likenesses = find_among([article_of(line) for line in lines], identities)
    records = [likeness_record(name, likeness) for name, likeness in zip(identities, likenesses, strict=True)]
    if as_json:
        output.print_json(records)
        return
    rows = [(r["id"], r["duplicate_of"] or "—", f"{r['similarity']:.0%}", "；".join(r["reasons"])) for r in records]
    output.table("查重", ("编号", "重复于", "相似", "理由"), rows)


def proofread(
    files: list[str] = typer.Argument(..., metavar="文件", help="要校对的文件。", show_default=False),
    as_json: bool = typer.Option(False, "--json", help="每条提示输出一行 JSON。"),
) -> None:
    """校对提示：只指出疑点，从不改动原文。"""
    from services.judging import proofread_piece
    from services.records import hint_record

    failed = 0
    for reading in _readings(files):
        error = reading if isinstance(reading, BulletinError) else reading.error
        if error:
            output.fail(str(error))
            failed += 1
            continue
        source = reading.submission.origin or reading.submission.name
        records = [
            hint_record(hint, source, section, entry)
            for piece in reading.pieces
            for hint, section, entry in proofread_piece(piece)
        ]
        if as_json:
            output.print_json(records)
        else:
            rows = [(r["level"], r["text"], r["suggestion"], r["message"]) for r in records]
            output.table(source, ("程度", "原文", "建议", "说明"), rows)
            if not rows:
                output.say(f"{source}：没有发现疑点")
    raise typer.Exit(1 if failed else 0)
