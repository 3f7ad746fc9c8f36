"""Made-up articles and submissions of the genre, the same for the same seed, no two alike.

Each article opens as the training examples do (a place, a body, formulas) and goes on with details of its
own, so that sections can be told, formulas are shared by thousands, and no two are duplicates.
"""

import base64
import hashlib
import random
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from bulletin.model import Article, Block
from services.composing import MATERIAL, compose
from services.settings import REFERENCE

LENGTH = 1500
"""Characters of an article, as issue bulletins and the offices' manuscripts have."""
KINDS = ("docx", "html", "utf8.txt", "gb18030.txt", "eml")

_SYLLABLES = "云泽临溪丰澜望川石岭梅塘松河桐湾双渡青屏南浦北亭龙涧鹿原白浔沙汀柳堰枫桥竹荷湾安宁清远怀瑾明德嘉禾瑞林"
_SURNAMES = "江林沈陆顾秦许梁冯程韩叶邵温柏乔"
_PLACES = [
    "渔港",
    "茶园",
    "粮站",
    "水库",
    "集镇",
    "老街",
    "工业园",
    "湿地",
    "码头",
    "苗圃",
    "菜市场",
    "图书馆",
    "卫生院",
    "敬老院",
    "变电站",
    "污水厂",
    "小学",
    "驿站",
]
_WORKS = [
    "改造",
    "扩建",
    "搬迁",
    "招标",
    "验收",
    "巡检",
    "清淤",
    "绿化",
    "普查",
    "联网",
    "加固",
    "试运行",
    "错时开放",
    "结对帮扶",
    "数据比对",
    "隐患排查",
    "夜间值守",
]
_BODIES = ["镇", "乡", "村", "社区", "街道", "公司"]
_MEANS = (
    "由{who}带队到{where}{work}现场走访{n}户，逐户登记诉求{m}条，当场答复{k}条，其余转交{other}限时办理",
    "把{where}{work}列入年度清单，{who}每月到场{k}次，已完成投资{n}万元，惠及{other}居民{m}户",
    "请{who}讲授专题课{k}场，{other}干部{n}人参加，课后围绕{where}{work}提出建议{m}条，采纳{k}条",
    "针对{where}{work}进度滞后的问题，{who}牵头召开协调会{k}次，拆解任务{m}项，{other}承担其中{n}项",
    "在{where}设立学习角{k}处，{who}领读{n}次，{other}职工撰写体会{m}篇，推动{work}提前{k}天完成",
    "组织{other}党员{n}人参与{where}{work}，{who}总结出{m}条操作要点，编成口袋书发放{k}百册",
    "{who}以{where}{work}为题开展调研{k}次，形成报告{m}份，其中关于{other}的{n}条建议写入方案",
)


class Text(NamedTuple):
    """An article before it has a format."""

    title: str
    unit: str
    date: date
    paragraphs: tuple[str, ...]


def texts(count: int, seed: int = 1, length: int = LENGTH) -> Iterator[Text]:
    """`count` articles of about `length` characters."""
    opened = _openings()
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        opening = opened[chance.randrange(len(opened))]
        place = _word(chance, 2)
        paragraphs = [line for line in str(opening["body"]).splitlines() if len(line) > 12][:6]
        while sum(map(len, paragraphs)) < length:
            paragraphs.append(_paragraph(chance))
        day = date(2026, 1, 5) + timedelta(days=chance.randrange(300))
        yield Text(
            f"{place}{chance.choice('市县区镇')}{_word(chance, 2)}片区{opening['title']}",
            str(opening["unit"]),
            day,
            tuple(paragraphs),
        )


def articles(count: int, seed: int = 1, length: int = LENGTH) -> Iterator[Article]:
    """The same articles as our model has them."""
    for number, text in enumerate(texts(count, seed, length)):
        yield Article(
            source=hashlib.sha256(f"{seed}-{number}".encode()).hexdigest(),
            title=text.title,
            unit=text.unit,
            date=text.date,
            blocks=tuple(Block(text=paragraph) for paragraph in text.paragraphs),
        )


