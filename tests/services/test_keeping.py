"""Backup while in use, restore elsewhere, open files."""

import csv
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from bulletin.errors import IntegrityError, StateError
from bulletin.model import Series
from services.archives import export_issues
from services.context import Office
from services.context import office as open_
from services.issuing import sign_issue
from services.keeping import check, export_all, make_backup, restore_backup
from services.publish import compile_issue
from services.requests import CompileRequest, ExportRequest
from services.settings import read_settings
from store.backup import UNTOUCHED
from store.records import SubmissionRecord
from tests.commands import LONG, command, printed, run
from tests.conftest import ROOT
from tests.services.conftest import silent
from tests.services.serving import MEETING, READING, Clock, put, serving

SAMPLES = ROOT / "data" / "samples"


def signed(home: Path) -> str:
    """A home with a signed issue; the SHA-256 of its DOCX."""
    with serving(home, Clock(), start=455) as office:
        put(office, "a", MEETING)
        number = compile_issue(office, CompileRequest(), silent).number
        sha256: str = sign_issue(office, number, Series.REGULAR, "签发人")["sha256"]
    return sha256


def test_a_backup_comes_back_with_settings_and_the_same_bytes(tmp_path: Path) -> None:
    sha256 = signed(tmp_path / "home")
    make_backup(read_settings(tmp_path / "home"), tmp_path / "backup.zip")
    assert restore_backup(tmp_path / "backup.zip", read_settings(tmp_path / "elsewhere")) == ()
    settings = read_settings(tmp_path / "elsewhere")
    with open_(settings) as restored:
        assert restored.publication.name == "云江 简报"
        [file] = export_issues(restored, ExportRequest(numbers="455", out=str(tmp_path / "out")))
    assert file.sha256 == sha256
    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0
    with pytest.raises(StateError, match="已有内容"):
        restore_backup(tmp_path / "backup.zip", read_settings(tmp_path / "elsewhere"))


def test_a_backup_has_all_that_an_office_made_its_own(tmp_path: Path) -> None:
    signed(tmp_path / "home")
    own = ("styles/a.toml", "templates/红头.docx", "models/default.json", "scoring/default.toml")
    for name in own:
        (tmp_path / "home" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "home" / name).write_bytes(name.encode())
    make_backup(read_settings(tmp_path / "home"), tmp_path / "backup.zip")
    restore_backup(tmp_path / "backup.zip", read_settings(tmp_path / "elsewhere"))
    assert [(tmp_path / "elsewhere" / name).read_bytes() for name in own] == [name.encode() for name in own]


def test_restored_settings_name_the_database_restored_to(tmp_path: Path) -> None:
    signed(tmp_path / "home")
    path = tmp_path / "home" / "settings.toml"
    other = f"sqlite:///{tmp_path / 'home' / 'bulletin.db'}"
    path.write_text(path.read_text("utf-8").replace('# database = ""', f'database = "{other}"'), "utf-8")
    make_backup(read_settings(tmp_path / "home"), tmp_path / "backup.zip")
    restore_backup(tmp_path / "backup.zip", read_settings(tmp_path / "elsewhere"))
    assert read_settings(tmp_path / "elsewhere").database == ""


@pytest.mark.parametrize(
    "kept",
    [
        "",
        'database = "sqlite:////old.db"\nfiles = "s3://old/x"\nfiles_options = {key = "old"}\n',
        '  database = "sqlite:////old.db"\nfiles="s3://old/x" # MinIO\n [ files_options ]  # MinIO\nkey = "old"\n',
        '\ufeffdesk = "http://desk"\n',  # as Notepad of Windows keeps it
        'desk = "http://desk"\n[files_options]\nkey = "old"\nendpoint_url = "http://old"\n\n[smtp]\nhost = "mail"\nsender = "a@mail"\n',
    ],
)
def test_restored_settings_name_the_places_restored_to_whatever_they_said_before(tmp_path: Path, kept: str) -> None:
    signed(tmp_path / "home")
    make_backup(read_settings(tmp_path / "home"), tmp_path / "backup.zip")
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(tmp_path / "backup.zip") as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, kept if name == "home/settings.toml" else old.read(name))
    places = {"database": f"sqlite:///{tmp_path / 'new.db'}", "files": f"file://{tmp_path / '文件'}"}
    given = read_settings(tmp_path / "elsewhere", **places, files_options={"auto_mkdir": "1"})
    assert restore_backup(changed, given) == ()
    restored = read_settings(tmp_path / "elsewhere")
    assert (restored.database, restored.files, restored.files_options) == (
        given.database,
        given.files,
        given.files_options,
    )
    assert (restored.desk, restored.smtp is not None) == ("http://desk" if "desk" in kept else "", "smtp" in kept)
    assert check(restored) == ()
    assert not (tmp_path / "elsewhere" / "files").exists()


