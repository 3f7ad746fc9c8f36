from datetime import UTC, datetime, timedelta

import pytest

from bulletin.errors import StateError
from store.records import Message, MessageState
from tests.store.samples import KEY

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
MESSAGE = Message(channel="mail", recipient="a@example.org", subject="第1期", attachments=(("第1期.docx", "0" * 64),))


@pytest.fixture
def clock(store):
    store.clock = lambda: NOW
    return store


def later(store, **delta):
    store.clock = lambda: NOW + timedelta(**delta)


def test_a_message_is_added_once_and_claimed_once(clock):
    with clock.transaction() as unit:
        assert unit.outbox.add(KEY, "issue-1/a", MESSAGE)
        assert not unit.outbox.add(KEY, "issue-1/a", MESSAGE)
        assert unit.outbox.add("other", "issue-1/a", MESSAGE)
    with clock.transaction() as unit:
        [mine] = unit.outbox.claim(publication=KEY)
    with clock.transaction() as unit:
        assert unit.outbox.claim(publication=KEY) == ()
        unit.outbox.sent(mine.id)
        [record] = unit.outbox.find(KEY, prefix="issue-1/")
        assert len(unit.outbox.claim()) == 1
    assert (mine.message, mine.state, mine.attempts) == (MESSAGE, MessageState.SENDING, 1)
    assert record.state is MessageState.SENT


def test_a_failure_is_tried_again_when_due(clock):
    with clock.transaction() as unit:
        unit.outbox.add(KEY, "k", MESSAGE)
        [claimed] = unit.outbox.claim()
        unit.outbox.failed(claimed.id, "451", retry=NOW + timedelta(minutes=5))
        assert unit.outbox.claim() == ()
    later(clock, minutes=5)
    with clock.transaction() as unit:
        [again] = unit.outbox.claim()
        unit.outbox.failed(again.id, "550")
        [failed] = unit.outbox.find(KEY, state=MessageState.FAILED)
    assert (again.attempts, failed.error) == (2, "550")


def test_a_sender_that_died_leaves_a_message_that_nobody_sends_by_itself(clock):
    with clock.transaction() as unit:
        unit.outbox.add(KEY, "k", MESSAGE)
        [claimed] = unit.outbox.claim()
    later(clock, hours=1)
    with clock.transaction() as unit:
        assert unit.outbox.claim() == ()
        [stuck] = unit.outbox.stuck(before=NOW + timedelta(minutes=30))
        assert stuck.id == claimed.id
        unit.outbox.again(stuck.id)
        assert [one.id for one in unit.outbox.claim()] == [stuck.id]
        assert unit.outbox.stuck(before=NOW + timedelta(minutes=30)) == ()


def test_only_what_is_being_sent_can_be_sent(clock):
    with clock.transaction() as unit:
        unit.outbox.add(KEY, "k", MESSAGE)
        [record] = unit.outbox.find(KEY)
        for act in (lambda: unit.outbox.sent(record.id), lambda: unit.outbox.again(record.id)):
            with pytest.raises(StateError):
                act()


def test_a_message_for_later_waits(clock):
    with clock.transaction() as unit:
        unit.outbox.add(KEY, "k", MESSAGE, due=NOW + timedelta(days=1))
        assert unit.outbox.claim() == ()
    later(clock, days=1)
    with clock.transaction() as unit:
        assert len(unit.outbox.claim()) == 1
