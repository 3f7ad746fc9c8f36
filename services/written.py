"""What administrators write in TOML files: read as it comes from Windows, too, and what is wrong with it said in Chinese."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bulletin.errors import SettingsError

HELP = "请改正后运行 bulletin doctor 检查；各项的写法见 docs/settings.md"

_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|(?P<end>end of document))\)$")
_SLIPS = (
    ("Cannot overwrite", "同一项写了两次"),
    ("Cannot declare", "同一节写了两次"),
    ("Invalid value", "等号右边要写数字、true、false，或用半角引号括起来的文字"),
    ("Expected '='", "缺少半角的等号"),
    ("Illegal character '\\n'", "缺少半角的后引号"),
    ("Unterminated", "缺少半角的后引号"),
    ("Unclosed array", "缺少半角的逗号或 ]"),
    ("Expected newline", "后面有多余的内容"),
)
"""What Python says of a slip in TOML, and what it mostly is: full-width signs of a Chinese keyboard."""
_WRONG = {
    "extra_forbidden": "没有这一项（名称写错，或放错了地方）",
    "missing": "缺少这一项",
    "string_type": "应是用半角引号括起来的文字",
    "tuple_type": '应是方括号里的列表，如 ["甲", "乙"]',
    "list_type": '应是方括号里的列表，如 ["甲", "乙"]',
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "dict_type": "应是单独的一节",
    "model_type": "应是单独的一节",
    "string_too_short": "不能空着",
    "too_short": "不能空着",
    "string_pattern_mismatch": "空着，或不是规定的写法",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "应大于 {gt}",
    "less_than": "应小于 {lt}",
    "literal_error": "只能写 {expected}",
    "enum": "只能写 {expected}",
    "value_error": "{error}",
}
"""By pydantic's types of error; the types of dates all begin alike."""


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says; SettingsError for one that is no TOML or in another encoding than UTF-8."""
    try:
        # Notepad of Windows puts a mark in front of UTF-8.
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(
            "文件不是 UTF-8 编码", subject=str(path), advice="请用记事本打开，“另存为”时把编码选为 UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"写法有误：{_slip(str(error))}", subject=str(path), advice=HELP) from error


def _slip(said: str) -> str:
    place = _PLACE.search(said)
    where = "" if place is None else "文件末尾，" if place["end"] else f"第 {place['line']} 行，"
    what = next((ours for theirs, ours in _SLIPS if said.startswith(theirs)), "看不懂这里的写法")
    return f"{where}{what}"


def wrong(error: ValidationError, subject: str, table: str = "") -> SettingsError:
    """The first thing that is wrong with what a file says, by the name of the setting."""
    first = error.errors()[0]
    name = ".".join((*filter(None, [table]), *map(str, first["loc"])))
    return SettingsError(f"设置 {name} 不对：{_said(first)}", subject=subject, advice=HELP)


def _said(first: Mapping[str, Any]) -> str:
    kind, context = first["type"], first.get("ctx", {})
    if kind.startswith("date"):
        return "应是日期，如 2027-02-05"
    if kind not in _WRONG:
        return str(first["msg"])
    choices = str(context.get("expected", "")).replace("'", "").replace(" or ", "、").replace(", ", "、")
    return _WRONG[kind].format(**{**context, "expected": choices})
