"""Keeping and moving: backup with the settings, restore into another home, everything as open files."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from bulletin.errors import IntegrityError, NotFoundError, SettingsError
from bulletin.model import Frozen
from collectors.names import safe_path
from services.context import Office, office
from services.files import file_name, write_whole
from services.settings import SETTINGS_FILE, Settings, publication_keys, read_publication, speaker
from services.setup import PRIVATE
from services.typesetting import docx_of
from store.backup import Manifest, backup, read_extras, restore
from store.database import Transaction, open_store
from store.records import ArticleFilter, IssueState
from store.verify import Problem, verify

SETTINGS_FOLDERS = ("publications", "styles", "templates", "models", "scoring")
"""Folders of a home that hold settings and not state."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t")
"""A spreadsheet runs a cell that begins so; in CSV such a cell gets an apostrophe."""

_OPTIONS_TABLE = re.compile(r"(?ms)^[ \t]*\[[ \t]*files_options[ \t]*\].*?(?=^[ \t]*\[|\Z)")
"""The options of the place for files, where somebody wrote them as a table."""


class ExportReport(Frozen):
    """What `export-all` wrote, by kind."""

    folder: Path
    issues: int
    articles: int
    submissions: int
    plans: int
    lost: tuple[str, ...] = ()
    """What is not among it, and why, in Chinese."""


def make_backup(settings: Settings, path: Path) -> Manifest:
    """The manifest of a backup of database, files and settings, made while everything is in use."""
    store = open_store(**settings.storage)
    try:
        return backup(store, path.expanduser(), settings_files(settings.home))
    finally:
        store.close()


def settings_files(home: Path) -> dict[str, bytes]:
    """The settings of a home by their path in it."""
    found = [home / SETTINGS_FILE] if (home / SETTINGS_FILE).is_file() else []
    for folder in SETTINGS_FOLDERS:
        found += sorted(path for path in (home / folder).rglob("*") if path.is_file())
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in found}


def restore_backup(path: Path, settings: Settings) -> tuple[Problem, ...]:
    """What `verify` finds in the restored home; settings that are there already stay.

    Rows and files go where `settings` say: that is how an office moves from SQLite and a folder to PostgreSQL and
    S3, and back. Raises what `store.backup.restore` raises. The restored settings name the places restored to,
    never those the backup came from.
    """
    extras = read_extras(path)  # first: a backup that is damaged here fills no database
    store = restore(path, **settings.storage)
    try:
        for name, content in extras.items():
            target = settings.home / name
            if not target.exists():
                write_whole(target, _moved(content, settings) if name == SETTINGS_FILE else content)
                target.chmod(PRIVATE)
        return verify(store)
    finally:
        store.close()


def _moved(content: bytes, settings: Settings) -> bytes:
    """The text of a settings file with the database and the place of files that were restored to."""
    text = _OPTIONS_TABLE.sub("", content.decode("utf-8-sig"))
    options = ", ".join(f"{_toml(name)} = {_toml(value)}" for name, value in settings.files_options.items())
    places = {
        "database": _toml(settings.database),
        "files": _toml(settings.files),
        "files_options": f"{{{options}}}",
    }
    new = []
    for name, value in places.items():
        line = f"{name} = {value}"
        text, found = re.subn(rf"(?m)^[ \t]*{name}[ \t]*=.*$", line.replace("\\", r"\\"), text)
        if not found and value not in ('""', "{}"):
            new.append(f"{line}\n")  # before all tables, where TOML wants it
    return ("".join(new) + text).encode()


