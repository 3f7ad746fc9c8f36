"""The command line as a person or a script meets it: exit codes, Chinese messages, the JSON contract."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from builders.libreoffice import find_office
from cli.issues import LONG, show_result
from cli.main import app
from tests.commands import LONG as LONGEST
from tests.commands import command as words_of
from tests.commands import run
from tests.conftest import ROOT
from tests.tools import lacking

SAMPLES = ROOT / "data" / "samples"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bulletin(tmp_path: Path) -> Run:
    """A function that runs the command in a home of its own: bulletin("archive", "list")."""

    return partial(run, tmp_path / "home")


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_help_names_every_command_in_chinese(bulletin: Run) -> None:
    done = bulletin("--help")
    assert done.returncode == 0
    for command in ("extract", "compile", "issue", "archive", "classify", "dedupe", "proofread", "doctor"):
        assert command in done.stdout
    assert "编一期简报" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compile", "--numbr", "3"), "没有 --numbr 这个选项"),
        (("archive", "export"), "缺少"),
        (("nonsense",), "没有"),
        (("compile", "--number", "三"), "选项 --number 不对：请写整数"),
        (("compile", "--series", "特刊"), "只能写 正刊、增刊"),
        (("compil",), "没有 compil 这个命令，是不是 compile？（用 bulletin --help 查看写法）"),
        (("archive", "search"), "缺少参数 词语（用 bulletin archive search --help 查看写法）"),
        (("archive", "search", " "), "参数 词语不对：是空的，请写要找的词"),
        (("archive", "search", "读书", "--limit", "0"), "选项 --limit 不对：应不小于 1"),
        (("archive", "list", "--year", "99999"), "选项 --year 不对：应不大于 9999"),
        (("outbox", "again", "99999999999999999999"), "参数 编号不对：应不大于"),
        (("outbox", "list", "--number", "0"), "选项 --number 不对：应不小于 1"),
        (("doctor", "字体"), "多写了 字体（用 bulletin doctor --help 查看写法）"),
        (("issue", "correct", "455", "a.json"), "缺少选项 --reason（用"),
        (("account", "add", "wang", "--role", "主编"), "选项 --role 不对：没有“主编”这个角色"),
    ],
)
def test_wrong_usage_is_told_in_chinese_with_exit_code_2(bulletin: Run, words: tuple[str, ...], said: str) -> None:
    done = bulletin(*words)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("command", [["compile"], ["init"], ["backup"], ["archive", "list"], ["outbox", "again"], []])
def test_help_is_whole_and_without_types_of_the_language(bulletin: Run, command: list[str]) -> None:
    said = bulletin(*command, "--help").stdout
    assert "<=" not in said
    assert "int range" not in said
    assert not re.search(r"<\w+(\[\w+\])?>", said)
    assert "…" not in said


def test_a_week_without_material_says_of_each_submission_why(bulletin: Run, tmp_path: Path) -> None:
    folder = tmp_path / "来稿"
    folder.mkdir()
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "空.txt").write_bytes(b"")
    for _ in range(2):  # met again, they still cannot be read
        done = bulletin("compile", str(folder), str(tmp_path / "没有"), "--local")
        assert done.returncode == 1
        assert "坏.docx：" in done.stderr
        assert "空.txt：" in done.stderr
        assert f"{tmp_path / '没有'}：找不到这个文件或文件夹" in done.stderr


def test_a_wrong_date_is_called_by_its_name(bulletin: Run) -> None:
    done = bulletin("compile", "--local", "--date", "2026年11月20日")
    assert done.returncode == 1
    assert "日期不对：2026年11月20日" in done.stderr
    assert "2026-11-20" in done.stderr


@pytest.mark.parametrize("period", ["昨天", "2026-47", "2026-W7", "2026-W54", "２０２６-W47", "2026-W47-1"])
def test_a_period_that_is_no_week_is_refused(bulletin: Run, period: str) -> None:
    done = bulletin("compile", "--local", "--period", period)
    assert done.returncode == 1
    assert f"期次不对：{period}" in done.stderr
    assert "2026-W47" in done.stderr


@pytest.mark.parametrize("number", ["0", "-5", "99999999999999999999"])
def test_a_number_that_no_issue_has_is_called_by_its_name(bulletin: Run, number: str) -> None:
    done = bulletin("compile", "--local", "--number", number)
    assert done.returncode == 1
    assert f"期号不对：{number}（--number）（写作正整数，如 456，最多六位）" in done.stderr


@pytest.mark.parametrize(
    ("option", "value"), [("--weekday", "0"), ("--start", "0"), ("--start", "99999999999"), ("--editor", "王编辑")]
)
def test_a_wrong_answer_of_init_is_never_replaced_by_the_default(bulletin: Run, option: str, value: str) -> None:
    done = bulletin("init", "--yes", option, value)
    assert done.returncode == 1
    assert f"{option} 不对：{value}" in done.stderr


def test_init_says_how_to_go_on_in_the_folder_that_it_made(bulletin: Run, tmp_path: Path) -> None:
    said = bulletin("init", "--yes", "--key", "shi").stdout
    for command in ("compile", "doctor"):
        assert f"bulletin --home {tmp_path / 'home'} --publication shi {command}" in said


def test_a_password_is_asked_of_people_only(bulletin: Run) -> None:
    done = bulletin("account", "add", "wang", given="秘密的密码\n秘密的密码\n")
    assert done.returncode == 1
    assert done.stderr.startswith("✗ 这里不能提问密码（请加 --password-stdin")


def typed(home: Path, *words: str, answers: tuple[str, ...]) -> str:
    """What a command says to a person at a terminal who answers its questions one by one."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, words_of(home, *words))
    said, waiting = "", list(answers)
    with suppress(OSError):  # the terminal is gone when the command has ended
        while part := os.read(terminal, 4096):
            said += part.decode(errors="replace")
            if waiting and said.endswith(": "):
                os.write(terminal, f"{waiting.pop(0)}\n".encode())
    os.waitpid(child, 0)
    os.close(terminal)
    return said


