"""The house style (版式): every size of the printed issue, as one frozen value.

The sizes and the clauses they come from stand in data/reference/styles/*.toml and nowhere in code.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bulletin.errors import SettingsError

STYLES = Path(__file__).resolve().parent.parent / "data" / "reference" / "styles"
"""The styles that are shipped."""

Size = Annotated[float, Field(ge=0, le=2000)]
Type = Annotated[float, Field(ge=4, le=400)]
"""Size of characters in pt: what is smaller nobody reads, and of 0 nothing can be counted."""
Font = Annotated[str, Field(min_length=1, max_length=60, pattern=r'^[^<>&"\x00-\x1f]+$')]
Colour = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{6}$")]

POINTS_PER_MM = 72 / 25.4


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(_Part):
    """Paper and 版心, in mm; `line` in pt."""

    width: Annotated[float, Field(ge=100, le=500)]
    height: Annotated[float, Field(ge=100, le=500)]
    top: Size
    left: Size
    right: Size
    bottom: Size
    lines: Annotated[int, Field(ge=10, le=60)]
    characters: Annotated[int, Field(ge=10, le=60)]
    line: Annotated[float, Field(ge=10, le=60)]
    tightest: Annotated[int, Field(ge=0, le=60)] = 0

    @property
    def text_width(self) -> float:
        """Width of the 版心 in pt."""
        return (self.width - self.left - self.right) * POINTS_PER_MM

    @property
    def text_height(self) -> float:
        """Height of the 版心 in pt."""
        return (self.height - self.top - self.bottom) * POINTS_PER_MM


class Fonts(_Part):
    body: Font
    kai: Font
    hei: Font
    song: Font
    title: Font


class Masthead(_Part):
    kind: Literal["red", "plain"]
    colour: Colour
    size: Type
    smallest: Type
    condense: Annotated[int, Field(ge=30, le=100)]
    fill: Annotated[float, Field(gt=0, le=1)]
    tracking: Size
    above: Size
    number_size: Type
    marks_size: Type
    rule: Size
    copy_digits: Annotated[int, Field(ge=1, le=12)]


class Contents(_Part):
    heading: str
    pages: bool
    size: Type
    rule: Size
    minimum: Annotated[int, Field(ge=1)]


class SectionMark(_Part):
    size: Type
    before: Size
    opening: str
    closing: str


class Title(_Part):
    size: Type
    line: Size
    before: Size
    after: Size
    subtitle_size: Type
    byline_size: Type
    longest: Size


class Body(_Part):
    size: Type
    tracking: Annotated[float, Field(ge=-5, le=20)]
    indent: Size
    signature_right: Size
    bold_run_in: bool


class Note(_Part):
    label: str
    size: Type
    footnote_size: Type


class TableStyle(_Part):
    size: Type
    smallest: Type
    rule: Size
    padding: Size
    caption_size: Type

    @property
    def line(self) -> float:
        """Height of a line in a cell in pt."""
        return round(self.size * 1.35, 1)


class PictureStyle(_Part):
    height: Size
    resolution: Annotated[float, Field(ge=20, le=2400)]
    caption_size: Type


class Imprint(_Part):
    size: Type
    line: Size
    indent: Size
    outer_rule: Size
    inner_rule: Size
    issuer: bool
    even: bool
    copies: str


class Collection(_Part):
    title_size: Type
    text_size: Type
    heading: str


class Folio(_Part):
    size: Type
    below: Size
    inset: Size


class HouseStyle(_Part):
    """All sizes of one look; lengths in mm for the page, pt for type, as the TOML says."""

    name: str
    page: Page
    fonts: Fonts
    masthead: Masthead
    contents: Contents
    section: SectionMark
    title: Title
    body: Body
    note: Note
    table: TableStyle
    picture: PictureStyle
    imprint: Imprint
    collection: Collection
    folio: Folio

    @property
    def tightened(self) -> "HouseStyle":
        """The same with as many lines on a page as it may have."""
        lines = self.page.tightest
        line = int(self.page.text_height / lines * 20) / 20
        return self.model_copy(update={"page": self.page.model_copy(update={"lines": lines, "line": line})})

    @property
    def title_room(self) -> float:
        """How many characters a line of a title holds: as the style says, where the 版心 holds so many."""
        return min(self.title.longest, self.page.text_width / self.title.size - 1)

    @property
    def square(self) -> float:
        """Size of the body in such characters: more than one where it is set closer."""
        return self.body.size / self.character

    @property
    def character(self) -> float:
        """Width of one character of the body in pt, tracking included."""
        return self.body.size + self.body.tracking


def load_style(
    source: str | Path | Mapping[str, Any] = "default",
    overrides: Mapping[str, str | float | bool] | None = None,
    folder: Path = STYLES,
) -> HouseStyle:
    """The style named, in the file, in the TOML text or in the mapping, with single values replaced.

    What a style does not give it takes from the one its `based_on` names, in `folder`. Keys of
    `overrides` are dotted: {"page.top": 35}. Raises SettingsError that names the value and the reason.
    """
    values, subject = _read(source, folder)
    values = _inherit(values, folder, subject, ())
    for key, value in (overrides or {}).items():
        _put(values, key, value)
    try:
        return HouseStyle.model_validate(values)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"版式的 {where} 不对：{_reason(first)}", subject=subject) from wrong


def style_names(folder: Path = STYLES) -> tuple[str, ...]:
    """The names that `load_style` knows in the folder, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def _read(source: str | Path | Mapping[str, Any], folder: Path) -> tuple[dict[str, Any], str]:
    if isinstance(source, Mapping):
        return _copy(source), "版式"
    if isinstance(source, str) and "=" in source:
        return _parse(source, "版式"), "版式"
    path = source if isinstance(source, Path) else folder / f"{source}.toml"
    try:
        return _parse(path.read_text("utf-8-sig"), path.name), path.name
    except UnicodeDecodeError as wrong:
        raise SettingsError("文件不是 UTF-8 编码", subject=str(path), advice="请另存为 UTF-8 编码") from wrong
    except OSError as missing:
        known = "、".join(style_names(folder))
        raise SettingsError(
            "没有这个版式文件", subject=str(source), advice=f"可用的版式：{known}" if known else ""
        ) from missing


