"""Sending for signing, the checklist, the signature, the way back, and corrections."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.errors import ConflictError, FormatError, StateError
from bulletin.model import Series
from services import arranging, draftviews, redlines, shelves, signing, stages
from services.checklist import Mark, checklist
from services.context import Office
from services.intake import receive_and_read
from services.issuing import correct_issue
from services.publish import assemble
from services.requests import CompileRequest
from services.signing import Correction
from services.stages import Stage
from store.records import IssueState
from tests.services.conftest import silent
from tests.services.serving import MEETING, READING

FAULTY = READING.replace("据了解，", "据了解，截至2月30日，").replace("读书体会；", "“读书体会；")


@pytest.fixture
def draft(office: Office, inbox: Callable[..., Path]) -> int:
    receive_and_read(office, [str(inbox(a=MEETING, b=READING))], silent)
    return assemble(office, CompileRequest()).issue_id


@pytest.fixture(autouse=True)
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """No LibreOffice: the pages are estimated, and a test takes no seconds."""
    monkeypatch.setattr("builders.libreoffice.find_office", lambda: None)


def _version(office: Office, draft: int) -> int:
    return draftviews.view(office, draft).record.version


def _stage(office: Office, draft: int) -> Stage:
    return draftviews.view(office, draft).standing.stage


def test_the_way_to_the_signature_and_back(office: Office, draft: int) -> None:
    version = _version(office, draft)
    with pytest.raises(StateError, match="编排中"):
        signing.sign(office, draft, version, "丙")
    stages.submit(office, draft, version, "甲")
    assert _stage(office, draft) is Stage.SUBMITTED
    assert [line.row.id for line in draftviews.to_sign(office)] == [draft]
    with pytest.raises(StateError, match="意见"):
        stages.send_back(office, draft, version, "丙", " ")
    stages.send_back(office, draft, version, "丙", "标题再斟酌")
    standing = draftviews.view(office, draft).standing
    assert (standing.stage, standing.who, standing.note) == (Stage.RETURNED, "丙", "标题再斟酌")
    with pytest.raises(StateError, match="已退回"):
        signing.sign(office, draft, version, "丙")
    stages.submit(office, draft, version, "甲")
    signed = signing.sign(office, draft, version, "丙")
    assert (signed.state, signed.signed_by, signed.number.label) == (IssueState.ISSUED, "丙", "第1期")
    assert office.store.files.get(signed.docx or "").startswith(b"PK")
    with pytest.raises(StateError, match="已签发"):
        stages.submit(office, draft, signed.version, "甲")


def test_nobody_signs_what_he_was_not_shown(office: Office, draft: int) -> None:
    seen = _version(office, draft)
    stages.submit(office, draft, seen, "甲")
    arranging.apply(office, draft, seen, arranging.issue_note("后来加的按语"), "乙")
    assert _stage(office, draft) is Stage.CHANGED
    with pytest.raises(StateError, match="送签后又改过"):
        signing.sign(office, draft, seen, "丙")
    with pytest.raises(ConflictError):
        stages.submit(office, draft, seen, "甲")
    stages.submit(office, draft, _version(office, draft), "甲")
    with pytest.raises(ConflictError):
        signing.sign(office, draft, seen, "丙")
    assert draftviews.view(office, draft).open


def test_a_clean_issue_passes_every_point(office: Office, draft: int) -> None:
    marks = {check.name: check.mark for check in checklist(office, draft)}
    assert {"必改的差错", "引号、括号、书名号配对", "标题长短", "页数与版记", "字体", "期号顺序"} <= marks.keys()
    assert Mark.STOP not in marks.values()
    assert marks["各栏目篇幅"] is Mark.LOOK


def test_faults_stop_the_signature_unless_the_signer_says_otherwise(office: Office, inbox: Callable[..., Path]) -> None:
    receive_and_read(office, [str(inbox(a=MEETING, b=FAULTY))], silent)
    draft = assemble(office, CompileRequest()).issue_id
    checks = {check.name: check for check in checklist(office, draft)}
    assert checks["必改的差错"].mark is Mark.STOP
    assert checks["引号、括号、书名号配对"].mark is Mark.STOP
    assert checks["必改的差错"].findings[0].title == "白塔区举办机关干部读书分享会"
    assert "只有前引号：“读书体会" in checks["引号、括号、书名号配对"].findings[0].text
    for check in checks.values():
        assert sum(len(texts) for _, texts in check.places) == len({(f.article, f.text) for f in check.findings})
        assert all(first.article for first, _ in check.places if first.title)
    version = _version(office, draft)
    stages.submit(office, draft, version, "甲")
    with pytest.raises(StateError, match="必改的差错"):
        signing.sign(office, draft, version, "丙")
    signing.sign(office, draft, version, "丙", despite=True)
    with office.store.reading() as unit:
        noted = [entry for entry in unit.audit.find("default") if entry.act == "签发"]
    assert "必改的差错" in noted[0].detail


def test_long_titles_and_differing_titles_are_pointed_at(office: Office, draft: int) -> None:
    first = draftviews.view(office, draft).parts[2].rows[0].id
    title = "望河市委理论学习中心组围绕统筹发展和安全" * 4
    edit = arranging.wording(first, title=title, subtitle="", contents_title="别的标题", note="")
    arranging.apply(office, draft, _version(office, draft), edit, "甲")
    marks = {check.name: check.mark for check in checklist(office, draft)}
    assert (marks["标题长短"], marks["要目与正文标题"]) == (Mark.LOOK, Mark.LOOK)


def test_the_difference_between_what_came_and_what_is_printed(office: Office, draft: int) -> None:
    rows = {row.entry.title[:3]: row.id for row in draftviews.view(office, draft).parts[2].rows}
    reading = rows["白塔区"]
    edit = arranging.wording(reading, title="白塔区举行读书分享会", subtitle="", contents_title="", note="")
    arranging.apply(office, draft, _version(office, draft), edit, "甲")
    found = redlines.compare(office, draft, reading)
    assert found.submission == "b.txt"
    assert found.difference is not None
    inserted = "".join(run.text for run in found.difference.runs if run.kind.value == "inserted")
    deleted = "".join(run.text for run in found.difference.runs if run.kind.value == "deleted")
    assert inserted == "行"
    assert deleted.replace("\n", "") == "办机关干部2026年11月14日"
    assert found.difference.inserted < 10


def test_a_correction_is_a_revision_with_its_reason(office: Office, draft: int) -> None:
    version = _version(office, draft)
    stages.submit(office, draft, version, "甲")
    signed = signing.sign(office, draft, version, "丙")
    change = {0: Correction(paragraphs={0: "更正后的第一段。"})}
    with pytest.raises(StateError, match="原因"):
        signing.correct(office, draft, signed.version, change, reason="", who="丙")
    with pytest.raises(StateError, match="没有改动"):
        signing.correct(office, draft, signed.version, {0: Correction()}, reason="无", who="丙")
    done = signing.correct(office, draft, signed.version, change, reason="时间有误", who="丙")
    assert (done.revision, done.number) == (1, signed.number)
    volume = shelves.volume(office, draft)
    assert [(one.revision, one.reason) for one in volume.revisions] == [(0, ""), (1, "时间有误")]
    assert volume.revisions[0].docx == signed.docx != done.docx
    first = shelves.copy_of(office, draft, "txt", revision=0).content.decode()
    second = shelves.copy_of(office, draft, "txt").content.decode()
    assert "更正后的第一段。" in second
    assert "更正后的第一段。" not in first
    with pytest.raises(ConflictError):
        signing.correct(office, draft, signed.version, {0: Correction(title="又改")}, reason="晚了", who="丁")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "不是完整的 JSON"), (b"\x81\xff", "不是完整的 JSON"), (b"[1]", "不是整期数据"),
        (b"{}", "缺少 publication"), (b'{"number": 3}', "缺少 publication"),
    ],
)  # fmt: skip
def test_a_correction_that_is_no_issue_says_what_is_wrong(
    office: Office, draft: int, content: bytes, said: str
) -> None:
    with office.store.reading() as unit:
        number = unit.issues.get(office.publication.key, draft).number.key
    with pytest.raises(FormatError, match=said) as caught:
        correct_issue(office, number, Series.REGULAR, content, "地名有误", "编辑")
    assert "--format json" in caught.value.advice


def test_an_emptied_paragraph_goes_and_a_changed_run_in_heading_is_one_no_longer(office: Office, draft: int) -> None:
    with office.store.reading() as unit:
        issue = unit.issues.get("default", draft).issue
    entry = issue.entries[0]
    led = entry.blocks[0].model_copy(update={"text": "一是抓学习。要学。", "lead": 6, "level": 3})
    issue = issue.model_copy(
        update={
            "sections": (
                issue.sections[0].model_copy(
                    update={"entries": (entry.model_copy(update={"blocks": (led, *entry.blocks[1:])}),)}
                ),
            )
        }
    )
    fixed = signing.corrected(issue, {0: Correction(paragraphs={0: "二是抓学习。要学。", 1: ""})}).entries[0]
    assert len(fixed.blocks) == len(entry.blocks) - 1
    assert fixed.blocks[0].lead == 0
    kept = signing.corrected(issue, {0: Correction(paragraphs={0: "一是抓学习。要常学。"})}).entries[0]
    assert kept.blocks[0].lead == 6
