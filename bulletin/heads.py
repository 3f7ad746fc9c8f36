"""The lines above a body: title, subtitle, unit, author, date, the line 来源 … 时间 …, keywords.

Used for one article (`structure`), for the articles of a collection and the entries of a past issue.
"""

import datetime
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from bulletin.paragraphs import ALONE, is_entry
from bulletin.text import (
    BLANK,
    DATE_LINE,
    DATE_PATTERNS,
    FINAL,
    HAN,
    LIST_ITEM,
    columns,
    find_date,
    has_han,
    heading_marker,
    is_date_line,
    is_han,
    is_unit,
    likeness,
    squeeze,
    visible,
)

TITLE_LONGEST = 60
"""Characters of the longest line taken for a title (39 in the seeds)."""
TITLE_LINES = 3
"""Most lines one title is printed over."""
SIGNED_LONGEST = 60
"""Characters of the longest line of unit, author and date."""
OWNED = 6
"""Characters that a title has at least behind the unit it begins with."""
RECORDED = "来源、作者、时间一行，已记入稿件信息"
"""Why a line 来源 … 时间 … is no longer in the text."""
REMEMBERED = 200
"""Characters of the longest line whose kind is remembered: one reading of a document asks four times for each line."""
SAME_TITLE = 0.84
"""Likeness from which two titles are one title printed twice (the seeds' worst pair has 0.96, strangers at most 0.6)."""


class Kind(StrEnum):
    TITLE = "title"
    SUBTITLE = "subtitle"
    UNIT = "unit"
    AUTHOR = "author"
    DATE = "date"
    BYLINE = "byline"
    KEYWORDS = "keywords"
    SECTION = "section"
    HEADING = "heading"
    PROSE = "prose"


class Head(NamedTuple):
    """What the lines above a body say; `end` is the index of the first line of the body."""

    title: str = ""
    subtitle: str = ""
    unit: str = ""
    author: str = ""
    date: datetime.date | None = None
    note: str = ""
    end: int = 0


_LABELS = (
    "来源|稿源|信息来源|文章来源|发布单位|供稿单位|供稿|单位|作者|撰稿|记者"
    "|编辑|责任编辑|发布时间|发布日期|时间|日期|浏览次数|阅读|点击|字号|审核"
)
_BYLINE = re.compile(rf"[（(【\[]?{BLANK}*(?:{_LABELS}){BLANK}*[：:]")
_PRESS = re.compile(r"[（(]?(?:原?载|据|摘自)?《[^》]{2,16}(?:报|刊|志|网|周刊|时报)》.{0,30}(?:版|期|日|网)[）)]?")
"""（《清河日报》2024年3月11日第1版）: where a cutting was printed."""
_PAIR = re.compile(
    rf"({_LABELS}){BLANK}*[：:]{BLANK}*(.*?)(?={BLANK}*[|｜丨，,；;]?{BLANK}*(?:{_LABELS}){BLANK}*[：:]|[）)】\]]?$)"
)
KEYWORDS = re.compile(rf"[【\[]?关{BLANK}*键{BLANK}*[词字][】\]]?{BLANK}*[：:]{BLANK}*(?P<words>.+)")
SUBTITLE = re.compile(r"(?:——|—|--|－－|─{2})(?!\s*\d)(?P<text>.{1,59}[^。；])")
"""——清河县供水改革纪实; a sentence behind the dash is part of a list."""
SECTION = re.compile(rf"【{BLANK}*(?P<name>[^】]{{2,20}}?){BLANK}*】")
# Each {HAN} takes a millisecond to compile, at every start: here stands one of them and not two.
_NAME = rf"(?:{HAN}{BLANK}?){{2,4}}(?<!{BLANK})"
_AUTHOR = re.compile(
    rf"[□■◎●○]?{BLANK}*(?:(?:文|撰文)[/／丨|:：]{BLANK}*|(?:本[报刊网]|[\w]{{2,8}}(?:日报|晚报|电视台|融媒体中心))?(?:特约)?(?:见习)?(?:记者|通讯员){BLANK}+)"
    rf"(?P<names>{_NAME}(?:[、，,{' '}]+(?:记者|通讯员)?{BLANK}*{_NAME})*)"
)
_DATE = re.compile(
    "|".join(
        re.sub(r"\(\?P<[ymd]>", "(?:", p.pattern.replace("(?P<s>[-/.])", "[-/.]").replace("(?P=s)", "[-/.]"))
        for p in DATE_PATTERNS
    )
)
_COMMENTATOR = re.compile("(?:本[报刊网台]|[^，。：；、]{2,8}(?:报|社|网|台))(?:特约)?评论员")
_BARE_NAMES = re.compile(rf"{_NAME}(?:(?:、|{BLANK}+){_NAME}){{0,3}}")
_POST = (
    "(?:党委|党组|党工委)?(?:第一)?(?:副?(?:书记|主任|局长|处长|科长|部长|县长|区长|市长|乡长|镇长|校长|院长|所长|站长|馆长"
    "|会长|主席|秘书长|巡视员|总经理|董事长)|常委|委员|教授|研究员|讲师|干事)"
)
_POST_AUTHOR = re.compile(rf"(?P<unit>[^\s]{{2,40}}?)(?P<post>{_POST}(?:、{_POST}){{0,3}}){BLANK}+(?P<names>{_NAME})")
"""沙洲乡党委书记 严守信: a person with his post."""
_UNIT_AUTHOR = re.compile(rf"(?P<unit>[^\s]{{3,40}}){BLANK}+(?P<names>{_NAME}(?:[、{' '}]{_NAME}){{0,2}})")
SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申殷詹欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季成霍苗涂谷曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司古吉缪简车项连芦麦褚娄窦岑景党宫费卜冷晏卫席柏米隋宗桂全楼闵佟臧边卞姬邬和仇池丘商计"
)


