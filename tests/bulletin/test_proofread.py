"""Proofreading hints: what each rule finds, and what it leaves alone."""

import datetime as dt
from pathlib import Path

import pytest

from bulletin.model import Article, Block, BlockType, Entry, HintLevel, Issue, IssueNumber, Section
from bulletin.proofread import Lexicon, proofread, proofread_issue
from services.reference import load_lexicon
from services.settings import REFERENCE

LEXICON = load_lexicon(REFERENCE)


def article(*lines: str, date: dt.date | None = None) -> Article:
    return Article(source="a", date=date, blocks=tuple(Block(text=line) for line in lines))


def found(*lines: str, date: dt.date | None = None) -> list[tuple[str, str]]:
    return [(hint.rule, hint.text) for hint in proofread(article(*lines, date=date), LEXICON)]


# rule, text, what is marked
WRONG = (
    ("foreign-word", "云泽县委宣传部 and 县委讲师团联合开课。", " and "),
    ("foreign-word", "组织干部or群众代表座谈。", "or"),
    ("document-number", "根据云委发（2023）08号文件要求开展学习。", "（2023）08号"),
    ("document-number", "根据云委发[2023]第8号文件要求开展学习。", "[2023]第8号"),
    ("ordinal-mark", "要做到两点。第一、读原文；第二，写笔记。", "第一、"),
    ("ordinal-mark", "首先、要读原文。", "首先、"),
    ("foreign-word", "书记讲了一课，the 全场掌声不断。", "the "),
    ("ellipsis-and-others", "走访了石岭、云泽、望川……等地。", "……等"),
    ("until", "截止6月，全县开课四百堂。", "截止"),
    ("digit-item", "1、抓好集中学习", "1、"),
    ("bracket-item", "（一）、抓好集中学习", "（一）、"),
    ("mark-between-titles", "学习《田间通讯》、《水利简史》两本书。", "、"),
    ("double-mark", "会议开得好，。大家都满意。", "，。"),
    ("half-width-mark", "会议开得好,大家都满意。", ","),
    ("percent-range", "满意率提高10-30%。", "10-30%"),
    ("thousands", "投入12,000元。", "12,000"),
    ("nested-marks", "印发《关于学习《田间通讯》的通知》。", "《田间通讯》"),
    ("nested-marks", "他说“要读“无字书”才行”。", "“无字书”"),
    ("neighbouring-numerals", "来了三、四十人。", "三、四十"),
    ("unpaired", "开设“田埂课堂，讲课四百堂。", "“"),
    ("unpaired", "学习田间通讯》全文。", "》"),
    ("unpaired", "会上（县委礼堂举行了仪式。", "（"),
    ("misspelling", "要一如继往抓好落实。", "一如继往"),
    ("misspelling", "会议认真布署了春耕工作。", "布署"),
    ("cut-phrase", "大家围绕修渠开展座谈流。", "座谈流"),
    ("cut-phrase", "会议作了安排部。", "安排部"),
    ("doubled", "这是大家的的心愿。", "的的"),
    ("doubled", "全县开展开展走访。", "开展开展"),
    ("doubled", "各支部认真学习学习党的创新理论。", "学习学习"),
    ("doubled", "要把把课堂搬到田头。", "把把"),
    ("two-offices", "县委书记陈志明主持会议，县长陈志明作了讲话。", "陈志明"),
    ("doubled-estimate", "大约200人左右参加。", "大约200人左右"),
    ("doubled-estimate", "约300余人到场。", "约300余"),
    ("no-such-day", "2月30日，云泽县召开会议。", "2月30日"),
    ("no-such-day", "2023年2月29日，云泽县召开会议。", "2023年2月29日"),
    ("no-such-day", "6月31日前完成。", "6月31日"),
    ("weekday", "2023年12月10日（星期一）召开会议。", "2023年12月10日（星期一）"),
    ("backward-range", "9月15日至9日举办培训班。", "9月15日至9日"),
)


@pytest.mark.parametrize(("rule", "text", "marked"), WRONG)
def test_a_rule_finds_its_fault(rule: str, text: str, marked: str) -> None:
    assert (rule, marked) in found(text)


