"""A signed issue goes to its recipients once; every submitter is told once what became of its piece."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bulletin.errors import SettingsError
from bulletin.model import Channel, Series, Submission
from services.accounts import add_account
from services.archives import list_issues
from services.context import Office
from services.distribution import complete, delivery
from services.issuing import correct_issue, sign_issue
from services.mailintake import store_mail
from services.notices import queue_receipts
from services.outgoing import Delivery, deliver, send_again, stuck
from services.publish import compile_issue
from services.requests import CompileRequest
from services.senders import reply_address, sender_of, with_sender
from services.uploads import submit
from services.weekly import alert
from store.account_records import Account, Role
from store.records import MessageState
from tests.services.conftest import silent
from tests.services.servers import Post, post_office
from tests.services.serving import ADVERT, MEETING, READING, Clock, add_service, put, serving


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock, post: Post) -> Iterator[Office]:
    recipients = ("a@example.org", "b@example.org")
    with serving(tmp_path / "home", clock, port=post.port, recipients=recipients) as opened:
        yield opened


def letter(text: str, sender: str = "望河市委宣传部 <xc@wanghe.example>", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "jianbao@example.org"
    mail["Subject"] = "来稿"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("请查收附件。")
    mail.add_attachment(text.encode(), maintype="text", subtype="plain", filename="来稿.txt")
    return mail.as_bytes()


def send_in(office: Office, text: str, uid: int = 1, **headers: str) -> None:
    content = letter(text, **headers)
    origin = f"imap://u@host/INBOX;UIDVALIDITY=1/;UID={uid}"
    store_mail(office, Submission(name=f"{uid}.eml", content=content, channel=Channel.MAIL, origin=origin))


def compile_week(office: Office, **values: object) -> int:
    return compile_issue(office, CompileRequest.model_validate(values), silent).number


# ---------------------------------------------------------------- distribution


def test_a_recipient_who_may_not_have_the_issue_is_told_of_once(
    tmp_path: Path, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {"recipients": ("a@example.org",), "editors": ("bianji@example.org",), "admins": ("guanli@example.org",)}
    with serving(tmp_path / "home", clock, port=post.port, **people) as office:
        put(office, "a", MEETING)
        sign_issue(office, compile_week(office), Series.REGULAR, "签发人")
        for round in (1, 2):  # the second time because a person sent it again
            with monkeypatch.context() as broken:
                broken.setattr("smtplib.SMTP.data", _cut)
                assert deliver(office).unsure == 1
            for _ in range(2):
                clock.forward(minutes=30)
                deliver(office)
            assert post.recipients() == ["guanli@example.org", "bianji@example.org"] * round
            [doubtful] = stuck(office)
            body = post.taken[-1][1].get_body()
            assert body is not None
            assert f"a@example.org：云江简报第1期（编号 {doubtful.id}）" in body.get_content()
            assert "向收件人核实" in body.get_content()
            send_again(office, doubtful.id, "管理员")


def test_word_of_an_interrupted_notice_is_not_sent_in_a_circle(
    tmp_path: Path, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "home", clock, port=post.port, admins=("guanli@example.org",)) as office:
        alert(office, "x", "运行失败")
        with monkeypatch.context() as broken:
            broken.setattr("smtplib.SMTP.data", _cut)
            assert deliver(office).unsure == 1
        clock.forward(minutes=30)
        assert deliver(office) == Delivery()


def _cut(*_: object) -> None:
    raise ConnectionResetError


def test_signing_queues_the_docx_for_every_recipient(office: Office, post: Post) -> None:
    put(office, "a", MEETING)
    number = compile_week(office)
    assert deliver(office).sent == 0, "a draft goes to nobody"
    sign_issue(office, number, Series.REGULAR, "签发人")
    deliver(office)
    assert sorted(post.recipients()) == ["a@example.org", "b@example.org"]
    [archived] = list_issues(office)
    for _, mail in post.taken:
        [attachment] = mail.iter_attachments()
        assert attachment.get_content() == office.store.files.get(archived["sha256"])
        assert attachment.get_filename() == "简报第1期.docx"
    with office.store.reading() as unit:
        issue = unit.issues.by_number(office.publication.key, number)
    assert {record.state for record in delivery(office, issue)} == {MessageState.SENT}


def test_a_recipient_added_later_gets_it_and_the_others_not_again(office: Office, post: Post) -> None:
    put(office, "a", MEETING)
    number = compile_week(office)
    sign_issue(office, number, Series.REGULAR, "")
    deliver(office)
    add_service(office, "")
    path = office.settings.home / "publications" / "default.toml"
    path.write_text(path.read_text("utf-8").replace('"b@example.org"', '"b@example.org", "c@example.org"'), "utf-8")
    office.__dict__.pop("service", None)
    with office.store.reading() as unit:
        issue = unit.issues.by_number(office.publication.key, number)
    assert complete(office, issue.id) == 1
    deliver(office)
    assert sorted(post.recipients()) == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_correction_goes_out_as_one(office: Office, post: Post) -> None:
    put(office, "a", MEETING)
    number = compile_week(office)
    sign_issue(office, number, Series.REGULAR, "")
    with office.store.reading() as unit:
        content = unit.issues.by_number(office.publication.key, number).issue.model_dump_json()
    correct_issue(office, number, Series.REGULAR, content.replace("望河市委", "望河县委"), "地名有误", "编辑")
    deliver(office)
    assert (
        sorted(str(mail["Subject"]) for _, mail in post.taken) == ["云江简报第1期"] * 2 + ["云江简报第1期（更正）"] * 2
    )
    corrected = [mail for _, mail in post.taken if "更正" in str(mail["Subject"])]
    body = corrected[0].get_body(("plain",))
    assert body is not None
    assert "地名有误" in body.get_content()


def test_nothing_is_queued_for_a_signature_that_failed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    put(office, "a", MEETING)
    number = compile_week(office)
    monkeypatch.setattr("store.audit.Audit.write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sign_issue(office, number, Series.REGULAR, "")
    with office.store.reading() as unit:
        assert unit.outbox.find(office.publication.key) == ()


# ---------------------------------------------------------------- receipts


def words(post: Post, address: str) -> list[str]:
    bodies = [mail.get_body(("plain",)) for to, mail in post.taken if to == address]
    return [line[2:] for body in bodies if body for line in body.get_content().splitlines() if line.startswith("· ")]


def test_each_sender_is_told_once_what_became_of_each_piece(office: Office, post: Post, clock: Clock) -> None:
    send_in(office, MEETING, 1)
    send_in(office, ADVERT, 2)
    copy = MEETING.replace("望河市委理论学习中心组举行专题学习会\n", "望河：围绕统筹发展和安全开展学习研讨\n", 1)
    send_in(office, copy, 3, sender="转载 <news@other.example>")
    number = compile_week(office)
    queue_receipts(office, final=False)
    deliver(office)
    assert post.taken == [], "until the issue is signed an editor may change all of it"
    sign_issue(office, number, Series.REGULAR, "")
    for _ in range(3):
        queue_receipts(office, final=True)
        deliver(office)
        clock.forward(days=1)
    told = words(post, "xc@wanghe.example")
    assert len(told) == 2
    assert "《望河市委理论学习中心组举行专题学习会》：采用，刊于第1期“学习动态”" in told
    assert any(line.startswith("《2027年度《学习导刊》征订启事》：未采用（") for line in told)
    assert words(post, "news@other.example") == [
        "《望河：围绕统筹发展和安全开展学习研讨》：与已收到的稿件重复，不另刊登"
    ]


def test_a_spare_piece_is_told_again_when_it_is_printed(office: Office, post: Post, clock: Clock) -> None:
    path = office.settings.home / "publications" / "default.toml"
    text = path.read_text("utf-8").replace('name = "学习动态"\nquota = 10', 'name = "学习动态"\nquota = 1')
    path.write_text(text, "utf-8")
    from services.settings import read_publication

    office.publication = read_publication(office.settings, "default")
    send_in(office, MEETING, 1)
    send_in(office, READING, 2, sender="读书 <ds@baita.example>")
    for week in ("2026-W47", "2026-W48"):
        sign_issue(office, compile_week(office, period=week), Series.REGULAR, "")
        deliver(office)
    assert words(post, "xc@wanghe.example") == ["《望河市委理论学习中心组举行专题学习会》：采用，刊于第1期“学习动态”"]
    assert words(post, "ds@baita.example") == [
        "《白塔区举办机关干部读书分享会》：备用，留待以后各期",
        "《白塔区举办机关干部读书分享会》：采用，刊于第2期“学习动态”",
    ]


def test_what_cannot_be_read_is_told_at_once(office: Office, post: Post) -> None:
    mail = EmailMessage()
    mail["From"] = "xc@wanghe.example"
    mail.set_content("见附件")
    mail.add_attachment(b"Rar!\x1a\x07\x00x", maintype="application", subtype="x-rar", filename="稿件.rar")
    for _ in range(2):
        store_mail(
            office, Submission(name="3.eml", content=mail.as_bytes(), channel=Channel.MAIL, origin="imap://x;UID=3")
        )
    deliver(office)
    assert ["RAR 压缩包打不开" in line for line in words(post, "xc@wanghe.example")].count(True) == 1


def sign_an_issue_with_a_piece_of_the_unit(office: Office) -> None:
    """From the folder of the inbox that is named like the unit; what is due then is sent."""
    folder = office.inbox / "望河市委宣传部"
    folder.mkdir(parents=True)
    (folder / "稿.txt").write_text(MEETING, "utf-8")
    sign_issue(office, compile_week(office), Series.REGULAR, "")
    deliver(office)


def test_units_in_the_address_book_are_told(office: Office, post: Post) -> None:
    add_service(office, '[service.addresses]\n"望河市委宣传部" = "xc@wanghe.example"')
    sign_an_issue_with_a_piece_of_the_unit(office)
    assert words(post, "xc@wanghe.example") == ["《望河市委理论学习中心组举行专题学习会》：采用，刊于第1期“学习动态”"]


def contributor(office: Office, name: str, unit: str, mail: str, **more: Any) -> Account:
    return add_account(office, name, "云江简报2026", Role.CONTRIBUTOR, unit=unit, mail=mail, **more)


def test_who_uploads_is_told_at_the_address_of_the_account(office: Office, post: Post) -> None:
    add_service(office, '[service.addresses]\n"望河市委宣传部" = "all@wanghe.example"')
    one = contributor(office, "jia", "望河市委宣传部", "jia@wanghe.example")
    contributor(office, "yi", "望河市委宣传部", "yi@wanghe.example")
    submit(office, one, [("稿.txt", "text/plain", MEETING.encode())])
    submit(office, one, [("坏.rar", "application/x-rar", b"Rar!\x1a\x07\x00x"), ("空.docx", "", b"PK\x03\x04")])
    number = compile_week(office)
    queue_receipts(office, final=False)
    deliver(office)
    [refused] = words(post, "jia@wanghe.example")
    assert refused.startswith("空.docx：未能读取（")
    sign_issue(office, number, Series.REGULAR, "")
    deliver(office)
    assert words(post, "jia@wanghe.example") == [
        refused, "《望河市委理论学习中心组举行专题学习会》：采用，刊于第1期“学习动态”"
    ]  # fmt: skip
    assert post.recipients().count("jia@wanghe.example") == 2
    assert not {"yi@wanghe.example", "all@wanghe.example"} & set(post.recipients())


def test_a_unit_without_an_address_is_told_through_its_contributor(office: Office, post: Post) -> None:
    contributor(office, "bing", "望河市委宣传部", "bing@wanghe.example")
    contributor(office, "ding", "望河市委宣传部", "ding@wanghe.example", publications=("other",))
    sign_an_issue_with_a_piece_of_the_unit(office)
    assert words(post, "bing@wanghe.example") == ["《望河市委理论学习中心组举行专题学习会》：采用，刊于第1期“学习动态”"]
    assert "ding@wanghe.example" not in post.recipients()


@pytest.mark.parametrize("mail", ["没有地址", "a b@c", "a@b@c"])
def test_what_is_no_address_is_refused(office: Office, mail: str) -> None:
    with pytest.raises(SettingsError, match="邮箱"):
        contributor(office, "jia", "望河市委宣传部", mail)


def test_an_office_that_wants_no_receipts_sends_none(office: Office) -> None:
    path = office.settings.home / "publications" / "default.toml"
    path.write_text(path.read_text("utf-8").replace("# receipts = true", "receipts = false"), "utf-8")
    office.__dict__.pop("service", None)
    send_in(office, MEETING)
    sign_issue(office, compile_week(office), Series.REGULAR, "")
    assert queue_receipts(office, final=True) == 0


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "xc@wanghe.example"),
        ({"Reply_To": "zhu@wanghe.example"}, "zhu@wanghe.example"),
        ({"Auto_Submitted": "auto-replied"}, ""),
        ({"Precedence": "bulk"}, ""),
        ({"List_Id": "<x.example>"}, ""),
        ({"Return_Path": "<>"}, ""),
        ({"sender": "MAILER-DAEMON@wanghe.example"}, ""),
        ({"sender": "noreply@wanghe.example"}, ""),
        ({"sender": "没有地址"}, ""),
    ],
)
def test_no_robot_is_answered(headers: dict[str, str], address: str) -> None:
    content = letter("x", **headers)
    assert reply_address(content) == address
    mail = with_sender(Submission(name="1.eml", content=content, origin="imap://u@host/INBOX;UID=1"))
    assert sender_of(f"{mail.origin}!来稿.txt") == address
