"""Marks and blanks inside a line: each rule is a function of the text that yields edits.

A rule never looks beyond its line, so that an edit is the same whatever else was undone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bulletin.text import BLANK, CLOSERS, HAN, OPENERS, ends_with_stop, has_han, heading_marker, is_han


class Edit(NamedTuple):
    start: int
    end: int
    after: str


class TextRule(NamedTuple):
    code: str
    reason: str
    example: tuple[str, str]
    """Before and after."""
    edits: Callable[[str], Iterator[Edit]]


# ---------------------------------------------------------------- characters

_UNSEEN = (
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\U000e0100-\U000e01ef]"
)
_INVISIBLE = re.compile(f"{_UNSEEN}{_UNSEEN}*")
# Single characters that are another one in a different dress.
_DRESSED = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\ufb00-\ufb06\u2f00-\u2fd5\uff61-\uff64\ufe50-\ufe6b\u2488-\u249b]"
)
_RADICALS = dict(
    zip(
        "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_SMALL = dict(zip("﹐﹑﹒﹔﹕﹖﹗﹙﹚", "，、.；：？！（）", strict=True))
_RADICAL = re.compile(f"[{''.join(_RADICALS)}]")
_NUMBER_STOP = re.compile(r"．(?<=[0-9０-９]．)")
_CLUSTER = re.compile(r"(?s).[\u0300-\u036f\u1160-\u11ff\u3099\u309a\u20d0-\u20ff]+|[\u2126\u212a\u212b\uf900-\ufaff]")


def invisible(text: str) -> Iterator[Edit]:
    """Soft hyphens, zero-width and control characters go."""
    for match in _INVISIBLE.finditer(text):
        yield Edit(*match.span(), "")


def forms(text: str) -> Iterator[Edit]:
    """Full-width digits and letters, ligatures, radicals printed as characters, marks not composed."""
    for match in _DRESSED.finditer(text):
        plain = _SMALL.get(match[0]) or unicodedata.normalize("NFKC", match[0])
        yield Edit(*match.span(), plain)
    for match in _RADICAL.finditer(text):
        yield Edit(*match.span(), _RADICALS[match[0]])
    # 3．14 and 1．总体要求: the full-width stop of numbers
    for match in _NUMBER_STOP.finditer(text):
        yield Edit(*match.span(), ".")
    if not unicodedata.is_normalized("NFC", text):
        for match in _CLUSTER.finditer(text):
            if (composed := unicodedata.normalize("NFC", match[0])) != match[0]:
                yield Edit(*match.span(), composed)


# ---------------------------------------------------------------- blanks

_RUN = re.compile(rf"{BLANK}{BLANK}*")
_LEADER = re.compile(rf"(?:{BLANK}|[.．…·])*[\t….·]{BLANK}*\d{{1,4}}{BLANK}*$")
LEADER = 120
"""Characters at the end of a line in which leader dots and a page number are looked for."""
_SPACED = re.compile(rf"{HAN}(?:{BLANK}+{HAN})+")
# 记者 林小舟 通讯员 方远: blanks that part names stay
_BY_NAME = re.compile(rf"(?:记者|通讯员|作者){BLANK}|{BLANK}(?:通讯员|记者)")
_HAN = re.compile(HAN)
_LATIN = re.compile("[A-Za-z][A-Za-z]*")
_STOPS = "，。、；：！？…"
_COUNTED = "年月日时分期号页个名次篇届场项条万亿%％元户家人户余多"


def is_prose(text: str) -> bool:
    """Whether blanks between its characters can only be slips: running text, not a title or a table row."""
    return len(text) > 60 or re.search("[。！？；]", text) is not None or text.rstrip().endswith(("，", "、"))


def is_row(text: str) -> bool:
    """Whether tabs separate its parts: a row of cells, or a contents entry with its page."""
    cells = [cell for cell in text.strip().split("\t") if cell.strip()]
    return _LEADER.search(text[-LEADER:]) is not None or (len(cells) >= 3 and max(map(len, cells)) <= 60)


def _keep(left: str, right: str, *, prose: bool, quoted: bool) -> bool:
    """Whether one blank stays between the two characters."""
    if left in _STOPS or right in _STOPS or left in OPENERS or right in CLOSERS:
        return False
    if "—" in (left, right):
        return not prose
    if left.isdigit() and is_han(right):
        return not prose and right not in _COUNTED
    if is_han(left) and right.isdigit():
        return not prose and left not in "年月第共印"
    if all(is_han(c) or c in OPENERS + CLOSERS for c in (left, right)):
        return quoted or not prose
    return True


def blanks(text: str) -> Iterator[Edit]:
    """Indents, blank runs and blanks between Chinese characters; the single one between a title's clauses stays."""
    if not _RUN.search(text):
        return
    prose, row = is_prose(text), is_row(text)
    spaced = _SPACED.fullmatch(text.strip()) is not None
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start == 0 or end == len(text):
            after = ""
        elif row and "\t" in match[0]:
            after = "\t"
        elif spaced:
            after = ""
        else:
            quoted = (
                _open_quotes(text[max(0, start - 60) : start]) > 0
                or _BY_NAME.search(text[max(0, start - 3) : end + 3]) is not None
            )
            after = " " if _keep(text[start - 1], text[end], prose=prose, quoted=quoted) else ""
        if after != match[0]:
            yield Edit(start, end, after)


