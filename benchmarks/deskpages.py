"""The pages of the desk, as a signed-in signer reads them, without a network between."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fastapi.testclient import TestClient

from benchmarks.measure import call
from desk.app import create_app
from services.accounts import add_account
from services.context import Office
from store.account_records import Role

PAGES = {
    "desk: what arrived": "/intake",
    "desk: pool, what waits": "/pool",
    "desk: pool, all": "/pool?state=all",
    "desk: pool, all by title": "/pool?state=all&sort=title&ascending=true",
    "desk: pool, a search": "/pool?state=all&words=敬老院",
    "desk: arranging a draft": "/arrange/{draft}",
    "desk: arranging, its pool": "/arrange/{draft}/pool",
    "desk: a draft to sign": "/signing/{draft}",
    "desk: archive": "/archive",
    "desk: archive, a search": "/archive?words=敬老院",
    "desk: figures": "/figures",
    "desk: runs": "/runs",
}
PASSWORD = "云江简报2026"
ADDRESS = "http://127.0.0.1"
TIMES = 5


def read_pages(office: Office, draft: int) -> dict[str, float]:
    """Seconds of each page, those of a draft among them; the median of several readings."""
    with _signed_in(office) as reader:
        return {
            name: statistics.median(call(partial(_read, reader, path.format(draft=draft))).wall for _ in range(TIMES))
            for name, path in PAGES.items()
        }


@contextmanager
def _signed_in(office: Office) -> Iterator[TestClient]:
    with office.store.reading() as unit:
        known = any(account.name == "bench" for account in unit.accounts.find())
    if not known:
        add_account(office, "bench", PASSWORD, Role.SIGNER, person="签发人甲")
    with TestClient(create_app(office=office), base_url=ADDRESS) as client:
        answer = client.post("/sign-in", data={"name": "bench", "password": PASSWORD}, follow_redirects=False)
        if answer.status_code != 303:
            raise AssertionError(f"not signed in: {answer.status_code}")
        yield client


def _read(reader: TestClient, path: str) -> None:
    answer = reader.get(path)
    if answer.status_code != 200:
        raise AssertionError(f"{path}: {answer.status_code}")
