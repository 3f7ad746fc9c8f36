"""What a page says about its article: title, publishing unit, author, day of publication, address."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urljoin

from lxml import etree

from extractors.webtree import HEADINGS, Line, label, squeeze, tidy

EARLIEST = 1994
"""No web page of China is older."""
NEAR_HEAD, NEAR_FOOT = 14, 8
"""How many lines before and after the body may hold its byline (the 60 pages looked at have it within 9 and 5)."""


@dataclass(frozen=True)
class Meta:
    title: str = ""
    unit: str = ""
    author: str = ""
    date: dt.date | None = None
    address: str = ""
    keywords: tuple[str, ...] = ()


# ---------------------------------------------------------------- what the head of the page declares


class Declared:
    """The page's own statements: <meta>, JSON-LD, <link rel=canonical>."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.metas: dict[str, str] = {}
        for meta in root.iter("meta"):
            key = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
            value = tidy(meta.get("content") or "")
            if key and value and key not in self.metas:
                self.metas[key] = value
        self.linked = dict(_linked_data(root))

    def first(self, names: Sequence[str]) -> str:
        return next((self.metas[name] for name in names if name in self.metas), "")


def _linked_data(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Keys and plain values of the page's JSON-LD, the innermost objects last."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        try:
            stack = [json.loads(script.text, strict=False)]
        except (ValueError, RecursionError):
            stack = list(dict(re.findall(r'"(datePublished|pubDate|headline)"\s*:\s*"([^"]*)"', script.text)).items())
            yield from stack
            continue
        while stack:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(value)
            elif isinstance(value, dict):
                yield from ((k, v) for k, v in value.items() if isinstance(v, str))
                stack.extend(v for v in value.values() if isinstance(v, (list, dict)))


# ---------------------------------------------------------------- dates

DATE_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "pubdate", "publishdate",
    "publish_date", "publish_time", "publishtime", "datepublished", "weibo:article:create_at", "_pubtime", "apub:time",
    "article.published", "firstpublishedtime", "dc.date.issued", "dc.date", "dcterms.date", "dcterms.created",
    "bytedance:published_time", "og:release_date", "article:create_at", "createdate", "date",
)  # fmt: skip

_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-/.年－]\s*(\d{1,2})\s*[-/.月－]\s*(\d{1,2})(?!\d)"
    r"|(?<!\d)(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)"
)
_PUBLISHED = re.compile(r"(?:发布|发表|发稿|发文|公开|录入|添加|创建|刊发|上传|发帖|上网|生成|提交)(?:时间|日期|于|人)?|时间|日期|posted|published", re.IGNORECASE)  # fmt: skip
_UPDATED = re.compile(
    r"(?:更新|修改|编辑)(?:时间|日期|于)|截止|有效期|活动时间|报名时间|成立于|建立于|登录时间|最后登录"
)
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12]\d|3[01])(?!\d)|/((?:19|20)\d\d)[-_/](\d{1,2})[-_/](\d{1,2})[/_.]"
)
_CLOCK = re.compile(r"\d{1,2}[:：]\d\d")
_STAMP = re.compile(r"""(?:publish(?:ed)?_?(?:time|date)|pub_?(?:time|date)|\bct|create_?time|ptime)["']?\s*[:=]\s*["']?(\d{10}(?:\d{3})?|(?:19|20)\d\d-\d\d-\d\d)""", re.IGNORECASE)  # fmt: skip
_CHINA = dt.timezone(dt.timedelta(hours=8))


def days(text: str) -> list[dt.date]:
    """Every whole day written in the text, in its order; 3/7/2005 as month/day/year unless that is no day."""
    found = []
    for match in _DAY.finditer(text):
        year, month, day = (int(group) for group in match.groups()[:3]) if match.group(1) else (
            int(match.group(6)), int(match.group(4)), int(match.group(5)))  # fmt: skip
        value = _day(year, month, day) or (_day(year, day, month) if match.group(6) else None)
        if value:
            found.append(value)
    return found


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        value = dt.date(year, month, day)
    except ValueError:
        return None
    return value if year >= EARLIEST else None


