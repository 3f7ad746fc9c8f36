"""The links of a page that lead to more: the further pages of its article, the items of a list page."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from bulletin.model import Block, Change, Document
from extractors.webaside import is_prose
from extractors.webdates import address_day, declared_day
from extractors.webscore import select
from extractors.webtree import label, parse, read_lines, squeeze, tidy, weigh

MOST_PAGES = 50
"""An article of more pages is a loop."""
LIST_ITEMS = 5
"""So many links of one shape are a list; a box of related news has as many, but beside an article."""
ITEM_LETTERS = 5
"""A title has more letters than the name of a column."""

LIST_LETTERS = 9
"""The entries of a list of articles have more letters than this on average, names of offices in a link box fewer."""

_PAGER = re.compile(r"^[\[【第(（]*(\d{1,2})[\]】页)）]*$")
_NEXT = re.compile(r"^(?:下一页|下页|后一页|余下全文|阅读全文|全文|末页|尾页|next)[>»›＞]*$", re.IGNORECASE)
_ALL = re.compile(r"(?:余下|阅读|显示|查看|浏览)全文")
_TRS = re.compile(r"""createPageHTML\(\s*(\d+)\s*,\s*(\d+)\s*,\s*["']([\w./-]+)["']\s*,\s*["'](\w+)["']""")
# x_2.html, x-2.html, x(2).html: the page's own name with a number behind it
_NUMBERED = re.compile(r"^(?P<stem>.*?)[_-](?P<number>\d{1,2})(?P<suffix>\.\w+)?$")


class Link(NamedTuple):
    title: str
    url: str
    date: dt.date | None = None


# ---------------------------------------------------------------- pages of one article


def next_pages(html: str, address: str) -> list[str]:
    """The addresses of the article's other pages in order, [] where it has one page only.

    They are taken from the page's pager: links named by a number or 下一页 whose address is the page's own with a
    number behind it, or the numbers of a TRS site's createPageHTML call.
    """
    root = parse(html)
    found = [*_trs_pages(html, address), *_pager_pages(root, address)]
    own = _plain(address)
    ordered = sorted(dict.fromkeys(found), key=_page_number)
    return [page for page in ordered if page != own and _page_number(page) != _page_number(own)][:MOST_PAGES]


def _trs_pages(html: str, address: str) -> Iterator[str]:
    match = _TRS.search(html)
    if match:
        count, stem, suffix = int(match.group(1)), match.group(3), match.group(4)
        for number in range(min(count, MOST_PAGES)):
            yield _join(address, f"{stem}_{number}.{suffix}" if number else f"{stem}.{suffix}")


def _pager_pages(root: etree._Element, address: str) -> Iterator[str]:
    for anchor in root.iter("a"):
        text = squeeze("".join(str(part) for part in anchor.itertext()))
        if not (_PAGER.match(text) or _NEXT.match(text)) or _ALL.search(text):
            continue
        page = _join(address, anchor.get("href") or "")
        if page and _is_sibling(page, address):
            yield page


def _is_sibling(page: str, address: str) -> bool:
    """Whether an address is the page's own but for the number of the page."""
    one, other = urlsplit(page), urlsplit(address)
    if one.netloc != other.netloc:
        return False
    if one.path == other.path:
        return one.query != other.query and _query_stem(one.query) == _query_stem(other.query)
    return _split_path(one.path)[::2] == _split_path(other.path)[::2]


def _split_path(path: str) -> tuple[str, int, str]:
    """Stem, number of the page (0 for none) and suffix of a path; a number beyond any page is part of the stem."""
    match = _NUMBERED.match(path)
    if match is None or not match["number"] or int(match["number"]) > MOST_PAGES:
        stem, dot, suffix = path.rpartition(".")
        return (stem, 0, dot + suffix) if dot else (path, 0, "")
    return match["stem"], int(match["number"]), match["suffix"] or ""


def _query_stem(query: str) -> list[str]:
    return [
        part
        for part in query.split("&")
        if part and not re.match(r"(?:page|p|pn|pageno|pageindex|currentpage)=\d+$", part, re.I)
    ]


def _page_number(address: str) -> int:
    """The number of a page, 0 for the first, which often bears none."""
    parts = urlsplit(address)
    query = re.search(r"(?:^|&)(?:page|p|pn|pageno|pageindex|currentpage)=(\d+)", parts.query, re.IGNORECASE)
    if query:
        return 0 if int(query.group(1)) <= 1 else int(query.group(1))
    return _split_path(parts.path)[1]


def _join(address: str, link: str) -> str:
    link = link.strip()
    if not link or link.lower().startswith(("javascript:", "mailto:", "#", "tel:", "data:")):
        return ""
    try:
        return _plain(urljoin(address, link))
    except ValueError:
        return ""


def _plain(address: str) -> str:
    return urldefrag(address).url


def join(documents: Sequence[Document]) -> Document:
    """One document of an article's pages, in the order given; ValueError without any.

    What a page repeats of the pages before (its opening heading or abstract, its closing note) is recorded as a
    change. `at` counts on from page to page.
    """
    if not documents:
        raise ValueError("no pages to join")
    first = documents[0]
    blocks: list[Block] = []
    changes: list[Change] = []
    seen: set[str] = set()
    offset = 0
    for document in documents:
        changes += [change.model_copy(update={"at": change.at + offset}) for change in document.changes]
        for block in document.blocks:
            moved = block.model_copy(update={"at": tuple(i + offset for i in block.at)})
            key = squeeze(block.plain)
            if key and key in seen:
                at = moved.at[0] if moved.at else offset
                changes.append(Change(rule="page-repeat", reason="分页重复的内容", before=block.plain, at=at))
            else:
                blocks.append(moved)
        seen |= {squeeze(block.plain) for block in document.blocks if block.plain}
        offset += 1 + max((i for block in document.blocks for i in block.at), default=-1)
        offset = max([offset, *(change.at + 1 for change in changes)])
    return first.model_copy(
        update={
            "blocks": tuple(blocks),
            "changes": tuple(changes),
            "warnings": tuple(dict.fromkeys(w for d in documents for w in d.warnings)),
            "pictures": {key: data for d in documents for key, data in d.pictures.items()},
            "date": first.date or next((d.date for d in documents if d.date), None),
            "unit": first.unit or next((d.unit for d in documents if d.unit), ""),
            "author": first.author or next((d.author for d in documents if d.author), ""),
        }
    )


# ---------------------------------------------------------------- list pages


def list_items(html: str, address: str) -> list[Link]:
    """The entries of a list page in order, with their days where printed; [] where it lists nothing.

    They are the links of the shape (the tags and classes around them) that has the most letters, dated shapes first.
    """
    return _items(parse(html), address)


def is_list_page(html: str, address: str = "") -> bool:
    """Whether the page lists articles rather than being one: its entries have more letters than its running text."""
    root = parse(html)
    lines = read_lines(root)
    text = sum(lines[i].size for i in select(lines).kept if is_prose(lines[i]))
    items = _items(root, address or "http://localhost/")
    letters = sum(weigh(item.title) for item in items)
    return len(items) >= LIST_ITEMS and letters > max(text, LIST_LETTERS * len(items))


def _items(root: etree._Element, address: str) -> list[Link]:
    groups: dict[tuple[str, ...], dict[str, Link]] = {}
    for anchor in root.iter("a"):
        title = _item_title(anchor)
        target = _join(address, anchor.get("href") or "")
        if weigh(title) < ITEM_LETTERS or not target.startswith("http"):
            continue
        link = Link(title, target, _item_day(anchor) or address_day(target))
        known = groups.setdefault(_shape(anchor), {})
        if target not in known or len(known[target].title) < len(title):
            known[target] = link
    lists = [list(group.values()) for group in groups.values() if len(group) >= LIST_ITEMS]
    return max(lists, key=_weight, default=[])


def _weight(items: Sequence[Link]) -> float:
    dated = sum(item.date is not None for item in items)
    return sum(weigh(item.title) for item in items) * (1 + dated / len(items))


def _item_title(anchor: etree._Element) -> str:
    text = tidy("".join(str(part) for part in anchor.itertext()))
    whole = tidy(anchor.get("title") or "")
    shortened = text.endswith(("...", "…", "．．．", "..")) or not text
    return whole if whole and (shortened or whole.startswith(text)) else text


def _item_day(anchor: etree._Element) -> dt.date | None:
    """The day printed beside the link, in its own row or entry."""
    for element in [anchor, *list(anchor.iterancestors())[:3]]:
        if sum(1 for _ in element.iter("a")) > 2:
            return None
        day = declared_day("".join(str(part) for part in element.itertext()))
        if day:
            return day
    return None


def _shape(anchor: etree._Element) -> tuple[str, ...]:
    """Tags and classes around a link, three levels and the list that holds them."""
    around = [anchor, *list(anchor.iterancestors())[:4]]
    names = [f"{element.tag}.{re.sub(r'[0-9]+', '', label(element)).strip()}" for element in around]
    return tuple(names)
