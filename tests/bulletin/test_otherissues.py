"""Files with bulletins in them: issues of other units come apart into articles, several issues into issues."""

import pytest

from bulletin.cleaning import clean
from bulletin.errors import FormatError, NumberingError
from bulletin.masthead import issues_begin, letterhead
from bulletin.model import Article, BackIssue, Block, Document, Publication, Role
from bulletin.otherissues import is_own
from bulletin.pieces import pieces
from bulletin.text import visible

OWN = Publication(name="建设学习型党组织 工作简报", issuer="云江省协调小组办公室", sections=())
TITLES = ("清河县以改革破题 让群众喝上放心水", "云岭县建好“河畔课堂” 筑牢宣讲阵地", "南屏区召开数字乡村推进会")
OPENINGS = (
    "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。",
    "今年以来，云岭县把宣讲搬进田间院坝，组建百姓宣讲队四十支，开展宣讲六百余场，群众听得懂、记得住。",
    "5月6日，南屏区召开数字乡村推进会，总结试点经验，部署下步任务，区委副书记林小舟主持会议并讲话。",
)
REST = "组建专班，挂图作战，逐项明确责任单位和完成时限，每周调度进度，每月通报情况，推动任务落地见效。"
TEXTS = [(title, opening, REST) for title, opening in zip(TITLES, OPENINGS, strict=True)]
ALL = [line for text in TEXTS for line in text]
FOOT = (
    "报：市委办公室。",
    "送：县委、县政府领导。",
    "发：各乡镇、县直各单位。",
    "责任编辑：方远　　审核：周岚",
    "（共印80份）",
)
HEAD = ("清河信息", "第7期", "清河县委办公室　　　　2024年5月8日")

FORMS = {
    "no contents": (*HEAD, *ALL, *FOOT),
    "contents and sections": (
        "云岭宣传", "（第12期）", "中共云岭县委宣传部主办　　2024年6月3日", "本期导读", "【工作交流】", TITLES[0],
        "【基层动态】", TITLES[1], TITLES[2], "编者按：各地做法值得借鉴，现予刊发。", "【工作交流】", *TEXTS[0],
        "【基层动态】", *TEXTS[1], *TEXTS[2], "主送：市委宣传部", "抄送：各县（区）委宣传部", "编辑：林小舟　电话：0512-1234567",
    ),
    "the number of the year": (
        "南屏政务动态", "〔2024〕第15期（总第230期）", "南屏区人民政府办公室编　2024年5月20日", *ALL,
        "南屏区人民政府办公室  2024年5月20日印发",
    ),
    "marked sections": (
        "青石镇工作动态 2024年第3期", "青石镇党政办公室 2024年3月15日", "★工作动态", *TEXTS[0], *TEXTS[1],
        "★学习交流", *TEXTS[2], "报：县委办、县政府办", "发：各村（社区）",
    ),
    "two issues": (
        *HEAD, *TEXTS[0], *TEXTS[1], *FOOT, "内部资料", "清河信息", "第8期", "清河县委办公室　　　　2024年5月18日",
        *TEXTS[2], *FOOT,
    ),
    "two bulletins": (
        *HEAD, *TEXTS[0], *TEXTS[1], *FOOT, "南屏工作简报", "第3期", "南屏区委办公室　　2024年5月9日", *TEXTS[2], *FOOT,
    ),
    "no number": (HEAD[0], HEAD[2], *ALL, *FOOT),
    "an empty number": (HEAD[0], "第　期", HEAD[2], *ALL, *FOOT),
    "no date": (*HEAD[:2], "清河县委办公室", *ALL, *FOOT),
}  # fmt: skip


def document(*lines: str) -> Document:
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    return Document(source="a" * 64, name="来稿.txt", format="txt", blocks=blocks)