def _open_quotes(text: str) -> int:
    """How many of “《「 are open at the end of `text`."""
    return sum(text.rfind(o) > text.rfind(c) for o, c in ("“”", "《》", "「」"))


# ---------------------------------------------------------------- punctuation

_PROTECTED = re.compile(
    r"(?:https?|ftp)://[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”“]+"
    r"|www\.[\w./?=&%#-]+"
    r"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,60})+"
    r"|(?<!\d)\d+(?:[.,:/'-]\d+)+"
    r"|(?<![\w-])[\w-]{1,80}\.(?i:docx?|xlsx?|pptx?|pdf|txt|wps|et|ofd|jpe?g|png|gif|zip|rar|html?|mp[34]|com|cn|org|net|gov|edu)(?![A-Za-z])",
    re.ASCII,
)
_FILE = re.compile(
    r"[\w（）()\u4e00-\u9fff-]{1,60}\.(?i:docx?|xlsx?|pptx?|pdf|txt|wps|ofd|jpe?g|png|zip|rar)(?![A-Za-z])"
)
_WIDE = dict(zip(",;:!?", "，；：！？", strict=True))
_HALF = re.compile("[,;:!?.()]")
_MARK_OR_BRACKET = re.compile("[,;:!?.()（）]")
_CJK_MARKS = "，。、；：！？…—”’）》】」』〉“‘（《【「『〈％"


def _cjk(character: str) -> bool:
    return bool(character) and (is_han(character) or character in _CJK_MARKS)


def _protected(text: str) -> list[tuple[int, int]]:
    found = [m.span() for pattern in (_PROTECTED, _FILE) for m in pattern.finditer(text)]
    # the mark behind an address ends the sentence
    return [(start, end - 1 if text[end - 1] in ".,;:!?" else end) for start, end in found]


def _near(text: str, index: int, step: int) -> str:
    """The next character that is no blank, or nothing."""
    index += step
    while 0 <= index < len(text) and text[index].isspace():
        index += step
    return text[index] if 0 <= index < len(text) else ""


def _is_chinese(text: str) -> bool:
    """Whether the line is Chinese rather than a foreign one with a Chinese word in it."""
    han = len(_HAN.findall(text))
    return han > 0 and han * 2 >= len(_LATIN.findall(text))


def half_width(text: str) -> Iterator[Edit]:
    """Half-width , ; : ! ? . and brackets in Chinese text; not in addresses, times, numbers, file names, English."""
    if not _HALF.search(text) or not _is_chinese(text):
        return
    spans = _protected(text)
    places = (match.start() for match in _MARK_OR_BRACKET.finditer(text))
    free = [i for i in places if not any(a <= i < b for a, b in spans)]
    for index in free:
        mark, left, right = text[index], _near(text, index, -1), _near(text, index, 1)
        if mark in _WIDE and (_cjk(left) or (left and is_han(right) and not left.isspace())):
            yield Edit(index, index + 1, _WIDE[mark])
        elif mark == "." and _is_stop(text, index, left, right):
            yield Edit(index, index + 1, "。")
    yield from _brackets(text, [i for i in free if text[i] in "()（）"])


def _is_stop(text: str, index: int, left: str, right: str) -> bool:
    around = text[max(0, index - 1) : index + 2]
    if right in ("", "”", "’", '"', "）") and ends_with_stop(text[max(0, index - LEADER) : index + 1]):
        return ".." not in around
    if ".." in around or not (is_han(left) or left in "”’）》】") or (right and not _cjk(right)):
        return False
    marker = heading_marker(text)
    return marker is None or index >= marker.end


