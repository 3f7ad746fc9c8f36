"""Runs of a worker that was killed, on a real Prefect server: told of once each, and closed."""

from pathlib import Path

import pytest

from bulletin.errors import SettingsError
from services import interruptions, prefect_server
from services.context import Office
from services.interruptions import close_interrupted
from services.settings import read_settings
from tests.commands import printed
from tests.flows.conftest import Service
from tests.processes import START
from tests.services.serving import Clock, serving

pytestmark = pytest.mark.slow

ADMIN = "guanli@example.org"


def left_behind(service: Service, deployment: str, worker: str, state: str = "RUNNING", publication: str = "") -> str:
    """The id of a run that a worker of this name took and never ended."""
    api = service.environment["PREFECT_API_URL"]
    [found] = [one for one in service.get("/deployments/filter", {}) if one["name"] == deployment]
    body = {
        "state": {"type": state},
        "labels": {prefect_server.WORKER: worker},
        "parameters": {"request": {"publication": publication}},
        "enforce_parameter_schema": False,
    }
    with prefect_server.patient() as session:
        made = session.post(f"{api}/deployments/{found['id']}/create_flow_run", json=body, timeout=START)
    made.raise_for_status()
    return str(made.json()["id"])


def state_of(service: Service, id: str) -> object:
    [run] = service.get("/flow_runs/filter", {"flow_runs": {"id": {"any_": [id]}}})
    return run["state_type"]


def told(home: Path, publication: str = "default") -> dict[str, str]:
    """The text of each message that waits to be sent, by its key."""
    with serving(home, Clock(), key=publication, admins=(ADMIN,)) as office, office.store.reading() as unit:
        return {record.key: record.message.text for record in unit.outbox.find(publication)}


def test_administrators_hear_of_each_interrupted_run_and_its_place_is_free(service: Service) -> None:
    assert told(service.home) == {}
    weekly = left_behind(service, "weekly", "gongji-1")
    sending = left_behind(service, "distribute", "gongji-1", state="PENDING")
    elsewhere = left_behind(service, "manual", "gongji-2")
    for _ in range(2):
        printed(service.home, "tidy", "--worker", "gongji-1", environment=service.environment)
    assert [state_of(service, id) for id in (weekly, sending, elsewhere)] == ["CRASHED", "CRASHED", "RUNNING"]
    messages = told(service.home)
    assert set(messages) == {f"failed/flow/{id}/{ADMIN}" for id in (weekly, sending)}
    text = messages[f"failed/flow/{weekly}/{ADMIN}"]
    assert text.startswith("每周编期没有做完就中断了（运行 ")
    assert "gongji-1 上的 worker 断电、重启或被终止" in text
    assert "都没有丢失" in text
    assert "下一个整点自动接着编" in text
    assert "bulletin outbox list" in messages[f"failed/flow/{sending}/{ADMIN}"]


def test_whoever_is_killed_after_telling_tells_nobody_twice(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", service.environment["PREFECT_API_URL"])
    assert told(tmp_path) == {}
    run = left_behind(service, "manual", "gongji-3", publication="default")
    with monkeypatch.context() as killed:
        killed.setattr(prefect_server, "close", lambda _id: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            close_interrupted(read_settings(tmp_path), "gongji-3")
    assert state_of(service, run) == "RUNNING"
    assert len(close_interrupted(read_settings(tmp_path), "gongji-3")) == 1
    assert state_of(service, run) == "CRASHED"
    assert list(told(tmp_path)) == [f"failed/flow/{run}/{ADMIN}"]


def test_a_publication_tells_of_its_own_run_and_the_main_one_of_a_run_whose_publication_is_gone(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", service.environment["PREFECT_API_URL"])
    assert (told(tmp_path), told(tmp_path, "shi")) == ({}, {})
    own = left_behind(service, "manual", "gongji-4", publication="shi")
    orphan = left_behind(service, "bring-in", "gongji-4", publication="meiyou")
    close_interrupted(read_settings(tmp_path), "gongji-4")
    assert list(told(tmp_path, "shi")) == [f"failed/flow/{own}/{ADMIN}"]
    assert list(told(tmp_path)) == [f"failed/flow/{orphan}/{ADMIN}"]


def test_one_of_which_nobody_can_be_told_keeps_no_other_open(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", service.environment["PREFECT_API_URL"])
    assert (told(tmp_path), told(tmp_path, "shi")) == ({}, {})
    first, second = (left_behind(service, "manual", "gongji-5", publication=key) for key in ("shi", "default"))
    tell = interruptions.alert

    def unless_of_the_city(opened: Office, key: str, text: str) -> None:
        if opened.publication.key == "shi":
            raise SettingsError("数据库打不开")
        tell(opened, key, text)

    with monkeypatch.context() as broken:
        broken.setattr(interruptions, "alert", unless_of_the_city)
        with pytest.raises(SettingsError, match="打不开"):
            close_interrupted(read_settings(tmp_path), "gongji-5")
    assert [state_of(service, id) for id in (first, second)] == ["RUNNING", "CRASHED"]
    assert len(close_interrupted(read_settings(tmp_path), "gongji-5")) == 1
    assert list(told(tmp_path, "shi")) == [f"failed/flow/{first}/{ADMIN}"]
