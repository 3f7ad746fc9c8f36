"""What an editor can ask for, as forms: the command line, Prefect's page and the desk fill in the same ones."""

import datetime as dt
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bulletin.assembly import is_period
from bulletin.model import MOST_NUMBER, Series


class Form(BaseModel):
    """A form: unknown fields are refused, so that a slip of the pen is not silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Form):
    """Which installation and which publication."""

    home: str = Field(default="", title="数据文件夹", description="留空用服务器上设置的文件夹。")
    publication: str = Field(default="", title="刊物", description="刊物代号；留空用默认刊物。")


class IntakeRequest(Place):
    """收稿。"""

    sources: tuple[str, ...] = Field(
        default=(), title="来稿", description="文件、文件夹或网址，每行一个；留空收取收稿文件夹和设置的网址。"
    )


class BringInRequest(Place):
    """成批收入旧稿和往期。"""

    sources: tuple[str, ...] = Field(
        title="旧稿和往期", description="文件或文件夹，每行一个；往期简报存入归档，旧稿只用于检索和查重。", min_length=1
    )
    dask: str = Field(
        default="",
        title="Dask",
        description="留空用设置里的；local 在本机起进程，local:4 指定个数，tcp://主机:8786 用已有的集群，off 不用。",
    )


class CompileRequest(IntakeRequest):
    """编一期简报。"""

    number: int | None = Field(default=None, ge=1, le=MOST_NUMBER, title="期号", description="留空自动接续上一期。")
    date: dt.date | None = Field(default=None, title="日期", description="印在报头的日期；留空为今天。")
    period: str = Field(
        default="",
        title="期次",
        description="这一期属于哪一周（如 2026-W47）；留空按日期。同一周只编一份草稿；另编一期写 2026-W47-2。",
    )
    series: Series = Field(default=Series.REGULAR, title="正刊或增刊")
    out: str = Field(default="", title="输出文件夹", description="成品另存一份到这里；留空只存入归档。")
    pictures: bool = Field(default=False, title="同时输出页面图片", description="需要 LibreOffice。")

    @field_validator("period")
    @classmethod
    def _a_week(cls, period: str) -> str:
        # The scheduler would make a second draft beside one of any other name.
        if period and not is_period(period):
            raise ValueError("期次写作 2026-W47（年份-W两位周数），须是那一年有的一周；同一周另编一期写 2026-W47-2")
        return period

    def out_folder(self) -> Path | None:
        return Path(self.out).expanduser() if self.out else None


class Product(StrEnum):
    """The forms an issue can be given back in."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    TXT = "txt"
    JSON = "json"


class ExportRequest(Place):
    """取回往期简报。"""

    numbers: str = Field(title="期号", description="如 455，或 450-456，或 450,452-454。")
    series: Series = Field(default=Series.REGULAR, title="正刊或增刊")
    out: str = Field(default=".", title="输出文件夹")
    form: Product = Field(default=Product.DOCX, title="格式", description="docx、pdf、html、txt 或 json。")
    zip: bool = Field(default=False, title="打成一个 ZIP 包", description="包内附清单。")
