"""The mailbox against real IMAP servers on the loopback interface."""

import socket
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientError  # type: ignore[import-untyped]
from pydantic import SecretStr

from bulletin.errors import FetchError, SettingsError, TooLargeError
from bulletin.model import Channel, Submission
from collectors import mailbox
from collectors.containers import expand
from collectors.mailbox import Mailbox, MailSettings
from tests.collectors import imapservers
from tests.collectors.imapservers import PASSWORD, USER

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["pymap", "dovecot"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with getattr(imapservers, request.param)() as number:
        yield number


@pytest.fixture
def client(port: int) -> Iterator[IMAPClient]:
    """A mail program beside the collector."""
    with IMAPClient("127.0.0.1", port=port, ssl=False) as connected:
        connected.login(USER, PASSWORD)
        yield connected


@pytest.fixture
def settings(port: int, client: IMAPClient, request: pytest.FixtureRequest) -> MailSettings:
    """Settings for a folder with a Chinese name that holds three mails."""
    folder = f"来稿{abs(hash(request.node.name))}"
    client.create_folder(folder)
    for number in (1, 2, 3):
        letter = EmailMessage()
        letter["From"] = '"云溪县委办" <yx@example.test>'
        letter["Subject"] = f"第{number}篇"
        letter.set_content(f"云溪县做法之{number}。" * 60)
        client.append(folder, letter.as_bytes())
    return MailSettings(
        host="127.0.0.1", port=port, security="none", user=USER, password=SecretStr(PASSWORD), folder=folder
    )


def names(settings: MailSettings) -> list[str]:
    with Mailbox(settings) as box:
        found = [mail for _, mail in box.fetch_mail()]
    expanded = [each for mail in found if isinstance(mail, Submission) for each in expand(mail)]
    return [each.name for each in expanded if isinstance(each, Submission)]


def test_mails_come_as_submissions(settings: MailSettings) -> None:
    with Mailbox(settings) as box:
        uid, mail = next(iter(box.fetch_mail()))

    assert isinstance(mail, Submission)
    assert (mail.channel, mail.media_type) == (Channel.MAIL, "message/rfc822")
    assert mail.origin.startswith(f"imap://{USER}@127.0.0.1/{settings.folder};UIDVALIDITY=")
    assert mail.origin.endswith(f"/;UID={uid}")
    assert mail.received is not None
    assert mail.received.tzinfo is not None
    assert [(each.name, each.unit) for each in expand(mail) if isinstance(each, Submission)] == [
        ("第1篇.txt", "云溪县委办")
    ]


def test_what_is_not_marked_comes_again_and_what_is_does_not(settings: MailSettings) -> None:
    assert names(settings) == ["第1篇.txt", "第2篇.txt", "第3篇.txt"]
    with Mailbox(settings) as box:
        _, second, _ = [uid for uid, _ in box.fetch_mail()]
        box.mark(second)

    assert names(settings) == ["第1篇.txt", "第3篇.txt"]


def store_one_and_fail(settings: MailSettings) -> None:
    with Mailbox(settings) as box:
        mails = box.fetch_mail()
        box.mark(next(mails)[0])
        next(mails)
        raise RuntimeError("disk full")


def test_a_crash_before_marking_loses_nothing(settings: MailSettings) -> None:
    with pytest.raises(RuntimeError, match="disk full"):
        store_one_and_fail(settings)

    assert names(settings) == ["第2篇.txt", "第3篇.txt"]


def test_reading_leaves_mail_unread(settings: MailSettings, client: IMAPClient) -> None:
    names(settings)
    client.select_folder(settings.folder, readonly=True)

    assert len(client.search("UNSEEN")) == 3


def test_what_somebody_has_read_still_comes_where_the_server_keeps_keywords(
    settings: MailSettings, client: IMAPClient
) -> None:
    kept = client.select_folder(settings.folder)[b"PERMANENTFLAGS"]
    client.add_flags(client.search("ALL"), [rb"\Seen"])

    assert len(names(settings)) == (3 if rb"\*" in kept else 0)


def test_a_taken_mail_is_moved_where_the_settings_say_so(settings: MailSettings, client: IMAPClient) -> None:
    done = f"{settings.folder}已收"
    with Mailbox(settings.model_copy(update={"done_folder": done})) as box:
        for uid, _ in box.fetch_mail():
            box.mark(uid)

    assert names(settings) == []
    assert client.select_folder(done, readonly=True)[b"EXISTS"] == 3


def test_a_run_takes_no_more_than_its_batch(settings: MailSettings) -> None:
    assert names(settings.model_copy(update={"batch": 2})) == ["第1篇.txt", "第2篇.txt"]


def test_a_mail_too_large_is_an_error_and_the_rest_comes(
    settings: MailSettings, client: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.append(settings.folder, b"Subject: big\r\n\r\n" + b"x" * 20_000)
    monkeypatch.setattr(mailbox, "MAX_MAIL_BYTES", 10_000)
    with Mailbox(settings) as box:
        found = [type(mail) for _, mail in box.fetch_mail()]

    assert found == [Submission] * 3 + [TooLargeError]


def test_a_mail_that_the_server_cannot_read_is_an_error_and_the_rest_comes(
    settings: MailSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = IMAPClient.fetch

    def damaged(client: IMAPClient, uids: list[int], data: list[str]) -> object:
        if data == ["BODY.PEEK[]"] and uids == [second]:
            raise IMAPClientError("fetch failed: [SERVERBUG] Internal error occurred")
        return fetch(client, uids, data)

    with Mailbox(settings) as box:
        _, second, _ = [uid for uid, _ in box.fetch_mail()]
        monkeypatch.setattr(IMAPClient, "fetch", damaged)
        found = [type(mail) for _, mail in box.fetch_mail()]

    assert found == [Submission, FetchError, Submission]


def test_a_wrong_password_is_a_matter_of_settings(settings: MailSettings) -> None:
    wrong = settings.model_copy(update={"password": SecretStr("wrong")})

    with pytest.raises(SettingsError, match="密码"), Mailbox(wrong):
        pass
    assert "wrong" not in repr(wrong)


def test_a_missing_folder_is_a_matter_of_settings(settings: MailSettings) -> None:
    with pytest.raises(SettingsError, match="文件夹"), Mailbox(settings.model_copy(update={"folder": "没有"})):
        pass


def test_a_server_that_does_not_answer_is_an_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    settings = MailSettings(host="127.0.0.1", port=closed, security="none", user="a", password=SecretStr("b"))

    with pytest.raises(FetchError, match="连接邮箱失败"), Mailbox(settings):
        pass