def _brackets(text: str, places: list[int]) -> Iterator[Edit]:
    stack: list[int] = []
    for place in places:
        if text[place] in "(（":
            stack.append(place)
        elif stack:
            opening = stack.pop()
            inner = text[opening + 1 : place]
            chinese = has_han(inner) or _cjk(_near(text, opening, -1)) or _cjk(_near(text, place, 1))
            if chinese or text[opening] == "（" or text[place] == "）":
                for at, wide in ((opening, "（"), (place, "）")):
                    if text[at] != wide:
                        yield Edit(at, at + 1, wide)


_DOTS = re.compile(r"\.{3,}|。{3,}|(?<!…)…(?!…)")
_DASHES = re.compile(r"-{2,}|－{2,}")
_TWICE = re.compile(r"([，、；：])\1+|。{2}(?!。)(?<!。。。)")
_ODD_MARKS = ("...", "。。", "…", "--", "－－", "，，", "、、", "；；", "：：")
"""One of them at least is in what the three find."""


def marks(text: str) -> Iterator[Edit]:
    """Ellipses and dashes typed with dots and hyphens, and marks typed twice."""
    if not any(map(text.__contains__, _ODD_MARKS)) or not has_han(text) or _LEADER.search(text[-LEADER:]):
        return
    for pattern, after in ((_DOTS, "……"), (_DASHES, "——")):
        for match in pattern.finditer(text):
            if _cjk(_near(text, match.start(), -1)) or _cjk(_near(text, match.end() - 1, 1)):
                yield Edit(*match.span(), after)
    for match in _TWICE.finditer(text):
        yield Edit(*match.span(), match[0][0])


# ---------------------------------------------------------------- quotes

_DOUBLE = re.compile('["“”＂]')
QUOTED = 60
"""Characters of the longest quotation that broken quotes are still put right around."""
_SINGLE = re.compile(rf"'([^'‘’\n]{{1,{QUOTED}}})'")


def quotes(text: str) -> Iterator[Edit]:
    """Straight, reversed and unmatched double quotes, where they pair off in one way only."""
    found = [match.start() for match in _DOUBLE.finditer(text)]
    if not found or len(found) % 2:
        return
    current = [text[i] for i in found]
    wanted = ["“", "”"] * (len(found) // 2)
    if current == wanted or _nested(current) or not _is_chinese(text):
        return
    spans = [(found[i], found[i + 1]) for i in range(0, len(found), 2)]
    if any(b - a > QUOTED or b - a < 2 for a, b in spans) or any(text[a - 1 : a].isdigit() for a, _ in spans):
        return
    for place, mark in zip(found, wanted, strict=True):
        if text[place] != mark:
            yield Edit(place, place + 1, mark)


def _nested(marks_: list[str]) -> bool:
    depth = 0
    for mark in marks_:
        depth += {"“": 1, "”": -1}.get(mark, 99)
        if not 0 <= depth < 99:
            return False
    return depth == 0


def single_quotes(text: str) -> Iterator[Edit]:
    """Straight single quotes around Chinese words; an apostrophe stays."""
    for match in _SINGLE.finditer(text):
        if has_han(match[1]) and not re.match(r"\w", match[1][-1:] if match[1].isascii() else ""):
            yield Edit(match.start(), match.start() + 1, "‘")
            yield Edit(match.end() - 1, match.end(), "’")


CHARACTER_RULES: tuple[TextRule, ...] = (
    TextRule("invisible", "看不见的字符（软连字符、零宽字符、控制符）", ("发\u200b展", "发展"), invisible),
    TextRule("forms", "全角数字字母、连字、部首形式的字", ("２０２３年", "2023年"), forms),
)
LINE_TEXT_RULES: tuple[TextRule, ...] = (
    TextRule("blanks", "多余的空格、手工缩进", ("　　近年来， 全市", "近年来，全市"), blanks),
    TextRule("half-width", "中文里的半角标点", ("水厂已经建成;管网正在铺设", "水厂已经建成；管网正在铺设"), half_width),
    TextRule("marks", "不规范的省略号、破折号、重复标点", ("学习、调研...", "学习、调研……"), marks),
    TextRule("quotes", "直引号、反向或不成对的引号", ('坚持"三个到位"。', "坚持“三个到位”。"), quotes),
    TextRule("single-quotes", "直单引号", ("做到'一案一策'。", "做到‘一案一策’。"), single_quotes),
)
