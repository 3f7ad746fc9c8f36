"""Real IMAP servers on the loopback interface: pymap keeps only system flags, Dovecot keeps keywords."""

import getpass
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import free_port, wait_for_port
from tests.tools import require

USER, PASSWORD = "demouser", "demopass"

_DOVECOT = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
listen = 127.0.0.1
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@contextmanager
def pymap() -> Iterator[int]:
    """The port of a running pymap; it need not be on the PATH, only in this environment."""
    own = Path(sys.executable).with_name("pymap")
    program = str(own) if own.exists() else require("pymap")
    port = free_port()
    command = [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    command += ["--no-service", "admin", "--no-service", "managesieve", "dict", "--demo-data"]
    with _running(command, port):
        yield port


@contextmanager
def dovecot() -> Iterator[int]:
    """The port of a running Dovecot."""
    program = require("dovecot")
    root = os.geteuid() == 0
    me = getpass.getuser()
    port = free_port()
    # Dovecot refuses to let users in as root, so its own accounts step in; they must reach the folder.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        (folder / "mail").chmod(0o777)
        group = "root" if root else str(os.getegid())
        text = _DOVECOT.format(
            folder=folder, owner=me, group=group, login="dovenull" if root else me, port=port, password=PASSWORD,
            mail="nobody" if root else os.geteuid(), mail_group="nogroup" if root else os.getegid(),
        )  # fmt: skip
        (folder / "dovecot.conf").write_text(text)
        with _running([program, "-F", "-c", str(folder / "dovecot.conf")], port):
            yield port


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
