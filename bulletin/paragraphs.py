"""Whether a line goes on in the next one: paragraphs cut by a page break or a hard line end.

Blank lines are gone when this is decided, so the words decide: an unfinished line of running text
goes on, unless the next line opens something of its own.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bulletin.text import (
    BLANK,
    CLOSERS,
    FINAL,
    HAN,
    LIST_ITEM,
    PAIRS,
    columns,
    ends_with_stop,
    enumerators,
    heading_marker,
    is_date_line,
    is_heading_line,
    is_unit,
    visible,
)

CERTAIN = 60
"""Characters from which an unfinished line is running text; the longest title in the seeds has 39, heading 53."""
UNDER_HEADING = 20
"""The same right under a heading, with a comma in it (the shortest in the seeds has 25)."""
ELSEWHERE = 30
"""The same elsewhere, with a comma in it and no new beginning in the next line."""
SPAN = 60
"""How far back an opened quotation or bracket still counts as open."""

# Lines that stand alone: nothing joins them to what follows or comes before.
ALONE = re.compile(
    rf"【[^】]*】$|目{BLANK}*[录次]$|(?:本期)?要目$"
    rf"|(?:附件?|附表|附录|注|备注|说明){BLANK}*\d*{BLANK}*(?:[：:]|$)"
    rf"|(?:主?报|主?送|发|抄送?|主送|抄报|呈报|分送){BLANK}*[：:]"
    r"|(?:关键词|摘要|内容提要|来源|稿源|作者|编者按|按语|责任编辑|编辑|审核|联系人|联系电话|单位|供稿|撰稿|发布时间|发布日期|日期|时间)[：:]"
    r"|[（(](?:作者|此件|编者|文/|记者|通讯员|据|转自|摘自|原载|来源|供稿|撰稿|执笔|\d{4}年\d{1,2}月)|(?:文|图|撰文|摄影)\s*[/／丨|]"
    r"|图为|图[：:]|图\d|表\d|[^\n，。；]{0,40}[月日厅室会委][ \u3000]*印发$|[^\n]{0,40}共印\d+份$"
    r"|第\s*\d+\s*期|\d{4}年(?:增刊|专刊)?第\s*\d+\s*期"
)
_NEVER_FIRST = "，。、；：！？”’）》】"
_ENTRY_ENDS = "）)"
_ENTRY = re.compile(
    rf"(?:\t|[.…·．]{{3,}}|…{{2,}}|{BLANK}{{2,}}){BLANK}*[（(]?\d{{1,4}}[）)]?$"
    rf"|(?:[.·．]{{4,}}|…{{2,}}){BLANK}*(?:{HAN}|[（）()、 \u3000]){{2,40}}\d{{1,4}}[）)]?$"
)
"""A leader and a page, or a leader, the unit or author, and a page."""
_ENDS = FINAL + "：:；;"
"""What a finished line ends with; an empty one is finished too."""
_BRACKET_BEHIND = re.compile(r"[（(][^（()）]{0,30}[)）]$")
_PRIVATE_BEHIND = re.compile("[\ue000-\uf8ff\\s]+$")
_SENTENCE_END = re.compile(f"[{FINAL}]")
_CLAUSE_END = re.compile(f"[{FINAL}；]")
_OPENING = re.compile(
    r"近日|近年来|近期|日前|今年|去年|当前|目前|截至|\d{1,2}月\d{1,2}日|\d{4}年|自\d{4}年|为(?:深入|贯彻|全面|进一步|了)|本报讯|本网讯|会议|活动|今日|连日来|党的"
)


def is_entry(text: str) -> bool:
    """Whether the line ends like a contents entry: a leader and a page number."""
    last = text.rstrip("\n")[-1:]
    return (last.isdecimal() or last in _ENTRY_ENDS) and _ENTRY.search(text[-120:]) is not None


def stands_alone(text: str) -> bool:
    """Whether the line is a piece of its own by its form: heading, organ, date, section, list item, table cell."""
    line = text.strip()
    return (
        not line
        or text.startswith("\t")
        or ALONE.match(line) is not None
        or is_entry(text.rstrip())
        or is_heading_line(line)
        or is_unit(line)
        or is_date_line(line)
    )


def opens(text: str) -> bool:
    """Whether the line opens a paragraph of its own: stands alone, or is a numbered or listed item."""
    line = text.strip()
    return stands_alone(text) or heading_marker(line) is not None or LIST_ITEM.match(line) is not None


def is_finished(text: str) -> bool:
    """Whether the text ends as a sentence or an announcement does, a bracket behind it left out."""
    end = text.rstrip()[-200:]
    if end[-1:] in _ENDS:  # what follows would change nothing, and most lines are sentences
        return True
    line = _BRACKET_BEHIND.sub("", _PRIVATE_BEHIND.sub("", end)).rstrip(CLOSERS + "\"'")
    return not line or line[-1] in _ENDS or (line[-1] == "." and (not line[-2:-1].isascii() or ends_with_stop(line)))


def is_open(text: str) -> bool:
    """Whether the text cannot end where it ends: after a comma, or inside a quotation or bracket."""
    line = text.rstrip()
    if line.endswith(("，", "、", ",")) or (line and line[-1] in PAIRS):
        return True
    end = line[-SPAN:]
    return any(o in end and end.rfind(o) > end.rfind(c) for o, c in PAIRS.items() if o != "‘")


def goes_on(text: str, following: str, *, before: str = "", after: str = "", strict: bool = False) -> bool:
    """Whether the paragraph `text` goes on in the line `following`.

    `before` and `after` are their neighbours. `strict` is for carriers that know their paragraphs
    (web pages): there only what cannot end, or cannot begin, is joined.
    """
    line, after_line = text.strip(), after.strip()
    if following.strip()[:1] in _NEVER_FIRST and following.strip() and line and not text.startswith("\t"):
        return not heading_marker(line) or not is_heading_line(line)
    if stands_alone(text) and not (
        is_open(line) and not is_entry(text) and not text.startswith("\t") and not ALONE.match(line)
    ):
        return False
    if opens(following):
        return False
    if is_finished(line) and not is_open(line):
        return not strict and (_counts_on(line, following.strip()) or _half_sentence(line, following.strip(), before))
    if is_open(line):
        return not _is_title(following, after_line) or not is_finished(line)
    if _is_title(following, after_line):
        return False
    return not strict and _is_running(line, following.strip(), before.strip())


def _is_title(text: str, after: str) -> bool:
    """Whether the line is a title by what follows it: the name of an organ, or a date."""
    return (is_unit(after) or is_date_line(after)) and len(visible(text)) <= CERTAIN and not _SENTENCE_END.search(text)


def _is_running(line: str, following: str, before: str) -> bool:
    if len(line) >= CERTAIN or _CLAUSE_END.search(line):
        return True
    if not ("，" in line or "," in line) or not before:
        return False
    if is_heading_line(before):
        return len(line) >= UNDER_HEADING
    return len(line) >= ELSEWHERE and not _OPENING.match(following) and is_finished(before)


def _counts_on(line: str, following: str) -> bool:
    """Whether a list inside the paragraph goes on: it ends with 二是…。 and 三是 comes inside the next line."""
    if line[-1] in "：:；;" or not (here := enumerators(line)) or not (there := enumerators(following)):
        return False
    (place, number), (first, next_number) = here[-1], there[0]
    clause = line[place:].rstrip(CLOSERS)
    alone = not _CLAUSE_END.search(clause[:-1])
    return place > 0 and first > 0 and next_number == number + 1 and alone


def _half_sentence(line: str, following: str, before: str) -> bool:
    """Whether a sentence was cut after a semicolon; a list whose items end with one is left alone."""
    if not line.endswith(("；", ";")) or before.rstrip().endswith(("；", ";", "：", ":")):
        return False
    if LIST_ITEM.match(line) or heading_marker(line) or len(line) < UNDER_HEADING:
        return False
    return not following.endswith(("；", ";")) and len(following) >= UNDER_HEADING


# ---------------------------------------------------------------- lines all cut at one width

WRAPPED_LINES = 8
WRAPPED_SHARE = 0.4
NARROW, WIDE = 36, 110
"""Columns between which a printed line is wide."""


class Width(NamedTuple):
    """The width at which all lines of a document were cut, and by which measure."""

    measure: Callable[[str], int]
    size: int
    slack: int
    """How much shorter a full line can be: a mark that may not begin a line takes a character with it."""

    def is_full(self, line: str, over: int = 0) -> bool:
        """Whether the line is as wide as the others, or at most `over` wider."""
        return self.size - self.slack <= self.measure(line.rstrip()) <= self.size + over


def wrap_width(lines: Sequence[str]) -> Width | None:
    """The width at which all lines of the document were cut; None where they were not.

    Printed lines have one width in columns; lines that a program cut have one number of characters,
    figures counted like any other.
    """
    texts = [line for line in lines if line.strip() and not line.startswith("\t")]
    if len(texts) < WRAPPED_LINES:
        return None
    printed, counted = (_cut_at(texts, *how) for how in ((columns, 3, NARROW, WIDE), (len, 1, NARROW // 2, WIDE // 2)))
    if printed is None or counted is None:
        return printed or counted
    more = sum(map(counted.is_full, texts)) > sum(map(printed.is_full, texts))
    return counted if more else printed


def _cut_at(texts: Sequence[str], measure: Callable[[str], int], slack: int, narrow: int, wide: int) -> Width | None:
    # How much wider than any printed line one is does not matter: paragraphs are not measured to their ends.
    widths = Counter(measure(line.rstrip()[: wide + 3]) for line in texts)
    near = {w: sum(widths.get(v, 0) for v in range(w - slack, w + 1)) for w in widths if narrow <= w <= wide}
    if not near:
        return None
    width = Width(measure, max(near, key=lambda w: (near[w], w)), slack)
    longer = sum(n for w, n in widths.items() if w > width.size + 2)
    if near[width.size] < max(WRAPPED_LINES, WRAPPED_SHARE * len(texts)) or longer > 0.05 * len(texts):
        return None
    full = [line for line in texts if width.is_full(line)]
    return width if sum(not is_finished(line) for line in full) * 2 > len(full) else None


_INDENT = re.compile(r"\u3000|[ \u00a0]{2,}")


def is_indented(text: str) -> bool:
    """Whether the line begins with an indent made of blanks."""
    return _INDENT.match(text) is not None


def wraps(text: str, following: str, width: Width | None, *, indents: bool) -> bool:
    """Whether a line cut at `width` goes on, in a document whose lines all were.

    `text` is the last line only, not what was joined before it. `indents`: paragraphs of this
    document begin with an indent, so that a full line that ends a sentence surely goes on. Without
    indents it goes on too: a paragraph has one end and some four sentences, any of which can fill its line.
    """
    if width is None or not width.is_full(text, over=2):
        return False
    if opens(following) or (indents and is_indented(following)):
        return False
    line = text.strip()
    if is_finished(line) and not is_open(line):
        return indents or (line[-1] in "。！？" and not _OPENING.match(following.strip()))
    return not (ALONE.match(line) or is_entry(text) or is_unit(line) or is_date_line(line))
