"""What we print reads back: the DOCX of an issue, read as any past issue is, gives the issue."""

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.imprint import Ending
from builders.style import load_style
from builders.word import build_docx
from bulletin.model import BackIssue, Block, BlockType, Distribution, Entry, Issue, IssueNumber, Section, Submission
from bulletin.pieces import pieces
from extractors.registry import extract
from tests.builders.samples import BODY, PICTURES, TITLES, issue

STYLE = load_style()


def read_back(docx: bytes) -> Issue:
    (piece,) = pieces(extract(Submission(name="issue.docx", content=docx)))
    assert isinstance(piece, BackIssue)
    return piece.issue


def text_of(entry: Entry) -> list[tuple[str, int]]:
    return [(block.text, block.level) for block in entry.blocks if block.type is not BlockType.TABLE and block.text]


def assert_same(one: Issue, other: Issue) -> None:
    assert (other.publication, other.number, other.date, other.issuer) == (
        one.publication,
        one.number,
        one.date,
        one.issuer,
    )
    assert [section.name for section in other.sections] == [section.name for section in one.sections]
    assert [entry.title for entry in other.entries] == [entry.title for entry in one.entries]
    assert other.copies == one.copies
    assert other.distribution == one.distribution
    for mine, theirs in zip(one.entries, other.entries, strict=True):
        assert (theirs.unit, theirs.note) == (mine.unit, mine.note)
        assert text_of(theirs) == text_of(mine)


PARAGRAPH = Block(text=BODY[0])
HEADINGS = (
    Block(type=BlockType.HEADING, level=1, text="一、健全机制，把制度立起来"),
    Block(text=BODY[1]),
    Block(type=BlockType.HEADING, level=2, text="（一）完善学习制度"),
    Block(text=BODY[2]),
)
ENTRIES = st.builds(
    Entry,
    title=st.sampled_from(TITLES),
    unit=st.sampled_from(("", "白石县委理论学习中心组", "临川市委宣传部")),
    note=st.sampled_from(("", "临川市的做法有特色、有成效，现予刊发，供各地学习借鉴。")),
    blocks=st.sampled_from(((PARAGRAPH,), HEADINGS, (PARAGRAPH, *HEADINGS))),
)
NUMBERS = st.one_of(
    st.builds(IssueNumber, total=st.integers(1, 999)),
    st.builds(IssueNumber, year=st.just(2024), in_year=st.integers(1, 60)),
    st.builds(IssueNumber, year=st.just(2024), in_year=st.integers(1, 60), total=st.integers(61, 999)),
)


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    entries = draw(st.lists(ENTRIES, min_size=1, max_size=6, unique_by=lambda entry: entry.title))
    cut = draw(st.integers(0, len(entries)))
    parts = [part for part in (entries[:cut], entries[cut:]) if part]
    return Issue(
        publication=draw(st.sampled_from(("工作简报", "建设学习型党组织 工作简报", "云江宣传"))),
        number=draw(NUMBERS),
        date=dt.date(2024, draw(st.integers(1, 12)), draw(st.integers(1, 28))),
        issuer="云江省学习工作协调小组办公室",
        sections=tuple(Section(name=name, entries=tuple(part)) for name, part in zip(("上情下达", "经验交流"), parts, strict=False)),
        distribution=Distribution(report=("省委办公厅",), send=("省协调小组成员单位", "省级机关各部委")),
        copies=draw(st.sampled_from((None, 50, 300))),
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(issues(), st.sampled_from(list(Ending)[1:]), st.sampled_from(("default", "yearly")))
def test_an_issue_reads_back_from_its_docx(one: Issue, ending: Ending, style: str) -> None:
    assert_same(one, read_back(build_docx(one, load_style(style), {}, {}, ending=ending)))


def test_eight_titles_broken_over_lines_read_back() -> None:
    one = issue(8, distribution=Distribution(send=("省协调小组成员单位",)))
    assert_same(one, read_back(build_docx(one, STYLE, PICTURES, {}, ending=Ending.SAME)))


def test_a_past_issue_of_the_corpus_keeps_all_its_text_in_our_form(corpus) -> None:  # type: ignore[no-untyped-def]
    path = next((corpus / "seeds").glob("004_*.txt"))
    (piece,) = pieces(extract(Submission(name=path.name, content=path.read_bytes())))
    assert isinstance(piece, BackIssue)
    again = read_back(build_docx(piece.issue, STYLE, {}, {}, ending=Ending.SAME))
    assert again.entries
    assert [entry.title for entry in again.entries] == [entry.title for entry in piece.issue.entries]
    assert [text_of(entry) for entry in again.entries] == [text_of(entry) for entry in piece.issue.entries]
    assert (again.publication, again.number, again.date, again.distribution) == (
        piece.issue.publication, piece.issue.number, piece.issue.date, piece.issue.distribution
    )  # fmt: skip
