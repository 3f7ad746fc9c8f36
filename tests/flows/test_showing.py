"""What is shown is sent in order beside the work, and an error in it is not lost."""

import time

import pytest

from flows.showing import showing


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
