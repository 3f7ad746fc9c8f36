"""One article made by different programs in different formats gives the same blocks."""

from collections.abc import Mapping

import pytest

from bulletin.model import Article, Document, Submission
from bulletin.pieces import pieces
from extractors.registry import extract_many
from tests.extractors.articles import ROWS, by_libreoffice, by_pandoc, by_python_docx, expected, outline

PANDOC = ("docx", "odt", "rtf", "md", "html", "txt")
LIBREOFFICE = ("docx", "doc", "odt", "rtf", "fodt", "html", "txt:Text (encoded):UTF8")
STRUCTURED = ("python-docx.docx", "pandoc.docx", "pandoc.odt", "pandoc.rtf", "pandoc.md", "libreoffice.docx",
              "libreoffice.doc", "libreoffice.wps", "libreoffice.odt", "libreoffice.rtf", "libreoffice.fodt")  # fmt: skip


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Document]:
    """The document read from each file, all in one batch."""
    files = {"python-docx.docx": by_python_docx()}
    files |= {f"pandoc.{suffix}": by_pandoc(suffix) for suffix in PANDOC}
    made = by_libreoffice(files["python-docx.docx"], tmp_path_factory.mktemp("office"), LIBREOFFICE)
    files |= {f"libreoffice.{suffix}": content for suffix, content in made.items()}
    files["libreoffice.wps"] = made["doc"]
    results = extract_many([Submission(name=name, content=content) for name, content in files.items()])
    return {name: result for name, result in zip(files, results, strict=True) if isinstance(result, Document)}


@pytest.mark.slow
@pytest.mark.parametrize("name", STRUCTURED)
def test_formats_with_styles_give_the_very_same_blocks(documents: Mapping[str, Document], name: str) -> None:
    assert outline(documents[name]) == expected()
    assert documents[name].blocks[6].rows == ROWS


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pandoc.html", "libreoffice.html"])
def test_web_pages_give_the_same_text_and_table(documents: Mapping[str, Document], name: str) -> None:
    found = [(kind, text) for kind, _, text in outline(documents[name])]
    wanted = [(kind, text) for kind, _, text in expected()]
    title = wanted[0][1]
    assert [item for item in found if item[1] != title] == wanted[1:]
    assert title in (documents[name].title, found[0][1])


@pytest.mark.slow
@pytest.mark.parametrize("name", [*STRUCTURED, "pandoc.html", "libreoffice.html"])
def test_cleaned_and_structured_the_articles_are_the_same(documents: Mapping[str, Document], name: str) -> None:
    def article(document: Document) -> tuple[object, ...]:
        (piece,) = pieces(document)
        assert isinstance(piece, Article)
        return piece.title, [block.model_copy(update={"at": (), "header_rows": 0}) for block in piece.blocks]

    assert article(documents[name]) == article(documents["python-docx.docx"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pandoc.txt", "libreoffice.txt"])
def test_plain_text_gives_the_same_lines_around_the_table(documents: Mapping[str, Document], name: str) -> None:
    cells = {cell for row in ROWS for cell in row}
    found = [text for _, _, text in outline(documents[name]) if not (set(text.split()) <= cells or "---" in text)]
    assert found == [text for kind, _, text in expected() if kind != "table"]
