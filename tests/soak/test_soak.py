"""Kill -9 at random points: nothing lost, nothing doubled."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collectors.imapservers import pymap
from tests.services.servers import Post, post_office
from tests.soak.campaign import Campaign

pytestmark = pytest.mark.slow


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        # A mail takes a while, so that a sender can be met in the middle of one.
        running.answer = lambda _: time.sleep(0.03)
        yield running


@pytest.fixture
def imap() -> Iterator[int]:
    with pymap() as port:
        yield port


def fight(home: Path, post: Post, imap: int, *, kills: int, seed: int) -> Campaign:
    campaign = Campaign(home, post, imap, random.Random(seed))
    campaign.open()
    campaign.go(kills)
    campaign.finish()
    campaign.compare()
    return campaign


def test_a_few_kills_lose_and_double_nothing(tmp_path: Path, post: Post, imap: int) -> None:
    campaign = fight(tmp_path / "home", post, imap, kills=4, seed=7)
    assert sum(campaign.kills.values()) >= 4


@pytest.mark.soak
def test_fifty_kills(tmp_path: Path, post: Post, imap: int) -> None:
    seed = time.time_ns() % 1_000_000
    campaign = fight(tmp_path / "home", post, imap, kills=50, seed=seed)
    print(f"seed {seed}: {dict(campaign.kills)}, {len(campaign.sent_in)} submissions, {len(post.taken)} mails")
    assert sum(campaign.kills.values()) >= 50
