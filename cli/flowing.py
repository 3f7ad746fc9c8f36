"""A flow run in a process of its own: this one never loads Prefect, and the layers stay apart."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bulletin.errors import BulletinError
from cli import output
from collectors.names import is_address

START = 120
"""In seconds: what Prefect's temporary server may take to start. Its own bound of 20 is too little on a busy machine."""

TEMPORARY = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START),
    # It would report its use to Prefect's makers, and write what it reports into a database that is just being made.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
"""What holds for the temporary server where the environment says nothing else."""


def absolute(source: str) -> str:
    """A path that still holds where another process runs; an address, and an empty path that nobody meant, as it is."""
    return source if is_address(source) or not source.strip() else str(Path(source).expanduser().absolute())


def run_flow(name: str, request: BaseModel) -> dict[str, Any]:
    """The flow's result; its log goes to standard error. Raises BulletinError when it did not come to its end."""
    if not os.environ.get("PREFECT_API_URL"):
        output.note("没有设置 Prefect 服务器，使用临时服务器，启动需要几秒钟……（加 --local 可不经 Prefect）")
    with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
        answer = Path(folder) / "result.json"
        words = [sys.executable, "-m", "flows", name, request.model_dump_json(), str(answer)]
        done = subprocess.run(words, stdout=sys.stderr, env=TEMPORARY | os.environ, check=False)
        if not answer.is_file():
            raise BulletinError("Prefect 运行没有完成，原因见上", advice="可先加 --local 运行，再检查 Prefect")
        result: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    if "error" in result:
        raise BulletinError(result["error"])
    if done.returncode:
        raise BulletinError("Prefect 运行失败，原因见上")
    return result
