"""The day on which a page's article was published."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from bulletin.text import find_dates, is_unit
from extractors.webtree import Line

EARLIEST = 1994
"""No web page of China is older."""
CHINA = dt.timezone(dt.timedelta(hours=8))
BYLINE_SIZE = 160
"""A longer line is text about some day, no byline."""
LINKED = 0.8
TITLE_LETTERS = 8
"""A line of which more is linked, and so many letters, is an entry of a list, with the day of another article."""
LABEL_REACH = 12
"""How many characters before a day its label may begin."""

DATE_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "pubdate", "publishdate",
    "publish_date", "publish_time", "publishtime", "datepublished", "weibo:article:create_at", "_pubtime", "apub:time",
    "article.published", "firstpublishedtime", "dc.date.issued", "dc.date", "dcterms.date", "dcterms.created",
    "bytedance:published_time", "og:release_date", "article:create_at", "createdate", "date",
)  # fmt: skip

# 2022-02-11, 2022.2.11, 2022年2月11日, 2022－2－11; and 9/17/2004 as servers with American settings write it
_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*[-/.年－]\s*(?P<month>\d{1,2})\s*[-/.月－]\s*(?P<day>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<last>(?:19|20)\d\d)(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4}|\d{6})?(?!\d)")
_PUBLISHED = re.compile(
    r"(?:发布|发表|发稿|发文|公开|录入|添加|创建|刊发|上传|发帖|上网|生成|提交|时间|日期)(?:时间|日期|于|人)?|posted|published|\bpub\b",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r"(?:更新|修改|编辑|打印|访问|登录|注册|成文|实施|生效|截止|报名|活动)(?:时间|日期|于)|有效期|今天是|现在是|成立于|建立于|加入于"
)
_CLOCK = re.compile(r"[ 日T]*\d{1,2}[:：]\d\d")
# /2022-02/13/, /2022/0213/, /20220213/, t20220213_123.html
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12]\d|3[01])(?!\d{3})"
    r"|/((?:19|20)\d\d)[-_/](\d{1,2})[-_/](\d{1,2})[/_.]"
)
# "publish_time":"1575253853", var ct = "1575253853", pubDate = '2022-02-13'
_IN_SCRIPT = re.compile(
    r"""(?:publish(?:ed)?_?(?:time|date)|pub_?(?:time|date)|\bct|create_?time|ptime|oriCreateTime)["']?\s*[:=]\s*"""
    r"""["']?(\d{10}(?:\d{3})?\b|(?:19|20)\d\d-\d\d-\d\d)""",
    re.IGNORECASE,
)


class _Found(NamedTuple):
    rank: int
    distance: int
    day: dt.date


def publication_day(
    declared: Sequence[str], head: Sequence[Line], body: Sequence[Line], foot: Sequence[Line], address: str,
    root: etree._Element,
) -> dt.date | None:  # fmt: skip
    """The day of publication, or None.

    In this order: what the page declares (`declared`, values of its metadata), a byline above or below the body, the
    address, a script's variable, a date line that ends the body, a date in its opening words.
    """
    return (
        next((day for value in declared if (day := declared_day(value))), None)
        or byline_day(head, foot)
        or address_day(address)
        or _script_day(root)
        or _signature_day(body)
    )


def declared_day(value: str) -> dt.date | None:
    """The day in a metadata value, a moment with a zone taken as its day in China."""
    text = value.strip()
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _from_stamp(text)
    if re.search(r"T\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$", text):
        try:
            return dt.datetime.fromisoformat(text).astimezone(CHINA).date()
        except ValueError:
            pass
    compact = (_valid(*(int(group) for group in match.groups())) for match in _COMPACT.finditer(text))
    return next((day for _, _, day in _days(text)), None) or next((day for day in compact if day), None)


def _days(text: str) -> Iterator[tuple[int, int, dt.date]]:
    """Start, end and day of every whole day written in the text."""
    for match in _DAY.finditer(text):
        if match["year"]:
            day = _valid(int(match["year"]), int(match["month"]), int(match["day"]))
        else:
            year, first, second = int(match["last"]), int(match["first"]), int(match["second"])
            day = _valid(year, first, second) or _valid(year, second, first)
        if day:
            yield match.start(), match.end(), day


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year >= EARLIEST else None
    except ValueError:
        return None


def _from_stamp(digits: str) -> dt.date:
    return dt.datetime.fromtimestamp(int(digits[:10]), CHINA).date()


def byline_day(head: Sequence[Line], foot: Sequence[Line]) -> dt.date | None:
    """The day in the byline above the body (nearest line last) or below it (nearest first).

    A day labelled as published comes before one with a clock time, that before a bare one, and those before a day
    labelled otherwise (更新时间).
    """
    found = [
        *(entry for i, line in enumerate(reversed(head)) for entry in _line_days(line, i, below=False)),
        *(entry for i, line in enumerate(foot) for entry in _line_days(line, i, below=True)),
    ]
    return min(found)[2] if found else None


def _is_list_entry(line: Line) -> bool:
    """Whether a line is the linked title of another article; the linked name of the publishing unit is not."""
    return line.link_share > LINKED and line.linked >= TITLE_LETTERS and not unit_before_day(line.text)


def unit_before_day(text: str) -> str:
    """The publishing unit of a byline without labels: 某某县融媒体中心 2026-11-11 20:30. Empty where there is none."""
    days = next(_days(text), None)
    name = text[: days[0]].strip(" \u3000|｜·-") if days else ""
    return name if is_unit(name) else ""


def _line_days(line: Line, distance: int, *, below: bool) -> Iterator[_Found]:
    if line.size > BYLINE_SIZE or _is_list_entry(line):
        return
    for start, end, day in _days(line.text):
        before = line.text[max(0, start - LABEL_REACH) : start]
        if _OTHER_DAY.search(before):
            rank = 5
        elif _PUBLISHED.search(before):
            rank = 0
        elif _CLOCK.match(line.text[end:]):
            rank = 1
        else:
            rank = 2 if line.size < 60 else 4
        yield _Found(rank + (2 if below else 0), distance, day)


def address_day(address: str) -> dt.date | None:
    """The day in an address, as most news sites write it."""
    match = _IN_ADDRESS.search(address)
    if not match:
        return None
    year, month, day = (int(group) for group in match.groups() if group)
    return _valid(year, month, day)


def _script_day(root: etree._Element) -> dt.date | None:
    for script in root.iter("script"):
        match = _IN_SCRIPT.search(script.text or "")
        if match:
            return declared_day(match.group(1))
    return None


def _signature_day(body: Sequence[Line]) -> dt.date | None:
    """The day that ends the body (二〇二二年二月十三日), or that its first words name (【某报2005年7月3日报道】)."""
    texts = [line.text for line in body if not line.image]
    for text in reversed(texts[-3:]):
        if len(text) <= 30 and (last := [found.day for found in find_dates(text)]):
            return last[-1]
    opening = texts[0][:40] if texts else ""
    return next((found.day for found in find_dates(opening)), None)
