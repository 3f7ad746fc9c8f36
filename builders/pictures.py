"""Pictures as an office program shows them: known format, true size, fitted into the 版心."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from builders.style import POINTS_PER_MM, HouseStyle

_AS_THEY_ARE = {"PNG": "png", "JPEG": "jpeg", "MPO": "jpeg", "GIF": "gif"}
"""Formats that every office program shows; others (WebP, BMP, TIFF) become PNG. MPO: JPEGs of phones, more in one."""
DRAWINGS = frozenset(("emf", "wmf"))
"""Drawings of Windows: charts and shapes pasted from office programs, which show them; a browser does not."""
_QUALITY = 92
"""Of a JPEG that is turned: as PNG a photo would take five times the room and ten times as long."""
_WMF = b"\xd7\xcd\xc6\x9a"
LARGEST = 80_000_000
"""In pixels: more is no picture of a report but an attack or a mistake (A4 at 600 dpi has 35 million)."""


@dataclass(frozen=True)
class Picture:
    """Bytes, suffix and size in pixels; `resolution` in dots an inch, 0 where the file says none."""

    content: bytes
    suffix: str
    width: int
    height: int
    resolution: float = 0.0


def read_pictures(pictures: Mapping[str, bytes]) -> dict[str, Picture]:
    """The pictures that can be printed, by their key; what is no picture is left out."""
    read = {key: _read(content) for key, content in pictures.items()}
    return {key: picture for key, picture in read.items() if picture is not None}


def fitted(picture: Picture, style: HouseStyle) -> tuple[float, float]:
    """Width and height in pt: its own size, made smaller where the 版心 or the style's height ask for it."""
    scale = 72 / (picture.resolution or style.picture.resolution)
    width, height = picture.width * scale, picture.height * scale
    shrink = min(1.0, style.page.text_width / width, style.picture.height * POINTS_PER_MM / height)
    return width * shrink, height * shrink


def _read(content: bytes) -> Picture | None:
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > LARGEST or min(image.size) < 1:
                return None
            if image.format == "WMF":
                drawn = "wmf" if content.startswith(_WMF) else "emf"
                return Picture(content, drawn, image.width, image.height, _dots(image))
            resolution = _resolution(image)
            suffix = _AS_THEY_ARE.get(image.format or "")
            turned = image.getexif().get(0x0112, 1) != 1
            if suffix and not turned:
                return Picture(content, suffix, image.width, image.height, resolution)
            upright = _plain(ImageOps.exif_transpose(image))
            kind = "JPEG" if suffix == "jpeg" else "PNG"
            # A profile of inks says nothing of red, green and blue.
            profile = None if image.mode == "CMYK" else image.info.get("icc_profile")
            target = io.BytesIO()
            upright.save(target, kind, quality=_QUALITY, icc_profile=profile)
            return Picture(target.getvalue(), kind.lower(), upright.width, upright.height, resolution)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _plain(image: Image.Image) -> Image.Image:
    """The image in eight bits of red, green and blue, with its transparency."""
    if image.mode.startswith("I;16"):  # which Pillow would cut off and not scale: all white
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _resolution(image: Image.Image) -> float:
    """Dots an inch as the file says; screens' 72 and 96 are what programs write who do not know."""
    dots = _dots(image)
    return dots if 100 <= dots <= 2400 else 0.0


def _dots(image: Image.Image) -> float:
    said = image.info.get("dpi", 0)
    try:
        return float(said[0] if isinstance(said, tuple) else said)
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0
