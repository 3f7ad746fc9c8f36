"""What a page says about its article: publishing unit, author, day of publication, address, keywords."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from bulletin.text import is_unit
from extractors.webauthors import credited, read_credit
from extractors.webdates import DATE_METAS, publication_day, unit_before_day
from extractors.webtree import Line, tidy

UNIT_METAS = ("contentsource", "source", "article:source", "og:article:source", "mediaid", "weibo:article:source")
AUTHOR_METAS = ("author", "article:author", "og:article:author", "dc.creator", "reporter")
MOST_KEYWORDS = 12
"""More are a site's own, the same on every page."""
BYLINE_SIZE = 120


@dataclass(frozen=True)
class Meta:
    unit: str = ""
    author: str = ""
    date: dt.date | None = None
    address: str = ""
    keywords: tuple[str, ...] = ()


class Declared:
    """The page's own statements: <meta>, JSON-LD, <link rel=canonical>."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.metas: dict[str, str] = {}
        for meta in root.iter("meta"):
            key = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
            value = tidy(meta.get("content") or "")
            if key and value:
                self.metas.setdefault(key, value)
        self.linked: dict[str, str] = {}
        for key, value in _linked_data(root):
            self.linked.setdefault(key, value)

    def values(self, names: Sequence[str], *keys: str) -> list[str]:
        """What the JSON-LD says under `keys`, then the <meta> elements of these names, in that order."""
        found = [self.linked.get(key, "") for key in keys] + [self.metas.get(name, "") for name in names]
        return [value for value in found if value]

    def address(self, default: str = "") -> str:
        """The page's own address where it states one in full, else the default, else what its browser noted."""
        base = next((element.get("href") or "" for element in self.root.iter("base")), "") or default
        stated = [e.get("href") or "" for e in self.root.iter("link") if (e.get("rel") or "").lower() == "canonical"]
        for address in (*stated, self.metas.get("og:url", "")):
            full = _join(base, address) if address else ""
            if full.startswith("http"):
                return full
        return default or _saved_from(self.root) or (base if base.startswith("http") else "")


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # http://[broken
        return ""


def _saved_from(root: etree._Element) -> str:
    """The address that browsers note in a comment when they save a page: saved from url=(0033)http://…"""
    outside = [root.getprevious(), *root.iter(etree.Comment)]
    for comment in outside[:20]:
        match = re.search(r"saved from url=\(\d+\)(\S+)", (comment.text or "") if comment is not None else "")
        if match and match.group(1).startswith("http"):
            return match.group(1)
    return ""


