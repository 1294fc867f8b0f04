"""Posting: to the address that was checked, to whom the certificate names, and never for longer than allowed."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from handlers.outbound import connection, post
from schemas.errors import BadInput, CleanplateError, TransientFailure
from tests.unit.handlers.outbound.conftest import PRIVATE, PUBLIC, Names
from tests.unit.handlers.outbound.servers import drips, listening, says, sends

OPEN_END = b"HTTP/1.1 200 OK\r\n\r\n"


def failure(url: str, kind: type[CleanplateError], *, timeout: float = 5, body: bytes = b"{}") -> str:
    with pytest.raises(kind) as failed:
        post(url, body, {}, timeout=timeout)
    return failed.value.code


@pytest.mark.usefixtures("plain_http")
def test_an_answer_comes_back_with_what_decides_about_the_next_try(names: Names) -> None:
    names.lead("hooks.example", [PUBLIC])
    with listening(says(429, b"slow down", Retry_After="7")) as server:
        reply = post(f"http://hooks.example:{server.port}/in?a=1", b'{"a":1}', {"webhook-id": "m-1"}, timeout=5)
    assert (reply.status, reply.body, reply.headers["retry-after"]) == (429, b"slow down", "7")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.splitlines()[0] == b"POST /in?a=1 HTTP/1.1"
    assert {b"webhook-id: m-1", f"Host: hooks.example:{server.port}".encode()} <= set(head.splitlines())
    assert body == b'{"a":1}'


@pytest.mark.usefixtures("plain_http")
def test_a_redirect_is_an_answer_and_is_not_followed(names: Names) -> None:
    names.lead("hooks.example", [PUBLIC])
    with listening(says(302, Location="http://127.0.0.2/")) as server:
        assert post(f"http://hooks.example:{server.port}/", b"", {}, timeout=5).status == 302


@pytest.mark.usefixtures("plain_http")
def test_what_was_checked_is_connected_to_though_the_name_leads_elsewhere_a_moment_later(names: Names) -> None:
    names.lead("rebinding.example", [PUBLIC], [PRIVATE])
    with listening(says(200)) as good, listening(says(200), host=PRIVATE, port=good.port) as bad:
        post(f"http://rebinding.example:{good.port}/", b"", {}, timeout=5)
    assert (len(good.requests), len(bad.requests), names.asked) == (1, 0, ["rebinding.example"])


@pytest.mark.usefixtures("plain_http")
def test_a_name_that_was_public_at_registration_is_judged_again(names: Names) -> None:
    names.lead("moved.example", [PRIVATE])
    with listening(says(200), host=PRIVATE) as server:
        assert failure(f"http://moved.example:{server.port}/", BadInput) == "private_address"
    assert server.requests == []


@pytest.mark.usefixtures("plain_http")
def test_of_several_addresses_the_first_that_answers_is_used(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.outbound.addresses.is_public", lambda _: True)
    names.lead("two.example", [PRIVATE, PUBLIC])
    with listening(says(204)) as server:
        assert post(f"http://two.example:{server.port}/", b"", {}, timeout=5).status == 204


@pytest.mark.usefixtures("plain_http")
def test_proxies_of_the_environment_are_not_asked(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    names.lead("hooks.example", [PUBLIC])
    with listening(says(200)) as server, listening(says(200), host=PRIVATE) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{PRIVATE}:{proxy.port}")
        post(f"http://hooks.example:{server.port}/", b"", {}, timeout=5)
    assert (len(server.requests), len(proxy.requests)) == (1, 0)


@pytest.mark.usefixtures("plain_http")
def test_an_answer_is_kept_only_in_part(names: Names) -> None:
    names.lead("hooks.example", [PUBLIC])
    with listening(says(500, b"x" * 100_000)) as server:
        assert post(f"http://hooks.example:{server.port}/", b"", {}, timeout=5).body == b"x" * 4096


@pytest.mark.usefixtures("plain_http")
@pytest.mark.parametrize(
    ("beginning", "drop"),
    [(b"", b"H"), (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n"), (OPEN_END, b"x")],
    ids=["status", "header", "interim answers", "body"],
)
def test_who_answers_a_drop_at_a_time_does_not_hold_us(names: Names, beginning: bytes, drop: bytes) -> None:
    names.lead("slow.example", [PUBLIC])
    with listening(drips(beginning, drop)) as server:
        assert failure(f"http://slow.example:{server.port}/", TransientFailure, timeout=0.3) == "timed_out"


@pytest.mark.usefixtures("plain_http")
def test_who_reads_nothing_does_not_hold_us(names: Names) -> None:
    names.lead("deaf.example", [PUBLIC])
    with socket.create_server((PUBLIC, 0)) as server:
        url = f"http://deaf.example:{server.getsockname()[1]}/"
        assert failure(url, TransientFailure, timeout=0.3, body=b"x" * 20_000_000) == "timed_out"


@pytest.mark.usefixtures("plain_http")
@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000])
def test_what_is_no_http_is_a_broken_connection(names: Names, answer: bytes) -> None:
    names.lead("odd.example", [PUBLIC])
    with listening(sends(answer)) as server:
        assert failure(f"http://odd.example:{server.port}/", TransientFailure) == "unreachable"


@pytest.mark.usefixtures("plain_http")
def test_nobody_there_is_worth_another_try(names: Names) -> None:
    names.lead("gone.example", [PUBLIC])
    with listening(says(200)) as server:
        pass
    assert failure(f"http://gone.example:{server.port}/", TransientFailure) == "unreachable"
    assert failure("http://nowhere.example/", TransientFailure) == "unreachable"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for hooks.example, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    path.write_bytes(made.public_bytes(encoding) + private)
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_tls", lambda: ssl.create_default_context(cafile=str(certificate)))


@pytest.mark.usefixtures("trusted")
def test_the_certificate_is_asked_for_by_name_and_held_against_it(names: Names, tls: ssl.SSLContext) -> None:
    wanted: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: wanted.append(name)
    names.lead("hooks.example", [PUBLIC])
    names.lead("other.example", [PUBLIC])
    with listening(says(200), tls=tls) as server:
        assert post(f"https://hooks.example:{server.port}/", b"", {}, timeout=5).status == 200
        assert failure(f"https://other.example:{server.port}/", TransientFailure) == "bad_certificate"
        assert failure(f"https://127.0.0.1:{server.port}/", TransientFailure) == "bad_certificate"
    assert wanted[:2] == ["hooks.example", "other.example"]
    assert len(server.requests) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_taken(names: Names, tls: ssl.SSLContext) -> None:
    names.lead("hooks.example", [PUBLIC])
    with listening(says(200), tls=tls) as server:
        assert failure(f"https://hooks.example:{server.port}/", TransientFailure) == "bad_certificate"
    assert server.requests == []


def test_who_never_finishes_the_handshake_does_not_hold_us(names: Names) -> None:
    names.lead("hooks.example", [PUBLIC])
    with socket.create_server((PUBLIC, 0)) as server:
        url = f"https://hooks.example:{server.getsockname()[1]}/"
        assert failure(url, TransientFailure, timeout=0.3) == "timed_out"
