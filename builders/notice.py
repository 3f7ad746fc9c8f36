"""A notice (通报) in the house style: title, text and tables, signature and date, without masthead."""

import datetime as dt
from collections.abc import Mapping
from itertools import count

from builders.articles import Articles
from builders.front import chinese_date
from builders.ooxml import markup as ml
from builders.ooxml.package import Media, Properties, build_package
from builders.ooxml.paper import section
from builders.pictures import read_pictures
from builders.style import HouseStyle
from bulletin.model import Block, Entry, Role


def build_notice(
    entry: Entry, style: HouseStyle, *, issuer: str, day: dt.date, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """The notice as DOCX, signed by `issuer` on `day`; the same bytes for the same arguments."""
    media, numbers = Media(), count(1)
    signed = (Block(text=issuer, role=Role.SIGNATURE), Block(text=chinese_date(day), role=Role.DATE))
    whole = entry.model_copy(update={"blocks": (*entry.blocks, *signed)})
    writer = Articles(style, read_pictures(pictures or {}), media)
    body = list(writer.article(whole, "article1", next(numbers), first=True))
    body.append(ml.tiny(ml.bookmark("ending", next(numbers))) + section(style))
    properties = Properties(title=entry.title, subject="通报", author=issuer, day=day)
    return build_package("".join(body), style, properties, media, notes=writer.notes)
