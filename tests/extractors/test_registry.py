"""The table of formats and the way from submissions to documents."""

import logging
from io import BytesIO

import docx as python_docx
import pytest
from PIL import Image

from bulletin.errors import (
    BulletinError,
    EmptyError,
    EncryptedError,
    FormatError,
    MissingToolError,
    ScannedError,
    UnsupportedError,
)
from bulletin.formats import SUFFIXES
from bulletin.model import Document, Submission
from extractors import office, plain
from extractors.registry import ROWS, TABLE, Kind, extract, extract_many, formats, sniff
from tests.extractors.wordfiles import docx, p


def submission(name: str, content: bytes = b"") -> Submission:
    return Submission(name=name, content=content or "正文".encode())


def test_every_suffix_has_a_row_and_every_row_a_chinese_name() -> None:
    assert set(SUFFIXES.values()) <= set(ROWS)
    assert len(ROWS) == len(TABLE)
    assert all(any("\u4e00" <= character <= "\u9fff" for character in row.name) for row in TABLE if row.key != "caj")


def test_every_reader_that_the_table_names_can_be_imported() -> None:
    missing = [item.format.key for item in formats() if not item.available and item.format.kind is Kind.TEXT]
    assert missing == []


def test_a_row_without_its_tool_stays_listed_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: "")
    rows = {item.format.key: item for item in formats()}
    assert not rows["doc"].available
    assert "LibreOffice" in rows["doc"].note
    assert rows["docx"].available
    with pytest.raises(MissingToolError) as caught:
        extract(submission("a.rtf", rb"{\rtf1 x}"))
    assert caught.value.subject == "a.rtf"
    assert "apt install" in caught.value.advice


def test_a_batch_keeps_its_order_and_survives_bad_files(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = plain.read

    def sometimes(item: Submission) -> Document:
        if item.name == "惊.txt":
            raise ZeroDivisionError
        return real(item)

    monkeypatch.setattr(plain, "read", sometimes)
    names = ["甲.txt", "空.txt", "惊.txt", "乙.docx", "某.zip", "坏.docx"]
    contents = ["甲".encode(), b"", "惊".encode(), docx(p("乙")), b"PK\x05\x06" + bytes(18), docx(p("乙"))[:99]]
    with caplog.at_level(logging.WARNING):
        batch = [Submission(name=name, content=content) for name, content in zip(names, contents, strict=True)]
        results = extract_many(batch)
    kinds = [type(result) for result in results]
    assert kinds == [Document, EmptyError, FormatError, Document, UnsupportedError, FormatError]
    assert [result.subject for result in results if isinstance(result, BulletinError)] == [
        names[index] for index in (1, 2, 4, 5)
    ]
    assert "ZeroDivisionError" in caplog.text


def test_a_document_that_is_really_text_or_a_page_is_read_as_that() -> None:
    assert extract(submission("通知.docx", "只是文字".encode("gb18030"))).format == "txt"
    assert sniff(submission("通知.doc", "<html><body><p>页</p></body></html>".encode())).key == "html"


@pytest.mark.parametrize(("name", "magic"), [("a.rar", b"Rar!\x1a\x07\x00"), ("a.7z", b"7z\xbc\xaf\x27\x1c")])
def test_refused_formats_say_what_to_do(name: str, magic: bytes) -> None:
    with pytest.raises(UnsupportedError) as caught:
        extract(submission(name, magic + bytes(40)))
    assert "ZIP" in caught.value.advice


def test_a_document_of_pictures_alone_has_nothing_to_read() -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 30), "steelblue").save(picture, "PNG")
    document = python_docx.Document()
    document.add_picture(picture)
    written = BytesIO()
    document.save(written)
    with pytest.raises(ScannedError, match="只有图片，没有可读的文字") as caught:
        extract(submission("合影.docx", written.getvalue()))
    assert "OCR" in caught.value.advice
    document.add_paragraph("学习会现场")
    document.save(written := BytesIO())
    assert [block.text for block in extract(submission("合影.docx", written.getvalue())).blocks][-1] == "学习会现场"


def test_an_encrypted_package_is_named_as_such() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedError, match="密码"):
        extract(submission("a.docx", ole))
