"""Reading bytes of unknown encoding."""

import pytest

from extractors.encoding import decode, guess

SIMPLIFIED = "临川市召开乡村振兴工作推进会，部署秋粮收购与冬季农田水利建设"
TRADITIONAL = "臨川市召開鄉村工作會議，部署秋糧收購與冬季農田水利建設"
LINE = "关于做好10月份信息报送工作的通知\r\n各县（区）：\r\n"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "utf-32"])
@pytest.mark.parametrize("length", [4, 6, 10, len(SIMPLIFIED)])
def test_short_simplified_texts(encoding: str, length: int) -> None:
    for start in range(0, len(SIMPLIFIED) - length + 1, 3):
        text = SIMPLIFIED[start : start + length]
        assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("length", [4, 6, 10, len(TRADITIONAL)])
def test_short_traditional_texts_in_big5(length: int) -> None:
    for start in range(0, len(TRADITIONAL) - length + 1, 3):
        text = TRADITIONAL[start : start + length]
        assert decode(text.encode("big5")).text == text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_lines_with_latin_in_them(encoding: str) -> None:
    assert decode(LINE.encode(encoding)).text == LINE


def test_latin_text_stays_what_it_is() -> None:
    assert decode(b"plain words").text == "plain words"
    assert decode("Üben, dass Größe zählt, ist für später schön.".encode("cp1252")).text.startswith("Üben")


def test_damaged_bytes_are_counted_and_the_rest_is_read() -> None:
    damaged = decode(SIMPLIFIED.encode() + b"\xff" + SIMPLIFIED.encode())
    assert damaged == (f"{SIMPLIFIED}\ufffd{SIMPLIFIED}", "utf-8", 1)
    cut = decode(SIMPLIFIED.encode("gb18030") * 3 + b"\xb5")
    assert cut.text.startswith(SIMPLIFIED)
    assert (cut.encoding, cut.damaged) == ("gb18030", 1)


def test_a_declared_encoding_is_believed_unless_the_bytes_speak_against_it() -> None:
    assert guess("日本語のテキスト、これはペンです".encode("shift_jis"), "shift_jis") == "shift_jis"
    assert guess(SIMPLIFIED.encode("gb18030"), "big5") == "gb18030"
    assert guess(SIMPLIFIED.encode("gb18030"), "no-such") == "gb18030"
