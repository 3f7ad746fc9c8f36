"""Word documents: what Word shows is read, what it does not show is recorded."""

import io
import zipfile

import docx as python_docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from PIL import Image

from bulletin.errors import EmptyError
from bulletin.model import NEW_PAGE, BlockType, Role, Submission
from extractors.registry import extract
from tests.extractors.wordfiles import docx, losses, p, read, relation, run, texts, xml

FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def field(instruction: str, result: str) -> str:
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return FIELD.format("begin") + code + FIELD.format("separate") + run(result) + FIELD.format("end")


def text_box(inside: str) -> str:
    content = f"<w:txbxContent>{inside}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>'
        f"<wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (run("甲") + "<w:r><w:br/></w:r>" + run("乙"), ["甲", "乙"]),
        (run("甲") + '<w:r><w:br w:type="page"/></w:r>' + run("乙"), ["甲", "乙"]),
        (run("目录") + "<w:r><w:tab/></w:r>" + run("3"), ["目录\t3"]),
        (run("　　缩进"), ["　　缩进"]),
        (f"<w:smartTag>{run('临川')}</w:smartTag><w:hyperlink>{run('网站')}</w:hyperlink>", ["临川网站"]),
        (f"<w:customXml><w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt></w:customXml>", ["控件"]),
        (field('HYPERLINK "http://a.example"', "链接"), ["链接"]),
        (f'<w:fldSimple w:instr="DATE">{run("5月1日")}</w:fldSimple>', ["5月1日"]),
        (
            FIELD.format("begin") + field("PAGE", "7") + FIELD.format("separate") + run("果") + FIELD.format("end"),
            ["果"],
        ),
        (f'{run("留")}<w:ins w:id="1">{run("增")}</w:ins>', ["留增"]),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("同意"), ["☑同意"]),
        (run("前") + text_box(p("框内")) + run("后"), ["前后", "框内"]),
        (text_box(p("框内")) + run("后"), ["框内", "后"]),
        ('<w:r><w:pict><v:shape><v:textpath string="工作简报"/></v:shape></w:pict></w:r>', ["工作简报"]),
        (run("2023") + "<w:r><w:noBreakHyphen/></w:r>" + run("12"), ["2023-12"]),
    ],
)
def test_text_of_a_paragraph(inside: str, expected: list[str]) -> None:
    assert texts(read(p(inside))) == expected


@pytest.mark.parametrize(
    ("inside", "lost"),
    [
        ('<w:del w:id="1"><w:r><w:delText>旧文</w:delText></w:r></w:del>', ("tracked-deletion", "旧文")),
        (f'<w:moveFrom w:id="1">{run("移走")}</w:moveFrom>', ("moved-away", "移走")),
        (run("密语", "<w:vanish/>"), ("hidden-text", "密语")),
        (
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击输入')}</w:sdtContent></w:sdt>",
            ("placeholder", "单击输入"),
        ),
        (
            f"<w:r><w:ruby><w:rt>{run('chuān')}</w:rt><w:rubyBase>{run('川')}</w:rubyBase></w:ruby></w:r>",
            ("ruby", "chuān"),
        ),
    ],
)
def test_what_is_not_shown_is_recorded_with_its_place(inside: str, lost: tuple[str, str]) -> None:
    document = read(p("第一段") + p(run("正文") + inside))
    assert losses(document) == [lost]
    change = document.changes[0]
    assert change.at == 1
    assert change.start >= len("正文")
    assert "旧文" not in document.blocks[1].text


def test_text_that_is_only_hidden_where_it_is_turned_off_again_is_shown() -> None:
    styles = xml("styles", '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>')
    body = p(run("显", '<w:rStyle w:val="h"/><w:vanish w:val="0"/>') + run("隐", '<w:rStyle w:val="h"/>'))
    document = read(body, {"word/styles.xml": styles})
    assert texts(document) == ["显"]
    assert losses(document) == [("hidden-text", "隐")]


def test_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    assert texts(read(p("上半", "<w:rPr><w:del/></w:rPr>") + p("下半") + p("次段"))) == ["上半下半", "次段"]


def test_heading_levels_by_style_inheritance_name_and_paragraph() -> None:
    styles = xml(
        "styles",
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="标题 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="自定义"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="d"><w:name w:val="y"/><w:basedOn w:val="d"/></w:style>',
    )
    cases = ("a", 2), ("b", 2), ("c", 3), ("d", 0), ("无此样式", 0)
    body = "".join(p("文", f'<w:pStyle w:val="{style}"/>') for style, _ in cases)
    body += p("文", '<w:outlineLvl w:val="0"/>') + p("文", '<w:pStyle w:val="a"/><w:outlineLvl w:val="9"/>')
    levels = [block.level for block in read(body, {"word/styles.xml": styles}).blocks]
    assert levels == [*(level for _, level in cases), 1, 0]


