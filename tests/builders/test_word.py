"""The DOCX itself: valid, the same every time, nothing in it that a program could stumble over."""

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from lxml import etree

from builders.imprint import Ending
from builders.ooxml.package import for_libreoffice
from builders.style import load_style, style_names
from builders.word import build_docx
from bulletin.model import Block, BlockType, Entry, Issue, Section
from tests.builders.samples import PICTURES, issue

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLE = load_style()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def document(content: bytes) -> etree._Element:
    return etree.fromstring(parts(content)["word/document.xml"])


@pytest.fixture(scope="module")
def rich() -> bytes:
    return build_docx(issue(8, rich=True), load_style("yearly"), PICTURES, {"article1": 2})


@pytest.mark.parametrize("name", style_names())
@pytest.mark.parametrize("ending", list(Ending))
def test_valid_against_the_schema(corpus: Path, tmp_path: Path, name: str, ending: Ending) -> None:
    script = corpus / "bin" / "ooxml_validate.py"
    if not (corpus / "xsd" / "wml.xsd").is_file():
        pytest.skip("no ECMA-376 schema in the corpus")
    path = tmp_path / "issue.docx"
    marks = {"secrecy": "内部资料", "copy_number": "7", "note": "本期刊发三篇经验材料。"}
    path.write_bytes(
        build_docx(issue(3, rich=True, **marks), load_style(name), PICTURES, {}, ending=ending, refresh=True)
    )
    done = subprocess.run([sys.executable, script, "--quiet", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_same_issue_gives_the_same_bytes_in_another_process(rich: bytes) -> None:
    code = (
        "import hashlib;from builders.style import load_style;from builders.word import build_docx;"
        "from tests.builders.samples import PICTURES, issue;"
        "print(hashlib.sha256(build_docx(issue(8, rich=True), load_style('yearly'), PICTURES, {'article1': 2})).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "America/Lima", "LANG": "C"}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert said.stdout.strip() == hashlib.sha256(rich).hexdigest()


def test_nothing_in_the_file_tells_the_day_it_was_made(rich: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(rich)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]*", core) == ["2024-12-10T00:00:00"] * 2


def test_every_font_is_said_outright_and_no_theme_font_or_foreign_language_is_left(rich: bytes) -> None:
    for name, content in parts(rich).items():
        if not name.endswith((".xml", ".rels")):
            continue
        text = content.decode()
        assert "Theme=" not in text
        assert "theme" not in name
        assert "ja-JP" not in text
        assert "Times" not in text
        assert "Calibri" not in text
    styles = etree.fromstring(parts(rich)["word/styles.xml"])
    for fonts in styles.iter(f"{W}rFonts"):
        assert len({fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")}) == 1
    assert styles.find(f".//{W}rPrDefault//{W}lang").get(f"{W}eastAsia") == "zh-CN"


def test_every_run_of_text_says_that_its_punctuation_is_chinese(rich: bytes) -> None:
    runs = [run for run in document(rich).iter(f"{W}r") if run.find(f"{W}t") is not None]
    assert len(runs) > 50
    for run in runs:
        assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia"


def test_no_macros_no_outside_links_no_prompt(rich: bytes) -> None:
    found = parts(rich)
    assert not any(name.endswith(".bin") for name in found)
    assert not any(b"TargetMode" in content for name, content in found.items() if name.endswith(".rels"))
    assert b"updateFields" not in found["word/settings.xml"]
    asked = build_docx(issue(3), load_style("yearly"), {}, {}, refresh=True)
    assert b"updateFields" in parts(asked)["word/settings.xml"]


def test_fields_are_whole_and_hold_their_results(rich: bytes) -> None:
    root = document(rich)
    kinds = [mark.get(f"{W}fldCharType") for mark in root.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * (len(kinds) // 3)
    instructions = [item.text.split() for item in root.iter(f"{W}instrText")]
    assert [words[:2] for words in instructions] == [["PAGEREF", f"article{at}"] for at in range(1, 9)]


def test_links_lead_to_bookmarks_whose_names_every_program_takes(rich: bytes) -> None:
    root = document(rich)
    names = [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]
    ids = [mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkStart")]
    assert len(set(names)) == len(names)
    assert len(set(ids)) == len(ids)
    assert all(name.isascii() and name[0].isalpha() and len(name) <= 40 for name in names)
    assert {link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")} <= set(names)


def test_the_navigation_pane_shows_sections_titles_and_headings() -> None:
    opened = docx.Document(io.BytesIO(build_docx(issue(3, rich=True), STYLE, PICTURES)))
    outline = [(p.style.name, p.text.replace(" \n", " ").replace("\n", "")) for p in opened.paragraphs
               if p.style.name.startswith("Heading")]  # fmt: skip
    assert ("Heading 1", "【上情下达】") in outline
    assert ("Heading 2", "临川市召开学习交流会") in outline
    assert ("Heading 3", "一、健全机制，把学习制度立起来") in outline
    assert ("Heading 6", "（1）明确任务分工") in outline
    assert opened.styles["Normal"].paragraph_format.line_spacing.pt == pytest.approx(28.95)


def test_the_properties_say_what_it_is() -> None:
    opened = docx.Document(io.BytesIO(build_docx(issue(3), STYLE)))
    said = opened.core_properties
    assert (said.title, said.subject, said.author) == (
        "建设学习型党组织 工作简报 第128期",
        "第128期",
        "云江省学习工作协调小组办公室",
    )
    assert said.created.date().isoformat() == said.modified.date().isoformat() == "2024-12-10"
    assert said.language == "zh-CN"


def test_a_title_broken_over_lines_reads_back() -> None:
    sample = issue(8)
    opened = docx.Document(io.BytesIO(build_docx(sample, STYLE)))
    titles = [p.text.replace("\n", "") for p in opened.paragraphs if p.style.name == "Heading 2"]
    assert titles == [entry.title for entry in sample.entries]


def test_tables_have_grids_headers_and_a_name(rich: bytes) -> None:
    tables = [t for t in document(rich).iter(f"{W}tbl") if t.find(f".//{W}tblHeader") is not None]
    assert tables
    for table in tables:
        assert len(table.findall(f"{W}tblGrid/{W}gridCol")) == 4
        assert sum(int(col.get(f"{W}w")) for col in table.findall(f"{W}tblGrid/{W}gridCol")) == pytest.approx(
            8844, abs=4
        )
        assert table.find(f"{W}tblPr/{W}tblCaption") is not None


def test_pictures_have_alternative_texts(rich: bytes) -> None:
    described = [item.get("descr") for item in document(rich).iter("{*}docPr")]
    assert described == ["宣讲活动现场照片"] * 3
    assert sum(name.startswith("word/media/") for name in parts(rich)) == 1


def test_odd_characters_do_no_harm() -> None:
    text = "控制\x00\x0b符、半个代理\ud800、<尖括号>&“引号”\ufffe\u200b和\t制表"
    blocks = (Block(text=text), Block(type=BlockType.TABLE, rows=((text, ""), (text,)), header_rows=1))
    sample = issue(1, sections=(Section(name="栏&目", entries=(Entry(title=text, blocks=blocks),)),))
    opened = docx.Document(io.BytesIO(build_docx(sample, STYLE)))
    assert any("<尖括号>&“引号”" in p.text for p in opened.paragraphs)


def test_an_issue_without_anything_but_a_head_is_still_a_document() -> None:
    bare = Issue(publication="简报", number=issue().number, date=issue().date, issuer="")
    assert docx.Document(io.BytesIO(build_docx(bare, STYLE))).paragraphs[0].text == "简报"


def test_a_picture_that_is_none_leaves_its_caption() -> None:
    block = Block(type=BlockType.IMAGE, picture="0" * 64, text="图2　走访")
    sample = issue(1, sections=(Section(name="动态", entries=(Entry(title="甲", blocks=(block,)),)),))
    opened = docx.Document(io.BytesIO(build_docx(sample, STYLE, {"0" * 64: b"no picture"})))
    assert any(p.text == "图2　走访" for p in opened.paragraphs)
    assert not opened.inline_shapes


def test_no_mark_hangs_in_the_margin_and_libreoffice_is_told_so_in_its_own_way(rich: bytes) -> None:
    said = parts(rich)["word/styles.xml"]
    given = parts(for_libreoffice(rich))
    assert b'<w:overflowPunct w:val="0"/>' in said
    assert given["word/styles.xml"] == said.replace(b'overflowPunct w:val="0"', b'overflowPunct w:val="1"')
    assert {name: content for name, content in given.items() if name != "word/styles.xml"} == {
        name: content for name, content in parts(rich).items() if name != "word/styles.xml"
    }
    assert for_libreoffice(b"no document") == b"no document"
