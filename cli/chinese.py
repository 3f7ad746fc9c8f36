"""The command line's own words in Chinese: imported before typer, which looks its words up once."""

import gettext

WORDS = {
    "Arguments": "参数",
    "Options": "选项",
    "Commands": "命令",
    "Error": "用法不对",
    "Aborted.": "已中止。",
    "Aborted!": "已中止！",
    "Missing command.": "缺少命令。",
    "No such command {name!r}.": "没有 {name} 这个命令。",
    "Try [blue]'{command_path} {help_option}'[/] for help.": "用 [blue]{command_path} {help_option}[/] 查看说明。",
    "(deprecated) ": "（将停用）",
    "[default: {}]": "[默认：{}]",
    "[env var: {}]": "[环境变量：{}]",
    "[required]": "[必填]",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "required": "必填",
    "(dynamic)": "（自动）",
}

_original = gettext.gettext


def _translate(message: str) -> str:
    """The Chinese word where there is one, else what gettext says."""
    return WORDS.get(message) or _original(message)


gettext.gettext = _translate


def usage_message(error: Exception) -> str:
    """What is wrong with a command line, in Chinese; `error` is what typer raised."""
    name = type(error).__name__
    option = getattr(error, "option_name", "")
    parameter = getattr(error, "param", None)
    label = _label(parameter)
    match name:
        case "NoSuchOption":
            guesses = getattr(error, "possibilities", None) or ()
            return f"没有 {option} 这个选项" + (f"，是不是 {'、'.join(guesses)}？" if guesses else "")
        case "MissingParameter":
            return f"缺少{label}"
        case "BadOptionUsage":
            return f"选项 {option} 后面缺少内容"
        case "BadParameter" | "BadArgumentUsage":
            return f"{label}不对：{getattr(error, 'message', error)}"
    return str(getattr(error, "message", error)) or "用法不对"


def _label(parameter: object) -> str:
    options = [text for text in getattr(parameter, "opts", ()) if text.startswith("-")]
    return (
        f"选项 {' / '.join(options)}" if options else f"参数 {getattr(parameter, 'human_readable_name', '')}".rstrip()
    )
