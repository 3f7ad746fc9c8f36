"""Settings, read once at the door: where the state lives, which publication, which limits.

Sources, the first that says something wins: arguments, environment (`BULLETIN_...`), the file
`settings.toml` in the home folder, the defaults below.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as SourceError

from bulletin.errors import BulletinError, NotFoundError, SettingsError
from bulletin.model import Publication
from services.service import OptionalPath, Service, SmtpServer
from services.written import read_toml, wrong

PROJECT = Path(__file__).resolve().parent.parent
REFERENCE = PROJECT / "data" / "reference"
SETTINGS_FILE = "settings.toml"


class _File(TomlConfigSettingsSource):
    """settings.toml, read as the files of publications are."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        return read_toml(Path(file_path))


class Settings(BaseSettings):
    """Everything an administrator may set; `bulletin init` writes them with these descriptions."""

    model_config = SettingsConfigDict(env_prefix="BULLETIN_", env_nested_delimiter="__", extra="forbid", frozen=True)

    home: Path = Field(
        default=PROJECT / "data" / "var",
        description="全部数据所在文件夹；由 --home 或 BULLETIN_HOME 指定，不写在文件里",
    )
    database: str = Field(default="", description="数据库地址；留空用 home 下的 SQLite 文件")
    publication: str = Field(default="default", description="刊物代号，对应 publications 下的同名文件")
    timezone: str = Field(default="Asia/Shanghai", description="时区")
    inbox: OptionalPath = Field(default=None, description="收稿文件夹；留空用 home/inbox")
    urls: tuple[str, ...] = Field(default=(), description="每周收取的网页、列表页或订阅源地址")
    fetch_private: bool = Field(default=True, description="是否允许收取内网地址的网页")
    processes: int = Field(default=0, ge=0, description="读稿用几个进程；0 为按处理器个数")
    files: str = Field(
        default="",
        description="来稿和成品文件存放处；留空用 home/files，或 s3://桶/前缀（需 pip install 'bulletin[s3]'）",
    )
    files_options: dict[str, str] = Field(
        default={}, description='存放处的参数，如 {endpoint_url = "http://10.0.0.9:9000", key = "…", secret = "…"}'
    )
    dask: str = Field(
        default="",
        description="成批收入旧稿用的 Dask：留空不用；local 在本机起进程（local:4 为 4 个）；tcp://主机:8786 用已有的集群",
    )
    office: OptionalPath = Field(default=None, description="soffice 程序位置；留空自动寻找")
    smtp: SmtpServer | None = Field(default=None, description="发信服务器：通知、回告、发刊都用它")
    admins: tuple[str, ...] = Field(default=(), description="管理员邮箱：运行失败时通知他们")
    desk: str = Field(default="", description="编辑台地址，写在通知里，如 http://10.0.0.8:8455")
    days_off: tuple[date, ...] = Field(default=(), description="另外的休息日，如 2027-02-05；用于程序尚未收录的年份")
    days_on: tuple[date, ...] = Field(default=(), description="另外的上班日（调休），如 2027-02-13")
    log: Literal["file", "stderr", "off"] = Field(
        default="file", description="运行日志：写入 home/logs、写到标准错误（systemd 日志），或不记"
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("没有这个时区，中国各地写 Asia/Shanghai") from error
        return name

    @property
    def storage(self) -> dict[str, Any]:
        """Where the store is, as `store.database.open_store` wants it."""
        return {
            "home": self.home, "url": self.database, "files": self.files, "files_options": self.files_options,
        }  # fmt: skip

    @property
    def inbox_folder(self) -> Path:
        return self.inbox or self.home / "inbox"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = init_settings().get("home") or os.environ.get("BULLETIN_HOME") or cls.model_fields["home"].default
        file = _File(settings_cls, Path(home) / SETTINGS_FILE)
        return init_settings, env_settings, file


def read_settings(home: Path | None = None, **given: object) -> Settings:
    """The settings of one home folder; raises SettingsError naming the setting that is wrong."""
    arguments: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if home is not None:
        arguments["home"] = home
    try:
        settings = Settings(**arguments)
        return settings.model_copy(update={"home": settings.home.expanduser().resolve()})
    except ValidationError as error:
        first = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else ""
        raise wrong(error, _place(arguments.get("home"), first)) from error
    except SourceError as error:
        # It says: error parsing value for field "files_options" from source "EnvSettingsSource".
        name = str(error).partition('"')[2].partition('"')[0]
        raise SettingsError(
            "环境变量写法有误，应是 JSON", subject=_variable(name), advice="请检查 /etc/bulletin/bulletin.env"
        ) from error


def _variable(name: str) -> str:
    return f"BULLETIN_{name.upper()}"


def _place(home: Any, name: str) -> str:
    """Where a setting was written: in the environment, which comes first, or in the file."""
    variables = (_variable(name), f"{_variable(name)}__")
    if set_there := sorted(one for one in os.environ if one == variables[0] or one.startswith(variables[1])):
        return "、".join(set_there)
    folder = home or os.environ.get("BULLETIN_HOME") or Settings.model_fields["home"].default
    return str(Path(folder) / SETTINGS_FILE)


def publication_file(settings: Settings, key: str = "") -> Path:
    """The file of a publication: the home's own before the one that is shipped."""
    name = f"{key or settings.publication}.toml"
    for folder in (settings.home / "publications", REFERENCE / "publications"):
        if (folder / name).is_file():
            return folder / name
    raise NotFoundError(
        f"没有代号为 {key or settings.publication} 的刊物",
        advice=f"请在 {settings.home / 'publications'} 下建立 {name}，或用 --publication 指定已有刊物",
    )


def read_publication(settings: Settings, key: str = "") -> Publication:
    """The publication as its file describes it; raises SettingsError naming file and field."""
    return parse_publication(publication_file(settings, key))


def parse_publication(path: Path) -> Publication:
    """The publication of one TOML file; its table [service] is not the domain's."""
    content = {key: value for key, value in _content(path).items() if key != "service"}
    try:
        return Publication.model_validate({"key": path.stem, **content})
    except ValidationError as error:
        raise wrong(error, str(path)) from error


def read_service(settings: Settings, key: str = "") -> Service:
    """Collection, schedule and people of a publication: the table [service] of its file."""
    path = publication_file(settings, key)
    try:
        return Service.model_validate(_content(path).get("service", {}))
    except ValidationError as error:
        raise wrong(error, str(path), "service") from error


def use_tools(settings: Settings) -> None:
    """Tells those who convert, who know no settings, which LibreOffice the settings name; once a process."""
    if settings.office:
        os.environ["BULLETIN_OFFICE"] = str(settings.office)


def main_publication(settings: Settings) -> str:
    """The publication that the settings file names, whichever one was asked for this time."""
    path = settings.home / SETTINGS_FILE
    named = _content(path).get("publication", "") if path.is_file() else ""
    return str(named) or str(Settings.model_fields["publication"].default)


def publication_keys(settings: Settings) -> tuple[str, ...]:
    """Every publication of the installation: the main one, then those with a file in the home."""
    main = main_publication(settings)
    folder = settings.home / "publications"
    own = sorted(path.stem for path in folder.glob("*.toml") if not path.name.endswith(".rules.toml"))
    return tuple(dict.fromkeys((main, *own)))


def publications(settings: Settings) -> dict[str, Publication]:
    """Those of the publications whose files are in order, by their keys; doctor says what is wrong with the others."""
    found = {}
    for key in publication_keys(settings):
        with suppress(NotFoundError, SettingsError):
            found[key] = read_publication(settings, key)
    return found


def door(settings: Settings) -> str:
    """The publication whose office the desk opens first: the wanted one, or where its file is broken any in order."""
    good, wanted = publications(settings), settings.publication
    # One that there is not is a slip of whoever starts the desk: opening it says so.
    return wanted if wanted in good or wanted not in publication_keys(settings) else next(iter(good), wanted)


def speaker(settings: Settings, wanted: str = "") -> str:
    """The publication that tells of something: the wanted one, or where that is gone or broken the main one, or any.

    Raises what is wrong with the wanted one where all are.
    """
    errors: list[BulletinError] = []
    for key in (wanted or settings.publication, *publication_keys(settings)):
        try:
            read_publication(settings, key)
            read_service(settings, key)
        except (NotFoundError, SettingsError) as error:
            errors.append(error)
        else:
            return key
    raise errors[0]


def _content(path: Path) -> Mapping[str, Any]:
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _parsed(path: Path, _changed: int) -> Mapping[str, Any]:
    # The desk asks for the publication at every page; the file is parsed again when it has changed.
    return read_toml(path)
