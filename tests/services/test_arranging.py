"""The draft on the desk: what editors do to it, and two of them at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.errors import ConflictError, NotFoundError, StateError
from bulletin.model import REJECTED
from services import arranging, draftviews, stages
from services.arranging import Edit
from services.context import Office
from services.intake import receive_and_read
from services.publish import assemble
from services.requests import CompileRequest
from services.retraining import corrections
from store.records import ArticleChange, ArticleState
from tests.services.conftest import silent
from tests.services.serving import ADVERT, MEETING, READING


@pytest.fixture
def draft(office: Office, inbox: Callable[..., Path]) -> int:
    """A draft with two articles in 学习动态; an advertisement waits as 不采用."""
    receive_and_read(office, [str(inbox(a=MEETING, b=READING, c=ADVERT))], silent)
    return assemble(office, CompileRequest()).issue_id


def _titles(office: Office, draft: int) -> dict[str, list[str]]:
    view = draftviews.view(office, draft)
    return {part.name: [row.entry.title[:3] for row in part.rows] for part in view.parts if part.rows}


def _ids(office: Office, draft: int) -> list[str]:
    return [row.id for part in draftviews.view(office, draft).parts for row in part.rows]


def _do(office: Office, draft: int, edit: Edit, who: str = "甲") -> None:
    arranging.apply(office, draft, draftviews.view(office, draft).record.version, edit, who)


def test_order_within_a_section(office: Office, draft: int) -> None:
    meeting, reading = _ids(office, draft)
    _do(office, draft, arranging.stepping(reading, -1))
    assert _ids(office, draft) == [reading, meeting]
    _do(office, draft, arranging.stepping(reading, 1))
    assert _ids(office, draft) == [meeting, reading]
    _do(office, draft, arranging.pinning(reading, True))
    assert _ids(office, draft) == [reading, meeting]
    assert draftviews.view(office, draft).parts[2].rows[0].pinned


def test_a_move_to_another_section_is_the_editors_verdict_and_teaches(office: Office, draft: int) -> None:
    meeting, _ = _ids(office, draft)
    _do(office, draft, arranging.moving(meeting, "经验交流", 0))
    assert _titles(office, draft) == {"经验交流": ["望河市"], "学习动态": ["白塔区"]}
    assert [(article.id, section) for article, section in corrections(office)] == [(meeting, "经验交流")]
    with office.store.reading() as unit:
        verdict = unit.articles.get("default", meeting).verdict
    assert verdict is not None
    assert verdict.by_editor
    assert verdict.section == "经验交流"


def test_what_is_left_out_stays_out_until_it_is_put_in(office: Office, draft: int) -> None:
    meeting, reading = _ids(office, draft)
    _do(office, draft, arranging.leaving_out(meeting))
    assemble(office, CompileRequest())
    assert _ids(office, draft) == [reading]
    [waiting] = draftviews.waiting(office).rows
    assert (waiting.row.id, waiting.reason) == (meeting, "编辑移出本期")
    _do(office, draft, arranging.putting_in(meeting, "学习动态", 0))
    assert _ids(office, draft) == [meeting, reading]


def test_an_editor_may_print_what_the_machine_refused(office: Office, draft: int) -> None:
    [refused] = draftviews.waiting(office, REJECTED).rows
    with pytest.raises(StateError):
        _do(office, draft, arranging.putting_in(refused.row.id))
    _do(office, draft, arranging.putting_in(refused.row.id, "学习动态"))
    with office.store.reading() as unit:
        assert unit.articles.get("default", refused.row.id).state is ArticleState.USED


def test_wording_for_print_leaves_the_pool_alone(office: Office, draft: int) -> None:
    meeting, _ = _ids(office, draft)
    edit = arranging.wording(
        meeting, title="望河举行学习会", subtitle="副题", contents_title="望河学习会", note="编者按"
    )
    _do(office, draft, edit)
    _do(office, draft, arranging.issue_note("本期按语"))
    with office.store.reading() as unit:
        issue = unit.issues.get("default", draft).issue
        article = unit.articles.get("default", meeting).article
    entry = issue.entries[0]
    assert (entry.title, entry.subtitle, entry.contents_title) == ("望河举行学习会", "副题", "望河学习会")
    assert (entry.note, issue.note) == ("编者按", "本期按语")
    assert article.title == "望河市委理论学习中心组举行专题学习会"
    with pytest.raises(StateError):
        _do(office, draft, arranging.wording(meeting, title=" ", subtitle="", contents_title="", note=""))


def test_a_text_edited_in_the_pool_is_noticed_and_taken_over(office: Office, draft: int) -> None:
    meeting, _ = _ids(office, draft)
    with office.store.transaction() as unit:
        record = unit.articles.get("default", meeting)
        blocks = (record.article.blocks[0].model_copy(update={"text": "改过的第一段。"}), *record.article.blocks[1:])
        change = ArticleChange(article=record.article.model_copy(update={"blocks": blocks}))
        unit.articles.update("default", meeting, record.version, change)
    assert draftviews.view(office, draft).parts[2].rows[0].behind
    _do(office, draft, arranging.refreshing(meeting))
    assert not draftviews.view(office, draft).parts[2].rows[0].behind
    with office.store.reading() as unit:
        assert unit.issues.get("default", draft).issue.entries[0].blocks[0].text == "改过的第一段。"


def test_of_two_editors_the_second_is_told_what_the_first_did(office: Office, draft: int) -> None:
    meeting, reading = _ids(office, draft)
    seen = draftviews.view(office, draft).record.version
    arranging.apply(office, draft, seen, arranging.stepping(reading, -1), "编辑甲")
    with pytest.raises(ConflictError, match=r"编辑甲.*白塔区.*第 1 篇") as caught:
        arranging.apply(office, draft, seen, arranging.leaving_out(meeting), "编辑乙")
    assert "没有保存" in caught.value.message
    assert _ids(office, draft) == [reading, meeting]
    with office.store.reading() as unit:
        [done] = arranging.changes_since(unit, "default", draft, seen)
    assert done.who == "编辑甲"


def test_an_article_that_somebody_took_away_is_named(office: Office, draft: int) -> None:
    with pytest.raises(NotFoundError):
        _do(office, draft, arranging.stepping("nothing-0", 1))


def test_lengths_and_quotas(office: Office, draft: int) -> None:
    view = draftviews.view(office, draft)
    part = view.parts[2]
    assert (part.name, part.quota, len(part.rows), part.over) == ("学习动态", 10, 2, False)
    assert view.characters == part.characters == sum(row.characters for row in part.rows)
    assert view.pages >= 2
    assert not view.exact
    assert view.standing.stage is stages.Stage.EDITING
