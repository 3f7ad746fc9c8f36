"""House styles: the publication's own file before the shipped one, with the publication's overrides."""

from typing import TYPE_CHECKING

from bulletin.errors import NotFoundError
from bulletin.model import Publication
from services.settings import REFERENCE, Settings

if TYPE_CHECKING:
    from builders.style import HouseStyle


def load_house_style(settings: Settings, publication: Publication) -> "HouseStyle":
    """The style a publication prints in; NotFoundError where there is no file of that name."""
    from builders.style import load_style

    for folder in (settings.home / "styles", REFERENCE / "styles"):
        path = folder / f"{publication.style}.toml"
        if path.is_file():
            return load_style(path, publication.style_overrides)
    raise NotFoundError(
        f"没有名为 {publication.style} 的版式",
        advice=f"请在 {settings.home / 'styles'} 下建立 {publication.style}.toml",
    )