def test_wrong_answers_are_asked_for_again_in_chinese(tmp_path: Path) -> None:
    words = ("--issuer", "某办公室", "--region", "云江省", "--name", "简报", "--hour", "8")
    answers = ("三百", "300", "", "", "", "", "9", "5", "", "", "", "")
    said = typed(tmp_path / "home", "init", *words, answers=answers)
    assert "请写 1 到 999999 的整数" in said
    assert "请写 1 到 7 的整数" in said
    assert "Error" not in said
    assert "start = 300" in (tmp_path / "home" / "publications" / "default.toml").read_text("utf-8")


def test_a_password_typed_differently_is_asked_for_again(tmp_path: Path) -> None:
    answers = ("云江简报2026", "云江简报2027", "云江简报2026", "云江简报2026")
    said = typed(tmp_path / "home", "account", "add", "wang", answers=answers)
    assert "两次输入的密码不一样，请重新输入" in said
    assert "已建立编辑账号 wang" in said
    assert "密码太短，至少 8 个字符（请换一个长一些的）" in typed(
        tmp_path / "home", "account", "password", "wang", answers=("123", "123")
    )


@pytest.mark.parametrize("command", ["classify", "dedupe"])
@pytest.mark.parametrize(("line", "said"), [("标题", "不是 JSON"), ("[1]", "不是一个 JSON 对象")])
def test_a_line_that_is_no_article_is_named(bulletin: Run, command: str, line: str, said: str) -> None:
    done = bulletin(command, given=f'{{"id": "1", "title": "读书", "body": "正文"}}\n\n{line}\n')
    assert done.returncode == 1
    assert f"第 3 行：{said}（每行写一篇" in done.stderr


@pytest.mark.parametrize("address", ["smtps://mail.example.cn:99999", "smtps://[mail", "ftp://mail.example.cn"])
def test_a_wrong_address_of_a_mail_server_is_called_by_its_name(bulletin: Run, address: str) -> None:
    done = bulletin("init", "--yes", "--smtp", address)
    assert done.returncode == 1
    assert f"看不懂的发信服务器：{address}" in done.stderr


def test_a_place_that_cannot_be_written_is_named(bulletin: Run, tmp_path: Path) -> None:
    (tmp_path / "文件").touch()
    done = bulletin("backup", str(tmp_path / "文件" / "备份.zip"))
    assert done.returncode == 1
    assert str(tmp_path / "文件") in done.stderr
    assert "Traceback" not in done.stderr
    assert "没有.zip：找不到这个文件" in bulletin("restore", "没有.zip").stderr


