"""Numbers under any sequence of acts, many processes, and sudden death."""

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from bulletin.errors import NumberingError
from bulletin.model import NumberScheme
from store.database import open_store
from store.records import ArticleState, IssueState
from store.schema import metadata
from store.verify import verify
from tests.store.samples import DAY, KEY, add_articles, back_issue, begin, publication, sign

SCHEMES = list(NumberScheme)
YEARS = (2026, 2027)


class Numbers(RuleBasedStateMachine):
    """Acts in any order; what was issued stays, and what is open carries the next numbers."""

    store = None

    @initialize(scheme=st.sampled_from(SCHEMES), start=st.integers(1, 50))
    def begin(self, scheme, start):
        with self.store.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        self.office = publication(scheme, start)
        self.by_total = scheme is not NumberScheme.YEARLY
        self.periods = 0
        self.issued = {}
        self.named = {}

    def rows(self, state):
        with self.store.reading() as unit:
            return sorted(unit.issues.find(KEY, state=state), key=lambda row: row.id)

    def key(self, row):
        return row.number.total if self.by_total else (row.number.year, row.number.in_year)

    @rule(year=st.sampled_from(YEARS), fails=st.booleans())
    def draft(self, year, fails):
        self.periods += 1
        try:
            with self.store.transaction() as unit:
                unit.issues.draft(self.office, f"p{self.periods}", date(year, 5, 1))
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass

    @rule(year=st.sampled_from(YEARS), number=st.integers(1, 60))
    def draft_named(self, year, number):
        self.periods += 1
        held = {self.key(row) for state in (IssueState.DRAFT, IssueState.ISSUED) for row in self.rows(state)}
        taken = (number if self.by_total else (year, number)) in held
        try:
            with self.store.transaction() as unit:
                record, _ = unit.issues.draft(self.office, f"p{self.periods}", date(year, 5, 1), number=number)
        except NumberingError:
            assert taken
        else:
            assert not taken
            self.named[record.id] = self.key(record)

    @precondition(lambda self: self.rows(IssueState.DRAFT))
    @rule(data=st.data())
    def sign(self, data):
        drafts = self.rows(IssueState.DRAFT)
        row = data.draw(st.sampled_from(drafts))
        with self.store.reading() as unit:
            record = unit.issues.get(KEY, row.id)
        try:
            signed = sign(self.store, record)
        except NumberingError:
            assert len(drafts) > 1
        else:
            assert signed.number == row.number
            self.issued[row.id] = row.number

    @precondition(lambda self: self.rows(IssueState.DRAFT))
    @rule(data=st.data())
    def discard(self, data):
        row = data.draw(st.sampled_from(self.rows(IssueState.DRAFT)))
        with self.store.transaction() as unit:
            unit.issues.discard(KEY, row.id)

    @rule(number=st.integers(1, 60), year=st.sampled_from(YEARS))
    def import_(self, number, year):
        back = back_issue(number if self.by_total else None, year=None if self.by_total else year,
                          in_year=None if self.by_total else number)  # fmt: skip
        try:
            with self.store.transaction() as unit:
                record, new = unit.issues.import_issue(self.office, back)
        except NumberingError:
            return
        assert record.number == back.issue.number
        if new:
            self.issued[record.id] = record.number

    @invariant()
    def issued_numbers_never_change_and_none_is_given_twice(self):
        rows = self.rows(IssueState.ISSUED)
        assert {row.id: row.number for row in rows} == self.issued
        every = [self.key(row) for row in [*rows, *self.rows(IssueState.DRAFT)]]
        assert len(every) == len(set(every))

    @invariant()
    def open_drafts_carry_the_next_numbers(self):
        drafts, issued = self.rows(IssueState.DRAFT), self.rows(IssueState.ISSUED)
        named = {self.named[row.id] for row in drafts if row.fixed}
        for row in drafts:
            if row.fixed:
                assert self.key(row) == self.named[row.id]
        for scope in (None,) if self.by_total else YEARS:

            def number(row):
                return row.number.total if self.by_total else row.number.in_year

            inside = [number(row) for row in issued if scope in (None, row.number.year)]
            first = self.office.numbering.start if self.by_total else 1
            following = [number(row) for row in drafts if scope in (None, row.number.year) and not row.fixed]
            expected = max(inside) + 1 if inside else first
            for got in following:
                while (expected if self.by_total else (scope, expected)) in named:
                    expected += 1
                assert got == expected
                expected += 1

    def teardown(self):
        if hasattr(self, "office"):
            assert [problem for problem in verify(self.store) if problem.kind == "number"] == []


