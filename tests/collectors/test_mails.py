"""EML and MSG files: which of their parts are the submission."""

from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import BulletinError, EncryptedError, FormatError, UnsupportedError
from bulletin.model import Submission
from collectors.containers import expand
from collectors.letters import is_cover
from collectors.rfc822 import decode_words
from tests.collectors import msgmaking as msg

ARTICLE = "临川市扎实推进基层减负工作。" * 40
COVER = "各位领导：现将我办12月份信息报送贵处，请查收附件，谢谢！"
BEIJING = timezone(timedelta(hours=8))


def mail(body: str = COVER, *, html: str = "", subject: str = "关于报送信息的函", **headers: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = headers.pop("From", '"临川市委办公室" <lc@example.test>')
    letter["To"] = "jb@example.test"
    letter["Subject"] = subject
    letter["Date"] = headers.pop("Date", "Sun, 10 Dec 2023 09:30:00 +0800")
    for name, value in headers.items():
        letter[name] = value
    letter.set_content(body)
    if html:
        letter.add_alternative(html, subtype="html")
    return letter


def attach(letter: EmailMessage, name: str, content: bytes, kind: str = "application/octet-stream") -> None:
    main, sub = kind.split("/")
    letter.add_attachment(content, maintype=main, subtype=sub, filename=name)


def opened(letter: Message | bytes, name: str = "来信.eml") -> list[Submission]:
    content = letter if isinstance(letter, bytes) else letter.as_bytes()
    found = expand(Submission(name=name, content=content))
    assert all(isinstance(each, Submission) for each in found), found
    return [each for each in found if isinstance(each, Submission)]


# ---------------------------------------------------------------- which parts count


def test_attachments_are_the_submission_and_a_cover_letter_is_not() -> None:
    letter = mail()
    attach(letter, "减负工作.txt", ARTICLE.encode())
    (each,) = opened(letter)

    assert (each.name, each.content.decode()) == ("减负工作.txt", ARTICLE)
    assert each.unit == "临川市委办公室"
    assert each.received == datetime(2023, 12, 10, 9, 30, tzinfo=BEIJING)
    assert each.origin == "来信.eml!减负工作.txt"


def test_a_body_with_content_of_its_own_comes_beside_the_attachments() -> None:
    letter = mail(ARTICLE)
    attach(letter, "另一篇.txt", b"text of its own")

    assert [each.name for each in opened(letter)] == ["关于报送信息的函.txt", "另一篇.txt"]


def test_without_attachments_the_body_is_the_submission() -> None:
    (each,) = opened(mail(ARTICLE, subject="Fw: 转发：临川市扎实推进减负"))

    assert each.name == "临川市扎实推进减负.txt"
    assert each.content.decode().strip() == ARTICLE
    assert each.media_type == "text/plain; charset=utf-8"


def test_a_body_in_html_is_kept_as_a_page_in_utf8() -> None:
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><p>{ARTICLE}</p>'
    (each,) = opened(mail(ARTICLE, html=page))
    text = each.content.decode()

    assert each.name == "关于报送信息的函.html"
    assert 'charset="utf-8"' in text
    assert "gb2312" not in text
    assert ARTICLE in text


def test_what_no_one_submits_is_left_out() -> None:
    letter = mail()
    attach(letter, "稿件.txt", ARTICLE.encode())
    attach(letter, "winmail.dat", b"\x78\x9f\x3e\x22")
    attach(letter, "会议.ics", b"BEGIN:VCALENDAR", "text/calendar")
    attach(letter, "名片.vcf", b"BEGIN:VCARD", "text/vcard")
    letter.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", cid="<logo>", disposition="inline")

    assert [each.name for each in opened(letter)] == ["稿件.txt"]


def test_a_picture_that_is_attached_is_not_lost_and_does_not_hide_the_body() -> None:
    letter = mail("照片说明：活动现场。")
    attach(letter, "现场.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png")

    assert [each.name for each in opened(letter)] == ["关于报送信息的函.txt", "现场.png"]


def test_a_forwarded_mail_is_opened() -> None:
    inner = mail(ARTICLE, subject="云溪县做法", From='"云溪县委办" <yx@example.test>')
    outer = mail("转发一篇，请查收。")
    outer.add_attachment(inner)
    (each,) = opened(outer)

    assert (each.name, each.unit) == ("云溪县做法.txt", "云溪县委办")
    assert each.origin == "来信.eml!云溪县做法.eml!云溪县做法.txt"


def test_attachments_kept_by_the_mail_provider_are_asked_for() -> None:
    found = expand(
        Submission(name="来信.eml", content=mail("从QQ邮箱发来的超大附件 稿件.docx 进入下载页面").as_bytes())
    )

    assert any(isinstance(each, UnsupportedError) for each in found)


def test_the_unit_of_the_folder_wins_over_the_sender() -> None:
    (each,) = expand(Submission(name="a.eml", content=mail(ARTICLE).as_bytes(), unit="云溪县委办"))

    assert isinstance(each, Submission)
    assert each.unit == "云溪县委办"


@pytest.mark.parametrize(
    ("words", "cover"),
    [
        (COVER, True),
        ("见附件", True),
        ("", True),
        ("您好" * 100 + "请查收附件", True),
        ("临川市推进减负。" * 20, False),
        ("见附件" + "临川市推进减负。" * 60, False),
    ],
)
def test_what_is_a_cover_letter(words: str, cover: bool) -> None:
    assert is_cover(words) is cover


def test_signature_and_quotation_make_no_article_of_a_cover_letter() -> None:
    letter = mail("请查收。\n\n------------------ 原始邮件 ------------------\n" + ARTICLE)
    attach(letter, "稿件.txt", b"text")

    assert [each.name for each in opened(letter)] == ["稿件.txt"]


# ---------------------------------------------------------------- headers as they come


def raw_mail(*headers: bytes, body: bytes = b"text", kind: bytes = b"text/plain; charset=gb2312") -> bytes:
    fixed = (b"MIME-Version: 1.0", b"Content-Type: " + kind, b"To: a@example.test")
    return b"\r\n".join([*headers, *fixed, b"", body])


@pytest.mark.parametrize(
    "sender",
    [
        '"临川市委办公室" <a@example.test>'.encode(),
        '"临川市委办公室" <a@example.test>'.encode("gbk"),
        b"=?gb2312?B?" + b"wdm0qMrQzq+w7LmrytI=" + b"?= <a@example.test>",
        b'"=?utf-8?B?5Li05bed5biC5aeU5Yqe5YWs5a6k?=" <a@example.test>',
        b"=?utf-8?B?5Li05bed5biC?=\r\n =?utf-8?B?5aeU5Yqe5YWs5a6k?= <a@example.test>",
        b"=?iso-8859-1?B?5Li05bed5biC5aeU5Yqe5YWs5a6k?= <a@example.test>",
    ],
)
def test_the_sender_is_read_in_any_encoding(sender: bytes) -> None:
    (each,) = opened(raw_mail(b"From: " + sender, b"Subject: a"))

    assert each.unit == "临川市委办公室"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?gb2312?B?zai45?= " + "来稿".encode("gbk"), "=?gb2312?B?zai45?= 来稿"),
        (b"=?gb2312?B?zai45g==?= " + "来稿·一".encode("gbk"), "通告 来稿·一"),
        (b"=?gb2312?B?zai45g==?= C:\\users", "通告 C:\\users"),
    ],
)
def test_a_subject_of_broken_or_mixed_encodings_can_be_stored(subject: bytes, title: str) -> None:
    (each,) = opened(raw_mail(b"From: a@example.test", b"Subject: " + subject))

    assert each.name.encode()
    assert " ".join(decode_words(subject.decode("ascii", "surrogateescape")).split()) == title


