"""Plans, corrections, the audit log and runs."""

import pytest

from bulletin.errors import NotFoundError
from bulletin.model import StudyPlan, Topic
from store.records import RunState
from tests.store.samples import KEY

PLAN = StudyPlan(source="a" * 64, title="学习计划", year=2026, topics=(Topic(number="一", title="专题"),))


def test_a_plan_is_kept_once(store):
    with store.transaction() as unit:
        assert unit.plans.add(KEY, PLAN)
        assert not unit.plans.add(KEY, PLAN)
        assert unit.plans.get(KEY, PLAN.source) == PLAN
        assert unit.plans.find(KEY, year=2026) == (PLAN,)
        assert unit.plans.find(KEY, year=2025) == unit.plans.find("other") == ()
        with pytest.raises(NotFoundError):
            unit.plans.get("other", PLAN.source)


def test_the_last_correction_of_an_article_counts(store):
    with store.transaction() as unit:
        unit.feedback.add(KEY, "section", "a-0", was="甲", now="乙", who="张")
        unit.feedback.add(KEY, "section", "b-0", was="甲", now="丙")
        unit.feedback.add(KEY, "section", "a-0", was="乙", now="丁")
        unit.feedback.add(KEY, "duplicate", "a-0", was="x", now="")
        unit.feedback.add("other", "section", "c-0", was="甲", now="乙")
        corrections, mark = unit.feedback.latest(KEY, "section")
        assert unit.feedback.latest(KEY, "section", since=mark) == ((), mark)
        unit.feedback.add(KEY, "section", "d-0", was="甲", now="乙")
        fresh, _ = unit.feedback.latest(KEY, "section", since=mark)
    assert [(one.article, one.was, one.now) for one in corrections] == [("b-0", "甲", "丙"), ("a-0", "乙", "丁")]
    assert [one.article for one in fresh] == ["d-0"]


def test_the_audit_log_is_by_publication_newest_first(store):
    with store.transaction() as unit:
        unit.audit.write(KEY, "张", "签发", "第1期")
        unit.audit.write(KEY, "李", "改题", "a-0", "旧 → 新")
        unit.audit.write("other", "王", "签发")
        entries = unit.audit.find(KEY)
        assert unit.audit.find(KEY, subject="第1期") == entries[1:]
        assert unit.audit.find(KEY, limit=1, offset=1) == entries[1:]
    assert [(one.who, one.act, one.detail) for one in entries] == [("李", "改题", "旧 → 新"), ("张", "签发", "")]


def test_runs_are_found_by_kind_and_period(store):
    with store.transaction() as unit:
        first = unit.runs.start(KEY, "weekly", "2026-W47")
        unit.runs.start(KEY, "manual")
        unit.runs.end(first, RunState.DONE, "收稿 12 份")
        [run] = unit.runs.find(KEY, kind="weekly", period="2026-W47")
        assert len(unit.runs.find(KEY)) == 2
        assert unit.runs.find("other") == ()
        with pytest.raises(NotFoundError):
            unit.runs.end(first + 99, RunState.DONE)
    assert (run.id, run.state, run.note) == (first, RunState.DONE, "收稿 12 份")
    assert run.ended is not None
