"""Web pages -> submissions, fetched politely and within limits."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import requests
from protego import Protego
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util import Retry

from bulletin.errors import FetchError
from bulletin.model import Channel, Frozen, Submission
from collectors.guard import GuardedAdapter, PrivateAddressError
from collectors.names import safe_path


@dataclass(frozen=True)
class WebLimits:
    """How much is fetched, how long is waited, how often is asked."""

    max_bytes: int = 30 * 1024 * 1024
    connect_seconds: float = 10
    read_seconds: float = 30
    total_seconds: float = 120
    """For one page with its redirects: a server may send a byte a second for ever."""
    redirects: int = 5
    retries: int = 3
    backoff_seconds: float = 1.0
    """Before the second attempt; doubled for each further one."""
    max_retry_after: int = 60
    """The longest wait that a server may ask for."""
    pace_seconds: float = 1.0
    """Between two requests to one host, where its robots.txt asks for no more."""
    max_pace_seconds: float = 15.0
    robots: bool = True
    user_agent: str = "Mozilla/5.0 (compatible; bulletin/0.1)"


class Fetched(Frozen):
    """One answer: the page, or None where it has not changed since `etag` or `last_modified`."""

    url: str
    """The address after redirects."""
    submission: Submission | None = None
    etag: str = ""
    last_modified: str = ""

    @property
    def unchanged(self) -> bool:
        return self.submission is None


RETRY_STATUS = (429, 500, 502, 503, 504)
ROBOTS_NAME = "bulletin"
_FAILURES = (requests.RequestException, HTTPError)
"""requests lets some errors of urllib3 through as they are."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 512 * 1024
"""RFC 9309 has parsers take at least 500 KiB."""


class Fetcher:
    """Fetches pages, and remembers what hosts allow and when they were last asked; safe to share by threads.

    With `public_only` addresses inside the own network are refused (for pages that others may name): the check
    is made on the connected peer, so that no DNS trick gets round it; proxies are then not used.
    """

    def __init__(
        self,
        *,
        session: requests.Session | None = None,
        limits: WebLimits | None = None,
        public_only: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or WebLimits()
        self._session = session or requests.Session()
        self._sleep = sleep
        self._robots: dict[str, Protego | None] = {}
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()
        adapter_type = GuardedAdapter if public_only else HTTPAdapter
        if public_only:
            self._session.trust_env = False
        if session is None or public_only:
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, adapter_type(max_retries=self._retry()))

    def fetch(self, url: str) -> Submission:
        """The page at an address. Raises FetchError."""
        fetched = self.get(url)
        if fetched.submission is None:
            raise FetchError("服务器没有返回内容", subject=url)
        return fetched.submission

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """The page at an address if it has changed since; follows redirects. Raises FetchError."""
        deadline = time.monotonic() + self._limits.total_seconds
        headers = {"User-Agent": self._limits.user_agent, "Accept-Language": "zh-CN,zh;q=0.9"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        address = normal_url(url)
        for _ in range(self._limits.redirects + 1):
            if self._limits.robots and not self._allowed(address):
                raise FetchError("该网站的 robots.txt 不允许抓取这个页面", subject=address)
            with self._ask(address, headers) as response:
                if response.status_code in _REDIRECTS and "Location" in response.headers:
                    address = normal_url(urljoin(address, _location(response)))
                    continue
                return self._take(response, address, deadline)
        raise FetchError(f"重定向超过 {self._limits.redirects} 次", subject=url)

    def _ask(self, address: str, headers: dict[str, str]) -> requests.Response:
        self._wait(address)
        timeout = (self._limits.connect_seconds, self._limits.read_seconds)
        try:
            return self._session.get(address, headers=headers, timeout=timeout, stream=True, allow_redirects=False)
        except _FAILURES as error:
            raise _refusal(error, address) from error

    def _take(self, response: requests.Response, address: str, deadline: float) -> Fetched:
        etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
        if response.status_code == 304:
            return Fetched(url=address, etag=etag, last_modified=modified)
        if response.status_code != 200:
            raise FetchError(_status_text(response.status_code), subject=address)
        content = self._body(response, address, self._limits.max_bytes, deadline)
        submission = Submission(
            name=_name(response, address),
            content=content,
            channel=Channel.URL,
            media_type=response.headers.get("Content-Type", ""),
            origin=address,
            received=datetime.now(UTC),
        )
        return Fetched(url=address, submission=submission, etag=etag, last_modified=modified)

    def _body(self, response: requests.Response, address: str, limit: int, deadline: float) -> bytes:
        """The body, decompressed; its size is counted as it comes, whatever was announced."""
        parts: list[bytes] = []
        size = 0
        try:
            for part in response.iter_content(64 * 1024):
                size += len(part)
                if size > limit:
                    raise FetchError(f"页面超过 {limit // 1024 // 1024} MB", subject=address)
                if time.monotonic() > deadline:
                    raise FetchError(f"{self._limits.total_seconds:.0f} 秒内没有传完", subject=address)
                parts.append(part)
        except _FAILURES as error:
            raise _refusal(error, address) from error
        return b"".join(parts)

    def _wait(self, address: str) -> None:
        """Keep the pace of the host: requests of several threads queue up."""
        parts = urlsplit(address)
        robots = self._robots.get(_site(address))
        asked = robots.crawl_delay(ROBOTS_NAME) if robots else None
        pace = min(max(self._limits.pace_seconds, float(asked or 0)), self._limits.max_pace_seconds)
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next.get(parts.netloc, 0.0))
            self._next[parts.netloc] = start + pace
        if start > now:
            self._sleep(start - now)

    def _allowed(self, address: str) -> bool:
        site = _site(address)
        if site not in self._robots:
            self._robots[site] = self._read_robots(site)
        robots = self._robots[site]
        return robots is None or bool(robots.can_fetch(address, ROBOTS_NAME))

    def _read_robots(self, site: str) -> Protego | None:
        """The rules of a site (RFC 9309): none where there is no such file, all forbidden while it fails."""
        address = f"{site}/robots.txt"
        deadline = time.monotonic() + self._limits.read_seconds
        timeout = (self._limits.connect_seconds, self._limits.read_seconds)
        try:
            headers = {"User-Agent": self._limits.user_agent}
            with self._session.get(address, headers=headers, timeout=timeout, stream=True) as response:
                if response.status_code >= 500:
                    raise FetchError("该网站的 robots.txt 暂时读不到，按规则不抓取", subject=address)
                if response.status_code != 200:
                    return None
                text = self._body(response, address, _ROBOTS_BYTES, deadline).decode("utf-8", errors="replace")
        except _FAILURES as error:
            raise _refusal(error, address) from error
        # Many sites answer with their home page instead of 404.
        return None if text.lstrip().startswith("<") else Protego.parse(text)

    def _retry(self) -> Retry:
        limits = self._limits
        return Retry(
            total=limits.retries,
            redirect=0,
            status_forcelist=RETRY_STATUS,
            allowed_methods=("GET",),
            backoff_factor=limits.backoff_seconds,
            backoff_max=limits.max_retry_after,
            retry_after_max=limits.max_retry_after,
            raise_on_redirect=False,
            raise_on_status=False,
        )


