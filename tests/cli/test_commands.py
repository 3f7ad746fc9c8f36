"""The command line as a person or a script meets it: exit codes, Chinese messages, the JSON contract."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

SAMPLES = ROOT / "data" / "samples"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bulletin(tmp_path: Path) -> Run:
    """A function that runs the command in a home of its own: bulletin("archive", "list")."""

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cli.main", "--home", str(tmp_path / "home"), *words]
        return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=300, check=False)

    return run


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
        (("compile", "--number", "三"), "不对"),
    ],
)
def test_wrong_usage_is_told_in_chinese_with_exit_code_2(bulletin: Run, words: tuple[str, ...], said: str) -> None:
    done = bulletin(*words)
    assert done.returncode == 2
    assert said in done.stderr


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
    verdicts = lines(bulletin("classify", "--json", stdin=stdin))
    assert [(v["id"], v["section"]) for v in verdicts] == [("a", "学习动态"), ("b", "学习动态")]
    assert all(0 <= v["confidence"] <= 1 and v["reasons"] for v in verdicts)
    likenesses = lines(bulletin("dedupe", "--json", stdin=stdin))
    assert [(one["id"], one["duplicate_of"]) for one in likenesses] == [("a", None), ("b", "a")]


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
