"""What a document turns out to be."""

import pytest

from bulletin.errors import NumberingError
from bulletin.model import Article, BackIssue, Block, Document, StudyPlan
from bulletin.pieces import pieces
from tests.bulletin.seeds import read_seed

PROSE = "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"


def document(*lines: str) -> Document:
    blocks = tuple(Block(text=line, at=(index,)) for index, line in enumerate(lines))
    return Document(source="a" * 64, name="稿.txt", format="txt", blocks=blocks)


def test_one_article():
    (piece,) = pieces(document("清河县供水改革见成效", "清河县水务局", PROSE))
    assert isinstance(piece, Article)
    assert (piece.title, piece.part, piece.id) == ("清河县供水改革见成效", 0, "aaaaaaaaaaaa-0")


def test_a_collection_gives_its_articles_in_order():
    parts = pieces(
        document("供水改革见成效", "清河县水务局", PROSE * 2, "数字乡村展新貌", "云岭县农业农村局", PROSE * 2)
    )
    assert [(p.title, p.part) for p in parts if isinstance(p, Article)] == [
        ("供水改革见成效", 0),
        ("数字乡村展新貌", 1),
    ]


def test_a_change_is_undone_by_its_key():
    raw = document("清河县供水改革见成效", PROSE + "（责任编辑：林小舟）", "— 3 —")
    (piece,) = pieces(raw)
    assert isinstance(piece, Article)
    (page,) = [change for change in piece.changes if change.rule == "page-number"]
    (again,) = pieces(raw, {page.key})
    assert isinstance(again, Article)
    assert again.blocks[-1].text == "— 3 —"
    assert page.key not in {change.key for change in again.changes}


def test_an_unnumbered_issue_is_refused_and_not_read_as_an_article():
    with pytest.raises(NumberingError):
        pieces(
            document(
                "清河工作简报",
                "清河县委办公室",
                "2023年12月10日",
                "【要情】",
                "供水改革见成效",
                PROSE,
                "送：市委办公室",
            )
        )


def test_every_paragraph_can_be_traced_back(corpus):
    raw = read_seed(corpus, "002")
    for piece in pieces(raw):
        assert isinstance(piece, Article)
        for block in piece.blocks:
            source = "".join("".join(raw.blocks[at].text.split()) for at in block.at)
            assert "".join(block.text.split()) in source


def test_the_seeds(corpus):
    kinds = {number: pieces(read_seed(corpus, number)) for number in ("000", "001", "002", "003", "004")}
    assert [type(kinds[n][0]) for n in ("000", "001", "003", "004")] == [StudyPlan, StudyPlan, StudyPlan, BackIssue]
    assert [type(piece) for piece in kinds["002"]] == [Article] * 21
    assert [piece.part for piece in kinds["002"] if isinstance(piece, Article)] == list(range(21))
    assert all(len(found) == 1 for number, found in kinds.items() if number != "002")


LONG = PROSE * 2
COLLECTION = [
    "学习交流材料汇编",
    "【经验交流】",
    "1.让清水长流",
    "清河县水务局",
    LONG,
    "【工作动态】",
    "2.建好河畔课堂",
    "云岭县委宣传部",
    LONG,
]
ARTICLE = ["让清水流进千家万户", "来源：清河日报　作者：林小舟　时间：2023-05-04", LONG, "责任编辑：方远"]


@pytest.mark.parametrize(
    "lines", [COLLECTION, ARTICLE, ["目录", "让清水长流\t1", "建好河畔课堂\t2", *COLLECTION[2:5], *COLLECTION[6:]]]
)
def test_every_change_of_every_piece_can_be_undone(lines):
    read = document(*lines)
    every = {change.key: change for piece in pieces(read) for change in piece.changes}
    assert every
    for key, change in every.items():
        again = pieces(read, [key])
        assert key not in {made.key for piece in again for made in piece.changes}
        text = "".join(f"{piece.title}{piece.body}" for piece in again if isinstance(piece, Article))
        assert "".join(change.before.split()) in "".join(text.split())
