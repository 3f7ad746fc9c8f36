"""What Chinese office texts are made of: characters, numerals, dates, heading numbers, names of organs.

Everything here is a pure function of a string or a compiled pattern; the rules that use them are in
`cleaning`, `structure`, `collection`, `backissue` and `studyplan`.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇]"
BLANK = r"[ \t\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\r\n\x0b\x0c\x85]"
DIGITS = "〇零一二三四五六七八九十百千两"
FINAL = "。！？!?…"
"""What ends a sentence."""
CLOSERS = "”’）】》」』〉)"
OPENERS = "“‘（【《「『〈("
PAIRS = dict(zip("“‘（【《「『〈", "”’）】》」』〉", strict=True))

# X X* and not X+: only then `re` runs ahead to the first X (half the time on a line without one).
_BLANKS = re.compile(rf"{BLANK}{BLANK}*")
_A_HAN = re.compile(HAN)
_FULL_WIDTH = re.compile("[\u4e00-\u9fff，。、；：！？（）《》“”…—]+")
"""The commonest full-width characters: only what is left of a text need be looked up one by one."""
_VALUE = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0, "O": 0, "０": 0}
_UNIT = {"十": 10, "百": 100, "千": 1000}


def visible(text: str) -> str:
    """`text` without any blank: what two printings of the same words have in common."""
    return _BLANKS.sub("", text)


def squeeze(text: str) -> str:
    """`text` with every run of blanks made one, none at the ends."""
    return _BLANKS.sub(" ", text).strip()


def is_han(character: str) -> bool:
    """Whether it is a Chinese character (〇 is one, punctuation is not)."""
    return _A_HAN.match(character) is not None


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in `text`."""
    return _A_HAN.search(text) is not None


def columns(text: str) -> int:
    """Width as printed: 2 for a full-width character, 1 for a half-width one."""
    rest = _FULL_WIDTH.sub("", text)
    return 2 * (len(text) - len(rest)) + sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in rest)


def likeness(one: str, other: str) -> float:
    """How alike two titles are, 0 to 1, blanks and punctuation left out.

    A title that is the beginning or end of the other one counts by its share of it.
    """
    a, b = _words(one), _words(other)
    if not a or not b:
        return 0.0
    return 1.0 if a == b else SequenceMatcher(None, a, b, autojunk=False).ratio()


def is_like(one: str, other: str, least: float) -> bool:
    """Whether the likeness of two titles is `least` (up to 1) or more: its upper bounds, far cheaper, exclude most pairs."""
    a, b = _words(one), _words(other)
    if not a or not b:
        return least <= 0
    if a == b:
        return True
    if 2.0 * min(len(a), len(b)) / (len(a) + len(b)) < least:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.quick_ratio() >= least and matcher.ratio() >= least


def _words(text: str) -> str:
    return _NO_WORDS.sub("", text)


_NO_WORDS = re.compile(r"[\W_]+")
_STOP = re.compile(
    r"(?<![A-Za-z])(?!(?:Co|Ltd|Inc|etc|No|vol|pp|vs|Dr|Mr|Mrs|St)\.)[A-Za-z]{2,}\.|\S[0-9]\.|[0-9%％][%％]\.|\d[A-Za-z]+\."
)


def ends_with_stop(text: str) -> bool:
    """Whether the half-width full stop at the end of a Chinese sentence ends it, behind a figure or a foreign word.

    98.6%. and 3.5MB. end one; 1. at the head of a list item and Co. do not.
    """
    if not text.endswith(".") or not re.search(f"{HAN}.*[，。；：,;:]", text[-200:]):
        return False
    return re.search(rf"(?:{_STOP.pattern})$", text[-40:]) is not None


# ---------------------------------------------------------------- numerals


