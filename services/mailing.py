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
        line = self._line or self.connect()
        try:
            _expect(line.mail(parseaddr(str(mail["From"]))[1]), "发件人")
            _expect(line.rcpt(parseaddr(str(mail["To"]))[1]), "收件人")
        except NotSentError:
            with suppress(*_LINE_FAILURES):
                line.rset()
            raise
        except _LINE_FAILURES as error:
            self._line = None
            raise NotSentError(f"与发信服务器的连接中断：{error}", again=True) from error
        try:
            answer = line.data(mail.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            raise _refusal((error.smtp_code, _bytes(error.smtp_error)), "内容") from error
        except _LINE_FAILURES as error:
            self._line = None
            raise UnsureError("发送时连接中断，不知是否送达", subject=str(mail["To"])) from error
        _expect(answer, "内容")

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


def _expect(answer: tuple[int, bytes], what: str) -> None:
    if not 200 <= answer[0] < 300:
        raise _refusal(answer, what)


def _refusal(answer: tuple[int, bytes], what: str) -> NotSentError:
    """A 4xx answer asks to come back later; a 5xx answer is final (RFC 5321, 4.2.1)."""
    code, said = answer
    text = said.decode("utf-8", "replace").replace("\n", " ")
    return NotSentError(f"发信服务器拒绝{what}：{code} {text}", again=400 <= code < 500)


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def compose(record: MessageRecord, sender: str, files: Files, now: datetime) -> EmailMessage:
    """The mail of a message: the same Message-ID each time, and marked so that no robot answers it (RFC 3834)."""
    message = record.message
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    seed = hashlib.sha256(f"{record.publication}\n{record.key}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{seed}@{parseaddr(sender)[1].rpartition('@')[2] or 'bulletin'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    for name, sha256 in message.attachments:
        main, sub = WORD if name.endswith(".docx") else ("application", "octet-stream")
        mail.add_attachment(files.get(sha256), maintype=main, subtype=sub, filename=name)
    return mail
