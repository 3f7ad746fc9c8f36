"""What a mail puts around an article: greeting, closing words, the quotation of an earlier mail.

A quotation goes only where the mail has a text of its own; where all there is was forwarded, only the
headers of the forwarded mail go.
"""

import re
from collections.abc import Iterator, Sequence

from bulletin.text import BLANK, is_date_line, is_unit, squeeze, visible

OWN_TEXT = 120
"""Characters that a mail of its own has before what it quotes (the shortest news offices send have about 200)."""
GREETING_LINES = 4
"""Lines at the head among which a greeting stands."""
HEADERS = 8
"""Lines of the headers of a quoted mail."""
CLOSING_LINES = 6
"""Lines at the end among which the closing words stand."""
_QUOTED = re.compile(
    r"-{2,}\s*(?:原始邮件|原邮件|转发的?邮件.{0,4}|Original Message|Forwarded message)\s*-*|在.{4,60}写道[:：]"
)
_FIELD = re.compile(
    rf"(?:发件人|收件人|抄送|密送|发送时间|发送日期|日期|时间|主题|附件|From|To|Cc|Date|Sent|Subject){BLANK}*[:：].*"
)
_FROM = re.compile(rf"(?:发件人|From){BLANK}*[:：].*")
_CITED = re.compile(r"[>＞].*")
_ADDRESSED = re.compile(
    r"(?:尊敬的|亲爱的)?[^，。；：]{0,16}(?:编辑|老师|领导|同志|编辑部|先生|女士|部长|主任|科长)(?:们|部)?(?:[,，]?[您你]们?好)?[：:，,！!]?"
)
_HELLO = re.compile(r"(?:[^，。；：]{0,16}[,，：:]?)?[您你]们?好[！!，,。：:]?.{0,120}")
_CUE = re.compile("您好|你好|你们好|您们好|报送|投稿|请审|审阅|查收|附件|随信|采用|采纳|请予|斧正|指正|发上|发给|传上")
_CLOSING = re.compile(
    r"(?:此致|敬礼|祝好|此致[，,]?敬礼|顺[颂祝].{2,6}|(?:敬)?[祝颂](?:您|大家|编辑老师)?.{0,4}(?:工作|生活|身体|编)?.{0,6}(?:顺利|愉快|安|好|健康|祺|安康))[！!。]?"
    r"|(?:请|望|敬请|恳请)[^，。]{0,8}(?:审阅|查收|采用|采纳|指正|斧正|修改)[^，。]{0,8}[，,]?(?:谢谢|感谢|多谢)?[！!。]?|(?:谢谢|感谢)(?:您|编辑|老师)?.{0,6}[！!。]"
    r"|发自我的.{0,20}|Sent from my.{0,30}|--"
)


def mail_lines(lines: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Index -> (code, reason) of the lines that belong to the mail and not to the article in it."""
    found: dict[int, tuple[str, str]] = {}
    greeting = list(_greeting(lines))
    found |= dict.fromkeys(greeting, ("mail-greeting", "邮件的称呼、问候和客套话"))
    quoted = list(_quotation(lines))
    found |= dict.fromkeys(quoted, ("mail-quote", "邮件里引用的往来邮件"))
    end = quoted[0] if quoted and quoted[-1] == len(lines) - 1 else len(lines)
    if greeting or quoted:
        closing = [i for i in range(max(0, end - CLOSING_LINES), end) if _CLOSING.fullmatch(squeeze(lines[i]))]
        found |= dict.fromkeys(closing, ("mail-greeting", "邮件的称呼、问候和客套话"))
    return found


def _greeting(lines: Sequence[str]) -> Iterator[int]:
    """编辑老师： 您好！现报送稿件一篇，请审阅。 — only where it speaks to somebody, not where a notice names its readers."""
    front = [squeeze(line) for line in lines[:GREETING_LINES]]
    hello = next((i for i, line in enumerate(front) if _HELLO.fullmatch(line) and _spoken(line)), None)
    addressed = bool(front) and _ADDRESSED.fullmatch(front[0]) is not None and not is_unit(front[0].rstrip("：:"))
    if hello is None or (hello and not addressed) or hello > 1:
        return
    yield from range(hello + 1)
    after = hello + 1
    if after < len(front) and len(front[after]) <= 80 and _CUE.search(front[after]) and front[after][-1] in "。！!：:":
        yield after


def _spoken(line: str) -> bool:
    return re.match(r".{0,20}[您你]们?好", line) is not None and line[-1] in "。！!：:，,"


def _quotation(lines: Sequence[str]) -> Iterator[int]:
    """The earlier mail below the text, or the headers alone of a mail that was only forwarded."""
    start = next((i for i in range(len(lines)) if _opens_quotation(lines, i)), None)
    cited = [i for i, line in enumerate(lines) if _CITED.fullmatch(line.strip())]
    own = sum(len(visible(line)) for line in lines[:start] if not _CITED.fullmatch(line.strip()))
    if own >= OWN_TEXT:
        tail = cited and cited == list(range(cited[0], len(lines)))
        yield from range(start, len(lines)) if start is not None else cited if tail else ()
        return
    if start is not None:
        yield start
        for index in range(start + 1, min(start + 1 + HEADERS, len(lines))):
            if not _FIELD.fullmatch(lines[index].strip()) or is_date_line(lines[index]):
                break
            yield index


def _opens_quotation(lines: Sequence[str], index: int) -> bool:
    line = lines[index].strip()
    if _QUOTED.fullmatch(line):
        return True
    if not _FROM.fullmatch(line) or len(line) > 80:
        return False
    return sum(_FIELD.fullmatch(x.strip()) is not None for x in lines[index + 1 : index + 5]) >= 2
