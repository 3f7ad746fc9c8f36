"""`bulletin desk` and `bulletin account`: the first administrator is made, the desk starts and lets him in."""

import json
import subprocess
import sys
import time
from pathlib import Path

import requests

from tests.processes import free_port, stop

PASSWORD = "云江简报2026"


def run(home: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", "--home", str(home), *words]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)


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
    command = [sys.executable, "-m", "cli.main", "--home", str(tmp_path), "desk", "--port", str(port)]
    process = subprocess.Popen(command, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                assert requests.get(f"{address}/health", timeout=5).json()["status"] == "ok"
                break
            except requests.ConnectionError:
                assert process.poll() is None
                time.sleep(0.1)
        form = {"name": "admin", "password": PASSWORD}
        answer = requests.post(f"{address}/sign-in", data=form, timeout=20)
        assert answer.url == f"{address}/pool"
    finally:
        stop(process)
