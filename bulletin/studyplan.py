"""A unit's study plan (学习计划) -> StudyPlan: organisation, year, requirements, topics, schedule.

A plan says in its title, or in the sentence that opens it, that it is one, and it lists what is to be
learnt. An article that reports about a plan has neither list nor such a title.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.heads import Kind, join_title, kind_of
from bulletin.model import Block, BlockType, Document, Role, StudyPlan, Topic
from bulletin.schedule import Found, find_schedule
from bulletin.structure import arrange
from bulletin.text import BLANK, DIGITS, FINAL, find_date, heading_marker, is_date_line, is_unit, squeeze, visible

TITLE = re.compile(
    r"(?P<head>.{0,60}?)(?P<what>(?:理论)?(?:(?:集中|政治|专题|年度|党员)*学习|理论武装)[^，。；：]{0,40}?"
    r"(?:计划|安排意见|安排|要点|方案))(?:表|安排表|的通知)?[》）)]?(?:的通知)?"
)
_LEAD = re.compile(
    r"(?:制定|制订|拟定|提出|形成)(?:了)?(?:如下|以下|本|《)?(?P<title>[^，。；：》]{0,50}?学习[^，。；：》]{0,24}?(?:计划|安排|方案|要点))"
)
_LEAD_END = re.compile(r"(?:如下|计划安排|安排|计划|方案)[。：:]?$|如下[。：:]")
_NEWS = re.compile("召开|举办|举行|开展|启动|推进|部署|落实|印发[^》]{0,4}$|发布|圆满|扎实|多措并举|组织|近日|日前")
_TOPICS = re.compile(
    "学习(?:的)?(?:重点|内容|专题|主题|任务|篇目)|重点(?:内容|学习|专题|任务)|(?:主要|学习)内容|专题(?:内容|安排|学习)"
)
_NUMBERED_TOPIC = re.compile(rf"(?:专题|第)(?P<n>[{DIGITS}]{{1,3}}|\d{{1,2}})(?:专题|讲)?(?:[：:、.]|{BLANK})+")
_WISHES = re.compile("要求|指导思想|(?:总体|学习|工作)目标|目标任务")
_YEAR = re.compile(r"(20\d\d)\s*年")
HEAD = 14
"""Blocks among which the title is looked for."""
TOPICS = 2
"""Topics from which a list of topics makes a plan."""


class _Part(NamedTuple):
    """A section of the plan: its heading and blocks."""

    heading: str
    blocks: tuple[Block, ...]


def read_plan(document: Document) -> StudyPlan | None:
    """The study plan in a cleaned document, or None where it is none."""
    blocks = [block for block in document.blocks if block.plain]
    title, lead = _title(document, blocks)
    if not title and not lead:
        return None
    schedule = find_schedule(blocks)
    body = blocks[: schedule.first] if schedule else blocks
    parts = _parts(body)
    behind = _parts(blocks[schedule.end :]) if schedule else []
    topics = _topics(parts)
    if len(topics) < TOPICS and not (title and schedule):
        return None
    warnings = [*document.warnings, *([] if title else ["没有找到计划的标题"])]
    text = "\n".join(block.text for block in blocks)
    return StudyPlan(
        source=document.source,
        name=document.name,
        title=title or lead,
        organisation=_organisation(document, blocks, title or lead),
        year=_year(title, lead, text, document),
        date=document.date or next((find_date(b.text) for b in blocks if is_date_line(b.text)), None),
        requirements=tuple(_requirements([*parts, *behind])),
        topics=tuple(topics),
        schedule=schedule.sessions if schedule else (),
        blocks=_arranged(blocks, schedule),
        changes=document.changes,
        warnings=tuple(warnings),
    )


# ---------------------------------------------------------------- whether it is one


def _title(document: Document, blocks: Sequence[Block]) -> tuple[str, str]:
    """The title of the plan and the sentence that announces it; two empty strings where it is no plan."""
    text = "\n".join(block.text for block in blocks)
    candidates = list(_candidates(document, blocks, text))
    plain = [title for title in candidates if "通知" not in title]
    title = max(plain, key=len, default="") or next((_inner(t) for t in candidates), "")
    for block in blocks[:HEAD]:
        if len(block.text) > 60 and (match := _LEAD.search(block.text)) and _LEAD_END.search(block.text):
            return title, match["title"].strip("《 了")
        if heading_marker(block.text):
            break
    return title, ""


def _candidates(document: Document, blocks: Sequence[Block], text: str) -> Iterator[str]:
    """Titles of plans: what the reader saw, and lines of the head, alone or joined."""
    if document.title and _names_plan(document.title):
        yield squeeze(document.title)
    lines = [b.text if b.type in (BlockType.PARAGRAPH, BlockType.HEADING) else "" for b in blocks[:HEAD]]
    fits = [kind_of(line) is Kind.TITLE or "通知" in line for line in lines]
    for index in range(len(lines)):
        if heading_marker(lines[index]) and not lines[index][:1].isdigit():
            return
        for count in (1, 2, 3):
            part = lines[index : index + count]
            if len(part) < count or not all(fits[index : index + count]):
                break
            joined = join_title(part, text)
            if _names_plan(joined):
                yield joined
                break


def _names_plan(title: str) -> bool:
    """Whether a title is that of a plan: it ends with 学习计划 and reports no event."""
    if "学习" not in title and "理论武装" not in title:
        return False
    match = TITLE.fullmatch(squeeze(title))
    return match is not None and not _NEWS.search(match["head"]) and len(visible(title)) <= 70


def _inner(title: str) -> str:
    """The plan named in a notice: 关于印发《…学习计划》的通知."""
    match = re.search(r"《(.+)》", title)
    return match[1] if match else re.sub("^关于(?:印发|下发)?|的通知$", "", title)


# ---------------------------------------------------------------- what it says


def _parts(blocks: Sequence[Block]) -> list[_Part]:
    """The plan by its sections of the highest level; what stands before them under an empty heading."""
    parts: list[_Part] = []
    heading, inside = "", list[Block]()
    for block in blocks:
        marker = heading_marker(block.text)
        styled = block.type is BlockType.HEADING and block.level <= 1 and len(block.text) <= 40
        top = (marker is not None and marker.level == 1) or (marker is None and styled)
        if top and len(block.text) <= 60 and not re.search(rf"[{FINAL}]", block.text.rstrip(FINAL)):
            parts.append(_Part(heading, tuple(inside)))
            heading, inside = block.text[marker.end if marker else 0 :].strip(), []
        elif top and marker:
            parts.append(_Part(heading, tuple(inside)))
            sentence = re.split(rf"[{FINAL}：:]", block.text[marker.end :], maxsplit=1)
            rest = sentence[1].strip() if len(sentence) > 1 else ""
            heading, inside = sentence[0].strip(), [block.model_copy(update={"text": rest})] if rest else []
        else:
            inside.append(block)
    parts.append(_Part(heading, tuple(inside)))
    return parts


def _items(blocks: Sequence[Block]) -> list[tuple[str, str, str]]:
    """(number, first sentence, text) of the numbered paragraphs of the highest level in a section."""
    items: list[tuple[str, str, str]] = []
    blocks = [_counted(block) for block in blocks]
    level = next((m.level for b in blocks if (m := heading_marker(b.text))), 0)
    for block in blocks:
        marker = heading_marker(block.text)
        if marker is None or marker.level != level:
            if items and not _is_end(block.text):
                number, title, text = items[-1]
                items[-1] = number, title, f"{text}\n{block.text}" if text else block.text
            elif items:
                break
            continue
        words = block.text[marker.end :].strip()
        match = re.match(rf"[^{FINAL}]+[{FINAL}]?", words)
        sentence = match[0] if match else words
        items.append((marker.label.strip("（）()"), sentence.rstrip(FINAL + "：:；"), words[len(sentence) :].strip()))
    return items


def _counted(block: Block) -> Block:
    """The block, 专题一： at its head written as a number."""
    match = _NUMBERED_TOPIC.match(block.text)
    return block.model_copy(update={"text": f"（{match['n']}）{block.text[match.end() :]}"}) if match else block


def _is_end(text: str) -> bool:
    """Whether the line is no longer the section's: annex, signature, date."""
    return text.startswith(("附件", "附：", "附表", "抄送", "注：")) or is_date_line(text) or is_unit(text)


