"""Pictures that the rest of a page does not hold leave no hole there, and read back where they came from."""

import hashlib
import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.articles import signs_off
from builders.collection import print_collection
from builders.pages import estimate
from builders.pictures import fitted, read_pictures
from builders.placing import HOLE, LEAST, Place, in_order, passable, placed
from builders.printing import print_issue
from builders.style import load_style
from builders.word import build_docx
from bulletin.model import Block, BlockType, Entry, Issue, Role, Section
from tests.builders.layout import read_sheets
from tests.builders.reading import assert_same, read_back
from tests.builders.samples import BODY, issue, picture

STYLE = load_style()
GRID = STYLE.page.line
PAGE = STYLE.page.text_height


def test_a_picture_that_fits_stays_and_a_small_rest_of_a_page_is_no_hole() -> None:
    assert placed(300, 250, 40, [], GRID) is None
    assert placed(2 * GRID, 250, 40, [(1, 300)], GRID) is None


def test_a_picture_that_nearly_fits_is_made_smaller_and_stays() -> None:
    found = placed(260, 250, 40, [(1, 300)], GRID)
    assert found is not None
    assert found.behind == -1
    assert LEAST <= found.shrink < 1
    assert found.shrink * 250 + 40 <= 260


def test_else_text_flows_up_until_the_page_is_full() -> None:
    assert placed(200, 300, 40, [(4, 100), (5, 150), (6, 90)], GRID) == Place(behind=5)
    assert placed(200, 300, 40, [(4, 90), (5, 90)], GRID) == Place(behind=5)  # what is left is no hole


def test_where_a_heading_follows_it_is_made_smaller_still_or_left() -> None:
    found = placed(240, 300, 40, [], GRID)
    assert found is not None
    assert found.behind == -1
    assert 0.6 <= found.shrink < LEAST
    assert placed(150, 300, 40, [], GRID) is None


@pytest.mark.parametrize("lines", range(2, 8))
def test_a_picture_may_be_the_last_of_its_article(lines: int) -> None:
    blocks = (*[Block(text="要学以致用。")] * lines, Block(type=BlockType.IMAGE, picture="a"))
    sample = issue(1, sections=(Section(name="学习动态", entries=(Entry(title="培训情况", blocks=blocks),)),))
    assert estimate(sample, STYLE, {"a": picture(1500, 900)}).pages["ending"] in (1, 2)


def test_a_signature_without_a_date_is_not_kept_with_the_next_title() -> None:
    """Its page has room for it and the line above, but not for the title: they stay, and no hole is left there."""
    line, signed = Block(text="要学以致用。"), Block(text="白石县委宣传部", role=Role.SIGNATURE)
    entries = (Entry(title="培训情况", blocks=(*[line] * 25, signed)), Entry(title="学习情况", blocks=(line,) * 20))
    sample = issue(1, sections=(Section(name="学习动态", entries=entries),))
    assert estimate(sample, STYLE, {}).pages == {"article1": 1, "article2": 3, "ending": 3}
    made = docx.Document(io.BytesIO(build_docx(sample, STYLE)))
    (last,) = [paragraph for paragraph in made.paragraphs if paragraph.text == signed.text]
    assert last.paragraph_format.keep_with_next is False
    two = (*entries[0].blocks, signed, Block(text="2024年12月3日", role=Role.DATE))
    assert [signs_off(two, at) for at in range(len(two))] == [False] * len(two)


def test_only_plain_paragraphs_are_passed() -> None:
    body, head = Block(text=BODY[0]), Block(type=BlockType.HEADING, level=1, text="二、下一步")
    led = Block(text="坚持领导带头。各级带头学。", level=2, lead=7)
    signed = Block(text="白石县委宣传部", role=Role.SIGNATURE)
    blocks = [body, body, head, body, led, body, signed]
    assert list(passable(blocks, [0, 1, 2])) == [0, 1]
    assert list(passable(blocks, [])) == []
    assert list(passable(blocks, [3, 4])) == [3]
    assert list(passable(blocks, [5, 6])) == []  # it would stand between the text and its signature
    assert in_order(4, {0: Place(behind=2)}) == [1, 2, 0, 3]