def chinese_number(text: str) -> int | None:
    """The value of 十二, 二十, 一百零五, 二〇二三 or 12; None where it is no number below 10 000."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if all(c in _VALUE for c in text):
        return int("".join(str(_VALUE[c]) for c in text))
    total, digit = 0, 0
    for character in text:
        if character in _UNIT:
            total += (digit or 1) * _UNIT[character]
            digit = 0
        elif character in _VALUE:
            digit = _VALUE[character]
        else:
            return None
    return total + digit


def to_chinese(number: int) -> str:
    """12 as 十二, 105 as 一百零五; for 0 to 9999."""
    if not 0 <= number <= 9999:
        raise ValueError(f"{number} is not between 0 and 9999")
    if number == 0:
        return "〇"
    out, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if zero and out else "") + "〇一二三四五六七八九"[digit] + name
        zero = digit == 0
    return out[1:] if out.startswith("一十") else out


# ---------------------------------------------------------------- dates

_B = rf"{BLANK}*"
_CN = r"[〇○零一二三四五六七八九十]"
# Ordered: the first that matches at a place wins.
DATE_PATTERNS: tuple[re.Pattern[str], ...] = (
    # 2023年12月10日, 2023 年 12 月 10 日, 2023年12月10号
    re.compile(rf"(?P<y>(?:19|20)\d\d){_B}年{_B}(?P<m>\d{{1,2}}){_B}月{_B}(?P<d>\d{{1,2}}){_B}[日号]"),
    # 二〇二三年十二月十日
    re.compile(rf"(?P<y>[一二]{_CN}{{3}}){_B}年{_B}(?P<m>{_CN}{{1,2}}){_B}月{_B}(?P<d>{_CN}{{1,3}}){_B}[日号]"),
    # 2023-12-10, 2023/12/10, 2023.12.10, 2023-12-10T08:00
    re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)(?!\.\d)"),
)
# 发布日期：20231210: eight digits are a date only where a label says so.
_LABELLED = re.compile(r"(?:日期|时间|发布)[^\d\n]{0,6}(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
# 12月4日: the year is the caller's
_YEARLESS = re.compile(rf"(?<!\d)(?P<m>\d{{1,2}}){_B}月{_B}(?P<d>\d{{1,2}}){_B}[日号]")
DATE_LINE = re.compile(
    rf"[（(\[〔]?{_B}(?:发布时间|发布日期|日期|时间)?[:：]?{_B}"
    rf"(?:{'|'.join(re.sub(r'[?]P<s>', '?:', re.sub(r'[?]P<[ymd]>', '?:', p.pattern)).replace('(?P=s)', '[-/.]') for p in DATE_PATTERNS)})"
    rf"{_B}[）)\]〕]?"
)


_DATE_ENDS = "日号）)]〕"


class FoundDate(NamedTuple):
    start: int
    end: int
    day: date


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_dates(text: str, today: date | None = None) -> Iterator[FoundDate]:
    """Every full date in `text` in order; with `today`, also 12月4日 as the last such day up to it."""
    found: list[FoundDate] = []
    patterns = (*DATE_PATTERNS, _LABELLED, *([_YEARLESS] if today else []))
    for pattern in patterns:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month, number = chinese_number(groups["m"]), chinese_number(groups["d"])
            year = chinese_number(groups["y"]) if "y" in groups else None
            day = _last(today, month, number) if "y" not in groups and today is not None else _day(year, month, number)
            if day and not any(match.start() < f.end and f.start < match.end() for f in found):
                found.append(FoundDate(match.start(), match.end(), day))
    yield from sorted(found)


def _last(today: date, month: int | None, number: int | None) -> date | None:
    this = _day(today.year, month, number)
    return this if this and this <= today else _day(today.year - 1, month, number)


def find_date(text: str, today: date | None = None) -> date | None:
    """The first full date in `text`; 近日 is none, and 12月4日 only with the day to count from."""
    return next((found.day for found in find_dates(text, today)), None)


def is_date_line(text: str) -> bool:
    """Whether the line is nothing but a date, in brackets or not: （2022年12月30日）."""
    line = text.strip()
    # Most lines are sentences: their last character tells that, where a pattern would be tried from the first.
    if line[-1:] not in _DATE_ENDS and not line[-1:].isdecimal():
        return False
    return DATE_LINE.fullmatch(line) is not None and find_date(text) is not None


# ---------------------------------------------------------------- heading numbers


class Marker(NamedTuple):
    """The number that opens a heading."""

    level: int
    number: int
    label: str
    """As written, without the mark that follows: 一, （三）, 12."""
    end: int
    """Where the words begin."""


_NUM = rf"[{DIGITS}]{{1,4}}"
MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    # 第一部分 总体要求
    (1, re.compile(rf"第(?P<n>{_NUM}|\d{{1,2}})(?:部分|章|编){_B}[、：:]?{_B}")),
    # 一、总体要求
    (1, re.compile(rf"(?P<n>{_NUM}){_B}[、．.,，]{_B}(?!\d)")),
    # （一）重要意义
    (2, re.compile(rf"[（(]{_B}(?P<n>{_NUM}){_B}[）)]{_B}[、.．]?{_B}")),
    # 1.加强领导 (but not 1.5 and not 2023.12.10)
    (3, re.compile(rf"(?P<n>\d{{1,2}}){_B}(?:[、．]|\.(?!\d)){_B}")),
    # （1）加强领导
    (4, re.compile(rf"[（(]{_B}(?P<n>\d{{1,2}}){_B}[）)]{_B}")),
    # 1）加强领导
    (4, re.compile(rf"(?P<n>\d{{1,2}})[）)]{_B}")),
)


_MARKER_STARTS = frozenset(f"第（({DIGITS}")
"""What a heading number begins with, digits aside."""


def heading_marker(text: str) -> Marker | None:
    """The heading number at the start of `text`: 一、 is level 1, （一） 2, 1. 3, （1） 4."""
    if text[:1] not in _MARKER_STARTS and not text[:1].isdecimal():
        return None
    for level, pattern in MARKERS:
        match = pattern.match(text)
        if not match:
            continue
        number = chinese_number(match["n"])
        if number is None or number == 0:
            continue
        label = match[0].strip().rstrip("、．.：:,， ") if level != 2 else match[0].strip().rstrip("、.． ")
        return Marker(level, number, label, match.end())
    return None


_COUNTING = re.compile(rf"(?P<n>[{DIGITS}][{DIGITS}]{{0,2}})(?:是|要|则)")
_CIRCLED = re.compile("[①-⑳]")
LIST_ITEM = re.compile(
    rf"(?:[①-⑳●■◆▲★☆▪•·\-–—*]|第?[{DIGITS}]{{1,3}}(?:是|要|则|来)|其[一二三四五六]|首先|其次|再次|最后)"
)


def enumerators(text: str) -> list[tuple[int, int]]:
    """Where 一是, 二要, 第三是, ④ open a clause, as (offset, number)."""
    numbers: list[tuple[int, int | None]] = [(m.start(), ord(m[0]) - ord("①") + 1) for m in _CIRCLED.finditer(text)]
    for match in _COUNTING.finditer(text):
        start = match.start()
        numbers.append((start - text.startswith("第", start - 1) if start else 0, chinese_number(match["n"])))
    return sorted((at, number) for at, number in numbers if number and (not at or text[at - 1] in "。；;：:！？，, ”"))


def is_heading_line(text: str) -> bool:
    """Whether the whole line is a numbered heading and not a paragraph that one opens.

    Seed collections have headings of up to 53 characters; a sentence inside makes it a paragraph.
    """
    marker = heading_marker(text)
    if marker is None:
        return False
    words = text[marker.end :].strip()
    return 0 < len(words) <= 60 and not re.search(rf"[{FINAL}；;]", words) and words[-1] not in "，、,："


# ---------------------------------------------------------------- names of organs

_ORGAN_END = (
    "委员会|党委|党组|党工委|工委|纪工委|纪委|监委|政法委|编办|党支部|支部|总支|党校|中心组|学习组|小组|工作组|课题组|调研组|考察组|督导组|督查组|专家组|编写组|宣讲团|报道组|专班|"
    "办公室|办公厅|人民政府|政府|政协|人大常委会|常委会|人大|局|厅|委|办|部|处|科|室|院|所|站|社|署|馆|校|厂|队|"
    "中心|集团|公司|银行|分行|支行|联社|大学|学院|学校|中学|小学|幼儿园|医院|法院|检察院|协会|学会|研究会|联合会|"
    "文联|社科联|残联|妇联|工商联|总工会|工会|商会|团委|青联|街道|开发区|高新区|新区|园区|合作区|管委会|管理区|"
    "委机关|局机关|厅机关|办机关|府机关|院机关|协机关|会机关|社机关|海关|林场|农场|监狱|煤矿|油田|机场|剧团|商行|"
    "日报|日报社|电视台|电台|广播电台|融媒体|通讯社|军分区|人武部|支队|大队|总队|省委|市委|县委|区委|镇|乡|县|市|区|省|州|旗|村"
)
_ORGAN = re.compile(rf"[\w〇（）()“”·、,，和及\u3000 &—-]{{1,50}}?(?:{_ORGAN_END})(?:[（(][^（）()]{{1,16}}[）)])?")
_ORGAN_LAST = frozenset(word[-1] for word in _ORGAN_END.split("|")) | {"）", ")"}
_NO_ORGAN = re.compile(r"[。！？；;!?《》\d%]")
_ACT = re.compile(
    "开展|推进|推动|坚持|加强|打造|召开|举办|举行|强调|传达|深入|落实|强化|构建|奋力|聚焦|赋能|走进|助力|提升|争当|建好|做好|"
    "学习贯彻|贯彻落实|(?<![先促引])进(?:小区|社区|校园|企业|机关|农村|乡村|百村)|谱写|努力|全力|扎实|牢牢|进一步|关于|印发|走在|^在|^把|^让|^以|^为|如何|[的了着]"
)
UNIT_LONGEST = 44
"""Characters of the longest line taken for the name of an organ (the longest in the seeds has 22)."""


def is_unit(text: str) -> bool:
    """Whether the line is the name of an organ, school, firm or their study group, and nothing else."""
    line = text.strip()
    if line[-1:] not in _ORGAN_LAST or _NO_ORGAN.search(line) or not 3 <= len(visible(line)) <= UNIT_LONGEST:
        return False
    if heading_marker(line) or not _ORGAN.fullmatch(line):
        return False
    return not _ACT.search(line)
