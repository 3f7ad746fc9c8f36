"""`bulletin weekly` and `bulletin outbox` over a whole installation."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.context import office
from services.queueing import MAIL, queue
from services.settings import read_settings
from services.setup import SetupRequest, set_up
from store.records import Message
from tests.commands import printed, run
from tests.services.servers import Post, post_office
from tests.services.serving import MEETING, READING, smtp

pytestmark = pytest.mark.slow


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, post: Post) -> Path:
    """Two publications, both due today, whatever day the tests run on."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    for key, text in (("default", MEETING), ("shi", READING)):
        answers = {"key": key, "name": f"云江{key} 简报", "issuer": "云江省某办公室", "weekday": today.isoweekday()}
        more = {"editors": [f"{key}@example.org"], "smtp": smtp(post.port)}
        inbox = set_up(tmp_path / "home", SetupRequest.model_validate(answers | more)).inbox
        (inbox / "a.txt").write_text(text, "utf-8")
    path = tmp_path / "home" / "settings.toml"
    path.write_text(path.read_text("utf-8").replace("# days_on = []", f'days_on = ["{today}"]'), "utf-8")
    return tmp_path / "home"


def bulletin(home: Path, *words: str) -> tuple[int, list[dict[str, object]], str]:
    done = run(home, *words, "--json")
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_every_publication_gets_its_week_once(home: Path, post: Post) -> None:
    code, lines, _ = bulletin(home, "weekly")
    assert code == 0
    assert [(line["publication"], line["state"]) for line in lines] == [("default", "done"), ("shi", "done")]
    assert bulletin(home, "weekly") == (0, [], "")
    assert sorted(post.recipients()) == ["default@example.org", "shi@example.org"]
    _, messages, _ = bulletin(home, "--publication", "shi", "outbox", "list")
    assert [(one["state"], one["publication"]) for one in messages] == [("sent", "shi")]


def test_one_broken_publication_does_not_stop_the_other(home: Path) -> None:
    (home / "publications" / "shi.toml").write_text("name = ", "utf-8")
    code, lines, error = bulletin(home, "weekly")
    assert code == 1
    assert [line["publication"] for line in lines] == ["default"]
    assert "shi" in error


def test_one_broken_publication_does_not_hold_up_the_mail_of_the_other(home: Path, post: Post) -> None:
    with office(read_settings(home), "shi") as opened, opened.store.transaction() as unit:
        queue(opened, unit, "x", Message(channel=MAIL, recipient="shi@example.org", subject="第1期", text="正文"))
    (home / "publications" / "default.toml").write_text("name = ", "utf-8")
    code, [sent], error = bulletin(home, "outbox", "send")
    assert (code, sent["sent"]) == (1, 1)
    assert post.recipients() == ["shi@example.org"]
    assert "default.toml" in error


def test_sending_says_what_failed(home: Path, post: Post) -> None:
    post.refused = {"default@example.org": "550 no such user"}
    code, _, _ = bulletin(home, "weekly")
    assert code == 0
    _, [message], _ = bulletin(home, "outbox", "list")
    assert (message["state"], "550" in str(message["error"])) == ("failed", True)
    post.refused = {}
    printed(home, "outbox", "again", str(message["id"]), "--by", "管理员")
    assert bulletin(home, "outbox", "send")[1] == [{"sent": 1, "later": 0, "failed": 0, "unsure": 0}]