@pytest.mark.parametrize("form", FORMS)
def test_the_articles_of_another_bulletin_are_taken_out_of_it(form: str):
    found = pieces(document(*FORMS[form]), own=OWN)
    articles = [piece for piece in found if isinstance(piece, Article)]
    assert [(article.title, article.part) for article in articles] == [(t, i) for i, t in enumerate(TITLES)]
    assert [[block.text for block in article.blocks] for article in articles] == [list(text[1:]) for text in TEXTS]
    assert {article.unit[:2] for article in articles} <= {"清河", "中共", "南屏", "青石"}
    left = {visible(change.before) for article in articles for change in article.changes}
    assert {visible(FORMS[form][0]), visible(FORMS[form][-1])} <= left


@pytest.mark.parametrize("form", FORMS)
def test_what_was_left_out_is_put_back_by_its_key(form: str):
    raw = document(*FORMS[form])
    found = [piece for piece in pieces(raw, own=OWN) if isinstance(piece, Article)]
    known = {change.key for change in clean(raw).changes}
    for key in [change.key for article in found for change in article.changes if change.key not in known]:
        again = [piece for piece in pieces(raw, {key}, OWN) if isinstance(piece, Article)]
        assert [article.title for article in again] == list(TITLES)
        assert key not in {change.key for article in again for change in article.changes}
        assert [block.role for article in again for block in article.blocks].count(Role.NOTE) == 1


def test_the_archive_keeps_several_issues_of_one_file_apart():
    first, second = pieces(document(*FORMS["two issues"]))
    assert isinstance(first, BackIssue)
    assert isinstance(second, BackIssue)
    assert [(back.issue.number.key, back.first, len(back.issue.entries)) for back in (first, second)] == [
        (7, 0, 2),
        (8, 2, 1),
    ]
    assert second.issue.secrecy == "内部资料"
    assert first.issue.copies == 80


def test_the_head_of_another_page_begins_no_issue():
    for again in (("清河信息　第7期",), ("清河信息", "第8期"), HEAD):
        (back,) = pieces(document(*HEAD, *TEXTS[0], *TEXTS[1], *again, *TEXTS[2], *FOOT))
        assert isinstance(back, BackIssue)


def test_without_a_publication_a_numbered_issue_stays_one():
    for form in ("no contents", "contents and sections", "the number of the year", "marked sections"):
        (back,) = pieces(document(*FORMS[form]))
        assert isinstance(back, BackIssue)
    with pytest.raises(FormatError):
        pieces(document(*FORMS["no date"]))


def test_an_issue_of_ones_own_is_none_of_another_bulletin():
    own = ("建设学习型党组织", "工作简报", "第31期", "协调小组办公室", "2023年12月10日", *ALL, *FOOT)
    (back,) = pieces(document(*own), own=OWN)
    assert isinstance(back, BackIssue)
    assert is_own(back.issue, OWN)
    for name, issuer, same in (
        ("工作简报", "协调小组办公室", True), ("工作简报", "", True), ("工作简报", "清河县委办公室", False),
        ("清河信息", "云江省协调小组办公室", False),
    ):  # fmt: skip
        assert is_own(back.issue.model_copy(update={"publication": name, "issuer": issuer}), OWN) is same
    with pytest.raises(NumberingError):
        pieces(document("工作简报", "第　期", "协调小组办公室　2023年12月10日", "【要情】", *ALL, *FOOT), own=OWN)


def test_a_title_that_ends_like_a_bulletin_is_no_masthead():
    assert letterhead(["清河县开展党建工作交流", "清河县委组织部", OPENINGS[0]]) is None
    assert letterhead(["内部资料", "清河信息", "清河县委办公室　2024年5月8日"]) is not None
    (piece,) = pieces(document("清河县党建工作交流", "清河县委组织部　2024年5月8日", *OPENINGS, REST), own=OWN)
    assert isinstance(piece, Article)
    assert piece.title == "清河县党建工作交流"
    assert issues_begin(["清河信息", "第7期", "近日，《清河信息》第8期刊发", "清河信息"], "清河信息") == [0]
