"""The command line's own words in Chinese: imported before typer, which looks its words up once."""

import errno
import gettext
import re

WORDS = {
    "Arguments": "参数",
    "Options": "选项",
    "Commands": "命令",
    "Error": "用法不对",
    "Aborted.": "已中止。",
    "Aborted!": "已中止！",
    "Missing command.": "缺少命令。",
    "No such command {name!r}.": "没有 {name} 这个命令",
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


_SUGGESTED = re.compile(r"(?P<said>.*)\. Did you mean (?P<guesses>.*)\?")
_CHOICES = re.compile(r"(?:Value error, )?'(?P<given>.*)' is not one of (?P<choices>.*?)\.?")
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((?P<given>.*)\)")
_BOUND = re.compile(r"Input should be (?P<side>less|greater) than or equal to (?P<bound>-?\d+)")
_WRONG = (("valid integer", "请写整数"), ("valid number", "请写数字"), ("does not exist", "找不到这个文件"),
          ("is a directory", "这是文件夹，请写文件"))  # fmt: skip
"""How typer says in English what is wrong with a value, and how we do."""


def usage_message(error: Exception) -> str:
    """What is wrong with a command line and where its help is, in Chinese; `error` is what typer raised."""
    said = _wrong(error)
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "") or "bulletin"
    return f"{said}（用 {command} --help 查看写法）"


def _wrong(error: Exception) -> str:
    name = type(error).__name__
    option = getattr(error, "option_name", "")
    parameter = getattr(error, "param", None)
    label = _label(parameter) if parameter else getattr(error, "param_hint", None) or "参数"
    message = str(getattr(error, "message", error))
    match name:
        case "NoSuchOption":
            guesses = getattr(error, "possibilities", None) or ()
            return f"没有 {option} 这个选项" + (f"，是不是 {'、'.join(guesses)}？" if guesses else "")
        case "MissingParameter":
            return f"缺少{label}".rstrip()
        case "BadOptionUsage":
            return f"选项 {option} 后面缺少内容"
        case "BadParameter" | "BadArgumentUsage":
            return f"{label}不对：{_value_message(message)}"
    if extra := _EXTRA.fullmatch(message):
        return f"多写了 {extra['given']}"
    if suggested := _SUGGESTED.fullmatch(message):
        return f"{suggested['said']}，是不是 {suggested['guesses'].replace(chr(39), '').replace(', ', '、')}？"
    return message or "用法不对"


def _value_message(message: str) -> str:
    if found := _CHOICES.fullmatch(message):
        return f"{found['given']}，只能写 {found['choices'].replace(chr(39), '').replace(', ', '、')}"
    if found := _BOUND.fullmatch(message):
        return f"应不{'大' if found['side'] == 'less' else '小'}于 {found['bound']}"
    return next((ours for theirs, ours in _WRONG if theirs in message), message)


def _label(parameter: object) -> str:
    options = [text for text in getattr(parameter, "opts", ()) if text.startswith("-")]
    if options:
        return f"选项 {' / '.join(options)} "
    return f"参数 {getattr(parameter, 'display_name_raw', '')}".rstrip()


_FILES = {
    errno.EACCES: "没有权限（请换一个文件夹，或请管理员开通）",
    errno.EPERM: "没有权限（请换一个文件夹，或请管理员开通）",
    errno.EROFS: "这里只能读，不能写（请换一个文件夹）",
    errno.ENOENT: "找不到，或不能在这里建立文件（请检查路径）",
    errno.ENOTDIR: "路径中间有一段是文件，不是文件夹（请检查路径）",
    errno.EEXIST: "已有同名的文件（请换一个名称）",
    errno.EISDIR: "这是文件夹，应当是文件（请写到文件名为止）",
    errno.ENOSPC: "磁盘已满（请腾出空间后再运行）",
    errno.EDQUOT: "磁盘配额已用完（请腾出空间，或请管理员增加配额）",
    errno.ENAMETOOLONG: "文件名太长（请改短）",
}


FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says while it writes, and then without the name of the file."""


def file_message(error: OSError) -> str:
    """What the system said of a file, a folder or the disk, in Chinese, with what to do."""
    said = _FILES.get(error.errno or 0) or str(error.strerror)
    if not error.filename:
        return said
    # The file under its own name, not that of the part that is being written.
    name = re.sub(r"\.([^/]+)\.\d+\.part$", r"\1", str(error.filename))
    return f"{name}：{said}"
