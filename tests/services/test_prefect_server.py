"""What a server of Prefect's that is too busy to answer makes of a question."""

import json
import socket
import struct
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from services import prefect_server

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: closing the connection resets it."""


class Busy(BaseHTTPRequestHandler):
    """Knows one deployment, and drops the first request for a run of it."""

    asked: list[dict[str, object]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.path.endswith("/create_flow_run"):
            self._answer([{"id": "7", "name": "manual"}])
            return
        self.asked.append(body)
        if len(self.asked) == 1:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.connection.close()
            self.close_connection = True
        else:
            self._answer({"id": "a run"})

    def _answer(self, found: object) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, object]]]:
    """The requests for runs that the server has seen."""
    seen: list[dict[str, object]] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Busy,), {"asked": seen})) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{server.server_port}/api")
        yield seen
        server.shutdown()


def test_a_dropped_request_for_a_run_is_made_again_and_is_the_same_run(asked: list[dict[str, object]]) -> None:
    assert prefect_server.start("manual", {"request": {}}) == "a run"
    one, other = asked
    assert one == other
    assert one["idempotency_key"]
