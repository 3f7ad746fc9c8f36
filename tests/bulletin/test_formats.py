"""Telling formats apart by their bytes."""

import io
import zipfile

import pytest

from bulletin.formats import SUFFIXES, sniff, suffix_key


def package(*names: str, **contents: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            # With a date of its own: the bytes name the test, and each of the processes that run tests makes them.
            archive.writestr(zipfile.ZipInfo(name), contents.get("mimetype", "x") if name == "mimetype" else "x")
    return out.getvalue()


PAGE = "<!DOCTYPE html><html><body>页</body></html>".encode()
SAVED = (
    b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
)
WORD_MHT = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_Next"\r\n\r\n------=_Next'
MAIL = b"Received: from a\r\nFrom: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nhello"
MAIL_WITH_PICTURE = b"Content-Type: multipart/related\r\n" + MAIL
OPEN_TEXT = package("mimetype", "content.xml", mimetype="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.docx", package("[Content_Types].xml", "word/document.xml"), "docx"),
        ("a.doc", package("[Content_Types].xml", "word\\document.xml"), "docx"),
        ("a.zip", package("稿件/甲.docx", "word/乙.txt"), "zip"),
        ("a.docx", package("甲.docx"), "zip"),
        ("a.xlsx", package("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        ("a.odt", OPEN_TEXT, "odt"),
        ("a.docx", package("[Content_Types].xml", "word/document.xml")[:60], "docx"),
        ("a", package("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        ("a.doc", PAGE, "html"),
        ("a.txt", PAGE, "html"),
        ("a.doc", b'<?xml version="1.0"?>\n<!-- c --><html xmlns="x">', "html"),
        ("a.html", "一段文字<br>又一段".encode(), "html"),
        ("a.md", '<div align="center">标题</div>\n\n正文'.encode(), "md"),
        (
            "a.doc",
            b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
            "wordml",
        ),
        ("a.doc", rb"{\rtf1\ansi}", "rtf"),
        ("a.doc", WORD_MHT, "mhtml"),
        ("a.mht", SAVED, "mhtml"),
        ("a.eml", MAIL, "eml"),
        ("a.eml", MAIL_WITH_PICTURE, "eml"),
        ("a.docx", "只是文字".encode("gb18030"), "txt"),
        ("a.txt", "关于：\n通知: 甲".encode(), "txt"),
        ("a.txt", "Subject matters: a note\n".encode("utf-16"), "txt"),
        ("a", "工作简报 2023\n".encode("utf-16-le"), "txt"),
        ("a.csv", "标题,网址\n甲,http://a.example\n".encode("gb18030"), "csv"),
        ("a.doc", b"%PDF-1.7", "pdf"),
        ("a.xml", b"<?xml version='1.0'?><rss version='2.0'>", "feed"),
        ("扫描.jpg", b"\xff\xd8\xff\xe0", "picture"),
        ("a.bin", bytes(range(256)) * 4, "unknown"),
        ("a.docx", bytes(range(1, 256)) * 4, "docx"),
        ("a.txt", b"", "txt"),
        ("", b"", "unknown"),
    ],
)
def test_bytes_decide_before_the_suffix(name: str, content: bytes, key: str) -> None:
    assert sniff(name, content) == key


def test_media_type_helps_where_there_is_no_suffix() -> None:
    assert sniff("page", "文<br>字".encode(), "text/html; charset=gbk") == "html"
    assert sniff("page", "# 题".encode(), "text/markdown") == "md"


def test_suffixes_are_found_in_any_path() -> None:
    assert suffix_key(r"C:\稿件\通知.DOCX") == "docx"
    assert suffix_key("没有后缀") == ""
    assert all(suffix == suffix.lower() for suffix in SUFFIXES)
