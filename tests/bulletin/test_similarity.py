"""Duplicates: versions of one text are one article, sister events with the same sentences are two."""

import json
from pathlib import Path

import pytest

from bulletin.model import Article, Block
from bulletin.similarity import BUCKET_CAP, Duplicates, Formulas, MemoryIndex, compare, fingerprint
from tests.bulletin.notices import ANEW, MEETING

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/duplicates.jsonl"
FORMULAS = Formulas.parse((ROOT / "data/reference/lexicons/formulas.tsv").read_text("utf-8"))
LINES = (
    "4月8日，望川省云泽市水务局党委举办水文化夜谈，局党委书记主持，六十名一线职工参加。",
    "会议指出，水务人要把学习当作常修课，向书本要方法、向群众要主意、向实践要答案，把所学变成守护江河的真功夫。",
    "夜谈设“问渠”“看图”“对账”三个环节。大家带来了十九张旧渠图，围绕旱地轮灌该不该装水表争论起来，谁也说服不了谁。",
    "门口挂着一排“心愿水壶”，每只壶里塞着一张村民写的字条，当晚有七十三只水壶被认领，写得最长的是一位守闸三十年的老闸工。",
    "局党委书记讲起自己在北岸泵站值夜班的往事，劝大家多到渠尾走走、多到农户家里坐坐，把学到的道理用在抗旱保苗上。",
    "据统计，水文化夜谈开办四年来共举行45期，收集金点子188条，其中52条已经变成泵站的新规矩。",
)


def article(*lines: str, source: str = "a", title: str = "水文化夜谈") -> Article:
    return Article(source=source, title=title, blocks=tuple(Block(text=line) for line in lines))


WHOLE = article(*LINES)

