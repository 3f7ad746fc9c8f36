"""Whether two texts with the same sentences tell of two events: places, units, days, figures, persons that differ.

临溪县供电所… / 丰溪县供电所…   two units         七十名 / 一百二十名   two figures
第三届 / 第四届                  two terms         4月8日 / 4月19日       two days
2023年学习安排 / 2024年学习安排   two editions, where the titles say so
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bulletin.alignment import Alignment, Flat, Replacement
from bulletin.facts import days
from bulletin.tagging import tagged
from bulletin.text import chinese_number


class Kind(StrEnum):
    PLACE = "地名、单位"
    DAY = "日期"
    TERM = "届次、阶段"
    PERSON = "人名"
    FIGURE = "数字"
    TOPIC = "主题"
    EDITION = "年度、期次"


WEIGHTS = {
    Kind.PLACE: 3.0,
    Kind.DAY: 1.0,
    Kind.TERM: 1.5,
    Kind.PERSON: 0.7,
    Kind.FIGURE: 0.5,
    Kind.TOPIC: 2.0,
    Kind.EDITION: 3.0,
}
"""What one difference of a kind says against one event. A correction changes one or two figures or a
name; a sister event has another place, which alone is enough (see TWO_EVENTS)."""
_DECISIVE = (Kind.PLACE, Kind.EDITION)
"""Kinds of which one is enough."""
TWO_EVENTS = 2.0
"""From this weight on two texts are of two events, if differing facts are also many among all."""
DIFFERING_SHARE = 0.2
"""... namely more than this share of agreeing and differing ones."""

_NUM = "0-9〇零一二三四五六七八九十百千万亿两"
_MONTH = re.compile(r"\d{1,2}月$")
_NUMERAL = re.compile(f"[{_NUM}]+")
_PLACE_TAIL = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}?)(?:省|市|县|区|州|旗|盟|镇|乡|村|街道|社区|园区|开发区|大学|学院|学校|中学|小学|党校|医院|集团|公司|"
    r"银行|支行|厂|矿|局|厅|委|办|院|所|站|社|馆|法院|检察院|支队|大队|总队|中心|协会|联合会|工会|团委)"
)
_NOT_IN_NAME = re.compile(r"[全我各本该在到对向为和与及的了要将把从是等有以让由们其会这那个每]")
_NO_NAMES = frozenset("vdpcuy")
"""First letters of the tags of words that are no names: verbs, adverbs, prepositions ..., but not
adjectives, as which the tagger takes places that it does not know (平远, 丰宁)."""
_TERM = re.compile(
    r"[春夏秋冬]季?|初赛|复赛|半决赛|决赛|预赛|总决赛|上半年|下半年|开班|结业|开学|毕业|开幕|闭幕|启动|收官|省级?|市级?|县级?|区级?|"
    r"上午|下午|年初|年中|年末|前期|后期|上旬|中旬|下旬"
)
_EDITION = re.compile(rf"(20\d\d)年|第([{_NUM}]+)([届次期季批轮讲场])")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房"
)
_OFFICE = re.compile(
    r"(?:书记|长|主任|主席|委员|经理|教授|研究员|同志|选手|代表|组长|讲师|记者|秘书|先生|女士|老师|员|家)$"
)
_AFTER_NAME = re.compile(
    r"^(?:同志|书记|主持|出席|参加|作|讲|指出|强调|介绍|说|表示|认为|等|为|获|以|带|率|在|到|宣读|教授|主任|先生|女士|老师)"
)

LEAD = 120
"""Letters after the title in which a text says where it happened."""
NAME_LONGEST = 12
"""Letters of the longest replacement that is read as the name of a place or unit."""
FIGURE_WORDS = 3
"""Other letters that a replaced figure may bring along (六十名 / 近百人); more is another statement."""
TOPIC_SHORTEST = 3
"""Letters of the shortest topic; shorter replacements that stand in both titles are wording."""
CORRECTED = 0.965
"""The share from which on another day may be a correction: the rest is word for word the same. Units report
every month in the same sentences of another day's meeting."""
TERM_LONGEST = 8
"""Letters of the longest replacement that is read as another term or stage; more is other wording."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the new text says where the old one says something else."""

    kind: Kind
    new: str
    old: str

    @property
    def weight(self) -> float:
        return WEIGHTS[self.kind]


def differences(alignment: Alignment, titles: tuple[str, str] = ("", "")) -> list[Difference]:
    """Every replacement that tells, once each; wording that tells nothing is left out.

    `titles` are those of the new and the old article: a name that the other one has, too, is no difference.
    """
    found: dict[tuple[Kind, str, str], Difference] = {}
    texts = (alignment.new.letters + titles[0], alignment.old.letters + titles[1])
    for replacement in alignment.replacements:
        for pair in _by_clause(alignment, replacement):
            difference = _judge(alignment, pair, texts) or _topic(alignment, pair, titles)
            if difference:
                found[difference.kind, difference.new, difference.old] = difference
    if not any(kind is Kind.PLACE for kind, _, _ in found) and (apart := _places_apart(alignment, titles)):
        found[apart.kind, apart.new, apart.old] = apart
    if not any(kind is Kind.DAY for kind, _, _ in found) and (apart := _days_apart(alignment)):
        found[apart.kind, apart.new, apart.old] = apart
    if apart := _editions_apart(titles):
        found[apart.kind, apart.new, apart.old] = apart
    return list(found.values())


