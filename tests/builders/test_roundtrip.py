"""What we print reads back: the DOCX of an issue, read as any past issue is, gives the issue."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.collection import build_collection
from builders.imprint import Ending
from builders.style import load_style, style_names
from builders.word import build_docx
from bulletin.footnotes import anchors
from bulletin.model import (
    Article,
    BackIssue,
    Block,
    BlockType,
    Distribution,
    Entry,
    Issue,
    IssueNumber,
    Role,
    Section,
    Submission,
)
from bulletin.pieces import pieces
from extractors.registry import extract
from tests.builders.reading import assert_same, blocks_of, read_back
from tests.builders.samples import BODY, PICTURES, TITLES, issue, rich_entry

STYLE = load_style()


PARAGRAPH = Block(text=BODY[0])
HEADINGS = (
    Block(type=BlockType.HEADING, level=1, text="一、健全机制，把制度立起来"),
    Block(text=BODY[1]),
    Block(type=BlockType.HEADING, level=2, text="（一）完善学习制度"),
    Block(text=BODY[2]),
)
NOTED = (
    Block(text="全市推行“周安排、月通报”①制度，覆盖各级机关②。"),
    Block(text="坚持领导带头。各级领导干部带头学、带头讲、带头干③。", level=2, lead=7),
    Block(text="注：数据截至2024年11月底。", role=Role.NOTE),
    Block(text="①“周安排、月通报”，指每周安排学习内容，每月通报学习情况。", role=Role.NOTE),
    Block(text="②含派出机构。", role=Role.NOTE),
    Block(text="③见《云江省学习制度汇编》第12页。", role=Role.NOTE),
)
ENTRIES = st.builds(
    Entry,
    title=st.sampled_from(TITLES),
    unit=st.sampled_from(("", "白石县委理论学习中心组", "临川市委宣传部")),
    note=st.sampled_from(
        ("", "临川市的做法有特色、有成效，现予刊发，供各地学习借鉴。", "做法一则。\n请各地结合实际学习借鉴。")
    ),
    blocks=st.sampled_from(((PARAGRAPH,), HEADINGS, (PARAGRAPH, *HEADINGS), NOTED, rich_entry(1).blocks)),
)
NUMBERS = st.one_of(
    st.builds(IssueNumber, total=st.integers(1, 999)),
    st.builds(IssueNumber, year=st.just(2024), in_year=st.integers(1, 60)),
    st.builds(IssueNumber, year=st.just(2024), in_year=st.integers(1, 60), total=st.integers(61, 999)),
)

REPORTED = st.lists(
    st.sampled_from((
        "省委、省政府", "省委", "省政府", "省委、省人大常委会、省政府、省政协领导同志", "省法院、省检察院", "省委办公厅",
        "省协调小组成员单位", "省级机关各部委（办、厅、局）", "各人民团体",
    )), min_size=1, max_size=5, unique=True,
).map(tuple)  # fmt: skip
ISSUED = ("各设区市委宣传部、组织部",)


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
        distribution=Distribution(report=draw(REPORTED), send=draw(REPORTED), issue=draw(st.sampled_from(((), ISSUED)))),
        copies=draw(st.sampled_from((None, 50, 300))),
    )  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(issues(), st.sampled_from(list(Ending)[1:]), st.sampled_from(("default", "yearly")))
def test_an_issue_reads_back_from_its_docx(one: Issue, ending: Ending, style: str) -> None:
    assert_same(one, read_back(build_docx(one, load_style(style), PICTURES, {}, ending=ending)))


@pytest.mark.parametrize("articles", [1, 3, 8])
def test_tables_pictures_captions_roles_and_run_in_headings_read_back(articles: int) -> None:
    more = {"secrecy": "内部资料", "copy_number": "000007", "note": "本期刊发经验材料。\n供各地学习借鉴。"}
    more |= {
        "distribution": Distribution(
            send=("各设区市委宣传部、组织部", "省级机关各部委"), issue=("各设区市委宣传部、组织部",)
        )
    }
    one = issue(articles, rich=True, **more)
    assert_same(one, read_back(build_docx(one, STYLE, PICTURES, {})))


@pytest.mark.parametrize("style", style_names())
def test_an_issue_without_sections_reads_back(style: str) -> None:
    whole = issue(3)
    one = whole.model_copy(update={"sections": (Section(name="", entries=whole.entries),)})
    assert_same(one, read_back(build_docx(one, load_style(style), {}, {})))


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("note", ["", "本期刊发一组材料，供各地学习借鉴。"])
@pytest.mark.parametrize(
    "titles",
    [
        ("工作动态", "工作动态"),
        ("白石县召开供水改革推进会",) * 6,
        ("白石县召开供水改革推进会", "临川市召开学习交流会", "白石县召开供水改革推进会"),
        ("白石县召开供水改革推进会", "白石县召开供水改革推进会暨观摩会", "白石县召开供水改革推进会"),
        (TITLES[2], TITLES[0], TITLES[2]),
    ],
)
def test_an_issue_without_sections_may_have_a_title_twice(titles: tuple[str, ...], note: str, style: str) -> None:
    entries = tuple(Entry(title=title, blocks=(PARAGRAPH, Block(text=BODY[at % 3]))) for at, title in enumerate(titles))
    one = issue(3).model_copy(update={"sections": (Section(name="", entries=entries),), "note": note})
    assert_same(one, read_back(build_docx(one, load_style(style), {}, {})))


def test_entries_before_the_first_section_read_back() -> None:
    whole = issue(3)
    first, *others = whole.sections
    one = whole.model_copy(update={"sections": (first.model_copy(update={"name": ""}), *others)})
    assert_same(one, read_back(build_docx(one, STYLE, {}, {})))


def test_notes_on_keywords_signature_and_date_are_printed() -> None:
    blocks = (
        PARAGRAPH,
        Block(text="关键词：学习制度①；宣讲", role=Role.KEYWORDS),
        Block(text="陈志远②", role=Role.SIGNATURE),
        Block(text="2024年12月3日③", role=Role.DATE),
        Block(text="①指每周安排、每月通报的制度。", role=Role.NOTE),
        Block(text="②作者系白石县委宣传部干部。", role=Role.NOTE),
        Block(text="③本文曾在内部交流。", role=Role.NOTE),
    )
    assert list(anchors(blocks)) == [4, 5, 6]
    one = issue(1).model_copy(
        update={"sections": (Section(name="经验交流", entries=(Entry(title="做法", blocks=blocks),)),)}
    )
    with zipfile.ZipFile(io.BytesIO(build_docx(one, STYLE))) as made:
        notes = made.read("word/footnotes.xml").decode()
    assert all(block.text[1:] in notes for block in blocks[4:])


def test_a_note_without_a_mark_in_the_text_stays_a_paragraph() -> None:
    assert list(anchors(NOTED)) == [3, 4, 5]
    listed = (Block(text="做到①有计划；②有记录；①再说一遍。"), Block(text="①见附件。", role=Role.NOTE))
    assert anchors(listed) == {}
    assert anchors((Block(text="①计划"), Block(text="①见附件。", role=Role.NOTE))) == {}
    assert anchors((Block(text="做到：①有计划。"), Block(text="①见附件。", role=Role.NOTE))) == {}
    assert anchors((*NOTED, Block(text="⑤见附件。", role=Role.NOTE))) == {}


def test_eight_titles_broken_over_lines_read_back() -> None:
    one = issue(8, distribution=Distribution(send=("省协调小组成员单位",)))
    assert_same(one, read_back(build_docx(one, STYLE, PICTURES, {}, ending=Ending.SAME)))


def test_a_past_issue_of_the_corpus_keeps_all_its_text_in_our_form(corpus) -> None:  # type: ignore[no-untyped-def]
    path = next((corpus / "seeds").glob("004_*.txt"))
    (piece,) = pieces(extract(Submission(name=path.name, content=path.read_bytes())))
    assert isinstance(piece, BackIssue)
    again = read_back(build_docx(piece.issue, STYLE, {}, {}, ending=Ending.SAME))
    assert again.entries
    assert_same(piece.issue, again)


# ---------------------------------------------------------------- 文稿汇编

COLLECTED = st.builds(
    Entry,
    title=st.sampled_from((*TITLES, "让清水长流", "白石县委理论学习中心组学习侧记 2024")),
    subtitle=st.sampled_from(("", "白石县供水改革纪实")),
    unit=st.sampled_from(("", "白石县委理论学习中心组", "临川市委宣传部", "云江海关")),
    author=st.sampled_from(("", "林小舟", "方远、严守信")),
    date=st.sampled_from((None, dt.date(2024, 2, 9))),
    note=st.sampled_from(("", "临川市的做法有特色、有成效，现予刊发，供各地学习借鉴。")),
    blocks=st.sampled_from(
        ((PARAGRAPH,), (Block(text="水清了。"),), HEADINGS, (PARAGRAPH, *HEADINGS), NOTED, rich_entry(1).blocks)
    ),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(COLLECTED, min_size=1, max_size=9),
    st.sampled_from(("理论学习 优秀文稿汇编", "学习与思考", "白石县委宣传部")),
    st.sampled_from(("", "云江省学习工作协调小组办公室")),
    st.sampled_from(("default", "yearly")),
)
def test_a_collection_reads_back_from_its_docx(entries: list[Entry], title: str, issuer: str, style: str) -> None:
    docx = build_collection(title, entries, load_style(style), PICTURES, {}, issuer=issuer, day=dt.date(2024, 12, 3))
    found = pieces(extract(Submission(name="汇编.docx", content=docx)))
    assert len(found) == len(entries)
    for mine, theirs in zip(entries, found, strict=True):
        assert isinstance(theirs, Article)
        assert (theirs.title, theirs.subtitle) == (mine.title, mine.subtitle)
        # What an article does not say above its text is read from its signature and its title.
        assert theirs.unit == mine.unit if mine.unit else theirs.unit in ("", "白石县委宣传部", "白石县")
        assert theirs.author == mine.author
        assert theirs.date == mine.date if mine.date else theirs.date in (None, dt.date(2024, 12, 3))
        note = (Block(text=f"编者按：{mine.note}", role=Role.NOTE),) if mine.note else ()
        assert blocks_of(theirs) == blocks_of(mine.model_copy(update={"blocks": (*note, *mine.blocks)}))
    lost = "\n".join(change.before for piece in found for change in piece.changes if change.rule == "contents")
    assert "目录" in lost
    assert title.replace(" ", "") in "".join(lost.split())
