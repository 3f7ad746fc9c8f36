"""Each visible character of a source is in a block or in the record of changes."""

import unicodedata
from collections import Counter
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import EmptyError
from bulletin.model import Document, Submission
from extractors.registry import extract
from tests.extractors.wordfiles import docx, p, relation, run, xml

USUAL = st.sampled_from("临川市一二（）、，。“”　 Ａa1.-％①")
TEXT = st.text(st.one_of(USUAL, st.characters(exclude_categories=["C", "Zl", "Zp"])), max_size=12)


def visible(text: str) -> Counter[str]:
    """The characters that can be seen."""
    return Counter(c for c in unicodedata.normalize("NFC", text) if not c.isspace())


def kept(document: Document) -> Counter[str]:
    """The characters in the blocks and in the record."""
    parts = [*(block.plain for block in document.blocks), *(change.before for change in document.changes)]
    return visible("\n".join(parts))


@given(
    st.lists(TEXT, max_size=8), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "gb18030", "utf-16"])
)
@settings(max_examples=150)
def test_plain_text(lines: list[str], end: str, encoding: str) -> None:
    # Begun with a plain line: how the encoding of a few odd characters is guessed is another test's matter.
    text = end.join(["工作简报第一期，关于做好各项工作的通知", *lines])
    document = extract(Submission(name="a.txt", content=text.encode(encoding)))
    assert kept(document) == visible(text)


@given(st.lists(TEXT, max_size=8))
@settings(max_examples=150)
def test_markdown(lines: list[str]) -> None:
    words = [f"词{index}" + "".join(c for c in line if c.isalnum()) for index, line in enumerate(lines)]
    text = "# 题\n\n" + "\n\n".join(
        f"- {word}\n> **{word}** `{word}`<br>\n\n| {word} | b |\n|--|--|\n| c | d |" for word in words
    )
    document = extract(Submission(name="a.md", content=text.encode()))
    assert visible("".join(words)) <= kept(document)


class Source:
    """A generated Word document: its markup, and the text that somebody could see in it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.notes: list[str] = []
        self.comments: list[str] = []

    def text(self, text: str) -> str:
        self.seen.append(text)
        return escape(text)

    def span(self, kind: str, text: str) -> str:
        """One piece of a paragraph."""
        words = self.text(text)
        if kind == "note":
            self.notes.append(words)
            return f'<w:r><w:footnoteReference w:id="{len(self.notes)}"/></w:r>'
        if kind == "comment":
            self.comments.append(words)
            return f'<w:r><w:commentReference w:id="{len(self.comments)}"/></w:r>'
        return SPANS[kind].format(words)

    def paragraph(self, spans: list[tuple[str, str]]) -> str:
        inside = "".join(self.span(kind, text) for kind, text in spans)
        return p(inside) if inside else p("")

    def part(self, tag: str, item: str, texts: list[str]) -> str:
        return xml(tag, "".join(f'<w:{item} w:id="{n}">{p(run(text))}</w:{item}>' for n, text in enumerate(texts, 1)))


RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
BOX = "<w:txbxContent><w:p>" + RUN + "</w:p></w:txbxContent>"
SPANS = {
    "run": RUN,
    "break": "<w:r><w:br/></w:r>" + RUN,
    "inserted": f'<w:ins w:id="1">{RUN}</w:ins>',
    "deleted": '<w:del w:id="1"><w:r><w:delText>{}</w:delText></w:r></w:del>',
    "hidden": "<w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r>",
    "control": f"<w:sdt><w:sdtContent>{RUN}</w:sdtContent></w:sdt>",
    "prompt": f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{RUN}</w:sdtContent></w:sdt>",
    "link": f"<w:hyperlink>{RUN}</w:hyperlink>",
    "field": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    + RUN + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "box": "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>" + BOX
    + "</w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>",
    "old-box": "<w:r><w:pict><v:shape><v:textbox>" + BOX + "</v:textbox></v:shape></w:pict></w:r>",
}  # fmt: skip

PARAGRAPH = st.lists(st.tuples(st.sampled_from([*SPANS, "note", "comment"]), TEXT), max_size=4)
TABLE = st.lists(st.lists(st.lists(PARAGRAPH, min_size=1, max_size=2), min_size=1, max_size=3), min_size=1, max_size=3)


@given(st.lists(st.one_of(PARAGRAPH, TABLE.map(lambda rows: ("table", rows))), max_size=5), TEXT)
@settings(max_examples=200)
def test_word(items: list[object], head: str) -> None:
    source = Source()
    body = source.paragraph([("run", "首段")])
    for item in items:
        if isinstance(item, tuple):
            cells = [["".join(map(source.paragraph, cell)) for cell in row] for row in item[1]]
            rows = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in cells)
            body += f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
        elif isinstance(item, list):
            body += source.paragraph(item)
    parts = {
        "word/h.xml": xml("hdr", p(run(source.text(head)))),
        "word/footnotes.xml": source.part("footnotes", "footnote", source.notes),
        "word/comments.xml": source.part("comments", "comment", source.comments),
    }
    relations = relation("h", "header", "h.xml") + relation("n", "footnotes", "footnotes.xml")
    document = extract(Submission(name="a.docx", content=docx(body, parts, relations)))
    missing = visible("".join(source.seen)) - kept(document)
    assert not missing


def test_a_file_with_nothing_to_see_is_refused_rather_than_read_as_nothing() -> None:
    for content, name in ((docx(p("")), "a.docx"), (b"\n\n", "a.txt"), (b"<!-- -->\n", "a.md")):
        try:
            extract(Submission(name=name, content=content))
        except EmptyError:
            continue
        raise AssertionError(name)
