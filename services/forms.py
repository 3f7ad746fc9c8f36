"""The forms an issue can be given back in: DOCX, PDF, web page, text, data."""

from bulletin.errors import RenderError
from services.context import Office
from services.requests import Product
from services.typesetting import docx_of, pictures_of
from store.records import IssueRecord


def in_form(office: Office, record: IssueRecord, form: Product) -> bytes:
    """The issue as bytes of the form; RenderError for PDF where LibreOffice is missing."""
    from builders.plain import build_json, build_text
    from builders.web import build_html

    match form:
        case Product.DOCX:
            return docx_of(office, record)
        case Product.PDF:
            return as_pdf(docx_of(office, record))
        case Product.HTML:
            return build_html(record.issue, office.style, pictures_of(office, record.issue.entries)).encode()
        case Product.TXT:
            return build_text(record.issue, office.style).encode()
        case Product.JSON:
            return build_json(record.issue).encode()


def as_pdf(docx: bytes) -> bytes:
    """The DOCX as PDF with embedded fonts and bookmarks."""
    from builders.libreoffice import find_office
    from builders.pdf import to_pdf

    if find_office() is None:
        raise RenderError(
            "没有找到 LibreOffice，不能生成 PDF", advice="Debian/UOS 上可用 apt install libreoffice-writer 安装"
        )
    return to_pdf(docx)