_NO_TITLE = re.compile(f"[{FINAL.replace('？', '').replace('！', '')}；;]")
_DATELINE = re.compile("(?:记者|通讯员|本报|本网).*[讯电][）)]?$")
_ASKING = ("问：", "答：", "问:", "答:")
_BETWEEN_NAMES = re.compile(rf"、|{BLANK}+")
_BEFORE_NAMES = re.compile(rf"[、，,]?{BLANK}*(?:记者|通讯员){BLANK}*")
_SPACED_NAME = re.compile(rf"(?:^|{BLANK}){HAN}(?:{BLANK}|$)")
_WIDE_NAME = re.compile(rf"(?<!{HAN})({HAN}){BLANK}+({HAN})(?!{HAN})")
_BRACKETED = re.compile(r"[（(]([^（）()]+)[）)]")
_POSTED = re.compile(r"原创|转载|\d{1,2}:\d\d(?::\d\d)?|.{2,16}发布")
"""What posts of public accounts have beside unit and day: 原创 云岭宣传 云岭发布 2024-03-05 18:30."""
_BETWEEN_PARTS = re.compile(rf"(?:{BLANK}|[,，、；;|｜/／])+")


def is_name(text: str) -> bool:
    """Whether the words are names of people: one to four of them, each with a common surname."""
    if not _BARE_NAMES.fullmatch(text.strip()):
        return False
    parts = [p for p in _BETWEEN_NAMES.split(text.strip()) if p]
    if any(len(p) == 1 for p in parts):
        parts = [visible(text)]
    return all(2 <= len(p) <= 4 and p[0] in SURNAMES for p in parts)


def is_title_line(text: str) -> bool:
    """Whether the line can be (part of) a title: short, one clause or two, no end of a sentence."""
    line = text.strip()
    if not line or _NO_TITLE.search(line) or line[-1] in "，、：:,":
        return False
    if not 2 <= len(visible(line)) <= TITLE_LONGEST or text.startswith("\t") or is_entry(line):
        return False
    if _DATELINE.search(line) or line.startswith(_ASKING):
        return False
    if ALONE.match(line) or DATE_LINE.fullmatch(line) or LIST_ITEM.match(line) or KEYWORDS.match(line):
        return False
    return has_han(line)


