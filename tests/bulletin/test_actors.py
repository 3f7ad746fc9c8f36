"""Who acts: golden rows of title, unit, lead -> level and kind."""

from pathlib import Path

import pytest

from bulletin.actors import ActorFinder, Kind
from bulletin.places import Gazetteer, Level

ROOT = Path(__file__).resolve().parents[2]

ROWS = [
    ("省委常委会召开会议", "云江省委办公厅", "", Level.PROVINCE, Kind.LEADERSHIP),
    ("市委常委会召开会议", "宁波市委办公厅", "", Level.CITY, Kind.LEADERSHIP),
    ("市委常委会召开会议", "上海市委办公厅", "", Level.PROVINCE, Kind.LEADERSHIP),
    ("区委常委会召开会议", "上海市静安区委办公室", "", Level.COUNTY, Kind.LEADERSHIP),
    ("县委书记讲专题党课", "白沙县委宣传部", "", Level.COUNTY, Kind.LEADER),
    ("自治区党委书记到联系点讲党课", "西藏自治区党委办公厅", "", Level.PROVINCE, Kind.LEADER),
    ("兵团党委召开常委会议", "新疆生产建设兵团党委", "", Level.PROVINCE, Kind.LEADERSHIP),
    ("省委书记在南屏市调研时强调", "南屏市委宣传部", "", Level.PROVINCE, Kind.LEADER),
    ("省委宣讲团走进白沙县", "白沙县委宣传部", "", Level.PROVINCE, Kind.LECTURERS),
    ("学习会精神到基层", "海州市委宣传部", "5月3日，中央宣讲团成员来到海州。", Level.CENTRAL, Kind.LECTURERS),
    ("省财政厅党组召开学习会", "省财政厅", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("省水利厅党组书记、厅长讲专题党课", "省水利厅", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("省委常委、宣传部部长到县里调研", "", "", Level.PROVINCE, Kind.LEADER),
    ("省水利厅青年理论学习小组赴水库学习", "省水利厅", "", Level.PROVINCE, Kind.INTERNAL),
    ("学校党委召开学习会", "清江大学", "", Level.GRASSROOTS, Kind.UNIVERSITY),
    ("集团党委举办读书班", "云江能源集团", "", Level.GRASSROOTS, Kind.ENTERPRISE),
    ("传达学习中央经济工作会议精神", "江岭县委", "3月5日，县委常委会召开会议。", Level.COUNTY, Kind.LEADERSHIP),
    ("为了读懂一本书", "", "近日，省委党校举行开学典礼。", Level.PROVINCE, Kind.PARTY_SCHOOL),
    ("在课堂里", "", "为深入学习，在七一之际，东浦市教育局举办培训。", Level.CITY, Kind.DEPARTMENT),
    ("高桥镇：板凳上的课", "高桥镇党委", "", Level.GRASSROOTS, Kind.AREA),
    ("民盟云江省委会举办学习班", "民盟云江省委会", "", Level.PROVINCE, Kind.OTHER_PARTY),
    ("国家税务总局白沙县税务局开展读书活动", "", "", Level.COUNTY, Kind.DEPARTMENT),
    ("国家统计局海南调查总队党组召开学习会", "", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("国家税务总局党委召开会议", "", "", Level.CENTRAL, Kind.DEPARTMENT),
    ("省农业农村厅：学用结合", "", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("本市部署宣讲工作", "北京市委宣传部", "", Level.PROVINCE, Kind.AREA),
    ("本市部署宣讲工作", "东浦市委宣传部", "", Level.CITY, Kind.AREA),
    ("市委书记到万州区调研", "", "", Level.PROVINCE, Kind.LEADER),
    ("我区部署宣讲工作", "西藏自治区党委宣传部", "", Level.PROVINCE, Kind.AREA),
    ("我区部署宣讲工作", "成都市锦江区委宣传部", "", Level.COUNTY, Kind.AREA),
    ("区委中心组举行学习会", "广西壮族自治区南宁市青秀区委", "", Level.COUNTY, Kind.LEADERSHIP),
    ("全省宣讲大赛清河赛区开赛", "省委宣传部", "", Level.CITY, Kind.AREA),
    ("我局选手在比赛中获奖", "临川市司法局", "", Level.CITY, Kind.DEPARTMENT),
    ("第三届全省微党课比赛云台县预赛举行", "", "", Level.COUNTY, Kind.AREA),
    ("全省微党课比赛决赛在省会举行", "省委宣传部", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("团省委举行学习会", "", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("共青团中央部署学习", "", "", Level.CENTRAL, Kind.DEPARTMENT),
    ("海关总署召开会议", "", "", Level.CENTRAL, Kind.DEPARTMENT),
    ("清江海关举行读书会", "", "", Level.GRASSROOTS, Kind.INSTITUTION),
    ("财政部海南监管局举办读书会", "", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("新华社海南分社青年读书", "", "", Level.PROVINCE, Kind.INTERNAL),
    ("新华社发表评论", "", "", Level.CENTRAL, Kind.DEPARTMENT),
    ("省作家协会举行学习会", "", "", Level.PROVINCE, Kind.DEPARTMENT),
    ("第八师一四四团党委举行学习会", "", "", Level.GRASSROOTS, Kind.DEPARTMENT),
    ("市委督导组到县里督导", "", "", Level.CITY, Kind.DEPARTMENT),
]


@pytest.fixture(scope="module")
def finder() -> ActorFinder:
    return ActorFinder(Gazetteer.parse((ROOT / "data/reference/divisions.csv").read_text("utf-8")))


@pytest.mark.parametrize(("title", "unit", "body", "level", "kind"), ROWS)
def test_the_acting_body(finder: ActorFinder, title: str, unit: str, body: str, level: Level, kind: Kind) -> None:
    actor = finder.acting(title, unit, body)
    assert (actor.level, actor.kind) == (level, kind), actor


def test_the_sentence_that_names_the_body_is_kept(finder: ActorFinder) -> None:
    actor = finder.acting("书香满院", "", "12月4日，清河市委召开会议。会后大家参观了展览。")
    assert (actor.zone, actor.sentence) == ("lead", "12月4日，清河市委召开会议。")


def test_lines_of_the_web_page_are_not_the_lead(finder: ActorFinder) -> None:
    actor = finder.acting("书香满院", "", "来源：云江省日报 浏览次数：12\n12月4日，清河市委召开会议。")
    assert actor.level is Level.CITY


@pytest.mark.parametrize("title", ["", "如何读书", "春天来了"])
def test_nobody_acts_where_nobody_is_named(finder: ActorFinder, title: str) -> None:
    assert not finder.acting(title, "", "")
