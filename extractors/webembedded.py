"""An article that the page carries as data and only a script would show: JSON-LD, a state object, a textarea."""

import html as entities
import json
import re
from collections.abc import Iterator

from lxml import etree

from bulletin.text import is_han
from extractors.webtree import STOPS

LEAST = 80
"""So many Chinese characters, with punctuation, are an article; labels and messages of a program are shorter."""
LONGEST_SCRIPT = 4_000_000
"""Characters; a larger script is a program library."""

_STRING = re.compile(r'"((?:[^"\\\n]|\\.){40,})"|\'((?:[^\'\\\n]|\\.){40,})\'')
_TAG = re.compile(r"<\s*(?:p|br|div|span|section|strong|img)\b", re.IGNORECASE)


def embedded_article(root: etree._Element) -> str:
    """The longest article text that the page carries unseen, as HTML; "" where there is none."""
    texts = [text for text in (*_textareas(root), *_scripts(root)) if _is_article(text)]
    best = max(texts, key=_han, default="")
    return best if _TAG.search(best) else "".join(f"<p>{entities.escape(line)}</p>" for line in best.splitlines())


def _is_article(text: str) -> bool:
    return _han(text) >= LEAST and len(STOPS.findall(text)) >= 3


def _han(text: str) -> int:
    return sum(map(is_han, text))


def _textareas(root: etree._Element) -> Iterator[str]:
    for area in root.iter("textarea", "noscript", "template"):
        inner = "".join(etree.tostring(child, encoding="unicode") for child in area)
        yield (area.text or "") + inner


def _scripts(root: etree._Element) -> Iterator[str]:
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) > LONGEST_SCRIPT or (not any(map(is_han, text)) and "\\u" not in text):
            continue
        for match in _STRING.finditer(text):
            yield _unquote(match.group(1) or match.group(2))


def _unquote(literal: str) -> str:
    """The value of a string literal of a script."""
    body = literal.replace("\\'", "'").replace('\\"', '"')
    try:
        value = json.loads('"' + body.replace('"', '\\"').replace("\n", "\\n") + '"', strict=False)
    except ValueError:
        return body
    return str(value)
