"""Words with their parts of speech."""

from bulletin.tagging import tagged


def test_the_words_make_up_the_text_and_places_are_told() -> None:
    words = tagged("在福建召开会议")
    assert "".join(word for word, _ in words) == "在福建召开会议"
    assert ("福建", "ns") in words
