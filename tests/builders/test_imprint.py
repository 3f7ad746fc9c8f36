"""The 版记 and the end of an issue: even pages, empty pages, notes that want the same place."""

import io
import zipfile
from pathlib import Path

import pytest

from builders.imprint import Ending, fitted
from builders.pages import estimate
from builders.pdf import read_layout, to_pdf, to_pdfs
from builders.printing import print_issue
from builders.style import POINTS_PER_MM, load_style
from builders.word import build_docx
from bulletin.model import Block, Distribution, Entry, Role, Section
from tests.builders.conftest import Printer
from tests.builders.layout import NEAR, read_sheets
from tests.builders.reading import assert_same, read_back
from tests.builders.samples import BODY, PICTURES, issue

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("paragraphs", [1, 2, 3, 5, 6, 7, 8, 10])
def test_the_last_page_is_even_wherever_the_text_ends(office: Path, paragraphs: int) -> None:
    sample, style = issue(1, paragraphs=paragraphs), load_style()
    result = print_issue(sample, style, {}, office)
    sheets = read_sheets(result.pdf or b"", style)
    assert len(sheets) % 2 == 0
    assert sheets[-1].lines[-1].text.startswith("共印")
    empty = [at for at, sheet in enumerate(sheets, 1) if not sheet.lines]
    ends = result.pages["ending"]
    assert empty == ([ends + 1] if len(sheets) == ends + 2 else [])
    for at in empty:  # 7.5: neither the empty page nor that of the 版记 has a number
        assert sheets[at - 1].folio is None
        assert sheets[at].folio is None


def test_an_imprint_that_does_not_fit_goes_behind_an_empty_page(office: Path) -> None:
    """The layouts themselves: one document for each ending, measured for the pages they add."""
    sample, style = issue(2), load_style()
    endings = [Ending.NONE, Ending.NEXT, Ending.BLANK]
    pdfs = to_pdfs([build_docx(sample, style, {}, {}, ending=ending) for ending in endings], office)
    layouts = [read_layout(pdf) for pdf in pdfs]
    assert [layout.page_count - layouts[0].page_count for layout in layouts] == [0, 1, 2]
    assert len({layout.pages["ending"] for layout in layouts}) == 1


def test_an_imprint_higher_than_the_page_is_set_in_smaller_type(office: Path) -> None:
    places = [
        "云江省",
        "临川市",
        "白石县",
        "青浦湾市",
        "南屏区",
        "云岭县",
        "清河县",
        "望河市",
        "松岭区",
        "白塔区",
        "石桥县",
    ]
    bodies = ["委办公厅", "人大常委会办公厅", "人民政府办公厅", "政协办公厅", "纪委监委机关", "委宣传部", "委组织部"]
    names = tuple(f"{place}{body}" for place in places for body in bodies)
    sample, style = issue(1, distribution=Distribution(report=names[:30], send=names[30:])), load_style()
    assert fitted(issue(1), style) == style.imprint
    assert 9 <= fitted(sample, style).size < style.imprint.size
    result = print_issue(sample, style, {}, office)
    last = read_sheets(result.pdf or b"", style)[-1]
    assert last.rules[0].y > style.page.top * POINTS_PER_MM - NEAR
    assert last.rules[-1].y < last.height - style.page.bottom * POINTS_PER_MM + NEAR
    assert_same(sample, read_back(result.docx))


def test_the_recipients_of_the_imprint_fill_their_lines(office: Path) -> None:
    names = tuple(f"省{name}委员会、省{name}局、省{name}协会" for name in ("农业", "林业", "渔业", "水利", "交通"))
    sample = issue(1, distribution=Distribution(send=names))
    style = load_style()
    pdf = to_pdf(build_docx(sample, style, {}, {}, ending=Ending.NEXT), office)
    lines = read_sheets(pdf, style)[-1].lines
    first = next(at for at, line in enumerate(lines) if line.text.startswith("送："))
    last = next(at for at, line in enumerate(lines) if line.text.endswith("交通协会。"))
    edge = (style.page.width - style.page.right) * POINTS_PER_MM - style.imprint.indent * style.imprint.size
    assert last > first + 1
    for line in lines[first:last]:
        assert line.right == pytest.approx(edge, abs=2 * NEAR) or line.text[-1] in "，、"
    assert {round(line.left) for line in lines[first + 1 : last + 1]} == {round(lines[first].left + 28)}


