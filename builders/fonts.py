"""Which of a style's fonts are installed, and what stands in for those that are not."""

import shutil
import subprocess
from dataclasses import dataclass

from builders.style import HouseStyle, load_style

_ROLES = (("body", "正文"), ("kai", "楷体"), ("hei", "黑体"), ("song", "页码"), ("title", "标题"))
_ADVICE = "DOCX 在装有该字体的电脑上显示正常；要让本机的 PDF 也正确，请运行 scripts/install-fonts.sh 或安装该字体"
_UNKNOWN = "本机没有 fontconfig（fc-match），无法检查"


@dataclass(frozen=True)
class FontCheck:
    """A font of the style: `exact` if it is installed itself, else `stand_in` is what fontconfig takes."""

    family: str
    role: str
    exact: bool
    stand_in: str
    complete: bool
    """Whether what is taken has Chinese characters at all."""
    advice: str


def examine_fonts(style: HouseStyle | None = None) -> tuple[FontCheck, ...]:
    """The fonts of the style (the default one if none is given), as LibreOffice on this machine finds them."""
    fonts = (style or load_style()).fonts
    return tuple(_examine(getattr(fonts, key), role) for key, role in _ROLES)


def _examine(family: str, role: str) -> FontCheck:
    program = shutil.which("fc-match")
    if program is None:
        return FontCheck(family, role, False, "", False, _UNKNOWN)
    pattern = family.replace("\\", r"\\").replace("-", r"\-").replace(":", r"\:").replace(",", r"\,")
    command = [program, "-f", "%{family}\t%{lang}", pattern]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return FontCheck(family, role, False, "", False, _UNKNOWN)
    names, _, languages = said.partition("\t")
    found = [name.strip() for name in names.split(",") if name.strip()]
    exact = family in found
    complete = "zh-cn" in languages.split("|")
    return FontCheck(family, role, exact, "" if exact or not found else found[0], complete, "" if exact else _ADVICE)
