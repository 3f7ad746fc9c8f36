"""Words in one line: misspellings, phrases that lost a character, words written twice, doubled estimates."""

import re
from collections.abc import Iterator

from bulletin.proofing.found import LIKELY, MUST, Found
from bulletin.proofing.lexicon import Lexicon

_HAN = r"[\u4e00-\u9fff]"
_AFTER_PHRASE = re.compile(r"$|[^\u4e00-\u9fff]|[的和与及等并为]")
"""What may follow a whole phrase: where another word goes on, three characters may be lawful (调查研判)."""

# Characters that are doubled by slip, with what may lawfully stand before and after the two.
_DOUBLED: tuple[tuple[str, str, str], ...] = (
    ("的", "目", "确士"),
    ("了", "为不明除", "解之如然结却得不断无"),
    ("和", "温饱总缓共调谐祥平随柔中", "谐平美睦气解田县善煦顺政"),
    ("在", "实存现潜内所旨正自外健好", "线校职岗建册家座编乎"),
    ("是", "于就但可还凡总国", "否非"),
    ("与", "参赋给授", "会时"),
    ("及", "以涉普触顾", "时早格第其"),
    ("对", "应面相核反针绝校配查", "联子口照外内比标接立策称"),
    ("为", "作成因认行以称分变化", "了民人期主何此什先政官党国公"),
    ("把", "一两几数拖火这那每第三四五千百手", "关脉子持柄握式抓家手头"),
    ("被", "棉毛", "子褥单"),
    ("从", "服听顺跟盲随", "容来严事此头业前众未不中而"),
)
_BEFORE_PAIR = re.compile(rf"({_HAN}{_HAN})\1")
_SURELY_TWICE = re.compile(
    "进行|开展|加强|推进|推动|组织|召开|工作|建设|发展|我们|他们|会议|要求|坚持|深入|全面|不断"
    "|通过|以及|并且|对于|关于|积极|切实|落实|贯彻|提高|提升|确保|强化|服务|基层|党员|干部|群众"
    "|理论|精神|思想|习近|近平|中国|社会|主义|时代|特色|党委|书记|领导|同志|单位|部门|活动|教育"
    "|培训|制度|机制|问题"
)
_OBJECT = re.compile(r"[《“]|党的|习近平|贯彻|中央|全会|精神")
"""What follows a verb that was written twice by slip, though it may be said twice (学习学习党的…)."""
_UNTIL = re.compile(r"(?<!报名)(?<!申报)(?<!投稿)(?<!征稿)(?<!征集)截止(?=\d{1,4}年|\d{1,2}月)")
_NUM = r"[\d〇一二三四五六七八九十百千万亿两]+(?:\.\d+)?"
_ESTIMATE = re.compile(
    rf"(?:大约|约|将近|接近|近)\s*(?:{_NUM})(?:余|多|来)?(?:%|{_HAN}{{1,4}}?)?(?:左右|上下)"
    rf"|(?:大约|约|将近|接近|近)\s*(?:{_NUM})(?:余|多)(?={_HAN})"
    rf"|(?:超过|逾|多达|突破)\s*(?:{_NUM})(?:余|多)?(?:%|{_HAN}{{1,3}}?)?(?:以上|左右)"
)
_NEIGHBOURS = re.compile(
    r"(?<![第一二三四五六七八九十、])([一二三四五六七八])、([二三四五六七八九])(十|百|千|万|天|倍|成)(?![一二三四五六七八九条项章])"
)


def misspellings(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """迫不急待 -> 迫不及待: spellings that are right nowhere."""
    for match in lexicon.misspelt(text):
        wrong = text[match.start : match.end]
        yield Found("misspelling", MUST, match.start, match.end, match.right, f"“{wrong}”应为“{match.right}”")


def until(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """截止6月底已开展 -> 截至6月底: 截止 takes no time after it."""
    for match in _UNTIL.finditer(text) if "截止" in text else ():
        yield Found("until", LIKELY, *match.span(), "截至", "后面带时间时用“截至”")


def cut_phrases(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """座谈流 -> 座谈交流: a fixed phrase whose last word lost a character."""
    for match in lexicon.cut_phrases(text):
        if _AFTER_PHRASE.match(text, match.end):
            wrong = text[match.start : match.end]
            yield Found("cut-phrase", LIKELY, match.start, match.end, match.right, f"“{wrong}”疑为“{match.right}”漏字")


def doubled(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """的的, 开展开展: a word written twice; 研究研究 and 一步一步 are lawful."""
    for character, before, after in _DOUBLED:
        if character * 2 not in text:
            continue
        for match in re.finditer(rf"(?<![{character}{before}]){character}{{2}}(?![{character}{after}])", text):
            yield Found("doubled", LIKELY, *match.span(), character, f"“{character}”重复")
    for match in _BEFORE_PAIR.finditer(text):
        word = match[1]
        if word[0] == word[1] or word[0] in "一几":
            continue
        if word in lexicon.doublings:
            if _OBJECT.match(text, match.end()):
                yield Found("doubled", LIKELY, *match.span(), word, f"“{word}”重复")
            continue
        if _SURELY_TWICE.fullmatch(word):
            yield Found("doubled", MUST, *match.span(), word, f"“{word}”重复")


def estimates(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """大约200人左右: two words for one estimate."""
    for match in _ESTIMATE.finditer(text):
        yield Found("doubled-estimate", LIKELY, *match.span(), "", "概数重复：“约”“近”“超过”与“左右”“余”“以上”保留一个")


def neighbouring_numerals(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """三、四十人 -> 三四十人 (GB/T 15835-2011, 5.2): an estimate of two neighbouring numerals has no mark between."""
    for match in _NEIGHBOURS.finditer(text):
        one, other = "一二三四五六七八九".index(match[1]), "一二三四五六七八九".index(match[2])
        if other == one + 1:
            right = match[1] + match[2] + match[3]
            yield Found("neighbouring-numerals", LIKELY, *match.span(), right, "相邻两数连用表示概数，中间不用顿号")


LINE_RULES = (misspellings, until, cut_phrases, doubled, estimates, neighbouring_numerals)
