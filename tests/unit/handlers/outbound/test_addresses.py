"""What may be asked at all: the form of an address, and where it leads."""

import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from urllib3.util import parse_url

from handlers.outbound import check
from handlers.outbound.addresses import is_public
from handlers.outbound.urls import target_of
from handlers.settings import settings
from schemas.errors import BadInput, TransientFailure
from tests.unit.handlers.outbound.conftest import PRIVATE, PUBLIC, Names


def refusal(url: str) -> str:
    with pytest.raises(BadInput) as refused:
        check(url)
    assert not url or url not in refused.value.message
    return refused.value.code


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:///photo.jpg",
        "photo.jpg",
        "http://example.com/photo.jpg",
        "ftp://example.com/photo.jpg",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://example.com@evil.example/",
        "https://example.com\\@evil.example/",
        "https://example.com\n.evil.example/",
        "https://exam\tple.com/",
        "https://exa mple.com/",
        "https://example.com:99999/",
        "https://example.com:0/",
        "https://example.com:x/",
        "https://example..com/",
        "https://-example.com/",
        "https://.../",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[example.com]/",
        "https://x[2606:4700:4700::1111]/",
        "https://x:[2606:4700:4700::1111]/",
        "https:// [2606:4700:4700::1111]/",
        "https://[2606:4700:4700::1111]x/",
        "https://%31%32%37.0.0.1/",
        "https://" + "a" * 64 + ".com/",
        "https://example.com/" + "a" * 2000,
        "https://\ud800.com/",
    ],
)
def test_what_programs_could_read_differently_is_no_address(url: str, names: Names) -> None:
    assert refusal(url) == "bad_url"
    assert names.asked == []


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "8.8.8.08", "256.1.1.1", "0"]
)
def test_a_host_that_ends_in_a_number_is_four_plain_numbers_or_none(host: str) -> None:
    assert refusal(f"https://{host}/") == ("private_address" if host == "127.0.0.1." else "bad_url")


@pytest.mark.parametrize("host", ["bücher.example", "ⓛocalhost", "127。0。0。1", "\uff11\uff12\uff17.0.0.1"])
def test_names_beyond_ascii_are_wanted_in_the_form_that_is_looked_up(host: str, names: Names) -> None:
    assert refusal(f"https://{host}/") == "bad_url"
    assert names.asked == []


def test_the_ascii_form_of_a_name_is_taken(names: Names) -> None:
    names.lead("xn--bcher-kva.example", [PUBLIC])
    check("https://xn--bcher-kva.example/")


def test_a_final_dot_and_capitals_make_no_other_host() -> None:
    assert target_of("HTTPS://Example.COM./a") == target_of("https://example.com/a")


def test_a_path_as_content_systems_write_it_is_escaped_and_an_escaped_one_is_left() -> None:
    assert target_of("https://example.com/größe 1.jpg?a=b c&d=%20").path == "/gr%C3%B6%C3%9Fe%201.jpg?a=b%20c&d=%20"
    assert target_of("https://example.com?x=1#part").path == "/?x=1"


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.8.8.8",
        "168.63.129.16",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "4000::1",
        "2a00:1450::1%1",
        "no address",
        "",
    ],
)
def test_no_address_of_a_network_of_ones_own_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "99.84.0.1", "2606:4700:4700::1111", "2a00:1450:4001::64"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_wrapping_an_address_in_ipv6_never_makes_it_public(number: int) -> None:
    for prefix in (0, 0xFFFF << 32, 0xFFFF << 48, 0x64FF9B << 96):
        assert not is_public(str(IPv6Address(prefix | number)))
    assert not is_public(str(IPv6Address((0x2002 << 112) | (number << 80))))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_nothing_is_public_that_python_knows_not_to_be(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_link_local:
        assert not is_public(str(address))


@pytest.mark.parametrize("url", ["https://[::1]/", "https://[::ffff:169.254.169.254]/latest", "https://10.0.0.1:8443/"])
def test_an_address_in_the_place_of_a_name_is_judged_the_same(url: str) -> None:
    assert refusal(url) == "private_address"


def test_a_name_of_which_one_address_is_private_is_refused_whole(names: Names) -> None:
    names.lead("both.example", [PUBLIC, PRIVATE])
    assert refusal("https://both.example/") == "private_address"


def test_a_host_that_does_not_exist_is_a_wrong_address(names: Names) -> None:
    assert refusal("https://nowhere.example/") == "bad_url"


def test_a_resolver_that_is_down_says_nothing_about_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", down)
    with pytest.raises(TransientFailure) as failed:
        check("https://example.com/")
    assert failed.value.code == "unreachable"


def test_the_switch_lets_this_machine_be_asked_without_tls(switched_on: None) -> None:
    check("http://127.0.0.1:1/")
    check("https://[::1]/")


def test_the_switch_does_nothing_on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_PRIVATE_ADDRESSES", "yes")
    for endpoint in ("", "https://dynamodb.eu-central-1.amazonaws.com", "http://169.254.169.254"):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        settings.cache_clear()
        assert refusal("https://127.0.0.1/") == "private_address"
        assert refusal("http://example.com/") == "bad_url"


PIECES = ["https:", "//", "/", "\\", "@", ":", "?", "#", "%", "%2f", "%40", ";", "&", " ", ".", "443", "0x7f", "user"]
HOSTS = [
    "a.example",
    "A.Example.",
    "127.0.0.1",
    "[::1]",
    "[::ffff:a00:1]",
    "2130706433",
    "0177.1",
    "xn--bcher-kva.example",
]


@settings_of_hypothesis(max_examples=2000)
@given(st.lists(st.sampled_from(PIECES + HOSTS), max_size=8).map(lambda pieces: "https://" + "".join(pieces)))
def test_what_is_taken_is_read_the_same_by_another_parser(url: str) -> None:
    try:
        target = target_of(url)
    except BadInput:
        return
    other = parse_url(url)
    assert other.auth is None
    assert (other.host or "").removeprefix("[").removesuffix("]").removesuffix(".") == target.host
    assert (other.port or 443) == target.port
