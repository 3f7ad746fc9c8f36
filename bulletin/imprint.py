"""The foot of a past issue (版记): 报, 送, 发, who printed it and when, how many copies."""

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from bulletin.model import Distribution
from bulletin.text import BLANK, FINAL, find_date, is_unit, squeeze

_B = rf"{BLANK}*"
# 报：省委办公厅。 呈报：… 抄送：…: which of the three a label means.
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("report", re.compile(rf"(?:呈?报|报送|主报|抄报|呈送){_B}[：:]{_B}")),
    ("send", re.compile(rf"(?:分?送|抄送|主送){_B}[：:]{_B}")),
    ("issue", re.compile(rf"(?:印?发|分发|下发|发送|发至){_B}[：:]{_B}")),
)
_LABELLED = re.compile(rf"(?<=[。；; ])(?=(?:{'|'.join(p.pattern for _, p in LABELS)}))")
_COPIES = re.compile(
    rf"[（(]?{_B}(?:共{_B})?印(?:制|数)?{_B}[：:]?{_B}(?P<n>\d{{1,6}}){_B}份{_B}[）)]?|[（(]?{_B}共{_B}(?P<m>\d{{1,6}}){_B}份{_B}[）)]?"
)
_PRINTED = re.compile(rf"(?P<who>.*?){_B}(?P<day>\d{{4}}{_B}年{_B}\d{{1,2}}{_B}月{_B}\d{{1,2}}{_B}日){_B}印(?:发|制)?")
_EDITOR = re.compile(
    rf"(?:责任编辑|编辑|责编|主编|审核|签发|校对|联系人|联系电话|电话|投稿邮箱|邮箱|传真|地址|邮编){_B}[：:].*"
)
_BARE = re.compile(r"(?:[^省市州盟县区旗乡镇各]{0,3}[部委办局室厅处]|办公[室厅])")
"""组织部, 办公室: part of a body that it does not name."""
_LEADING = re.compile(
    r"(?:[一-鿿]{0,6}(?P<level>[省市县区州旗]))?(?:党?委|人大(?:常委会)?|(?:人民)?政府|政协|纪委(?:监委)?|监委"
    r"|(?:高级|中级)?(?:人民)?法院|(?:人民)?检察院)(?:领导(?:同志)?|负责同志)?"
)
"""省委, 省人大常委会, 省政府领导同志: those of one level, and nobody else, are one group of recipients."""
FOOT = 30
"""Lines from the end among which the foot begins."""


class Imprint(NamedTuple):
    """What the foot says; `start` is the index of its first line."""

    distribution: Distribution = Distribution()
    printed_by: str = ""
    date: datetime.date | None = None
    copies: int | None = None
    start: int = 0


def label_of(line: str) -> tuple[str, str] | None:
    """("send", the recipients) of a line 送：…, else None."""
    for name, pattern in LABELS:
        if match := pattern.match(line.strip()):
            return name, line.strip()[match.end() :]
    return None


def recipients(text: str) -> tuple[str, ...]:
    """The recipients of one line: between commas, or between 、 where it has no comma; never inside brackets.

    各设区市委宣传部、组织部 is one group of recipients: 组织部 alone is nobody's; so is 省委、省政府.
    """
    text = text.strip().rstrip("。；;. ")
    if _is_leadership(text):
        return (text,)
    outside = re.sub(r"（[^（）]*）", "", text)
    marks = "，,；;" if re.search("[，,；;]", outside) else "、"
    parts = re.findall(rf"(?:（[^（）]*）|[^{marks}])+", text)
    names: list[str] = []
    for part in (part.strip() for part in parts if part.strip()):
        if marks == "、" and names and names[-1].startswith("各") and _BARE.fullmatch(part):
            names[-1] += f"、{part}"
        else:
            names.append(part)
    return tuple(names)


def joined(names: Sequence[str]) -> str:
    """The recipients in one line, which `recipients` gives back wherever some mark between them allows it."""
    bare = tuple(name.rstrip("。；，、") for name in names)
    lines = [mark.join(bare) for mark in ("、", "，", "；")]
    usual = lines[any("、" in name for name in bare)]
    return next((line for line in (usual, *lines) if recipients(line) == bare), usual) + "。"


def _is_leadership(text: str) -> bool:
    """Whether the text names leading bodies of one level, more than one, and nobody else."""
    bodies = [_LEADING.fullmatch(part) for part in text.split("、")]
    return len(bodies) > 1 and all(bodies) and len({body["level"] for body in bodies if body}) == 1


def _is_foot(line: str) -> bool:
    text = squeeze(line)
    return bool(label_of(text) or _COPIES.fullmatch(text) or _PRINTED.fullmatch(text) or _EDITOR.fullmatch(text))


def read_imprint(lines: Sequence[str], issuer: str = "") -> Imprint:
    """The foot of the lines; it begins at the first 报/送/发, or at 印发 and copies where they have none."""
    first = max(0, len(lines) - FOOT)
    marks = [i for i in range(first, len(lines)) if _is_foot(lines[i])]
    start = _start(lines, marks)
    if start is None:
        return Imprint(start=_signed(lines, issuer))
    found: dict[str, str] = {}
    groups: dict[str, tuple[str, ...]] = {}
    current = ""
    imprint = Imprint(start=start)
    for text in (part for line in lines[start:] for part in _parts(squeeze(line))):
        if copies := _COPIES.search(text):
            imprint = imprint._replace(copies=int(copies["n"] or copies["m"]))
            text = (text[: copies.start()] + text[copies.end() :]).strip()
        printed = _PRINTED.fullmatch(text)
        if label := label_of(text):
            current, words = label
            groups[current] = groups.get(current, ()) + recipients(found.pop(current, ""))
            found[current] = words
        elif printed:
            imprint = imprint._replace(printed_by=squeeze(printed["who"]), date=find_date(text))
            current = ""
        elif text and current and not is_unit(text) and not _EDITOR.fullmatch(text) and not _complete(found[current]):
            found[current] += text
        elif text and not imprint.printed_by and (is_unit(text) or text == issuer):
            imprint = imprint._replace(printed_by=text)
            current = ""
        elif find_date(text):
            imprint = imprint._replace(date=imprint.date or find_date(text))
    every = {name: (*groups.get(name, ()), *recipients(words)) for name, words in found.items()}
    return imprint._replace(distribution=Distribution(**every))


def _parts(line: str) -> list[str]:
    """The line, parted before each label: 报：省委宣传部。送：市委常委。"""
    return [part.strip() for part in _LABELLED.split(line)]


def _complete(text: str) -> bool:
    return text.rstrip().endswith(tuple(FINAL))


def _start(lines: Sequence[str], marks: Sequence[int]) -> int | None:
    """The first line of the foot: from it to the end there is nothing but the foot."""
    for index in marks:
        rest = [line for line in lines[index:] if not _is_foot(line)]
        if all(len(line) <= 120 for line in rest) and len(rest) <= 6 + len(marks):
            return index
    return None


def _signed(lines: Sequence[str], issuer: str) -> int:
    """Where the text ends: before the issuer's name alone in the last line."""
    last = len(lines)
    return last - 1 if last and issuer and squeeze(lines[-1]) == issuer else last
