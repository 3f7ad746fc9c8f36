"""Several publications in one installation: nothing of one is seen by another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.errors import NotFoundError
from bulletin.model import Series
from services.archives import list_issues, search_issues
from services.context import Office, open_office
from services.issuing import drafts, sign_issue
from services.outcomes import Fate
from services.outgoing import deliver
from services.publish import compile_issue
from services.requests import CompileRequest
from services.settings import read_settings
from services.weekly import run_weekly
from store.records import ArticleFilter
from tests.services.conftest import silent
from tests.services.servers import post_office
from tests.services.serving import MEETING, READING, Clock, put, serving


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """A province's publication and a city's, in one home."""
    home, clock = tmp_path / "home", Clock()
    city = {"name": "望河 简报", "start": 30, "weekday": 5, "sections": ({"name": "动态", "role": "news"},)}
    with serving(home, clock) as first, serving(home, clock, key="shi", **city) as second:
        yield first, second


def pool(office: Office) -> set[str]:
    with office.store.reading() as unit:
        return {row.title for row in unit.articles.find(office.publication.key, ArticleFilter()).rows}


def test_each_has_its_own_inbox_pool_numbers_and_sections(both: tuple[Office, Office]) -> None:
    province, city = both
    put(province, "a", MEETING)
    put(city, "b", READING)
    reports = [run_weekly(office, silent) for office in both]
    made = [report.result for report in reports if report and report.result]
    assert [result.number for result in made] == [1, 30]
    assert [[line.section for line in result.articles] for result in made] == [["学习动态"], ["动态"]]
    assert made[0].docx != made[1].docx
    assert pool(province) == {"望河市委理论学习中心组举行专题学习会"}
    assert pool(city) == {"白塔区举办机关干部读书分享会"}
    assert [len(drafts(office)) for office in both] == [1, 1]


def test_the_same_piece_in_both_is_no_repetition(both: tuple[Office, Office]) -> None:
    for office in both:
        put(office, "a", MEETING)
        [outcome] = compile_issue(office, CompileRequest(), silent).outcomes
        assert outcome.fate is Fate.TAKEN
        with office.store.reading() as unit:
            assert len(unit.submissions.find(office.publication.key)) == 1


def test_archive_and_search_stay_apart(both: tuple[Office, Office]) -> None:
    province, city = both
    put(province, "a", MEETING)
    sign_issue(province, compile_issue(province, CompileRequest(), silent).number, Series.REGULAR, "")
    assert [issue["number"] for issue in list_issues(province)] == [1]
    assert len(search_issues(province, "专题学习会")) == 1
    assert list_issues(city) == []
    assert search_issues(city, "专题学习会") == []
    put(city, "b", MEETING)
    assert compile_issue(city, CompileRequest(), silent).number == 30


def test_mails_of_one_are_not_sent_by_the_other(tmp_path: Path) -> None:
    home, clock = tmp_path / "home", Clock()
    with (
        post_office() as post,
        serving(home, clock, port=post.port, recipients=("sheng@example.org",)) as province,
        serving(home, clock, port=post.port, key="shi", recipients=("shi@example.org",)) as city,
    ):
        put(province, "a", MEETING)
        sign_issue(province, compile_issue(province, CompileRequest(), silent).number, Series.REGULAR, "")
        assert deliver(city).sent == 0
        assert deliver(province).sent == 1
        assert post.recipients() == ["sheng@example.org"]


def test_one_that_is_not_there_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="没有代号为 meiyou 的刊物"):
        open_office(read_settings(tmp_path / "home"), "meiyou")
    assert not (tmp_path / "home").exists()
