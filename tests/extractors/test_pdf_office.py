"""Documents that LibreOffice made PDFs of, read back to the paragraphs they were made from."""

from io import BytesIO

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from pypdf import PdfReader

from bulletin.model import BlockType
from tests.extractors import pdfmaking as make
from tests.extractors.pdfmaking import CENTRE, RIGHT, add, office_document, prose
from tests.extractors.pdfreading import Expected, kept, read, rules, shown, visible


def official() -> tuple[bytes, Expected]:
    """Title over two lines, unit, headings in other fonts, signature at the right, head and page numbers."""
    document = office_document()
    title = "云江省临川市坚持以“小切口”推动“大改革”着力破解基层治理“小马拉大车”突出问题的实践与思考"
    texts: Expected = [add(document, title, size=22, indent=0, align=CENTRE, font="FandolBiaosong")]
    texts.append(add(document, "中共临川市委办公室", indent=0, align=CENTRE, font="FandolKai"))
    for part in range(3):
        texts.append(add(document, f"{'一二三'[part]}、坚持系统观念，完善工作机制", font="FandolHei"))
        for item in range(3):
            texts.append(add(document, prose(part * 10 + item)))
            lead = f"（{'一二三'[item]}）抓实关键环节。"
            texts.append(add(document, lead + prose(100 + part * 10 + item, 2)))
    texts.append(add(document, "中共临川市委办公室", align=RIGHT, indent=0))
    texts.append(add(document, "2023年12月10日", align=RIGHT, indent=0))
    section = document.sections[0]
    section.header.paragraphs[0].text = "临川信息 第12期"
    make.add_page_field(section.footer.paragraphs[0], "— ", " —")
    return make.docx_bytes(document), texts


def without_indents() -> tuple[bytes, Expected]:
    """Word's own default: ragged lines, no indents, space between paragraphs."""
    document = office_document(size=10.5, leading=None)
    texts: Expected = [
        add(document, "关于做好岁末年初工作的通知", size=16, bold=True, indent=0, align=CENTRE, after=10)
    ]
    left = WD_ALIGN_PARAGRAPH.LEFT
    texts += [add(document, prose(200 + i, 3), size=10.5, indent=0, after=8, align=left) for i in range(14)]
    return make.docx_bytes(document), texts


def dense() -> tuple[bytes, Expected]:
    """Neither indents nor gaps: only the ends of the lines tell."""
    document = office_document()
    texts: Expected = [add(document, prose(500 + i, 3), indent=0) for i in range(10)]
    return make.docx_bytes(document), texts


def two_columns() -> tuple[bytes, Expected]:
    document = office_document(size=10.5, leading=18)
    make.set_columns(document, 2)
    texts: Expected = [add(document, prose(300 + i, 3), size=10.5) for i in range(20)]
    return make.docx_bytes(document), texts


def inset() -> tuple[bytes, Expected]:
    """Paragraphs moved in on both sides between ordinary ones."""
    document = office_document()
    texts: Expected = []
    for i in range(3):
        texts += [add(document, prose(600 + i, 2)), add(document, prose(650 + i, 2), indent=0)]
        document.paragraphs[-1].paragraph_format.left_indent = Pt(32)
        document.paragraphs[-1].paragraph_format.right_indent = Pt(32)
    return make.docx_bytes(document), texts


def long_table() -> tuple[bytes, Expected]:
    """A ruled table over several pages with a repeated head, some rows cut by the page break."""
    document = office_document()
    texts: Expected = [add(document, "各县（区）信息采用情况如下：")]
    rows = [("单位", "报送", "采用", "主要内容")]
    rows += [(f"第{n}单位", str(n * 3), str(n), prose(n, 1)) for n in range(1, 30)]
    table = document.add_table(rows=len(rows), cols=4)
    table.style = "Table Grid"
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    make.repeat_header(table.rows[0])
    texts += [tuple(rows), add(document, prose(7))]
    return make.docx_bytes(document), texts


def mixed() -> tuple[bytes, Expected]:
    """Indents typed as blanks, English, an address longer than a line."""
    document = office_document()
    texts: Expected = [add(document, "　　" + prose(400 + i), indent=0).strip() for i in range(4)]
    english = "The City of Linchuan has introduced a new service platform called “Yun Xiao Ban” for all residents, "
    texts.append(add(document, english + "and more than one thousand officials were trained to use it well."))
    address = "https://www.linchuan.example/zwgk/2023/12/10/content_20231210_1234567890.html"
    texts.append(add(document, f"详见{address}以及相关附件，欢迎各地各部门结合实际学习借鉴。"))
    return make.docx_bytes(document), texts


MAKERS = {maker.__name__: maker for maker in (official, without_indents, dense, two_columns, inset, long_table, mixed)}


@pytest.fixture(scope="module")
def office_pdfs() -> dict[str, tuple[bytes, Expected]]:
    made = {name: maker() for name, maker in MAKERS.items()}
    pdfs = make.to_pdfs({name: content for name, (content, _) in made.items()})
    return {name: (pdfs[name], made[name][1]) for name in made}


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_gives_back_the_paragraphs_of_the_office_document(
    name: str, office_pdfs: dict[str, tuple[bytes, Expected]]
) -> None:
    content, expected = office_pdfs[name]

    assert shown(read(content)) == expected


@pytest.mark.slow
def test_records_head_and_page_number_of_every_page(office_pdfs: dict[str, tuple[bytes, Expected]]) -> None:
    content, _ = office_pdfs["official"]
    pages = len(PdfReader(BytesIO(content)).pages)
    document = read(content)

    assert pages > 2
    assert rules(document)["running-head"] == rules(document)["page-number"] == pages
    assert rules(document)["page-break"] >= 1
    assert document.changes[0].reason == "页眉页脚"


@pytest.mark.slow
def test_tells_title_and_headings_by_size_and_font(office_pdfs: dict[str, tuple[bytes, Expected]]) -> None:
    document = read(office_pdfs["official"][0])
    headings = [(block.level, block.text[:2]) for block in document.blocks if block.type is BlockType.HEADING]

    assert headings == [(0, "云江"), (1, "一、"), (1, "二、"), (1, "三、")]


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_loses_no_character(name: str, office_pdfs: dict[str, tuple[bytes, Expected]]) -> None:
    content, _ = office_pdfs[name]
    source = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)

    assert not visible(source) - kept(read(content))


@pytest.mark.slow
def test_margins_of_a_landscape_page() -> None:
    document = office_document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    texts = [add(document, prose(i)) for i in range(5)]
    content = make.to_pdfs({"landscape": make.docx_bytes(document)})["landscape"]

    assert shown(read(content)) == texts