def test_short_lines_set_otherwise_than_the_text_and_empty_lines_above_are_known() -> None:
    body = run("这一段是正文，比标题长，用三号字，不加粗。" * 2, '<w:sz w:val="32"/>')
    title = p(run("标题", '<w:b/><w:sz w:val="44"/>'), '<w:jc w:val="center"/>')
    new_page = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    document = read(title + p(body) + p("") + p(run("小标题", "<w:b/>")) + p(body) + new_page + title + p(body))
    assert [block.text for block in document.blocks if block.at[0] in document.looks] == ["标题", "小标题", "标题"]
    assert document.looks[0] == document.looks[4] != document.looks[2]
    assert "center" in document.looks[0]
    assert document.gaps[2] == 1
    assert document.gaps[4] >= NEW_PAGE
    assert set(document.gaps) == {2, 4}


def test_tables_with_merged_cells_and_header_rows() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"

    start, on, two = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    rows = "<w:tr><w:trPr><w:tblHeader/></w:trPr>" + cell("时间", start) + cell("内容", two) + "</w:tr>"
    rows += "<w:tr>" + cell("", on) + cell("甲") + cell("乙") + "</w:tr>"
    rows += '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("丙") + "</w:tr>"
    (block,) = read(f"<w:tbl>{rows}</w:tbl>").blocks
    assert block.rows == (("时间", "内容", ""), ("", "甲", "乙"), ("", "丙", ""))
    assert block.header_rows == 1


def test_a_table_of_one_cell_is_its_paragraphs_and_a_nested_one_is_flattened() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{p('一')}</w:tc><w:tc>{p('二')}</w:tc></w:tr></w:tbl>"
    assert texts(read(f"<w:tbl><w:tr><w:tc>{p('甲')}{p('乙')}</w:tc></w:tr></w:tbl>")) == ["甲", "乙"]
    (block,) = read(f"<w:tbl><w:tr><w:tc>{p('外')}{inner}</w:tc><w:tc>{p('右')}</w:tc></w:tr></w:tbl>").blocks
    assert block.rows == (("外\n一\t二", "右"),)


def test_deleted_table_row_is_recorded() -> None:
    rows = f"<w:tr><w:tc>{p('留')}</w:tc><w:tc>{p('下')}</w:tc></w:tr>"
    rows += f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('删')}</w:tc><w:tc>{p('去')}</w:tc></w:tr>"
    document = read(f"<w:tbl>{rows}</w:tbl>")
    assert document.blocks[0].rows == (("留", "下"),)
    assert losses(document) == [("tracked-deletion", "删 去")]


def test_notes_stand_at_the_end_in_the_order_of_their_marks() -> None:
    notes = '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
    notes += f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>" + run(" 脚注"))}</w:footnote>'
    ends = f'<w:endnote w:id="2">{p("尾注")}</w:endnote>'
    body = p(run("甲") + '<w:r><w:endnoteReference w:id="2"/></w:r>')
    body += p(run("乙") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    relations = relation("f", "footnotes", "footnotes.xml") + relation("e", "endnotes", "/word/endnotes.xml")
    parts = {"word/footnotes.xml": xml("footnotes", notes), "word/endnotes.xml": xml("endnotes", ends)}
    document = read(body, parts, relations)
    assert [(block.text, block.role) for block in document.blocks] == [
        ("甲①", Role.BODY),
        ("乙②", Role.BODY),
        ("①尾注", Role.NOTE),
        ("②脚注", Role.NOTE),
    ]


def test_comments_headers_and_footers_are_recorded() -> None:
    body = p(run("正文") + '<w:r><w:commentReference w:id="4"/></w:r>')
    parts = {
        "word/comments.xml": xml("comments", f'<w:comment w:id="4">{p("请核实")}</w:comment>'),
        "word/h.xml": xml("hdr", p("内部资料")),
        "word/f.xml": xml("ftr", p(field("PAGE", "1"))),
    }
    relations = relation("h", "header", "h.xml") + relation("f", "footer", "f.xml")
    document = read(body, parts, relations)
    assert texts(document) == ["正文"]
    assert losses(document) == [("comment", "请核实"), ("running-head", "内部资料"), ("running-head", "1")]


def test_pictures_are_blocks_with_their_bytes_and_alternative_text() -> None:
    picture = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="n" descr="现场 照片"/><a:graphic><a:graphicData><pic:pic>'
    )
    picture += '<pic:blipFill><a:blip r:embed="i"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
    picture += "</w:drawing></w:r>"
    relations = relation("i", "image", "media/a.png")
    document = read(p(run("图前") + picture) + p(picture), {"word/media/a.png": b"\x89PNG bytes"}, relations)
    assert [block.type for block in document.blocks] == [BlockType.PARAGRAPH, BlockType.IMAGE, BlockType.IMAGE]
    assert document.blocks[1].alt == "现场 照片"
    assert document.pictures[document.blocks[1].picture] == b"\x89PNG bytes"
    missing = read(p(run("图前") + picture))
    assert texts(missing) == ["图前"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("图1 读书活动现场", True),
        ("图 2：分组研讨", True),
        ("图三", True),
        ("图为读者在读书会上交流。", True),
        ("（图为活动现场）", True),
        ("图书馆里坐满了人", False),
        ("图1显示参加人数逐年增长", False),
        ("会议现场", False),
    ],
)
def test_a_centred_line_under_a_picture_that_reads_as_its_caption_is_one(text: str, is_one: bool) -> None:
    document = python_docx.Document()
    document.add_paragraph("望河市举办读书活动，二百多人参加。")
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(picture, "PNG")
    document.add_picture(picture)
    document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("图2 读者留言，写得很长。")  # under no picture
    content = io.BytesIO()
    document.save(content)
    [_, image, *under] = extract(Submission(name="a.docx", content=content.getvalue())).blocks
    assert image.type is BlockType.IMAGE
    assert (image.text, [block.text for block in under][:-1]) == ((text, []) if is_one else ("", [text]))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("表1 学习安排", True), ("表二　参加人数", True), ("表1所示，人数增加。", False), ("表彰名单", False)],
)
def test_a_centred_line_over_a_table_that_reads_as_its_caption_is_one(text: str, is_one: bool) -> None:
    document = python_docx.Document()
    document.add_paragraph("望河市举办读书活动，二百多人参加。")
    document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = document.add_table(2, 2)
    for cell in (cell for row in table.rows for cell in row.cells):
        cell.text = "学习"
    content = io.BytesIO()
    document.save(content)
    blocks = extract(Submission(name="a.docx", content=content.getvalue())).blocks
    assert blocks[-1].type is BlockType.TABLE
    assert blocks[-1].text == (text if is_one else "")
    assert len(blocks) == 3 - is_one


