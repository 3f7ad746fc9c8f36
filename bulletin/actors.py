"""Who acts in an article: the body, its level and its kind.

The acting body is the subject of the title (省委常委会召开会议 ...), else of the lead sentence
(3月5日，市财政局党组理论学习中心组举行 ...), else the submitting unit. Words in the middle of a title do not
count: 县委常委会传达学习中央经济工作会议精神 is an act of the county.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bulletin.places import Gazetteer, Level, Place


class Kind(StrEnum):
    """What sort of body acts."""

    LEADERSHIP = "leadership"
    LEADER = "leader"
    OFFICE = "office"
    DEPARTMENT = "department"
    LECTURERS = "lecturers"
    PARTY_SCHOOL = "party_school"
    INTERNAL = "internal"
    UNIVERSITY = "university"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    OTHER_PARTY = "other_party"
    AREA = "area"
    UNKNOWN = "unknown"


KIND_NAMES = {
    Kind.LEADERSHIP: "领导机关",
    Kind.LEADER: "领导同志",
    Kind.OFFICE: "办公厅（室）",
    Kind.DEPARTMENT: "部门",
    Kind.LECTURERS: "宣讲团",
    Kind.PARTY_SCHOOL: "党校",
    Kind.INTERNAL: "单位内部组织",
    Kind.UNIVERSITY: "学校",
    Kind.ENTERPRISE: "企业",
    Kind.INSTITUTION: "事业单位",
    Kind.OTHER_PARTY: "民主党派组织",
    Kind.AREA: "地方",
    Kind.UNKNOWN: "单位",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """An acting body as named in a text, with the sentence that names it."""

    name: str = ""
    level: Level = Level.NONE
    kind: Kind = Kind.UNKNOWN
    sentence: str = ""
    zone: str = ""
    """Where it was found: title, lead or unit."""

    def __bool__(self) -> bool:
        return self.level is not Level.NONE


NOBODY = Actor()

_PROTECTED = (
    "工作|理论学习中心组|学习小组|学习教育|主题教育|学习贯彻|宣讲团|调研组|组织部|组织人事|宣传部|研究院|研究室|研究所|"
    "工作委员会|工作部|工作领导小组|工作局|在京|讲师团|讲习所|出版|传媒|参事|部署要求|学院|学校|大学|中学|小学|学会|党校|小学文化|"
    "学研|建设|推进委|指导组|督导组|督查组|巡回|领导小组|协调小组|实践站|实践中心|调查队|老干部|管理|发展|监督|检察|检验|指挥|作家|合作|协作"
)
_VERBS = (
    "召开|举行|举办|开展|组织|印发|下发|出台|发布|传达|学习|部署|动员|要求|强调|指出|出席|主持|调研|考察|督导|宣讲|讲授|"
    "走进|深入|赴|到|来到|前往|在|与|联合|牵头|启动|推动|推进|坚持|创新|打造|构建|探索|聚焦|紧扣|围绕|把|将|以|通过|研究|"
    "审议|听取|为|就|集中|专题|认真|扎实|参观|参加|开讲|开班|开学|讲|抓|抓住|作|做|邀请|特邀|切实|着力|积极|持续|充分|面向|"
    "依托|立足|多措|全力|不断|采取|建立|健全|实施|制定|用|让|从|对|按|共有|现有|地处|位于|是|有|自(?!治)|于|向|下|近日|日前|近年来|"
    "今年|结合|利用|发挥|落实|贯彻|成立|组建|开设|开办|推行|推出|公开|拟|决定|关于|同|赛|荣获|喜获|夺|开"
)
_SUBJECT = re.compile(rf"(?:{_PROTECTED}|(?!{_VERBS})[^，。；：！？“”《》\s——]){{1,40}}")

_NOT_A_BODY = re.compile(
    r"精神$|规定$|讲话|论述|条例|[指批]示|思想$|理论$|(?:党课|报告|文件|读本|征文|训练营|大赛|比赛)$|意见$"
)
_FALSE_LEVEL = re.compile(
    r"民盟|台盟|农业农村|农村|乡村|城乡|城市|市场|市政(?![府协])|村镇|区域|县域|省域|市域|州际|村级|乡镇企业|街道办|山区|牧区|校区|灌区|赛区|"
    r"景区|军区|战区|厂区|库区|林区|矿区|小区|社区(?=教育|矫正)|集市|都市|乡愁|家乡|老区|片区"
)
_CONNECT = re.compile(r"^(?:中国共产党|中共|由|原)")
# 我区 of an autonomous region; 区委 is a district's committee even there, the region's own is called 区党委.
_WHOLE_REGION = re.compile(r"[我全本]区")

# Levels by the word that carries them, lowest first: the last territorial word of 漳州市东山县委 decides.
_LEVEL_WORDS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (
        Level.GRASSROOTS,
        re.compile(r"镇|乡|街道|社区|村|苏木|嘎查|连队|支部|[零一二三四五六七八九十]团(?=党委|机关)|团场"),
    ),
    (Level.COUNTY, re.compile(r"县|旗|(?<!自治)(?<!地)区(?!党委)")),  # 临江县委、东湖区委、高新区党工委
    (Level.CITY, re.compile(r"市|州|盟|地委|地区|行署|第[一二三四五六七八九十]+师|师市")),  # 东川市委、兵团第八师
    (Level.PROVINCE, re.compile(r"省|自治区|区党委|兵团")),  # 省委、自治区党委、兵团党委
)
_CENTRAL = re.compile(
    r"^(?:党中央|第[一二三四五六七八九十]{1,3}届中央|(?:共青)?团中央|海关总署|中国(?:文联|作协|科协|记协|作家协会|科学技术协会)|"
    r"中央(?!党校出版|民族大学|财经大学|美术|音乐|戏剧|企业|广播电视大学)|国务院|全国(?:人大|政协|总工会|妇联|工商联|"
    r"[\u4e00-\u9fff]{0,10}会议)|中[宣组]部|中纪委|中办|国办|国家[\u4e00-\u9fff]{1,9}[局委部]|最高人民|求是|人民日报|新华社|光明日报|"
    r"(?:教育|科技|科学技术|财政|外交|国防|公安|民政|司法|人力资源社会保障|自然资源|生态环境|住房城乡建设|交通运输|水利|农业农村|商务|"
    r"文化和旅游|应急管理|退役军人事务|工业和信息化)部)"
)

# 国家税务总局白沙县税务局, 财政部云江监管局, 新华社云江分社: a local organ bears the name of the central one, but
# acts at the level of its place.
_LOCAL_ORGAN = re.compile(
    r"^(?:国家[\u4e00-\u9fff]{1,9}?(?:总局|局|署)|财政部|自然资源部|生态环境部|新华社|(?:人民|光明|经济)日报社?)"
    r"(?=[\u4e00-\u9fff]{2,12}(?:局|总队|支队|队|专员办|分社|记者站))"
)

# What the body is, by its last word; the first row that fits decides.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.OTHER_PARTY,
        re.compile(r"^(?:民革|民盟|民建|民进(?!程)|农工(?:民主)?党|致公党|九三学社|台盟)"),
    ),  # 民盟云江省委会
    (Kind.LECTURERS, re.compile(r"(?:宣讲|报告|讲师)(?:分)?(?:团|队)|宣讲小分队")),  # 省委宣讲团
    (
        Kind.INTERNAL,
        re.compile(  # 省财政厅机关党委、市局青年理论学习小组
            r"青年|团委|团支部|机关党[委总]|机关纪委|党支部|总支|第[一二三四五六七八九十]+支部|离退休|工会|妇委会|机关服务|支队|"
            r"(?:厅|局|办|部|委)机关|直属单位|处室|党员干部|干部职工"
        ),
    ),
    (Kind.PARTY_SCHOOL, re.compile(r"党校|行政学院|社会主义学院|干部学院")),  # 省委党校
    (Kind.UNIVERSITY, re.compile(r"大学|学院|中学|小学|学校|高中|附中|幼儿园|校党委|校长|[全我]校")),  # 江南大学党委
    (
        Kind.ENTERPRISE,
        re.compile(  # 省交通集团党委、云江烟草
            r"公司|集团|银行|农商行|农信|厂(?!长办)|煤矿|油田|电网|供电|电力|烟草|石化|石油|中铁|中建|中交|国能|工程局|电信|移动|联通|铁路局|"
            r"机场|航空|钢铁|企业(?!家)|项目部|分行|支行|证券|保险|邮政|药业|酒业|水泥|车间|商会|(?<!作家)(?<!技术)协会|工作室"
        ),
    ),
    (
        Kind.INSTITUTION,
        re.compile(  # 省人民医院、省社科院、清江海关
            r"医院|研究院|研究所|设计院|科学院|社科院|社会科学院|农科院|图书馆|博物馆|纪念馆|报社|报业|电视台|广播|大队|监狱|疾控|"
            r"出版社|勘查院|融媒体|水文|海关(?!总署)|边检站|海事局|中心(?!组|任务|工作|城)"
        ),
    ),
    (Kind.OFFICE, re.compile(r"(?:委|政府|人大|政协)?办公[厅室]$")),  # 省委办公厅
    # 团省委、共青团云江省委: a department of the province, however much it looks like its committee
    (Kind.DEPARTMENT, re.compile(r"^(?:共青团|团[省市县区州盟旗]委)")),
    # 省财政厅党组书记、厅长: the head of a department acts for the department
    (
        Kind.DEPARTMENT,
        re.compile(r"(?:厅|局|法院|检察院|总队|工委)(?:党[委组])?(?:主要)?(?:副?书记|负责|[厅局]长|[副院检])"),
    ),
    (
        Kind.LEADER,
        re.compile(  # 省委书记、市长、县委副书记
            r"(?:省|市|县|区|州|盟|旗|地|自治区党|区党|兵团党|镇党|乡党|党|工)委(?:副)?书记|[省市县区州盟旗镇乡]长|"
            r"自治区(?:政府)?主席|(?:人大常委会|政协)(?:副)?主[任席]|(?:省|市|县|区|州)委?常委、|党组(?:副)?书记|"
            r"(?:省|市|县|区|州|盟|旗)(?:级)?领导|主要负责同志|总书记|总理|政治局常委"
        ),
    ),
    (
        Kind.LEADERSHIP,
        re.compile(  # 省委常委会、省政府党组、省人大常委会、省委理论学习中心组、领导小组
            r"(?:省|市|县|区|州|盟|旗|地)委(?:、|和|$|常委|全会|全委|全体|理论学习中心组|中心组|会议|[一二三四五六七八九十]+届|经济工作会|"
            r"农村工作会|人才工作会|统战工作会|党的建设|.{0,16}(?:领导|协调)小组|深改委|.{0,10}委员会(?!办公室))|"
            r"区党委(?:、|和|$|常委|全会|理论学习|会议|[一二三四五六七八九十]+届|.{0,16}(?:领导|协调)小组|.{0,10}委员会(?!办公室))|"
            r"兵团党委(?!办|宣|组|统|党校)|"
            r"[省市县区州盟旗团]人?民?政府(?:、|$|党组|常务|全体|专题)|自治区人民政府(?:、|$|党组|常务)|"
            r"人大常委会(?!办公|机关|研究)|人大(?:党组)?$|政协(?!办公|机关|研究)|纪委(?:监委)?(?!机关|驻|.{0,4}组)|"
            r"(?:领导|协调)小组(?!办公室)|党代会|党代表大会|党中央|中央|国务院|军区党委|行署"
        ),
    ),
    (
        Kind.DEPARTMENT,
        re.compile(  # 省财政厅党组、市委宣传部、县教育局
            r"厅|局|部|办|委|署|院|总队|社|联|总工会|团省委|室|组|队|所|站|会|直机关|机关|馆"
        ),
    ),
)

_PREPOSITIONS = re.compile(
    r"^(?:为|在|按照|根据|围绕|随着|结合|对|从|由|通过|自(?!治)|当|作为|以|经|如何|据|今年|去年|近年|同时|其中|这|每|让|把|将|面对|"
    r"习近平|党的|学习贯彻|深入|坚持|强化|推动|持续|走进|不断|全面|立足|聚焦)"
)
# 学习贯彻全会精神中央宣讲团: the occasion stands before the body.
_OCCASION = re.compile(
    r"^[^，。]{2,60}?精神(?:的)?(?=(?:中央|省|市|县|区|自治区|州|盟|旗|兵团|[^，。]{2,6}[省市县区])[^，。]{0,3}宣讲团|中央宣讲团|宣讲团)"
)
# 全省宣讲大赛清河赛区开赛: the contest is the province's, but who acts is its leg, or the unit that reports of it.
_CONTEST = re.compile(
    r"^(?:第[^，。]{1,6}届)?(?:全[省国区市]|[^，。]{0,3}[省国])[^，。]{0,24}?(?:大赛|比赛|竞赛|展演|擂台赛|技能比武)"
)
_LEG = re.compile(r"[^，。]{1,12}?(?:赛区|分赛场|片区|赛场|选拔赛|预赛|初赛|代表队|选手)")
_TIME = re.compile(
    r"^(?:[\s　（(【\[]*(?:本报讯|本网讯|讯|[^，。]{0,10}(?:记者|通讯员)[^，。）)】]{0,16})[）)】\]\s]*)?"
    r"(?:(?:\d{4}|[二〇○零一二三四五六七八九]{4})年)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})日|[上中下]旬)?(?:(?:至|—|-|~|、)(?:\d{1,2}月)?\d{1,2}日)?"
    r"(?:上午|下午|晚上?|清晨|傍晚|夜间|凌晨|一早)?[，,]?|^(?:近日|日前|近期|连日来|今天|昨天|昨日|今日|近年来|近几年来?|一直以来)[，,]?"
)
_CARRIER = re.compile(
    r"字[号体]|来源[：:]|时间[：:]|作者[：:]|浏览|阅读次数|打印|发布[：:]|^\s*[（(]?\d{4}年\d{1,2}月\d{1,2}日[）)]?$"
)
SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?[”’）]?")

LEAD_CLAUSES = 8
"""Clauses of the lead that are searched for a subject; in 623 training leads it was never later than the seventh."""


class ActorFinder:
    """Finds acting bodies with the help of a gazetteer."""

    def __init__(self, places: Gazetteer) -> None:
        self._places = places

    def acting(self, title: str, unit: str, body: str) -> Actor:
        """The acting body of an article; NOBODY where nothing names one."""
        own = self.in_unit(unit)
        home = self._home(unit) or self._home(title) or self._home(body[:120])
        for zone, found in (("title", self._in_title(title, own, home)), ("lead", self._in_lead(body, own, home))):
            if found:
                return Actor(found.name, found.level, found.kind, found.sentence, zone)
        return own

    def in_unit(self, unit: str) -> Actor:
        """The submitting unit as a body."""
        found = self._body(unit, self._home(unit)) if unit else NOBODY
        return Actor(found.name, found.level, found.kind, unit, "unit") if found else NOBODY

    def _in_title(self, title: str, own: Actor, home: Place | None) -> Actor:
        parts = [part for part in re.split(r"[\s　|｜]+|——|—", title) if part]
        for part in parts:
            head, colon, _ = part.partition("：")
            text = head if colon and len(head) <= 24 else part
            found = self._subject(text.lstrip("“【[《"), own, home)
            if found:
                return Actor(found.name, found.level, found.kind, title)
        return NOBODY

    def _in_lead(self, body: str, own: Actor, home: Place | None) -> Actor:
        for clause, sentence in _clauses(body):
            found = self._subject(clause, own, home)
            if found:
                return Actor(found.name, found.level, found.kind, sentence)
        return NOBODY

    def _subject(self, text: str, own: Actor, home: Place | None) -> Actor:
        """The body a clause begins with; a relative one (局党委, 学校) has the level of the submitting unit."""
        text = _OCCASION.sub("", text)
        contest = _CONTEST.match(text)
        if contest is not None:
            text = text[contest.end() :]
            leg = _LEG.match(text)
            if leg is not None:
                return Actor(leg.group(), self._level(leg.group(), home) or Level.CITY, Kind.AREA)
        if _PREPOSITIONS.match(text):
            return NOBODY
        match = _SUBJECT.match(text)
        if match is None or _NOT_A_BODY.search(match.group()):
            return NOBODY
        name = match.group()
        found = self._body(name, home)
        if not found and own and _RELATIVE.match(name):
            kind = _kind(name)
            return Actor(name, own.level, own.kind if kind in (Kind.DEPARTMENT, Kind.UNKNOWN) else kind)
        return found

    def _body(self, name: str, home: Place | None) -> Actor:
        """The body a name means; NOBODY where it names no level."""
        name = _CONNECT.sub("", name)
        kind = _kind(name)
        if kind in (Kind.UNIVERSITY, Kind.ENTERPRISE):
            return Actor(name, Level.GRASSROOTS, kind)
        if _CENTRAL.match(name):
            organ = _LOCAL_ORGAN.match(name)
            local = self._level(name[organ.end() :], home) if organ else Level.NONE
            return Actor(name, local or Level.CENTRAL, kind)
        level = self._level(name, home)
        if level is Level.NONE and kind is Kind.INSTITUTION:
            level = Level.GRASSROOTS
        if kind is Kind.UNKNOWN and level:
            kind = Kind.AREA
        return Actor(name, level, kind) if level else NOBODY

    def _level(self, name: str, home: Place | None) -> Level:
        """The lowest level the name speaks of; 市 of a municipality and 我区 of a region count as a province."""
        mentions = self._places.find(name)
        first = mentions[0] if mentions and mentions[0].start == 0 else None
        rest = _FALSE_LEVEL.sub("", name[first.end :] if first else name)
        level = next((level for level, word in _LEVEL_WORDS if word.search(rest)), Level.NONE)
        if (
            first is None
            and home is not None
            and (
                (level is Level.CITY and home.in_municipality)
                or (level is Level.COUNTY and home.region and _WHOLE_REGION.match(name))
            )
        ):
            level = Level.PROVINCE
        if first is None:
            return level
        return min(first.place.level, level) if level else first.place.level

    def _home(self, text: str) -> Place | None:
        return self._places.of(text) if text else None


_RELATIVE = re.compile(
    r"^(?:我|本|该|全)?(?:学?校|学院|公司|集团|[厅局院所处厂矿行社站]|企业|机关|单位|中心|医院|党[委组]|工委|各?支部|青年|"
    r"理论学习中心组|党委理论|党组理论|中心组|领导班子|班子)"
)


def _kind(name: str) -> Kind:
    return next((kind for kind, word in _KINDS if word.search(name)), Kind.UNKNOWN)


def _clauses(body: str) -> Iterator[tuple[str, str]]:
    """The first clauses of the first real paragraphs, each with its sentence; times are taken off the front."""
    left = LEAD_CLAUSES
    for match in SENTENCE.finditer(body[:1200]):
        sentence = match.group().strip()
        if not sentence or _CARRIER.search(sentence):
            continue
        for clause in re.split(r"[，,；;]", sentence):
            text = _TIME.sub("", clause.strip()).strip()
            if text:
                yield text, sentence
            left -= 1
            if not left:
                return
