"""Plain text: one line, one block."""

import pytest

from bulletin.errors import EmptyError, FormatError, TooLargeError
from bulletin.model import Submission
from extractors import plain
from extractors.registry import extract


def read(content: bytes) -> list[str]:
    return [block.text for block in extract(Submission(name="a.txt", content=content)).blocks]


def test_lines_become_blocks_without_indents_and_blank_lines() -> None:
    text = "  工作简报\r\n\r\n　　第一段\t尾\r第二段\f第三段\u2028第四段\x00\n \n"
    assert read(text.encode()) == ["工作简报", "第一段\t尾", "第二段", "第三段", "第四段"]


def test_blocks_know_their_index_and_are_nfc() -> None:
    document = extract(Submission(name="a.txt", content="Cafe\u0301 一\n二\n".encode(), unit="市政府办"))
    assert [(block.text, block.at) for block in document.blocks] == [("Café 一", (0,)), ("二", (1,))]
    # The sender is no byline: the article may name its own unit.
    assert (document.unit, document.format) == ("", "txt")


def test_empty_lines_above_a_block_are_counted() -> None:
    document = extract(Submission(name="a.txt", content="标题\n\n正文一\n正文二\n \n　\n标题".encode()))
    assert document.gaps == {1: 1, 3: 2}


def test_a_title_that_a_gap_parts_from_its_text_is_a_line_of_its_own() -> None:
    texts = [
        f"近日，{place}召开推进会，总结交流经验，部署下一阶段的任务，二十个单位参加。" for place in ("云江市", "清河县")
    ]
    lines = [f"{text[3:6]}扎实推进学习型机关建设　　{text}" for text in texts]
    document = extract(Submission(name="a.txt", content="\n\n".join(lines).encode()))
    assert [block.text for block in document.blocks][1::2] == texts
    assert document.gaps == {2: 1}


def test_unreadable_characters_are_reported() -> None:
    content = "一段完整的话，后面坏了一个字".encode() * 5 + b"\xff"
    assert "1 个字" in extract(Submission(name="a.txt", content=content)).warnings[0]


def test_blank_files_and_noise_are_refused() -> None:
    with pytest.raises(EmptyError):
        read(b" \r\n\t")
    with pytest.raises(EmptyError):
        read("\u3000\n".encode())
    with pytest.raises(FormatError):
        read(("正文正文正文".encode() + b"\xff") * 20)


def test_limits_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLargeError, match="一行"):
        read(b"a" * (plain.MAX_LINE + 1))
    with pytest.raises(TooLargeError, match="行"):
        read(b"a\n" * (plain.MAX_BLOCKS + 1))
    monkeypatch.setattr(plain, "MAX_BYTES", 10)
    monkeypatch.setattr(plain, "decode", lambda content: pytest.fail("decoded before the size was checked"))
    with pytest.raises(TooLargeError, match="MB"):
        read(b"a" * 11)


def test_the_indent_stays_where_lines_are_cut_at_one_width() -> None:
    words = "临川市坚持把供水一体化摆在突出位置抓紧抓实抓细抓好抓出成效来"
    wrapped = ["　　" + words[:28], *[words[:30]] * 9, "末行。", "　　" + words[:28], words[:30], "完。"]
    assert read("\n\n".join(wrapped).encode()) == wrapped
