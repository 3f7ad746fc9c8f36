"""`bulletin init`: files that explain themselves, and a home that works at once."""

import stat
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from bulletin.errors import SettingsError, StateError
from bulletin.model import NumberScheme
from collectors.mailsettings import MailSettings
from scripts.write_settings_page import PAGE, page
from services.context import office
from services.intake import receive_and_read
from services.service import Service, SmtpServer, Webhook
from services.settings import Settings, publication_keys, read_publication, read_service, read_settings
from services.setup import SetupRequest, parse_section, set_up
from tests.commands import run
from tests.services.conftest import silent
from tests.services.serving import MEETING, smtp

ANSWERS = {"name": "云江 简报", "issuer": "云江省某办公室", "region": "云江省", "start": 455}


def request(**more: object) -> SetupRequest:
    return SetupRequest.model_validate({**ANSWERS, **more})


def test_a_home_is_ready_for_work(tmp_path: Path) -> None:
    report = set_up(tmp_path / "home", request(scheme="both", distribution={"send": ["各单位"]}, weekday=3, hour=0))
    settings = read_settings(tmp_path / "home")
    publication = read_publication(settings)
    assert (publication.name, publication.issuer, publication.region) == ("云江 简报", "云江省某办公室", "云江省")
    assert (publication.numbering.scheme, publication.numbering.start) == (NumberScheme.BOTH, 455)
    assert publication.section_names == ("上情下达", "经验交流", "学习动态")
    assert publication.distribution.send == ("各单位",)
    assert (read_service(settings).weekday, read_service(settings).hour) == (3, 0)
    assert report.inbox.is_dir()
    with office(settings) as opened:
        assert receive_and_read(opened, [str(report.inbox)], silent) == ()


def test_nothing_is_overwritten_unless_forced_and_then_kept_beside(tmp_path: Path) -> None:
    set_up(tmp_path, request())
    with pytest.raises(StateError, match="已经设置过"):
        set_up(tmp_path, request(name="别的"))
    assert read_publication(read_settings(tmp_path)).name == "云江 简报"
    set_up(tmp_path, request(name="别的"), force=True)
    assert read_publication(read_settings(tmp_path)).name == "别的"
    assert "云江 简报" in (tmp_path / "publications" / "default.toml.bak").read_text("utf-8")


def test_a_second_publication_leaves_the_settings_alone(tmp_path: Path) -> None:
    set_up(tmp_path, request())
    before = (tmp_path / "settings.toml").read_bytes()
    report = set_up(tmp_path, request(key="shi", name="市 简报"))
    assert (tmp_path / "settings.toml").read_bytes() == before
    assert report.kept == (tmp_path / "settings.toml",)
    assert publication_keys(read_settings(tmp_path)) == ("default", "shi")
    assert report.inbox == tmp_path / "inbox-shi"


def test_sections_of_its_own_get_the_articles_of_their_kind(tmp_path: Path) -> None:
    sections = [parse_section("要情:部署:3"), parse_section("基层动态：动态")]
    set_up(tmp_path, request(sections=sections))
    settings = read_settings(tmp_path)
    rules = tomllib.loads((tmp_path / "publications" / "default.rules.toml").read_text("utf-8"))
    assert rules["roles"] == {"directive": "要情", "experience": "不采用", "news": "基层动态", "reject": "不采用"}
    (tmp_path / "inbox" / "a.txt").write_text(MEETING, "utf-8")
    with office(settings) as opened:
        [outcome] = receive_and_read(opened, opened.default_sources(), silent)
    assert outcome.section == "基层动态"


@pytest.mark.parametrize("text", ["", "要情", "要情:新闻", "要情:动态:很多", "要情:动态:0", ":动态:3"])
def test_a_section_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="看不懂"):
        parse_section(text)


def test_passwords_are_for_the_service_alone(tmp_path: Path) -> None:
    set_up(tmp_path, request(smtp=smtp(25).model_copy(update={"user": "u"})))
    for path in (tmp_path / "settings.toml", tmp_path / "publications" / "default.toml"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    server = read_settings(tmp_path).smtp
    assert server is not None
    assert (server.port, server.security, server.sender) == (25, "none", "编辑部 <jianbao@example.org>")
    assert "p" not in repr(server.password)


def test_what_people_type_is_kept_as_typed(tmp_path: Path) -> None:
    name = '云江 "简报" \\ 第一'
    set_up(tmp_path, request(name=name))
    assert read_publication(read_settings(tmp_path)).name == name


@pytest.mark.parametrize("model", [Settings, Service, SmtpServer, Webhook, MailSettings])
def test_every_setting_is_explained_where_an_administrator_looks(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        assert field.description, name
        assert f"| `{name}` | {field.description} |" in page()


def test_the_page_of_the_settings_is_what_the_script_writes() -> None:
    assert PAGE.read_text("utf-8") == page(), "run scripts/write_settings_page.py"


def test_settings_that_are_no_tables_stand_in_the_file(tmp_path: Path) -> None:
    set_up(tmp_path, request())
    written = (tmp_path / "settings.toml").read_text("utf-8")
    assert [name for name in ("database", "urls", "smtp", "admins", "desk", "log") if f"{name}" not in written] == []
    parsed = tomllib.loads(
        "\n".join(line.removeprefix("# ") for line in written.splitlines() if " = " in line or line.startswith("# ["))
    )
    assert parsed["timezone"] == "Asia/Shanghai"
    assert parsed["smtp"]["port"] == 465


def test_every_default_that_is_shown_can_be_switched_on(tmp_path: Path) -> None:
    """Each commented line of settings.toml holds when its mark is taken away."""
    set_up(tmp_path, request())
    for path in (tmp_path / "settings.toml", tmp_path / "publications" / "default.toml"):
        lines = path.read_text("utf-8").splitlines()
        shown = [
            n
            for n, line in enumerate(lines)
            if line.startswith("# ") and " = " in line and "[" not in line.split(" = ")[0]
        ]
        plain = [n for n in shown if not any(lines[m].startswith("# [") for m in range(max(0, n - 9), n))]
        for number in plain:
            changed = [*lines[:number], lines[number].removeprefix("# "), *lines[number + 1 :]]
            path.write_text("\n".join(changed), "utf-8")
            settings = read_settings(tmp_path)
            read_publication(settings)
            read_service(settings)
        path.write_text("\n".join(lines), "utf-8")


def test_the_command_asks_and_takes_answers(tmp_path: Path) -> None:
    answers = (
        "云江 简报\n云江省某办公室\n\n455\n要情:部署:3 动态:动态:9\n\n各单位；各学校\n\n4\n14\na@example.org\n\n\n\n"
    )
    done = run(tmp_path / "home", "init", given=answers)
    assert done.returncode == 0, done.stderr
    publication = read_publication(read_settings(tmp_path / "home"))
    assert publication.section_names == ("要情", "动态")
    assert publication.numbering.start == 455
    assert publication.distribution.send == ("各单位", "各学校")
    service = read_service(read_settings(tmp_path / "home"))
    assert (service.weekday, service.hour, service.editors) == (4, 14, ("a@example.org",))
