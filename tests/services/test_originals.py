"""The original beside the article: every change that made the one of the other is shown, and can be taken back."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from PIL import Image

from services import review
from services.context import Office
from services.intake import receive_and_read
from services.originals import Original, OriginalBlock, original, raw_document
from store.records import ArticleFilter, ArticleRecord
from tests.conftest import ROOT
from tests.services.conftest import silent
from tests.services.serving import READING

COLLECTION = ROOT / "data" / "samples" / "清澜市中心组文章汇编.docx"
BYLINE = "来源：临川市教育局　作者：林小舟　时间：2026-11-12"


def _articles(office: Office, *sources: object) -> list[ArticleRecord]:
    """The articles that came of the sources, as they stand in them."""
    receive_and_read(office, [str(source) for source in sources], silent)
    with office.store.reading() as unit:
        key = office.publication.key
        found = unit.articles.records(key, unit.articles.ids(key, ArticleFilter()))
    return sorted(found, key=lambda record: record.article.part)


def _shown(office: Office, record: ArticleRecord) -> Original:
    with office.store.reading() as unit:
        return original(office, unit, record)


def _line(shown: Original, words: str) -> OriginalBlock:
    return next(block for block in shown.blocks if words in "".join(one.text for one in block.stretches))


@pytest.fixture
def with_byline(office: Office, inbox: Callable[..., Path]) -> ArticleRecord:
    title, _, text = READING.partition("\n")
    [record] = _articles(office, inbox(a=f"{title}\n{BYLINE}\n{text}"))
    assert BYLINE not in record.article.body
    return record


def test_a_byline_is_struck_in_its_place_and_comes_back_above_the_text(
    office: Office, with_byline: ArticleRecord
) -> None:
    line = _line(_shown(office, with_byline), "林小舟")
    assert line.taken
    key = line.stretches[-1].key
    back = review.undo_changes(office, with_byline.id, with_byline.version, (key,), "编辑甲")
    assert "林小舟" in back.article.blocks[0].text
    assert back.article.author == with_byline.article.author
    line = _line(_shown(office, back), "林小舟")
    assert line.stretches[-1].undone
    assert not line.taken
    again = review.undo_changes(office, back.id, back.version, (), "编辑甲")
    assert again.article == with_byline.article


def test_contents_and_numbers_of_a_collection_are_shown_with_the_article_that_has_them(office: Office) -> None:
    first, *others = _articles(office, COLLECTION)
    shown = _shown(office, first)
    listed = [one for block in shown.blocks for one in block.stretches if one.change and one.change.rule == "contents"]
    assert len(listed) > 3
    [group] = [block.group for block in shown.blocks if block.group]
    assert group == tuple(one.key for one in listed)
    assert not any(block.group for record in others for block in _shown(office, record).blocks)
    back = review.undo_changes(office, first.id, first.version, group, "编辑甲")
    texts = [block.text for block in back.article.blocks[: len(group)]]
    assert texts == [one.change.before.replace("\t", " ") for one in listed if one.change]
    assert review.undo_changes(office, back.id, back.version, (), "编辑甲").article == first.article


def test_every_structural_change_of_an_article_can_be_found_on_its_page(office: Office) -> None:
    for record in _articles(office, COLLECTION):
        keys = {one.key for block in _shown(office, record).blocks for one in block.stretches if one.can_undo}
        assert {change.key for change in record.article.changes} <= keys


def test_a_line_that_was_cleaned_and_taken_out_shows_both(office: Office, inbox: Callable[..., Path]) -> None:
    title, _, text = READING.partition("\n")
    [record] = _articles(office, inbox(a=f"{title}\n{BYLINE.replace('临川市教育局', '临川市 教育局')}\n{text}"))
    line = _line(_shown(office, record), "林小舟")
    rules = [one.change.rule for one in line.stretches if one.change]
    assert "byline" in rules
    for one in line.stretches:
        if one.change and one.change.rule != "byline":
            record = review.undo_changes(office, record.id, record.version, (one.key,), "编辑甲")
            assert "byline" in [s.change.rule for s in _line(_shown(office, record), "林小舟").stretches if s.change]


def test_what_is_kept_of_a_submission_is_its_text_and_not_its_pictures(office: Office, tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.effect_noise((300, 300), 64).save(picture, "PNG")
    file = docx.Document()
    file.add_paragraph("望河市举办读书分享会")
    for line in READING.splitlines()[1:]:
        file.add_paragraph(line)
    file.add_picture(picture)
    file.save(str(tmp_path / "图文.docx"))
    [record] = _articles(office, tmp_path / "图文.docx")
    [name] = [block.picture for block in record.article.blocks if block.picture]
    kept = raw_document(office, record.source, "图文.docx")
    assert name in [block.picture for block in kept.blocks]
    assert not kept.pictures
    assert office.files.get(name) == picture.getvalue()