def _topics(parts: Sequence[_Part]) -> list[Topic]:
    """The topics: the numbered items of the section that says what to learn, the longest such list."""
    lists = [
        [Topic(number=n, title=t, text=x) for n, t, x in _items(p.blocks)] for p in parts if _TOPICS.search(p.heading)
    ]
    return max(lists, key=len, default=[])


def _requirements(parts: Sequence[_Part]) -> Iterator[str]:
    """What the plan asks for: item by item, or paragraph by paragraph where they have no numbers."""
    for part in parts:
        if not _WISHES.search(part.heading) or _TOPICS.search(part.heading):
            continue
        items = _items(part.blocks)
        if items:
            for _, title, text in items:
                yield f"{title}。{text}" if text else title
        else:
            yield from (block.text for block in part.blocks if block.text and not _is_end(block.text))


def _year(title: str, lead: str, text: str, document: Document) -> int | None:
    for source in (title, lead, text, document.name):
        if match := _YEAR.search(source):
            return int(match[1])
    return None


def _organisation(document: Document, blocks: Sequence[Block], title: str) -> str:
    """The organisation as fully as the document names it: letterhead, signature, or within a title."""
    names = [document.unit, *(block.text.strip() for block in blocks if is_unit(block.text))]
    titles = [
        title,
        *(block.text for block in blocks if len(block.text) <= 80 and _names_plan(block.text.replace("附件：", ""))),
    ]
    for text in titles:
        text = re.sub(rf"^(?:附件{BLANK}*\d*[：:]?|关于印发|《)+", "", text.replace("附件：", ""))
        head = re.match(
            r"(?:20\d\d年度?)?(?P<name>.+?)(?:20\d\d年度?|(?:理论学习)?中心组|(?:理论|政治)?学习|年度)", text
        )
        if head and 2 <= len(head["name"]) <= 40:
            names.append(head["name"].strip("的《关于 "))
    names = [name for name in names if name]
    formal = [name for name in names if is_unit(name)]
    return max(formal or names, key=len, default="")


def _arranged(blocks: Sequence[Block], schedule: Found | None) -> tuple[Block, ...]:
    """The blocks with headings; the lines of a flattened schedule as one table."""
    if schedule is None:
        return arrange(blocks)
    before, after = blocks[: schedule.first], blocks[schedule.end :]
    if schedule.end - schedule.first == 1:
        return (*arrange(before), blocks[schedule.first], *arrange(after))
    lines = blocks[schedule.first : schedule.end]
    rows = (("序号", "时间", "内容", "形式"), *((s.number, s.when, s.content, s.form) for s in schedule.sessions))
    at = tuple(index for block in lines for index in block.at)
    table = Block(type=BlockType.TABLE, rows=rows, header_rows=1, role=Role.BODY, at=at)
    return (*arrange(before), table, *arrange(after))
