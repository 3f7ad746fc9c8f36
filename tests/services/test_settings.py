"""Settings as administrators write them: in Notepad, with a Chinese keyboard, with slips; each is told in Chinese."""

from pathlib import Path

import pytest

from bulletin.errors import SettingsError
from services.settings import read_publication, read_service, read_settings

PUBLICATION = 'name = "简报"\nissuer = "办公室"\n[[sections]]\nname = "动态"\n'


def write(home: Path, settings: str = "", publication: str = PUBLICATION, encoding: str = "utf-8") -> Path:
    (home / "publications").mkdir(exist_ok=True)
    (home / "settings.toml").write_text(settings, encoding)
    (home / "publications" / "default.toml").write_text(publication, encoding)
    return home


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('admin = ["a@b.cn"]', "设置 admin 不对：没有这一项"),
        ('admins = "a@b.cn"', "设置 admins 不对：应是方括号里的列表"),
        ('timezone = "Asia/Beijing"', "设置 timezone 不对：没有这个时区，中国各地写 Asia/Shanghai"),
        ('days_off = ["2027-02-30"]', "设置 days_off.0 不对：应是日期，如 2027-02-05"),
        ('[smtp]\nhost = "a"', "设置 smtp.sender 不对：缺少这一项"),
        ('[smtp]\nhost = "a"\nsender = "b"\nsecurity = "ssl"', "设置 smtp.security 不对：只能写 tls、starttls、none"),
        ("processes = -1", "设置 processes 不对：不能小于 0"),
        ("publication = “default”", "写法有误：第 1 行，等号右边要写数字"),
        ('\npublication ＝ "default"', "写法有误：第 2 行，缺少半角的等号"),
        ('admins = ["a"，"b"]', "写法有误：第 1 行，缺少半角的逗号"),
        ('desk = "http://a\nlog = "off"', "写法有误：第 1 行，缺少半角的后引号"),
        ('log = "off"\nlog = "off"\n', "写法有误：第 2 行，同一项写了两次"),
    ],
)
def test_a_slip_is_told_with_file_place_and_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings(write(tmp_path, text))
    assert str(error.value).startswith(f"{tmp_path / 'settings.toml'}：{said}")
    assert "docs/settings.md" in error.value.advice


def read_both(home: Path) -> None:
    settings = read_settings(home)
    read_publication(settings)
    read_service(settings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PUBLICATION.replace("issuer", "isuer"), "缺少这一项"),
        (PUBLICATION.replace("简报", " "), "设置 name 不对：空着"),
        (f"{PUBLICATION}[service]\nweekday = 8", "设置 service.weekday 不对：不能大于 7"),
        (f"{PUBLICATION}[service]\neditor = []", "设置 service.editor 不对：没有这一项"),
    ],
)
def test_a_slip_in_a_publication_too(tmp_path: Path, text: str, said: str) -> None:
    home = write(tmp_path, publication=text)
    with pytest.raises(SettingsError) as error:
        read_both(home)
    assert error.value.subject == str(tmp_path / "publications" / "default.toml")
    assert said in error.value.message


def test_files_from_notepad_are_read(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, 'desk = "http://编辑台"\n', encoding="utf-8-sig"))
    assert settings.desk == "http://编辑台"
    assert read_publication(settings).name == "简报"


def test_files_in_another_encoding_are_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="不是 UTF-8 编码") as error:
        read_settings(write(tmp_path, "# 设置\n", encoding="gbk"))
    assert "另存为" in error.value.advice


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("BULLETIN_FILES_OPTIONS", "{key = 1}", "应是 JSON"), ("BULLETIN_LOG", "systemd", "只能写 file、stderr、off")],
)
def test_a_slip_in_the_environment_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=said) as error:
        read_settings(write(tmp_path, 'log = "off"'))
    assert error.value.subject == name
