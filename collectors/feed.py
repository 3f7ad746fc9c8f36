"""RSS and Atom feeds -> their items."""

from calendar import timegm
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
from bs4 import BeautifulSoup

from bulletin.errors import FormatError
from bulletin.model import Frozen, Submission

MAX_ITEMS = 1_000


class FeedItem(Frozen):
    """One entry of a feed; the page itself is fetched by its address."""

    url: str
    title: str = ""
    published: datetime | None = None
    summary: str = ""


class Feed(Frozen):
    title: str = ""
    items: tuple[FeedItem, ...] = ()


def read_feed(submission: Submission) -> Feed:
    """The items of a feed in its own order, each address once; relative addresses are completed.

    Raises FormatError for what is no feed.
    """
    headers = {"content-location": submission.origin}
    if submission.media_type:
        headers["content-type"] = submission.media_type
    parsed = feedparser.parse(submission.content, response_headers=headers)
    if not parsed.get("version") or (parsed.get("bozo") and not parsed.entries):
        raise FormatError("不是 RSS 或 Atom 订阅源", subject=submission.name, advice="请检查订阅地址")
    items: dict[str, FeedItem] = {}
    for entry in parsed.entries[:MAX_ITEMS]:
        if item := _item(entry, submission.origin):
            items.setdefault(item.url, item)
    return Feed(title=_plain(parsed.feed.get("title", "")), items=tuple(items.values()))


def _item(entry: Any, base: str) -> FeedItem | None:
    # RSS allows an entry without a link whose permanent id is the address.
    address = entry.get("link") or (entry.get("id", "") if str(entry.get("id", "")).startswith("http") else "")
    url = urljoin(base, address)
    if not address or not url.startswith(("http://", "https://")):
        return None
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    published = datetime.fromtimestamp(timegm(moment), UTC) if moment else None
    return FeedItem(
        url=url,
        title=_plain(entry.get("title", "")),
        published=published,
        summary=_plain(entry.get("summary", ""), " "),
    )


def _plain(markup: str, between: str = "") -> str:
    """The words of a piece of HTML on one line, `between` at its tags."""
    text = BeautifulSoup(markup, "lxml").get_text(between) if "<" in markup or "&" in markup else markup
    return " ".join(text.split())
