"""Every issue that we print ourselves reads back the same, as a past issue."""

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from builders.style import load_style
from builders.word import build_docx
from bulletin.backissue import read_issue
from bulletin.cleaning import clean
from bulletin.model import Block, Distribution, Entry, Issue, IssueNumber, Section, Series, Submission
from bulletin.structure import arrange
from extractors.registry import extract

PROSE = "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"
STYLE = load_style("default")

_PLACES = st.sampled_from(["清河县", "云岭县", "临川市", "青石镇", "南屏区", "云江省"])
_DEEDS = st.sampled_from(
    ["供水改革取得阶段性成效", "建好“河畔课堂”", "推动宣讲入脑入心", "召开专题会议部署重点工作",
     "着力打造“一窗通办”服务品牌", "以《供水条例》为抓手完善长效机制",
     "开展2023年度理论学习中心组专题研讨", "深化“三个一批”行动", "加快建设数字乡村 不断提升治理水平"]
)  # fmt: skip
_TITLES = st.builds(
    lambda p, c, a, b: f"{p}{c}{a}{b}",
    _PLACES,
    st.sampled_from(["", "："]),
    _DEEDS,
    st.one_of(st.just(""), _DEEDS.map(lambda d: " " + d)),
)
_SENTENCES = st.lists(
    st.sampled_from(
        [
            PROSE,
            "会议指出，要压实责任。",
            "一是建立专班，二是压实责任，三是强化督导。",
            "全县共完成投资1.2亿元，增长3.5%。",
        ]
    ),
    min_size=1,
    max_size=3,
).map("".join)
_HEADS = st.sampled_from(["一、建好阵地", "（一）选好队伍", "二、聚焦群众“急难愁盼”，办好民生实事"])
_BODIES = st.lists(
    st.one_of(_SENTENCES, _SENTENCES.map(lambda s: "（二）抓好落实。" + s), _HEADS), min_size=1, max_size=5
).map(lambda lines: arrange([Block(text=line) for line in [PROSE, *lines, PROSE]]))
_ENTRIES = st.builds(
    Entry,
    title=_TITLES,
    unit=st.one_of(st.just(""), _PLACES.map(lambda p: p + "委宣传部")),
    author=st.sampled_from(["", "林小舟", "方远 周岚"]),
    note=st.sampled_from(["", "该县做法值得推广，现予编发。"]),
    blocks=_BODIES,
)
_NUMBERS = st.one_of(
    st.builds(IssueNumber, total=st.integers(1, 999), series=st.sampled_from(Series)),
    st.builds(
        IssueNumber, year=st.just(2023), in_year=st.integers(1, 60), total=st.one_of(st.none(), st.integers(1, 999))
    ),
)
_SECTIONS = st.lists(
    st.lists(_ENTRIES, min_size=1, max_size=3, unique_by=lambda e: e.title), min_size=1, max_size=3
).map(
    lambda groups: tuple(
        Section(name=n, entries=tuple(g)) for n, g in zip(["上情下达", "经验交流", "学习动态"], groups, strict=False)
    )
)
_RECIPIENTS = st.lists(
    st.sampled_from(["省委办公厅", "市直各单位", "各县（市、区）委宣传部", "协调小组成员单位"]), max_size=3, unique=True
).map(tuple)
_ISSUES = st.builds(
    Issue,
    publication=st.sampled_from(["临川信息", "临川学习 工作简报"]),
    number=_NUMBERS,
    date=st.dates(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)),
    issuer=st.sampled_from(["临川市学习办公室", "临川市委宣传部"]),
    sections=_SECTIONS,
    distribution=st.builds(Distribution, report=_RECIPIENTS, send=_RECIPIENTS, issue=_RECIPIENTS),
    note=st.sampled_from(["", "本期刊发一组经验材料，供各地学习借鉴。"]),
    copies=st.one_of(st.none(), st.integers(1, 900)),
    secrecy=st.sampled_from(["", "内部资料 注意保存", "内部资料"]),
)


def _untraced(issue: Issue) -> Issue:
    """The issue without the places that its blocks were read from."""

    def entry(item: Entry) -> Entry:
        return item.model_copy(update={"blocks": tuple(block.model_copy(update={"at": ()}) for block in item.blocks)})

    sections = tuple(s.model_copy(update={"entries": tuple(entry(e) for e in s.entries)}) for s in issue.sections)
    return issue.model_copy(update={"sections": sections})


@settings(max_examples=60)
@given(_ISSUES)
def test_an_issue_that_we_built_reads_back_the_same(issue):
    document = extract(Submission(name="第1期.docx", content=build_docx(issue, STYLE)))
    back = read_issue(clean(document))
    assert back is not None
    assert _untraced(back.issue) == issue
    assert not back.warnings
