"""Structured logs: one JSON object a line, with the ids that matter."""

import io
import json
import logging
from pathlib import Path

import pytest

from flows.intake import settings_of
from services.logs import set_up_logging
from services.requests import Place
from services.settings import read_settings
from services.weekly import run_weekly
from tests.services.conftest import silent
from tests.services.serving import ADVERT, MEETING, Clock, put, serving


def lines(home: Path) -> list[dict[str, object]]:
    return [
        json.loads(line) for path in (home / "logs").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]


def test_a_weekly_run_leaves_its_ids(tmp_path: Path) -> None:
    with serving(tmp_path / "home", Clock()) as office:
        set_up_logging(office.settings)
        put(office, "a", MEETING)
        put(office, "b", ADVERT)
        run_weekly(office, silent)
        articles = set()
        with office.store.reading() as unit:
            [run] = unit.runs.find("default")
            articles = set(unit.articles.ids("default"))
    found = lines(tmp_path / "home")
    assert all({"time", "level", "logger", "message"} <= set(line) for line in found)
    assert {line["run"] for line in found if "run" in line} == {run.id}
    assert {line["article"] for line in found if "article" in line} == articles
    assert all(line["publication"] == "default" for line in found if "run" in line)


def test_setting_up_twice_writes_each_line_once(tmp_path: Path) -> None:
    with serving(tmp_path / "home", Clock()) as office:
        for _ in range(2):
            set_up_logging(office.settings)
        run_weekly(office, silent)
    messages = [line["message"] for line in lines(tmp_path / "home")]
    assert len(messages) == len(set(messages))
    assert messages


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logging.raiseExceptions", False)
    with serving(tmp_path / "home", Clock()) as office:
        (tmp_path / "home" / "logs").write_text("in the way", "utf-8")
        set_up_logging(office.settings)
        put(office, "a", MEETING)
        assert run_weekly(office, silent) is not None


def test_no_log_where_none_is_wanted(tmp_path: Path) -> None:
    with serving(tmp_path / "home", Clock()) as office:
        set_up_logging(read_settings(office.settings.home, log="off"))
        run_weekly(office, silent)
    assert not (tmp_path / "home" / "logs").exists()


def test_the_process_of_a_flow_run_writes_the_log(tmp_path: Path) -> None:
    with serving(tmp_path / "home", Clock()) as office:
        put(office, "a", MEETING)
        settings_of(Place(home=str(tmp_path / "home")))
        run_weekly(office, silent)
    assert lines(tmp_path / "home")


def test_what_others_have_at_the_root_prints_no_line_again(tmp_path: Path) -> None:
    said = io.StringIO()
    console = logging.StreamHandler(said)
    logging.getLogger().addHandler(console)
    try:
        with serving(tmp_path / "home", Clock()) as office:
            put(office, "a", MEETING)
            set_up_logging(office.settings)
            run_weekly(office, silent)
    finally:
        logging.getLogger().removeHandler(console)
    assert lines(tmp_path / "home")
    assert said.getvalue() == ""
