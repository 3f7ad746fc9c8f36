"""Real servers on the loopback interface: SMTP (aiosmtpd) and a chat robot (HTTP)."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes import START, free_port

Answer = Callable[[Envelope], str | None]


@dataclass
class Post:
    """What the mail server took, and what it answers."""

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answer: Answer = lambda _envelope: None
    """Called after the content has come: None takes the mail; a reply refuses it; it may also raise."""
    refused: dict[str, str] = field(default_factory=dict)
    """Reply to RCPT TO, by address."""

    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]


class _Handler:
    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.post.refused.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if refusal := self.post.answer(envelope):
            return refusal
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.post.taken += [(address, mail) for address in envelope.rcpt_tos]
        return "250 OK"


@contextmanager
def post_office() -> Iterator[Post]:
    """A running mail server."""
    post = Post()
    controller = Controller(_Handler(post), hostname="127.0.0.1", port=free_port(), ready_timeout=START)
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


@dataclass
class Robot:
    """What the chat robot was told, and what it answers."""

    url: str = ""
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    hang_up: bool = False
    """Take the message and close the line without an answer."""


@contextmanager
def chat_robot() -> Iterator[Robot]:
    """A running web server that behaves as a chat robot."""
    robot = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            robot.heard.append((self.path, json.loads(body)))
            if robot.hang_up:
                self.close_connection = True
                return
            answer = json.dumps(robot.answer).encode()
            self.send_response(robot.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    robot.url = f"http://127.0.0.1:{server.server_address[1]}/robot?key=secret"
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()