def test_a_backup_with_damaged_settings_fills_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed(tmp_path / "home")
    make_backup(read_settings(tmp_path / "home"), tmp_path / "backup.zip")
    given = read_settings(tmp_path / "elsewhere")
    with monkeypatch.context() as damaged:
        damaged.setattr("services.keeping.read_extras", _damaged)
        with pytest.raises(IntegrityError):
            restore_backup(tmp_path / "backup.zip", given)
    assert restore_backup(tmp_path / "backup.zip", given) == (), "the same backup, read again"


def _damaged(_path: Path) -> dict[str, bytes]:
    raise IntegrityError("备份已损坏")


def test_settings_that_are_there_already_stay(tmp_path: Path) -> None:
    signed(tmp_path / "home")
    make_backup(read_settings(tmp_path / "home"), tmp_path / "backup.zip")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "settings.toml").write_text('desk = "http://new"\n', "utf-8")
    restore_backup(tmp_path / "backup.zip", read_settings(tmp_path / "elsewhere"))
    assert read_settings(tmp_path / "elsewhere").desk == "http://new"


@pytest.mark.slow
def test_backups_during_a_run_are_whole_and_the_work_goes_on_elsewhere(tmp_path: Path) -> None:
    """Backups taken one after the other while a week is compiled: each restores clean and can be finished."""
    home = tmp_path / "home"
    compile_ = ["compile", str(SAMPLES), "--date", "2026-11-20", "--local", "--json"]
    process = subprocess.Popen(command(home, *compile_), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    backups = []
    while process.poll() is None and len(backups) < 40:
        if (home / "bulletin.db").exists():
            backups.append(tmp_path / f"{len(backups)}.zip")
            make_backup(read_settings(home), backups[-1])
    out, _ = process.communicate(timeout=LONG)
    wanted = json.loads(out)
    assert backups
    for number, path in enumerate((backups[0], backups[len(backups) // 2], backups[-1])):
        elsewhere = tmp_path / f"elsewhere{number}"
        assert restore_backup(path, read_settings(elsewhere)) == ()
        made = json.loads(printed(elsewhere, *compile_))
        assert (made["number"], sorted(line["id"] for line in made["articles"])) == (
            wanted["number"],
            sorted(line["id"] for line in wanted["articles"]),
        )
        assert check(read_settings(elsewhere)) == ()


def test_everything_comes_out_as_open_files(tmp_path: Path) -> None:
    sha256 = signed(tmp_path / "home")
    with serving(tmp_path / "home", Clock(), key="shi") as city:
        put(city, "=b", READING)
        compile_issue(city, CompileRequest(), silent)
    report = export_all(read_settings(tmp_path / "home"), tmp_path / "out")
    assert (report.issues, report.articles, report.submissions) == (2, 2, 2)
    import hashlib

    docx = tmp_path / "out" / "default" / "issues" / "简报第455期.docx"
    assert hashlib.sha256(docx.read_bytes()).hexdigest() == sha256
    with (tmp_path / "out" / "shi" / "submissions.csv").open(encoding="utf-8-sig") as file:
        [row] = csv.DictReader(file)
    assert (tmp_path / "out" / "shi" / "submissions" / row["文件"]).read_text("utf-8") == READING
    [line] = (tmp_path / "out" / "default" / "articles.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["state"] == "published"
    assert (tmp_path / "out" / "settings" / "settings.toml").is_file()


def test_the_next_backup_takes_away_what_a_killed_one_left(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    signed(home)
    endless = home / "files" / "ff" / ("f" * 62)
    endless.parent.mkdir(exist_ok=True)
    os.mkfifo(endless)  # whoever reads it waits for ever, and so is killed in the middle of the work
    process = subprocess.Popen(command(home, "backup", str(out / "周一.zip")), cwd=ROOT, stdout=subprocess.DEVNULL)
    while not (left := list(out.glob(".*.part"))) and process.poll() is None:
        time.sleep(0.1)
    process.kill()
    process.wait()
    endless.unlink()
    assert left == [out / f".周一.zip.{process.pid}.part"]
    with subprocess.Popen([sys.executable, "-c", "input() # backup"], stdin=subprocess.PIPE) as at_work:
        others = [
            out / f".周一.zip.{at_work.pid}.part",
            out / f".周二.zip.{process.pid}.part",
            out / ".周一.zip.x.part",
        ]
        for path in others:
            path.touch()
        make_backup(read_settings(home), out / "周一.zip")
        assert left[0].exists(), "it was written to a moment ago, perhaps by another machine"
        long_ago = time.time() - 2 * UNTOUCHED
        for path in (*left, *others):
            os.utime(path, (long_ago, long_ago))
        make_backup(read_settings(home), out / "周一.zip")
        assert at_work.stdin is not None
        at_work.stdin.close()
    assert sorted(out.iterdir()) == sorted([*others, out / "周一.zip"])


def test_what_is_lost_is_named_and_everything_else_comes_out(tmp_path: Path) -> None:
    sha256 = signed(tmp_path / "home")
    settings = read_settings(tmp_path / "home")
    with serving(settings.home, Clock(), key="shi") as city:
        put(city, "b", READING)
        compile_issue(city, CompileRequest(), silent)
        [submission] = (one.sha256 for one in _submissions(city))
    files = settings.home / "files"
    (files / sha256[:2] / sha256[2:]).unlink()
    (files / submission[:2] / submission[2:]).write_text("x", "utf-8")
    (settings.home / "publications" / "third.toml").write_text("name = “丙”", "utf-8")
    out = tmp_path / "out"
    done = run(settings.home, "export-all", str(out))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "default/issues/简报第455期.docx：归档文件不见了" in done.stderr
    assert f"shi/submissions/{submission[:12]}-b.txt：归档文件的内容与登记的不符" in done.stderr
    assert "third.toml：写法有误" in done.stderr
    assert "3 处没有导出" in done.stderr
    assert "简报 2 期" in done.stdout
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {"default/issues/简报第455期.docx.json", "default/issues.csv", "shi/issues/草稿-简报第1期.docx"} <= written
    assert not [name for name in written if name.endswith((".part", "b.txt", "/简报第455期.docx"))]


def _submissions(office: Office) -> tuple[SubmissionRecord, ...]:
    with office.store.reading() as unit:
        return unit.submissions.find(office.publication.key)


def test_a_timer_that_makes_no_backup_or_finds_it_wrong_tells_the_administrators_once_a_day(tmp_path: Path) -> None:
    signed(tmp_path / "home")
    path = tmp_path / "home" / "settings.toml"
    path.write_text(path.read_text("utf-8").replace("# admins = []", 'admins = ["guanli@example.org"]'), "utf-8")
    (tmp_path / "full").write_text("a file where a folder should be")
    [lost] = [one for one in (tmp_path / "home" / "files").rglob("*") if one.is_file()][:1]
    for words in (("backup", str(tmp_path / "full" / "x.zip")), ("verify",)):
        assert run(tmp_path / "home", *words, "--tell").returncode == (0 if words[0] == "verify" else 1)
    lost.unlink()
    for words in (("backup", str(tmp_path / "full" / "x.zip")), ("verify",)):
        assert run(tmp_path / "home", *words).returncode == 1
        assert run(tmp_path / "home", *words, "--tell").returncode == 1
    with open_(read_settings(tmp_path / "home")) as opened, opened.store.reading() as unit:
        texts = [record.message.text for record in unit.outbox.find("default", prefix="failed/keeping/")]
    assert [text.partition("：")[0] for text in texts] == ["核对发现问题", "备份没有做成"]
    assert "文件不见了" in texts[0]
    assert "已有同名的文件" in texts[1]


def test_verify_says_what_is_wrong(tmp_path: Path) -> None:
    sha256 = signed(tmp_path / "home")
    settings = read_settings(tmp_path / "home")
    assert check(settings) == ()
    (settings.home / "files" / sha256[:2] / sha256[2:]).unlink()
    done = run(settings.home, "verify")
    assert done.returncode == 1
    assert "文件不见了" in done.stderr
