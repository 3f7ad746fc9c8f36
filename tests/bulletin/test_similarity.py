"""Duplicates: versions of one text are one article, sister events with the same sentences are two."""

import json
from pathlib import Path

import pytest

from bulletin.model import Article, Block
from bulletin.similarity import BUCKET_CAP, Duplicates, MemoryIndex, compare, fingerprint

LINES = (
    "5月22日，望川省云泽市税务局党委召开青年读书会，局党委书记主持，四十六名青年干部参加。",
    "会议指出，青年干部要把读书学习作为一种政治责任、一种精神追求、一种生活方式，在学习中坚定理想信念、增强斗争本领。",
    "读书会设“荐书”“共读”“追问”三个环节。大家先后推荐了十二本书，围绕数字账本会不会让服务变冷展开讨论，正反双方各不相让。",
    "现场摆出“漂流书架”，每本书里夹着一张推荐卡，当天有五十二本书换了主人，年纪最大的读者是一位退休二十年的老会计。",
    "局党委书记结合自己在山区税务所工作九年的经历，勉励大家走到柜台前、走进车间里，把学到的道理用在解决急难愁盼的事情上。",
    "据统计，读书会开办三年来共举行38期，收集金点子167条，其中41条已经变成窗口的新规矩。",
)


def article(*lines: str, source: str = "a", title: str = "税务青年读书会") -> Article:
    return Article(source=source, title=title, blocks=tuple(Block(text=line) for line in lines))


WHOLE = article(*LINES)

VERSIONS = {
    "another title": article(*LINES, source="b", title="书香润税心"),
    "half of it": article(LINES[0], LINES[3], LINES[5], source="b"),
    "another order": article(LINES[0], LINES[4], LINES[2], LINES[3], LINES[1], LINES[5], source="b"),
    "new lead": article("读书怎样读进工作里？一场读书会给出了答案，也让许多人看到了年轻人的模样。", *LINES, source="b"),
    "shortened with a new lead": article(
        "编者按：各地读书活动有声有色，本刊选登一则，供各单位参考借鉴。",
        LINES[0],
        LINES[2],
        LINES[3],
        LINES[5],
        source="b",
    ),
    "another channel's marks": article(
        *(line.replace("、", "，").replace("“", "「").replace("”", "」") for line in LINES), source="b"
    ),
    "corrected figure": article(*(line.replace("167条", "176条") for line in LINES), source="b"),
    "closing lines of a site": article(*LINES, "来源：云泽发布 责任编辑：编辑部", source="b"),
    "rewritten sentence by sentence": article(
        "5月22日，云泽市税务局召开青年读书会，四十六名青年干部参加。",
        "读书会设“荐书”“共读”“追问”三个环节。大家推荐了十二本书，围绕数字账本会不会让服务变冷展开讨论。",
        "现场摆出“漂流书架”，当天有五十二本书换了主人。",
        "三年来共举行38期，收集金点子167条，41条已经变成窗口的新规矩。",
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


def changed(pairs: dict[str, str], title: str = "税务青年读书会") -> Article:
    lines = LINES
    for old, new in pairs.items():
        lines = tuple(line.replace(old, new) for line in lines)
    return article(*lines, source="c", title=title)


SISTERS = {
    "place": changed({"云泽市": "石岭市"}),
    "place and day": changed({"云泽市": "石岭市", "5月22日": "5月24日"}),
    "unit": changed({"云泽市税务局": "云泽市水务局", "山区税务所": "山区水务所"}),
    "figures and day": changed(
        {"5月22日": "9月3日", "四十六": "九十八", "五十二": "三十一", "十二本": "二十本", "38期": "44期"}
    ),
    "stage": changed(
        {
            "5月22日": "8月16日",
            "青年读书会，": "青年读书会决赛，",
            "四十六": "十六",
            "读书会设": "决赛设",
            "五十二": "七十",
        }
    ),
}


@pytest.mark.parametrize("name", SISTERS)
def test_sister_events_are_two_articles(name: str) -> None:
    likeness = compare(SISTERS[name], WHOLE)
    assert likeness.duplicate_of is None, likeness.similarity
    assert any(reason.weight < 0 for reason in likeness.reasons)


def test_the_reasons_name_what_differs_in_chinese() -> None:
    texts = [reason.text for reason in compare(SISTERS["place and day"], WHOLE).reasons]
    assert any("石岭" in text and "云泽" in text for text in texts)
    assert any("5月24日" in text for text in texts)


def test_formulas_alone_make_no_duplicate() -> None:
    one = article(LINES[1], "读书会后，青年们到甘棠路社区教老人用手机查社保，手把手教会了七位。", source="d")
    other = article(LINES[1], "散会时下起大雨，门卫老赵抱来一摞雨伞，书页一张也没有打湿。", source="e")
    assert compare(one, other).duplicate_of is None


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


def test_labelled_pairs(corpus: Path) -> None:
    rows = [json.loads(line) for line in (corpus / "dev" / "duplicates.jsonl").read_text("utf-8").splitlines() if line]

    def side(row: dict[str, dict[str, str]], name: str) -> Article:
        return article(*row[name]["body"].split("\n"), source=f"{row['id']}{name}", title=row[name]["title"])

    wrong = [r["id"] for r in rows if (compare(side(r, "a"), side(r, "b")).duplicate_of is not None) != r["duplicate"]]
    assert rows
    assert wrong == []
