"""Authors whom the text itself names: in the bracket it opens or ends with, in a line of names."""

import pytest

from extractors.webauthors import credited, read_credit
from extractors.webmeta import Declared, read_meta
from extractors.webtree import Line, parse, read_lines

TEXT = "8月12日，临湖县水务局组织青年干部到渠首学习。"


def lines(*texts: str) -> list[Line]:
    return read_lines(parse("".join(f"<p>{text}</p>" for text in texts)))


def author(head: str = "", first: str = TEXT, last: str = TEXT) -> str:
    meta = read_meta(Declared(parse("<p>x</p>")), "", lines(head) if head else [], lines(first, TEXT, last), [])
    return meta.author


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (f"（记者 林小舟 通讯员 赵远）{TEXT}", TEXT, "林小舟、赵远"),
        (f"本网讯（通讯员林小舟、赵远）{TEXT}", TEXT, "林小舟、赵远"),
        (f"（林小舟 赵远）{TEXT}", TEXT, "林小舟、赵远"),
        ("本报记者 林小舟 赵远", TEXT, "林小舟、赵远"),
        ("林小舟、赵远", TEXT, "林小舟、赵远"),
        (TEXT, f"{TEXT}（林小舟）", "林小舟"),
        (TEXT, "（林小舟）", "林小舟"),
        (TEXT, f"{TEXT}（记者林小舟、通讯员赵远）", "林小舟、赵远"),
        (TEXT, "（临湖县水务局 赵远）", "赵远"),
        (TEXT, "（赵远 供稿）", "赵远"),
        (TEXT, "（作者：林小舟，系临湖县水务局干部）", "林小舟"),
        (TEXT, "撰稿：林小舟　审核：方正　编辑：钱进", "林小舟"),
        (TEXT, "（图/文 林小舟）", "林小舟"),
        (TEXT, "（通讯员 林小舟 文/图）", "林小舟"),
        (TEXT, "（林小舟 段誉文）", "林小舟、段誉文"),
        (TEXT, "供稿丨林小舟", "林小舟"),
        ("临湖日报全媒体记者 林小舟 通讯员 赵远 2024-03-05", TEXT, "林小舟、赵远"),
    ],
)
def test_who_wrote_it(first: str, last: str, names: str) -> None:
    assert credited(first, last) == names


@pytest.mark.parametrize(
    "last",
    [
        "（责任编辑：钱进）",
        "编辑：钱进　审核：方正",
        "（摄影：钱进）",
        "（记者林小舟摄）",
        "（来源：临湖日报）",
        "（局办公室）",
        "（图片由受访者提供）",
        "（完）",
        "（全文完）",
        "（江苏）",
        "（石家庄）",
        "（金融）",
        "（万元）",
        "（时代潮）",
        "（作者系水务局干部）",
        "（下转第二版）",
        "",
    ],
)
def test_who_edited_or_took_pictures_and_what_is_no_name_is_no_author(last: str) -> None:
    assert credited(TEXT, last) == ""
    assert credited(TEXT, f"{TEXT}{last}") == ""


@pytest.mark.parametrize(
    "first", ["金融、保险", "安徽、江西", "记者从临湖县水务局获悉，", "（林小舟）", "（一）", "林小舟"]
)
def test_a_first_line_that_may_be_something_else_names_nobody(first: str) -> None:
    assert credited(first, TEXT) == ""


def test_a_credit_with_an_unread_part_names_nobody() -> None:
    assert read_credit("记者 林小舟在现场看到") == ""
    assert read_credit("据悉 记者 林小舟") == ""


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("2023-08-13 供稿：林小舟", "林小舟"),
        ("2023-08-13 撰稿人：林小舟", "林小舟"),
        ("2023-08-13 文/林小舟 图/钱进", "林小舟"),
        ("2023-08-13 10:00 | 临湖日报 | 记者林小舟", "林小舟"),
        ("2023-08-13 作者：林小舟，系水务局干部", "林小舟"),
        ("2023-08-13 文字：林小舟 图片：钱进", "林小舟"),
        ("2023-08-13 责任编辑：钱进", ""),
        ("2023-08-13 作者：临湖县水务局办公室", ""),
    ],
)
def test_labels_of_the_byline(head: str, name: str) -> None:
    assert author(head) == name


def test_a_unit_named_as_the_author_is_the_unit() -> None:
    meta = read_meta(Declared(parse("<p>x</p>")), "", lines("2023-08-13 作者：临湖县水务局办公室"), lines(TEXT), [])
    assert (meta.unit, meta.author) == ("临湖县水务局办公室", "")


def test_the_byline_counts_before_the_text() -> None:
    assert author("2023-08-13 作者：赵远", last="（林小舟）") == "赵远"