def write_submissions(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """The files of `count` submissions, the kinds in turn, written into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, text in enumerate(texts(count, seed)):
        kind = KINDS[number % len(KINDS)]
        path = folder / f"{number:03d}-{text.title[:8]}.{kind}"
        _write(path, kind, text)
        paths.append(path)
    return paths


def _openings() -> list[Mapping[str, object]]:
    material = tomllib.loads((REFERENCE / "training" / MATERIAL).read_text("utf-8"))
    return [row for row in compose(material) if row["role"] != "reject" and row["unit"]]


def _paragraph(chance: random.Random) -> str:
    return "".join(_sentence(chance) for _ in range(chance.randint(2, 4)))


def _sentence(chance: random.Random) -> str:
    return (
        chance.choice(_MEANS).format(
            who=chance.choice(_SURNAMES) + _word(chance, 2),
            where=_word(chance, 2) + chance.choice(_PLACES),
            other=_word(chance, 2) + chance.choice(_BODIES),
            work=chance.choice(_WORKS),
            n=chance.randint(11, 980),
            m=chance.randint(6, 99),
            k=chance.randint(2, 9),
        )
        + "。"
    )


def _word(chance: random.Random, length: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(length))


# ---------------------------------------------------------------- formats


def _write(path: Path, kind: str, text: Text) -> None:
    plain = "\n".join((text.title, text.unit, f"{text.date:%Y年%m月%d日}", "", *text.paragraphs)) + "\n"
    if kind == "docx":
        _write_docx(path, text)
    elif kind == "html":
        path.write_text(_page(text), "utf-8")
    elif kind == "eml":
        path.write_bytes(_mail(text, plain))
    else:
        path.write_bytes(plain.encode(kind.partition(".")[0].replace("utf8", "utf-8")))


def _write_docx(path: Path, text: Text) -> None:
    from docx import Document

    document = Document()
    document.add_heading(text.title, 0)
    document.add_paragraph(text.unit)
    for paragraph in text.paragraphs:
        document.add_paragraph(paragraph)
    document.add_paragraph(f"（{text.unit}  {text.date:%Y年%m月%d日}）")
    document.save(str(path))


def _page(text: Text) -> str:
    """A page of a news site as they are: 33 KB (the median of 24 real ones), of which the article is 4."""
    chance = random.Random(text.title)
    body = "".join(f"<p>\u3000\u3000{paragraph}</p>\n" for paragraph in text.paragraphs)
    share = "".join(f'<a class="share-{n}" href="javascript:;" title="分享">{n}</a>' for n in ("微信", "微博", "空间"))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{text.title}_望河新闻网</title>'
        f'<meta name="PubDate" content="{text.date} 09:12"><style>{_STYLE}</style><script>{_SCRIPT}</script></head><body>'
        f'<div class="top"><div class="wrap">{_menu(chance, 20, "top")}</div></div><div class="nav">{_menu(chance, 40, "nav")}</div>'
        f'<div class="crumb"><a href="/">首页</a> &gt; <a href="/yw/">要闻</a> &gt; 正文</div><div class="main">'
        f'<div class="article"><h1>{text.title}</h1><div class="info"><span>来源：{text.unit}</span>'
        f'<span>{text.date} 09:12</span><span>字号：大 中 小</span></div><div class="share">{share}</div>'
        f'<div class="content">{body}</div><div class="editor">责任编辑：小林</div></div>'
        f'<div class="related"><h3>相关阅读</h3>{_menu(chance, 12, "rel")}</div></div>'
        f'<div class="side"><h3>热点排行</h3>{_menu(chance, 30, "hot")}<h3>图片新闻</h3>{_pictures(chance, 12)}</div>'
        f'<div class="footer">{_menu(chance, 40, "foot")}<p>版权所有 望河新闻网 备案号000000</p></div>'
        f"<script>{_SCRIPT}</script></body></html>"
    )


_STYLE = "".join(f".c{n}{{margin:0 auto;padding:{n}px;color:#{n:03d};font-size:{n % 9 + 10}px}}\n" for n in range(60))
_SCRIPT = "".join(f"var v{n}=function(e){{return document.getElementById('c'+{n})||e;}};\n" for n in range(50))


def _menu(chance: random.Random, count: int, name: str) -> str:
    items = (
        f'<li class="{name}-item"><a href="http://www.example.com/{name}/{chance.randrange(10**8)}.html" target="_blank">'
        f"{_word(chance, chance.randint(2, 14))}</a></li>\n"
        for _ in range(count)
    )
    return f'<ul class="{name}-list clearfix">{"".join(items)}</ul>'


def _pictures(chance: random.Random, count: int) -> str:
    return "".join(
        f'<div class="pic"><a href="/p/{n}.html"><img src="i/{n}.jpg" alt="{_word(chance, 6)}"></a>'
        f"<span>{_word(chance, 10)}</span></div>\n"
        for n in range(count)
    )


def _mail(text: Text, plain: str) -> bytes:
    subject = base64.b64encode(text.title.encode()).decode()
    sender = base64.b64encode(text.unit.encode()).decode()
    content = base64.encodebytes(plain.encode()).decode()
    return (
        f"From: =?utf-8?B?{sender}?= <office@example.com>\r\nTo: bulletin@example.com\r\n"
        f"Subject: =?utf-8?B?{subject}?=\r\nDate: {text.date:%a, %d %b %Y} 09:12:00 +0800\r\n"
        f"Message-ID: <{text.date:%Y%m%d}.{zlib.crc32(text.title.encode())}@example.com>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}'
    ).encode()
