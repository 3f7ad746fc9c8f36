"""Bytes -> text where the declared encoding cannot be trusted."""

import codecs

_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
"""What senders call GB2312 holds characters that only GB18030 has (镕, 喆)."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(raw: bytes, declared: str = "") -> str:
    """The text: by byte order mark, else UTF-8 where it is valid, else as declared, else GB18030.

    UTF-8 comes before the declaration: Chinese text in another encoding is practically never valid UTF-8,
    while mail programs declare us-ascii, iso-8859-1 or gb2312 over UTF-8 every day.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    name = declared.strip().strip("\"'").lower()
    stateful = name.startswith(("utf-16", "utf-7", "iso-2022", "hz"))  # valid ASCII, and yet not what they say
    declared_encoding = _WIDER.get(name, name)
    order = (declared_encoding, "utf-8") if stateful else ("utf-8", declared_encoding)
    for encoding in (*order, "gb18030"):
        if encoding in {"", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "unknown-8bit", "default"}:
            continue  # these take any byte and make nonsense of Chinese; GB18030 is the likelier truth
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    if declared_encoding in {"iso-8859-1", "latin-1", "windows-1252"}:
        return raw.decode("cp1252", errors="replace")
    return raw.decode("gb18030", errors="replace")
