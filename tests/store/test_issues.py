from datetime import date

import pytest

from bulletin.errors import ConflictError, NotFoundError, NumberingError, StateError
from bulletin.model import NumberScheme
from store.records import ArticleState, IssueState
from tests.store.samples import (
    DAY,
    EXTRA,
    KEY,
    add_articles,
    article,
    back_issue,
    begin,
    publication,
    sign,
    with_articles,
)


def draft(store, period="2026-W47", of=None, day=DAY, **options):
    with store.transaction() as unit:
        return unit.issues.draft(of or publication(), period, day, **options)[0]


def numbers(store, key=KEY):
    with store.reading() as unit:
        return {row.period: row.number.label for row in unit.issues.find(key)}


def states(store, *articles):
    with store.reading() as unit:
        return [unit.articles.get(KEY, one.id).state for one in articles]


def test_the_same_period_gives_the_same_draft_with_the_work_in_it(store):
    [one] = add_articles(store, 1)
    saved = begin(store, "2026-W47", one)
    with store.transaction() as unit:
        again, new = unit.issues.draft(publication(), "2026-W47", DAY)
    assert not new
    assert again == saved
    assert again.issue.entries[0].article == one.id
    assert (again.number.label, again.issue.number, again.issue.issuer) == ("第1期", again.number, "云江省某办公室")


def test_a_failed_build_burns_no_number(store):
    with pytest.raises(ZeroDivisionError), store.transaction() as unit:
        _ = unit.issues.draft(publication(), "2026-W47", DAY), 1 / 0
    assert draft(store, "2026-W48").number.total == 1


def test_a_draft_follows_the_highest_issued_or_imported(store):
    office = publication(start=30)
    first = draft(store, of=office)
    assert first.number.total == 30
    with store.transaction() as unit:
        unit.issues.import_issue(office, back_issue(455))
        moved = unit.issues.get(KEY, first.id)
    assert (moved.number.total, moved.issue.number.total, moved.docx) == (456, 456, None)
    assert moved.version == first.version + 1
    assert sign(store, moved).number.total == 456
    assert draft(store, "2026-W48", of=office).number.total == 457


def test_a_draft_built_before_it_moved_cannot_be_signed(store):
    first = draft(store)
    with store.transaction() as unit:
        unit.issues.attach(KEY, first.id, first.version, "0" * 64, {})
        unit.issues.import_issue(publication(), back_issue(7))
    with pytest.raises(ConflictError), store.transaction() as unit:
        unit.issues.sign(KEY, first.id, first.version, who="签发人")
    with pytest.raises(StateError, match="排版"), store.transaction() as unit:
        unit.issues.sign(KEY, first.id, first.version + 1, who="签发人")
    with pytest.raises(ConflictError), store.transaction() as unit:
        unit.issues.attach(KEY, first.id, first.version, "0" * 64, {})


def test_discarding_gives_articles_and_number_back_and_later_drafts_move_up(store):
    one, two = add_articles(store, 1, 2)
    first, second = begin(store, "2026-W47", one), begin(store, "2026-W48", two)
    assert numbers(store) == {"2026-W47": "第1期", "2026-W48": "第2期"}
    with store.transaction() as unit:
        unit.issues.discard(KEY, first.id)
        gone = unit.issues.get(KEY, first.id)
    assert (gone.state, gone.number.total) == (IssueState.DISCARDED, 1)
    assert numbers(store) == {"2026-W48": "第1期"}
    assert states(store, one, two) == [ArticleState.SPARE, ArticleState.USED]
    again = draft(store, "2026-W47")
    assert again.id not in (first.id, second.id)
    assert again.number.total == 2


def test_drafts_are_signed_in_order(store):
    first, second = draft(store, "2026-W47"), draft(store, "2026-W48")
    with pytest.raises(NumberingError, match="第1期（2026-W47）还是草稿"):
        sign(store, second)
    sign(store, first)
    assert sign(store, second).number.total == 2


def test_nothing_is_printed_twice(store):
    one, two = add_articles(store, 1, 2)
    begin(store, "2026-W47", one)
    with pytest.raises(StateError, match="另一期"):
        begin(store, "2026-W48", two, one)
    assert states(store, one, two) == [ArticleState.USED, ArticleState.NEW]
    with pytest.raises(StateError, match="稿库里没有"):
        begin(store, "2026-W48", article(99))
    assert list(numbers(store)) == ["2026-W47"]


