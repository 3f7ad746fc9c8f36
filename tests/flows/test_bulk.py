"""Old material brought in by threads and by a Dask cluster: the same archive, whoever reads."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bulletin.model import PENDING
from flows.batches import examine_batch
from services.context import office
from services.intake import receive, waiting
from services.requests import Place
from services.settings import REFERENCE, read_settings
from tests.commands import LONG, command, printed, run
from tests.conftest import ROOT
from tests.tools import require_module

pytestmark = pytest.mark.slow

ISSUE = """工作简报
第45期
望河市委宣传部　　2022年3月4日

【学习动态】
望河市举行专题学习会
3月1日，望河市举行专题学习会，全市各级党组织围绕年度任务开展研讨，一百二十人参加。
会议要求，把学习成果转化为推动工作的实际成效。

报：省委宣传部
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles with versions of some of them, past issues, and a file that nobody can read; more than two batches."""
    folder = tmp_path_factory.mktemp("old")
    for number in range(70):
        text = "".join(
            f"第{number}小组到第{place}社区走访{number * 7 + place}户，登记诉求{place}条。\n" for place in range(9)
        )
        heading = f"望河市第{number}小组走访社区\n望河市委宣传部\n\n"
        (folder / f"{number:03d}.txt").write_text(heading + text, "utf-8")
        (folder / f"{number:03d}-again.txt").write_text(heading + "\n" + text, "gb18030")
    (folder / "100-issue.txt").write_text(ISSUE, "utf-8")
    (folder / "101-broken.docx").write_bytes(b"PK\x03\x04 not a document")
    return folder


Brought = tuple[dict[str, int], list[tuple[str, str, str]]]


def brought_in(old: Path, home: Path, dask: str) -> Brought:
    """What the flow reports, and the pool that it leaves."""
    environment = os.environ | {"PREFECT_HOME": str(home / "prefect")}
    for name in ("PREFECT_API_URL", "PREFECT_SERVER_ANALYTICS_ENABLED", "DO_NOT_TRACK"):
        environment.pop(name, None)
    (home / "prefect").mkdir(parents=True)
    words = command(home, "archive", "bring-in", str(old), "--json", "--dask", dask)
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONG, check=False)
    assert done.stdout, done.stderr
    assert done.returncode == 1  # one file is refused
    # Prefect's temporary server reports its use to nobody: what it would report begins with this row.
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        assert not database.execute("SELECT 1 FROM configuration WHERE key = 'TELEMETRY_SESSION'").fetchall()
    report = json.loads(done.stdout)
    assert [refused["name"] for refused in report["refused"]] == ["101-broken.docx"]
    with office(read_settings(home)) as opened, opened.store.reading() as unit:
        key = opened.publication.key
        records = unit.articles.records(key, unit.articles.ids(key))
    return report["counts"], [
        (r.article.title, r.state.value, r.likeness.model_dump_json() if r.likeness else "") for r in records
    ]


@pytest.fixture(scope="module")
def by_threads(old: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Brought]:
    """The home that threads of one process have brought it into, and what came of it."""
    home = tmp_path_factory.mktemp("threads")
    return home, brought_in(old, home, "off")


def test_a_cluster_of_two_processes_gives_what_threads_give(
    old: Path, by_threads: tuple[Path, Brought], tmp_path: Path
) -> None:
    require_module("prefect_dask")
    _, (counts, pool) = by_threads
    assert counts == {"旧稿": 70, "重复": 70, "往期简报": 1, "未能读取": 1}
    assert brought_in(old, tmp_path, "local:2") == (counts, pool)


def test_what_was_brought_in_is_archive_and_never_printed(old: Path, by_threads: tuple[Path, Brought]) -> None:
    home, _ = by_threads
    listed = printed(home, "archive", "list", "--json").splitlines()
    assert [json.loads(line)["label"] for line in listed] == ["第45期"]
    compiled = run(home, "compile", str(old / "000.txt"), "--local")
    assert compiled.returncode == 1
    assert "没有可刊用的稿件" in compiled.stderr
    printed(home, "verify")


def test_a_process_that_lives_on_reads_the_next_run_by_the_rules_of_then(old: Path, tmp_path: Path) -> None:
    rules = tmp_path / "publications" / "default.toml"
    rules.parent.mkdir()
    shipped = (REFERENCE / "publications" / "default.toml").read_text("utf-8")
    rules.write_text(shipped, "utf-8")
    (tmp_path / "settings.toml").write_text('log = "off"\n', "utf-8")
    with office(read_settings(tmp_path)) as opened:
        receive(opened, [str(old / "000.txt")], lambda *_: None)
        records = list(waiting(opened))
    place = Place(home=str(tmp_path), publication="default")

    def sections(run: str) -> set[str]:
        [examined] = examine_batch.fn(place, run, records)
        return {judgement.verdict.section for judgement in examined.judgements.values()}

    before = sections("monday")
    assert before != {PENDING}
    rules.write_text(shipped.replace("threshold = 0.6", "threshold = 1.0"), "utf-8")
    assert sections("monday") == before
    assert sections("tuesday") == {PENDING}
