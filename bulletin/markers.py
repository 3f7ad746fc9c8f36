"""Lines that are not the author's: markers and adverts of document sites, page furniture, share bars.

Ordered tables of patterns, each with its code, the reason an editor reads, and an example that a
test checks. They tell kinds, not sites.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.text import FINAL, heading_marker, is_date_line, is_unit, squeeze, visible


class LineRule(NamedTuple):
    code: str
    reason: str
    example: str
    pattern: re.Pattern[str]
    """Must match the whole line, blanks at its ends left out."""


class InlineRule(NamedTuple):
    code: str
    reason: str
    example: str
    pattern: re.Pattern[str]
    """What it matches is taken away, the rest of the paragraph stays."""


_P = re.compile
_EDITORS = (
    "责任编辑|值班编辑|实习编辑|网络编辑|本期编辑|责编|编辑|编审|审核|审校|校对|初审|复审|终审|一审|二审|三审|监制|签发|排版|制作"
    "|值班编委|录入"
)
_NAMES = r"[\w·/、\[\]（）() \t\u3000-]{1,40}?"

LINE_RULES: tuple[LineRule, ...] = (
    LineRule("site-marker", "文库网站的标记", "##paidbegin##", _P(r"(?:#{2,}\w+#{2,}\s*)+")),
    LineRule(
        "page-number",
        "页码",
        "— 3 —",
        _P(
            r"[-－—–―·•~～\[【(（_]{1,3}\s*\d{1,4}\s*[-－—–―·•~～\]】)）_]{1,3}"
            r"|第\s*\d{1,4}\s*页(?:[\s，,、/]*共\s*\d{1,4}\s*页)?|共\s*\d{1,4}\s*页[\s，,、/]*第\s*\d{1,4}\s*页"
            r"|\d{1,4}\s*/\s*\d{1,4}|[Pp]age\s*\d+(?:\s*of\s*\d+)?|第\s*[一二三四五六七八九十百]{1,4}\s*页"
        ),
    ),
    LineRule(
        "editor",
        "责任编辑等署名",
        "责任编辑：林小舟 审核：方远",
        _P(rf"[（(\[【]?\s*(?:(?:{_EDITORS})\s*[:：丨|]\s*{_NAMES}[\s，,；;|]*)+[）)\]】]?"),
    ),
    LineRule(
        "share-bar",
        "分享、打印、字号等网页按钮",
        "分享到：微信 微博",
        _P(
            r"(?:【?\s*(?:分享到?|分享至|转发到)[:：】\s].{0,40}|分享到?)"
            # 微信扫一扫、扫码关注我们, but not the title 扫码评学成为新风尚
            r"|(?=.{0,12}(?:扫一扫|扫码|扫描(?:下方|上方)?二维码|长按(?:识别)?二维码|长按识别).{0,30}$)"
            r".*(?:关注|微信|手机|公众号|客户端|小程序|页面|当前页|本页|全文|更多|详情|入群|进群|加群|分享至|我们|(?:扫一扫|扫码|二维码)\W*$).*"
            r"|[【\[（(]?\s*(?:字\s*[号体](?:大小)?)\s*(?:[:：\s\[【+大中小].{0,16})?"
            r"|(?:[【\[（(]?\s*(?:我要)?(?:打印(?:本页|此页|文章)?|关闭(?:本页|窗口|页面)?|收藏(?:本页)?|返回(?:顶部|首页|列表)?|纠错|点赞|在看|评论|举报)"
            r"\s*[】\]）)]?[\s|｜/]*)+"
            r"|(?:上|下)一(?:篇|页|条)(?:\s*[:：>》].{0,80}|\s.{0,80})?"
            r"|点击(?:查看|阅读|进入|下载|上方|下方|右上角|蓝字).{0,40}"
            r"|(?:相关(?:阅读|链接|新闻|文章|附件下载)|延伸阅读|推荐阅读|热门推荐|网友评论|阅读原文)\s*[:：]?"
            r"|(?:浏览|阅读|点击)(?:次数|量|数)\s*[:：]\s*\d*\s*次?"
            r"|当前位置\s*[:：].{0,60}|您(?:现在|当前)?(?:的位置|所在的位置|位置)[:：]?.{0,60}"
        ),
    ),
    LineRule(
        "copyright",
        "网站版权和备案信息",
        "版权所有：某某网 未经许可不得转载",
        _P(
            r"(?:版权(?:所有|声明)|Copyright|©).{0,80}|.{0,30}(?:ICP备|公网安备|网站标识码).{0,50}"
            r"|.{0,20}未经(?:授权|许可|书面).{0,10}(?:转载|使用|复制).{0,20}|(?:网站地图|联系我们|关于我们|[\s|｜])+"
        ),
    ),
    LineRule(
        "advert",
        "文库网站、公众号的广告",
        "更多材料请加QQ群：000000000",
        _P(
            r".{0,20}(?:更多|全套|最新|海量|优质|免费).{0,16}(?:材料|资料|范文|公文|模板|文章|稿件|讲话稿)"
            r".{0,16}(?:公众号|请点击|下载(?=[：:]|$)|(?:请|欢迎|可)\s*(?:关注|加|搜索|访问|添加|扫码|下载|订阅)"
            # 关注公众号、加QQ群, but not 用更多鲜活材料回应群众关注, 以最新案例材料加强教育
            r"|(?:关注|加入?|搜索|访问|添加|扫码|订阅)\s*[:：“]?\s*(?:本|我们|微信|群|会员|下方|上方|网|[A-Za-z\d])).{0,40}"
            r"|(?:会员|QQ|qq|微信|交流|资料|读者|付费|公文|写作|材料|免费|[\s　])*(?:群|客服|公众号|微信号)\s*(?:号|号码)?"
            r"\s*[:：][^，。；！？]{0,40}"
            r"|(?:内部|会员|学习)?(?:资料|材料)?[，,\s]*(?:仅供(?:内部)?(?:学习|参考|交流)(?:使用|参考|交流|之用)?)[，,、\s]*(?:禁止|严禁|请勿|不得|切勿).{0,20}"
            r"|(?:严禁|禁止|请勿)(?:外传|转载|倒卖|二次销售|商用).{0,20}"
            r"|.{0,12}(?:网络)?(?:整理|来源)于?网络[，,].{0,8}(?:侵权|如有侵权).{0,20}|.{0,30}如有侵权.{0,20}(?:联系|告知).{0,16}"
            r"|(?:精品|实用|优选|优质|最新)(?:文档|资料|范文|公文)[\s，,|｜]*(?:仅供(?:学习|内部)?(?:参考|交流|学习)|可编辑|欢迎下载).{0,8}"
            r"|.{0,10}欢迎下载(?:使用)?[\s，,。！!]*(?:第\s*\d{1,4}\s*页.{0,12})?"
            r"|(?:本文|本资料|本文档|该文档)(?:由|来自|下载自|转自|源自).{0,24}(?:提供|整理|下载|网|公众号|文库|收集)"
        ),
    ),
    LineRule(
        "page-address",
        "文章所在网页的地址",
        "原文链接：http://www.example.cn/1.html",
        _P(r"(?:(?:原文|文章|来源|网页)?(?:链接|网址|地址|出处)\s*[:：]?\s*)?(?:https?://|www\.)[!-~]+"),
    ),
    LineRule("form-label", "来稿表格的栏目名", "正文：", _P(r"(?:正文|文章内容|稿件内容)\s*[：:]")),
    LineRule(
        "rule-line",
        "分隔线",
        "----------",
        _P(r"[-－—–―_=*＊·•…~～#+]{4,}|[-=*＊~～#+]{3}|(?:[-*·•_=~]\s+){2,}[-*·•_=~]"),
    ),
)

INLINE_RULES: tuple[InlineRule, ...] = (
    InlineRule("site-marker", "文库网站的标记", "##paidbegin##深刻领会……", _P(r"#{2,}[A-Za-z_]{3,20}#{2,}")),
    InlineRule(
        "editor",
        "责任编辑等署名",
        "……开创新局面。（责任编辑：林小舟）",
        _P(rf"(?<=[。！？”）])\s*[（(\[【]\s*(?:{_EDITORS})\s*[:：]\s*{_NAMES}[）)\]】]\s*$"),
    ),
)

# Words of adverts; a line with two kinds of them, or one of the strong ones, is an advert line inside an advert zone.
_STRONG = _P(r"倒卖|外传|QQ群|qq群|会员群|微信群|公众号|扫码|扫一扫|加群|网盘|VIP|vip|免费下载|客服|淘宝|拼团|付费")
_WEAK = _P(
    r"会员|订阅|权益|资料|材料|范文|分享|迭代|更新|下载|举报|赠送|免费|关注|文库|平台|优惠|原价|限时|侵权|整理|网站|学习交流"
)
ADVERT_LINE = 80
"""Characters of the longest line taken for an advert; the longest in the seeds has 40."""
ZONE = 24
"""How many lines at the head and at the tail are searched for a zone of adverts."""
BRAND = 20
"""Characters of an unknown line between two advert lines (a brand) that goes with them."""


def line_rule(text: str) -> LineRule | None:
    """The first rule that takes the whole line away."""
    line = squeeze(text)
    if len(line) > 2 * ADVERT_LINE:
        return None
    return next((rule for rule in LINE_RULES if rule.pattern.fullmatch(line)), None)


def is_advert(text: str) -> bool:
    """Whether the line can be an advert where its neighbours are: short, and in their words."""
    line = squeeze(text)
    if len(line) > ADVERT_LINE or heading_marker(line) or is_unit(line):
        return False
    weak = set(_WEAK.findall(line))
    return bool(_STRONG.search(line)) or len(weak) >= 2


def _is_text(text: str) -> bool:
    """Whether the line is certainly the author's: a paragraph, a numbered heading, an organ, a date."""
    line = squeeze(text)
    return (
        len(line) > ADVERT_LINE
        or heading_marker(line) is not None
        or is_unit(line)
        or is_date_line(line)
        or (len(line) > BRAND and not is_advert(line))
    )


