"""Sending over a real SMTP server and a real robot: each message at most once, whatever breaks."""

import os
import signal
import smtplib
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from bulletin.errors import StateError
from services.context import Office
from services.mailing import Mailer
from services.outgoing import Delivery, deliver, send_again, stuck
from services.queueing import MAIL, ROBOT, queue, queue_for_all
from services.robots import request_of, shortened
from services.service import SmtpServer, Webhook
from store.records import Message, MessageState
from tests.commands import command, run
from tests.conftest import ROOT
from tests.services.servers import Post, Robot, chat_robot, post_office
from tests.services.serving import FRIDAY, Clock, add_service, serving


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


@pytest.fixture
def robot() -> Iterator[Robot]:
    with chat_robot() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock, post: Post) -> Iterator[Office]:
    with serving(tmp_path / "home", clock, port=post.port) as opened:
        yield opened


def put_mail(office: Office, *addresses: str, text: str = "正文") -> None:
    sha256 = office.store.files.put(b"PK docx")
    with office.store.transaction() as unit:
        for address in addresses:
            message = Message(
                channel=MAIL,
                recipient=address,
                subject="第455期",
                text=text,
                attachments=(("简报第455期.docx", sha256),),
            )
            queue(office, unit, f"issue/455/{address}", message)


def states(office: Office) -> dict[str, MessageState]:
    with office.store.reading() as unit:
        return {one.message.recipient: one.state for one in unit.outbox.find(office.publication.key)}


def test_a_mail_arrives_whole_and_once(office: Office, post: Post) -> None:
    put_mail(office, "王处长 <a@example.org>", "b@example.org")
    assert deliver(office) == Delivery(sent=2)
    put_mail(office, "b@example.org")
    assert deliver(office) == Delivery()
    assert post.recipients() == ["a@example.org", "b@example.org"]
    mail = post.taken[0][1]
    assert (mail["Subject"], mail["From"]) == ("第455期", "编辑部 <jianbao@example.org>")
    assert mail["To"] == "王处长 <a@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    [attachment] = mail.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("简报第455期.docx", b"PK docx")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "正文"


def test_a_temporary_refusal_is_tried_again_and_a_final_one_is_not(office: Office, post: Post, clock: Clock) -> None:
    put_mail(office, "later@example.org", "never@example.org", "now@example.org")
    post.refused = {"later@example.org": "450 greylisted", "never@example.org": "550 no such user"}
    assert deliver(office) == Delivery(sent=1, later=1, failed=1)
    post.refused = {}
    assert deliver(office) == Delivery()
    clock.forward(minutes=5)
    assert deliver(office) == Delivery(sent=1)
    assert post.recipients() == ["now@example.org", "later@example.org"]
    assert states(office)["never@example.org"] is MessageState.FAILED


@pytest.mark.parametrize("address", ["b＠example.org", "李四 <李四@example.org>", "李四", ""])
def test_an_address_that_is_none_fails_that_mail_alone(office: Office, post: Post, address: str) -> None:
    put_mail(office, "a@example.org", address, "c@example.org")
    assert deliver(office) == Delivery(sent=2, failed=1)
    assert post.recipients() == ["a@example.org", "c@example.org"]
    with office.store.reading() as unit:
        [failed] = unit.outbox.find(office.publication.key, state=MessageState.FAILED)
    assert failed.error.startswith(f"邮箱地址“{address}”写得不对")


def test_a_publication_whose_name_has_lines_can_write(office: Office, post: Post) -> None:
    with office.store.transaction() as unit:
        queue(office, unit, "n", Message(channel=MAIL, recipient="a@example.org", subject="云江\n简报", text="x"))
    assert deliver(office) == Delivery(sent=1)
    assert post.taken[0][1]["Subject"] == "云江 简报"


