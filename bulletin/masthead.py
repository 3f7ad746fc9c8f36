"""The first page of a past issue down to its contents: name, number, issuer, date, secrecy."""

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from bulletin.contents import HEADER
from bulletin.heads import SECTION
from bulletin.model import IssueNumber, Series
from bulletin.text import BLANK, DATE_PATTERNS, DIGITS, FINAL, chinese_number, find_date, is_unit, squeeze, visible

FRONT = 16
"""Lines among which the number of an issue is looked for."""
NAME = 24
"""Characters of the longest name that is known by its last word alone."""
LINE = 64
"""Characters of the longest line of a masthead."""
_B = rf"{BLANK}*"
_N = rf"(?:\d{{1,5}}|[{DIGITS}]{{1,6}})"
_YEAR = rf"(?:[〔\[（(【]?{_B}(?P<year>(?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{{3}}){_B}[〕\]）)】]?{_B}年?{_B})"
_EXTRA = r"(?P<extra>增刊|专刊|特刊|号外)"
_TOTAL = rf"[（(\[〔]?{_B}总{_B}(?:第{_B})?(?P<total>{_N}){_B}期?{_B}[）)\]〕]?"
# Ordered: the first that matches wins. Every pattern names its number, nothing is inferred.
NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("2023年第12期（总第455期）", re.compile(rf"{_YEAR}?{_EXTRA}?{_B}第{_B}(?P<n>{_N}){_B}期{_B}[,，]?{_B}{_TOTAL}")),
    ("总第455期 2023年第12期", re.compile(rf"{_TOTAL}{_B}{_YEAR}{_EXTRA}?{_B}第{_B}(?P<n>{_N}){_B}期")),
    (
        "2023年增刊第3期",
        re.compile(
            rf"{_YEAR}?{_EXTRA}?{_B}(?<!总)(?<!总 )第{_B}(?P<n>{_N}){_B}期{_B}(?:[（(]?(?P<extra2>增刊|专刊|特刊)[）)]?)?"
        ),
    ),
    ("〔2023〕12期", re.compile(rf"{_YEAR}(?P<n>{_N}){_B}期")),
    ("总第455期", re.compile(_TOTAL)),
    ("增刊3", re.compile(rf"{_YEAR}?{_EXTRA}{_B}[（(]?(?P<n>\d{{1,4}}){_B}期?[）)]?")),
)
_EMPTY = re.compile(
    rf"(?:^|[（(〔\[\s年总刊])第{_B}(?:\d{{0,3}}{_B}[_＿□■×?？*＊◯�…\-—A-Za-z]+{_B}\d{{0,3}}|{_B}){_B}期(?:[（(）)\s]|$)"
)
_SECRET = re.compile(
    rf"(?:绝密|机密|秘密|内部(?:资料|刊物|文件|材料|参考|使用|传阅)|内参|仅供(?:内部|领导)?(?:参阅|参考)|注意保(?:存|密)){_B}.{{0,24}}"
)
_COPY = re.compile(rf"(?:(?:份号|编号|NO|No|№){_B}[.：:]?{_B})?(?P<copy>\d{{4,8}})(?:{_B}号)?")
NAMES = re.compile(
    "简报|通讯|动态|专报|快报|信息|参考|通报|内参|月报|周报|要情|交流|简讯|快讯|摘报|参阅|内刊|导刊|专刊"
)
_SIGNED = re.compile(rf"(?:签发人?|审核|编辑|责任编辑|主编|责编){_B}[：:]{_B}\S{{2,4}}")
_NOTE = re.compile(rf"[【\[]?(?:编者按|编者的话|按语|按)[】\]]?{_B}[：:]?")


class Masthead(NamedTuple):
    """What the first lines say; `end` is the index of the line after them."""

    name: str = ""
    number: IssueNumber | None = None
    issuer: str = ""
    date: datetime.date | None = None
    secrecy: str = ""
    copy_number: str = ""
    end: int = 0