def test_a_crooked_parameter_is_a_broken_mail() -> None:
    kind = b"text/plain; name*0*=x''%ff; name*==\"b\""
    found = expand(Submission(name="a.eml", content=raw_mail(b"From: a@example.test", kind=kind)))

    assert [type(each) for each in found] == [FormatError]


@pytest.mark.parametrize("sender", [b"a@example.test", b"John Smith <a@example.test>", b'"a@example.test" <a@b.test>'])
def test_a_sender_without_a_chinese_name_is_no_unit(sender: bytes) -> None:
    (each,) = opened(raw_mail(b"From: " + sender, b"Subject: a"))

    assert each.unit == ""


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("gb2312", "gb18030"),
        ("gb2312", "utf-8"),
        ("us-ascii", "gbk"),
        ("utf-8", "gbk"),
        ("gbk", "gbk"),
        ("x-no", "gbk"),
    ],
)
def test_the_body_is_read_whatever_is_declared(declared: str, encoding: str) -> None:
    body = "朱镕先生在临川市调研。"
    kind = f"text/plain; charset={declared}".encode()
    (each,) = opened(raw_mail(b"From: a@example.test", b"Subject: a", body=body.encode(encoding), kind=kind))

    assert each.content.decode() == body


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''%E7%A8%BF%E4%BB%B6.txt",
        'attachment; filename="=?utf-8?B?56i/5Lu2LnR4dA==?="',
        'attachment; filename="=?gbk?B?uOW8/i50eHQ=?="',
        'attachment; filename="稿件.txt"',
    ],
)
def test_the_attachment_is_named_as_the_sender_named_it(disposition: str) -> None:
    letter = MIMEMultipart()
    letter["From"], letter["Subject"] = "a@example.test", "a"
    part = MIMEText(ARTICLE, "plain", "utf-8")
    letter.attach(part)
    content = letter.as_bytes().replace(
        b"MIME-Version: 1.0\nContent-Transfer", b"Content-Disposition: " + disposition.encode() + b"\nContent-Transfer"
    )

    assert [each.name for each in opened(content)] == ["稿件.txt"]


def test_a_subject_with_slashes_is_no_path() -> None:
    (each,) = opened(mail(ARTICLE, subject="../11/12月信息"))

    assert each.name == ".._11_12月信息.txt"
    assert "/" not in each.name


