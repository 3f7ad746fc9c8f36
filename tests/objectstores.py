"""A real S3 server on this machine, in memory, for the tests that keep files there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.tools import require_module


@dataclass(frozen=True)
class ObjectStore:
    """An empty bucket."""

    address: str
    options: dict[str, Any] = field(repr=False)


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """A bucket on a server of our own."""
    s3fs = require_module("s3fs")
    server = require_module("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        options = {"endpoint_url": f"http://{host}:{port}", "key": "bulletin", "secret": "bulletin"}
        bucket = f"offices-{uuid4().hex[:12]}"  # the server's memory outlives it in this process
        s3fs.S3FileSystem(**options, skip_instance_cache=True).mkdir(bucket)
        yield ObjectStore(f"s3://{bucket}/yunjiang", options)
    finally:
        server.stop()