def read_number(text: str) -> tuple[IssueNumber, tuple[int, int]] | None:
    """The number printed in a line and where it stands; None where no number is spelled out."""
    for _, pattern in NUMBERS:
        if not (match := pattern.search(text)):
            continue
        groups = match.groupdict()
        series = Series.EXTRA if groups.get("extra") or groups.get("extra2") else Series.REGULAR
        number = chinese_number(groups["n"]) if groups.get("n") else None
        total = chinese_number(groups["total"]) if groups.get("total") else None
        year = chinese_number(groups["year"]) if groups.get("year") else None
        if number is None and total is None:
            continue
        if year is None and total is None:
            total, number = number, None
        return IssueNumber(
            series=series, total=total, year=year if number is not None else None, in_year=number
        ), match.span()
    return None


_CLAUSE_END = re.compile(f"[{FINAL}；，]")


def _number_line(line: str) -> tuple[IssueNumber, str] | None:
    """The number and the rest of a line that is a number, at most with issuer and date beside it."""
    text = squeeze(line)
    if len(text) > LINE or _CLAUSE_END.search(text):
        return None
    found = read_number(text)
    if found is None:
        return None
    number, (start, end) = found
    left, right = text[:start].rstrip("（( "), text[end:].lstrip("）) ")
    rest = f"{left} {right}".strip()
    beside = re.sub(
        "|".join(
            p.pattern.replace("?P<y>", "?:")
            .replace("?P<m>", "?:")
            .replace("?P<d>", "?:")
            .replace("?P<s>", "")
            .replace("(?P=s)", "[-/.]")
            for p in DATE_PATTERNS
        ),
        "",
        rest,
    )
    glued = bool(left) and text[start - 1 : start] not in (" ", "（", "(") and not NAMES.search(left)
    return None if glued or len(visible(beside)) > 30 else (number, rest)


def read_masthead(lines: Sequence[str]) -> Masthead | None:
    """The masthead at the head of the lines, or None where no line there is a number."""
    for index, line in enumerate(lines[:FRONT]):
        if SECTION.fullmatch(line.strip()) or HEADER.fullmatch(squeeze(line)):
            return None
        if len(line) > 2 * LINE:
            return None
        if found := _number_line(line):
            number, end = found[0], index + 1
            if end < len(lines) and (both := _both(number, lines[end])):
                number, end = both, end + 1
            head = _above(lines[:index])._replace(number=number, end=end)
            return _below(lines, _beside(head, found[1]))
    return None


def _both(number: IssueNumber, line: str) -> IssueNumber | None:
    """The number together with the total in the line under it: 第8期 and （总第168期）."""
    if "总" not in line or not (under := _number_line(line)) or under[1]:
        return None
    total, in_year = under[0].total, number.in_year or number.total
    if total is None or under[0].in_year is not None or (number.in_year and number.total):
        return None
    return number.model_copy(update={"total": total, "in_year": in_year})


def _above(lines: Sequence[str]) -> Masthead:
    """Name, secrecy and number of the copy, from the lines above the number."""
    names: list[str] = []
    head = Masthead()
    for line in lines:
        text = squeeze(line)
        if match := _SECRET.match(text):
            copy = _COPY.search(text[match.start() :].split(" ")[-1]) if " " in text else None
            if copy:
                text = text[: text.rindex(" ")]
                head = head._replace(copy_number=copy["copy"])
            head = head._replace(secrecy=text.strip())
        elif match := _COPY.fullmatch(text):
            head = head._replace(copy_number=match["copy"])
        else:
            names.append(text)
    return head._replace(name=" ".join(names))


def _beside(head: Masthead, rest: str) -> Masthead:
    """The masthead with what stands beside its number: the name before it, issuer and date behind it."""
    if not rest:
        return head
    day, words = _split_date(rest)
    if words and not head.name:
        head = head._replace(name=words)
    elif words:
        head = head._replace(issuer=words)
    return head._replace(date=head.date or day)


