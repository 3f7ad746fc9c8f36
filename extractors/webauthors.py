"""Who wrote the article, where its own text says so: the bracket it opens or ends with, a line of names.

（记者 林小舟 通讯员 赵远）8月12日…   本报记者 林小舟 赵远   …约定秋收后再来。（水务局 林小舟）   （林小舟 供稿）

Who edited, checked, photographed or posted it is no author.
"""

import re

from bulletin.heads import is_name
from bulletin.text import is_unit

CREDIT = 48
"""Characters of the longest bracket that names authors: three reporters with the names of their papers."""

_WROTE = (
    r"(?:[\w]{0,8}(?:日报|晚报|网|社|电视台|融媒体(?:中心)?|全媒体|新闻))?(?:本[报刊网台])?(?:首席|特约|见习|实习|全媒体)?"
    r"(?:记者|通讯员|实习生)|(?:本文|原文)?作者|撰稿人?|撰文|供稿人?|执笔人?|文字|文\s*[/／]\s*图|图\s*[/／]\s*文"
)
_OTHERS = (
    r"图片?|摄影(?:报道)?|摄|编辑|责编|责任编辑|(?:值班|网络|执行)?主?编辑?|审核|初审|复审|终审|[一二三]审|校对|监制|来源|"
    r"签发|美编|排版|视频|剪辑|制图|统筹|翻译"
)
# Each label with what follows it up to the next one.
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s、，,；;/／|｜]))(?:(?P<wrote>{_WROTE})|(?P<others>{_OTHERS}))\s*(?:[：:/／丨|｜]\s*|(?=[\s\w]))"
)
_SPLIT = re.compile(r"[、，,；;丨|｜/／\s]+(?:和|及|与)?")
_BRACKET = rf"[（(\[【]([^（）()\[\]【】]{{2,{CREDIT}}})[）)\]】]"
_END = re.compile(rf"{_BRACKET}\s*$")
_START = re.compile(rf"^\s*(?:[\w]{{0,12}}(?:讯|电|消息))?\s*{_BRACKET}")
_NAMES_LINE = re.compile(
    r"^\s*[■□●◎○▲]?\s*(?=\S{0,8}(?:记者|通讯员|作者|撰稿|供稿|文字|执笔))(.{4,48}?)(?:\s*\d{4}[-年./]\S{3,8})?$"
)
# （林小舟 供稿）   （林小舟 文/图）
_GAVE = re.compile(r"\s*(?:供稿|撰稿|报道|撰文|文\s*[/／]\s*图|图\s*[/／]\s*文)\s*$|\s+文\s*$")
_SEVERAL = re.compile(r"^[\u4e00-\u9fff]{2,4}(?:、[\u4e00-\u9fff]{2,4}){1,4}$")
_NO_PERSON = re.compile(r"^全文|^[文图]据|完$|[山河庄界县市镇乡村州江湖岛港口城区省]$")
"""（全文完）   （石家庄）: closing words and places that begin like a surname and are no names of persons."""


def credited(first: str, last: str) -> str:
    """The authors that the first or the last line of a text name, separated by 、; nothing where neither does."""
    for pattern, line in ((_START, first), (_NAMES_LINE, first), (_END, last), (_NAMES_LINE, last)):
        found = pattern.search(line)
        names = read_credit(found[1]) if found else ""
        # One bare word in front of a text is rather its number or kind: （一）   （试行）.
        if names and not (pattern is _START and found and names == found[1].strip()):
            return names
    # 林小舟、赵远: a line of several names; a line of one may as well be a place or a column.
    names = first.strip()
    several = _SEVERAL.match(names) is not None and _is_surely_person(names.split("、")[0])
    return names if several else ""


def read_credit(text: str) -> str:
    """The authors named in a credit such as 记者 林小舟 通讯员 赵远, 水务局 林小舟, 林小舟 供稿."""
    gave = _GAVE.search(text)
    text = text[: gave.start()] if gave else text
    labels = list(_LABELLED.finditer(text))
    if labels:
        if text[: labels[0].start()].strip():
            return ""
        ends = [*(label.start() for label in labels[1:]), len(text)]
        parts = [text[label.end() : end] for label, end in zip(labels, ends, strict=True) if label["wrote"]]
        named = [_names(part) for part in parts]
        return "、".join(name for names in named for name in names) if all(named) else ""
    words = _words(text)
    unit = bool(words) and is_unit(words[0])
    names = words[1:] if unit else words
    # 赵远 alone may be a word; next to 林小舟 it is a name.
    certain = unit or gave or any(len(name) == 3 and _is_surely_person(name) for name in names)
    return "、".join(names) if names and all(map(_is_person if certain else _is_surely_person, names)) else ""


def _words(text: str) -> list[str]:
    """The words between commas and blanks; 林 舟, set as wide as three characters, is one."""
    words = [word for word in _SPLIT.split(text.strip()) if word]
    return ["".join(words)] if words and all(len(word) == 1 for word in words) else words


def _names(text: str) -> list[str]:
    """The names that a text begins with and that are all of it but an explanation: 林小舟，系某某局干部."""
    names: list[str] = []
    for word in _words(text):
        if not _is_person(word):
            break
        names.append(word)
    rest = _words(text)[len(names) :]
    return names if not rest or re.match(r"系|单位|为|现任|来自|报道", rest[0]) else []


def _is_person(word: str) -> bool:
    return 2 <= len(word) <= 4 and is_name(word) and not word.endswith("摄")


def _is_surely_person(word: str) -> bool:
    """Whether a name that nothing announces is one: not a place or word that begins with a surname (万元, 于都)."""
    # Brings its dictionary along: only pages with such a bracket need it.
    from bulletin.tagging import tagged

    if len(word) != 3 or not _is_person(word) or _NO_PERSON.search(word):
        return False
    return any(tag.startswith("nr") for _, tag in tagged(word))
