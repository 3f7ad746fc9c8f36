"""What is shown is sent in order beside the work; what the server refuses costs no run, any other error is not lost."""

import time
from uuid import uuid4

import pytest
from prefect import flow
from prefect.artifacts import update_progress_artifact
from prefect.exceptions import PrefectHTTPStatusError
from prefect.testing.utilities import prefect_test_harness

from flows.showing import showing, shown
from tests.processes import START


def test_the_block_waits_at_its_end_for_all_that_was_shown_in_order() -> None:
    sent: list[int] = []

    def send(number: int) -> None:
        time.sleep(0.05 / (number + 1))
        sent.append(number)

    with showing() as show:
        for number in range(5):
            show(send, number=number)
        assert len(sent) < 5
    assert sent == [0, 1, 2, 3, 4]


@pytest.mark.slow
def test_what_the_server_refuses_is_a_warning_and_the_run_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    nobodys = {"artifact_id": uuid4(), "progress": 1.0}

    @flow
    def drafting() -> str:
        with pytest.raises(PrefectHTTPStatusError, match="404"):
            update_progress_artifact(**nobodys)
        assert shown(update_progress_artifact, **nobodys) is None
        with showing() as show:
            show(update_progress_artifact, **nobodys)
        return "第1期"

    with prefect_test_harness(server_startup_timeout=START):
        assert drafting() == "第1期"
    warnings = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert len([said for said in warnings if "没有收下" in said and "404" in said]) == 2


def test_an_error_in_sending_is_raised_at_the_end() -> None:
    done = []

    def run() -> None:
        with showing() as show:
            show(lambda: 1 / 0)
            done.append("work")

    with pytest.raises(ZeroDivisionError):
        run()
    assert done == ["work"]


def test_an_error_of_the_work_comes_before_one_in_sending() -> None:
    def run() -> None:
        with showing() as show:
            show(lambda: 1 / 0)
            raise KeyError

    with pytest.raises(KeyError):
        run()
