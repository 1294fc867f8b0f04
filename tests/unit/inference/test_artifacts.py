"""Artifacts are read as they were written, in S3 and in a folder; errors say whether asking again helps."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from botocore.stub import Stubber
from moto import mock_aws

from inference.artifacts import ArtifactStore, DirectoryArtifactStore, S3ArtifactStore
from schemas.errors import BadInput, CleanplateError, PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer

WORK = S3Pointer(bucket="work", key="stages/a picture ü.png")


def s3_client() -> object:
    return boto3.client("s3", "eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing")


def refusing(code: str, message: str = "") -> S3ArtifactStore:
    """A store whose S3 answers the next read with an error."""
    client = s3_client()
    stub = Stubber(client)
    stub.add_client_error("get_object", code, message)
    stub.activate()
    return S3ArtifactStore(client)


@pytest.fixture(params=["s3", "directory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ArtifactStore]:
    if request.param == "directory":
        yield DirectoryArtifactStore(tmp_path)
        return
    with mock_aws():
        client = s3_client()
        client.create_bucket(Bucket="work", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        client.put_bucket_versioning(Bucket="work", VersioningConfiguration={"Status": "Enabled"})
        yield S3ArtifactStore(client)


def test_what_is_put_comes_back(store: ArtifactStore) -> None:
    pointer = store.put(WORK, b"pixels", "image/png")
    assert pointer.sha256 is not None
    assert store.get(pointer, max_bytes=6) == b"pixels"


def test_an_object_above_the_limit_is_not_read(store: ArtifactStore) -> None:
    store.put(WORK, b"pixels", "image/png")
    with pytest.raises(BadInput) as caught:
        store.get(WORK, max_bytes=5)
    assert caught.value.code == "too_many_bytes"


def test_a_missing_object_is_bad_input(store: ArtifactStore) -> None:
    with pytest.raises(BadInput) as caught:
        store.get(WORK, max_bytes=5)
    assert caught.value.code == "missing_input"


def test_other_bytes_than_promised_are_refused(store: ArtifactStore) -> None:
    store.put(WORK, b"pixels", "image/png")
    with pytest.raises(PermanentFailure) as caught:
        store.get(WORK.model_copy(update={"sha256": "0" * 64}), max_bytes=100)
    assert caught.value.code == "checksum"


@mock_aws
def test_an_older_version_stays_readable() -> None:
    client = s3_client()
    client.create_bucket(Bucket="work", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.put_bucket_versioning(Bucket="work", VersioningConfiguration={"Status": "Enabled"})
    store = S3ArtifactStore(client)
    first = store.put(WORK, b"one", "text/plain")
    store.put(WORK, b"two", "text/plain")
    assert store.get(first, max_bytes=10) == b"one"


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/../../other/b", "/etc/passwd"])
def test_a_key_cannot_leave_its_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadInput):
        DirectoryArtifactStore(tmp_path).put(S3Pointer(bucket="work", key=key), b"", "text/plain")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SlowDown", TransientFailure),
        ("InternalError", TransientFailure),
        ("AccessDenied", PermanentFailure),
        ("NoSuchKey", BadInput),
        ("NoSuchVersion", BadInput),
    ],
)
def test_errors_of_s3_become_one_of_three(code: str, kind: type[CleanplateError]) -> None:
    with pytest.raises(kind):
        refusing(code).get(WORK, max_bytes=1)


def test_a_lost_connection_is_worth_asking_again() -> None:
    class Unreachable:
        def put_object(self, **_: object) -> None:
            raise ConnectTimeoutError(endpoint_url="https://s3")

    with pytest.raises(TransientFailure):
        S3ArtifactStore(Unreachable()).put(WORK, b"", "text/plain")


def test_the_message_of_aws_is_not_repeated() -> None:
    with pytest.raises(PermanentFailure) as caught:
        refusing("AccessDenied", "arn:aws:iam::123456789012:role/secret").get(WORK, max_bytes=1)
    assert "123456789012" not in caught.value.message
    assert isinstance(caught.value.__cause__, ClientError)
