"""An editor's acts on a draft."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import NotFoundError, StateError
from bulletin.model import Entry, Issue, IssueNumber, Section
from bulletin.rearrange import LAST, change, find, move, put, remove

ORDER = ("甲", "乙", "丙")


def _issue(**sections: str) -> Issue:
    return Issue(
        publication="简报",
        number=IssueNumber(total=1),
        date=date(2026, 11, 20),
        issuer="办公室",
        sections=tuple(
            Section(name=name, entries=tuple(Entry(title=key, article=key) for key in keys))
            for name, keys in sections.items()
        ),
    )


def _shown(issue: Issue) -> dict[str, str]:
    return {section.name: "".join(entry.article for entry in section.entries) for section in issue.sections}


@pytest.mark.parametrize(
    ("article", "section", "place", "after"),
    [
        ("b", "甲", 0, {"甲": "bac", "丙": "xy"}),
        ("a", "甲", LAST, {"甲": "bca", "丙": "xy"}),
        ("a", "甲", 1, {"甲": "bac", "丙": "xy"}),
        ("a", "乙", 0, {"甲": "bc", "乙": "a", "丙": "xy"}),
        ("x", "甲", -3, {"甲": "xabc", "丙": "y"}),
        ("y", "丙", 0, {"甲": "abc", "丙": "yx"}),
    ],
)
def test_move(article: str, section: str, place: int, after: dict[str, str]) -> None:
    assert _shown(move(_issue(甲="abc", 丙="xy"), article, section, place, ORDER)) == after


def test_an_emptied_section_is_left_out_and_comes_back_in_its_order() -> None:
    emptied = move(_issue(甲="a", 丙="xy"), "a", "丙", LAST, ORDER)
    assert _shown(emptied) == {"丙": "xya"}
    assert list(_shown(move(emptied, "a", "甲", 0, ORDER))) == ["甲", "丙"]


def test_what_is_not_there_is_said_so() -> None:
    issue = _issue(甲="ab")
    with pytest.raises(NotFoundError):
        find(issue, "z")
    with pytest.raises(NotFoundError):
        remove(issue, "z")
    with pytest.raises(NotFoundError):
        move(issue, "a", "丁", 0, ORDER)
    with pytest.raises(StateError):
        put(issue, Entry(title="a", article="a"), "乙", 0, ORDER)


def test_change_touches_one_entry_only() -> None:
    issue = change(_issue(甲="ab"), "b", title="新标题", note="编者按")
    assert [entry.title for entry in issue.entries] == ["a", "新标题"]
    assert find(issue, "b")[2].note == "编者按"


@given(st.lists(st.tuples(st.sampled_from("abcxy"), st.sampled_from(ORDER), st.integers(-1, 6)), max_size=12))
def test_no_order_of_moves_loses_or_doubles_an_article(moves: list[tuple[str, str, int]]) -> None:
    issue = _issue(甲="abc", 丙="xy")
    for article, section, place in moves:
        issue = move(issue, article, section, place, ORDER)
    assert sorted(entry.article for entry in issue.entries) == list("abcxy")
    assert [name for name in ORDER if name in _shown(issue)] == list(_shown(issue))
