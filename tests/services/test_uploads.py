"""What is sent in through the desk."""

import pytest

from services.accounts import add_account
from services.context import Office
from services.uploads import fates_of, read_arrivals, submit
from store.account_records import Role
from tests.services.serving import MEETING


@pytest.mark.parametrize("mark", ["", "\n"])
def test_of_two_versions_the_one_that_was_sent_first_counts(office: Office, mark: str) -> None:
    """Whatever the order of their hashes."""
    editor = add_account(office, "xc", "云江简报2026", Role.EDITOR)
    versions = [MEETING + mark, MEETING + ("" if mark else "\n")]
    files = [(f"{at}.txt", "text/plain", text.encode()) for at, text in enumerate(versions)]
    hashes = [arrival.sha256 for arrival in submit(office, editor, files)]
    read_arrivals(office, hashes, lambda _done, _total: None)
    first, second = (fate.pieces[0] for fate in fates_of(office, editor, hashes))
    assert "重复" not in first.reason
    assert "重复" in second.reason
