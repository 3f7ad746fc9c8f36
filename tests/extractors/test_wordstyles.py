"""Which styles of a Word document are looked at."""

import pytest

from extractors.wordstyles import without_table_styles

HEAD = b"<w:styles><w:docDefaults/>"
BODY = b'<w:style w:type="paragraph" w:styleId="a"><w:name w:val="Normal"/></w:style>'
TABLE = b'<w:style w:type="table" w:styleId="t"><w:name w:val="Grid"/></w:style>'
EMPTY = b'<w:style w:type="table" w:styleId="e"/>'
END = b"</w:styles>"


@pytest.mark.parametrize(
    ("styles", "left"),
    [
        ((BODY, TABLE, BODY), (BODY, BODY)),
        ((TABLE, EMPTY, BODY), (BODY,)),
        ((BODY,), (BODY,)),
        ((), ()),
    ],
)
def test_styles_of_tables_are_cut(styles, left):
    assert without_table_styles(b"".join((HEAD, *styles, END))) == b"".join((HEAD, *left, END))


def test_the_last_style_stays_as_the_end_of_the_part_is_behind_it():
    assert without_table_styles(HEAD + BODY + TABLE + END) == HEAD + BODY + TABLE + END