VERSIONS = {
    "another title": article(*LINES, source="b", title="一盏灯下说水事"),
    "half of it": article(LINES[0], LINES[3], LINES[5], source="b"),
    "another order": article(LINES[0], LINES[4], LINES[2], LINES[3], LINES[1], LINES[5], source="b"),
    "new lead": article("学习怎样学到渠边去？一场夜谈给出了答案，也让许多人看到了水务人的模样。", *LINES, source="b"),
    "shortened with a new lead": article(
        "编者按：各地夜谈活动有声有色，本刊选登一则，供各单位参考借鉴。",
        LINES[0],
        LINES[2],
        LINES[3],
        LINES[5],
        source="b",
    ),
    "another channel's marks": article(
        *(line.replace("、", "，").replace("“", "「").replace("”", "」") for line in LINES), source="b"
    ),
    "corrected figure": article(*(line.replace("188条", "198条") for line in LINES), source="b"),
    "numerals of another channel": article(
        *(line.replace("4月8日", "四月八日").replace("45期", "四十五期").replace("六十名", "60名") for line in LINES),
        source="b",
    ),
    "closing lines of a site": article(*LINES, "来源：云泽发布 责任编辑：编辑部", source="b"),
    "rewritten sentence by sentence": article(
        "4月8日，云泽市水务局举办水文化夜谈，六十名一线职工参加。",
        "夜谈设“问渠”“看图”“对账”三个环节。大家带来十九张旧渠图，围绕旱地轮灌该不该装水表争论起来。",
        "门口挂着一排“心愿水壶”，当晚有七十三只水壶被认领。",
        "四年来共举行45期，收集金点子188条，52条已经变成泵站的新规矩。",
        source="b",
    ),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_versions_of_one_text_are_one_article(name: str) -> None:
    for new, old in ((VERSIONS[name], WHOLE), (WHOLE, VERSIONS[name])):
        likeness = compare(new, old)
        assert likeness.duplicate_of == old.id, likeness.reasons
        assert likeness.passages
        assert likeness.reasons


def changed(pairs: dict[str, str], title: str = "水文化夜谈") -> Article:
    lines = LINES
    for old, new in pairs.items():
        lines = tuple(line.replace(old, new) for line in lines)
    return article(*lines, source="c", title=title)


SISTERS = {
    "place": changed({"云泽市": "石岭市"}),
    "place and day": changed({"云泽市": "石岭市", "4月8日": "4月19日"}),
    "unit": changed({"云泽市水务局": "云泽市公交公司", "水务人": "公交人"}),
    "figures and day": changed(
        {"4月8日": "9月3日", "六十名": "九十八名", "七十三": "三十一", "十九张": "二十五张", "45期": "57期"}
    ),
    "stage": changed(
        {
            "4月8日": "8月16日",
            "举办水文化夜谈，": "举办水文化夜谈收官场，",
            "六十名": "十六名",
            "夜谈设": "收官场设",
            "七十三": "八十",
        }
    ),
}


@pytest.mark.parametrize("name", SISTERS)
def test_sister_events_are_two_articles(name: str) -> None:
    likeness = compare(SISTERS[name], WHOLE)
    assert likeness.duplicate_of is None, likeness.similarity
    assert any(reason.weight < 0 for reason in likeness.reasons)


def test_a_short_notice_written_anew_is_one_article_and_the_reason_says_why() -> None:
    likeness = compare(article(ANEW, source="b"), article(MEETING))
    assert likeness.duplicate_of == article(MEETING).id
    assert "same-facts" in {reason.rule for reason in likeness.reasons}


def test_a_notice_of_another_place_is_another_article() -> None:
    likeness = compare(
        article(ANEW.replace("松坡县", "浏阳市"), source="b"), article(MEETING.replace("松坡县", "醴陵市"))
    )
    assert likeness.duplicate_of is None


def test_the_reasons_name_what_differs_in_chinese() -> None:
    texts = [reason.text for reason in compare(SISTERS["place and day"], WHOLE).reasons]
    assert any("石岭" in text and "云泽" in text for text in texts)
    assert any("4月19日" in text for text in texts)


def test_formulas_alone_make_no_duplicate() -> None:
    one = article(LINES[1], "夜谈结束后，青年们到甘棠路社区教老人用手机查社保，手把手教会了七位。", source="d")
    other = article(LINES[1], "散会时下起大雨，门卫老赵抱来一摞雨伞，图纸一张也没有打湿。", source="e")
    assert compare(one, other).duplicate_of is None


PLAN = (
    "为做好全年学习，结合局里实际，制定本计划，请各支部认真执行，年底前把落实情况报局党委办公室汇总存档。",
    "学习以集中研讨为主，全年不少于12次，每次由两名成员领读，其他成员谈体会，秘书做好记录、照片和签到表。",
    "因事不能到会的要提前请假，会后一周内补学并交一份不少于一千字的读书笔记，补学情况张榜公布。",
)


def test_plans_of_two_years_are_two_articles() -> None:
    one = article("一季度读水法，二季度读河湖长制文件。", *PLAN, title="水务局2031年学习计划")
    next_year = article("一季度读节水条例，二季度读防汛预案。", *PLAN, source="b", title="水务局2032年学习计划")
    assert compare(next_year, one).duplicate_of is None
    again = one.model_copy(update={"source": "b", "title": "2031年学习安排", "blocks": one.blocks[1:]})
    assert compare(again, one).duplicate_of == one.id


def test_short_reports_with_one_paragraph_in_common_are_two_articles() -> None:
    common = (
        "大家一致认为，要把这次教育当作一次检修，把自己摆进去、把岗位摆进去，逐项对照、逐条列单，改一件销一件，"
        "让群众在一件件小事里看到变化，用过硬的作风把全年的活儿干漂亮，不留尾巴、不打折扣。"
    )
    own = "会后先查超限站三年里的罚单，当天就翻出两张开错的，局长带着站长登门退款，货车司机们起初还不肯收下。"
    one = article("3月25日，市交通局开会动员，局长讲话，各站负责人参加。", common, own)
    other = article("4月11日，学院办读书班，领导班子成员参加。", common, "三名班子成员谈到校车和实训经费。", source="b")
    assert compare(other, one).duplicate_of is None


def test_empty_articles_are_like_nothing() -> None:
    assert compare(article(source="x"), article(source="y")).duplicate_of is None
    assert compare(article(source="x"), WHOLE).duplicate_of is None


def test_an_index_finds_every_version_and_no_sister() -> None:
    known = Duplicates()
    known.add(WHOLE)
    assert all(known.find(version).duplicate_of == WHOLE.id for version in VERSIONS.values())
    assert all(known.find(sister).duplicate_of is None for sister in SISTERS.values())
    assert known.find(WHOLE).duplicate_of is None, "an article does not repeat itself"


def test_an_index_answers_with_the_identity_it_was_given() -> None:
    known = Duplicates()
    known.add(WHOLE, "稿件七")
    assert known.find(VERSIONS["half of it"], "稿件八").duplicate_of == "稿件七"


def test_a_full_bucket_proposes_nothing_and_grows_no_more() -> None:
    index = MemoryIndex()
    trace = fingerprint(WHOLE)
    for number in range(BUCKET_CAP + 20):
        index.add(f"n{number}", trace, WHOLE)
    assert all(len(bucket) == BUCKET_CAP for bucket in index.buckets.values())
    assert index.candidates(trace.keys, 5) == []


def test_golden_pairs() -> None:
    rows = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    wrong = []
    for row in rows:
        a, b = (article(*row[side]["body"].splitlines(), source=side, title=row[side]["title"]) for side in ("a", "b"))
        if (compare(b, a, FORMULAS).duplicate_of is not None) is not row["duplicate"]:
            wrong.append(row["id"])
    assert wrong == ["p012"], "a notice of two facts is the only one that is missed"


def test_labelled_pairs(corpus: Path) -> None:
    rows = [json.loads(line) for line in (corpus / "dev" / "duplicates.jsonl").read_text("utf-8").splitlines() if line]

    def side(row: dict[str, dict[str, str]], name: str) -> Article:
        return article(*row[name]["body"].split("\n"), source=f"{row['id']}{name}", title=row[name]["title"])

    wrong = [r["id"] for r in rows if (compare(side(r, "a"), side(r, "b")).duplicate_of is not None) != r["duplicate"]]
    assert rows
    assert wrong == []