def kind_of(text: str) -> Kind:
    """What a line above a body is; PROSE for anything that belongs to a body."""
    return _kind(text) if len(text) > REMEMBERED else _remembered_kind(text)


@lru_cache(maxsize=1024)
def _remembered_kind(text: str) -> Kind:
    return _kind(text)


def _kind(text: str) -> Kind:
    line = text.strip()
    if SECTION.fullmatch(line):
        return Kind.SECTION
    if is_date_line(line):
        return Kind.DATE
    if KEYWORDS.match(line):
        return Kind.KEYWORDS
    # 记者：难点在哪里？ is of an interview.
    if len(line) <= 120 and ((_BYLINE.match(line) and line[-1] not in FINAL) or _PRESS.fullmatch(line)):
        return Kind.BYLINE
    if SUBTITLE.fullmatch(line):
        return Kind.SUBTITLE
    if is_unit(line) or is_unit(bare(line)):
        return Kind.UNIT
    if read_signed(line):
        return Kind.BYLINE
    if read_author(line):
        return Kind.AUTHOR
    if heading_marker(line):
        return Kind.HEADING if is_title_line(line) else Kind.PROSE
    return Kind.TITLE if is_title_line(line) else Kind.PROSE


def owner(title: str) -> str:
    """The unit that a title names before its colon, or nothing: 清河县水务局：让清水长流."""
    unit, colon, rest = title.strip().partition("：")
    return unit.strip() if colon and len(rest) >= OWNED and is_unit(unit) and is_title_line(title) else ""


def closed_names(names: str) -> str:
    """The names, those of two characters without the blank that sets them as wide as three: 林 舟 赵小川 is 林舟 赵小川."""
    return _WIDE_NAME.sub(r"\1\2", names)


def read_author(text: str) -> tuple[str, str] | None:
    """(unit, names) of a line that is only an author: 林小舟, 本报记者 林小舟, 临川市财政局 林小舟."""
    line = text.strip().strip("（）()[]【】").strip()
    if not is_han(line[-1:]):  # a line of any of the forms below ends with a name
        return None
    if _COMMENTATOR.fullmatch(line):
        return "", line
    if match := _AUTHOR.fullmatch(line):
        return "", squeeze(_BEFORE_NAMES.sub(" ", match["names"]))
    if is_name(line):
        return "", visible(line) if _SPACED_NAME.search(line) else squeeze(line)
    if (match := _POST_AUTHOR.fullmatch(line)) and is_name(match["names"]):
        posted = match["unit"] + ("党委" if match["post"].startswith("党委") else "")
        return (posted if is_unit(posted) else ""), visible(match["names"])
    match = _UNIT_AUTHOR.fullmatch(line)
    if match and is_unit(match["unit"]) and is_name(match["names"]):
        return match["unit"], squeeze(match["names"])
    return None


def bare(line: str) -> str:
    """The line without the one pair of round brackets around all of it, or the square □ before it."""
    line = line.strip().lstrip("□■◎●○◆").strip()
    match = _BRACKETED.fullmatch(line)
    return match[1].strip() if match else line


class Byline(NamedTuple):
    unit: str = ""
    author: str = ""
    date: datetime.date | None = None


def read_signed(text: str) -> Byline | None:
    """Unit, author and date of a line that is made of at least two of them: （临川市财政局 林小舟 2023年12月10日）."""
    line = bare(text)
    if len(line) > SIGNED_LONGEST or not _DATE.search(line):
        return None
    day = find_date(line)
    words = _DATE.sub(" ", line)
    parts = [part for part in _BETWEEN_PARTS.split(words.strip()) if part and not _POSTED.fullmatch(part)]
    unit = parts.pop(0) if parts and is_unit(parts[0]) else ""
    if parts and not is_name(" ".join(parts)):
        return None
    if day is None or not (unit or parts):
        return None
    names = "".join(parts) if any(len(part) == 1 for part in parts) else "、".join(parts)
    return Byline(unit, names, day)


