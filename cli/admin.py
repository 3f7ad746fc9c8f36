"""Commands for the administrator: doctor, train, evaluate."""

import typer

from cli import output
from cli.app import App
from cli.state import state


def register(app: App) -> None:
    app.command("doctor")(doctor)
    app.command("tidy", hidden=True)(tidy)
    app.command("train")(train)
    app.command("evaluate")(evaluate)


def doctor(as_json: bool = typer.Option(False, "--json", help="每项输出一行 JSON。")) -> None:
    """检查字体、LibreOffice、数据库、磁盘等，说明缺什么、怎么补。"""
    from services.doctor import examine

    checks = examine(state.settings())
    if as_json:
        output.print_json(check.model_dump() for check in checks)
    else:
        marks = {"good": "✓", "note": "!", "bad": "✗"}
        rows = [(marks[check.state], check.name, check.finding, check.advice) for check in checks]
        output.table("检查", ("", "项目", "情况", "怎么办"), rows)
    raise typer.Exit(1 if any(check.state == "bad" for check in checks) else 0)


def tidy(worker: str = typer.Option(..., "--worker", metavar="名称", help="worker 的名称。")) -> None:
    """worker 启动之前：把同名的 worker 中断时留下的运行记为中断，通知管理员，放出它们占着的位置。"""
    from services.interruptions import close_interrupted
    from services.prefect_server import address

    if address():
        for name in close_interrupted(state.settings(), worker):
            output.say(f"运行 {name} 已记为中断")


def train() -> None:
    """用随附的例文和编辑的改正重新训练分栏模型。"""
    from services.context import office
    from services.retraining import train_publication

    with office(state.settings()) as opened, output.progress("训练") as advance:
        advance(0, 1, "训练分栏模型")
        report = train_publication(opened)
    output.say(f"用 {report.examples} 篇例文和 {report.corrections} 处编辑改正训练完毕，模型存于 {report.path}。")


def evaluate(as_json: bool = typer.Option(False, "--json", help="输出一行 JSON。")) -> None:
    """分栏准确程度：各栏得分和混淆表（交叉检验）。"""
    from services.context import office
    from services.retraining import evaluate_publication

    with office(state.settings()) as opened, output.progress("检验") as advance:
        report = evaluate_publication(opened, lambda done, total: advance(done, total, "交叉检验"))
    if as_json:
        output.print_json([report.model_dump(mode="json")])
        return
    rows = [(r.section, f"{r.precision:.3f}", f"{r.recall:.3f}", f"{r.f1:.3f}", r.count) for r in report.sections]
    output.table("各栏", ("栏目", "查准", "查全", "F1", "篇数"), rows)
    output.table("混淆表（行：应为；列：判为）", ("", *report.labels), report.confusion_rows())
    output.say(f"准确率 {report.accuracy:.3f}，宏平均 F1 {report.macro_f1:.3f}")
