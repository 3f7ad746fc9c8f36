"""One row for each rule and the text beside it that must not be taken for furniture."""

import pytest

from extractors.webfurniture import RULES, furniture
from extractors.webtree import parse, read_lines


def rule(text: str) -> str:
    found = furniture(read_lines(parse(f"<p>{text}</p>"))[0])
    return found.code if found else ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("打印 关闭", "site-tools"),
        ("【推荐】【打印】【关闭】", "site-tools"),
        ("字号：大 中 小", "site-tools"),
        ("分享到：微信 微博", "site-tools"),
        ("扫一扫在手机打开当前页", "site-tools"),
        ("阅读次数：123", "site-tools"),
        ("00:00/03:15", "site-tools"),
        ("2022-02-11 08:52 来源：临湖日报", "site-byline"),
        ("来源：临湖日报 编辑：李某", "site-byline"),
        ("（责任编辑：李某）", "site-byline"),
        ("发布日期：2022-02-11", "site-byline"),
        ("临湖在线 2005年3月11日12:12 来源：临湖日报", "site-byline"),
        ("云江大学 2023-05-12 浏览次数：128", "site-byline"),
        ("原标题：临湖县召开推进会", "site-byline"),
        ("原创 湖畔 2019-09-04 22:18:34", "site-byline"),
        ("湖畔 6小时前", "site-byline"),
        ("当前位置：首页 > 要闻 > 正文", "site-navigation"),
        ("上一篇：临湖县召开例会", "site-navigation"),
        ("[1] [2] [3]", "site-navigation"),
        ("首页 上一页 1 2 3 下一页 尾页", "site-navigation"),
        ("相关新闻：", "site-related"),
        ("■相关链接", "site-related"),
        ("猜你喜欢", "site-related"),
        ("延伸 · 推荐阅读", "site-related"),
        ("网友评论（3）", "site-comments"),
        ("4,060 条评论", "site-comments"),
        ("湖畔 今天10:10 举报 赞24 回复", "site-comments"),
        ("验证码：", "site-comments"),
        ("Copyright © 2005 All rights reserved", "site-legal"),
        ("云ICP备00000000号", "site-legal"),
        ("① 凡本网注明“来源：临湖网”的作品，版权均属本网", "site-legal"),
        ("免责声明：本文仅代表作者观点", "site-legal"),
        ("关于我们 | 联系我们 | 网站地图", "site-legal"),
        ("广告", "site-advert"),
        ("欢迎关注临湖发布公众号", "site-advert"),
    ],
)
def test_furniture(text: str, code: str) -> None:
    assert rule(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "一张二维码管好垃圾分类",
        "推广“扫一扫”学习法",
        "李某于2022年2月23日在湖东镇参加植树活动，与群众一起栽下树苗。",
        "（2007年6月29日临湖县第十届人民代表大会常务委员会第二十八次会议通过）",
        "记者：你们的市场在哪里？",
        "会议打印了三百份材料，分发给各乡镇。",
        "[1]",
        "2770",
        "附件：1.任务清单.docx",
        "一、健全工作机制",
        "评论员要到一线去，把文章写在大地上。",
        "首页推荐制度是本县的创新做法，已经在各镇推广开来，效果良好。",
    ],
)
def test_text_is_no_furniture(text: str) -> None:
    assert rule(text) == ""


@pytest.mark.parametrize(
    "line", ["2022-02-11 08:52 来源：临湖日报", "关于我们|联系我们", "打印 关闭", "相关新闻：", "3 条评论"]
)
def test_rules_look_at_a_line_from_its_beginning(line):
    text = "".join(line.split())
    assert not any(rule.pattern.search(text, 1) for rule in RULES)