def _toml(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def check(settings: Settings) -> tuple[Problem, ...]:
    """Everything that is wrong with the store of a home; empty when it is whole."""
    store = open_store(**settings.storage)
    try:
        return verify(store)
    finally:
        store.close()


def tell(settings: Settings, what: str, reason: str) -> None:
    """Queues word of a backup that was not made or does not hold, once a day, by whichever publication can tell."""
    from services.weekly import alert

    with office(settings, speaker(settings)) as opened:
        alert(opened, f"keeping/{opened.today()}/{what}", f"{what}：{reason}")


# ---------------------------------------------------------------- open files


def export_all(settings: Settings, out: Path) -> ExportReport:
    """Everything as files that any program opens: DOCX, JSON, CSV and the submissions as received.

    What the archive has lost, or a publication whose file is broken, is named in the report; the rest is written.
    """
    lost: list[str] = []
    counts = dict.fromkeys(("issues", "articles", "submissions", "plans"), 0)
    for name, content in settings_files(settings.home).items():
        write_whole(out / "settings" / name, content).chmod(PRIVATE)
    for key in publication_keys(settings):
        try:
            read_publication(settings, key)
        except (NotFoundError, SettingsError) as error:
            lost.append(f"刊物 {key}：{error}")
            continue
        with office(settings, key) as opened, opened.store.reading() as unit:
            folder = out / key
            counts["issues"] += _issues(opened, unit, folder, lost)
            counts["articles"] += _articles(opened, unit, folder)
            counts["submissions"] += _submissions(opened, unit, folder, lost)
            counts["plans"] += _plans(opened, unit, folder)
    return ExportReport(folder=out, lost=tuple(lost), **counts)


def _kept(path: Path, read: Callable[[], bytes], lost: list[str]) -> None:
    """Writes what the archive has under this name, or notes that it has it no more."""
    try:
        content = read()
    except (IntegrityError, OSError) as error:
        why = error.message if isinstance(error, IntegrityError) else f"归档文件读不出（{error.strerror}）"
        lost.append(f"{path.relative_to(path.parents[2]).as_posix()}：{why}")
    else:
        write_whole(path, content)


def _issues(opened: Office, unit: Transaction, folder: Path, lost: list[str]) -> int:
    key = opened.publication.key
    rows = []
    for row in unit.issues.find(key):
        record = unit.issues.get(key, row.id)
        state = "" if record.state is IssueState.ISSUED else "草稿-"
        name = f"{state}{file_name(record.issue)}"
        write_whole(folder / "issues" / f"{name}.json", record.issue.model_dump_json(indent=1).encode())
        if record.state is IssueState.ISSUED or record.docx:
            _kept(folder / "issues" / name, partial(docx_of, opened, record), lost)
        for printing in unit.issues.revisions(key, row.id)[:-1]:
            if printing.docx:
                path = folder / "issues" / file_name(printing.issue)
                _kept(path, partial(opened.store.files.get, printing.docx), lost)
        rows.append(
            (
                record.number.label,
                record.number.series,
                record.date,
                record.state,
                record.revision,
                name,
                record.docx or "",
            )
        )
    _csv(folder / "issues.csv", ("期号", "系列", "日期", "状态", "版次", "文件", "SHA-256"), rows)
    return len(rows)


def _articles(opened: Office, unit: Transaction, folder: Path) -> int:
    key = opened.publication.key
    rows, lines = [], []
    for record in unit.articles.records(key, unit.articles.ids(key, ArticleFilter())):
        lines.append(record.model_dump_json())
        rows.append(
            (record.id, record.title, record.unit, record.date or "", record.section, record.state.label, record.length)
        )
    write_whole(folder / "articles.jsonl", "".join(f"{line}\n" for line in lines).encode())
    _csv(folder / "articles.csv", ("编号", "标题", "单位", "日期", "栏目", "状态", "字数"), rows)
    return len(rows)


def _submissions(opened: Office, unit: Transaction, folder: Path, lost: list[str]) -> int:
    rows = []
    for record in unit.submissions.find(opened.publication.key, limit=1_000_000):
        label = "".join(safe_path(record.name.replace("/", "_")).parts) or "来稿"
        path = folder / "submissions" / f"{record.sha256[:12]}-{label}"
        _kept(path, partial(opened.store.files.get, record.sha256), lost)
        rows.append(
            (path.name, record.unit, record.channel, record.received, record.state, record.message, record.sha256)
        )
    _csv(folder / "submissions.csv", ("文件", "单位", "渠道", "时间", "状态", "说明", "SHA-256"), rows)
    return len(rows)


def _plans(opened: Office, unit: Transaction, folder: Path) -> int:
    plans = unit.plans.find(opened.publication.key)
    lines = "".join(f"{plan.model_dump_json()}\n" for plan in plans)
    write_whole(folder / "plans.jsonl", lines.encode())
    return len(plans)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table that Excel and WPS open as it is: UTF-8 with its mark, no cell that runs."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
