"""Titles that stand in one paragraph with the text under them."""

import pytest

from bulletin.runintitles import Cut, cuts

TITLES = ("云江市扎实推进学习型机关建设", "清河县以改革破题 让群众喝上放心水", "南屏区召开数字乡村推进会")
TEXTS = (
    "近日，云江市召开学习型机关建设推进会，总结交流经验，部署下一阶段任务，二十个单位的代表参加会议。",
    "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。",
    "5月6日，南屏区召开数字乡村推进会，总结试点经验，部署下步任务，区委副书记林小舟主持会议并讲话。",
)
PLAIN = "组建专班，挂图作战，逐项明确责任单位和完成时限，每周调度进度，每月通报情况，推动任务落地见效。"


def halves(texts: list[str], bold: dict[int, int]) -> list[tuple[str, str]]:
    return [(texts[at][: cut.end], texts[at][cut.begin :]) for at, cut in cuts(texts, bold).items()]


@pytest.mark.parametrize("between", [" ", "　", "。", "", "。　"])
def test_bold_words_that_read_as_a_title_are_one(between: str):
    texts = [line for title, text in zip(TITLES, TEXTS, strict=True) for line in (title + between + text, PLAIN)]
    bold = {2 * at: len(title) + (between == "。") for at, title in enumerate(TITLES)}
    assert halves(texts, bold) == list(zip(TITLES, TEXTS, strict=True))


@pytest.mark.parametrize("gap", ["  ", "　", "　　", " \t"])
def test_a_gap_parts_a_title_from_a_text_that_opens_as_articles_do(gap: str):
    texts = [line for title, text in zip(TITLES, TEXTS, strict=True) for line in (title + gap + text, PLAIN)]
    assert halves(["工作动态", "2024年5月", *texts], {}) == list(zip(TITLES, TEXTS, strict=True))
    assert cuts([texts[0].replace(gap, " ")], {}) == {}


def test_one_article_may_have_its_title_so():
    assert cuts([TITLES[0] + "　" + TEXTS[0], PLAIN], {}) == {0: Cut(14, 15)}


def test_bold_words_under_a_title_are_subheads():
    texts = [TITLES[0], *(f"{words}　{text}" for words, text in zip(TITLES, TEXTS, strict=True))]
    assert cuts(texts, {1: 14, 2: 17, 3: 12}) == {}


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        (f"会议强调，{PLAIN}", 5),
        (f"一、强化组织领导。{PLAIN}", 9),
        (f"坚持党建引领夯实基础。{PLAIN}", 11),  # opens as no article does
        (f"主要做法和工作成效　{TEXTS[0]}", 9),
        (f"清河县委理论学习中心组　{TEXTS[0]}", 11),
        (f"本报讯（记者 林小舟）　{TEXTS[0]}", 0),
        (f"清河县融媒体中心讯　{TEXTS[0]}", 0),
        (f"学习贯彻党的创新理论　{TITLES[1]}", 0),
        (f"云江市扎实推进学习型机关建设　{PLAIN}", 0),
        (f"云江市扎实推进学习型机关建设，成效明显　{TEXTS[0]}", 0),
        (f"【经验交流】　{TEXTS[0]}", 0),
        (f"2024年5月6日上午九时三十分　{TEXTS[0]}", 0),
        (f"各县（市、区）委宣传部：　{TEXTS[0]}", 12),
        (TEXTS[0], len(TEXTS[0])),
    ],
)
def test_other_openings_are_none(text: str, bold: int):
    assert cuts([text, PLAIN], {0: bold} if bold else {}) == {}
