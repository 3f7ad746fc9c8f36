"""The numbers that Word shows before paragraphs and keeps out of their text: 一、 （一） 1. ①

ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bulletin.text import to_chinese
from extractors.package import Element, W

LEVELS = 9
PLACE = re.compile(r"%([1-9])")
TIGHT = re.compile(r"[、，。．：）】〕》\u2460-\u24ff\u3200-\u32ff\u2776-\u2793\u2488-\u249b）)]$|[\u4e00-\u9fff]$")
"""Ends of a label after which Chinese text follows without a blank."""

CIRCLES = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")


def circled(number: int) -> str:
    """① to ㊿, and [51] beyond."""
    return CIRCLES[number] if 0 <= number < len(CIRCLES) else f"[{number}]"


def _chinese(number: int) -> str:
    return to_chinese(number) if 0 <= number <= 9999 else str(number)


def _legal(number: int) -> str:
    text = _chinese(number)
    return ("一" + text if text.startswith("十") else text).translate(LEGAL)


def _digits(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def _from(symbols: str) -> Callable[[int], str]:
    def pick(number: int) -> str:
        return symbols[number - 1] if 1 <= number <= len(symbols) else str(number)

    return pick


def _cycle(symbols: str) -> Callable[[int], str]:
    return lambda number: symbols[(number - 1) % len(symbols)]


def _letters(number: int) -> str:
    """a to z, then aa, bb: Word repeats the letter."""
    if number < 1:
        return str(number)
    turns, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * min(turns + 1, 100)


ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def _fullwidth(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": _fullwidth,
    "decimalFullWidth2": _fullwidth,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": _from("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "decimalEnclosedFullstop": _from("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "ideographEnclosedCircle": _from("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _digits,
    "taiwaneseDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": _cycle(STEMS),
    "ideographZodiac": _cycle(BRANCHES),
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "ordinal": lambda number: f"{number}.",
    "none": lambda number: "",
}


@dataclass(frozen=True)
class Level:
    """One level of a list as defined."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    """Level (from 1) whose numbers restart this one; 0 for never, None for any higher one."""
    legal: bool = False
    style: str = ""


@dataclass
class _List:
    """The counters that all paragraphs of one abstract list share."""

    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Labels of numbered paragraphs; ask for them in document order."""

    def __init__(self, root: Element | None, style_lists: Mapping[str, str]) -> None:
        """`style_lists` gives the numId of numbering styles, for lists defined by reference to one."""
        self._abstract: dict[str, Element] = {}
        self._nums: dict[str, Element] = {}
        if root is not None:
            self._abstract = {str(item.get(f"{W}abstractNumId")): item for item in root.iter(f"{W}abstractNum")}
            self._nums = {str(item.get(f"{W}numId")): item for item in root.iter(f"{W}num")}
        self._style_lists = style_lists
        self._lists: dict[str, _List] = {}
        self._seen: set[tuple[str, int]] = set()

    def level_of_style(self, number_id: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style; 0 where none does."""
        found = self._list(number_id)
        levels = found.levels.items() if found else ()
        return next((index for index, level in levels if level.style == style), 0)

    def label(self, number_id: str, index: int) -> str:
        """The label of the next paragraph of a list at a level (from 0), with the blank that follows it, if any."""
        shared = self._list(number_id)
        index = min(max(index, 0), LEVELS - 1)
        if shared is None:
            return ""
        levels = {**shared.levels, **self._overrides(number_id)}
        level = levels.get(index, Level())
        self._count(shared, levels, index, number_id)
        if level.format == "bullet":
            return ""
        label = PLACE.sub(
            lambda match: self._number(shared, levels, int(match[1]) - 1, level.legal), level.text
        ).strip()
        loose = label and level.suffix != "nothing" and not TIGHT.search(label)
        return f"{label} " if loose else label

    def _count(self, shared: _List, levels: Mapping[int, Level], index: int, number_id: str) -> None:
        level = levels.get(index, Level())
        if (number_id, index) not in self._seen:
            self._seen.add((number_id, index))
            if (override := self._start_override(number_id, index)) is not None:
                shared.counts[index] = override - 1
        shared.counts[index] = shared.counts.get(index, level.start - 1) + 1
        for deeper in range(index + 1, LEVELS):
            restart = levels.get(deeper, Level()).restart
            if restart is None or (restart > 0 and index < restart):
                shared.counts.pop(deeper, None)

    @staticmethod
    def _number(shared: _List, levels: Mapping[int, Level], index: int, legal: bool) -> str:
        level = levels.get(index, Level())
        number = shared.counts.get(index, level.start)
        return FORMATS.get("decimal" if legal else level.format, str)(number)

    def _list(self, number_id: str) -> _List | None:
        key = self._abstract_id(number_id)
        if key not in self._abstract:
            return None
        if key not in self._lists:
            levels = (_level(item) for item in self._abstract[key].iterfind(f"{W}lvl"))
            self._lists[key] = _List(dict(levels))
        return self._lists[key]

    def _abstract_id(self, number_id: str) -> str:
        """The list definition behind a numId, through at most one numbering style."""
        for _ in range(3):
            num = self._nums.get(number_id)
            key = _value(num, "abstractNumId") if num is not None else ""
            definition = self._abstract.get(key)
            link = _value(definition, "numStyleLink") if definition is not None else ""
            if not link or definition is None or definition.find(f"{W}lvl") is not None:
                return key
            number_id = self._style_lists.get(link, "")
        return ""

    def _overrides(self, number_id: str) -> dict[int, Level]:
        num = self._nums.get(number_id)
        found = num.iterfind(f"{W}lvlOverride/{W}lvl") if num is not None else ()
        return dict(_level(item) for item in found)

    def _start_override(self, number_id: str, index: int) -> int | None:
        num = self._nums.get(number_id)
        for item in num.iterfind(f"{W}lvlOverride") if num is not None else ():
            if _int(item.get(f"{W}ilvl"), -1) == index and (start := item.find(f"{W}startOverride")) is not None:
                return _int(start.get(f"{W}val"), 1)
        return None


def _level(item: Element) -> tuple[int, Level]:
    restart = item.find(f"{W}lvlRestart")
    legal = item.find(f"{W}isLgl")
    return _int(item.get(f"{W}ilvl"), 0), Level(
        start=_int(_value(item, "start"), 1),
        # Word puts newer formats into mc:AlternateContent, the nearest old one in its Fallback.
        format=_value(item, "numFmt") or next((str(f.get(f"{W}val")) for f in item.iter(f"{W}numFmt")), "decimal"),
        text=_value(item, "lvlText"),
        suffix=_value(item, "suff") or "tab",
        restart=None if restart is None else _int(restart.get(f"{W}val"), 0),
        legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false", "off"),
        style=_value(item, "pStyle"),
    )


def _value(item: Element, tag: str) -> str:
    child = item.find(f"{W}{tag}")
    return "" if child is None else str(child.get(f"{W}val") or "")


def _int(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default
