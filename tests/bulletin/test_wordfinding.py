"""The words that a text has: the same that looking for each one would find."""

from hypothesis import given
from hypothesis import strategies as st

from bulletin.wordfinding import WordFinder

_LETTERS = "学习会议-]^\\ab℃\n"


def test_words_of_any_length_are_found_also_where_they_overlap() -> None:
    finder = WordFinder(["学习", "学习会", "习会议", "℃", "会议室", "习学"])
    assert finder.find("学习会议，38℃") == {"学习", "学习会", "习会议", "℃"}


def test_no_words_are_found_nowhere() -> None:
    assert WordFinder([]).find("学习会议") == set()


@given(st.lists(st.text(_LETTERS, min_size=1, max_size=4)), st.text(_LETTERS, max_size=40))
def test_what_is_found_is_what_the_text_has(words: list[str], text: str) -> None:
    assert WordFinder(words).find(text) == {word for word in words if word in text}
