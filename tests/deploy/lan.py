"""The network of the guide for several machines: 10.0.0.0/24 between clean machines, with an S3 server on it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.deploy.cleanmachine import CleanMachine

HOST = "10.0.0.8"
STORE = "10.0.0.9"
STORE_PORT = 9000
BUCKET = "bulletin"
"""Addresses and names as docs/deploy-large.md has them."""


def connect(host: CleanMachine, *others: CleanMachine) -> None:
    """The machines reach one another: a bridge in the host's network, a cable to each of the others."""
    within(host, "ip", "link", "add", "lan", "type", "bridge")
    for address in (HOST, STORE):
        within(host, "ip", "address", "add", f"{address}/24", "dev", "lan")
    within(host, "ip", "link", "set", "lan", "up")
    for number, machine in enumerate(others, 11):
        cable = f"cable{number}"
        within(host, "ip", "link", "add", cable, "type", "veth", "peer", "name", "lan", "netns", str(machine.leader))
        within(host, "ip", "link", "set", cable, "master", "lan", "up")
        within(machine, "ip", "address", "add", f"10.0.0.{number}/24", "dev", "lan")
        within(machine, "ip", "link", "set", "lan", "up")


def within(machine: CleanMachine, *words: str) -> None:
    """Runs one of this computer's programs in the machine's network."""
    subprocess.run(machine.enter(*words, spaces="--net"), check=True, capture_output=True, timeout=60)


@contextmanager
def object_store(machine: CleanMachine) -> Iterator[None]:
    """An S3 server with an empty bucket, in the network of a machine."""
    words = (sys.executable, "-m", "moto.server", "--host", STORE, "--port", str(STORE_PORT))
    server = subprocess.Popen(
        machine.enter(*words, spaces="--net"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    options = f"endpoint_url='http://{STORE}:{STORE_PORT}', key='bulletin', secret='bulletin'"
    make = f"import s3fs; s3fs.S3FileSystem({options}).mkdir('{BUCKET}')"
    try:
        for attempt in range(30):
            try:
                within(machine, sys.executable, "-c", make)
                break
            except subprocess.CalledProcessError:
                assert attempt < 29
                time.sleep(1)
        yield
    finally:
        server.kill()
        server.wait()
