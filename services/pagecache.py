"""The pages of issues as PDF, kept in home/cache under the hash of the DOCX; all of it can be deleted at any time."""

import re
import shutil
from pathlib import Path

from bulletin.errors import NotFoundError
from services.context import Office
from services.files import write_whole

KEPT = 300
"""Issues and drafts whose pages are kept, about 1 MB each; the longest unused go first."""
_NAME = re.compile(r"[0-9a-z-]{1,80}")


def keep_pdf(office: Office, key: str, pdf: bytes) -> None:
    """Keeps the pages that came with a DOCX, so that nobody lays it out again."""
    write_whole(pdf_path(office, key), pdf)
    folders = sorted(_folder(office).iterdir(), key=lambda path: path.stat().st_mtime)
    for folder in folders[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


def pdf_path(office: Office, key: str) -> Path:
    """Where the PDF of a DOCX is kept, whether it is there or not."""
    if not _NAME.fullmatch(key):
        raise NotFoundError("没有这份文件")
    return _folder(office) / key / "issue.pdf"


def _folder(office: Office) -> Path:
    folder = office.settings.home / "cache" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