def fetch(
    url: str, *, session: requests.Session | None = None, limits: WebLimits | None = None, public_only: bool = False
) -> Submission:
    """The page at an address, fetched once. For many pages share a `Fetcher`. Raises FetchError."""
    return Fetcher(session=session, limits=limits, public_only=public_only).fetch(url)


def normal_url(url: str) -> str:
    """The address in the form that is asked for: scheme and host in order, no fragment.

    Raises FetchError for anything but http and https.
    """
    text = url.strip()
    bare = "://" not in text
    try:
        parts = urlsplit(f"http://{text}" if bare else text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise FetchError("网址写错了，不是 http 或 https 网址", subject=url) from error
    if bare and host and "." not in host:
        host = None  # javascript:..., mailto:..., a word
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise FetchError("不是 http 或 https 网址", subject=url)
    return urlunsplit(parts._replace(scheme=parts.scheme.lower(), path=parts.path or "/", fragment=""))


def _site(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _location(response: requests.Response) -> str:
    # requests hands headers over as Latin-1; Chinese sites write raw UTF-8 paths.
    return response.headers["Location"].encode("latin-1", "replace").decode("utf-8", "replace")


def _name(response: requests.Response, address: str) -> str:
    """A file name for the page: as the server says, else the end of its address, else the host."""
    if disposition := response.headers.get("Content-Disposition"):
        message = Message()
        message["Content-Disposition"] = disposition
        if name := safe_path(message.get_filename() or "").name:
            return name
    parts = urlsplit(address)
    return safe_path(unquote(PurePosixPath(parts.path).name)).name or f"{parts.hostname}.html"


def _status_text(status: int) -> str:
    known = {401: "页面需要登录", 403: "服务器拒绝访问", 404: "页面不存在", 410: "页面已删除", 429: "访问太频繁"}
    return f"{known.get(status, '服务器出错' if status >= 500 else '服务器没有给出页面')}（HTTP {status}）"


def _refusal(error: Exception, address: str) -> FetchError:
    """What a failed request means, in Chinese; the first fitting row counts."""
    rows: tuple[tuple[type[Exception], str], ...] = (
        (PrivateAddressError, "网址指向内部网络，不予抓取"),
        (requests.exceptions.SSLError, "网站证书有问题，未建立连接"),
        (requests.Timeout, "服务器没有及时回应"),
        (requests.exceptions.ChunkedEncodingError, "传输中断"),
        (requests.exceptions.ContentDecodingError, "页面压缩数据损坏"),
        (requests.ConnectionError, "连接不上服务器"),
        (Exception, "网址或回应不合规"),
    )
    # After the last attempt requests hides a read time-out in a ConnectionError.
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, ReadTimeoutError):
        return FetchError("服务器没有及时回应", subject=address)
    return FetchError(next(text for kind, text in rows if isinstance(error, kind)), subject=address)
