"""A GET of an address that a person typed, against a real server, and against what must not be reached."""

import gzip
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import fetching
from lib.fetching import MOST_BYTES, NotFetched, Opening, Reason, fetch, is_public, leads_inside, target_of
from tests.calendar_server import LOCAL, CalendarServer, calendar_server

MARKER = "marker7secret"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    with calendar_server(tmp_path_factory.mktemp("tls")) as server:
        yield server


def refused(url: str, opening: Opening = fetching.CLOSED) -> Reason:
    with pytest.raises(NotFetched) as error:
        fetch(url, opening)
    assert MARKER not in repr(error.value)
    assert error.value.__cause__ is None
    return error.value.reason


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://example.org", "https://example.org/"),
        (" webcal://p01.example.org/published/2/x ", "https://p01.example.org/published/2/x"),
        ("webcals://example.org/a.ics", "https://example.org/a.ics"),
        ("https://example.org:443/a?b=c&d=%20#e", "https://example.org/a?b=c&d=%20"),
        ("https://EXAMPLE.org/Über/ä.ics", "https://example.org/%C3%9Cber/%C3%A4.ics"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_addresses_as_people_paste_them(typed: str, url: str) -> None:
    assert target_of(typed).url == url
    assert target_of(url).url == url


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "http://example.org/a",
            "ftp://example.org/",
            "file:///etc/passwd",
            "example.org/a.ics",
            "//example.org/a",
            "",
        ),
        *(
            "https://example.org:8443/a",
            "https://example.org:80/",
            "https://example.org:x/",
            "https://[::1/",
            "https:///a",
        ),
        *("https://user@example.org/", "https://user:pass@example.org/", "https://:@example.org/"),
        *(
            "https://example.org/a b",
            "https://example.org/a\r\nHost: x",
            "https://exa\tmple.org/",
            "https://example.org/\0",
        ),
        *("https://" + "a" * 2_000, "https://\u2024\u2024/", "https://a..ü/"),
    ],
)
def test_addresses_that_are_never_asked_for(typed: str) -> None:
    with pytest.raises(NotFetched) as error:
        target_of(typed)
    assert error.value.reason == Reason.ADDRESS


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        try:
            target = target_of(url)
        except NotFetched:
            continue
        assert target.url.isascii()
        assert target_of(target.url) == target


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",  # noqa: S104
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("2001:db8::1", "100::1", "4000::1", "5f00::1"),
        *("::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::ffff:0:10.0.0.1", "::10.0.0.1", "::169.254.169.254"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",  # Teredo: the client is 10.0.0.1
        "2001:0:7f00:1:8000:63bf:f7f7:f7f7",  # Teredo: the server is 127.0.0.1
        *("", "example.org", "1", "0x7f000001", "127.1"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1"),
        *("::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"),
    ],
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("https://localhost/a", "https://LOCALHOST./a", "https://me.localhost/a", "https://nas.local/a"),
        *(
            "https://metadata.google.internal/a",
            "https://nas/a",
            "https://nas./a",
            "https://./a",
            "https://nas.LOCAL/a",
        ),
        *(
            "https://127.0.0.1/a",
            "https://127.1/a",
            "https://0x7f.1/a",
            "https://0177.0.0.1./a",
            "https://2130706433/a",
        ),
        *(
            "https://10.0.0.1/a",
            "https://192.168.1/a",
            "https://169.254.169.254/a",
            "https://\uff11\uff12\uff17\u3002\uff10\u3002\uff10\u3002\uff11/a",
        ),
        *("https://[::1]/a", "https://[fd00::1]/a", "https://[::ffff:127.0.0.1]/a", "https://[64:ff9b::a9fe:a9fe]/a"),
        *("https://[2002:7f00:1::]/a", "https://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_hosts_that_are_inside_are_told_by_how_they_are_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "getaddrinfo")
    assert leads_inside(target_of(url).host)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://example.org/a",
            "https://local.example.org./a",
            "https://bücher.example/a",
            "https://nas.localnet/a",
        ),
        *("https://8.8.8.8/a", "https://8.8.2056/a", "https://[2a00:1450:4001::1]/a", "https://[::ffff:8.8.8.8]/a"),
    ],
)
def test_other_hosts_may_be_asked(url: str) -> None:
    assert not leads_inside(target_of(url).host)


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"],
)
def test_hosts_that_lead_inside_are_not_asked(server: CalendarServer, host: str) -> None:
    before = len(server.asked)
    assert refused(f"https://{host}/{MARKER}", Opening(port=server.port)) in {Reason.ADDRESS, Reason.UNREACHABLE}
    assert len(server.asked) == before


