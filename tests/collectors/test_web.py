"""Fetching pages from a real server on the loopback interface."""

import gzip
import pickle
import socket
import threading
from http.server import BaseHTTPRequestHandler

import pytest
import requests

from bulletin.errors import FetchError
from bulletin.model import Channel
from collectors.guard import is_public
from collectors.web import Fetcher, WebLimits, fetch, normal_url
from tests.collectors.conftest import Site

HTML = {"Content-Type": "text/html; charset=gb2312"}
QUICK = WebLimits(pace_seconds=0, backoff_seconds=0.01, read_seconds=5, connect_seconds=5)


def page(text: str) -> tuple[int, dict[str, str], bytes]:
    return 200, dict(HTML), text.encode("gbk")


def test_a_page_comes_with_its_bytes_and_declared_encoding(site: Site) -> None:
    site.pages["/zwgk/t20231210_1.html"] = page("临川市推进减负")
    found = fetch(f"{site.url}/zwgk/t20231210_1.html#top", limits=QUICK)

    assert found.content.decode("gbk") == "临川市推进减负"
    assert found.media_type == "text/html; charset=gb2312"
    assert (found.name, found.channel) == ("t20231210_1.html", Channel.URL)
    assert found.origin == f"{site.url}/zwgk/t20231210_1.html"
    assert found.received is not None
    assert found.received.tzinfo is not None


def test_a_download_keeps_the_name_that_the_server_gives(site: Site) -> None:
    disposition = "attachment; filename*=UTF-8''%E7%A8%BF%E4%BB%B6.docx"
    site.pages["/down?id=1"] = 200, {"Content-Disposition": disposition}, b"PK"

    assert fetch(f"{site.url}/down?id=1", limits=QUICK).name == "稿件.docx"


def test_redirects_are_followed_to_their_end(site: Site) -> None:
    site.pages["/a"] = 302, {"Location": "/b"}, b""
    site.pages["/b"] = 301, {"Location": f"{site.url}/c.html"}, b""
    site.pages["/c.html"] = page("到了")

    assert fetch(f"{site.url}/a", limits=QUICK).origin == f"{site.url}/c.html"


def test_redirects_end(site: Site) -> None:
    site.pages["/a"] = 302, {"Location": "/a"}, b""
    with pytest.raises(FetchError, match="重定向"):
        fetch(f"{site.url}/a", limits=QUICK)

    assert len(site.paths()) == QUICK.redirects + 1


def test_a_redirect_out_of_the_web_is_refused(site: Site) -> None:
    site.pages["/a"] = 302, {"Location": "file:///etc/passwd"}, b""

    with pytest.raises(FetchError, match="http"):
        fetch(f"{site.url}/a", limits=QUICK)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(site: Site, status: int) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        failed = len(site.paths()) < 3
        handler.send_response(status if failed else 200)
        handler.send_header("Content-Length", "0" if failed else "2")
        handler.end_headers()
        handler.wfile.write(b"" if failed else b"ok")

    site.pages["/a"] = answer

    assert fetch(f"{site.url}/a", limits=QUICK).content == b"ok"
    assert len(site.paths()) == 3


@pytest.mark.parametrize(("status", "words"), [(404, "不存在"), (403, "拒绝"), (410, "已删除"), (500, "服务器出错")])
def test_a_lasting_failure_says_what_it_is(site: Site, status: int, words: str) -> None:
    site.pages["/a"] = status, {}, b""
    with pytest.raises(FetchError, match=words) as caught:
        fetch(f"{site.url}/a", limits=QUICK)

    assert caught.value.subject == f"{site.url}/a"


def test_a_closed_port_and_an_unknown_host_say_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    limits = WebLimits(retries=0, pace_seconds=0, robots=False)

    for url in (f"http://127.0.0.1:{port}/", "http://no-such-host.invalid/"):
        with pytest.raises(FetchError, match="连接不上"):
            fetch(url, limits=limits)


def test_a_page_beyond_the_limit_is_not_read_on(site: Site) -> None:
    limits = WebLimits(max_bytes=100_000, pace_seconds=0)
    site.pages["/plain"] = 200, {}, b"x" * 200_000
    site.pages["/packed"] = 200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(5_000_000))

    for path in ("/plain", "/packed"):
        with pytest.raises(FetchError, match="超过"):
            fetch(site.url + path, limits=limits)


def test_a_server_that_drips_is_left(site: Site) -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while not stop.wait(0.02):
            try:
                handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            except OSError:
                return

    site.pages["/a"] = drip
    with pytest.raises(FetchError, match="没有传完"):
        fetch(f"{site.url}/a", limits=WebLimits(total_seconds=0.3, pace_seconds=0))
    stop.set()