def _zone(lines: Sequence[str]) -> int:
    """How many of the first lines are adverts: three or more of them, strangers only between two of them."""
    if not lines or not is_advert(lines[0]):
        return 0
    last, hits, strong = 0, 0, 0
    for index, line in enumerate(lines[:ZONE]):
        if is_advert(line):
            last, hits = index, hits + 1
            strong += bool(_STRONG.search(line))
        elif _is_text(line) or index - last > 2:
            break
    return last + 1 if hits >= 3 and strong >= 2 else 0


def advert_zones(lines: Sequence[str]) -> set[int]:
    """Indices of the lines of an advert block at the head or at the tail of the document."""
    head = _zone(lines)
    tail = _zone(lines[head:][::-1])
    return set(range(head)) | set(range(len(lines) - tail, len(lines)))


# ---------------------------------------------------------------- page furniture

PROSE = 30
"""Characters from which a line is taken for running text next to a page number."""


_BARE_NUMBER = re.compile(r"[1-9]\d{0,2}")


def lone_page_numbers(lines: Sequence[str]) -> set[int]:
    """Indices of lines that are a bare number and count up by one, most of them beside running text: page numbers.

    The numbers in a table flattened to one cell a line have a head 序号 or short lines on both sides.
    """
    if any(("号" in line or "序" in line) and visible(line) in ("序号", "编号", "次序") for line in lines):
        return set()
    found = [(i, int(line)) for i, line in enumerate(lines) if _BARE_NUMBER.fullmatch(line.strip())]
    runs: list[list[tuple[int, int]]] = []
    for entry in found:
        if runs and entry[1] == runs[-1][-1][1] + 1 and entry[0] > runs[-1][-1][0] + 1:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    numbers: set[int] = set()
    for run in runs:
        beside = sum(_is_running(lines[i]) for index, _ in run for i in (index - 1, index + 1) if 0 <= i < len(lines))
        if len(run) >= 2 and beside >= len(run):
            numbers |= {index for index, _ in run}
    return numbers


