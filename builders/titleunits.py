"""The pieces of a title that stay whole: words, quotations, 书名号, numbers with their measure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from builders.widths import width

_DASH = "——"
"""破折号: a line begins with it rather than ends, but for 2024—2026年, which is no such."""
# Spans in which no line ends, unless they are longer than LONGEST_SPAN, with the part of speech that they begin and
# end with. Earlier ones win.
_WHOLE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"《[^《》]*》"), "n"),  # 《求是》
    (re.compile(r"“[^“”]*”"), "n"),  # “第一议题”
    (re.compile(r"‘[^‘’]*’"), "n"),
    (re.compile(r"（[^（）]*）"), "n"),  # （试行）
    (re.compile(_DASH), "x"),
    (re.compile(r"第[一二三四五六七八九十百千零〇两0-9]+(?:季度|[届次期批个条号轮季])?"), "m"),  # 第二十届
    (re.compile(r"[0-9]+(?:[.,:][0-9]+)*[%％]?[多余]?[万亿]?(?:周年|公里|[年月日个项条件家次名人元期号级周天届场]){0,1}"
                r"(?:[0-9]+[月日])*"), "m"),  # 2024年12月10日, 3.5万人, 12.5%
    (re.compile(r"[A-Za-z][A-Za-z0-9+\-.&/]*"), "n"),  # APP
    (re.compile(r"[一二三四五六七八九十两百千万]+(?:周年|[个项大条届次期年月日])"), "m"),  # 三大, 十项
    (re.compile(r"理论学习中心组|党的[一二三四五六七八九十]+大|[一二三四五六七八九十]+届[一二三四五六七八九十]+中全会"), "n"),
    (re.compile(r"党的建设|高质量发展|工作会议|座谈会精神|会议精神|讲话精神|指示精神|领导班子|领导干部|党员干部"), "n"),
    (re.compile(r"以[一-鿿]{2,7}为(?:牵引|引领|抓手|中心|契机|导向|重点|目标|核心|主线|载体|突破口|统领|根本|基础|纽带|支撑)"), "p n"),
    (re.compile(r"安全生产|粮食安全|防汛抗旱|以文辅政作用|主题教育|党[纪史]学习教育|专精特新|风清气正|依法[一-鿿]{2}履职|千村示范"), "n"),
    (re.compile(r"传达学习(?:贯彻)?|学习(?:宣传)?贯彻|贯彻落实|研究部署|安排部署|调研指导|重要(?:讲话|指示|批示)(?:指示|批示)?精神"), "v"),
    (re.compile(r"专项(?:行动|督查|整治|检查)"), "n"),
    (re.compile(r"(?:政务|信息|党务|信访|安全|督查|宣传|统战|组织|办公室|信息化)工作|政务(?:公开|服务)|公共服务|民生实事|营商环境"), "n"),
    (re.compile(r"(?:技术)?(?:产业)?(?:开发区|新区|园区)管(?:理)?委(?:员)?会|领导小组办公室|科学决策|人居环境|宜居宜业(?:和美乡村)?"), "n"),
    (re.compile(r"理论宣讲|理论学习|理论武装|理论研究|调查研究|区域协调发展|协调发展|乡村振兴|基层治理|数字经济"), "n"),
    (re.compile(r"(?:使命|责任|政治|机关|青春|时代|党员|先锋)(?:担当|作为)"), "n"),
    (re.compile(r"(?:现场)?推进会|现场会|座谈会"), "n"),
    (re.compile(r"[一-鿿]{2}[月周日节](?=活动|启动|主题|系列|期间|暨)"), "n"),  # 读书月活动
    (re.compile(r"(?<=、)[一-鿿]{2,6}(?=、)"), "n"),  # 求实创新, in an enumeration
    (re.compile(r"(?:^|(?<=[、：—“》）\s]))[一-鿿]{2,3}[市县区州](?![长场民委])"), "n"),  # a place no dictionary has
)  # fmt: skip
_ADVERB = re.compile("深入|扎实|全面|持续|不断|大力|积极|切实|着力|奋力|联合|认真|努力|全力|加快|稳步")
"""What stays with the word behind it: 深入推进, 全面从严治党."""
_WORD = re.compile("[一-鿿]{2,4}")
LONGEST_SPAN = 14.0
"""In characters: a longer quotation may part between words; whole, it would leave a line too short."""

_NO_START = set("，。、；：！？）》”’】〕〉%％…—·～")
_PARTICLES = set("的了着过们等之地得中上下内里")
"""Words of one character that belong to what stands before them (实践中; but 中央 may begin a line)."""
_NO_END = set("（《“‘【〔〈—·第")

Tagger = Callable[[str], Sequence[tuple[str, str]]]
"""Cuts Chinese into (word, part of speech in the tags of ICTCLAS: n, v, vn, a, d, p, c, uj ...)."""


@dataclass(frozen=True)
class Unit:
    text: str
    first: str
    """Part of speech of its first word."""
    last: str


@cache
def rjieba_tagger() -> Tagger:
    try:
        import rjieba
    except ImportError:
        return _single

    def tagged(text: str) -> Sequence[tuple[str, str]]:
        try:
            words: Sequence[tuple[str, str]] = rjieba.tag(text)
            return words
        except UnicodeEncodeError:  # half of a surrogate pair
            return _single(text)

    return tagged


def _single(text: str) -> Sequence[tuple[str, str]]:
    return [(char, "x") for char in text]


def units_of(text: str, longest: float, tagger: Tagger) -> list[Unit]:
    """The pieces of the text that stay whole, blanks at the end of the piece before them."""
    pieces: list[Unit] = []
    at = 0
    for start, end, kind in _spans(text, longest):
        pieces += _tagged(text[at:start], longest, tagger)
        pieces.append(Unit(text[start:end], kind.split()[0], kind.split()[-1]))
        at = end
    pieces += _tagged(text[at:], longest, tagger)
    units: list[Unit] = []
    for piece in pieces:
        clings = (
            (piece.text[0] in _NO_START and piece.text != _DASH) or piece.text in _PARTICLES or piece.text.isspace()
        )
        if units and (clings or units[-1].text[-1] in _NO_END):
            last = units.pop()
            piece = Unit(last.text + piece.text, last.first, piece.last)
        elif units and _ADVERB.fullmatch(units[-1].text) and _WORD.fullmatch(piece.text):
            piece = Unit(units.pop().text + piece.text, "v", "v")
        units.append(piece)
    return units


def _spans(text: str, longest: float) -> list[tuple[int, int, str]]:
    taken: list[tuple[int, int, str]] = []
    for pattern, kind in _WHOLE:
        for match in pattern.finditer(text):
            start, end = match.span()
            free = all(end <= other or start >= stop for other, stop, _ in taken)
            if free and width(match.group()) <= min(LONGEST_SPAN, longest):
                taken.append((start, end, kind))
    return sorted(taken)


def _tagged(text: str, longest: float, tagger: Tagger) -> Iterator[Unit]:
    for word, tag in tagger(text) if text else ():
        if len(word) <= longest or width(word) <= longest:
            yield Unit(word, tag, tag)
        else:
            yield from (Unit(char, tag, tag) for char in word)