def test_an_article_left_out_goes_back_to_the_pool(store):
    one, two = add_articles(store, 1, 2)
    saved = begin(store, "2026-W47", one, two)
    with store.transaction() as unit:
        unit.issues.save(KEY, saved.id, saved.version, with_articles(saved.issue, two))
    assert states(store, one, two) == [ArticleState.SPARE, ArticleState.USED]


def test_saving_the_same_content_changes_nothing(store):
    [one] = add_articles(store, 1)
    saved = begin(store, "2026-W47", one)
    with store.transaction() as unit:
        built = unit.issues.attach(KEY, saved.id, saved.version, "0" * 64, {"a1": 3})
        again = unit.issues.save(KEY, saved.id, saved.version, saved.issue)
    assert again == built
    assert again.pages == {"a1": 3}


def test_two_editors_of_a_draft_do_not_overwrite_each_other(store):
    one, two = add_articles(store, 1, 2)
    saved = begin(store, "2026-W47", one)
    with pytest.raises(ConflictError), store.transaction() as unit:
        unit.issues.save(KEY, saved.id, saved.version - 1, with_articles(saved.issue, two))
    assert states(store, one, two) == [ArticleState.USED, ArticleState.NEW]


def test_a_signed_issue_is_frozen(store):
    [one] = add_articles(store, 1)
    signed = sign(store, begin(store, "2026-W47", one))
    assert (signed.state, signed.signed_by, states(store, one)) == (
        IssueState.ISSUED,
        "签发人",
        [ArticleState.PUBLISHED],
    )
    with store.transaction() as unit:
        assert unit.issues.draft(publication(), "2026-W47", DAY) == (signed, False)
        for act in (
            lambda: unit.issues.save(KEY, signed.id, signed.version, signed.issue),
            lambda: unit.issues.attach(KEY, signed.id, signed.version, "0" * 64, {}),
            lambda: unit.issues.discard(KEY, signed.id),
            lambda: unit.issues.sign(KEY, signed.id, signed.version, who="x"),
        ):
            with pytest.raises(StateError, match="已签发"):
                act()
        with pytest.raises(NumberingError, match="已按第1期签发"):
            unit.issues.draft(publication(), "2026-W47", DAY, number=5)


def test_a_correction_is_a_revision_and_the_earlier_one_stays(store):
    signed = sign(store, draft(store))
    corrected = signed.issue.model_copy(update={"note": "更正", "revision": 1})
    with store.transaction() as unit:
        after = unit.issues.correct(
            KEY, signed.id, signed.version, corrected, "1" * 64, {}, reason="人名有误", who="编辑"
        )
        first, second = unit.issues.revisions(KEY, signed.id)
    assert (after.revision, after.docx, after.issue, after.number) == (1, "1" * 64, corrected, signed.number)
    assert (first.docx, first.issue, first.who) == (signed.docx, signed.issue, "签发人")
    assert (second.docx, second.issue, second.reason, second.who) == ("1" * 64, corrected, "人名有误", "编辑")


@pytest.mark.parametrize(
    ("change", "reason"), [({"revision": 1}, " "), ({"revision": 2}, "误"), ({"number": back_issue(9).issue.number, "revision": 1}, "误")]
)  # fmt: skip
def test_a_correction_needs_a_reason_and_keeps_the_number(store, change, reason):
    signed = sign(store, draft(store))
    issue = signed.issue.model_copy(update=change)
    with pytest.raises(StateError), store.transaction() as unit:
        unit.issues.correct(KEY, signed.id, signed.version, issue, "1" * 64, {}, reason=reason, who="编辑")


def test_a_number_that_an_editor_names(store):
    named = draft(store, "2026-W47", number=100)
    other = draft(store, "2026-W48")
    assert (named.number.total, named.fixed, other.number.total) == (100, True, 1)
    assert draft(store, "2026-W47", number=200).number.total == 200
    sign(store, draft(store, "2026-W47"))
    assert numbers(store) == {"2026-W47": "第200期", "2026-W48": "第201期"}
    for taken in (200, 201, 0):
        with pytest.raises(NumberingError):
            draft(store, "2026-W49", number=taken)
    assert draft(store, "2026-W49", number=150).number.total == 150
    assert draft(store, "2026-W50").number.total == 202


def test_importing_what_is_there(store):
    with store.transaction() as unit:
        first, new = unit.issues.import_issue(publication(), back_issue(455))
        again, newer = unit.issues.import_issue(publication(), back_issue(455))
        copy = back_issue(455).model_copy(update={"source": "e" * 64})
        same, newest = unit.issues.import_issue(publication(), copy)
    assert (new, newer, newest) == (True, False, False)
    assert first == again == same
    assert (first.imported, first.period, first.state) == (True, None, IssueState.ISSUED)
    with pytest.raises(NumberingError, match="第455期：归档中已有"), store.transaction() as unit:
        unit.issues.import_issue(publication(), back_issue(455, "另一份"))