RIGHT = (
    "县委办公室使用OA系统，口号是“Read and Act”。",
    "根据云委发〔2023〕8号文件要求，第一，读原文；第二，写笔记。",
    "第一、第二产业融合发展，第一、二、三组分别讨论。",
    "1.抓好集中学习",
    "（一）抓好集中学习",
    "学习《田间通讯》《水利简史》两本书，提高10%～30%。",
    "他说：“要读‘无字书’，走‘田埂路’。”",
    "要抓好：1）学习；2）走访。",
    "印发《关于学习〈田间通讯〉的通知》，来了三四十人，第三、四条和二、三产业不变。",
    "一步一步走，研究研究再定，人人参与、层层落实。",
    "目的的实现要靠参与与监督；及时以及及早动手；为了了解情况，不了了之。",
    "究竟是谁的功劳，研究竞争规律，关注消防安全，补充份额。",
    "开展专题学、集中讲、现场议，调查研判到位。",
    "请大家把把关，学习学习再学习，报名截止6月30日，首先学原文；展厅用了几十把把手。",
    "陶冶理想信念，社会主意识强，自己经历过，开发辉煌乡史，从末端抓起，来了一批人……等着开讲。",
    "约200人参加，近百名群众到场，超过300人受益。",
    "2020年2月29日召开会议，2月29日是闰日，12月10日（星期日）举办讲座。",
    "9月5日至9日举办培训班，9月25日至10月3日放假。",
    "会议指出，要坚持问题导向、目标导向、效果导向相统一，切实把学习成果转化为工作成效。",
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert found(text, date=dt.date(2023, 12, 12)) == []


def test_a_hint_names_place_level_suggestion_and_says_why_in_chinese() -> None:
    (hint,) = proofread(article("开头一段没有问题。", "要一如继往抓好落实。"), LEXICON)
    assert (hint.block, hint.span, hint.level, hint.suggestion) == (1, (1, 5), HintLevel.MUST, "一如既往")
    assert "一如既往" in hint.message


def test_the_title_is_read_too() -> None:
    (hint,) = proofread(Article(source="a", title="云泽县一如继往抓学习"), LEXICON)
    assert hint.block == -1


def test_without_a_lexicon_only_the_rules_speak() -> None:
    assert proofread(article("要一如继往抓好落实。")) == ()


@pytest.mark.parametrize(
    ("labels", "skipped"),
    [
        (("一、甲", "二、乙", "三、丙"), []),
        (("一、甲", "三、丙"), ["三、"]),
        (("一、甲", "（一）子", "（三）孙", "二、乙", "（一）子"), ["（三）"]),
        (("一、甲", "二、乙", "二、丙"), ["二、"]),
        (("一、甲", "1.子", "2.孙", "二、乙", "1.子", "2.孙"), []),
        (("一、甲", "二、乙", "一、另一篇"), []),
    ],
)
def test_numbering(labels: tuple[str, ...], skipped: list[str]) -> None:
    assert [text for rule, text in found(*labels) if rule == "numbering"] == skipped


def test_clauses_that_skip_inside_a_paragraph() -> None:
    assert ("numbering", "三是") in found("要抓好落实：一是读书；三是走访。")
    assert found("要抓好落实：一是读书；二是走访；三是座谈。") == []


def test_an_unfinished_paragraph_and_a_cut_page() -> None:
    lines = (
        "会议强调，要把学习同修渠、护林、办学结合起来，做到两手抓、",
        "两不误，让群众看到变化、得到实惠。",
        "会议要求，各村要在月底前报送方案，逐项落实。",
    )
    hints = [hint for hint in proofread(article(*lines), LEXICON) if hint.rule == "unfinished"]
    assert [hint.block for hint in hints] == [0]
    assert "分页" in hints[0].message


def test_headings_and_lists_without_stops_are_not_unfinished() -> None:
    heading = Block(type=BlockType.HEADING, level=1, text="一、坚持以学促干，把课堂搬到田间地头去")
    listed = [f"第{n}组负责走访北村和南村，登记诉求，编写口袋书" for n in "甲乙丙丁戊"]
    blocks = (heading, *(Block(text=text) for text in listed))
    assert proofread(Article(source="a", blocks=blocks), LEXICON) == ()


def test_a_paragraph_twice() -> None:
    line = "会议强调，要把学习同修渠、护林、办学结合起来，做到两手抓、两不误，让群众看到变化、得到实惠。"
    assert [rule for rule, _ in found(line, "中间还有一段别的话。", line)] == ["repeated"]


def test_a_short_name_before_it_is_introduced() -> None:
    lines = ("田研会组织了三次走访。", "云泽县田间技术研究会（以下简称“田研会”）成立于2009年。")
    assert found(*lines) == [("short-name", "田研会")]
    assert found(*reversed(lines)) == []


def test_a_day_after_the_articles_own() -> None:
    text = "2024年3月8日，云泽县召开会议。"
    assert [rule for rule, _ in found(text, date=dt.date(2024, 3, 1))] == ["after-its-date"]
    assert found(text, date=dt.date(2024, 3, 8)) == []
    assert found("拟于2024年3月8日召开会议。", date=dt.date(2024, 3, 1)) == []


# ---------------------------------------------------------------- whole issues


def issue(*entries: Entry) -> Issue:
    return Issue(
        publication="云江学习",
        number=IssueNumber(total=7),
        date=dt.date(2024, 5, 10),
        issuer="云江省学习办",
        sections=(Section(name="学习动态", entries=entries),),
    )


def entry(title: str, *lines: str, contents_title: str = "") -> Entry:
    return Entry(title=title, contents_title=contents_title, blocks=tuple(Block(text=line) for line in lines))


def issue_rules(*entries: Entry) -> list[tuple[int, int, str]]:
    return [(one.section, one.entry, one.hint.rule) for one in proofread_issue(issue(*entries), LEXICON)]


def test_a_contents_title_that_differs() -> None:
    assert issue_rules(
        entry("望川市委常委会召开会议", "会开完了。", contents_title="望川市常委会召开会议"),
        entry("云泽县 学习忙", "会开完了。", contents_title="云泽县学习忙"),
        entry("石岭市开课", "课讲完了。"),
    ) == [(0, 0, "contents-title")]


def test_one_name_in_two_spellings() -> None:
    entries = (entry("甲", "望川市委书记周明远主持会议。"), entry("乙", "望川市委书记周明源出席并讲话。"))
    assert issue_rules(*entries) == [(0, 1, "two-spellings")]


def test_one_person_in_two_offices() -> None:
    entries = (entry("甲", "望川市委书记周明远主持会议。"), entry("乙", "望川市市长周明远出席并讲话。"))
    assert issue_rules(*entries) == [(0, 1, "two-offices")]


def test_the_same_person_in_the_same_office_is_no_hint() -> None:
    entries = (
        entry("甲", "望川市委书记周明远主持会议，市委副书记、市长陈立波出席。"),
        entry("乙", "市委书记周明远强调，市长陈立波表示。"),
    )
    assert issue_rules(*entries) == []


def test_one_paragraph_in_two_entries() -> None:
    line = "会议强调，要把学习同修渠、护林、办学结合起来，做到两手抓、两不误，让群众看到变化、得到实惠。"
    assert issue_rules(entry("甲", line), entry("乙", line)) == [(0, 1, "repeated-in-issue")]


# ---------------------------------------------------------------- the lexicon and real texts


def test_the_lexicon_is_consistent() -> None:
    assert len(LEXICON.misspellings) >= 200
    for pair in LEXICON.misspellings:
        assert pair.wrong != pair.right
        assert not list(LEXICON.misspelt(pair.right)), pair
        assert [match.right for match in LEXICON.misspelt(f"甲{pair.wrong}乙")] == [pair.right]
        for lawful in pair.lawful:
            assert pair.wrong in lawful, pair
            assert not list(LEXICON.misspelt(lawful)), lawful


def test_tables_are_read_with_remarks_and_lawful_words() -> None:
    lexicon = Lexicon.parse("# 注\n究竞\t究竟\t研究竞\n", "座谈交流\n", "研究\n")
    assert [match.right for match in lexicon.misspelt("究竞如何，研究竞争")] == ["究竟"]
    assert [match.right for match in lexicon.cut_phrases("开展座谈流")] == ["座谈交流"]
    assert lexicon.doublings == {"研究"}


def test_clean_text_raises_fewer_than_two_false_alarms_in_ten_thousand_characters(corpus: Path) -> None:
    import json

    rows = [json.loads(line) for line in (corpus / "dev" / "classify.jsonl").read_text("utf-8").splitlines() if line]
    hints = [
        hint
        for row in rows
        for hint in proofread(article(*row["body"].split("\n")), LEXICON)
        if hint.level is HintLevel.MUST
    ]
    size = sum(len(row["body"]) for row in rows)
    assert size > 5_000
    assert len(hints) < 2 * size / 10_000, hints
