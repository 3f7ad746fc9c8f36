"""Commands that a service runs: weekly, and the outbox."""

import typer

from bulletin.errors import BulletinError
from cli import output
from cli.app import App
from cli.state import state

MOST_ID = 2**31 - 1
"""Beyond it a database has no number."""

outbox_app = App(help="待发消息：通知、回告、发刊。")


def register(app: App) -> None:
    app.command("weekly")(weekly)
    app.add_typer(outbox_app, name="outbox")


def weekly(as_json: bool = typer.Option(False, "--json", help="每种刊物输出一行 JSON。")) -> None:
    """每天运行一次：出刊日收稿、编草稿、通知编辑，其余日子什么也不做。

    不写 --publication 时，本安装的每种刊物都看一遍。
    """
    from services.context import office
    from services.outgoing import deliver
    from services.weekly import run_weekly

    settings = state.settings()
    failed = False
    for key in _keys():
        report, sent = None, None
        try:
            with office(settings, key) as opened, output.progress("每周编期", quiet=as_json) as advance:
                try:
                    report = run_weekly(opened, advance)
                finally:
                    sent = deliver(opened)
        except Exception as error:
            # The other publications of the installation do not wait for this one's repair.
            output.fail(f"{key}：{error}")
            failed = True
            continue
        if as_json:
            output.print_json([report.model_dump(mode="json") | {"delivery": sent.model_dump()}] if report else [])
        else:
            said = (
                "；".join(filter(None, (report.result.label if report.result else "", report.message)))
                if report
                else ""
            )
            what = f"{report.period} {said}" if report else "今天无事"
            output.say(f"{key}：{what}；发出消息 {sent.sent} 条")
    raise typer.Exit(1 if failed else 0)


def _keys() -> tuple[str, ...]:
    """The publication that was named, else every one of the installation."""
    from services.settings import publication_keys

    return (state.publication,) if state.publication else publication_keys(state.settings())


@outbox_app.command("send")
def send(as_json: bool = typer.Option(False, "--json", help="输出一行 JSON。")) -> None:
    """发出各刊到期的消息；可以随时重复运行，谁也不会收到两次。"""
    from services.context import office
    from services.notices import queue_receipts
    from services.outgoing import Delivery, deliver

    settings, total, broken = state.settings(), Delivery(), False
    for key in _keys():
        try:
            with office(settings, key) as opened:
                queue_receipts(opened, final=False)
                total += deliver(opened)
        except BulletinError as error:
            # The messages of the other publications do not wait for this one's repair.
            output.fail(f"{key}：{error}")
            broken = True
    if as_json:
        output.print_json([total.model_dump()])
    else:
        output.say(
            f"发出 {total.sent} 条，稍后再试 {total.later} 条，未能发出 {total.failed} 条，不知是否送达 {total.unsure} 条"
        )
    raise typer.Exit(1 if broken or total.failed or total.unsure else 0)


@outbox_app.command("list")
def list_messages(
    number: int = typer.Option(None, "--number", metavar="期号", min=1, help="只看这一期的送达情况。"),
    stuck: bool = typer.Option(False, "--stuck", help="只看发送中断、不知是否送达的。"),
    as_json: bool = typer.Option(False, "--json", help="每条输出一行 JSON。"),
) -> None:
    """消息和送达情况，新的在前。"""
    from services.context import office
    from services.distribution import STATES, delivery
    from services.outgoing import stuck as stuck_messages

    with office(state.settings()) as opened:
        with opened.store.reading() as unit:
            issue = unit.issues.by_number(opened.publication.key, number) if number else None
            found = unit.outbox.find(opened.publication.key)
        if issue:
            found = delivery(opened, issue)
        if stuck:
            ids = {record.id for record in stuck_messages(opened)}
            found = tuple(record for record in found if record.id in ids)
        zone = opened.settings.zone
    if as_json:
        output.print_json(record.model_dump(mode="json") for record in found)
        return
    rows = [
        (
            r.id,
            STATES[r.state],
            r.message.recipient,
            r.message.subject,
            f"{r.updated.astimezone(zone):%m-%d %H:%M}",
            r.error,
        )
        for r in found
    ]
    output.table("消息", ("编号", "状态", "收件人", "主题", "时间", "说明"), rows)
    if not rows:
        output.say("没有消息。")


@outbox_app.command("again")
def again(
    id: int = typer.Argument(..., metavar="编号", min=1, max=MOST_ID, help="outbox list 里的编号。"),
    by: str = typer.Option("", "--by", metavar="姓名", help="谁决定重发。"),
) -> None:
    """重发一条失败或中断的消息（请先向收件人核实没有收到）。"""
    from services.context import office
    from services.outgoing import send_again

    with office(state.settings()) as opened:
        send_again(opened, id, by)
    output.say("已放回待发，运行 bulletin outbox send 发出。")