def _editions_apart(titles: tuple[str, str]) -> Difference | None:
    """The year or number that one title has where the other has another one: 2023年学习安排 / 2024年学习安排."""
    new, old = ({match[3] or "年": match for match in _EDITION.finditer(title)} for title in titles)
    for unit in new.keys() & old.keys():
        said = [match[1] or chinese_number(match[2]) or match[2] for match in (new[unit], old[unit])]
        if said[0] != said[1]:
            return Difference(Kind.EDITION, new[unit][0], old[unit][0])
    return None


def _places_apart(alignment: Alignment, titles: tuple[str, str]) -> Difference | None:
    """The places that title and lead name, where neither text names any of the other's."""
    new, old = (title + flat.letters for title, flat in zip(titles, (alignment.new, alignment.old), strict=True))
    named, other = (
        [word for word, tag in tagged(text[: len(title) + LEAD]) if tag == "ns" and len(word) > 1]
        for text, title in zip((new, old), titles, strict=True)
    )
    if named and other and not any(word[:2] in old for word in named) and not any(word[:2] in new for word in other):
        return Difference(Kind.PLACE, named[0], other[0])
    return None


def _days_apart(alignment: Alignment) -> Difference | None:
    """The first days of two texts that name days, but not one in common: the leads need not be alike to tell."""
    new, old = days(alignment.new.letters), days(alignment.old.letters)
    if new and old and not set(new) & set(old):
        return Difference(Kind.DAY, new[0], old[0])
    return None


def agreeing_figures(alignment: Alignment) -> int:
    """How many different numerals of two and more characters stand in passages that both texts have."""
    figures: set[str] = set()
    for passage in alignment.passages:
        text = alignment.new.letters[passage.start : passage.start + passage.length]
        figures.update(match[0] for match in _NUMERAL.finditer(text) if len(match[0]) > 1)
    return len(figures)


def two_events(found: Iterable[Difference], agreeing: int, share: float) -> bool:
    """Whether the differences are more than a correction, given agreeing figures and the shared part of the text."""
    every = list(found)
    if any(difference.kind is Kind.DAY for difference in every) and share < CORRECTED:
        return True
    weight = sum(difference.weight for difference in every)
    if any(difference.kind in _DECISIVE for difference in every):
        return True
    only_figures = all(difference.kind is Kind.FIGURE for difference in every)
    if len(every) >= (3 if only_figures else 2) and len(every) >= agreeing:
        return True
    return weight >= TWO_EVENTS and weight / (weight + agreeing) > DIFFERING_SHARE


def _by_clause(alignment: Alignment, replacement: Replacement) -> list[Replacement]:
    """The replacement clause by clause; where the clauses are not as many, only the first and the last."""
    new, old = _parts(alignment.new, replacement.new), _parts(alignment.old, replacement.old)
    pairs = list(zip(new, old, strict=True)) if len(new) == len(old) else [(new[0], old[0]), (new[-1], old[-1])]
    return [trimmed for pair in pairs if (trimmed := _trimmed(alignment, *pair))]


def _trimmed(alignment: Alignment, new: tuple[int, int], old: tuple[int, int]) -> Replacement | None:
    """The replacement without letters that both sides begin or end with; None where nothing is left of one."""
    one, other = alignment.new.letters[slice(*new)], alignment.old.letters[slice(*old)]
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    if head + tail >= min(len(one), len(other)):
        return None
    return Replacement((new[0] + head, new[1] - tail), (old[0] + head, old[1] - tail))


def _parts(flat: Flat, span: tuple[int, int]) -> list[tuple[int, int]]:
    cuts = [span[0], *(at for at in range(span[0] + 1, span[1]) if at in flat.opens), span[1]]
    return list(itertools.pairwise(cuts))


