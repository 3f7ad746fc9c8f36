"""Places and their levels."""

from pathlib import Path

import pytest

from bulletin.places import Gazetteer, Level

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer.parse((ROOT / "data/reference/divisions.csv").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("福建省委办公厅", "福建省", Level.PROVINCE),
        ("福建召开会议", "福建省", Level.PROVINCE),
        ("江西省九江市委", "九江市", Level.CITY),
        ("延边州委", "延边朝鲜族自治州", Level.CITY),
        ("锡林郭勒盟委", "锡林郭勒盟", Level.CITY),
        ("西藏自治区党委", "西藏自治区", Level.PROVINCE),
        ("广西壮族自治区党委", "广西壮族自治区", Level.PROVINCE),
        ("上海市闵行区委", "闵行区", Level.COUNTY),
        ("寻乌县委宣传部", "寻乌县", Level.COUNTY),
        ("重庆市委", "重庆市", Level.PROVINCE),
    ],
)
def test_a_place_is_found_by_full_and_short_name(places: Gazetteer, text: str, name: str, level: Level) -> None:
    place = places.of(text)
    assert place is not None
    assert (place.name, place.level) == (name, level)


def test_adjoining_places_are_one_mention_of_the_lowest(places: Gazetteer) -> None:
    mention, *others = places.find("江西省九江市武宁县召开会议")
    assert (mention.place.name, mention.start, mention.end, others) == ("武宁县", 0, 9, [])


def test_places_apart_are_mentions_of_their_own(places: Gazetteer) -> None:
    assert [m.place.name for m in places.find("厦门和漳州的干部")] == ["厦门市", "漳州市"]


@pytest.mark.parametrize(
    ("text", "municipal", "region"),
    [
        ("天津市委", True, False),
        ("天津市南开区委", True, False),
        ("海南省委", False, False),
        ("广西壮族自治区党委", False, True),
        ("南宁市委", False, False),
    ],
)
def test_municipalities_with_their_districts_and_regions_without_their_cities(
    places: Gazetteer, text: str, municipal: bool, region: bool
) -> None:
    place = places.of(text)
    assert place is not None
    assert (place.in_municipality, place.region) == (municipal, region)


@pytest.mark.parametrize("text", ["", "学", "省委常委会召开会议", "全县党员干部"])
def test_a_text_without_a_place_has_none(places: Gazetteer, text: str) -> None:
    assert places.of(text) is None


def test_every_row_of_the_data_is_found_by_its_own_name(places: Gazetteer) -> None:
    lines = (ROOT / "data/reference/divisions.csv").read_text("utf-8").splitlines()
    names = {line.split(",")[1] for line in lines if line[:1].isdigit()}
    assert len(names) > 3000
    lost = [name for name in names if (found := places.of(name)) is None or found.name != name]
    assert lost == []
