"""Hostile and broken files: a clear reason each, and no work done for them. All are made here and small."""

import io
import zipfile
import zlib

import pytest

from bulletin.errors import EncryptedError, FormatError, TooLargeError, UnreadableError
from bulletin.model import Submission
from extractors import package, registry
from extractors.registry import extract
from tests.extractors.wordfiles import NAMESPACES, docx, p, read, run, texts


def refused(content: bytes, name: str = "a.docx") -> UnreadableError:
    """The error that a file meets."""
    with pytest.raises(UnreadableError) as caught:
        extract(Submission(name=name, content=content))
    assert caught.value.subject == name
    assert caught.value.advice
    return caught.value


def with_document(content: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", content)
    return out.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    error = refused(with_document(b"<w:p/>" * 2_000_000))
    assert isinstance(error, TooLargeError)
    assert "炸弹" in error.message


def test_many_moderate_parts_are_too_much_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_TOTAL", 1000)
    assert isinstance(refused(docx(p("正文"), {"word/media/a.png": b"x" * 900})), TooLargeError)
    monkeypatch.setattr(package, "MAX_MEMBERS", 3)
    assert isinstance(refused(docx(p("正文"))), TooLargeError)


def test_a_directory_that_understates_a_size_does_not_unpack_more_than_it_says() -> None:
    raw = bytearray(docx(p("正文")))
    at = raw.rindex(b"word/document.xml") - 46  # its entry in the directory; the size is at 24
    raw[at + 24 : at + 28] = (50).to_bytes(4, "little")
    assert isinstance(refused(bytes(raw)), FormatError)


@pytest.mark.parametrize("depth", [300, 3000, 100_000])
def test_deep_nesting(depth: int) -> None:
    inside = "<w:tbl><w:tr><w:tc>" * depth + p("深") + "</w:tc></w:tr></w:tbl>" * depth
    body = f"<w:document {NAMESPACES}><w:body>{inside}</w:body></w:document>"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", body)
    assert isinstance(refused(stored.getvalue()), TooLargeError)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
    ],
)
def test_entities_are_refused(declaration: str) -> None:
    body = f"<!DOCTYPE d [{declaration}]><w:document {NAMESPACES}><w:body>{p(run('&x;'))}</w:body></w:document>"
    error = refused(with_document(body))
    assert isinstance(error, FormatError)
    assert "实体" in error.message


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_truncated_files(share: float) -> None:
    whole = docx(p("正文") * 50)
    assert isinstance(refused(whole[: int(len(whole) * share)]), FormatError)


def test_a_part_with_broken_bytes_is_refused_and_a_broken_side_part_only_reported() -> None:
    content = bytearray(docx(p("正文")))
    at = content.index(b"word/document.xml") + len("word/document.xml")
    content[at : at + 40] = zlib.compress(b"x" * 4000)[:40].ljust(40, b"\xff")
    assert isinstance(refused(bytes(content)), FormatError)
    document = read(p("正文"), {"word/styles.xml": "<w:styles", "word/numbering.xml": b"\xff\xfe\x00"})
    assert texts(document) == ["正文"]
    assert any("损坏" in warning for warning in document.warnings)


def test_a_package_whose_members_need_a_password() -> None:
    content = bytearray(docx(p("正文")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    assert isinstance(refused(bytes(content)), EncryptedError)


def test_a_package_without_a_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/styles.xml", "<w:styles/>")
    assert isinstance(refused(out.getvalue()), FormatError)


def test_endless_references_are_cut() -> None:
    relation = '<Relationship Id="x" Type="t/officeDocument" Target="../../../../etc/passwd"/>'
    assert texts(read(p("正文"), {}, relation)) == ["正文"]
    spans = f'<w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>{p("甲")}</w:tc><w:tc>{p("乙")}</w:tc>'
    (block,) = read(f"<w:tbl><w:tr>{spans}</w:tr></w:tbl>").blocks
    assert len(block.rows[0]) <= 300


def test_a_table_whose_grid_would_explode() -> None:
    wide = f"<w:tr>{'<w:tc/>' * 2000}</w:tr>"
    assert isinstance(refused(docx(p("正文") + f"<w:tbl>{wide}{'<w:tr><w:tc/></w:tr>' * 2000}</w:tbl>")), TooLargeError)


def test_too_many_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.wordparts.MAX_PARAGRAPHS", 5)
    assert isinstance(refused(docx(p("正文") * 6)), TooLargeError)
    assert isinstance(refused(docx(p("<w:r>" + "<w:br/>" * 6 + "</w:r>"))), TooLargeError)


def test_a_paragraph_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.wordinline.MAX_LINE", 20)
    assert isinstance(refused(docx(p("字" * 21))), TooLargeError)


def test_a_submission_beyond_the_limit_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MAX_BYTES", 100)
    monkeypatch.setattr(registry, "sniff", lambda _: pytest.fail("looked at"))
    assert isinstance(refused(b"a" * 101, "a.txt"), TooLargeError)
