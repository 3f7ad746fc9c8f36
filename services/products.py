"""The second product (文稿汇编), and a house style learnt from a file."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.assembly import entry_of
from bulletin.errors import FormatError, NotFoundError, SettingsError
from bulletin.model import Entry, Series
from services.archives import issued
from services.context import Office
from services.typesetting import pictures_of

if TYPE_CHECKING:
    from builders.printing import Printed


_IN_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What stands in no name of a file on Windows, where an editor opens it."""

# ---------------------------------------------------------------- 文稿汇编


def collected(office: Office, numbers: str = "", query: str = "", ids: Sequence[str] = ()) -> list[Entry]:
    """The entries of a collection: of a range of issues, of a search in the archive, or articles by id.

    Several conditions add up; an entry stands once, in the order of its issue. NotFoundError for none.
    """
    found: list[Entry] = []
    if numbers:
        found += [e for record in issued(office, numbers, Series.REGULAR) for e in record.issue.entries]
    key = office.publication.key
    with office.store.reading() as unit:
        if query:
            hits = unit.search.find(key, query, kind="entry", limit=1000).hits
            places = sorted({(int(hit.owner), hit.position) for hit in hits})
            found += [unit.issues.get(key, owner).issue.entries[place] for owner, place in places]
        found += [entry_of(record.article) for record in unit.articles.records(key, ids)]
    unique = {(entry.article or entry.title): entry for entry in found}
    if not unique:
        raise NotFoundError("没有可以汇编的文章", advice="请检查期号、搜索词或稿件编号")
    return list(unique.values())


def collection_file(title: str) -> str:
    """The name of the file of a collection, 学习汇编.docx; SettingsError for a title without a word."""
    name = "".join(_IN_NO_NAME.sub("", title).split()).lstrip(".")
    if not name:
        raise SettingsError("没有写书名", advice="书名印在封面上，也是文件名，如 学习汇编")
    return f"{name}.docx"


def collect(office: Office, title: str, entries: Sequence[Entry]) -> "Printed":
    """The collection (文稿汇编): cover, contents with page numbers, each article on a new page."""
    from builders.collection import print_collection
    from builders.libreoffice import find_office

    return print_collection(
        title,
        entries,
        office.style,
        pictures_of(office, entries),
        find_office(),
        issuer=office.publication.issuer,
        day=office.today(),
        template=office.template,
    )


# ---------------------------------------------------------------- a house style learnt from a file


def propose_style(office: Office, path: Path) -> str:
    """A TOML text with what differs from the publication's style in an issue of the office's own."""
    from builders.learning import learn_style

    try:
        proposed = learn_style(path.read_bytes(), office.style)
    except FormatError as error:
        raise FormatError(error.message, subject=str(path), advice=error.advice) from error
    lines = [
        f"# 由 {path.name} 学得；未列出的与“{office.publication.style}”相同。",
        f'based_on = "{office.publication.style}"',
    ]
    table = ""
    for key, value in sorted(proposed.items()):
        part, _, name = key.rpartition(".")
        if part != table:
            lines += ["", f"[{part}]"]
            table = part
        lines.append(f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else f'"{value}"'