@pytest.mark.parametrize("value", ["never", "", "Sun, 99 Dec 2023 99:30:00 +0800"])
def test_a_date_that_is_none_leaves_the_time_of_receipt(value: str) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    content = raw_mail(b"From: a@example.test", b"Subject: a", b"Date: " + value.encode())
    (each,) = expand(Submission(name="a.eml", content=content, received=moment))

    assert isinstance(each, Submission)
    assert each.received == moment


def test_an_encrypted_mail_is_refused() -> None:
    content = raw_mail(b"From: a@b.test", b"Subject: a", kind=b"application/pkcs7-mime; smime-type=enveloped-data")

    assert [type(each) for each in expand(Submission(name="a.eml", content=content))] == [EncryptedError]


@settings(max_examples=100)
@given(st.data())
def test_damaged_mail_gives_submissions_or_reasons(data: st.DataObject) -> None:
    letter = mail(ARTICLE)
    attach(letter, "稿件.txt", ARTICLE.encode())
    content = bytearray(letter.as_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = expand(Submission(name="a.eml", content=bytes(content)))

    assert all(isinstance(each, Submission | BulletinError) for each in found)
    assert all((each.name + each.unit + each.origin).encode() for each in found if isinstance(each, Submission))


# ---------------------------------------------------------------- MSG

SUBJECT, SENDER, BODY, HTML, DATA, NAME, MIME, CID = 0x37, 0x42, 0x1000, 0x1013, 0x3701, 0x3707, 0x370E, 0x3712


def test_an_outlook_message_gives_its_attachments() -> None:
    sent = datetime(2023, 12, 10, 1, 30, tzinfo=UTC)
    letter = msg.message(
        msg.wide(SUBJECT, "报送信息"),
        msg.wide(SENDER, "临川市委办公室"),
        msg.wide(BODY, COVER),
        msg.attachment(0, msg.wide(NAME, "稿件.txt"), msg.binary(DATA, ARTICLE.encode())),
        msg.attachment(1, msg.wide(NAME, "logo.png"), msg.wide(MIME, "image/png"), msg.wide(CID, "logo@x"),
                       msg.binary(DATA, b"\x89PNG\r\n\x1a\n")),
        msg.attachment(2, msg.wide(NAME, "hidden.txt"), msg.binary(DATA, b"x"), hidden=True),
        sent=sent,
    )  # fmt: skip
    (each,) = opened(msg.compound_file(letter), "来信.msg")

    assert (each.name, each.unit, each.received) == ("稿件.txt", "临川市委办公室", sent)
    assert each.content.decode() == ARTICLE


def test_an_outlook_message_in_a_chinese_code_page() -> None:
    letter = msg.message(
        msg.narrow(SUBJECT, "临川市推进减负".encode("gbk")),
        msg.narrow(SENDER, "临川市委办公室".encode("gbk")),
        msg.narrow(BODY, ARTICLE.encode("gbk")),
        codepage=936,
    )
    (each,) = opened(msg.compound_file(letter), "来信.msg")

    assert (each.name, each.unit, each.content.decode()) == ("临川市推进减负.txt", "临川市委办公室", ARTICLE)


def test_a_mail_attached_to_an_outlook_message_gives_its_text_and_attachments() -> None:
    inner = msg.message(
        msg.wide(SUBJECT, "云溪县做法"),
        msg.binary(HTML, f"<p>{ARTICLE}</p>".encode()),
        msg.attachment(0, msg.wide(NAME, "内附.txt"), msg.binary(DATA, b"inner text")),
        embedded=True,
    )
    outer = msg.message(
        msg.wide(SUBJECT, "转发"),
        msg.wide(BODY, "转发，请查收附件。"),
        msg.attachment(0, {"__substg1.0_3701000D": inner}),
    )

    assert [each.name for each in opened(msg.compound_file(outer), "来信.msg")] == ["云溪县做法.html", "内附.txt"]


def test_a_truncated_outlook_message_is_broken() -> None:
    content = msg.compound_file(msg.message(msg.wide(SUBJECT, "报送"), msg.wide(BODY, ARTICLE)))
    found = expand(Submission(name="来信.msg", content=content[:1600]))

    assert [type(each) for each in found] == [FormatError]


@settings(max_examples=60)
@given(st.data())
def test_damaged_outlook_messages_give_submissions_or_reasons(data: st.DataObject) -> None:
    letter = msg.message(msg.wide(SUBJECT, "报送"), msg.wide(BODY, ARTICLE), sent=datetime(2023, 1, 1, tzinfo=UTC))
    content = bytearray(msg.compound_file(letter))
    for _ in range(data.draw(st.integers(1, 10))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = expand(Submission(name="来信.msg", content=bytes(content)))

    assert all(isinstance(each, Submission | BulletinError) for each in found)


def test_a_forwarded_mail_without_a_word_of_its_own_is_the_submission():
    body = f"\n-----原始邮件-----\n发件人：清河县委办公室\n主题：信息\n\n{ARTICLE}"
    (found,) = expand(Submission(name="a.eml", content=mail(body, subject="转发：投稿：清河减负").as_bytes()))
    assert isinstance(found, Submission)
    assert found.name == "清河减负.txt"
    assert ARTICLE.encode() in found.content