def test_an_import_does_not_take_a_number_that_an_editor_named(store):
    draft(store, "2026-W47", number=455)
    with pytest.raises(NumberingError, match="指定"), store.transaction() as unit:
        unit.issues.import_issue(publication(), back_issue(455))
    assert numbers(store) == {"2026-W47": "第455期"}


def test_numbers_by_year_begin_anew(store):
    office = publication(NumberScheme.YEARLY)
    for period, day in (("2026-W51", DAY), ("2026-W52", DAY), ("2027-W01", date(2027, 1, 8))):
        draft(store, period, of=office, day=day)
    assert list(numbers(store).values()) == ["2027年第1期", "2026年第2期", "2026年第1期"]


def test_a_draft_whose_date_moves_to_another_year_is_numbered_there(store):
    office = publication(NumberScheme.BOTH, start=40)
    first = draft(store, "2026-W52", of=office)
    assert first.number.label == "2026年第1期（总第40期）"
    with store.transaction() as unit:
        issue = first.issue.model_copy(update={"date": date(2027, 1, 1)})
        moved = unit.issues.save(KEY, first.id, first.version, issue)
    assert moved.number.label == "2027年第1期（总第40期）"
    assert moved.issue.number == moved.number
    assert moved.date == date(2027, 1, 1)


def test_numbers_by_both_follow_an_import(store):
    office = publication(NumberScheme.BOTH)
    with store.transaction() as unit:
        unit.issues.import_issue(office, back_issue(90, year=2026, in_year=12))
    assert draft(store, of=office).number.label == "2026年第13期（总第91期）"


def test_extra_issues_have_a_series_of_their_own(store):
    office = publication(start=300)
    regular, extra = draft(store, of=office), draft(store, of=office, series=EXTRA)
    assert (regular.number.label, extra.number.label) == ("第300期", "增刊第1期")


def test_publications_do_not_see_each_other(store):
    mine, other = draft(store), draft(store, of=publication(start=50, key="other"))
    assert (mine.number.total, other.number.total) == (1, 50)
    with store.transaction() as unit, pytest.raises(NotFoundError):
        unit.issues.get(KEY, other.id)
    assert numbers(store, "third") == {}


def test_finding_by_number_and_span(store):
    with store.transaction() as unit:
        for total in (450, 452, 451):
            unit.issues.import_issue(publication(), back_issue(total))
        unit.issues.import_issue(publication(), back_issue(None, year=2019, in_year=3))
        unit.issues.import_issue(publication(), back_issue(None, year=2020, in_year=3))
        found = unit.issues.by_number(KEY, 451)
        span = unit.issues.span(KEY, 451, 460)
        assert unit.issues.by_number(KEY, 3).number.year == 2020
        assert unit.issues.by_number(KEY, 3, year=2019).number.year == 2019
        assert [one.number.year for one in unit.issues.span(KEY, 1, 9, year=2020)] == [2020]
        with pytest.raises(NotFoundError):
            unit.issues.by_number(KEY, 449)
    assert found.number.total == 451
    assert [one.number.total for one in span] == [451, 452]


def test_lists_by_state_year_and_series(store):
    sign(store, draft(store, "2026-W47"))
    waiting = draft(store, "2027-W01", day=date(2027, 1, 8))
    with store.reading() as unit:
        assert [row.period for row in unit.issues.find(KEY)] == ["2027-W01", "2026-W47"]
        assert [row.id for row in unit.issues.find(KEY, state=IssueState.DRAFT)] == [waiting.id]
        assert [row.period for row in unit.issues.find(KEY, year=2026)] == ["2026-W47"]
        assert unit.issues.find(KEY, series=EXTRA) == ()
        assert [row.period for row in unit.issues.find(KEY, limit=1, offset=1)] == ["2026-W47"]


def test_saving_a_draft_leaves_the_articles_it_has_alone(store):
    # Somebody may be editing them: their versions must not move under his hands.
    first, second = add_articles(store, 1, 2)
    saved = begin(store, "2026-W47", first)
    with store.transaction() as unit:
        before = unit.articles.get(KEY, first.id).version
        unit.issues.save(KEY, saved.id, saved.version, with_articles(saved.issue, first, second))
        assert unit.articles.get(KEY, first.id).version == before
    assert states(store, first, second) == [ArticleState.USED, ArticleState.USED]
