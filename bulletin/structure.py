"""The structure of one article: head, headings with their levels, run-in headings, signature and date.

Lines that say title, unit, author and date above the body become fields of the article; every other
line stays a block, so that the body is whole from its first to its last character.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import PurePath

from bulletin.contents import owned
from bulletin.heads import (
    KEYWORDS,
    RECORDED,
    SAME_TITLE,
    TITLE_LINES,
    TITLE_LONGEST,
    Byline,
    Head,
    Kind,
    bare,
    closed_names,
    join_title,
    kind_at,
    kind_of,
    owner,
    read_author,
    read_byline,
    read_head,
    read_signed,
)
from bulletin.model import Article, Block, BlockType, Change, Document, Role
from bulletin.signatures import bracketed_unit, names_author, signature
from bulletin.text import (
    BLANK,
    FINAL,
    HAN,
    heading_marker,
    is_date_line,
    is_heading_line,
    is_like,
    is_unit,
    squeeze,
    visible,
)

RUN_IN = 60
"""Characters of the longest run-in heading (the seeds' have up to 48)."""
RUN_IN_COLON = 20
"""The same where a colon ends it."""
NEAR_END = 8
"""Blocks from the end among which a signature and its date are looked for."""
NEAR_HEAD = 6
"""Blocks from the head among which a title that the reader saw is looked for."""
LONG_TITLE = 100
"""Characters of the longest title that style or signature alone make one."""
NAME_TITLE = 6
"""Chinese characters from which a file name can stand in for a title."""
_ANY_TITLE = "题名"
"""Stands for the title where the lines under it are read: one may end like a unit, 建设和美乡村, or be long."""
_NOTE = re.compile(rf"(?:编者按|编者的话|按语|【?编者按】?){BLANK}*[：:]")
_LABEL_NOTE = re.compile(r"(?:注|附注|备注|说明)[：:]|[（(](?:此件|注[：:])")
_RUN_IN = re.compile(rf"[^{FINAL}；;：:]+(?P<stop>[{FINAL}：:])")
_REPORT = re.compile(rf"(?:本报|本网|本刊)(?P<place>{HAN}{{0,6}}?)讯{BLANK}*[（(](?P<who>[^）)]{{2,40}})[）)]")


_SIGNING = (Kind.UNIT, Kind.DATE, Kind.AUTHOR, Kind.BYLINE)


def structure(document: Document, undo: Collection[str] = ()) -> Article:
    """The one article in a cleaned document; what it could not find is in its warnings.

    A line 来源 … 时间 … whose change is in `undo` stays in the text.
    """
    blocks = [_untabbed(block) for block in document.blocks if block.plain or block.picture]
    head, rest, moved = _head(document, blocks, undo)
    tail = list(arrange(rest))
    signed = signature(tail)
    bare, within = owned(head.title)
    if within and (document.unit or head.unit) in ("", within):
        moved.append(Change(rule="byline", reason="标题后的单位，已记入稿件信息", before=head.title, after=bare))
        if moved[-1].key in undo:
            moved.pop()
        else:
            head = head._replace(title=bare, unit=within)
    keywords = document.keywords or _keywords(tail)
    warnings = [*document.warnings, *([] if head.title else ["没有找到标题"])]
    title, named = (head.title, False) if head.title else _from_name(document.name)
    if named:
        warnings[-1] = "没有找到标题，暂用文件名"
    return Article(
        source=document.source,
        name=document.name,
        title=title,
        subtitle=document.subtitle or head.subtitle,
        unit=document.unit or head.unit or signed[0] or owner(title),
        author=closed_names(document.author or head.author or _reporter(tail)),
        date=document.date or head.date or signed[1],
        place=document.place,
        keywords=keywords,
        address=document.address,
        blocks=tuple(tail),
        changes=(*document.changes, *moved),
        warnings=tuple(warnings),
    )


def _untabbed(block: Block) -> Block:
    text = block.text.replace("\t", " ").strip()
    return block if text == block.text else block.model_copy(update={"text": text})


# ---------------------------------------------------------------- head


def _head(document: Document, blocks: Sequence[Block], undo: Collection[str]) -> tuple[Head, list[Block], list[Change]]:
    """The head, the blocks of the body and what was taken from lines that say more than a field."""
    texts = [_line(block) for block in blocks]
    start, titles, title = _title(document, blocks, texts)
    if title:
        head = read_head([_ANY_TITLE, *texts[start + titles :]], titles=1)
        used = start + titles + head.end - 1
    else:
        head = read_head(texts, titles=0)
        used = head.end
    above = [i for i in range(start) if kind_of(texts[i]) in _SIGNING] if titles else []
    head = _with_above(head._replace(title=title), [texts[i] for i in above])
    reasons = {i: _why_taken(texts[i], document, head) for i in (*above, *range(start + titles, used))}
    moved = {
        i: Change(rule="byline", reason=reason, before=texts[i], at=_at(blocks[i], i))
        for i, reason in reasons.items()
        if reason
    }
    back = {i for i, change in moved.items() if change.key in undo}
    rest = [block for i, block in enumerate(blocks) if (i < start and i not in above) or i >= used or i in back]
    return head, rest, [change for i, change in moved.items() if i not in back]


def _why_taken(line: str, document: Document, head: Head) -> str:
    """Why a line above the body is not in the text; "" where the fields of the article say all that it says."""
    kind = kind_of(line)
    if kind is Kind.BYLINE:
        return RECORDED
    if kind not in _SIGNING:
        return ""
    said, author = _said(line), visible(document.author or head.author)
    known = (
        visible(said.unit) in visible(document.unit or head.unit) + author
        and visible(said.author) in author
        and said.date in (None, document.date or head.date)
    )
    return "" if known else "题名上下的署名，与稿件信息里的不同"


def _line(block: Block) -> str:
    said = block.type in (BlockType.PARAGRAPH, BlockType.HEADING) and block.role is not Role.NOTE
    return block.text if said else ""


def _at(block: Block, index: int) -> int:
    return block.at[0] if block.at else index


def _with_above(head: Head, above: Sequence[str]) -> Head:
    """The head with what the lines above the title say, where the lines under it do not."""
    for said in map(_said, above):
        head = head._replace(
            unit=head.unit or said.unit, author=head.author or said.author, date=head.date or said.date
        )
    return head


def _said(line: str) -> Byline:
    """Unit, author and date that a line of any kind above a body says."""
    name = bare(line.rstrip("：:"))
    if is_unit(name):
        return Byline(name)
    if author := read_author(line):
        return Byline(*author)
    return read_byline(line)


def _title(document: Document, blocks: Sequence[Block], texts: Sequence[str]) -> tuple[int, int, str]:
    """Where the title stands, over how many lines, and the title: (index, lines, title)."""
    if document.title:
        for first in range(min(NEAR_HEAD, len(texts))):
            for lines in range(TITLE_LINES, 0, -1):
                part = texts[first : first + lines]
                if len(part) == lines and all(part) and _same(join_title(part), document.title):
                    return first, lines, squeeze(document.title)
        return 0, 0, squeeze(document.title)
    index = _first_title(blocks, texts)
    if index is None:
        return 0, 0, ""
    lines = 1
    styled = blocks[index].type is BlockType.HEADING
    while lines < TITLE_LINES and index + lines < len(texts) and kind_of(texts[index + lines]) is Kind.TITLE:
        following = blocks[index + lines]
        if owner(texts[index + lines]):
            break  # 清河县：… is the first heading of a survey
        if (following.type is BlockType.HEADING) != styled or (styled and following.level != blocks[index].level):
            break
        lines += 1
    if lines == TITLE_LINES and len(texts) > index + lines and kind_of(texts[index + lines]) is Kind.TITLE:
        lines = 1  # a list of short lines, of which the first is the title
    return index, lines, join_title(texts[index : index + lines], "\n".join(texts[index + lines :]))


def _same(one: str, other: str) -> bool:
    return visible(one) == visible(other) or is_like(one, other, max(SAME_TITLE, 0.9))


def _first_title(blocks: Sequence[Block], texts: Sequence[str]) -> int | None:
    """Index of the first line of the title: the first title-like line before any running text."""
    for index, text in enumerate(texts[:NEAR_HEAD]):
        kind = kind_at(texts, index) if text else Kind.PROSE
        if kind is Kind.TITLE or (index == 0 and _is_long_title(blocks, texts)):
            return index
        if kind is Kind.HEADING and index == 0 and blocks[0].type is BlockType.HEADING and blocks[0].level <= 1:
            return index
        if kind in (Kind.PROSE, Kind.HEADING) and text:
            return None
    return None


def _is_long_title(blocks: Sequence[Block], texts: Sequence[str]) -> bool:
    """Whether the first line, longer than titles are, is one by its style or by the unit, author or date under it."""
    line, under = texts[0].strip(), texts[1] if len(texts) > 1 else ""
    if not TITLE_LONGEST < len(visible(line)) <= LONG_TITLE or re.search(rf"[{FINAL}；;]|[，、：:,]$", line):
        return False
    return blocks[0].type is BlockType.HEADING or kind_of(under) in _SIGNING


def _from_name(name: str) -> tuple[str, bool]:
    stem = PurePath(name.replace("\\", "/")).stem
    stem = squeeze(re.sub(r"^[\d\s._-]+|^[【\[]?(?:投稿|来稿|稿件|信息报送|报送)[】\]：:_-]+|[（(]\d+[）)]$", "", stem))
    return (stem, True) if len(re.findall(HAN, stem)) >= NAME_TITLE else ("", False)


# ---------------------------------------------------------------- headings


def arrange(blocks: Sequence[Block], above: int | None = None) -> tuple[Block, ...]:
    """The blocks of a body with headings, their levels and run-in headings, and the roles at its end.

    `above` is the style level of the title, from which the levels of headings without a number are
    counted; without it the highest of them is 1.
    """
    styled = [b.level for b in blocks if b.type is BlockType.HEADING and not heading_marker(b.text)]
    shift = above or 0
    if above is None and styled and min(styled) > 0:
        shift = min(styled) - 1
    return tuple(_tail([_levelled(block, shift) for block in blocks]))


def _levelled(block: Block, shift: int) -> Block:
    if block.type not in (BlockType.PARAGRAPH, BlockType.HEADING) or block.role is not Role.BODY:
        return block
    marker = heading_marker(block.text)
    if block.type is BlockType.HEADING:
        level = marker.level if marker else max(1, block.level - shift)
        return block.model_copy(update={"level": level, "lead": 0})
    if marker is None:
        return block
    if is_heading_line(block.text):
        return block.model_copy(update={"type": BlockType.HEADING, "level": marker.level, "lead": 0})
    lead = run_in(block.text)
    return block.model_copy(update={"level": marker.level, "lead": lead}) if lead else block


def run_in(text: str) -> int:
    """How many characters open the paragraph as a heading: （一）强化组织领导。要把…… gives 9; 0 for none.

    Only a number makes a first sentence a heading, and only where more follows it.
    """
    marker = heading_marker(text)
    if marker is None:
        return 0
    match = _RUN_IN.match(text, marker.end)
    if not match or not text[match.end() :].strip():
        return 0
    longest = RUN_IN if match["stop"] in "。！？" else RUN_IN_COLON
    words = match.end() - marker.end
    if match["stop"] in "：:" and text[match.end() :].strip()[:1] in "1①（":
        return 0
    return match.end() if words <= longest else 0


# ---------------------------------------------------------------- tail


def _tail(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with the roles of signature, date, notes, keywords and the line about the author."""
    out = list(blocks)
    for index, block in enumerate(out):
        if block.type is not BlockType.PARAGRAPH or block.role is not Role.BODY:
            continue
        if role := _role(out, index):
            out[index] = block.model_copy(update={"role": role})
    return out


def _role(blocks: Sequence[Block], index: int) -> Role | None:
    text = blocks[index].text.strip()
    if KEYWORDS.fullmatch(text):
        return Role.KEYWORDS
    if _NOTE.match(text) or _LABEL_NOTE.match(text):
        return Role.NOTE
    if names_author(text):
        return Role.BYLINE
    if index < len(blocks) - NEAR_END and not _before_annex(blocks, index):
        return None
    following = blocks[index + 1].text.strip() if index + 1 < len(blocks) else ""
    # The list of annexes can end like a heading: 2.名额分配表.
    if index == 0 or (blocks[index - 1].type is BlockType.HEADING and not (is_unit(text) and is_date_line(following))):
        return None
    if is_date_line(text):
        return Role.DATE
    if read_signed(text) or (text[-1:] in "）)" and bracketed_unit(text)):
        return Role.BYLINE
    if is_unit(text) and (not following or is_date_line(following) or is_unit(following) or following[:2] == "附件"):
        return Role.SIGNATURE
    return None


def _before_annex(blocks: Sequence[Block], index: int) -> bool:
    """Whether an annex follows within three lines: the signature then stands above it."""
    return any(block.text.strip()[:2] == "附件" for block in blocks[index + 1 : index + 4])


def _keywords(blocks: Sequence[Block]) -> tuple[str, ...]:
    for block in blocks:
        if block.role is Role.KEYWORDS and (match := KEYWORDS.fullmatch(block.text.strip())):
            words = re.split(rf"[、，,；;]|{BLANK}+", match["words"].strip("。"))
            return tuple(word.strip() for word in words if word.strip())
    return ()


def _reporter(blocks: Sequence[Block]) -> str:
    """The reporter named in 本报讯（记者 林小舟） at the head of the body."""
    for block in blocks[:2]:
        if match := _REPORT.match(block.text):
            author = read_author(match["who"]) or read_author(f"记者 {match['who']}")
            return author[1] if author else ""
    return ""
