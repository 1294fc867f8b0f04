"""A time stamp authority says when a file was signed. The one here is OpenSSL's, on this machine."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from handlers.credentials import signing
from handlers.credentials.reading import verify
from handlers.credentials.signer import Signer
from handlers.credentials.signing import sign
from schemas.errors import TransientFailure
from schemas.verified import Standing
from tests.unit.handlers.credentials.conftest import certificate, claim
from tests.unit.handlers.pictures import COLOUR, encoded

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="OpenSSL plays the authority")
CONFIGURATION = """
[tsa]
default_tsa = it
[it]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = root.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run([str(OPENSSL), *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Answer RFC 3161 queries; give the address, and the certificate to trust."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    (folder / "ext").write_text(
        "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:false\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    ca = ("-addext", "keyUsage=critical,keyCertSign")
    _openssl(folder, "req", "-x509", *curve, "-keyout", "root.key", "-out", "root.pem", "-subj", "/O=T/CN=Root", *ca)
    _openssl(folder, "req", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/O=T/CN=Clock")
    issue = ("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
    _openssl(folder, *issue, "-extfile", "ext", "-days", "30", "-out", "tsa.pem")

    class Clock(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            _openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
            reply = (folder / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Clock) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", (folder / "root.pem").read_text()
        server.shutdown()
        thread.join()


def test_the_authority_says_when_it_was_signed(authority: tuple[str, str], tmp_path: Path) -> None:
    (address, root), (us, anchor) = authority, certificate()
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(encoded(COLOUR, "JPEG"))
    sign(source, target, "image/jpeg", claim(), Signer(us.chain, us.sign, address), parent=source)
    found = verify(target, anchor + root)
    assert found.standing is Standing.INTACT, found
    assert found.manifest is not None
    said = datetime.fromisoformat(found.manifest.signature.time)
    assert abs((datetime.now(UTC) - said).total_seconds()) < 3600


def test_an_authority_that_does_not_answer_costs_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that failed is no sign that the upload's credentials are broken: nothing is signed without them."""
    us, source = certificate()[0], tmp_path / "a.jpg"
    source.write_bytes(encoded(COLOUR, "JPEG"))
    tries: list[object] = []
    write = signing._write

    def counting(*arguments: Any) -> None:
        tries.append(arguments)
        write(*arguments)

    monkeypatch.setattr(signing, "_write", counting)
    nobody = Signer(us.chain, us.sign, "http://127.0.0.1:9/")
    with pytest.raises(TransientFailure):
        sign(source, tmp_path / "b.jpg", "image/jpeg", claim(), nobody, parent=source)
    assert len(tries) == 1


def test_without_its_authority_nothing_is_signed(tmp_path: Path) -> None:
    """What was to be stamped is not delivered unstamped; it is tried again."""
    us, source, target = certificate()[0], tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(encoded(COLOUR, "JPEG"))
    nobody = Signer(us.chain, us.sign, "http://127.0.0.1:9/")
    with pytest.raises(TransientFailure, match="time stamp authority"):
        sign(source, target, "image/jpeg", claim(), nobody, parent=source)
    assert not target.exists()
