"""Days that do not exist, weekdays that are not theirs, ranges that run backwards."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from bulletin.proofing.found import LIKELY, MUST, Found
from bulletin.text import chinese_number

_CN = "〇○零一二三四五六七八九十"
_DAY = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)\s*年\s*)?(?<![\d.])(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]"
    r"(?:\s*[（(]?\s*(?:星期|周|礼拜)(?P<w>[一二三四五六日天])\s*[）)]?)?"
    rf"|(?:(?P<cy>[一二][{_CN}]{{3}})年)?(?<![{_CN}])(?P<cm>[{_CN}]{{1,2}})月(?P<cd>[{_CN}]{{1,3}})日"
)
_RANGE = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日?\s*(?:至|到|—|-|～|~)\s*(\d{1,2})日")
_HELD = re.compile(r"召开|举行|举办|开展了|组织了|赴")
_PLANNED = re.compile(r"将|拟|计划|预计|定于|截止|截至|之前|前完成|有效期|到期|至")
_WEEK = "一二三四五六日"


def days(text: str, dated: date | None) -> Iterator[Found]:
    """Every contradiction of a day in one line; `dated` is the article's day, which gives missing years."""
    if "月" not in text:
        return
    for match in _DAY.finditer(text):
        groups = match.groupdict()
        year = chinese_number(groups["y"] or groups["cy"] or "")
        month = chinese_number(groups["m"] or groups["cm"])
        day = chinese_number(groups["d"] or groups["cd"])
        if month is None or day is None:
            continue
        if not _exists(year, month, day):
            yield Found("no-such-day", MUST, *match.span(), "", f"没有“{match[0]}”这一天")
            continue
        known = year or (dated.year if dated else None)
        if known is None:
            continue
        if groups["w"] and _exists(known, month, day):
            yield from _weekday(match, date(known, month, day), groups["w"], sure=year is not None)
        if year and dated:
            yield from _future(text, match, date(year, month, day), dated)
    for match in _RANGE.finditer(text):
        if int(match[2]) > int(match[3]):
            yield Found("backward-range", MUST, *match.span(), "", "起止日期前后颠倒，或漏写月份")


def _exists(year: int | None, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or day < 1:
        return False
    # Without a year 29 February may exist.
    return day <= monthrange(year or 2024, month)[1]


def _weekday(match: re.Match[str], day: date, said: str, *, sure: bool) -> Iterator[Found]:
    right = _WEEK[day.weekday()]
    if said.replace("天", "日") != right:
        message = f"{day.year}年{day.month}月{day.day}日是星期{right}"
        yield Found("weekday", MUST if sure else LIKELY, *match.span(), "", message)


def _future(text: str, match: re.Match[str], day: date, dated: date) -> Iterator[Found]:
    sentence = re.split(r"[。；！？]", text[match.end() :])[0]
    before = re.split(r"[。；！？]", text[: match.start()])[-1]
    if day > dated and _HELD.search(sentence) and not _PLANNED.search(before + sentence):
        yield Found("after-its-date", LIKELY, *match.span(), "", f"所述日期晚于成稿日期{dated.isoformat()}")
