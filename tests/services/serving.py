"""An office with mail, robots and a clock that tests turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services.context import Office, open_office
from services.service import SmtpServer
from services.settings import read_settings
from services.setup import SetupRequest, set_up

FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

MEETING = """望河市委理论学习中心组举行专题学习会
望河市委宣传部
2026年11月17日

11月17日，望河市委理论学习中心组举行专题学习会，围绕“统筹发展和安全”开展学习研讨。市委书记江怀瑾主持会议并讲话。
会议指出，要深刻认识统筹发展和安全的重大意义，增强忧患意识，坚持底线思维，着力防范化解各类风险。
会议强调，全市各级党委（党组）要把学习同推动当前工作结合起来，对照年度目标任务逐项盘点，确保完成全年任务。
"""
READING = """白塔区举办机关干部读书分享会
白塔区委区直机关工委
2026年11月14日

11月14日，清澜市白塔区举办机关干部读书分享会，来自区直机关的十二名干部登台分享，一百八十余人参加。
区税务局干部结合窗口服务经历分享了读书体会；区农业农村局干部讲述了带着书本下乡、向老农请教的故事。
据了解，今年以来，白塔区已举办读书分享会九期，累计参加二千余人次。
"""
ADVERT = """2027年度《学习导刊》征订启事

《学习导刊》全年十二期，每期定价15元，即日起开始办理2027年度征订工作，各单位可到当地邮局订阅。
订阅满20份的单位赠送学习笔记本一套。征订热线：0000-0000000
"""


@dataclass
class Clock:
    now: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def smtp(port: int) -> SmtpServer:
    return SmtpServer(host="127.0.0.1", port=port, security="none", sender="编辑部 <jianbao@example.org>")


@contextmanager
def serving(home: Path, clock: Clock, *, port: int = 0, key: str = "default", **answers: object) -> Iterator[Office]:
    """The office of a publication set up by `init` with these answers; its store goes by the same clock."""
    request = {"key": key, "name": "云江 简报", "issuer": "云江省某办公室", "smtp": smtp(port) if port else None}
    set_up(home, SetupRequest.model_validate(request | answers), force=True)
    office = open_office(read_settings(home), key, clock)
    office.store.clock = clock
    try:
        yield office
    finally:
        office.store.close()


def put(office: Office, name: str, text: str) -> None:
    office.inbox.mkdir(parents=True, exist_ok=True)
    (office.inbox / f"{name}.txt").write_text(text, "utf-8")


def add_service(office: Office, text: str) -> None:
    """Write further lines into the table [service]."""
    path = office.settings.home / "publications" / f"{office.publication.key}.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    office.__dict__.pop("service", None)
