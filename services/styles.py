"""House styles: the publication's own file before the shipped one, its template, its overrides, in that order."""

from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.errors import NotFoundError, SettingsError, UnreadableError
from bulletin.model import Publication
from services.settings import REFERENCE, Settings

if TYPE_CHECKING:
    from builders.style import HouseStyle


def load_house_style(settings: Settings, publication: Publication) -> "HouseStyle":
    """The style a publication prints in; NotFoundError where there is no file of that name."""
    from builders.style import load_style
    from builders.template import styled_by

    overrides = dict(publication.style_overrides)
    if publication.contents_pages:
        overrides.setdefault("contents.pages", True)
    for folder in (settings.home / "styles", REFERENCE / "styles"):
        path = folder / f"{publication.style}.toml"
        if path.is_file():
            template = load_template(settings, publication)
            if not template:
                return load_style(path, overrides)
            return load_style(styled_by(template, load_style(path)).model_dump(), overrides)
    raise NotFoundError(
        f"没有名为 {publication.style} 的版式",
        advice=f"请在 {settings.home / 'styles'} 下建立 {publication.style}.toml",
    )


def load_template(settings: Settings, publication: Publication) -> bytes:
    """The bytes of the publication's own form, b"" where it has none.

    Raises NotFoundError where the file is missing, SettingsError where it cannot be a template.
    """
    from builders.template import check_template

    name = publication.template
    if not name:
        return b""
    path = settings.home / "templates" / name
    if Path(name).name != name:
        raise SettingsError(
            "模板只能写文件名，不能带路径",
            subject=name,
            advice="把它放进数据文件夹的 templates 里，刊物文件里只写文件名",
        )
    if not path.is_file():
        raise NotFoundError("没有找到模板文件", subject=name, advice=f"请把模板放到 {path.parent} 下")
    content = path.read_bytes()
    try:
        check_template(content)
    except UnreadableError as wrong:
        raise SettingsError(wrong.message, subject=name, advice=wrong.advice) from wrong
    return content
