"""settings.xml: line breaking, grid and compatibility, the same in every program."""

from builders.ooxml.markup import HEAD, NAMESPACES, escape
from builders.ooxml.paper import FOOTNOTES

# What no line may begin and end with (GB/T 15834 5.1.6 and custom), said in the document, so that
# every program breaks lines at the same places.
NOT_FIRST = "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
NOT_LAST = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥"


def settings_xml(update_fields: bool) -> str:
    """word/settings.xml; `update_fields` makes Word ask whether to work the fields out anew."""
    refresh = '<w:updateFields w:val="true"/>' if update_fields else ""
    modern = (("compatibilityMode", "15"), ("overrideTableStyleFontSizeAndJustification", "1"),
              ("enableOpenTypeFeatures", "1"), ("doNotFlipMirrorIndents", "1"))  # fmt: skip
    modes = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in modern
    )
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:noLineBreaksAfter w:lang="zh-CN" w:val="{escape(NOT_LAST)}"/>'
        f'<w:noLineBreaksBefore w:lang="zh-CN" w:val="{escape(NOT_FIRST)}"/>{refresh}'
        f"<w:footnotePr>{FOOTNOTES}"
        '<w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        f"<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:useFELayout/>{modes}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )
