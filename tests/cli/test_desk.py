"""`bulletin desk` and `bulletin account`: the first administrator is made, the desk starts and lets him in."""

import json
import socket
import subprocess
from pathlib import Path

import pytest
import requests

from services.setup import SetupRequest, set_up
from tests.commands import command, run
from tests.conftest import ROOT
from tests.processes import START, free_port, stop, wait_for_port

PASSWORD = "云江简报2026"


def test_accounts_are_made_listed_and_disabled(tmp_path: Path) -> None:
    added = run(tmp_path, "account", "add", "Admin", "--role", "管理", "--password-stdin", given=f"{PASSWORD}\n")
    assert (added.returncode, added.stdout) == (0, "已建立管理账号 admin\n")
    run(tmp_path, "account", "add", "liu", "--person", "刘编", "--password-stdin", given=f"{PASSWORD}\n")
    listed = [json.loads(line) for line in run(tmp_path, "account", "list", "--json").stdout.splitlines()]
    assert [(one["name"], one["role"]) for one in listed] == [("admin", "administrator"), ("liu", "editor")]
    assert PASSWORD not in json.dumps(listed)
    assert run(tmp_path, "account", "disable", "liu").returncode == 0
    refused = run(tmp_path, "account", "disable", "admin")
    assert (refused.returncode, "至少要留一个" in refused.stderr) == (1, True)
    assert run(tmp_path, "account", "add", "wu", "--role", "主编", "--password-stdin").returncode == 2


def test_the_desk_starts_and_lets_the_administrator_in(tmp_path: Path) -> None:
    run(tmp_path, "account", "add", "admin", "--role", "管理", "--password-stdin", given=f"{PASSWORD}\n")
    port = free_port()
    process = subprocess.Popen(command(tmp_path, "desk", "--port", str(port)), cwd=ROOT, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_port(port, process)
        assert requests.get(f"{address}/health", timeout=START).json()["status"] == "ok"
        form = {"name": "admin", "password": PASSWORD}
        answer = requests.post(f"{address}/sign-in", data=form, timeout=START)
        assert answer.url == f"{address}/pool"
    finally:
        stop(process)


def test_a_desk_whose_only_publication_is_broken_says_which_file_and_line(tmp_path: Path) -> None:
    file = break_main(tmp_path)
    done = run(tmp_path, "desk", "--port", str(free_port()))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{file}：写法有误：第 1 行" in done.stderr
    assert "bulletin doctor" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_desk_whose_main_publication_is_broken_serves_the_others_and_says_why(tmp_path: Path) -> None:
    for key, name in (("default", "云江"), ("shi", "望河")):
        set_up(tmp_path, SetupRequest(key=key, name=f"{name} 简报", issuer=f"{name}市某办公室"))
    for words in (("shi", "--only", "shi"), ("all",)):
        run(tmp_path, "account", "add", *words, "--password-stdin", given=f"{PASSWORD}\n")
    file = break_main(tmp_path)
    port = free_port()
    log = tmp_path / "desk.log"
    with log.open("wb") as out:
        words = command(tmp_path, "desk", "--port", str(port))
        process = subprocess.Popen(words, cwd=ROOT, start_new_session=True, stderr=out)
    address = f"http://127.0.0.1:{port}/sign-in"
    try:
        wait_for_port(port, process)
        let_in = requests.post(address, data={"name": "shi", "password": PASSWORD}, timeout=START)
        told = requests.post(address, data={"name": "all", "password": PASSWORD}, timeout=START)
    finally:
        stop(process)
    assert (let_in.status_code, let_in.url.rpartition("/")[2], "望河" in let_in.text) == (200, "pool", True)
    assert (told.status_code, str(file) in told.text) == (422, True)
    assert f"{file}：写法有误：第 1 行" in log.read_text("utf-8")


def break_main(home: Path) -> Path:
    """The file of the main publication, as somebody left it."""
    file = home / "publications" / "default.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("name = “云江”", "utf-8")
    return file


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("127.0.0.1", 0, "端口已被占用"),
        ("203.0.113.9", 8455, "不能监听这个地址"),
        ("没有.invalid", 8455, "不能监听这个地址"),
        ("127.0.0.1", 99999, "没有这个端口"),
    ],
)
def test_where_nothing_can_listen_is_told_in_chinese(tmp_path: Path, host: str, port: int, said: str) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        done = run(tmp_path, "desk", "--host", host, "--port", str(port or busy.getsockname()[1]))
    assert (done.returncode, said in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
    assert "rror" not in done.stderr
