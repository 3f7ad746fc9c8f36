"""One article made by different programs, and the blocks that any reader must find in it."""

import io
import os
import subprocess
from pathlib import Path

import docx

from bulletin.model import Document
from tests.tools import require

TITLE = "临川市推进政务服务便民化"
ROWS = (
    ("事项", "办理时限", "牵头单位"),
    ("企业开办", "1个工作日", "市政务服务办"),
    ("不动产登记", "3个工作日", "市自然资源局"),
)
ARTICLE: tuple[tuple[str, str], ...] = (
    ("1", TITLE),
    ("", "临川市坚持以群众需求为导向，持续优化办事流程，推动高频事项“一窗受理、限时办结”。"),
    ("2", "一、健全工作机制"),
    ("", "成立专班，每周调度。截至10月底，共梳理事项126项，压减材料38%。"),
    ("2", "二、公布办理清单"),
    ("", "清单向社会公布，接受监督，咨询电话为0799-1234567。"),
    ("table", ""),
    ("2", "三、下一步打算"),
    ("", "市政务服务办将会同各县（区）抓好落实，并于年底前开展“回头看”。"),
)
"""(level of a heading or nothing, text); `table` stands for ROWS."""


def outline(document: Document) -> list[tuple[str, int, str]]:
    """Type, level and text of each block, blanks at the ends left out."""
    return [(str(block.type), block.level, block.plain.strip()) for block in document.blocks]


def expected() -> list[tuple[str, int, str]]:
    """The outline of the article."""
    cells = "\n".join(cell for row in ROWS for cell in row)
    found: list[tuple[str, int, str]] = []
    for level, text in ARTICLE:
        if level == "table":
            found.append(("table", 0, cells))
        else:
            found.append(("heading" if level else "paragraph", int(level or 0), text))
    return found


def by_python_docx() -> bytes:
    """The article as DOCX from python-docx, with its heading styles."""
    document = docx.Document()
    for level, text in ARTICLE:
        if level == "table":
            table = document.add_table(len(ROWS), len(ROWS[0]))
            for row, texts in zip(table.rows, ROWS, strict=True):
                for cell, cell_text in zip(row.cells, texts, strict=True):
                    cell.text = cell_text
        elif level:
            document.add_heading(text, int(level))
        else:
            document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_markdown() -> str:
    """The article in Markdown."""
    head, *rest = (f"| {' | '.join(row)} |" for row in ROWS)
    table = "\n".join((head, "|---" * len(ROWS[0]) + "|", *rest))
    prefix = {"": "", "1": "# ", "2": "## "}
    return "\n\n".join(table if level == "table" else prefix[level] + text for level, text in ARTICLE)


def by_pandoc(suffix: str) -> bytes:
    """The article written by pandoc."""
    to = {"txt": "plain", "md": "gfm", "html": "html5"}.get(suffix, suffix)
    command = [require("pandoc"), "-f", "gfm", "-t", to, "--wrap=none", "--standalone", "-o", "-"]
    if suffix == "html":
        command += ["--metadata", f"pagetitle={TITLE}"]
    return subprocess.run(command, input=as_markdown().encode(), capture_output=True, check=True).stdout


def by_libreoffice(source: bytes, folder: Path, filters: tuple[str, ...]) -> dict[str, bytes]:
    """A DOCX saved by LibreOffice in each of the formats, by suffix."""
    office = require("soffice")
    (folder / "article.docx").write_bytes(source)
    out: dict[str, bytes] = {}
    for name in filters:
        command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", name, "--outdir", str(folder / "out"), str(folder / "article.docx")]
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "HOME": str(folder)})
        suffix = name.partition(":")[0]
        out[suffix] = (folder / "out" / f"article.{suffix}").read_bytes()
    return out
