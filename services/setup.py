"""`bulletin init`: a home with commented settings, a publication of its own and an empty store."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bulletin.errors import SettingsError, StateError
from bulletin.model import MOST_NUMBER, Distribution, Frozen, NumberScheme
from services.context import open_office
from services.senders import is_mail_address
from services.service import Service, SmtpServer, Webhook
from services.settings import (
    REFERENCE,
    SETTINGS_FILE,
    Settings,
    main_publication,
    parse_publication,
    read_settings,
)

Role = Literal["directive", "experience", "news"]
ROLE_NAMES: Mapping[str, Role] = {"部署": "directive", "经验": "experience", "动态": "news"}
"""What a section collects, in the words of the question, and as the rules call it."""

PRIVATE = 0o600
"""Settings hold passwords: nobody but the service's account reads them."""


def _mail_address(text: str) -> str:
    if not is_mail_address(text):
        raise ValueError("not an address")
    return text


MailAddress = Annotated[str, AfterValidator(_mail_address)]


class SectionPlan(Frozen):
    """A section as it is asked for: name, what it collects, how many articles an issue takes."""

    name: str
    role: Role
    quota: int = Field(default=8, ge=1)


DEFAULT_SECTIONS = (
    SectionPlan(name="上情下达", role="directive", quota=4),
    SectionPlan(name="经验交流", role="experience", quota=6),
    SectionPlan(name="学习动态", role="news", quota=10),
)


