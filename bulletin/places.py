"""Administrative divisions as texts name them, and the level of each.

    福建省 福建 -> province      延边朝鲜族自治州 延边州 -> city      浦东新区 -> county, of 上海市

The names come as data (`data/reference/divisions.csv`, GB/T 2260 codes); nothing is read here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property


class Level(IntEnum):
    """How high a place or body stands; greater is higher, NONE where nothing tells."""

    NONE = 0
    GRASSROOTS = 1
    """Townships, streets, villages, and single units without a territory: schools, firms, hospitals."""
    COUNTY = 2
    CITY = 3
    PROVINCE = 4
    CENTRAL = 5


LEVEL_NAMES = {
    Level.NONE: "未标明层级",
    Level.GRASSROOTS: "基层",
    Level.COUNTY: "县级",
    Level.CITY: "市级",
    Level.PROVINCE: "省级",
    Level.CENTRAL: "中央",
}

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
"""直辖市 stand with the provinces (Constitution, article 30)."""
REGIONS = frozenset({"150000", "450000", "540000", "640000", "650000"})
"""自治区, which call themselves 我区 and 全区 as districts do."""

_PEOPLES = (
    "壮族|回族|维吾尔|土家族|苗族|侗族|布依族|藏族|羌族|彝族|哈尼族|白族|傣族|景颇族|傈僳族|蒙古族?|哈萨克族?|"
    "朝鲜族|柯尔克孜|满族|瑶族|畲族|黎族|仡佬族|水族|纳西族|拉祜族|佤族|布朗族|怒族|独龙族|普米族|仫佬族|毛南族|"
    "土族|撒拉族|保安族|东乡族|裕固族|达斡尔族|鄂温克族|鄂伦春|锡伯族?|塔吉克|各族"
)
_TAIL = re.compile(
    rf"^(.{{2,}}?)(?:(?:{_PEOPLES})+)?(特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|区|县|旗|州|盟)$"
)
_SHORT_SUFFIX = {"自治州": "州", "自治县": "县", "地区": "地区", "盟": "盟"}


@dataclass(frozen=True, slots=True)
class Place:
    """One division: its code, full name and level."""

    code: str
    name: str
    level: Level

    @property
    def in_municipality(self) -> bool:
        """Whether it is one or a district of one: 市委 named in either means the municipality's."""
        return f"{self.code[:2]}0000" in MUNICIPALITIES

    @property
    def region(self) -> bool:
        return self.code in REGIONS


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text, `start` to `end`; several places in a row (福建省漳州市) are one mention of the last."""

    place: Place
    start: int
    end: int


class Gazetteer:
    """All divisions, to be found in texts by full and by usual short names."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """`rows` are GB/T 2260 codes and names."""
        self._rows = tuple(rows)

    @classmethod
    def parse(cls, text: str) -> "Gazetteer":
        """The gazetteer of a CSV text (code,name; lines with # are remarks)."""
        lines = (line.partition(",") for line in text.splitlines() if line[:1].isdigit())
        return cls((code, name.strip()) for code, _, name in lines)

    @cached_property
    def _by_name(self) -> dict[str, Place]:
        """Names to places; built at first use (8 ms), the higher place wins a shared short name."""
        names: dict[str, Place] = {}
        places = [Place(code, name, _level(code)) for code, name in self._rows]
        for place in sorted(places, key=lambda place: -place.level):
            names.setdefault(place.name, place)
        for place in sorted(places, key=lambda place: -place.level):
            for short in _short_names(place):
                names.setdefault(short, place)
        return names

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """First two characters to the lengths of names that begin so, the longest first."""
        lengths: dict[str, set[int]] = {}
        for name in self._by_name:
            lengths.setdefault(name[:2], set()).add(len(name))
        return {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}

    def find(self, text: str) -> list[Mention]:
        """Every place named in the text, in order, adjoining ones joined."""
        return list(self._mentions(text))

    def of(self, text: str) -> Place | None:
        """The first place named in the text, as far down as it is given there."""
        return next((mention.place for mention in self._mentions(text)), None)

    def _mentions(self, text: str) -> Iterator[Mention]:
        last: Mention | None = None
        at = 0
        while at < len(text) - 1:
            mention = self._at(text, at)
            if last and (mention is None or mention.place.level >= last.place.level):
                yield last
                last = None
            if mention is None:
                at += 1
                continue
            last = Mention(mention.place, last.start, mention.end) if last else mention
            at = mention.end
        if last:
            yield last

    def _at(self, text: str, at: int) -> Mention | None:
        for length in self._lengths.get(text[at : at + 2], ()):
            place = self._by_name.get(text[at : at + length])
            if place is not None:
                return Mention(place, at, at + length)
        return None


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def _short_names(place: Place) -> Iterable[str]:
    """How texts shorten the name: 福建, 延边州; a county's bare name only where it cannot be a common word."""
    match = _TAIL.match(place.name)
    if match is None:
        return
    stem, tail = match.groups()
    if tail in _SHORT_SUFFIX:
        yield stem + _SHORT_SUFFIX[tail]
    if place.level >= Level.CITY:
        yield stem
    if tail == "自治区":
        yield stem + "自治区"
