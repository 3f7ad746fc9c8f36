"""Mail out (SMTP): one connection for many messages, and an exact answer to whether a message has left.

smtplib's own `send_message` mixes what happened before the content went out with what happened after;
here the two differ, because only the first may be tried again.
"""

import hashlib
import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Self

from bulletin.errors import BulletinError
from services.service import SmtpServer
from store.archive import Files
from store.records import MessageRecord

TIMEOUT_SECONDS = 60.0
WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
_LINE_FAILURES = (OSError, smtplib.SMTPServerDisconnected)


class NotSentError(BulletinError):
    """A message that surely did not leave; `again` says whether trying later may help."""

    code = "not-sent"

    def __init__(self, message: str, *, subject: str = "", again: bool = False, unconfigured: bool = False) -> None:
        super().__init__(message, subject=subject)
        self.again = again
        self.unconfigured = unconfigured


class UnsureError(BulletinError):
    """A message that may have left: the line broke before the other side answered."""

    code = "maybe-sent"
    advice = "请向收件人核实后，用 bulletin outbox again 重发或不再理会"


class Mailer:
    """The way out; connects when the first mail is sent. Use as a context manager."""

    def __init__(self, server: SmtpServer | None, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._server = server
        self._timeout = timeout
        self._line: smtplib.SMTP | None = None
        self._barred: NotSentError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def sender(self) -> str:
        """The From header; NotSentError where no server is set."""
        if self._server is None:
            raise NotSentError("没有设置发信服务器（settings.toml 的 [smtp]）", unconfigured=True)
        return self._server.sender

    def close(self) -> None:
        """End the session; a server that has gone already is no matter."""
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._line = None

    def send(self, mail: EmailMessage) -> None:
        """Hands one mail to the server; NotSentError when it surely did not leave, UnsureError when it may have."""
        sender, recipient = _address(mail, "From", unconfigured=True), _address(mail, "To")
        content = mail.as_bytes(policy=SMTP)
        line = self._line or self._way_out()
        try:
            # One whom the server does not take is a matter of settings: the mail goes when they are mended.
            _expect(line.mail(sender), "发件人", again=True)
            _expect(line.rcpt(recipient), "收件人")
        except NotSentError:
            with suppress(*_LINE_FAILURES):
                line.rset()
            raise
        except _LINE_FAILURES as error:
            self._line = None
            raise NotSentError(f"与发信服务器的连接中断：{error}", again=True) from error
        try:
            answer = line.data(content)
        except smtplib.SMTPDataError as error:
            raise _refusal((error.smtp_code, _bytes(error.smtp_error)), "内容") from error
        except _LINE_FAILURES as error:
            self._line = None
            raise UnsureError("发送时连接中断，不知是否送达", subject=str(mail["To"])) from error
        _expect(answer, "内容")

    def _way_out(self) -> smtplib.SMTP:
        """An open connection. A server that was out of reach is not asked again for the next mail.

        A hundred mails would wait a minute each, and a hundred wrong passwords shut the account.
        """
        if self._barred is not None:
            raise self._barred
        try:
            return self.connect()
        except NotSentError as error:
            self._barred = error
            raise

    def connect(self) -> smtplib.SMTP:
        """An open, signed-in connection; NotSentError that says what is wrong."""
        server = self._server
        if server is None:
            raise NotSentError("没有设置发信服务器（settings.toml 的 [smtp]）", unconfigured=True)
        try:
            line = self._opened(server)
            if server.user:
                line.login(server.user, server.password.get_secret_value())
        except smtplib.SMTPAuthenticationError as error:
            raise NotSentError("发信服务器不认用户名或授权码", subject=server.user, again=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(
                f"连不上发信服务器：{error}", subject=f"{server.host}:{server.port}", again=True
            ) from error
        self._line = line
        return line

    def _opened(self, server: SmtpServer) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if server.security == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
        line = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        if server.security == "starttls":
            line.starttls(context=context)
        line.ehlo_or_helo_if_needed()
        return line


def _address(mail: EmailMessage, header: str, *, unconfigured: bool = False) -> str:
    """The bare address in a header; NotSentError for one that no mail can go to or come from."""
    written = str(mail[header])
    address = parseaddr(written)[1]
    # SMTP takes ASCII alone (RFC 5321, 4.1.2): a full-width ＠ of a Chinese keyboard is none.
    if not address.isascii() or "@" not in address:
        raise NotSentError(
            f"邮箱地址“{written}”写得不对，请在设置或账号里改正（只用半角的字母、数字、点和 @）",
            unconfigured=unconfigured,
        )
    return address


def _expect(answer: tuple[int, bytes], what: str, *, again: bool = False) -> None:
    if not 200 <= answer[0] < 300:
        raise _refusal(answer, what, again=again)


def _refusal(answer: tuple[int, bytes], what: str, *, again: bool = False) -> NotSentError:
    """A 4xx answer asks to come back later; a 5xx answer is final (RFC 5321, 4.2.1), unless `again` says otherwise."""
    code, said = answer
    text = said.decode("utf-8", "replace").replace("\n", " ")
    return NotSentError(f"发信服务器拒绝{what}：{code} {text}", again=again or 400 <= code < 500)


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def compose(record: MessageRecord, sender: str, files: Files, now: datetime) -> EmailMessage:
    """The mail of a message: the same Message-ID each time, and marked so that no robot answers it (RFC 3834)."""
    message = record.message
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    # A header is one line, a publication's name in its file need not be.
    mail["To"] = " ".join(message.recipient.splitlines())
    mail["Subject"] = " ".join(message.subject.splitlines())
    mail["Date"] = format_datetime(now)
    seed = hashlib.sha256(f"{record.publication}\n{record.key}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{seed}@{parseaddr(sender)[1].rpartition('@')[2] or 'bulletin'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    for name, sha256 in message.attachments:
        main, sub = WORD if name.endswith(".docx") else ("application", "octet-stream")
        mail.add_attachment(files.get(sha256), maintype=main, subtype=sub, filename=name)
    return mail