class SetupRequest(Frozen):
    """The answers to the questions of `bulletin init`."""

    key: str = Field(default="default", pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    issuer: str = Field(min_length=1)
    region: str = ""
    level: Literal["central", "province", "city", "county"] = "province"
    scheme: NumberScheme = NumberScheme.TOTAL
    start: int = Field(default=1, ge=1, le=MOST_NUMBER)
    sections: tuple[SectionPlan, ...] = DEFAULT_SECTIONS
    distribution: Distribution = Distribution()
    weekday: int = Field(default=5, ge=1, le=7)
    hour: int = Field(default=8, ge=0, le=23)
    editors: tuple[MailAddress, ...] = ()
    recipients: tuple[MailAddress, ...] = ()
    admins: tuple[MailAddress, ...] = ()
    smtp: SmtpServer | None = None


class SetupReport(Frozen):
    """What was written, and where submissions go."""

    home: Path
    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    inbox: Path


def parse_section(text: str) -> SectionPlan:
    """The section of 名称:类别:篇数 (工作动态:动态:8); SettingsError for anything else."""
    name, _, rest = text.replace("：", ":").partition(":")
    kind, _, quota = rest.partition(":")
    if not name.strip() or kind not in ROLE_NAMES or (quota and not (quota.isdecimal() and int(quota))):
        kinds = "、".join(ROLE_NAMES)
        raise SettingsError(
            f"看不懂的栏目：{text}", advice=f"写作 名称:类别:篇数，类别为 {kinds} 之一，如 工作动态:动态:8"
        )
    return SectionPlan(name=name.strip(), role=ROLE_NAMES[kind], quota=int(quota or 8))


def set_up(home: Path, request: SetupRequest, *, force: bool = False) -> SetupReport:
    """The home, ready for work; StateError where the publication has been set up before and `force` is not given.

    In a home that has settings already only the publication is added: this is how a second one begins.
    """
    home = home.expanduser().resolve()
    publication = home / "publications" / f"{request.key}.toml"
    settings = home / SETTINGS_FILE
    if publication.exists() and not force:
        raise StateError(
            f"刊物 {request.key} 已经设置过，没有改动",
            subject=str(publication),
            advice="直接编辑这个文件；确要重写请加 --force（原文件另存为 .bak）",
        )
    files = {publication: publication_text(request)}
    if request.sections != DEFAULT_SECTIONS:
        files[publication.with_suffix(".rules.toml")] = rules_text(request.sections)
    # Forcing a second publication rewrites its own file, not the settings of the main one.
    keep_settings = settings.exists() and not (force and main_publication(read_settings(home)) == request.key)
    if not keep_settings:
        files[settings] = settings_text(request)
    for path, text in files.items():
        _write(path, text)
    parse_publication(publication)
    opened = open_office(read_settings(home, publication=request.key))
    opened.inbox.mkdir(parents=True, exist_ok=True)
    opened.store.close()
    return SetupReport(home=home, written=tuple(files), kept=(settings,) if keep_settings else (), inbox=opened.inbox)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.replace(path.with_name(f"{path.name}.bak"))
    path.touch(PRIVATE)
    path.write_text(text, "utf-8")


# ---------------------------------------------------------------- the files


def settings_text(request: SetupRequest) -> str:
    """settings.toml: what was answered, and every other setting as a comment with its default."""
    given: dict[str, Any] = {"publication": request.key, "admins": request.admins}
    tables = {"smtp": request.smtp.model_dump() if request.smtp else None}
    head = "# 本安装的设置。# 开头的行是说明或默认值；去掉行首的 # 即可改动。改后运行 bulletin doctor 检查。\n"
    lines = [head, *_plain_fields(Settings, given, leave_out=("home",))]
    lines += _table("smtp", SmtpServer, tables["smtp"], "发信服务器：通知、回告、发刊都用它")
    return "\n".join(lines) + "\n"


def publication_text(request: SetupRequest) -> str:
    """publications/<key>.toml: the publication, then its table [service]."""
    values = request.model_dump(include={"name", "issuer", "region", "level"})
    lines = ["# 本刊的设置：刊名、栏目、期号、发送范围和日常运行。", ""]
    comments = {
        "name": "刊名；空格处换行",
        "issuer": "编印单位",
        "region": "本单位管辖的地方，如 云江省；用来判断稿件层级",
        "level": "本单位的层级：central 中央、province 省、city 市、county 县",
    }
    for key, value in values.items():
        lines += [f"# {comments[key]}", f"{key} = {_toml(value)}", ""]
    lines += [
        "# 分栏把握低于它的稿件列为“待定”，由编辑决定（0 到 1）", "threshold = 0.6", "",
        "# 版式，见 styles 文件夹；目录是否印页码", '# style = "default"', "# contents_pages = false", "",
        "# 签发前是否等人签发；改为 true 则编好即签发", "# issue_at_once = false", "",
        "# 印数、密级、印发单位", "# copies = 200", '# secrecy = "内部资料"', '# printed_by = ""', "",
        "[numbering]",
        "# total 总期号（第455期）、yearly 按年（2026年第12期）、both 两者都印", f"scheme = {_toml(request.scheme.value)}",
        "# 第一期的期号；以后自动接续", f"start = {request.start}", "",
    ]  # fmt: skip
    for section in request.sections:
        lines += ["[[sections]]", f"name = {_toml(section.name)}", f"quota = {section.quota}", ""]
    lines += ["# 版记中的 报、送、发", "[distribution]"]
    lines += [f"{key} = {_toml(value)}" for key, value in request.distribution.model_dump().items()]
    given = request.model_dump(include={"weekday", "hour", "editors", "recipients"})
    lines += ["", "# 日常运行：收稿、日程、通知", "[service]", *_plain_fields(Service, given)]
    lines += _table("service.mailbox", _inner(Service.model_fields["mailbox"]), None, "收稿邮箱（IMAP）")
    lines += [
        "# 各单位的邮箱，用来回告稿件采用情况",
        "# [service.addresses]",
        '# "云江省望河市委宣传部" = "xc@example.gov.cn"',
        "",
    ]
    lines += _table("[service.webhooks]", Webhook, None, "群机器人；可写多个")
    return "\n".join(lines) + "\n"


def rules_text(sections: Iterable[SectionPlan]) -> str:
    """The shipped rules with the roles going into these sections; a role without one is not printed."""
    shipped = (REFERENCE / "publications" / "default.rules.toml").read_text("utf-8")
    head, _, rest = shipped.partition("[roles]\n")
    _, separator, tail = rest.partition("\n\n")
    places: dict[str, str] = dict.fromkeys((*ROLE_NAMES.values(), "reject"), "不采用")
    for section in sections:
        places[section.role] = section.name if places[section.role] == "不采用" else places[section.role]
    roles = "\n".join(f"{role} = {_toml(name)}" for role, name in places.items())
    text = f"{head}[roles]\n{roles}{separator}{tail}"
    tomllib.loads(text)
    return text


def _plain_fields(model: type[BaseModel], given: Mapping[str, Any], leave_out: Iterable[str] = ()) -> Iterator[str]:
    """The lines of every setting that is no table: description, then the value or the default as a comment."""
    skip = set(leave_out)
    for name, field in model.model_fields.items():
        if name in skip or _is_table(field):
            continue
        value = given.get(name)
        yield f"# {field.description}"
        said = value not in (None, "", ())
        yield f"{name} = {_toml(value)}" if said else f"# {name} = {_toml(_default(field))}"
        yield ""


def _table(name: str, model: type[BaseModel], given: Mapping[str, Any] | None, title: str) -> list[str]:
    """The lines of a table; all of it a comment where nothing was given."""
    mark = "" if given else "# "
    lines = [f"# {title}", f"{mark}[{name}]"]
    for key, field in model.model_fields.items():
        value = given[key] if given else _default(field)
        shown = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        lines.append(f"{mark}{key} = {_toml(shown)}  # {field.description}")
    return [*lines, ""]


def _is_table(field: FieldInfo) -> bool:
    kind = str(field.annotation)
    return any(word in kind for word in ("SmtpServer", "MailSettings", "Webhook", "dict["))


def _inner(field: FieldInfo) -> type[BaseModel]:
    """The model of an optional table."""
    [model] = [one for one in getattr(field.annotation, "__args__", ()) if one is not type(None)]
    chosen: type[BaseModel] = model
    return chosen


def shown_default(field: FieldInfo) -> str:
    """The default as a settings file would say it; empty where it says nothing."""
    value = _default(field)
    if value is None or value in ("", (), {}):
        return ""
    text = _toml(value)
    return "" if "**" in text else text


def _default(field: FieldInfo) -> Any:
    if field.default_factory is not None:
        return {}
    return "" if field.default is PydanticUndefined else field.default


def _toml(value: object) -> str:
    """A TOML value: a JSON string, list, number or boolean is one too."""
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    if value is None:
        value = ""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)
