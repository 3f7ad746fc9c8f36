"""Submissions by mail, from a real IMAP server: marked only when they are safely stored."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient  # type: ignore[import-untyped]

from bulletin.errors import FetchError
from collectors.mailbox import Mailbox
from services.context import Office
from services.intake import receive_and_read
from services.mailintake import collect_mail
from services.senders import sender_of
from services.weekly import run_weekly
from store.records import ArticleFilter
from tests.collectors.imapservers import PASSWORD, USER, pymap
from tests.services.conftest import silent
from tests.services.serving import MEETING, READING, Clock, add_service, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pymap() as number:
        yield number


@pytest.fixture
def office(tmp_path: Path, port: int) -> Iterator[Office]:
    """An office with a folder of its own on the mail server, and two mails in it."""
    folder = f"来稿{tmp_path.name}"
    with IMAPClient("127.0.0.1", port=port, ssl=False) as client:
        client.login(USER, PASSWORD)
        client.create_folder(folder)
        for unit, text in (("望河市委宣传部", MEETING), ("白塔区直机关工委", READING)):
            mail = EmailMessage()
            mail["From"] = f"{unit} <{len(text)}@example.org>"
            mail["Subject"] = "来稿"
            mail.set_content("请查收附件。")
            mail.add_attachment(text.encode(), maintype="text", subtype="plain", filename=f"{unit}.txt")
            client.append(folder, mail.as_bytes())
    with serving(tmp_path / "home", Clock()) as opened:
        add_service(
            opened,
            f'[service.mailbox]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            f'user = "{USER}"\npassword = "{PASSWORD}"\nfolder = "{folder}"',
        )
        yield opened


def titles(office: Office) -> list[str]:
    with office.store.reading() as unit:
        return sorted(row.title for row in unit.articles.find(office.publication.key, ArticleFilter()).rows)


BOTH = ["望河市委理论学习中心组举行专题学习会", "白塔区举办机关干部读书分享会"]


def test_mails_are_stored_read_and_marked(office: Office) -> None:
    assert collect_mail(office, silent) == ()
    receive_and_read(office, (), silent)
    assert titles(office) == BOTH
    assert collect_mail(office, silent) == ()
    with office.store.reading() as unit:
        receipts = unit.submissions.receipts(office.publication.key)
        parents = {record.parent for record in unit.submissions.find(office.publication.key)}
    assert len(receipts) == 2
    assert sorted(sender_of(one.origin) for one in receipts) == sorted(
        f"{len(t)}@example.org" for t in (MEETING, READING)
    )
    assert all(office.store.files.has(parent) for parent in parents), "the mail itself is kept as it came"


@pytest.mark.parametrize("moment", ["put", "receive", "mark"])
def test_a_mail_fetch_that_dies_loses_nothing_and_doubles_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    where = {
        "put": "store.archive.FolderFiles.put",
        "receive": "store.submissions.Submissions.receive",
        "mark": "collectors.mailbox.Mailbox.mark",
    }[moment]
    with monkeypatch.context() as dying:
        dying.setattr(where, _die)
        with pytest.raises(SystemExit):
            collect_mail(office, silent)
    assert office.service.mailbox is not None
    with Mailbox(office.service.mailbox) as mailbox:
        assert len(list(mailbox.fetch_mail())) == 2, "nothing is marked before it is stored"
    collect_mail(office, silent)
    receive_and_read(office, (), silent)
    assert titles(office) == BOTH
    with office.store.reading() as unit:
        assert len(unit.submissions.receipts(office.publication.key)) == 2


def test_a_mail_that_the_server_does_not_hand_over_is_told_and_asked_for_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = Mailbox._fetch

    def damaged(mailbox: Mailbox, client: IMAPClient, uid: int) -> object:
        return FetchError("邮箱服务器给不出这封邮件") if uid == first else fetch(mailbox, client, uid)

    assert office.service.mailbox is not None
    with Mailbox(office.service.mailbox) as mailbox:
        first = next(uid for uid, _ in mailbox.fetch_mail())
    with monkeypatch.context() as broken:
        broken.setattr(Mailbox, "_fetch", damaged)
        [outcome] = collect_mail(office, silent)
    assert outcome.reason.startswith("邮箱服务器给不出")
    with Mailbox(office.service.mailbox) as mailbox:
        assert [uid for uid, _ in mailbox.fetch_mail()] == [first]


def test_a_mailbox_that_does_not_let_us_in_is_an_outcome(office: Office) -> None:
    path = office.settings.home / "publications" / "default.toml"
    path.write_text(path.read_text("utf-8").replace(f'"{PASSWORD}"', '"wrong"'), "utf-8")
    office.__dict__.pop("service", None)
    [outcome] = collect_mail(office, silent)
    assert (outcome.name, outcome.lost) == (f"收稿邮箱 {USER}@127.0.0.1", True)
    assert outcome.reason.startswith("邮箱用户名或密码不对；请检查设置")


def _die(*_: object, **__: object) -> None:
    raise SystemExit(9)


def test_the_weekly_run_collects_the_mail(office: Office) -> None:
    report = run_weekly(office, silent)
    assert report is not None
    assert report.result is not None
    assert sorted(line.title for line in report.result.articles) == BOTH
