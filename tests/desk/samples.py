"""Submissions for the tests of the desk, all of it invented, and a pool filled without reading files."""

from datetime import date, timedelta

from bulletin.model import Article, Block, Verdict
from services.context import Office
from services.uploads import read_arrivals, submit
from store.account_records import Account
from store.records import ArticleFilter
from tests.desk.conftest import Desk

PLACES = ("临川", "望河", "松岭", "清澜", "石桥", "雁洲", "白塔", "云浦")


BODIES = (
    "11月12日，{place}市召开{topic}工作推进会，总结前一阶段的做法，部署下一步任务。会议由{place}市委宣传部主持。\n"
    "会议指出，今年以来，{place}市组织宣讲小分队126支，深入村（社区）、企业、学校开展{topic}活动1500余场，"
    "受众8万余人次，形成了一批可复制的做法。\n"
    "会议强调，要坚持问题导向，把{topic}与破解难题结合起来，推动各项任务落到实处、见到实效。\n",
    "近日，{place}市图书馆里座无虚席，来自机关、社区和企业的读者围坐在一起，交流{topic}的体会。\n"
    "活动分为朗读、荐书、对话三个环节，126支读书小组轮流登台，讲自己从书里学到的本领、从实践中得到的启发。\n"
    "{place}市还在车站、医院设立流动书架，让更多人随时有书读、读好书。\n",
    "怎样让年轻干部坐得住、听得进、用得上？{place}市的答案是{topic}。\n"
    "选派126支由老支书、技术骨干组成的导学队伍，一对一帮带，每月一题、每季一评，把课堂搬到项目工地和田间地头。\n"
    "一年下来，{place}市有四十七名青年干部独立承担了重点任务，群众满意度持续提高。\n",
    "{place}市从一张问题清单开始抓{topic}：先由基层点题，再由专班破题，最后请群众评卷。\n"
    "126支服务队走进商铺、渔港和果园，现场解答政策咨询，代办证照，协调贷款，收集意见建议三百余条。\n"
    "目前清单上的事项已办结九成，其余列入明年计划逐项推进。\n",
)


def story(place: str = "临川", topic: str = "基层宣讲") -> str:
    """An article of the genre; neighbouring places tell different stories."""
    body = BODIES[PLACES.index(place) % len(BODIES)].format(place=place, topic=topic)
    return f"{place}市扎实推进{topic}工作\n{place}市委宣传部\n{body}"


def account(desk: Desk, name: str) -> Account:
    """The account of that name."""
    with desk.office.store.reading() as unit:
        return unit.accounts.get(name)


def send(office: Office, account: Account, **texts: str) -> dict[str, str]:
    """Sends in texts by name and reads them; the id of the first article of each."""
    files = [(f"{name}.txt", "text/plain", text.encode()) for name, text in texts.items()]
    arrivals = submit(office, account, files)
    read_arrivals(office, [arrival.sha256 for arrival in arrivals], lambda done, total: None)
    with office.store.reading() as unit:
        found = {}
        for arrival in arrivals:
            ids = unit.articles.ids(office.publication.key, ArticleFilter(sources=(arrival.sha256,)))
            found[arrival.name.removesuffix(".txt")] = ids[0] if ids else ""
    return found


def fill(office: Office, count: int) -> None:
    """Puts so many articles into the pool as if they had been read."""
    sections = office.publication.section_names
    for start in range(0, count, 500):
        with office.store.transaction() as unit:
            for number in range(start, min(start + 500, count)):
                place = PLACES[number % len(PLACES)]
                body = story(place, f"第{number}批学习").splitlines()[2:]
                article = Article(
                    source=f"{number:012x}".ljust(64, "0"),
                    title=f"{place}市开展第{number}批学习活动",
                    unit=f"{place}市委宣传部",
                    date=date(2026, 11, 20) - timedelta(days=number % 700),
                    blocks=tuple(Block(text=line) for line in body),
                )
                section = sections[number % len(sections)]
                verdict = Verdict(section=section, confidence=0.5 + number % 50 / 100)
                unit.articles.add(office.publication.key, article, verdict=verdict, abstract=body[0][:50])
