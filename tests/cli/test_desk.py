"""`bulletin desk` and `bulletin account`: the first administrator is made, the desk starts and lets him in."""

import json
import socket
import subprocess
from pathlib import Path

import pytest
import requests

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
