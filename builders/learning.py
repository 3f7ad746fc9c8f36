"""A house style learnt from an issue of one's own: what its DOCX says about paper, faces and sizes.

Nothing is guessed: only what the file says outright is proposed, as overrides of single values that
an editor sees beside what they replace and may leave out.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from builders.ooxml.reading import Looks, Paper, read_looks
from builders.style import HouseStyle, load_style

Value = str | float | bool

_NUMBER = re.compile(r"第\s*\d+\s*期")
_SECTION = re.compile(r"\s*【[^】]{1,12}】\s*")
_FIRST = re.compile(r"\s*[一二三四五六七八九十]+、")
_SECOND = re.compile(r"\s*（[一二三四五六七八九十]+）")
PROSE = 40
"""Characters from which a paragraph is body: titles of 简报 have fewer on a line."""
NEAR = 0.26
"""A size this near to the known one (pt, mm) is the same, rounded."""


def learn_style(docx: bytes, style: HouseStyle | None = None) -> dict[str, Value]:
    """What to override in the style (the default one) so that it looks as the DOCX does, by dotted keys.

    `load_style(name, overrides=learn_style(docx))` takes it. Raises FormatError where it is no DOCX.
    """
    return learn_looks(*read_looks(docx), style or load_style())


def learn_looks(paper: Paper, looks: list[Looks], known: HouseStyle) -> dict[str, Value]:
    """What to override in the style so that it looks as these paragraphs do."""
    proposed: dict[str, Value] = {f"page.{side}": value for side, value in vars(paper).items() if value > 0}
    for key, value in _faces(looks):
        proposed.setdefault(key, value)
    return {key: value for key, value in proposed.items() if not _same(value, _known(known, key))}


def _faces(looks: list[Looks]) -> Iterator[tuple[str, Value]]:
    number = next((at for at, item in enumerate(looks[:12]) if _NUMBER.search(item.text)), 0)
    head = max(looks[:number], key=lambda item: item.size, default=None)
    if head is not None:
        yield from _filled({"masthead.size": head.size, "masthead.colour": head.colour})
        yield from _filled({"masthead.number_size": looks[number].size})
    rest = looks[number + 1 :]
    body = [item for item in rest if len(item.text) >= PROSE]
    yield from _filled(
        {"fonts.body": _most(body, "font"), "body.size": _most(body, "size"), "page.line": _most(body, "line")}
    )
    size = float(_most(body, "size") or 0)
    titles = [item for item in rest if item.style == "heading 2"] or [
        item for item in rest if item.centred and item.size > size and not _SECTION.fullmatch(item.text)
    ]
    yield from _filled({"title.size": _most(titles, "size"), "fonts.title": _most(titles, "font")})
    for key, pattern in (("fonts.hei", _FIRST), ("fonts.kai", _SECOND)):
        headings = [item for item in rest if pattern.match(item.text) and len(item.text) < PROSE]
        yield from _filled({key: _most(headings, "font")})
    sections = [item for item in rest if _SECTION.fullmatch(item.text)]
    yield from _filled({"section.size": _most(sections, "size")})
    if head is not None:  # the first counts: a name in a writing of its own is not that of the titles
        yield from _filled({"fonts.title": head.font})


def _filled(values: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    return ((key, value) for key, value in values.items() if value)


def _most(looks: Iterable[Looks], part: str) -> Value:
    take: Callable[[Looks], Value] = lambda item: getattr(item, part)  # noqa: E731
    counted = Counter(take(item) for item in looks if take(item))
    return counted.most_common(1)[0][0] if counted else ""


def _known(style: HouseStyle, key: str) -> Value:
    group, _, name = key.partition(".")
    value: Value = getattr(getattr(style, group), name)
    return value


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) < NEAR
    return one == other
