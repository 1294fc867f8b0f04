from pathlib import Path

import pytest

from infra.local import environment
from infra.local.info import Ports, StackInfo
from infra.local.session import StackSession


@pytest.fixture
def info(tmp_path: Path) -> StackInfo:
    ports = Ports(emulator=1111, container=2222, runtime=3333)
    return StackInfo(
        state_dir=tmp_path, stack_name="cleanplate", account="000000000000", region="us-east-1", ports=ports
    )


@pytest.fixture
def real_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what a developer's shell may hold."""
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-west-1\nendpoint_url = https://real.example.com\n")
    for name, value in {
        "AWS_PROFILE": "work",
        "AWS_CONFIG_FILE": str(config),
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_S3": "https://s3.real.example.com",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/real",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("real_account")
def test_programs_inherit_nothing_of_the_users_account(info: StackInfo) -> None:
    env = environment.for_programs(info, models=None)
    assert not [name for name, value in env.items() if "real" in value.lower() and name.startswith("AWS")]
    assert {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_ENDPOINT_URL_S3"}.isdisjoint(env)
    assert env["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1111"


@pytest.mark.usefixtures("real_account")
def test_clients_speak_to_the_stack_with_its_own_keys(info: StackInfo) -> None:
    session = StackSession(info)
    assert session.client("s3").meta.endpoint_url == "http://127.0.0.1:1111"
    assert session.client("sagemaker-runtime").meta.endpoint_url == "http://127.0.0.1:1111"
    assert session.client("s3").meta.region_name == "us-east-1"
    assert session.get_credentials().access_key == environment.ACCESS_KEY
    assert session.get_credentials().token is None


def test_everything_listens_on_the_loopback_interface_only(info: StackInfo) -> None:
    env = environment.for_programs(info, models=None)
    assert env["BIND_HOST"] == "127.0.0.1"
    assert (env["IOT_MTLS_ENABLED"], env["SFTP_ENABLED"]) == ("0", "0")


def test_everything_that_is_written_lies_in_the_state_folder(info: StackInfo) -> None:
    env = environment.for_programs(info, models=None)
    written = [env[name] for name in ("STATE_DIR", "S3_DATA_DIR", "TMPDIR", "CLEANPLATE_ENDPOINTS")]
    assert all(Path(path).parent == info.state_dir for path in written)


def test_what_was_saved_about_a_stack_is_read_again(info: StackInfo) -> None:
    assert StackInfo.load(info.state_dir) is None
    info.save()
    assert StackInfo.load(info.state_dir) == info