def _is_running(line: str) -> bool:
    return len(visible(line)) >= PROSE and re.search(r"[，。；]", line) is not None


HEAD_LONGEST = 40
HEAD_TIMES = 3


def running_heads(lines: Sequence[str], cuts: set[int], pages: set[int]) -> Iterator[int]:
    """Indices of short lines that come back three times or more and mostly stand at a page's edge.

    `pages` are the lines that are page numbers, `cuts` those after which a sentence breaks off.
    """
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if line.startswith("\t") or line.rstrip()[-1:] in FINAL:
            continue
        key = visible(line)
        if 4 <= len(key) <= HEAD_LONGEST and not re.match(r"【.*】$", key):
            places.setdefault(re.sub(r"\d+$|^\d+", "", key), []).append(index)
    for at in places.values():
        if len(at) == HEAD_TIMES - 1 and all(_at_break(i, cuts, pages) for i in at):
            yield from at
        if len(at) < HEAD_TIMES:
            continue
        edge = sum(1 for i in at if i - 1 in cuts or i - 1 in pages or i + 1 in pages)
        if edge * 2 > len(at):
            yield from at


def _at_break(index: int, cuts: set[int], pages: set[int]) -> bool:
    """Whether the line stands beside a page number where a sentence breaks off: surely no text."""
    return (index - 1 in pages and index - 2 in cuts) or (index + 1 in pages and index - 1 in cuts)
