"""Bytes of unknown encoding -> text, with Chinese in mind.

Detectors guess by statistics that a headline of eight characters does not give; but Chinese text of any
length is made of a few thousand characters, which is enough to tell its encodings apart. Measured on 150
snippets each, share read right for 4 / 8 / 16 / 40 characters:

    GB18030     here 1.0 1.0 1.0 1.0   charset-normalizer .10 .44 .91 .99   chardet .37 .96 1.0 .98
    Big5        here 1.0 1.0 1.0 1.0   charset-normalizer .85 .83 .89 .99   chardet .13 .78 .97 .99
    UTF-16, no mark  .96 1.0 1.0 1.0   charset-normalizer .59 .91 .99 .99   chardet 0

at 0.02 ms a snippet (0.2 for the others). Resiliparse is as fast and below chardet up to 8 characters.
charset-normalizer is kept for what is not Chinese.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

SAMPLE = 65536
"""Bytes that a guess is made from."""

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
ASCII = 0.8
"""Weight of an ASCII character where readings are compared: wrong ones are full of stray letters."""
OTHERS = ["cp1252", "shift_jis", "euc_jp", "euc_kr", "cp1251"]
"""What is looked for where a text is not Chinese."""
GOOD_ENOUGH = 0.7
"""Mean weight, ASCII left out, from which a Chinese reading is taken: of 2000 pieces of 8 characters right readings
score .89 to 1, 99 in 100 wrong ones below .79, half of them below 0."""


class Decoded(NamedTuple):
    """A text, the encoding it was read in, and how many bytes could not be read."""

    text: str
    encoding: str
    damaged: int


def decode(content: bytes, declared: str = "") -> Decoded:
    """The text of `content`: by its byte order mark, as UTF-8 if it is that, else by the likeliest reading.

    `declared` is what a header says; it is believed where the bytes do not speak against it. Bytes that
    the encoding does not know become U+FFFD and are counted.
    """
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return _decode(content[len(mark) :], encoding)
    encoding = guess(content[:SAMPLE], declared)
    return _decode(content, encoding)


def guess(sample: bytes, declared: str = "") -> str:
    """The likeliest encoding of `sample`, which may end inside a character."""
    zeros = b"\0" in sample
    if zeros and (wide := _best(sample, WIDE)):
        return wide
    if _reads(sample, "utf-8"):
        return "utf-8"
    names = _known((declared,)) + [name for name in ("gb18030", "big5hkscs") if _reads(sample, name)]
    if not zeros and len(sample) % 2 == 0:
        names += WIDE[:2]
    if chinese := _best(sample, names):
        return chinese
    if _mostly_utf8(sample):
        return "utf-8"
    if _known((declared,)) and _reads(sample, declared):
        return declared
    from charset_normalizer import from_bytes  # hardly any text comes here, and each start would import it

    best = from_bytes(sample, cp_isolation=OTHERS).best()
    return best.encoding if best else "gb18030"


def _decode(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding), encoding, 0)
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
        return Decoded(text, encoding, text.count("\ufffd"))


def _known(names: tuple[str, ...]) -> list[str]:
    found = []
    for name in names:
        try:
            codec = codecs.lookup(name.strip()).name if name.strip() else ""
        except LookupError:
            continue
        if codec:
            # Pages that declare GB2312 hold GBK, and GB18030 is a superset of both.
            found.append("gb18030" if codec in ("gb2312", "gbk") else "big5hkscs" if codec == "big5" else codec)
    return found


def _reads(sample: bytes, encoding: str) -> bool:
    """Whether `sample` is valid, but for a character cut off at its end, which must not be the only one."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except (UnicodeDecodeError, LookupError):
        return False
    return sample.isascii() or not text.isascii()


def _mostly_utf8(sample: bytes) -> bool:
    """Whether a few damaged bytes are all that keeps `sample` from being UTF-8."""
    text = sample.decode("utf-8", "replace")
    wide = sum(character > "\u07ff" and character != "\ufffd" for character in text)
    return wide > 4 * text.count("\ufffd")


def _best(sample: bytes, encodings: Sequence[str]) -> str:
    """The encoding in which `sample` reads most like Chinese, the first of equals; nothing where none does."""
    found, best = "", 0.0
    for encoding in encodings:
        unit = 4 if "32" in encoding else 2 if "16" in encoding else 1
        text = sample[: len(sample) // unit * unit].decode(encoding, "replace")
        wide = _ASCII_RUN.sub("", text)
        total = sum(map(_WEIGHTS.__getitem__, wide))
        likelihood = total / len(wide) if wide else 1.0
        share = (total + ASCII * (len(text) - len(wide))) / len(text) if text else 0.0
        if likelihood >= GOOD_ENOUGH and share > best:
            found, best = encoding, share
    return found


class _Weights(dict[str, float]):
    """How Chinese a character is; the mean is near 1 for a Chinese text."""

    def __missing__(self, character: str) -> float:
        if "\u4e00" <= character <= "\u9fff":
            weight = 0.1
        elif unicodedata.category(character) in ("Cn", "Co", "Cc", "Cs") or character == "\ufffd":
            weight = -2.0
        else:
            weight = 0.3
        if character <= "\uffff":  # the others are too many to be kept
            self[character] = weight
        return weight


def _rows(encoding: str, first: Iterable[int], second: Sequence[int]) -> frozenset[str]:
    """The characters in a region of a two-byte code table."""
    cells = (bytes((high, low)).decode(encoding, "ignore") for high in first for low in second)
    return frozenset(cell for cell in cells if cell)


# The standards put the common characters first: GB 2312 level one (3755, by pronunciation) and
# Big5 level one (5401, by strokes), then the rare ones.
LEVEL_ONE = _rows("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)) | _rows(
    "big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))
)
LEVEL_TWO = _rows("gb2312", range(0xD8, 0xF8), range(0xA1, 0xFF))
MARKS = frozenset("，。、；：？！“”‘’（）《》〈〉【】—…·　％－．／０１２３４５６７８９「」『』①②③④⑤⑥⑦⑧⑨⑩■●★▲◆")

# The characters that any Chinese text is full of, simplified and traditional.
COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方"
    "后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开"
    "它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此"
    "变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老"
    "頭基資邊流路級少圖山統接知較將組見計別她手角期根論運農指幾九區強放決西被幹做必戰先回則任取據處隊南給色光門"
    "会议关于报告通知工作学习省市县区委厅局办党组书记领导干部群众精神贯彻落实推进推动加强服务发展建设"
    "會議關於報告學習縣區廳辦黨組書記領導幹部眾貫徹實進動強務發設這個國來時們對產種後經過說為還與問題"
)

_ASCII_RUN = re.compile(r"[ -~\t\r\n]+")
_WEIGHTS = _Weights(
    dict.fromkeys(LEVEL_TWO, 0.45) | dict.fromkeys(LEVEL_ONE | MARKS, 0.95) | dict.fromkeys(COMMON, 1.0)
)
