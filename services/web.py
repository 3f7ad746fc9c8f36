"""Addresses: an article with all its pages, or the items of a list or feed, fetched politely."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache

from bulletin.errors import BulletinError, FormatError
from bulletin.formats import sniff
from bulletin.model import Submission
from collectors.feed import read_feed
from collectors.web import Fetcher
from services.settings import Settings

MOST_ITEMS = 30
"""Items of one list page or feed taken in one go: a month of a busy site."""
MOST_PAGES = 20
PAGES_HEADER = "X-Bulletin-Pages"
"""Marks an MHTML bundle whose HTML parts are the pages of one article, in order."""
_FEED = re.compile(rb"<(rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)


def fetch_all(address: str, settings: Settings) -> Iterator[Submission | BulletinError]:
    """The submissions behind an address: one article, whole, or each item of a list page or feed."""
    fetcher = _fetcher(public_only=not settings.fetch_private)
    try:
        page = fetcher.fetch(address)
        items = _items(page)
    except BulletinError as error:
        # By the name under which it was asked for, which is in the settings, not where a redirect led.
        error.subject = address
        yield error
        return
    if not items:
        yield from _article(fetcher, page)
        return
    for item in items[:MOST_ITEMS]:
        try:
            yield from _article(fetcher, fetcher.fetch(item))
        except BulletinError as error:
            yield error


@lru_cache
def _fetcher(*, public_only: bool) -> Fetcher:
    # One for the process: it remembers robots.txt and keeps the pace of each host.
    return Fetcher(public_only=public_only)


def _items(page: Submission) -> list[str]:
    """The addresses of a feed or list page; empty for an article."""
    if _FEED.search(page.content[:2000]):
        try:
            return [item.url for item in read_feed(page).items]
        except FormatError:
            return []
    if sniff(page.name, page.content, page.media_type) != "html":
        return []
    from extractors.webdecode import decode
    from extractors.weblinks import is_list_page, list_items

    html = decode(page.content, page.media_type)
    return [item.url for item in list_items(html, page.origin)] if is_list_page(html, page.origin) else []


def _article(fetcher: Fetcher, first: Submission) -> Iterator[Submission | BulletinError]:
    """The page, with its further pages bundled behind it where there are any."""
    if sniff(first.name, first.content, first.media_type) != "html":
        yield first
        return
    from extractors.webdecode import decode
    from extractors.weblinks import next_pages

    pages = [first]
    seen = {first.origin}
    todo = next_pages(decode(first.content, first.media_type), first.origin)
    while todo and len(pages) < MOST_PAGES:
        address = todo.pop(0)
        if address in seen:
            continue
        seen.add(address)
        try:
            page = fetcher.fetch(address)
        except BulletinError as error:
            yield error
            continue
        pages.append(page)
        todo += [one for one in next_pages(decode(page.content, page.media_type), page.origin) if one not in seen]
    yield bundle(pages) if len(pages) > 1 else first


def bundle(pages: list[Submission]) -> Submission:
    """One MHTML submission with the pages of an article, each as it was received."""
    message = EmailMessage(policy=SMTP)
    message[PAGES_HEADER] = str(len(pages))
    message["Snapshot-Content-Location"] = pages[0].origin
    message["MIME-Version"] = "1.0"
    message.make_related()
    for page in pages:
        subtype = "html"
        message.add_related(page.content, "text", subtype, headers=[f"Content-Location: {page.origin}"])
    # A fixed boundary, so that the same pages give the same bytes and are recognised when met again.
    message.set_boundary("=_bulletin_pages")
    return pages[0].model_copy(
        update={"name": f"{pages[0].name}.mhtml", "content": message.as_bytes(), "media_type": "multipart/related"}
    )