def test_lines_are_set_closer_where_that_saves_an_empty_page() -> None:
    """Found by trying: an issue whose 版记 does not fit its even last page by a line or two, estimated."""
    style = load_style()
    rigid = load_style("default", {"page.tightest": 0})
    saved = 0
    for paragraphs in range(1, 40):
        sample = issue(1, paragraphs=paragraphs)
        loose, tight = print_issue(sample, rigid), print_issue(sample, style)
        assert tight.page_count in (loose.page_count, loose.page_count - 2)
        if loose.ending is not Ending.BLANK:
            assert tight.docx == loose.docx
        saved += tight.page_count < loose.page_count
    assert saved


ISSUER = "中共云江省委建设学习型党组织工作协调小组办公室"


def test_a_long_issuer_has_its_date_on_a_line_below(office: Path) -> None:
    sample, style = issue(3, issuer=ISSUER), load_style()
    result = print_issue(sample, style, {}, office)
    sheets = read_sheets(result.pdf or b"", style)
    edge = (style.page.width - style.page.right) * POINTS_PER_MM
    for sheet, date, inset in (
        (sheets[0], "2024年12月10日", 0),
        (sheets[-1], "2024年12月10日印发", style.imprint.size),
    ):
        texts = [line.text for line in sheet.lines]
        assert texts[texts.index(ISSUER) + 1] == date
        assert sheet.lines[texts.index(date)].right == pytest.approx(edge - inset, abs=NEAR)
    assert estimate(sample, style, {}).pages == result.pages
    other = sample.model_copy(update={"printed_by": "中共云江省委办公厅机关党委理论学习中心组秘书组"})
    assert_same(other, read_back(build_docx(other, style)))
    assert read_back(build_docx(other, style)).printed_by == other.printed_by


NOTED = (
    Block(text="各县（市、区）都建立了学习通报制度①。"),
    Block(text="①指每周安排学习内容、每月通报学习情况的制度。", role=Role.NOTE),
)


@pytest.mark.parametrize("lines", [0, 3])
def test_footnotes_and_imprint_do_not_stand_upon_each_other(office: Path, lines: int) -> None:
    """A 版记 floats at the foot of its page, over footnotes too: on such a page notes stand under the text."""
    blocks = (*[Block(text=BODY[1])] * 4, *[Block(text="要学以致用。")] * lines, *NOTED)
    sample = issue(1, sections=(Section(name="学习动态", entries=(Entry(title="临川市召开学习会", blocks=blocks),)),))
    style = load_style()
    result = print_issue(sample, style, {}, office)
    assert (result.ending, result.page_count) == (Ending.SAME, 2)
    assert read_layout(result.pdf or b"").footed == frozenset()
    texts = [line.text for line in read_sheets(result.pdf or b"", style)[-1].lines]
    assert texts.index("①指每周安排学习内容、每月通报学习情况的制度。") < texts.index("报：省委办公厅。")
    assert_same(sample, read_back(result.docx))


@pytest.mark.parametrize("paragraphs", [2, 10])
def test_nor_do_footnotes_of_the_article_before_the_last(office: Path, paragraphs: int) -> None:
    noted = Entry(title="临川市召开学习会", blocks=(*[Block(text=BODY[1])] * paragraphs, *NOTED))
    last = Entry(title="白石县开展宣讲", blocks=(Block(text="要学以致用。"),))
    sample = issue(1, sections=(Section(name="学习动态", entries=(noted, last)),))
    style = load_style()
    result = print_issue(sample, style, {}, office)
    assert result.ending is Ending.SAME
    assert result.page_count not in read_layout(result.pdf or b"").footed
    texts = [line.text for line in read_sheets(result.pdf or b"", style)[-1].lines]
    assert texts.index("①指每周安排学习内容、每月通报学习情况的制度。") < texts.index(last.title)
    assert_same(sample, read_back(result.docx))


def test_notes_of_other_articles_stay_at_the_foot_of_their_pages(printed: Printer) -> None:
    sample, style, result = printed(3, "default", True)
    noted = build_docx(sample, style, PICTURES, result.pages, ending=Ending.SAME, noted=1)
    assert b"footnoteReference w:id" in zipfile.ZipFile(io.BytesIO(noted)).read("word/document.xml")
    assert_same(sample, read_back(noted))
    last = issue(
        2, sections=(*sample.sections[:1], Section(name="学习动态", entries=(Entry(title="例", blocks=NOTED),)))
    )
    assert_same(last, read_back(build_docx(last, style, PICTURES, noted=1)))
