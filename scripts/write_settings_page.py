"""Writes docs/settings.md from the descriptions of the settings: `python scripts/write_settings_page.py`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from collectors.mailsettings import MailSettings  # noqa: E402
from services.service import Service, SmtpServer, Webhook  # noqa: E402
from services.settings import Settings  # noqa: E402
from services.setup import shown_default  # noqa: E402

PAGE = ROOT / "docs" / "settings.md"
HEAD = """# 设置一览

设置有两处，都在数据文件夹（`--home`，或环境变量 `BULLETIN_HOME`，默认 `data/var`）里，由 `bulletin init` 写好，带有说明：

* `settings.toml`：整个安装共用的设置；
* `publications/代号.toml`：一种刊物自己的设置，一种刊物一个文件。

`settings.toml` 的每一项也可以用环境变量给出，环境变量优先：`BULLETIN_` 加大写的名称，如 `BULLETIN_DATABASE`；
表里的项用两条下划线连接，如 `BULLETIN_SMTP__PASSWORD`。改后运行 `bulletin doctor` 检查。
"""
TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("## settings.toml", Settings),
    ("### [smtp] 发信服务器", SmtpServer),
    ("## publications/代号.toml 的 [service]", Service),
    ("### [service.mailbox] 收稿邮箱", MailSettings),
    ("### [[service.webhooks]] 群机器人", Webhook),
)
TAIL = """## 刊物本身

同一个文件的其余部分说明刊物：刊名 `name`、编印单位 `issuer`、层级 `level`、管辖地方 `region`、期号 `[numbering]`、
栏目 `[[sections]]`、版记 `[distribution]`、印数 `copies`、密级 `secrecy`、版式 `style`、模板 `template`（放在 `templates/` 里的
DOCX 的文件名，用它的报头和样式）。`bulletin init` 写出的文件里有注释。

栏目收哪一类稿件，写在同名的 `.rules.toml` 的 `[roles]` 里：`directive` 上级部署、`experience` 经验材料、`news` 动态消息、
`reject` 不刊登的；右边写栏目名，不要的一类写“不采用”。各单位采用情况的计分办法见 `data/reference/scoring/default.toml`，
要改就复制到数据文件夹的 `scoring/代号.toml`。

## 收稿文件夹、草稿文件夹

| 刊物 | 收稿 | 草稿 |
| --- | --- | --- |
| 主刊物（`publication` 所指的） | `inbox/`（或 `inbox` 设置的文件夹） | `drafts/` |
| 其他刊物 | `inbox-代号/`（或 `[service]` 里 `inbox` 设置的文件夹） | `drafts/代号/` |

收稿文件夹里按单位建子文件夹，子文件夹名就是报送单位。
"""


def page() -> str:
    """The page."""
    tables = [
        "\n".join([title, "", "| 名称 | 说明 | 默认 |", "| --- | --- | --- |", *_rows(model), ""])
        for title, model in TABLES
    ]
    return "\n".join([HEAD, *tables, TAIL])


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        default = "" if name == "home" else shown_default(field)
        yield f"| `{name}` | {field.description} | {f'`{default}`' if default else ''} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