def test_a_silent_server_is_left(site: Site) -> None:
    done = threading.Event()
    site.pages["/a"] = lambda _: done.wait(10) and None
    with pytest.raises(FetchError, match="没有及时回应"):
        fetch(f"{site.url}/a", limits=WebLimits(read_seconds=0.2, retries=0, pace_seconds=0))
    done.set()


def test_what_robots_forbid_is_not_fetched(site: Site) -> None:
    site.pages["/robots.txt"] = 200, {}, b"User-agent: *\nDisallow: /private/*.html$\nAllow: /\n"
    site.pages["/private/a.html"] = page("no")
    site.pages["/public.html"] = page("yes")
    fetcher = Fetcher(limits=QUICK)

    with pytest.raises(FetchError, match="robots"):
        fetcher.fetch(f"{site.url}/private/a.html")
    assert fetcher.fetch(f"{site.url}/public.html").content == b"yes"
    assert site.paths() == ["/public.html"]
    assert len(site.asked) == 2  # robots.txt is asked for once


def test_rules_for_this_program_count_before_those_for_all(site: Site) -> None:
    site.pages["/robots.txt"] = 200, {}, b"User-agent: bulletin\nDisallow: /\n\nUser-agent: *\nAllow: /\n"

    with pytest.raises(FetchError, match="robots"):
        fetch(f"{site.url}/a", limits=QUICK)


def test_a_home_page_in_place_of_robots_forbids_nothing(site: Site) -> None:
    site.pages["/robots.txt"] = 200, {}, b"<html>User-agent: *\nDisallow: /</html>"
    site.pages["/a"] = page("yes")

    assert fetch(f"{site.url}/a", limits=QUICK).content == b"yes"


def test_a_failing_robots_file_forbids_all_for_now(site: Site) -> None:
    site.pages["/robots.txt"] = 503, {}, b""
    site.pages["/a"] = page("yes")

    with pytest.raises(FetchError, match="robots"):
        fetch(f"{site.url}/a", limits=QUICK)


def test_one_host_is_asked_at_its_pace(site: Site) -> None:
    site.pages["/robots.txt"] = 200, {}, b"User-agent: *\nCrawl-delay: 7\n"
    site.pages["/a"] = page("a")
    waits: list[float] = []
    fetcher = Fetcher(limits=WebLimits(pace_seconds=2), sleep=waits.append)
    for _ in range(3):
        fetcher.fetch(f"{site.url}/a")

    assert len(waits) == 2
    assert 6 < waits[0] <= 7
    assert 13 < waits[1] <= 14


def test_a_page_that_has_not_changed_says_so(site: Site) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == '"v1"'
        handler.send_response(304 if known else 200)
        handler.send_header("ETag", '"v1"')
        handler.send_header("Last-Modified", "Sun, 10 Dec 2023 00:00:00 GMT")
        handler.send_header("Content-Length", "0" if known else "4")
        handler.end_headers()
        handler.wfile.write(b"" if known else b"page")

    site.pages["/a"] = answer
    fetcher = Fetcher(limits=QUICK)
    first = fetcher.get(f"{site.url}/a")
    second = fetcher.get(f"{site.url}/a", etag=first.etag, last_modified=first.last_modified)

    assert not first.unchanged
    assert second.unchanged
    assert second.etag == '"v1"'
    assert site.asked[-1][1]["If-Modified-Since"] == "Sun, 10 Dec 2023 00:00:00 GMT"


def test_the_guard_keeps_out_of_the_own_network(site: Site) -> None:
    site.pages["/a"] = page("secret")
    for url in (f"{site.url}/a", f"{site.url}/a".replace("127.0.0.1", "localhost")):
        with pytest.raises(FetchError, match="内部网络"):
            fetch(url, limits=QUICK, public_only=True)

    assert site.asked == []


def test_a_session_of_the_caller_is_used(site: Site) -> None:
    site.pages["/a"] = page("a")
    session = requests.Session()
    session.headers["X-Office"] = "jb"
    fetch(f"{site.url}/a", session=session, limits=QUICK)

    assert site.asked[-1][1]["X-Office"] == "jb"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("nonsense", False),
        ("114.114.114.114", True),
        ("2400:3200::1", True),
        ("::ffff:114.114.114.114", True),
    ],
)
def test_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("www.linchuan.example/a#b", "http://www.linchuan.example/a"),
        (" HTTPS://linchuan.example ", "https://linchuan.example/"),
    ],
)
def test_normal_url(url: str, normal: str) -> None:
    assert normal_url(url) == normal


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "file:///etc/passwd", "http://", "http://a:port/", "javascript:1"]
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(FetchError, match="http"):
        normal_url(url)


def test_errors_survive_between_processes(site: Site) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(f"{site.url}/none", limits=QUICK)

    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
