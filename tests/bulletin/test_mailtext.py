"""What a mail puts around an article goes, is in the record, and comes back when it is undone."""

import pytest

from bulletin.cleaning import clean
from bulletin.model import Block, Document

TITLE = "云岭县建好“河畔课堂”"
PROSE = "近年来，云岭县坚持把课堂建到群众身边，组建宣讲小队三十支，走进田间地头开展宣讲，受到群众欢迎。"
ARTICLE = [TITLE, *(f"{n}月，{PROSE}" for n in range(3, 7)), "云岭县委宣传部", "2023年6月8日"]
QUOTE = ["-----原始邮件-----", "发件人：编辑部", "发送时间：2023年6月1日", "主题：约稿", "> 请于月底前报送。", "谢谢！"]


def document(*lines: str) -> Document:
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    return Document(source="0" * 64, name="来稿.txt", format="txt", blocks=blocks)


def texts(*lines: str) -> list[str]:
    return [block.text for block in clean(document(*lines)).blocks]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["编辑老师：", "您好！现报送稿件一篇，请审阅。"], []),
        (["尊敬的编辑老师，您好！"], []),
        (["编辑老师您好：", "现将我县信息报上，请查收。"], ["此致", "敬礼！"]),
        (["您好！附上信息一篇，请查收。"], ["发自我的iPhone"]),
        ([], QUOTE),
        ([], ["发件人：编辑部", "收件人：云岭县委宣传部", "主题：约稿", "请于月底前报送。"]),
        (["您好！"], ["请予采用，谢谢！", *QUOTE]),
    ],
)
def test_greeting_closing_and_quotation_go(before, after):
    lines = [*before, *ARTICLE, *after]
    assert texts(*lines) == ARTICLE
    made = clean(document(*lines)).changes
    assert [c.before for c in made if c.rule.startswith("mail-")] == [*before, *after]
    back = clean(document(*lines), [change.key for change in made])
    assert [block.text for block in back.blocks] == lines


def test_of_a_mail_that_was_only_forwarded_the_headers_go():
    assert texts("----- 转发的邮件 -----", "发件人：云岭县", "主题：信息", *ARTICLE, "发自我的手机") == ARTICLE


@pytest.mark.parametrize(
    "lines",
    [
        ["各科室、各单位：", *ARTICLE],
        ["关于召开学习会的通知", "各位领导：", *ARTICLE[1:]],
        [*ARTICLE[:3], "发件人：一种新职业", *ARTICLE[3:]],
        ["您好，新时代的读书人", *ARTICLE[1:]],
    ],
)
def test_notices_and_titles_are_no_mail(lines):
    assert texts(*lines) == lines
