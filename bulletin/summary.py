"""The abstract and key figures of an article, for the list that an editor reads (extractive, no model)."""

import re

from bulletin.fingerprint import NO_FORMULAS, Formulas, letters, sentences
from bulletin.model import Article, BlockType, Role

SHORTEST, LONGEST = 30, 60
"""Characters of an abstract."""

_EVENT = re.compile(r"\d{1,2}月\d{1,2}日|召开|举行|举办|开展|近日|日前|组织|传达学习|专题")
_RESULT = re.compile(r"近年来|推行|探索|形成|建立|打造|创新|累计|实现|做法|机制|成效")
_FORMULAIC = re.compile(r"会议(?:指出|强调|认为|要求)|深刻领悟|坚持以|要以|提高政治站位")
_DANGLING = re.compile(
    r"^(?:其中|同时|此外|另外|会上|会后|据悉|这|他|她|它|一是|二是|三是|一方面|另一方面|[（(]?[一二三四五六七八九十\d]+[、）).．])"
)
_UNITS = (
    "场次|人次|人|名|个|场|项|篇|次|件|堂|门|期|支|所|家|户|万元|亿元|元|条|处|册|套|幅|例|起|亩|公里|平方米|小时|学时|课时|"
    "吨|万吨|辆|台|座|本|份|%|个百分点|余场次|余人次|多个"
)
_FIGURE = re.compile(
    rf"(?P<what>[\u4e00-\u9fff]{{2,12}}?)(?P<n>\d+(?:\.\d+)?(?:万|亿)?(?:余|多)?)\s?(?P<unit>{_UNITS})(?P<more>次)?"
)
_CLAUSE = re.compile(r"[^，。；：！？、（）“”《》\n]+")
FIGURES = 5
"""Key figures listed at the most."""


def abstract(article: Article, formulas: Formulas = NO_FORMULAS) -> str:
    """30 to 60 characters of the article's own words, ending with a full stop; "" for an empty article.

    The sentence that says most of what the title says, early, with an event or result and few formulas;
    a longer one is cut at a clause. An article shorter than 30 characters is its own abstract.
    """
    lines = [block.text for block in article.blocks if block.type is BlockType.PARAGRAPH and block.role is Role.BODY]
    every = [sentence for line in lines for sentence in sentences(line)]
    if not every:
        return _ended(article.title[:LONGEST]) if article.title else ""
    ranked = sorted(range(len(every)), key=lambda at: (-_worth(every[at], at, len(every), article.title, formulas), at))
    for at in ranked:
        if text := _fitted(every[at]):
            return text
    first = ranked[0]
    joined = "".join(every[first : first + 3])
    return _fitted(joined) or _ended(joined[: LONGEST - 1])


def key_figures(article: Article) -> tuple[str, ...]:
    """Up to five figures with what they count, as written (培训骨干200人次), in the order of the text."""
    found: list[tuple[float, int, str]] = []
    text = "\n".join(block.plain for block in article.blocks if block.type is not BlockType.IMAGE)
    for clause in _CLAUSE.finditer(text):
        words = clause[0].strip()
        for match in _FIGURE.finditer(words):
            figure = _trimmed(match)
            if figure and not re.search(r"第\d", figure):
                found.append((_weight(match), clause.start() + match.start(), figure))
    best = sorted(found, key=lambda one: (-one[0], one[1]))[:FIGURES]
    return tuple(dict.fromkeys(figure for _, _, figure in sorted(best, key=lambda one: one[1])))


def _worth(sentence: str, at: int, count: int, title: str, formulas: Formulas) -> float:
    plain = letters(sentence)
    if not plain:
        return -9.0
    pairs = {plain[i : i + 2] for i in range(len(plain) - 1)}
    named = letters(title)
    wanted = {named[i : i + 2] for i in range(len(named) - 1)}
    said = len(pairs & wanted) / max(1, len(wanted))
    formula = sum(formulas.mask(plain)) / len(plain)
    score = 3.0 * said - formula - 1.2 * at / count
    score += 0.6 * bool(_EVENT.search(sentence)) + 0.4 * bool(_RESULT.search(sentence))
    return score - 0.8 * bool(_FORMULAIC.search(sentence)) - 0.8 * bool(_DANGLING.search(sentence))


def _fitted(sentence: str) -> str:
    """The sentence where it has 30 to 60 characters, else its first clauses that have; "" where none fit."""
    text = re.sub(r"\s+", "", sentence)
    if SHORTEST <= len(_ended(text)) <= LONGEST and _balanced(text):
        return _ended(text)
    cuts = [match.start() for match in re.finditer(r"[，；。！？]", text)]
    for cut in reversed(cuts):
        head = text[:cut]
        if SHORTEST <= cut + 1 <= LONGEST and _balanced(head):
            return _ended(head)
    return ""


def _balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in ("“”", "《》", "（）", "‘’"))


def _ended(text: str) -> str:
    text = text.rstrip("，；、：:,; ")
    return text if text.endswith(("。", "！", "？", "…", "。”")) else text + "。"


def _trimmed(match: re.Match[str]) -> str:
    what = re.sub(r"^(?:[的了已共其中并以及和与为把将对在从全年来近]|目前|今年|累计|先后|截至)+", "", match["what"])
    return what + match["n"] + match["unit"] + (match["more"] or "") if len(what) >= 2 else ""


def _weight(match: re.Match[str]) -> float:
    number = float(re.sub(r"[^\d.]", "", match["n"]) or 0)
    digits = len(str(int(number)))
    return digits + (1.0 if "人" in match["unit"] or "场" in match["unit"] else 0.0)
