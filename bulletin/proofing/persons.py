"""Persons with their offices, as far as a text names them beyond doubt: 临川市委书记周明远."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤信冷娄蓝霍裴柳尚祁鲍"
)
_TITLE = (
    "(?:党工委|省委|市委|县委|区委|党委|党组|支部|自治区党委)(?:常务)?副?书记|(?:常务)?副?(?:省长|市长|县长|区长|镇长|乡长|州长|主席)|"
    "(?:党委|党组)?副?书记|副?(?:主任|局长|厅长|部长|院长|校长|秘书长|董事长|总经理|处长|科长|会长|团长|检察长)"
)
_PERSON = re.compile(
    rf"(?P<organ>[\u4e00-\u9fff]{{0,12}}?)(?P<title>(?:{_TITLE})(?:、(?:[\u4e00-\u9fff]{{0,8}}?)(?:{_TITLE}))*)"
    rf"(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=主持|出席|参加|作(?:了|专题|辅导|交流|报告|重要|动员|讲)|讲话|强调|指出|介绍|表示|带队|带领|率队|宣讲|在|到|为|与|[，。；、]|同志|$)"
)
_NAMED = re.compile(f"(?:书记|主席|主任|总经理|长)[{_SURNAME}]")
"""What every place that `_PERSON` finds has; few lines do, and to look for it takes a fiftieth of the time."""
_NO_NAME = re.compile(
    r"[的了等会和与在到对把同各级部门单位领导讲述成员班子主持出席参加强调指作任工程序向方法面于万严石金江武任何程度白莫信]{2}$"
)


class Person(NamedTuple):
    """Who is named where, with the offices before the name."""

    name: str
    titles: frozenset[str]
    organ: str
    start: int
    end: int


def persons(text: str) -> Iterator[Person]:
    """The persons of a line that stand right behind their office and before a verb or mark."""
    for match in _PERSON.finditer(text) if _NAMED.search(text) else ():
        name = match["name"]
        if _NO_NAME.search(name):
            continue
        titles = frozenset(re.findall(_TITLE, match["title"]))
        organ = re.split(r"[，。；、和与]", match["organ"])[-1]
        yield Person(name, titles, organ, match.start("name"), match.end("name"))


def one_off(one: str, other: str) -> bool:
    """Whether two names of three characters differ in one of the last two."""
    return len(one) == len(other) == 3 and one[0] == other[0] and (one[1] == other[1]) != (one[2] == other[2])
