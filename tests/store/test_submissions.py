from datetime import UTC, datetime

import pytest

from bulletin.errors import EncryptedError, NotFoundError
from bulletin.model import Channel, Submission
from store.records import SubmissionState
from tests.store.samples import KEY

MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 8, tzinfo=UTC)


def upload(content=b"a", unit="临川市某局", received=MONDAY):
    return Submission(name="稿.txt", content=content, channel=Channel.UPLOAD, unit=unit, received=received)


def test_the_same_bytes_twice_are_one_file_and_two_receipts(store):
    first, second = upload(), upload(unit="青溪县某局", received=TUESDAY)
    with store.transaction() as unit:
        assert unit.submissions.receive(KEY, first)
        assert not unit.submissions.receive(KEY, second)
        [record] = unit.submissions.find(KEY)
        receipts = unit.submissions.receipts(KEY, first.sha256)
        late = unit.submissions.receipts(KEY, since=TUESDAY)
    assert (record.unit, record.size, record.state) == ("临川市某局", 1, SubmissionState.RECEIVED)
    assert [(one.unit, one.received) for one in receipts] == [("临川市某局", MONDAY), ("青溪县某局", TUESDAY)]
    assert [one.unit for one in late] == ["青溪县某局"]


def test_a_folder_read_twice_leaves_one_receipt(store):
    found = Submission(name="稿.txt", content=b"a", origin="inbox/稿.txt")
    for _ in range(2):
        with store.transaction() as unit:
            unit.submissions.receive(KEY, found)
    with store.reading() as unit:
        assert len(unit.submissions.receipts(KEY)) == 1


def test_a_refusal_keeps_its_reason_until_the_file_is_read(store):
    sent = upload()
    with store.transaction() as unit:
        unit.submissions.receive(KEY, sent, parent="f" * 64)
        unit.submissions.refuse(KEY, sent.sha256, EncryptedError("有密码"))
        refused = unit.submissions.get(KEY, sent.sha256)
        assert unit.submissions.counts(KEY) == {SubmissionState.REFUSED: 1}
        unit.submissions.read(KEY, [sent.sha256])
        read = unit.submissions.get(KEY, sent.sha256)
    assert (refused.state, refused.code, refused.message) == (SubmissionState.REFUSED, "encrypted", "有密码")
    assert (refused.advice, refused.parent) == (EncryptedError.advice, "f" * 64)
    assert (read.state, read.code, read.message) == (SubmissionState.READ, "", "")


def test_lists_are_by_state_and_unit_newest_first(store):
    with store.transaction() as unit:
        for content in (b"a", b"b", b"c"):
            unit.submissions.receive(KEY, upload(content, unit=f"{content.decode()}局"))
        unit.submissions.read(KEY, [upload(b"b").sha256])
        names = [one.unit for one in unit.submissions.find(KEY)]
        waiting = [one.unit for one in unit.submissions.find(KEY, state=SubmissionState.RECEIVED, limit=1)]
        of_unit = [one.unit for one in unit.submissions.find(KEY, unit="a局")]
        known = unit.submissions.known(KEY, [upload(b"a").sha256, "0" * 64])
    assert (names, waiting, of_unit) == (["c局", "b局", "a局"], ["c局"], ["a局"])
    assert list(known) == [upload(b"a").sha256]


def test_publications_do_not_see_each_other(store):
    with store.transaction() as unit:
        assert unit.submissions.receive(KEY, upload())
        assert unit.submissions.receive("other", upload())
        unit.submissions.read(KEY, [upload().sha256])
        assert unit.submissions.get("other", upload().sha256).state is SubmissionState.RECEIVED
        assert unit.submissions.receipts("third") == ()
        with pytest.raises(NotFoundError):
            unit.submissions.get("third", upload().sha256)