def test_one_answer_that_is_not_public_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kinds: answers)
    assert refused(f"https://example.org/{MARKER}") == Reason.ADDRESS


def test_the_connection_goes_to_the_address_that_was_checked(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers otherwise the second time changes nothing: it is asked once."""
    asked: list[str] = []

    def answer(host: str, *_args: object, **_kinds: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.2", 443))]

    address = server.give("/once.ics", b"once")
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: answer(host) if host == "localhost" else resolve(host, *a, **k)
    )
    assert fetch(address, server.opening) == b"once"
    assert asked == ["localhost"]


def test_a_request_says_the_name_and_nothing_of_us(server: CalendarServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    address = server.give("/plain.ics?token=1", b"calendar", headers={"Set-Cookie": "a=b; Path=/"})
    for _twice in range(2):
        assert fetch(address, server.opening) == b"calendar"
    path, headers = server.asked[-1]
    assert path == "/plain.ics?token=1"
    assert headers["host"] == "localhost"
    assert headers.keys() <= {"host", "accept", "accept-encoding", "user-agent"}


def test_a_certificate_of_another_name_or_authority_is_refused(server: CalendarServer, tmp_path: Path) -> None:
    address = server.give("/a.ics", b"x")
    assert refused(address, Opening(LOCAL, server.port)) == Reason.CERTIFICATE
    with calendar_server(tmp_path, "elsewhere.example") as other:
        assert refused(other.give("/a.ics", b"x"), other.opening) == Reason.CERTIFICATE
        assert not other.asked


def test_three_redirects_are_followed_and_each_is_checked(server: CalendarServer) -> None:
    server.give("/end.ics", b"end")
    for number, place in enumerate(["/end.ics", "/1", "https://localhost/2", "/3"], 1):
        server.give(f"/{number}", b"", status=302, headers={"Location": place})
    assert fetch("https://localhost/3", server.opening) == b"end"
    assert refused("https://localhost/4", server.opening) == Reason.ANSWER


@pytest.mark.parametrize(
    "place",
    [
        *("http://localhost/end.ics", "https://localhost:8443/", "https://127.0.0.3/", "https://a:b@localhost/"),
        *(
            "file:///etc/passwd",
            "https://[fe80::1]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[64:ff9b::a9fe:a9fe]/",
        ),
    ],
)
def test_a_redirect_leads_nowhere_else(server: CalendarServer, place: str) -> None:
    address = server.give("/away", b"", status=307, headers={"Location": place})
    assert refused(address, server.opening) == Reason.ADDRESS


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, Reason.GONE),
        (403, Reason.GONE),
        (410, Reason.GONE),
        (500, Reason.ANSWER),
        (204, Reason.ANSWER),
        (304, Reason.ANSWER),
    ],
)
def test_other_answers(server: CalendarServer, status: int, reason: Reason) -> None:
    assert refused(server.give("/other", b"", status=status), server.opening) == reason


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compressed_bodies(server: CalendarServer, coding: str) -> None:
    body = b"calendar " * 50_000
    packed = gzip.compress(body) if coding == "gzip" else zlib.compress(body)
    assert fetch(server.give("/packed", packed, headers={"Content-Encoding": coding}), server.opening) == body


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (b"x" * (MOST_BYTES + 1), "identity", Reason.TOO_LARGE),
        (gzip.compress(b"\0" * (MOST_BYTES + 1)), "gzip", Reason.TOO_LARGE),
        (gzip.compress(b"x" * 1_000)[:-20], "gzip", Reason.UNREACHABLE),
        (b"no gzip", "gzip", Reason.ANSWER),
        (b"x", "br", Reason.ANSWER),
        (b"x", "gzip, gzip", Reason.ANSWER),
    ],
    ids=["large", "bomb", "cut off", "none", "brotli", "twice"],
)
def test_bodies_that_are_not_taken(server: CalendarServer, body: bytes, coding: str, reason: Reason) -> None:
    assert refused(server.give("/body", body, headers={"Content-Encoding": coding}), server.opening) == reason


def test_exactly_as_much_as_is_taken(server: CalendarServer) -> None:
    body = b"x" * MOST_BYTES
    assert fetch(server.give("/most", body), server.opening) == body


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert refused(f"https://localhost/{MARKER}", Opening(LOCAL, port)) == Reason.UNREACHABLE
    assert refused(f"https://{MARKER}.invalid/") == Reason.UNREACHABLE
