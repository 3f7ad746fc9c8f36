"""What keeps a publication going by itself: the table [service] of its file.

Apart from `Publication`, which is the domain's: where material comes from, who is told what, on which day.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator

from bulletin.model import Frozen
from collectors.mailsettings import MailSettings

WEEKDAYS = "一二三四五六日"

OptionalPath = Annotated[Path | None, BeforeValidator(lambda value: value or None)]
"""A path; an empty string in a settings file means none, not the folder one happens to be in."""


class SmtpServer(Frozen):
    """The server that mail leaves through."""

    host: str = Field(description="SMTP 服务器")
    port: int = Field(default=465, ge=1, le=65535, description="端口")
    security: Literal["tls", "starttls", "none"] = Field(default="tls", description="加密方式：tls、starttls 或 none")
    user: str = Field(default="", description="用户名；留空则不登录")
    password: SecretStr = Field(default=SecretStr(""), description="密码或授权码")
    sender: str = Field(description="发件人，如 工作简报编辑部 <jianbao@example.gov.cn>")


class Webhook(Frozen):
    """A robot in a chat group."""

    name: str = Field(description="名称，发送记录里用它；重名的从第二个起记为“名称（2）”")
    kind: Literal["wecom", "dingtalk", "feishu", "json"] = Field(
        default="wecom", description="企业微信 wecom、钉钉 dingtalk、飞书 feishu；json 为通用格式"
    )
    url: SecretStr = Field(description="机器人的地址")
    secret: SecretStr = Field(default=SecretStr(""), description="钉钉或飞书“加签”的密钥；没有则留空")


class Service(Frozen):
    """Collection, schedule and people of one publication."""

    weekday: int = Field(default=5, ge=1, le=7, description="每周几出刊：1 为周一，7 为周日；遇节假日自动调整")
    hour: int = Field(default=8, ge=0, le=23, description="出刊日几点编期：0 到 23，按 settings.toml 的时区")
    inbox: OptionalPath = Field(default=None, description="本刊的收稿文件夹")
    urls: tuple[str, ...] = Field(default=(), description="本刊每周收取的网页、列表页或订阅源地址")
    mailbox: MailSettings | None = Field(default=None, description="本刊的收稿邮箱")
    editors: tuple[str, ...] = Field(default=(), description="编辑的邮箱：草稿编好、稿件太少时通知他们")
    recipients: tuple[str, ...] = Field(default=(), description="签发后用邮件发送 DOCX 的收件人")
    addresses: dict[str, str] = Field(
        default_factory=dict, description="各单位的邮箱，用来回告稿件采用情况：单位 = 邮箱"
    )
    receipts: bool = Field(default=True, description="是否回告投稿单位稿件的采用情况")
    webhooks: tuple[Webhook, ...] = Field(default=(), description="群机器人：草稿编好、签发、出错时通知")
    least: int = Field(default=1, ge=0, description="一个栏目少于几篇就提醒编辑；0 为不提醒")

    @field_validator("webhooks")
    @classmethod
    def _told_apart(cls, hooks: tuple[Webhook, ...]) -> tuple[Webhook, ...]:
        # The outbox knows a robot by its name: of two with one name only the first would be told.
        named: dict[str, Webhook] = {}
        for hook in hooks:
            name, count = hook.name, 1
            while name in named:
                count += 1
                name = f"{hook.name}（{count}）"
            named[name] = hook.model_copy(update={"name": name})
        return tuple(named.values())

    @property
    def weekday_label(self) -> str:
        return f"周{WEEKDAYS[self.weekday - 1]}"

    @property
    def schedule_label(self) -> str:
        return f"{self.weekday_label} {self.hour}:00 编期"
