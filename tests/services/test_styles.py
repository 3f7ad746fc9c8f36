"""The style a publication prints in: shipped or its own, with its template, its overrides, its contents."""

from pathlib import Path

import pytest

from bulletin.errors import NotFoundError, SettingsError
from bulletin.model import Publication, SectionRule
from services.settings import Settings, read_settings
from services.styles import load_house_style, load_template
from tests.builders.test_template import template

PLAIN = Publication(name="工作简报", issuer="云江省某办公室", sections=(SectionRule(name="动态"),))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "form.docx").write_bytes(template())
    (tmp_path / "templates" / "bare.docx").write_bytes(template(marker="这里没有标记"))
    return read_settings(tmp_path)


def test_page_numbers_in_the_contents_are_the_publications_choice(settings: Settings) -> None:
    assert not load_house_style(settings, PLAIN).contents.pages
    assert load_house_style(settings, PLAIN.model_copy(update={"contents_pages": True})).contents.pages
    refused = {"contents_pages": True, "style_overrides": {"contents.pages": False}}
    assert not load_house_style(settings, PLAIN.model_copy(update=refused)).contents.pages


def test_a_template_shapes_the_style_and_overrides_go_before_it(settings: Settings) -> None:
    own = PLAIN.model_copy(update={"template": "form.docx", "style_overrides": {"body.size": 14.0}})
    style = load_house_style(settings, own)
    assert (style.page.top, style.fonts.body, style.body.size) == (30, "方正仿宋_GBK", 14)
    assert load_template(settings, own) == (settings.home / "templates" / "form.docx").read_bytes()
    assert load_template(settings, PLAIN) == b""


@pytest.mark.parametrize(
    ("name", "error"), [("missing.docx", NotFoundError), ("../form.docx", SettingsError), ("bare.docx", SettingsError)]
)
def test_a_template_that_cannot_be_used_is_named(settings: Settings, name: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=name):
        load_template(settings, PLAIN.model_copy(update={"template": name}))
