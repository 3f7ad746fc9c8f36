"""ZIP archives and what expands at all."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import BulletinError, EncryptedError, FormatError, TooLargeError, UnsupportedError
from bulletin.model import Channel, Submission
from collectors.budget import Limits
from collectors.containers import expand


def archive(*members: tuple[str, bytes], name: str = "来稿.zip", **fields: str) -> Submission:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for member, content in members:
            package.writestr(member, content)
    return Submission(name=name, content=target.getvalue(), channel=Channel.UPLOAD, **fields)


def raw_archive(name: bytes, content: bytes = b"x", *, flags: int = 0, extra: bytes = b"") -> Submission:
    """A ZIP with one stored member whose name is given in bytes, as tools without Unicode write it."""
    sizes = struct.pack("<III", zlib.crc32(content), len(content), len(content))
    common = struct.pack("<HHHHH", 20, flags, 0, 0, 0) + sizes + struct.pack("<HH", len(name), len(extra))
    local = b"PK\x03\x04" + common + name + extra + content
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + extra
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return Submission(name="a.zip", content=local + central + end)


def expand_names(submission: Submission) -> list[str]:
    return [each.name if isinstance(each, Submission) else type(each).__name__ for each in expand(submission)]


def test_anything_else_comes_back_alone() -> None:
    text = Submission(name="稿件.txt", content="正文".encode())

    assert expand(text) == [text]


def test_members_come_in_natural_order_with_unit_and_origin() -> None:
    found = expand(archive(("10.txt", b"ten"), ("2.txt", b"two"), ("云溪县/3.txt", b"three"), origin="收件箱/来稿.zip"))

    assert [(each.name, each.unit, each.origin, each.channel) for each in found if isinstance(each, Submission)] == [
        ("2.txt", "", "收件箱/来稿.zip!2.txt", Channel.UPLOAD),
        ("10.txt", "", "收件箱/来稿.zip!10.txt", Channel.UPLOAD),
        ("3.txt", "云溪县", "收件箱/来稿.zip!云溪县/3.txt", Channel.UPLOAD),
    ]


def test_the_unit_of_the_archive_wins_over_its_folders() -> None:
    (each,) = expand(archive(("云溪县/3.txt", b"three"), unit="临川市委办"))

    assert isinstance(each, Submission)
    assert each.unit == "临川市委办"


UNICODE_PATH = "临川.txt".encode()
EXTRA = struct.pack("<HHBI", 0x7075, 5 + len(UNICODE_PATH), 1, zlib.crc32(b"??.txt")) + UNICODE_PATH
STALE = struct.pack("<HHBI", 0x7075, 5 + len(UNICODE_PATH), 1, 12345) + UNICODE_PATH


@pytest.mark.parametrize(
    ("raw", "flags", "extra", "name"),
    [
        ("临川.txt".encode("gbk"), 0, b"", "临川.txt"),
        ("“镕”字①号.txt".encode("gb18030"), 0, b"", "“镕”字①号.txt"),
        ("临川.txt".encode(), 0x800, b"", "临川.txt"),
        ("临川.txt".encode(), 0, b"", "临川.txt"),
        (b"??.txt", 0, EXTRA, "临川.txt"),
        ("résumé.txt".encode("cp437"), 0, b"", "résumé.txt"),
        ("通知\\诚信.txt".encode("gbk"), 0, b"", "诚信.txt"),
        ("程\\誠乗.txt".encode("gbk"), 0, b"", "誠乗.txt"),
    ],
)
def test_names_of_all_tools_are_decoded(raw: bytes, flags: int, extra: bytes, name: str) -> None:
    assert expand_names(raw_archive(raw, flags=flags, extra=extra)) == [name]


def test_the_unicode_path_counts_only_where_it_belongs_to_the_name() -> None:
    raw = "旧名.txt".encode("gbk")
    fresh = struct.pack("<HHBI", 0x7075, 5 + len(UNICODE_PATH), 1, zlib.crc32(raw)) + UNICODE_PATH

    assert expand_names(raw_archive(raw, extra=fresh)) == ["临川.txt"]
    assert expand_names(raw_archive(raw, extra=STALE)) == ["旧名.txt"]


@pytest.mark.parametrize("name", ["../../etc/稿件.txt", "/稿件.txt", "..\\稿件.txt", "a/../../稿件.txt"])
def test_paths_lead_nowhere(name: str) -> None:
    (each,) = expand(archive((name, b"x")))

    assert isinstance(each, Submission)
    assert each.name == "稿件.txt"
    assert ".." not in each.origin


def test_noise_is_passed_over() -> None:
    members = [("__MACOSX/._a.txt", b"x"), (".DS_Store", b"x"), ("~$a.docx", b"x"), ("空/", b""), ("a.txt", b"x")]

    assert expand_names(archive(*members)) == ["a.txt"]


def test_nested_archives_are_opened() -> None:
    inner = archive(("内.txt", b"inner"))
    outer = archive(("二层.zip", inner.content), ("外.txt", b"outer"))

    assert expand_names(outer) == ["内.txt", "外.txt"]
    assert next(each.origin for each in expand(outer) if isinstance(each, Submission)) == "来稿.zip!二层.zip!内.txt"


def test_endless_nesting_ends() -> None:
    nested = archive(("a.txt", b"x"))
    for _ in range(10):
        nested = archive(("n.zip", nested.content))

    assert expand_names(nested) == ["TooLargeError"]


def test_a_bomb_is_refused_and_its_neighbours_are_read() -> None:
    bomb = archive(("a.txt", b"x"), ("bomb.txt", bytes(30 * 1024 * 1024)), ("z.txt", b"x"))

    assert expand_names(bomb) == ["a.txt", "TooLargeError", "z.txt"]


def test_many_small_members_are_too_many() -> None:
    many = archive(*((f"{n}.txt", b"x") for n in range(50)))

    assert expand_names(many) == [f"{n}.txt" for n in range(50)]
    assert [type(each) for each in expand(many, limits=Limits(members=10))] == [TooLargeError]


def test_the_whole_has_a_limit_over_all_levels() -> None:
    inner = archive(("a.txt", b"x" * 600)).content
    found = expand(archive(("1.zip", inner), ("2.zip", inner)), limits=Limits(total_bytes=1000))

    assert [type(each) for each in found] == [Submission, TooLargeError]


def test_the_size_that_a_directory_states_is_not_believed() -> None:
    honest = archive(("a.txt", b"x" * 5000)).content
    lying = honest.replace(struct.pack("<I", 5000), struct.pack("<I", 10))
    found = expand(Submission(name="a.zip", content=lying), limits=Limits(member_bytes=1000))

    assert not any(isinstance(each, Submission) and len(each.content) > 1000 for each in found)


def test_encrypted_members_are_reported() -> None:
    assert [type(each) for each in expand(raw_archive(b"a.txt", flags=1))] == [EncryptedError]


@pytest.mark.parametrize(
    "magic", [b"Rar!\x1a\x07\x00" + bytes(20), b"Rar!\x1a\x07\x01\x00" + bytes(20), b"7z\xbc\xaf\x27\x1c" + bytes(20)]
)
def test_other_packings_are_refused_with_advice(magic: bytes) -> None:
    (error,) = expand(Submission(name="稿件.rar", content=magic))

    assert isinstance(error, UnsupportedError)
    assert "ZIP" in error.advice


def test_a_truncated_archive_is_broken() -> None:
    content = archive(("a.txt", b"x" * 1000), ("b.txt", b"y" * 1000)).content
    found = expand(Submission(name="a.zip", content=content[: len(content) // 2]))

    assert [type(each) for each in found] == [FormatError]


def test_a_damaged_member_is_reported_and_the_others_are_read() -> None:
    content = bytearray(archive(("a.txt", bytes(range(256)) * 8), ("b.txt", b"y")).content)
    content[45] ^= 0xFF

    assert expand_names(Submission(name="a.zip", content=bytes(content))) == ["FormatError", "b.txt"]


@settings(max_examples=100)
@given(st.data())
def test_damage_gives_submissions_or_reasons(data: st.DataObject) -> None:
    content = bytearray(archive(("云溪县/a.txt", b"x" * 50), ("n.zip", archive(("b.txt", b"y")).content)).content)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    assert all(
        isinstance(each, Submission | BulletinError)
        for each in expand(Submission(name="a.zip", content=bytes(content)))
    )