def read_byline(text: str) -> Byline:
    """Unit, author and date of a line such as 来源：临川日报　作者：林小舟　发布时间：2023-12-10."""
    if signed := read_signed(text):
        return signed
    unit = author = ""
    for label, value in _PAIR.findall(text.strip()):
        value = value.strip(" \u3000）)】]|｜")
        if label in ("来源", "稿源", "信息来源", "文章来源", "发布单位", "供稿单位", "供稿", "单位"):
            unit = unit or re.sub(rf"{BLANK}*\d{{4}}.*$", "", value)
        elif label in ("作者", "撰稿", "记者"):
            author = author or value
    return Byline(unit, author, find_date(text) or find_date(f"日期{visible(text)}"))


def join_title(lines: Sequence[str], witness: str = "") -> str:
    """The title whose printed lines these are: one blank at each break, none where a witness has none.

    `witness` is any text in which the title may stand whole: the contents, a running text.
    """
    title = ""
    for line in (squeeze(line) for line in lines if line.strip()):
        title = title + seam(title, line, witness) + line if title else line
    return title


def seam(left: str, right: str, witness: str = "") -> str:
    """A blank or nothing: what stands between two lines of one title."""
    if left[-1:] in "、，：《“（" or right[:1] in "、，》”）的":
        return ""
    tail, head = left[-3:], right[:3]
    return "" if tail + head in witness else " "


def mend_title(title: str, witness: str) -> str:
    """The title without the blanks that are only its line breaks: where the witness has none."""
    if likeness(title, witness) < SAME_TITLE or title.count(" ") == 0:
        return title
    return join_title(title.split(" "), witness)


def kind_at(lines: Sequence[str], index: int) -> Kind:
    """What the line is among its neighbours: over a subtitle stands a title, though it ends like a unit (百名讲师进百村)."""
    kind = kind_of(lines[index])
    under = lines[index + 1].strip() if index + 1 < len(lines) else ""
    return Kind.TITLE if kind is Kind.UNIT and SUBTITLE.fullmatch(under) else kind


def title_before(lines: Sequence[str], index: int, floor: int) -> int:
    """Index of the first line of the title that ends just above `index`; `index` itself where there is none."""
    first = index
    while first > floor and index - first < TITLE_LINES and kind_at(lines, first - 1) is Kind.TITLE:
        first -= 1
    return first


def read_head(lines: Sequence[str], start: int = 0, *, titles: int = TITLE_LINES, witness: str = "") -> Head:
    """What the lines from `start` on say, up to the first line of the body.

    At most `titles` of them are the title; the rest of short lines belongs to the body.
    """
    title: list[str] = []
    head = Head()
    index = start
    while index < len(lines):
        line, kind = lines[index].strip(), kind_at(lines, index)
        if kind is Kind.TITLE and len(title) < titles and not (head.unit and title) and not head.date:
            title.append(line)
        elif kind is Kind.SUBTITLE and title and not head.subtitle:
            match = SUBTITLE.fullmatch(line)
            head = head._replace(subtitle=match["text"].strip() if match else line)
        elif kind is Kind.UNIT and not head.unit:
            head = head._replace(unit=bare(line.rstrip("：:")))
        elif kind is Kind.AUTHOR and not head.author:
            unit, names = read_author(line) or ("", "")
            other = head.unit and unit and unit != head.unit  # the author's own, under that of the article
            head = head._replace(author=squeeze(bare(line)) if other else names, unit=head.unit or unit)
        elif kind is Kind.DATE and head.date is None:
            head = head._replace(date=find_date(line))
        elif kind is Kind.BYLINE:
            byline = read_byline(line)
            head = head._replace(
                unit=head.unit or byline.unit, author=head.author or byline.author, date=head.date or byline.date
            )
        else:
            break
        index += 1
    return head._replace(title=join_title(title, witness), end=index)


def is_wide(line: str) -> bool:
    """Whether a line is running text by its width alone."""
    return columns(line) > 2 * TITLE_LONGEST