@pytest.mark.parametrize("command", [("compile", "--local"), ("intake",), ("archive", "bring-in", "--local")])
def test_an_empty_path_is_not_the_folder_one_happens_to_be_in(bulletin: Run, command: tuple[str, ...]) -> None:
    done = bulletin(*command, "")
    assert done.returncode == 1
    assert "找不到这个文件或文件夹" in done.stdout + done.stderr


def test_a_backup_needs_the_name_of_a_file(bulletin: Run) -> None:
    done = bulletin("backup", "")
    assert done.returncode == 1
    assert "这是文件夹，应当是文件" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_intake_of_nothing_says_so(bulletin: Run, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert f"{tmp_path / '空'} 里没有新的来稿。" in bulletin("intake", str(tmp_path / "空")).stdout
    assert "收稿文件夹、邮箱和网址 里没有新的来稿。" in bulletin("intake").stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_a_full_disk_is_told_though_the_system_names_no_file(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        words = words_of(tmp_path, "issue", "list")
        done = subprocess.run(words, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=LONGEST)
    assert done.returncode == 1
    assert "磁盘已满" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_libreoffice_that_fails_stops_no_issue_and_is_asked_again(bulletin: Run, tmp_path: Path) -> None:
    settings = tmp_path / "home" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text('office = "/bin/true"\n', "utf-8")
    words = ("compile", str(SAMPLES), "--date", "2026-11-20", "--local", "--json")
    [draft] = lines(bulletin(*words))
    assert any("目录页码为估算" in message for message in draft["messages"])
    settings.unlink()
    [again] = lines(bulletin(*words))
    assert again["issue"] == draft["issue"]
    if not find_office():
        lacking("LibreOffice is not installed")
    assert not any("目录页码为估算" in message for message in again["messages"])


def test_a_file_that_is_missing_or_broken_is_named_and_the_rest_is_done(bulletin: Run, tmp_path: Path) -> None:
    broken = tmp_path / "坏文件.docx"
    broken.write_bytes(b"PK\x03\x04 broken")
    good = tmp_path / "好文件.txt"
    good.write_text("某县开展读书活动\n某县委宣传部\n\n11月2日，某县开展读书活动，五十人参加。\n", "utf-8")
    done = bulletin("extract", str(broken), str(tmp_path / "没有.txt"), str(good), "--json")
    assert done.returncode == 1
    assert "坏文件.docx" in done.stderr
    assert "没有.txt" in done.stderr
    assert [line["title"] for line in lines(done)] == ["某县开展读书活动"]


def test_extract_keeps_the_contract(bulletin: Run) -> None:
    done = bulletin("extract", str(SAMPLES), "--json")
    assert done.returncode == 0, done.stderr
    records = lines(done)
    keys = [
        "source",
        "kind",
        "title",
        "subtitle",
        "unit",
        "author",
        "date",
        "keywords",
        "blocks",
        "removed",
        "warnings",
    ]
    for record in records:
        assert [key for key in keys if key not in record] == []
        assert all({"type", "text"} <= set(block) for block in record["blocks"])
        assert all({"text", "reason"} <= set(removed) for removed in record["removed"])
    assert {record["kind"] for record in records} == {"article", "plan"}
    [plan] = [record["plan"] for record in records if record["kind"] == "plan"]
    assert [row["when"] for row in plan["schedule"]] == ["2月", "4月", "7月", "10月"]
    collection = [record for record in records if record["source"].endswith("汇编.docx")]
    assert len(collection) == 3


def test_compile_keeps_the_contract_and_a_second_run_changes_nothing(bulletin: Run, tmp_path: Path) -> None:
    words = ("compile", str(SAMPLES), "--local", "--out", str(tmp_path / "out"), "--number", "456", "--json")
    [first] = lines(bulletin(*words))
    for key in ("issue", "number", "docx", "articles", "sections", "rejected", "duplicates", "failed", "seconds"):
        assert key in first
    assert first["number"] == 456
    assert Path(first["docx"]).is_file()
    assert [section["name"] for section in first["sections"]] == ["上情下达", "经验交流", "学习动态"]
    assert len(first["duplicates"]) == 1
    assert {outcome["fate"] for outcome in first["rejected"]} == {"不采用", "学习计划"}
    [second] = lines(bulletin(*words))
    assert (second["number"], second["changed"], second["docx"]) == (456, False, first["docx"])


def test_classify_and_dedupe_answer_a_line_for_a_line(bulletin: Run) -> None:
    meeting = {"id": "a", "title": "某市委理论学习中心组举行学习会", "unit": "某市委宣传部", "date": "2026-11-02"}
    meeting["body"] = "11月2日，某市委理论学习中心组举行学习会，围绕产业发展开展研讨。市委书记主持会议并讲话。"
    stdin = "".join(
        json.dumps(row, ensure_ascii=False) + "\n" for row in (meeting, meeting | {"id": "b", "title": "另题"})
    )
    verdicts = lines(bulletin("classify", "--json", given=stdin))
    assert [(v["id"], v["section"]) for v in verdicts] == [("a", "学习动态"), ("b", "学习动态")]
    assert all(0 <= v["confidence"] <= 1 and v["reasons"] for v in verdicts)
    likenesses = lines(bulletin("dedupe", "--json", given=stdin))
    assert [(one["id"], one["duplicate_of"]) for one in likenesses] == [("a", None), ("b", "a")]


def test_of_very_many_pieces_those_to_look_at_are_listed(bulletin: Run, tmp_path: Path) -> None:
    inbox = tmp_path / "many"
    inbox.mkdir()
    for number in range(LONG + 1):
        text = f"望河市第{number}中学读书\n\n11月3日，第{number}中学组织{number * 7}名教师读书。\n"
        (inbox / f"{number:03d}.txt").write_text(text, "utf-8")
    assert "000.txt" in bulletin("intake", str(inbox)).stdout
    (inbox / "坏稿.docx").write_bytes(b"PK\x03\x04 broken")
    for _ in range(2):  # met again, it still cannot be read
        again = bulletin("intake", str(inbox)).stdout
        assert "坏稿.docx" in again
        assert "000.txt" not in again
        assert f"另有已收过 {LONG + 1} 件" in again
    assert len(lines(bulletin("intake", str(inbox), "--json"))) > LONG


def test_the_summary_counts_what_waits_for_the_editors_decision(
    bulletin: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    [made] = lines(bulletin("compile", str(SAMPLES), "--local", "--json"))
    waiting = [outcome for outcome in made["outcomes"] if outcome["fate"] == "待定"]
    assert made["pending"] == waiting
    show_result(made | {"pending": made["duplicates"][:1]})
    assert "待定 1 篇，不采用" in capsys.readouterr().out


def test_two_homes_never_touch(bulletin: Run, tmp_path: Path) -> None:
    other = str(tmp_path / "other")
    bulletin("compile", str(SAMPLES), "--local", "--json")
    assert lines(bulletin("issue", "list", "--json"))
    assert lines(bulletin("issue", "list", "--json", "--home", other)) == []


def test_an_issue_comes_back_in_every_form(bulletin: Run, tmp_path: Path) -> None:
    [made] = lines(bulletin("compile", str(SAMPLES), "--local", "--json"))
    assert bulletin("issue", "sign", str(made["number"]), "--by", "签发人").returncode == 0
    for form, head in (("docx", b"PK"), ("html", b"<!DOCTYPE html>"), ("txt", b""), ("json", b"{")):
        [file] = lines(bulletin("archive", "export", "1", "--out", str(tmp_path), "--format", form, "--json"))
        assert Path(file["path"]).suffix == f".{form}"
        assert Path(file["path"]).read_bytes().startswith(head)
    [hit, *_] = lines(bulletin("archive", "search", "板凳夜话", "--json"))
    assert "板凳夜话" in "".join(hit["passages"])
    assert bulletin("collection", "学习 汇编", "--issues", "1", "--out", str(tmp_path)).returncode == 0
    assert (tmp_path / "学习汇编.docx").is_file()
    assert bulletin("archive", "export", "99").returncode == 1
    assert bulletin("collection", "学习/汇编", "--issues", "1", "--out", str(tmp_path / "册")).returncode == 0
    assert [file.name for file in (tmp_path / "册").iterdir()] == ["学习汇编.docx"]
    assert "没有写书名" in bulletin("collection", " ", "--issues", "1").stderr


def test_a_number_that_is_not_there_says_where_to_look(bulletin: Run) -> None:
    assert "bulletin issue list 看草稿" in bulletin("issue", "sign", "456").stderr
    assert "写作 450-456" in bulletin("archive", "export", "456-450").stderr


def named(group: Any, before: str = "") -> list[str]:
    """The full names of the public commands of a group."""
    found = []
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found += named(command, f"{before}{name} ")
        elif not command.hidden:
            found.append(f"{before}{name}")
    return found


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in named(get_command(app)) if f"`{name}`" not in readme] == []
