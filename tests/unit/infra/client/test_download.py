from pathlib import Path

import pytest

from infra.client import ApiError, Client
from tests.unit.infra.client.conftest import Answer, Script


def test_a_download_arrives_whole(script: Script, client: Client, tmp_path: Path):
    script.on("GET", "/file", Answer(body=b"x" * 100_000))
    target = tmp_path / "new" / "photo.png"
    assert client.download(f"{script.url}/file", target) == 100_000
    assert target.read_bytes() == b"x" * 100_000


@pytest.mark.parametrize("answer", [Answer(403, body=b"<Code>AccessDenied</Code>"), Answer(body=b"x" * 11)])
def test_a_failed_download_leaves_nothing_and_keeps_what_was_there(
    script: Script, client: Client, tmp_path: Path, answer: Answer
):
    script.on("GET", "/file", answer)
    target = tmp_path / "photo.png"
    target.write_bytes(b"older")
    with pytest.raises(ApiError):
        client.download(f"{script.url}/file", target, max_bytes=10)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("photo.png", b"older")]


def test_a_link_that_points_elsewhere_is_not_followed(script: Script, client: Client, tmp_path: Path):
    script.on("GET", "/file", Answer(302, headers={"Location": f"{script.url}/other"}))
    script.on("GET", "/other", Answer(body=b"secret"))
    with pytest.raises(ApiError):
        client.download(f"{script.url}/file", tmp_path / "photo.png")
