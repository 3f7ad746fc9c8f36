"""Files handed to people: their names, and writing them whole."""

import time
from pathlib import Path

from bulletin.model import Issue


def file_name(issue: Issue) -> str:
    """The name of the DOCX on an editor's disk: 工作简报第455期.docx."""
    name = issue.publication.split()[-1]
    revision = f"（更正{issue.revision}）" if issue.revision else ""
    return f"{name}{issue.number.label}{revision}.docx"


def write_whole(path: Path, content: bytes) -> Path:
    """The path, holding all of the content or what it held before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{time.time_ns()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        # Where the disk is full, what was written of it would keep it so.
        part.unlink(missing_ok=True)
        raise
    return path
