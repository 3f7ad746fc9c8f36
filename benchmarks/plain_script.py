"""The plain script that `bulletin compile` is measured against: paste the files of a folder into one DOCX.

    python benchmarks/plain_script.py FOLDER OUT.docx

Nothing of ours: trafilatura for web pages, python-docx for Word, the standard library for the rest; no
cleaning, no sections, no duplicates, no numbers. It stands alone so that its start costs what it costs.
"""

import email
import sys
from email import policy
from pathlib import Path

import trafilatura
from docx import Document


def read(path: Path) -> list[str]:
    """The paragraphs of a file."""
    if path.suffix == ".docx":
        return [paragraph.text for paragraph in Document(str(path)).paragraphs]
    content = path.read_bytes()
    if path.suffix == ".html":
        return (trafilatura.extract(content) or "").splitlines()
    if path.suffix == ".eml":
        mail = email.message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        return body.get_content().splitlines() if body else []
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    return []


def main(folder: str, target: str) -> None:
    document = Document()
    for path in sorted(Path(folder).iterdir()):
        document.add_heading(path.stem, 1)
        for paragraph in read(path):
            document.add_paragraph(paragraph)
    document.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