def _declared_day(declared: Declared) -> dt.date | None:
    for value in (
        declared.linked.get("datePublished", ""),
        declared.linked.get("pubDate", ""),
        declared.first(DATE_METAS),
    ):
        match = re.fullmatch(r"\d{10}|\d{13}", value)
        if match:
            return _from_stamp(value)
        if re.search(r"T\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$", value):
            try:
                return dt.datetime.fromisoformat(value).astimezone(_CHINA).date()
            except ValueError:
                pass
        found = days(value) or [
            day for part in re.findall(r"(?<!\d)((?:19|20)\d{6})(?!\d)", value) if (day := _compact(part))
        ]
        if found:
            return found[0]
    return None


def _compact(digits: str) -> dt.date | None:
    return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def _from_stamp(digits: str) -> dt.date:
    return dt.datetime.fromtimestamp(int(digits[:10]), _CHINA).date()


def _written_day(head: Sequence[Line], foot: Sequence[Line]) -> dt.date | None:
    """The day in a byline before or behind the body: labelled as published, then with a clock, then any."""
    ranked: list[tuple[int, int, dt.date]] = []
    near = chain(((i, line, 0) for i, line in enumerate(reversed(head))), ((i, line, 1) for i, line in enumerate(foot)))
    for distance, line, behind in near:
        text = line.text
        for match in _DAY.finditer(text):
            found = days(match.group())
            if not found or line.link_share > 0.7 or (line.size > 160):
                continue
            before = text[max(0, match.start() - 12) : match.start()]
            if _UPDATED.search(before):
                rank = 4
            elif _PUBLISHED.search(before):
                rank = 0
            elif _CLOCK.match(text[match.end() :].lstrip(" 日T")):
                rank = 1
            else:
                rank = 2 if line.size < 60 else 3
            ranked.append((rank + 2 * behind, distance, found[0]))
    return min(ranked, key=lambda entry: entry[:2])[2] if ranked else None


def _address_day(address: str) -> dt.date | None:
    match = _IN_ADDRESS.search(address)
    if not match:
        return None
    groups = [int(group) for group in match.groups() if group]
    return _day(groups[0], groups[1], groups[2])


def _script_day(root: etree._Element) -> dt.date | None:
    for script in root.iter("script"):
        match = _STAMP.search(script.text or "")
        if match:
            value = match.group(1)
            return days(value)[0] if "-" in value and days(value) else _from_stamp(value) if value.isdigit() else None
    return None


# ---------------------------------------------------------------- names

_NAME = r"[\w·•．.－\-（）()《》“”\"' ]"
_UNIT = re.compile(rf"(?:信息|文章|稿件|消息|新闻|本文|内容|原文)?(?:来源|來源|出处|转自|摘自|信息提供|发布机构|发布单位|供稿单位)\s*(?:于)?[：:】\]]\s*[\[【（(]?\s*({_NAME}{{2,40}})")  # fmt: skip
_AUTHOR = re.compile(
    r"(?:作\s*者|撰\s*稿|供\s*稿|撰\s*文|通讯员|记\s*者|文/图|图/文|文字|本报记者|特约记者|见习记者|实习记者)\s*(?:[：:/／]|(?<=者)\s|(?<=员)\s)\s*([\w·、,，\u3000 ]{2,40})"
)
_AUTHOR_METAS = ("author", "article:author", "og:article:author", "dc.creator", "byl", "reporter")
_UNIT_METAS = ("contentsource", "source", "article:source", "og:article:source", "mediaid", "dc.source", "copyright-holder", "weibo:article:source")  # fmt: skip
_STOP = re.compile(
    r"\s*(?:\d{4}[-年/.]|\d{1,2}[:：]|编辑|责编|责任编辑|记者|作者|浏览|点击|阅读|字号|字体|发布|发表|时间|日期|来源|分享|打印|访问|人气|摄影|通讯员|我要|评论|【|更新|审核|关键)"
)
_NOT_A_NAME = re.compile(r"^(?:admin|administrator|管理员|佚名|未知|本站|网络|互联网|转载|本网|暂无|无|null|undefined|原创|size.*|\W*)$", re.IGNORECASE)  # fmt: skip


def _clean(value: str) -> str:
    """A name cut where the next label begins."""
    value = tidy(value)
    cut = _STOP.search(value)
    if cut and cut.start() >= 2:
        value = value[: cut.start()]
    value = value.strip(" 　|/、，,。.-—（(【[）)】]\"'“”")
    return "" if _NOT_A_NAME.match(value) else value


def _named(pattern: re.Pattern[str], lines: Sequence[Line]) -> str:
    for line in lines:
        if line.size <= 120:
            for match in pattern.finditer(line.text):
                value = _clean(match.group(1))
                if value:
                    return value
    return ""


