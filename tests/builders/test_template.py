"""A DOCX of the user's own as template: its masthead is printed, its faces and styles are used."""

import datetime as dt
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from builders.collection import build_collection, print_collection
from builders.printing import print_issue
from builders.style import load_style
from builders.template import check_template, styled_by
from builders.word import build_docx
from bulletin.errors import FormatError
from tests.builders.layout import read_sheets
from tests.builders.samples import PICTURE, issue

STYLE = load_style()
DAY = dt.date(2024, 12, 30)


def template(*, marker: str = "{{正文}}", number: str = "第{{期号}}期") -> bytes:
    """As an office makes one: a table for name and emblem, a field parted into three runs, samples below."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(30), Mm(25)
    section.right_margin, section.bottom_margin = Mm(25), Mm(30)
    own = document.styles.add_style("本刊刊名", WD_STYLE_TYPE.PARAGRAPH)
    own.font.size, own.font.color.rgb = Pt(48), RGBColor(0xC0, 0, 0)
    own.element.rPr.get_or_add_rFonts().set(qn("w:eastAsia"), "方正小标宋简体")
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].paragraphs[0].add_run().add_picture(io.BytesIO(PICTURE), width=Mm(20))
    cells[1].paragraphs[0].style = own
    cells[1].paragraphs[0].add_run("云江要情")
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in (number[:3], number[3:5], number[5:]):
        line.add_run(part).font.size = Pt(18)
    document.add_paragraph("{{编发单位}}　　{{日期}}")
    document.add_paragraph(marker)
    _samples(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _samples(document: Document) -> None:
    heading = document.styles["Heading 2"]
    heading.font.size, heading.font.color.rgb = Pt(24), RGBColor(0, 0, 0x80)
    document.add_paragraph("示例标题", style=heading)
    sample = document.add_paragraph()
    run = sample.add_run(
        "这一段是正文的样子，字体、字号和行距都照它来，写多长都可以，只要超过四十个字，系统就认得它是正文。"
    )
    run.font.size = Pt(15)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "方正仿宋_GBK")
    sample.paragraph_format.line_spacing = Pt(28)


def test_the_masthead_is_that_of_the_template_with_its_fields_filled_in() -> None:
    opened = docx.Document(io.BytesIO(build_docx(issue(3), STYLE, template=template())))
    assert opened.tables[0].cell(0, 1).text == "云江要情"
    assert [p.text for p in opened.paragraphs[:2]] == ["第128期", "云江省学习工作协调小组办公室　　2024年12月10日"]
    text = "\n".join(p.text for p in opened.paragraphs)
    assert "{{" not in text
    assert "示例标题" not in text
    assert "建设学习型党组织" not in text
    name = opened.tables[0].cell(0, 1).paragraphs[0].style
    assert (name.name, name.font.size.pt) == ("模板 本刊刊名", 48)
    assert len(opened.inline_shapes) == 1


def test_paper_faces_and_sizes_are_learnt_and_styles_of_our_names_taken() -> None:
    content = template()
    style = styled_by(content, STYLE)
    assert (style.page.top, style.page.left, style.page.line) == (30, 25, 28)
    assert (style.fonts.body, style.body.size) == ("方正仿宋_GBK", 15)
    opened = docx.Document(io.BytesIO(build_docx(issue(3), style, template=content)))
    title = next(p for p in opened.paragraphs if p.text == "临川市召开学习交流会" and p.style.name == "Heading 2")
    assert (title.style.font.size.pt, str(title.style.font.color.rgb)) == (24, "000080")
    assert opened.styles["Heading 1"].font.size.pt == STYLE.section.size


def test_nothing_of_the_template_is_left_that_a_program_could_stumble_over(corpus: Path, tmp_path: Path) -> None:
    made = build_docx(issue(3), STYLE, template=template())
    assert made == build_docx(issue(3), STYLE, template=template())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                assert b"Theme=" not in archive.read(name), name
                assert b"TargetMode" not in archive.read(name), name
        assert "word/media/form1.png" in archive.namelist()
    script = corpus / "bin" / "ooxml_validate.py"
    if not (corpus / "xsd" / "wml.xsd").is_file():
        pytest.skip("no ECMA-376 schema in the corpus")
    path = tmp_path / "issue.docx"
    path.write_bytes(made)
    done = subprocess.run([sys.executable, script, "--quiet", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_revisions_and_bookmarks_of_the_template_do_not_come_along() -> None:
    document = docx.Document(io.BytesIO(template()))
    marks = f'xmlns:w="{qn("w:t")[1:-2]}" w:id="9" w:author="陈志远"'
    line = document.paragraphs[1]._p
    line.get_or_add_pPr().append(parse_xml(f"<w:rPr {marks[: marks.index(' w:id')]}><w:ins {marks}/></w:rPr>"))
    line.append(parse_xml(f"<w:ins {marks}><w:r><w:t>（增）</w:t></w:r></w:ins>"))
    line.append(parse_xml(f"<w:del {marks}><w:r><w:delText>（删）</w:delText></w:r></w:del>"))
    for tag in ("Start", "End"):  # between paragraphs, where Word puts them too
        document.element.body.insert(1, parse_xml(f'<w:bookmark{tag} {marks} w:name="_GoBack"/>'))
    target = io.BytesIO()
    document.save(target)
    made = build_docx(issue(3), STYLE, template=target.getvalue())
    assert docx.Document(io.BytesIO(made)).paragraphs[1].text.endswith("2024年12月10日（增）")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        text = archive.read("word/document.xml").decode()
    assert not [part for part in ("w:ins", "w:del", "陈志远", "（删）", "_GoBack") if part in text]


def test_no_link_of_the_template_comes_along() -> None:
    document = docx.Document(io.BytesIO(template()))
    address = "http://neiwang.yunjiang.example/"
    relation = document.part.relate_to(address, RT.HYPERLINK, is_external=True)
    spaces = nsdecls("w", "a", "r")
    vml = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    click = f'<a:hlinkClick {spaces} r:id="{relation}" tooltip="{address}"/>'
    for tag in ("wp:docPr", "pic:cNvPr"):  # an emblem that was copied from a web page
        for found in list(document.element.body.iter(qn(tag))):
            found.append(parse_xml(click))
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText> HYPERLINK "{address}" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>内网</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    linked = (
        f'<w:hyperlink r:id="{relation}" w:tooltip="{address}"><w:r><w:t>要情</w:t></w:r></w:hyperlink>{field}'
        f'<w:fldSimple w:instr=" HYPERLINK &quot;{address}&quot; "><w:r><w:t>首页</w:t></w:r></w:fldSimple>'
        f'<w:r><w:pict><v:shape {vml} style="width:9pt;height:9pt" href="{address}"/></w:pict></w:r>'
    )
    document.paragraphs[1]._p.extend(parse_xml(f"<w:p {spaces}>{linked}</w:p>"))
    target = io.BytesIO()
    document.save(target)
    made = build_docx(issue(3), STYLE, template=target.getvalue())
    assert docx.Document(io.BytesIO(made)).paragraphs[1].text.endswith("要情内网首页")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    for name, text in parts.items():
        assert not [word for word in (address, "hlink", "HYPERLINK", "External") if word in text], name


def test_a_template_without_a_place_for_the_text_or_with_unknown_fields_is_refused() -> None:
    with pytest.raises(FormatError, match="正文"):
        check_template(template(marker="正文从这里开始"))
    with pytest.raises(FormatError, match="刊号"):
        check_template(template(number="第{{刊号}}期"))
    with pytest.raises(FormatError):
        check_template(b"%PDF-1.7")
    check_template(template(marker="要　目"))


def test_a_collection_has_the_masthead_of_the_template_on_its_cover_and_its_styles() -> None:
    entries = issue(3).entries
    made = build_collection("学习成果汇编", entries, STYLE, issuer="云江省学习办", day=DAY, template=template())
    opened = docx.Document(io.BytesIO(made))
    assert opened.tables[0].cell(0, 1).text == "云江要情"
    texts = [p.text for p in opened.paragraphs if p.text.strip()]
    assert texts[:3] == ["云江省学习办　　2024年12月30日", "学习成果汇编", "目　录"]
    assert opened.styles["Heading 2"].font.size.pt == 24
    named = template(number="{{刊名}}{{期号}}")
    texts = [
        p.text for p in docx.Document(io.BytesIO(build_collection("文稿选", entries, STYLE, template=named))).paragraphs
    ]
    assert texts.count("文稿选") == 1
    assert build_collection("文稿选", entries, STYLE) != build_collection("文稿选", entries, STYLE, template=named)


@pytest.mark.slow
def test_the_cover_of_a_collection_with_a_template_is_one_page(office: Path) -> None:
    result = print_collection(
        "学习成果汇编", issue(3).entries, STYLE, {}, office, issuer="云江省学习办", template=template()
    )
    sheets = read_sheets(result.pdf or b"", STYLE)
    assert [sheets[0].lines[0].text, sheets[2].lines[0].text] == ["云江要情", "目录"]
    assert "学习成果汇编" in [line.text for line in sheets[0].lines]


@pytest.mark.slow
def test_the_printed_pages_begin_with_the_masthead_of_the_template(office: Path) -> None:
    content = template()
    style = styled_by(content, STYLE)
    result = print_issue(issue(3), style, {}, office, template=content)
    sheets = read_sheets(result.pdf or b"", style)
    assert sheets[0].lines[0].text == "云江要情"
    assert sheets[0].lines[0].size == pytest.approx(48, abs=0.1)
    assert sheets[0].pictures == 1
    assert len(sheets) % 2 == 0
