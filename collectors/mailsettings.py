"""Where the mail is: kept apart from the mailbox, so that reading settings loads no IMAP library."""

from typing import Literal

from pydantic import Field, SecretStr

from bulletin.model import Frozen


class MailSettings(Frozen):
    """A mailbox that submissions are sent to."""

    host: str = Field(description="IMAP 服务器")
    port: int = Field(default=993, ge=1, le=65535, description="端口")
    security: Literal["tls", "starttls", "none"] = Field(default="tls", description="加密方式：tls、starttls 或 none")
    user: str = Field(description="用户名，多为完整的邮箱地址")
    password: SecretStr = Field(description="密码；不少邮箱要用授权码")
    folder: str = Field(default="INBOX", description="收取哪个文件夹")
    done_folder: str = Field(default="", description="收过的邮件移到哪个文件夹；留空只作标记，不移动")
    batch: int = Field(default=500, ge=1, description="一次最多收取多少封，先收最早的")