# ---------------------------------------------------------------- title

_SEPARATOR = re.compile(r"\s*(?:[_|｜»>＞<]|\s[-–—]+\s|——|--|(?<=[\u4e00-\u9fff）”》】!！?？])-(?=[\u4e00-\u9fff]))\s*")
_TITLE_METAS = ("articletitle", "og:title", "twitter:title", "title", "dc.title", "headline")
_TITLE_LABEL = re.compile(r"title|bt\b|biaoti|headline|tit\b|ctitle|h1")


def page_titles(root: etree._Element, declared: Declared) -> list[str]:
    """What may be the title by the head of the page: declared ones and the parts of <title>, the longest first."""
    whole = tidy("".join(next(iter(root.iter("title")), root.makeelement("title")).itertext()))
    parts = [part for part in _SEPARATOR.split(whole) if len(part) >= 4]
    stated = [declared.metas[name] for name in _TITLE_METAS if name in declared.metas]
    stated += [declared.linked["headline"]] if "headline" in declared.linked else []
    stated += [part for text in stated for part in _SEPARATOR.split(text) if len(part) >= 4]
    seen = dict.fromkeys((*stated, whole, *sorted(parts, key=len, reverse=True)))
    return [text for text in seen if text]


def title_lines(lines: Sequence[Line], titles: Sequence[str], before: int) -> list[int]:
    """Indices of the lines up to `before` that print the title: named by the page's head, else its heading."""
    wanted = [_key(text) for text in titles]
    exact, likely = [], []
    for i, line in enumerate(lines[:before]):
        key = _key(line.text)
        if line.image or not 4 <= len(key) <= 120:
            continue
        if key in wanted:
            exact.append(i)
        elif (
            (len(key) >= 6
            and any(key in text and 2 * len(key) >= len(text) for text in wanted[:4]))
            or (len(key) >= 10 and any(key in text for text in wanted))
        ):
            likely.append(i)
    unlinked = [i for i in exact if lines[i].link_share < 0.5]
    return unlinked or likely or exact


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", squeeze(text)).lower()


def heading_line(lines: Sequence[Line], before: int) -> int | None:
    """Index of the nearest line above the body that is set as a heading or named as a title."""
    for i in range(before - 1, max(-1, before - NEAR_HEAD), -1):
        line = lines[i]
        named = any(_TITLE_LABEL.search(label(element)) for element in list(line.ancestors)[:2])
        heads = any(element.tag in ("h1", "h2", "h3") for element in list(line.ancestors)[:3])
        if 4 <= line.size <= 80 and line.link_share < 0.5 and (named or heads):
            return i
    return None


# ---------------------------------------------------------------- all together

_LEVELS = HEADINGS


def read_meta(root: etree._Element, declared: Declared, title: str, head: Sequence[Line], foot: Sequence[Line]) -> Meta:
    """What is known of the article; `head` and `foot` are the lines around its body, the nearest last and first."""
    address = page_address(root, declared)
    date = _declared_day(declared) or _written_day(head, foot) or _address_day(address) or _script_day(root)
    near = [*reversed(head), *foot]
    unit = _named(_UNIT, near) or _clean(declared.first(_UNIT_METAS))
    author = _named(_AUTHOR, near) or _clean(declared.first(_AUTHOR_METAS))
    keywords = tuple(word for word in re.split(r"[,，;；、\s]+", declared.first(("keywords",))) if word)
    return Meta(title, unit, author, date, address, keywords if len(keywords) <= 12 else ())


def page_address(root: etree._Element, declared: Declared, default: str = "") -> str:
    """The page's own address where it states one in full, else the default."""
    stated = [link.get("href") or "" for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    stated += [declared.metas.get("og:url", "")]
    base = next((element.get("href") or "" for element in root.iter("base")), "") or default
    for address in stated:
        full = urljoin(base, address) if address else ""
        if full.startswith("http"):
            return full
    return default or _saved_from(root) or (base if base.startswith("http") else "")


def _saved_from(root: etree._Element) -> str:
    """The address that browsers note in a comment when they save a page: saved from url=(0033)http://…"""
    for comment in root.getroottree().xpath("//comment()[contains(., 'saved from url=')]")[:1]:
        match = re.search(r"saved from url=\(\d+\)(\S+)", str(comment.text))
        return match.group(1) if match else ""
    return ""
