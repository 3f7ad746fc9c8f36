"""The difference of two texts: nothing is lost, changes are where they are."""

from hypothesis import given
from hypothesis import strategies as st

from bulletin.redline import Kind, redline

TEXTS = st.lists(st.text(alphabet="学习会议。，；研讨ab“”", max_size=30), max_size=6)


def _side(runs: object, kinds: set[Kind]) -> str:
    return "".join(run.text for run in runs if run.kind in kinds)  # type: ignore[attr-defined]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_runs(before: list[str], after: list[str]) -> None:
    found = redline(before, after)
    assert _side(found.runs, {Kind.SAME, Kind.DELETED}) == "\n".join(line for line in before if line)
    assert _side(found.runs, {Kind.SAME, Kind.INSERTED}) == "\n".join(line for line in after if line)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: list[str]) -> None:
    assert redline(text, text).same


def test_a_changed_word_is_the_only_change() -> None:
    found = redline(["会议强调，要认真学习贯彻。各单位要抓好落实。"], ["会议指出，要认真学习贯彻。各单位要抓好落实。"])
    changed = [(run.kind, run.text) for run in found.runs if run.kind is not Kind.SAME]
    assert changed == [(Kind.DELETED, "强调"), (Kind.INSERTED, "指出")]
    assert (found.inserted, found.deleted) == (2, 2)


def test_a_deleted_paragraph_is_deleted_as_a_whole() -> None:
    found = redline(["第一段文字。", "浏览次数：35", "第二段文字。"], ["第一段文字。", "第二段文字。"])
    assert [run.text.strip() for run in found.runs if run.kind is Kind.DELETED] == ["浏览次数：35"]


def test_joined_lines_show_as_a_lost_break_only() -> None:
    found = redline(["松岭市召开学习", "会，部署工作。"], ["松岭市召开学习会，部署工作。"])
    assert [(run.kind, run.text) for run in found.runs if run.kind is not Kind.SAME] == [(Kind.DELETED, "\n")]
    assert found.deleted == 0


def test_blanks_do_not_count() -> None:
    assert redline(["　　松岭市 召开会议。"], ["松岭市召开会议。"]).same
