"""The abstract and key figures of an article, for the list that an editor reads (extractive, no model)."""

import re
from collections.abc import Set

from bulletin.fingerprint import NO_FORMULAS, Formulas, letters, sentences
from bulletin.model import Article, BlockType, Role
from bulletin.tagging import tagged

SHORTEST, LONGEST = 30, 60
"""Characters of an abstract."""

_EVENT = re.compile(r"\d{1,2}月\d{1,2}日|召开|举行|举办|开展|近日|日前|组织|传达学习|专题")
_RESULT = re.compile(r"近年来|推行|探索|形成|建立|打造|创新|累计|实现|做法|机制|成效")
_FORMULAIC = re.compile(r"会议(?:指出|强调|认为|要求)|深刻领悟|坚持以|要以|提高政治站位")
_DANGLING = re.compile(
    r"^(?:其中|同时|此外|另外|会上|会后|据悉|这|他|她|它|一是|二是|三是|一方面|另一方面|[（(]?[一二三四五六七八九十\d]+[、）).．])"
)
# A head that was cut off before the point: it only says for what, as what or when.
_LEADS_UP = re.compile(
    r"^(?:为|自|在|随着|按照|根据|对照|围绕|特别是)|作为[^，]*[，。]?[^，]*。$"
    r"|(?:者|的人|人士|主体|基础上|过程中|以来|前提下|[下中后时])。$"
)
_UNITS = (
    r"[余多]?万?(?:场次|人次|户次|公里|平方米|小时|学时|课时|万元|亿元|个百分点|"
    r"[名人个场项篇件堂门期支所家户元条处册套幅例起亩吨辆台座本份次])|%"
)
_FIGURE = re.compile(rf"(?<![\d第])(?P<n>\d+(?:\.\d+)?[万亿]?)\s?(?P<unit>{_UNITS})")
_CLAUSE = re.compile(r"[^，。；：！？、（）“”《》\n]+")
_CUT = re.compile(r"[，；。！？]")
_BLANKS = re.compile(r"\s+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_AT_MOST = 1.01
"""What a sentence can be worth besides what it says of the title: 0.6 for an event, 0.4 for a result."""
_LITTLE = 10
"""A count below it is no key figure (2个目标); a percentage or sum is."""
_WHAT_LONGEST = 10
_OPENING = frozenset("udpcrtmyfgq")
"""First letters of the tags of words that open no name of what is counted: particles, adverbs, times ..."""
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
        return _ended(article.title[: LONGEST - 1]) if article.title else ""
    wanted = _pairs(letters(article.title))
    best: tuple[float, int, str] | None = None
    for at, sentence in enumerate(every):
        place = at / len(every)
        # Five of six sentences say too little of the title to be the best, and are looked at no further.
        if best and 3.0 * _said(letters(_tight(sentence)), wanted) - 1.2 * place + _AT_MOST < best[0]:
            continue
        if text := _fitted(sentence):
            rank = (_worth(text, place, wanted, formulas) - _cost(text, sentence), -at, text)
            best = max(best, rank) if best else rank
    if best:
        return best[2]
    joined = "".join(every)
    return _fitted(joined) or _ended(joined[: LONGEST - 1])


def key_figures(article: Article) -> tuple[str, ...]:
    """Up to five figures with what they count, as written (培训骨干200人次), in the order of the text."""
    found: list[tuple[float, int, str]] = []
    text = "\n".join(block.plain for block in article.blocks if block.type is not BlockType.IMAGE)
    for clause in _CLAUSE.finditer(text):
        for match in _FIGURE.finditer(clause[0]):
            what = _counted(clause[0][: match.start()])
            number = float(re.sub(r"[^\d.]", "", match["n"]))
            large = number >= _LITTLE or match["unit"].endswith(("%", "元", "百分点"))
            if what and large:
                found.append((_weight(number, match["unit"]), clause.start() + match.start(), what + match[0]))
    best = sorted(found, key=lambda one: (-one[0], one[1]))[:FIGURES]
    return tuple(dict.fromkeys(figure for _, _, figure in sorted(best, key=lambda one: one[1])))


def _counted(before: str) -> str:
    """The last words before a figure, whole ones and at most 10 characters, without those that open nothing."""
    kept: list[tuple[str, str]] = []
    size = 0
    for word, tag in reversed(tagged(before.rstrip())):
        size += len(word)
        if size > _WHAT_LONGEST or not _HAN.fullmatch(word):
            break
        kept.insert(0, (word, tag))
    while kept and kept[0][1][0] in _OPENING:
        kept.pop(0)
    what = "".join(word for word, _ in kept)
    return what if len(what) >= 2 and not what.endswith("的") else ""


def _said(plain: str, wanted: Set[str]) -> float:
    """The share of the title's pairs of letters that a sentence has."""
    return sum(map(plain.__contains__, wanted)) / max(1, len(wanted))


def _worth(sentence: str, place: float, wanted: Set[str], formulas: Formulas) -> float:
    plain = letters(sentence)
    score = 3.0 * _said(plain, wanted) - formulas.covered(plain) - 1.2 * place
    score += 0.6 * bool(_EVENT.search(sentence)) + 0.4 * bool(_RESULT.search(sentence))
    return score - 0.8 * bool(_FORMULAIC.search(sentence)) - 0.8 * bool(_DANGLING.search(sentence))


def _pairs(plain: str) -> set[str]:
    """Every two neighbouring letters."""
    return set(map(str.__add__, plain, plain[1:]))


def _cost(text: str, sentence: str) -> float:
    """What the cut costs: little at a clause that says something, much at one that only leads up to it."""
    if letters(text) == letters(sentence):
        return 0.0
    return 0.3 + 1.0 * bool(_LEADS_UP.search(text))


def _tight(sentence: str) -> str:
    return _BLANKS.sub("", sentence)


def _fitted(sentence: str) -> str:
    """The sentence where it has 30 to 60 characters, else its longest head of clauses that has; "" where none fits."""
    text = _tight(sentence)
    if SHORTEST <= len(_ended(text)) <= LONGEST and _balanced(text):
        return _ended(text)
    for cut in reversed([match.start() for match in _CUT.finditer(text)]):
        if SHORTEST <= cut + 1 <= LONGEST and _balanced(text[:cut]):
            return _ended(text[:cut])
    return ""


def _balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in ("“”", "《》", "（）", "‘’"))


def _ended(text: str) -> str:
    text = text.rstrip("，；、：:,; ")
    return text if text.endswith(("。", "！", "？", "…", "。”")) else text + "。"


def _weight(number: float, unit: str) -> float:
    """More digits, more weight; figures of people and events first."""
    return len(str(int(number))) + (1.0 if "人" in unit or "场" in unit else 0.0)