def test_numbering_that_word_shows_is_in_the_text_and_counts_on_through_styles() -> None:
    def level(index: int, kind: str, text: str, more: str = "") -> str:
        return f'<w:lvl w:ilvl="{index}"><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'

    levels = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="s"/>') + level(1, "chineseCounting", "（%2）")
    levels += level(2, "decimal", "%3.") + level(3, "decimalEnclosedCircle", "%4")
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    numbering += '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    numbering += '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    styles = (
        '<w:style w:type="paragraph" w:styleId="s"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )

    def item(index: int, number: int = 1) -> str:
        return p("项", f'<w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{number}"/></w:numPr>')

    styled, plain = (
        p("项", '<w:pStyle w:val="s"/>'),
        p("项", '<w:pStyle w:val="s"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
    )
    body = styled + item(1) + item(1) + item(2) + item(3) + styled + item(1) + plain + p("", "") + item(0, 2)
    parts = {"word/numbering.xml": xml("numbering", numbering), "word/styles.xml": xml("styles", styles)}
    expected = ["一、项", "（一）项", "（二）项", "1. 项", "①项", "二、项", "（一）项", "项", "一、项"]
    assert texts(read(body, parts)) == expected


@pytest.mark.parametrize(
    ("title", "expected"), [("关于便民的通知", "关于便民的通知"), ("Word 文档", ""), ("别的文件", "")]
)
def test_title_of_the_properties_counts_only_if_the_text_bears_it(title: str, expected: str) -> None:
    made = python_docx.Document()
    made.core_properties.title = title
    for text in ("关于便民", "的通知", "正文。"):
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    assert extract(Submission(name="a.docx", content=out.getvalue())).title == expected


def test_macros_are_not_run_and_the_editor_is_told() -> None:
    document = read(p("正文"), {"word/vbaProject.bin": b"macro"})
    assert texts(document) == ["正文"]
    assert any("宏" in warning for warning in document.warnings)


def test_strict_and_flat_and_unrelated_packages_are_read() -> None:
    content = docx(p("正文"))
    strict = _edit(
        content,
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    unrelated = _edit(content, b'officeDocument"', b'nothing"')
    flat = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        '<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>'
        + xml("document", f"<w:body>{p('正文')}</w:body>").partition("?>")[2]
        + "</pkg:xmlData></pkg:part></pkg:package>"
    ).encode()
    for name, made in (("a.docx", strict), ("b.docx", unrelated), ("c.xml", flat)):
        assert texts(extract(Submission(name=name, content=made))) == ["正文"], name


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(EmptyError):
        read(p("") + p(run("隐", "<w:vanish/>")))


def _edit(content: bytes, old: bytes, new: bytes) -> bytes:
    """The package with some bytes replaced in every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return out.getvalue()


@pytest.mark.parametrize("look", ["<w:b/>", '<w:rFonts w:eastAsia="黑体"/>', '<w:rStyle w:val="Strong"/>'])
def test_a_title_in_bold_before_its_text_is_a_block_of_its_own(look: str) -> None:
    text = "近日，云江市召开学习型机关建设推进会，总结交流经验，部署下一阶段任务，二十个单位参加。"
    strong = '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
    styles = {"word/styles.xml": xml("styles", strong)}
    bodies = [p(run(f"{name}扎实推进学习型机关建设。", look) + run(text)) for name in ("云江市", "清河县")]
    document = read("".join(bodies), styles)
    assert texts(document) == ["云江市扎实推进学习型机关建设", text, "清河县扎实推进学习型机关建设", text]
    assert losses(document) == [("title-stop", "。")] * 2
    assert document.looks.get(0) == document.looks.get(2)
    assert 1 not in document.looks
    assert texts(read(p(run("会议强调，", look) + run(text)), styles)) == [f"会议强调，{text}"]