def test_a_sender_whom_the_server_refuses_is_mended_in_the_settings(
    office: Office, post: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_mail(office, "a@example.org")
    with monkeypatch.context() as strict:
        strict.setattr("smtplib.SMTP.mail", lambda *_: (553, b"Mail from must equal authorized user"))
        assert deliver(office) == Delivery(later=1)
    clock.forward(minutes=5)
    assert deliver(office) == Delivery(sent=1)


def test_a_server_out_of_reach_is_asked_once_and_not_for_every_mail(
    office: Office, post: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_mail(office, "a@example.org", "b@example.org", "c@example.org")
    asked = []

    def refuse(_: Mailer, server: SmtpServer) -> None:
        asked.append(server.host)
        raise smtplib.SMTPAuthenticationError(535, b"authentication failed")

    with monkeypatch.context() as locked:
        locked.setattr(Mailer, "_opened", refuse)
        assert deliver(office) == Delivery(later=3)
    assert asked == ["127.0.0.1"]
    clock.forward(minutes=5)
    assert deliver(office) == Delivery(sent=3)


def test_content_refused_for_now_comes_again(office: Office, post: Post, clock: Clock) -> None:
    put_mail(office, "a@example.org")
    post.answer = lambda _: "452 disk full"
    assert deliver(office) == Delivery(later=1)
    post.answer = lambda _: None
    clock.forward(minutes=5)
    assert deliver(office) == Delivery(sent=1)


def test_a_server_that_is_down_loses_nothing_and_is_given_up_after_days(tmp_path: Path, clock: Clock) -> None:
    with serving(tmp_path / "home", clock, port=1) as office:
        put_mail(office, "a@example.org")
        assert deliver(office) == Delivery(later=1)
        clock.forward(days=6)
        assert deliver(office) == Delivery(failed=1)


def test_without_a_server_mail_waits_until_there_is_one(tmp_path: Path, clock: Clock, post: Post) -> None:
    with serving(tmp_path / "home", clock) as office:
        put_mail(office, "a@example.org")
        clock.forward(days=30)
        assert deliver(office) == Delivery(later=1)
    clock.forward(hours=1)
    with serving(tmp_path / "home", clock, port=post.port) as office:
        assert deliver(office) == Delivery(sent=1)


def test_a_line_that_breaks_after_the_content_is_never_tried_by_itself(
    office: Office, post: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_mail(office, "a@example.org", "b@example.org")

    def cut(_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr("smtplib.SMTP.data", lambda *_: cut(None))
        assert deliver(office) == Delivery(unsure=2)
    clock.forward(hours=1)
    assert deliver(office) == Delivery()
    assert len(stuck(office)) == 2
    send_again(office, stuck(office)[0].id, "管理员")
    assert deliver(office) == Delivery(sent=1)
    assert post.recipients() == ["a@example.org"]


def test_a_sent_message_cannot_be_put_back(office: Office) -> None:
    put_mail(office, "a@example.org")
    deliver(office)
    with office.store.reading() as unit:
        [record] = unit.outbox.find(office.publication.key)
    with pytest.raises(StateError):
        send_again(office, record.id, "管理员")


def test_a_lost_attachment_fails_that_mail_alone(office: Office, post: Post) -> None:
    with office.store.transaction() as unit:
        lost = Message(channel=MAIL, recipient="a@example.org", attachments=(("x.docx", "0" * 64),))
        queue(office, unit, "a", lost)
        queue(office, unit, "b", Message(channel=MAIL, recipient="b@example.org", text="x"))
    assert deliver(office) == Delivery(sent=1, failed=1)
    assert post.recipients() == ["b@example.org"]


def test_a_sender_killed_at_any_moment_mails_nobody_twice(office: Office, post: Post, clock: Clock) -> None:
    clock.now = FRIDAY  # the process below goes by the real clock; messages are due from the start
    addresses = [f"r{number}@example.org" for number in range(30)]
    put_mail(office, *addresses)
    words = command(office.settings.home, "outbox", "send")
    post.answer = lambda _: time.sleep(0.02)
    for wanted in (3, 9, 15):
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(post.taken) < wanted and process.poll() is None:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    run(office.settings.home, "outbox", "send")
    assert len(post.recipients()) == len(set(post.recipients()))
    left = states(office)
    assert set(left.values()) <= {MessageState.SENT, MessageState.SENDING}
    assert sum(state is MessageState.SENDING for state in left.values()) <= 3
    assert {address for address, state in left.items() if state is MessageState.SENT} <= set(post.recipients())


# ---------------------------------------------------------------- robots


def put_robot(office: Office, robot: Robot, kind: str = "wecom") -> None:
    add_service(office, f'[[service.webhooks]]\nname = "编辑群"\nkind = "{kind}"\nurl = "{robot.url}"')
    with office.store.transaction() as unit:
        queue(office, unit, "n", Message(channel=ROBOT, recipient="编辑群", subject="第455期草稿", text="共 9 篇"))


def test_a_robot_is_told_in_its_own_words(office: Office, robot: Robot) -> None:
    put_robot(office, robot)
    assert deliver(office) == Delivery(sent=1)
    assert robot.heard == [
        ("/robot?key=secret", {"msgtype": "text", "text": {"content": "第455期草稿\n共 9 篇"}}),
    ]


def test_of_two_robots_with_one_name_each_is_told(office: Office, robot: Robot) -> None:
    with chat_robot() as other:
        for one in (robot, other):
            add_service(office, f'[[service.webhooks]]\nname = "编辑群"\nurl = "{one.url}"')
        with office.store.transaction() as unit:
            assert queue_for_all(office, unit, "n", (), Message(channel="", recipient="", subject="第455期草稿")) == 2
        assert deliver(office) == Delivery(sent=2)
    assert (len(robot.heard), len(other.heard)) == (1, 1)
    assert set(states(office)) == {"编辑群", "编辑群（2）"}


def test_a_busy_robot_hears_it_later_and_a_refusal_is_final(office: Office, robot: Robot, clock: Clock) -> None:
    put_robot(office, robot)
    robot.answer = {"errcode": 45009, "errmsg": "api freq out of limit"}
    assert deliver(office) == Delivery(later=1)
    robot.status = 502
    clock.forward(minutes=5)
    assert deliver(office) == Delivery(later=1)
    robot.status, robot.answer = 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
    clock.forward(minutes=15)
    assert deliver(office) == Delivery(failed=1)
    with office.store.reading() as unit:
        [record] = unit.outbox.find(office.publication.key)
    assert "93000" in record.error
    assert "secret" not in record.error


def test_a_robot_that_hangs_up_may_have_heard(office: Office, robot: Robot, clock: Clock) -> None:
    put_robot(office, robot)
    robot.hang_up = True
    assert deliver(office) == Delivery(unsure=1)
    clock.forward(days=1)
    assert deliver(office) == Delivery()
    assert len(robot.heard) == 1


@pytest.mark.parametrize("url", ["qyapi.weixin.qq.com/x", "https：//qyapi.weixin.qq.com/x", "http://群..机器人/x", ""])
def test_a_robot_with_a_wrong_address_hears_it_when_that_is_mended(
    office: Office, robot: Robot, clock: Clock, url: str
) -> None:
    put_robot(office, replace(robot, url=url))
    assert deliver(office) == Delivery(later=1)
    with office.store.reading() as unit:
        [record] = unit.outbox.find(office.publication.key)
    assert "地址写得不对" in record.error
    path = office.settings.home / "publications" / "default.toml"
    path.write_text(path.read_text("utf-8").replace(f'url = "{url}"', f'url = "{robot.url}"'), "utf-8")
    office.__dict__.pop("service", None)
    clock.forward(hours=1)
    assert deliver(office) == Delivery(sent=1)


def test_a_robot_behind_a_certificate_that_is_not_trusted_has_heard_nothing(
    office: Office, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")

    put_robot(office, robot)
    monkeypatch.setattr("requests.post", refuse)
    assert deliver(office) == Delivery(later=1)


def test_signatures_are_those_of_the_makers() -> None:
    """The algorithms of 钉钉 (自定义机器人安全设置) and 飞书 (签名校验), computed here step by step."""
    import base64
    import hashlib
    import hmac
    from urllib.parse import parse_qs, urlsplit

    message = Message(channel=ROBOT, recipient="x", subject="主题", text="文字")
    hook = Webhook.model_validate(
        {"name": "x", "kind": "dingtalk", "url": "https://robot.example/send?token=1", "secret": "SEC1"}
    )
    address, _ = request_of(hook, message, FRIDAY)
    query = parse_qs(urlsplit(address).query)
    stamp = str(int(FRIDAY.timestamp() * 1000))
    wanted = base64.b64encode(hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()).decode()
    assert (query["token"], query["timestamp"], query["sign"]) == (["1"], [stamp], [wanted])
    feishu = hook.model_copy(update={"kind": "feishu"})
    _, body = request_of(feishu, message, FRIDAY)
    seconds = str(int(FRIDAY.timestamp()))
    wanted = base64.b64encode(hmac.new(f"{seconds}\nSEC1".encode(), b"", hashlib.sha256).digest()).decode()
    assert (body["timestamp"], body["sign"]) == (seconds, wanted)


@pytest.mark.parametrize("text", ["短", "长" * 5000, "a" * 1999 + "字"])
def test_a_long_text_is_cut_at_a_character(text: str) -> None:
    short = shortened(text)
    assert len(short.encode()) <= 2000
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