def _split_date(text: str) -> tuple[datetime.date | None, str]:
    """The date in a line and the words beside it."""
    for pattern in DATE_PATTERNS:
        if match := pattern.search(text):
            words = (text[: match.start()] + " " + text[match.end() :]).strip()
            return find_date(match[0]), squeeze(re.sub(r"(?:出版|编发|编印|印发|主办|编)$", "", words.strip("（）() ")))
    return None, squeeze(text)


def _below(lines: Sequence[str], head: Masthead) -> Masthead:
    """The masthead with issuer and date from the lines under the number."""
    index = head.end
    while index < len(lines) and index < head.end + 6:
        text = squeeze(_SIGNED.sub("", lines[index]))
        if SECTION.match(text) or HEADER.fullmatch(text) or _NOTE.match(text) or len(text) > LINE:
            break
        day, words = _split_date(text)
        if day is None and (head.date is not None or head.issuer):
            break
        if day is not None and head.date is not None:
            break
        words = re.sub(r"^(?:编发单位|主办单位|主办|编印|编发|承办)[：: ]*|(?<=.{4})(?:主办|编印|编发|编)$", "", words)
        if words and head.issuer:
            break
        head = head._replace(issuer=head.issuer or words, date=head.date or day)
        index += 1
    return head._replace(end=index)


def issues_begin(lines: Sequence[str], name: str) -> list[int]:
    """Where mastheads stand: that name alone, on one line or two, and its number beside or under it.

    Or the short name of another bulletin, with number and date under it.
    """
    starts = []
    for index in range(len(lines)):
        if _is_masthead(lines[index : index + 4], visible(name)) or _is_other(lines[index : index + 6]):
            while index > 0 and _is_above_name(lines[index - 1]):
                index -= 1
            starts.append(index)
    return starts


def _is_masthead(lines: Sequence[str], name: str) -> bool:
    if name[:1] not in lines[0]:
        return False
    beside = _number_line(lines[0])
    if beside and visible(beside[1]).startswith(name):
        return True
    end = next((n for n in (1, 2) if visible("".join(lines[:n])) == name), len(lines))
    return any(map(_number_line, lines[end : end + 2]))


def _is_other(lines: Sequence[str]) -> bool:
    text = squeeze(lines[0])
    if (
        len(text) > NAME
        or not NAMES.search(text[-6:])
        or _CLAUSE_END.search(text)
        or not any(map(_number_line, lines[1:2]))
    ):
        return False
    head = read_masthead(lines)
    return head is not None and visible(head.name) == visible(text) and head.date is not None


def _is_above_name(line: str) -> bool:
    """Whether the line is a 密级 or 份号, which are printed over the name."""
    text = squeeze(line)
    return len(text) <= LINE and bool(_SECRET.fullmatch(text) or _COPY.fullmatch(text))


def letterhead(lines: Sequence[str]) -> Masthead | None:
    """A masthead without a number that can be read: a short name, then unit and day; None where none is."""
    index = 0
    while index < len(lines) and _is_above_name(lines[index]):
        index += 1
    name = squeeze(lines[index]) if index < len(lines) else ""
    if len(name) > NAME or not NAMES.search(name[-6:]) or _CLAUSE_END.search(name):
        return None
    end = index + 1
    if end < len(lines) and has_empty_number(lines[end : end + 1]):
        end += 1
    head = _below(lines, Masthead(name=name, end=end))
    return head if head.date and is_unit(head.issuer) else None


def looks_like_masthead(lines: Sequence[str]) -> bool:
    """Whether the first lines carry the name of a bulletin, whatever its number."""
    front = [squeeze(line) for line in lines[:4]]
    return any(len(line) <= 40 and NAMES.search(line[-6:]) and not re.search(rf"[{FINAL}，；]", line) for line in front)


def has_empty_number(lines: Sequence[str]) -> bool:
    """Whether one of the first lines is a number that was never filled in or cannot be read: 第　期, 第1□期."""
    return any(len(line) <= LINE and _EMPTY.search(line) for line in lines[:FRONT])