def test_numbers_are_never_reused_nor_skipped(tmp_path):
    store = open_store(tmp_path)
    machine = type("NumbersHere", (Numbers,), {"store": store})
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run = settings(max_examples=40, stateful_step_count=25, suppress_health_check=checks)
    machine.TestCase.settings = run
    machine.TestCase().runTest()
    store.close()


# ---------------------------------------------------------------- many at once


def _draft(place):
    store = open_store(place.home, place.url)
    with store.transaction() as unit:
        record, new = unit.issues.draft(publication(start=7), "2026-W47", DAY)
    store.close()
    return record.id, record.number.total, new


def _drafts(task):
    place, name = task
    store = open_store(place.home, place.url)
    for count in range(3):
        begin(store, f"{name}-{count}")
    store.close()


def test_sixteen_triggers_at_once_give_one_draft(place):
    with ProcessPoolExecutor(16, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_draft, [place] * 16))
    assert {(id, number) for id, number, _ in results} == {(results[0][0], 7)}
    assert sum(new for _, _, new in results) == 1


def test_drafts_of_many_periods_at_once_leave_no_gap(place, store):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        list(pool.map(_drafts, [(place, name) for name in "abcd"]))
    with store.reading() as unit:
        assert sorted(row.number.total for row in unit.issues.find(KEY)) == list(range(1, 13))


# ---------------------------------------------------------------- kill -9


def _work_until_killed(place, progress):
    store = open_store(place.home, place.url)
    for week in range(1_000):
        one, two = add_articles(store, 2 * week, 2 * week + 1)
        draft = begin(store, f"w{week}", one, two)
        if week % 3:
            sign(store, draft)
        else:
            with store.transaction() as unit:
                unit.issues.discard(KEY, draft.id)
        progress.value = week + 1


@pytest.mark.parametrize("pause", [0.0, 0.011, 0.023, 0.037, 0.05])
def test_a_process_killed_while_writing_leaves_all_consistent(place, store, pause):
    context = get_context("spawn")
    progress = context.Value("i", 0)
    worker = context.Process(target=_work_until_killed, args=(place, progress))
    worker.start()
    while progress.value < 4:
        assert worker.is_alive()
        time.sleep(0.01)
    time.sleep(pause)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()

    assert verify(store) == ()
    with store.reading() as unit:
        issued = sorted(row.number.total for row in unit.issues.find(KEY, state=IssueState.ISSUED))
        open_rows = unit.issues.find(KEY, state=IssueState.DRAFT)
    assert issued == list(range(1, len(issued) + 1))
    assert len(open_rows) <= 1
    for row in open_rows:
        with store.reading() as unit:
            sign(store, unit.issues.get(KEY, row.id))
    next_one = begin(store, "afterwards")
    assert next_one.number.total == len(issued) + len(open_rows) + 1
    with store.reading() as unit:
        counts = unit.articles.counts(KEY)
    assert not any(state is ArticleState.USED for state, _ in counts)


def test_the_database_itself_refuses_a_number_twice(store):
    first = sign(store, begin(store, "a"))
    with pytest.raises(Exception, match=r"(?i)unique"), store.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO issues (publication, series, state, total, date, revision, version, imported, created,"
                " updated, pages, data) SELECT publication, series, state, total, date, revision, version, imported,"
                " created, updated, pages, data FROM issues WHERE id = :id"
            ),
            {"id": first.id},
        )