def _parse(text: str, subject: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsError(f"版式文件写法有误：{wrong}", subject=subject) from wrong


def _inherit(values: dict[str, Any], folder: Path, subject: str, seen: tuple[str, ...]) -> dict[str, Any]:
    base = values.pop("based_on", "")
    if not base:
        return values
    if base in seen:
        raise SettingsError(f"版式互相依赖：{'、'.join((*seen, base))}", subject=subject)
    inherited, _ = _read(str(base), folder)
    return _merge(_inherit(inherited, folder, subject, (*seen, str(base))), values)


def _merge(base: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in values.items():
        known = base.get(key)
        base[key] = _merge(known, value) if isinstance(known, dict) and isinstance(value, Mapping) else value
    return base


def _copy(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copy(value) if isinstance(value, Mapping) else value for key, value in values.items()}


def _put(values: dict[str, Any], key: str, value: object) -> None:
    *path, last = key.split(".")
    for part in path:
        values = values.setdefault(part, {})
        if not isinstance(values, dict):
            raise SettingsError(f"版式没有 {key} 这一项", subject=key)
    values[last] = value


def _reason(error: Mapping[str, Any]) -> str:
    kinds = {
        "missing": "缺这一项",
        "extra_forbidden": "没有这一项",
        "greater_than_equal": "太小",
        "greater_than": "太小",
        "less_than_equal": "太大",
        "string_pattern_mismatch": "写法不对",
        "literal_error": "只能取规定的值",
    }
    return kinds.get(str(error["type"]), "应是数或规定的写法")
