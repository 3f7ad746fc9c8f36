"""The house style: one file of sizes, inherited, overridden, checked."""

import pytest

from builders.style import STYLES, load_style, style_names
from bulletin.errors import SettingsError


@pytest.mark.parametrize("name", style_names())
def test_every_shipped_style_loads_and_keeps_the_text_area_of_the_standard(name: str) -> None:
    page = load_style(name).page
    assert (page.width - page.left - page.right, page.height - page.top - page.bottom) == (156, 225)
    assert page.lines * page.line <= page.text_height < (page.lines + 1) * page.line


def test_twenty_eight_characters_fill_a_line_and_no_twenty_ninth_fits() -> None:
    style = load_style()
    assert 28 * style.character <= style.page.text_width < 29 * style.character


def test_a_style_takes_from_its_base_what_it_does_not_say() -> None:
    default, yearly = load_style("default"), load_style("yearly")
    assert yearly.contents.pages
    assert not default.contents.pages
    assert yearly.page == default.page


def test_single_values_are_overridden_by_dotted_keys() -> None:
    style = load_style("default", {"page.top": 35, "masthead.colour": "C00000", "contents.pages": True})
    assert (style.page.top, style.masthead.colour, style.contents.pages) == (35, "C00000", True)
    assert load_style("default").page.top == 37


def test_text_path_and_mapping_give_the_same_style() -> None:
    text = 'based_on = "default"\nname = "甲"\n[page]\ntop = 36.0\n'
    assert load_style(text) == load_style({"based_on": "default", "name": "甲", "page": {"top": 36.0}})
    assert load_style(STYLES / "extra.toml") == load_style("extra")


@pytest.mark.parametrize(
    ("source", "overrides", "said"),
    [
        ("default", {"page.tpo": 35}, "page.tpo"),
        ("default", {"page.top": "宽"}, "page.top"),
        ("default", {"page.top": -3}, "太小"),
        ("default", {"body.size": 0}, "body.size 不对：太小"),
        ("default", {"masthead.colour": "red"}, "masthead.colour"),
        ("default", {"fonts.body": 'A"><w:x/>'}, "fonts.body"),
        ("没有的版式", {}, "没有这个版式文件"),
        ("[page\ntop = 1", {}, "写法有误"),
        ('name = "只有名称"', {}, "缺这一项"),
    ],
)
def test_what_is_wrong_is_named_in_chinese(source: str, overrides: dict[str, str | float], said: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        load_style(source, overrides)
    assert said in str(wrong.value)


def test_styles_that_depend_on_each_other_are_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.toml").write_text('based_on = "b"\n', "utf-8")
    (tmp_path / "b.toml").write_text('based_on = "a"\n', "utf-8")
    with pytest.raises(SettingsError, match="互相依赖"):
        load_style("a", folder=tmp_path)