def key(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


TALL, WIDE, FLAT = picture(600, 1500), picture(1500, 900), picture(2400, 400)
PICTURES = {key(content): content for content in (TALL, WIDE, FLAT)}


def drawn(content: bytes, caption: str = "图1　宣讲活动现场") -> Block:
    return Block(type=BlockType.IMAGE, picture=key(content), text=caption, alt="照片")


def lines(count: int) -> tuple[Block, ...]:
    return (Block(text="要学以致用。"),) * count


def illustrated(*blocks: Block) -> Issue:
    return issue(1, sections=(Section(name="学习动态", entries=(Entry(title="临川市召开学习会", blocks=blocks),)),))


CASES = {
    "stays": (drawn(WIDE), *lines(30)),
    "moved": (*lines(5), drawn(TALL), *[Block(text=BODY[1] * 3)] * 4),
    "moved twice": (
        *lines(5), drawn(TALL), Block(text=BODY[0] * 2), Block(text=BODY[1] * 3), *lines(8),
        drawn(WIDE, ""), *[Block(text=BODY[2] * 2)] * 9,
    ),
}  # fmt: skip
"""Pictures by how many of them go down, at the foot of the first page (and of the second)."""
MOVED = {"stays": 0, "moved": 1, "moved twice": 2}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_no_page_with_text_after_it_has_a_hole(office: Path, case: str) -> None:
    sample = illustrated(*CASES[case])
    result = print_issue(sample, STYLE, PICTURES, office)
    sheets = read_sheets(result.pdf or b"", STYLE)
    for sheet in sheets[: result.pages["ending"] - 1]:
        foot = sheet.height - STYLE.page.bottom * 72 / 25.4
        lowest = max([line.bottom for line in sheet.lines] + sheet.picture_feet)
        assert foot - lowest < (HOLE + 1) * GRID
    assert sum(sheet.pictures for sheet in sheets) == sum(block.type is BlockType.IMAGE for block in CASES[case])
    guess = estimate(sample, STYLE, PICTURES)
    assert {mark: guess.pages[mark] for mark in result.pages} == result.pages


@pytest.mark.slow
def test_in_a_collection_there_is_no_hole_either(office: Path) -> None:
    entries = [Entry(title=f"第{at}例", blocks=(*lines(9), *blocks)) for at, blocks in enumerate(CASES.values())]
    result = print_collection("汇编", entries, STYLE, PICTURES, office)
    sheets = read_sheets(result.pdf or b"", STYLE)[result.page_count - result.pages["ending"] :]
    last = {result.pages.get(f"article{at + 2}", len(sheets) + 1) - 1 for at in range(len(entries))}
    for at, sheet in enumerate(sheets, 1):
        foot = sheet.height - STYLE.page.bottom * 72 / 25.4
        lowest = max([line.bottom for line in sheet.lines] + sheet.picture_feet)
        assert at in last or foot - lowest < (HOLE + 1) * GRID


@pytest.mark.parametrize("case", CASES)
def test_a_picture_that_went_down_reads_back_where_it_came_from(case: str) -> None:
    sample = illustrated(*CASES[case])
    made = build_docx(sample, STYLE, PICTURES)
    text = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml")
    assert text.count(b'w:name="picture') == text.count(b'w:name="origin') == MOVED[case]
    assert_same(sample, read_back(made))


BLOCKS = st.lists(
    st.one_of(
        st.sampled_from((TALL, WIDE, FLAT)).flatmap(lambda content: st.builds(drawn, st.just(content), st.sampled_from(("", "图1　现场")))),
        st.integers(1, 3).map(lambda count: Block(text=BODY[0] * count)),
        st.just(Block(type=BlockType.HEADING, level=1, text="二、创新形式，让理论宣讲热起来")),
    ), min_size=4, max_size=16,
)  # fmt: skip


@settings(max_examples=30)
@given(BLOCKS)
def test_wherever_pictures_go_they_read_back_in_their_order(blocks: list[Block]) -> None:
    sample = illustrated(Block(text=BODY[1]), *blocks, Block(text=BODY[2]))
    assert_same(sample, read_back(build_docx(sample, STYLE, PICTURES)))


def test_a_picture_is_never_larger_than_it_would_be() -> None:
    sample = illustrated(*CASES["stays"])
    (place,) = estimate(sample, STYLE, PICTURES).places[0].values()
    assert 0.6 <= place.shrink < 1
    assert fitted(read_pictures(PICTURES)[key(WIDE)], STYLE)[1] * place.shrink < PAGE