def _judge(alignment: Alignment, replacement: Replacement, texts: tuple[str, str]) -> Difference | None:
    new, old = alignment.new, alignment.old
    wide_new, wide_old = _widened(new, replacement.new), _widened(old, replacement.old)
    one, other = new.letters[slice(*wide_new)], old.letters[slice(*wide_old)]
    # 二十四名 and 24名 are one figure: channels differ in their numerals.
    figures = [[chinese_number(number) or number for number in _NUMERAL.findall(side)] for side in (one, other)]
    if all(figures) and figures[0] != figures[1]:
        figure = _figure(new, wide_new, one, other, figures)
        if figure:
            return figure
    stages = [_TERM.findall(side) for side in (one, other)]
    if all(stages) and not set(stages[0]) & set(stages[1]) and max(len(one), len(other)) <= TERM_LONGEST:
        return Difference(Kind.TERM, one, other)
    names = _place(new, replacement.new), _place(old, replacement.old)
    if names[0] and names[1] and _unlike(names[0], names[1], texts) and not _wording(alignment, replacement):
        return Difference(Kind.PLACE, names[0], names[1])
    persons = _person(new, replacement.new), _person(old, replacement.old)
    known = persons[0] in texts[1] or persons[1] in texts[0]
    if persons[0] and persons[1] and not known and not _wording(alignment, replacement):
        return Difference(Kind.PERSON, persons[0], persons[1])
    return None


def _topic(alignment: Alignment, replacement: Replacement, titles: tuple[str, str]) -> Difference | None:
    """What two meetings are about, where each title names its own: 学习甲法 / 学习乙法."""
    one, other = alignment.new.letters[slice(*replacement.new)], alignment.old.letters[slice(*replacement.old)]
    if min(len(one), len(other)) < TOPIC_SHORTEST or one not in titles[0] or other not in titles[1]:
        return None
    if one in alignment.old.letters + titles[1] or other in alignment.new.letters + titles[0]:
        return None
    return None if _wording(alignment, replacement) else Difference(Kind.TOPIC, one, other)


def _figure(
    flat: Flat, span: tuple[int, int], one: str, other: str, figures: list[list[int | str]]
) -> Difference | None:
    after = flat.letters[span[1] : span[1] + 1]
    before = flat.letters[max(0, span[0] - 1) : span[0]]
    if re.search(rf"[{_NUM}][月日号]", one + after) and re.search(rf"[{_NUM}][月日号]", other + after):
        month = _MONTH.search(flat.letters[max(0, span[0] - 3) : span[0]])
        whole = month[0] if month else ""
        return Difference(Kind.DAY, whole + one + after, whole + other + after)
    if (before + one).startswith("第") and (before + other).startswith("第"):
        return Difference(Kind.TERM, before + one + after, before + other + after)
    words = _NUMERAL.sub("", one), _NUMERAL.sub("", other)
    if set(figures[0]) & set(figures[1]) or (words[0] != words[1] and max(map(len, words)) > FIGURE_WORDS):
        return None
    return Difference(Kind.FIGURE, one + after, other + after)


def _widened(flat: Flat, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    while start > 0 and _NUMERAL.fullmatch(flat.letters[start - 1]) and start not in flat.opens:
        start -= 1
    while end < len(flat.letters) and _NUMERAL.fullmatch(flat.letters[end]) and end not in flat.opens:
        end += 1
    return start, end


def _place(flat: Flat, span: tuple[int, int]) -> str:
    """The name of a place or unit that the replaced letters are part of, or nothing."""
    start, end = span
    if end - start > NAME_LONGEST:
        return ""
    if any(position in flat.opens for position in range(start + 1, end)):
        return ""
    own = flat.letters[start:end]
    tail = _PLACE_TAIL.match(flat.clause_rest(end, 7))
    inside = _PLACE_TAIL.fullmatch(own) if len(own) > 1 else None
    if tail is None and inside is None:
        return ""
    name = own if inside else own + (tail[0] if tail else "")
    return "" if _NOT_IN_NAME.search(name) or len(name) < 2 else name


def _wording(alignment: Alignment, replacement: Replacement) -> bool:
    """Whether on one side the replaced letters are part of a verb or the like: 建起县级 / 建立县级."""
    sides = (alignment.new, replacement.new), (alignment.old, replacement.old)
    return any(tag == "ad" or tag[0] in _NO_NAMES for flat, span in sides for tag in _tags(flat, span))


def _tags(flat: Flat, span: tuple[int, int]) -> list[str]:
    """The parts of speech of the words that the letters of a span belong to."""
    start = flat.clause_start(span[0])
    found, at = [], start
    for word, tag in tagged(flat.letters[start : span[1] + len(flat.clause_rest(span[1], 8))]):
        if at < span[1] and span[0] < at + len(word):
            found.append(tag)
        at += len(word)
    return found


def _unlike(one: str, other: str, texts: tuple[str, str]) -> bool:
    """Whether two names are of two places: neither is a short form of the other nor known to the other text."""
    if one in texts[1] or other in texts[0]:
        return False
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return not all(letter in letters for letter in short)


def _person(flat: Flat, span: tuple[int, int]) -> str:
    start, end = span
    if start and flat.letters[start - 1] in _SURNAMES and flat.letters[start] not in _SURNAMES:
        start -= 1
    name = flat.letters[start:end]
    if not (2 <= len(name) <= 3 and name[0] in _SURNAMES):
        return ""
    before, after = flat.letters[max(0, start - 4) : start], flat.letters[end : end + 4]
    return name if _OFFICE.search(before) or _AFTER_NAME.match(after) or end in flat.opens else ""
