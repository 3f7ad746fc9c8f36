"""The main job: from a folder to a numbered draft, its signature and what comes after."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bulletin.errors import NumberingError, StateError
from bulletin.model import Series
from services.archives import export_issues, import_issues, list_issues, missing
from services.context import Office
from services.intake import receive
from services.issuing import discard_issue, drafts, sign_issue
from services.outcomes import Fate
from services.publish import compile_issue
from services.requests import CompileRequest, ExportRequest
from tests.services.conftest import silent
from tests.services.serving import ADVERT, MEETING, READING


def request(folder: Path, **values: object) -> CompileRequest:
    return CompileRequest.model_validate({"sources": (str(folder),), **values})


def test_a_folder_becomes_a_numbered_draft(office: Office, inbox: Callable[..., Path]) -> None:
    result = compile_issue(office, request(inbox(a=MEETING, b=READING, c=ADVERT)), silent)
    assert (result.number, result.state, result.label) == (1, "草稿", "第1期")
    assert {line.section for line in result.articles} == {"学习动态"}
    assert [line.title for line in result.articles] == [
        "望河市委理论学习中心组举行专题学习会",
        "白塔区举办机关干部读书分享会",
    ]
    assert [outcome.fate for outcome in result.rejected] == [Fate.REJECTED]
    assert Path(result.docx).read_bytes().startswith(b"PK")


def test_running_again_changes_nothing_and_says_so(office: Office, inbox: Callable[..., Path]) -> None:
    folder = inbox(a=MEETING, b=READING)
    first = compile_issue(office, request(folder), silent)
    again = compile_issue(office, request(folder), silent)
    assert (again.number, again.issue, again.changed) == (first.number, first.issue, False)
    assert {outcome.fate for outcome in again.outcomes} == {Fate.KNOWN}
    assert "没有新的稿件，草稿没有变化" in again.messages
    assert Path(again.docx).read_bytes() == Path(first.docx).read_bytes()


def test_new_material_fills_up_the_same_draft(office: Office, inbox: Callable[..., Path]) -> None:
    first = compile_issue(office, request(inbox(a=MEETING)), silent)
    second = compile_issue(office, request(inbox(b=READING)), silent)
    assert second.issue == first.issue
    assert second.articles[0].title == first.articles[0].title
    assert len(second.articles) == 2


def test_a_signed_issue_is_frozen_and_the_next_week_has_the_next_number(
    office: Office, inbox: Callable[..., Path], tmp_path: Path
) -> None:
    first = compile_issue(office, request(inbox(a=MEETING)), silent)
    signed = sign_issue(office, first.number, Series.REGULAR, "签发人")
    same_week = compile_issue(office, request(inbox(b=READING)), silent)
    assert same_week.state == "已签发"
    assert [line.title for line in same_week.articles] == [line.title for line in first.articles]
    next_week = compile_issue(office, request(inbox(), date=date(2026, 11, 27)), silent)
    assert next_week.number == first.number + 1
    assert [line.title for line in next_week.articles] == ["白塔区举办机关干部读书分享会"]
    [file] = export_issues(office, ExportRequest(numbers="1", out=str(tmp_path / "export")))
    assert file.sha256 == signed["sha256"]
    assert [issue["number"] for issue in list_issues(office)] == [1]


def test_a_discarded_draft_gives_back_its_articles_and_its_number(office: Office, inbox: Callable[..., Path]) -> None:
    folder = inbox(a=MEETING)
    first = compile_issue(office, request(folder), silent)
    discard_issue(office, first.number, Series.REGULAR)
    assert drafts(office) == []
    again = compile_issue(office, request(folder), silent)
    assert again.number == first.number
    assert [line.title for line in again.articles] == [line.title for line in first.articles]


def test_an_empty_week_makes_no_issue_and_burns_no_number(office: Office, inbox: Callable[..., Path]) -> None:
    with pytest.raises(StateError, match="没有可刊用的稿件"):
        compile_issue(office, request(inbox(c=ADVERT)), silent)
    assert compile_issue(office, request(inbox(a=MEETING)), silent).number == 1


def test_an_editor_may_name_a_free_number_and_only_a_free_one(office: Office, inbox: Callable[..., Path]) -> None:
    first = compile_issue(office, request(inbox(a=MEETING), number=460), silent)
    assert first.number == 460
    sign_issue(office, 460, Series.REGULAR, "")
    with pytest.raises(NumberingError):
        compile_issue(office, request(inbox(b=READING), number=460, date=date(2026, 11, 27)), silent)
    assert compile_issue(office, request(inbox(), date=date(2026, 11, 27)), silent).number == 461


def test_what_is_missing_of_a_range_is_named() -> None:
    assert missing("450-456", [452, 455]) == "450-451,453-454,456"
    assert missing("455,457,455", [455]) == "457"
    assert missing("3-5", [3, 4, 5]) == ""


def test_a_repeated_article_is_printed_once(office: Office, inbox: Callable[..., Path]) -> None:
    copy = MEETING.replace("望河市委理论学习中心组举行专题学习会\n", "望河：围绕统筹发展和安全开展学习研讨\n", 1)
    result = compile_issue(office, request(inbox(a=MEETING, b=copy)), silent)
    assert len(result.articles) == 1
    assert [outcome.fate for outcome in result.duplicates] == [Fate.DUPLICATE]
    assert "重复" in result.duplicates[0].reason


def test_every_file_is_mentioned_also_a_second_one_of_the_same_bytes(
    office: Office, inbox: Callable[..., Path]
) -> None:
    folder = str(inbox(a=MEETING, b=MEETING, c=READING))
    first = compile_issue(office, CompileRequest(sources=(folder,)), silent)
    assert sorted((one.name, one.fate) for one in first.outcomes) == [
        ("a.txt", Fate.TAKEN), ("b.txt", Fate.KNOWN), ("c.txt", Fate.TAKEN),
    ]  # fmt: skip
    assert [one.reason for one in first.outcomes if one.name == "b.txt"] == ["与 a.txt 是同一文件，只收一次"]
    again = compile_issue(office, CompileRequest(sources=(folder,)), silent)
    assert sorted((one.name, one.fate) for one in again.outcomes) == [
        (name, Fate.KNOWN) for name in ("a.txt", "b.txt", "c.txt")
    ]


def test_a_member_of_an_archive_is_named_without_the_folders_of_this_machine(office: Office, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "来稿.zip", "w") as container:
        container.writestr("a.txt", MEETING)
    # Marked as encrypted, in the head of the member and in the directory.
    content = bytearray((tmp_path / "来稿.zip").read_bytes())
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(head) + flags] |= 1
    (tmp_path / "来稿.zip").write_bytes(content)
    [told] = receive(office, [str(tmp_path / "来稿.zip")], silent)
    assert (told.name, told.fate) == ("来稿.zip!a.txt", Fate.REFUSED)


def test_a_failed_build_burns_no_number(
    office: Office, inbox: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = inbox(a=MEETING)
    with monkeypatch.context() as broken:
        broken.setattr("builders.printing.print_issue", _out_of_disk)
        with pytest.raises(OSError, match="disk"):
            compile_issue(office, request(folder), silent)
    result = compile_issue(office, request(folder), silent)
    assert result.number == 1
    assert len(result.articles) == 1


def _out_of_disk(*_: object, **__: object) -> None:
    raise OSError("no space left on disk")


def test_what_stood_in_an_imported_issue_is_not_printed_again(
    office: Office, inbox: Callable[..., Path], tmp_path: Path
) -> None:
    past = tmp_path / "past.txt"
    heading, _, _, *body = MEETING.splitlines()
    past.write_text(
        "学习型党组织建设 工作简报\n第 31 期\n协调小组办公室\n2026 年 11 月 12 日\n\n【学习动态】\n"
        f"- {heading}\n\n【学习动态】\n{heading}\n" + "\n".join(body) + "\n\n发：各市委宣传部\n协调小组办公室\n",
        "utf-8",
    )
    [imported] = import_issues(office, [str(past)], silent)
    assert (imported.label, imported.new, imported.error) == ("第31期", True, "")
    assert "学习型党组织建设" in imported.note
    assert import_issues(office, [str(past)], silent)[0].new is False
    result = compile_issue(office, request(inbox(a=MEETING, b=READING)), silent)
    assert result.number == 32
    assert [line.title for line in result.articles] == ["白塔区举办机关干部读书分享会"]
    assert "已刊于第31期" in result.duplicates[0].reason


def test_a_bulletin_of_another_unit_is_its_articles_and_several_issues_are_kept_each(
    office: Office, inbox: Callable[..., Path], tmp_path: Path
) -> None:
    texts = ["\n".join(text.splitlines()) for text in (MEETING, READING)]
    foot = "报：省委宣传部。\n发：各县（区）。\n（共印80份）\n"
    other = f"望河宣传\n第7期\n望河市委宣传部　　2026年11月10日\n{texts[0]}\n{texts[1]}\n{foot}"
    result = compile_issue(office, request(inbox(a=other)), silent)
    assert {line.title for line in result.articles} == {text.splitlines()[0] for text in texts}
    with office.store.reading() as unit:
        records = unit.articles.records(office.publication.key, [line.id for line in result.articles])
    assert not [block.text for record in records for block in record.article.blocks if "报：" in block.text]

    past = tmp_path / "past.txt"
    issues = [
        f"学习型党组织建设 工作简报\n第{at}期\n协调小组办公室　　2026年10月{at}日\n【学习动态】\n{text}\n{foot}"
        for at, text in enumerate(texts, 21)
    ]
    past.write_text("".join(issues), "utf-8")
    imported = import_issues(office, [str(past)], silent)
    assert [(one.label, one.entries, one.new, one.error) for one in imported] == [
        ("第21期", 1, True, ""),
        ("第22期", 1, True, ""),
    ]


def test_the_unit_an_article_names_comes_before_its_sender(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "望河市委办公室"
    folder.mkdir(parents=True)
    (folder / "named.txt").write_text(READING, "utf-8")
    (folder / "nameless.txt").write_text("\n".join(MEETING.splitlines()[:1] + MEETING.splitlines()[3:]), "utf-8")
    result = compile_issue(office, request(tmp_path / "inbox"), silent)
    assert {line.title: line.unit for line in result.articles} == {
        "白塔区举办机关干部读书分享会": "白塔区委区直机关工委",
        "望河市委理论学习中心组举行专题学习会": "望河市委办公室",
    }
