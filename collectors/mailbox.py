"""A mailbox (IMAP) -> mails as submissions; a mail is marked only after its content is stored.

imapclient rather than the standard library's imaplib: it parses responses, decodes folder names (来稿 is
&Zfd6Pw- on the wire) and sends the ID that 163.com and 126.com ask for before they open a folder.
"""

import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Self, cast

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError  # type: ignore[import-untyped]

from bulletin.errors import BulletinError, FetchError, SettingsError, TooLargeError
from bulletin.model import Channel, Submission
from collectors.mailsettings import MailSettings

__all__ = ["MailSettings", "Mailbox"]

MAX_MAIL_BYTES = 100 * 1024 * 1024
"""Mail providers take 50 MB; base64 makes 67 of them."""
TIMEOUT_SECONDS = 60.0
KEYWORD = "$BulletinTaken"
"""Flag on a mail whose content is stored. Unlike \\Seen it does not change when somebody reads the mail."""
_FAILURES = (IMAPClientError, OSError, ValueError)


class Mailbox:
    """One open mailbox folder. Use as a context manager.

        with Mailbox(settings) as mailbox:
            for uid, mail in mailbox.fetch_mail():
                store(mail)
                mailbox.mark(uid)

    Raises SettingsError when name, password or folder are refused, FetchError when the server fails.
    """

    def __init__(self, settings: MailSettings, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._settings = settings
        self._timeout = timeout
        self._validity = 0
        self._flag: bytes = KEYWORD.encode()
        self._client: IMAPClient | None = None

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session; a server that has gone already is no matter."""
        if self._client is not None:
            with suppress(*_FAILURES):
                self._client.logout()
            self._client = None

    def fetch_mail(self) -> Iterator[tuple[int, Submission | BulletinError]]:
        """UID and content of each mail not yet marked, the oldest first, one after the other.

        The content is an EML submission for `collectors.containers.expand`; a mail beyond the size limit comes
        as an error, and one that the server does not hand over as FetchError. Reading sets no flag: what is not
        marked comes again next time.
        """
        client = self._connected
        try:
            uids = sorted(cast("list[int]", client.search(["NOT", *self._search_key, "UNDELETED"])))
            for uid in uids[: self._settings.batch]:
                if found := self._fetch(client, uid):
                    yield uid, found
        except _FAILURES as error:
            raise self._failure("读取邮件失败", error) from error

    def _fetch(self, client: IMAPClient, uid: int) -> Submission | BulletinError | None:
        """One mail, or why it cannot be had; None where somebody has deleted it meanwhile."""
        origin = self._origin(uid)
        try:
            head = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
            if head is None:
                return None
            size = int(head[b"RFC822.SIZE"])
            if size > MAX_MAIL_BYTES:
                return TooLargeError(f"邮件 {size // 1048576} MB，超过上限", subject=origin)
            body = client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            # Its file on the server is damaged: the server says no, the line stands, and the others can be had.
            return FetchError(
                f"邮箱服务器给不出这封邮件：{error}", subject=origin, advice="请在邮箱网页上打开它，另存后作为文件报送"
            )
        return None if body is None else _submission(uid, body, origin, head.get(b"INTERNALDATE"))

    def mark(self, uid: int) -> None:
        """Note on the server that the content of a mail is stored; move it where the settings say so."""
        client = self._connected
        try:
            client.add_flags([uid], [self._flag], silent=True)
            if self._settings.done_folder:
                self._move(client, uid, self._settings.done_folder)
        except _FAILURES as error:
            raise self._failure("标记邮件失败", error) from error

    @property
    def _connected(self) -> IMAPClient:
        if self._client is None:
            raise RuntimeError("the mailbox is not open")
        return self._client

    @property
    def _search_key(self) -> tuple[str, ...]:
        return ("SEEN",) if self._flag == rb"\Seen" else ("KEYWORD", KEYWORD)

    def _open(self) -> None:
        settings = self._settings
        context = ssl.create_default_context()
        try:
            client = IMAPClient(
                settings.host,
                port=settings.port,
                ssl=settings.security == "tls",
                ssl_context=context if settings.security == "tls" else None,
                timeout=self._timeout,
            )
            self._client = client
            client.normalise_times = False
            if settings.security == "starttls":
                client.starttls(context)
            self._login(client)
            self._select(client)
        except _FAILURES as error:
            raise self._failure("连接邮箱失败", error) from error

    def _login(self, client: IMAPClient) -> None:
        try:
            client.login(self._settings.user, self._settings.password.get_secret_value())
        except LoginError as error:
            raise SettingsError(
                "邮箱用户名或密码不对",
                subject=f"{self._settings.user}@{self._settings.host}",
                advice="请检查设置；不少邮箱要用授权码代替密码，并先在网页上开启 IMAP",
            ) from error
        if client.has_capability("ID"):
            with suppress(IMAPClientError):
                client.id_({"name": "bulletin", "version": "0.1"})

    def _select(self, client: IMAPClient) -> None:
        folder = self._settings.folder
        if not client.folder_exists(folder):
            raise SettingsError("邮箱里没有这个文件夹", subject=folder, advice="请检查设置里的文件夹名")
        answer = client.select_folder(folder)
        self._validity = int(answer.get(b"UIDVALIDITY", 0))
        permanent = answer.get(b"PERMANENTFLAGS", ())
        # A server that keeps no keywords leaves only \Seen to mark with.
        if rb"\*" not in permanent and KEYWORD.encode() not in permanent:
            self._flag = rb"\Seen"

    def _move(self, client: IMAPClient, uid: int, folder: str) -> None:
        if not client.folder_exists(folder):
            client.create_folder(folder)
        if client.has_capability("MOVE"):
            client.move([uid], folder)
        else:
            client.copy([uid], folder)
            client.delete_messages([uid], silent=True)

    def _origin(self, uid: int) -> str:
        """The address of a mail (RFC 5092): its UID means something only with its folder's validity."""
        settings = self._settings
        return f"imap://{settings.user}@{settings.host}/{settings.folder};UIDVALIDITY={self._validity}/;UID={uid}"

    def _failure(self, what: str, error: BaseException) -> BulletinError:
        if isinstance(error, BulletinError):
            return error
        subject = f"{self._settings.host}:{self._settings.port}"
        return FetchError(f"{what}：{error}", subject=subject, advice="请检查网络和邮箱设置，稍后再试")


def _submission(uid: int, body: bytes, origin: str, received: datetime | None) -> Submission:
    moment = received if received and received.tzinfo else datetime.now(UTC)
    return Submission(
        name=f"{uid}.eml",
        content=body,
        channel=Channel.MAIL,
        media_type="message/rfc822",
        origin=origin,
        received=moment,
    )