def _linked_data(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Keys and plain values of the page's JSON-LD, outer objects first; of broken JSON the few keys that matter."""
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or not text.strip():
            continue
        try:
            stack = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            yield from re.findall(r'"(datePublished|pubDate|headline)"\s*:\s*"([^"]*)"', text)
            continue
        while stack:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(value)
            elif isinstance(value, dict):
                yield from ((key, tidy(item)) for key, item in value.items() if isinstance(item, str))
                stack.extend(item for item in value.values() if isinstance(item, list | dict))


def read_meta(
    declared: Declared, address: str, head: Sequence[Line], body: Sequence[Line], foot: Sequence[Line]
) -> Meta:
    """What is known of the article; `head` and `foot` are the lines around its body, the nearest last and first."""
    dates = declared.values(DATE_METAS, "datePublished", "pubDate")
    head, foot = join_labels(head), join_labels(foot)
    near = [*reversed(head), *foot]
    edges = [*body[:2], *body[-2:]]
    texts = [line.text for line in body if not line.image]
    written = credited(texts[0], texts[-1]) if texts else ""
    said = _named(AUTHOR, near)
    # 作者：某某局办公室 is the unit, whatever the label says.
    unit = _named(UNIT, near) or _first_name(declared.values(UNIT_METAS)) or _bare_unit(near) or _if_unit(said)
    authors = [name for name in (said, *declared.values(AUTHOR_METAS)) if not _if_unit(name) and name != unit]
    keywords = tuple(word for word in re.split(r"[,，;；、\s]+", declared.metas.get("keywords", "")) if word)
    return Meta(
        unit=unit,
        author=_first_name(authors) or written or _credit(near) or _named(REPORTER, edges),
        date=publication_day(dates, head, body, foot, address, declared.root),
        address=address,
        keywords=keywords if len(keywords) <= MOST_KEYWORDS else (),
    )


# ---------------------------------------------------------------- names

# 发布机构 | 某某局 : a label and its value in cells of their own
LABEL = re.compile(
    r"[\[【]?(?:信息来源|来\s*源|发布机构|发布单位|供稿单位|作\s*者|(?:发布|发表|成文|更新|生成)(?:日期|时间))[\]】]?[：:]?"
)


def join_labels(lines: Sequence[Line]) -> list[Line]:
    """The lines with each bare label put before the line that follows it."""
    joined: list[Line] = []
    label = ""
    for line in lines:
        if line.image:
            continue
        if LABEL.fullmatch(line.text):
            label = line.text.rstrip("：:") + "："
            continue
        joined.append(Line(label + line.text, line.ancestors, line.linked) if label else line)
        label = ""
    return joined


# 来源：某某日报   信息来源: 某某局   【出处】某某
UNIT = re.compile(
    r"(?:信息|文章|稿件|消息|新闻|本文|内容|原文)?(?:来\s*源|來源|出处|转自|摘自|信息提供|发布机构|发布单位|供稿单位)\s*[：:】\]]"
    r"\s*[\[【（(]?\s*([^|｜，,。；;：:]{2,40})"
)
# 作者：某某   记者 某某   通讯员：某某、某某
AUTHOR = re.compile(
    r"(?:作\s*者|[撰供]\s*稿人?|撰\s*文|文字|文/图|图/文|文(?=[/／])|通讯员|记\s*者)"
    r"(?:\s*[：:/／丨]|(?<=[者员])\s)\s*([\w·•、,，\u3000 ]{2,40})"
)
# （某报记者 某某）   记者 某某   某社记者某某、某某 (only where a line or bracket ends)
REPORTER = re.compile(r"(?:记者|通讯员|作者)[：: ]\s*([\w·•、 ]{2,24})(?=[）)】]|$)")
REPORTED = re.compile(r"(?:本[报网刊台])?(?:见习|特约|全媒体)?(?:记者|通讯员)\w")
# What two stray bytes of a GBK page decode to.
PRIVATE = re.compile("[\\ue000-\\uf8ff]")
# A page that names its site as the author.
SITE = re.compile(r"(?:网|网站|报|报社|社|电视台|中心|自媒体综合|\.(?:com|net|cn|org))$", re.IGNORECASE)
_STOP = re.compile(
    r"[，,]\s*(?:系|单位)|\s+图片?$|\s*(?:图\s*[/／:：]|\d{4}\s*[-年/.]|\d{1,2}[:：]|编辑|责编|责任编辑|记者|作者|浏览|点击|阅读|字号|字体|字$|发布|发表|时间|日期|来源|分享|打印"
    r"|访问|人气|摄影|通讯员|我要|评论|【|更新|审核|关键|举报|供稿|校对|查看|\[字|\(?责)"
)
_NOT_A_NAME = re.compile(
    r"^(?:admin\w*|管理员|佚名|未知|本站\w*|网络|互联网|转载|转载文章|本网|暂无|无|网易|新浪|搜狐|腾讯|凤凰|null|undefined|none|原创|size.*|.*@.*|[\W\d_]*)$",
    re.IGNORECASE,
)


def _named(pattern: re.Pattern[str], lines: Sequence[Line]) -> str:
    """The first name that the pattern finds in the lines."""
    for line in lines:
        if line.size <= BYLINE_SIZE or pattern is REPORTER:
            name = _first_name([match.group(1) for match in pattern.finditer(line.text)])
            if name:
                return name
    return ""


def _if_unit(name: str) -> str:
    """The name where it is that of an organ or a site, else nothing."""
    return name if SITE.search(name) or is_unit(name) else ""


def _credit(lines: Sequence[Line]) -> str:
    """The names of the nearest byline that has them right behind its label: 某某日报 | 记者林小舟."""
    parts = (part for line in lines if line.size <= BYLINE_SIZE for part in re.split(r"[|｜]|\s{2,}|　", line.text))
    return next((names for part in parts if REPORTED.match(part.strip()) and (names := read_credit(part.strip()))), "")


def _bare_unit(lines: Sequence[Line]) -> str:
    """The unit of the nearest byline that has no labels."""
    return next((unit for line in lines if line.size <= BYLINE_SIZE and (unit := unit_before_day(line.text))), "")


def _first_name(values: Sequence[str]) -> str:
    """The first value that is a name, cut where the next label begins."""
    for value in values:
        text = PRIVATE.sub("", tidy(value))
        cut = _STOP.search(text)
        text = text[: cut.start()] if cut and cut.start() >= 2 else text
        text = text.strip(" 　|/、，,。.-—（(【[）)】]<>\"'“”")
        if text and not _NOT_A_NAME.match(text) and not (cut and cut.start() < 2):
            return text
    return ""
