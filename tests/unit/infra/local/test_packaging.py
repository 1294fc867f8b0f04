import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.local.packaging import package, project_files, zipped


class Store:
    """Remembers what was uploaded."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def upload(self, key: str, body: bytes) -> str:
        assert key not in self.objects, "the same artifact is uploaded once"
        self.objects[key] = body
        return f"s3://artifacts/{key}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (
        "handlers/intake.py",
        "handlers/__pycache__/x.pyc",
        "schemas/run.py",
        "inference/big.py",
        "probe/p.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}")
    (tmp_path / "infra/recipes").mkdir(parents=True)
    (tmp_path / "infra/recipes/remove.yaml").write_text("name: remove")
    (tmp_path / "infra/review/css").mkdir(parents=True)
    (tmp_path / "infra/review/css/page.css").write_text("body {}")
    (tmp_path / "infra/prices.yaml").write_text("dated: 2026-01-01")
    (tmp_path / "chain.yaml").write_text("StartAt: A  # a comment\nStates: {A: {Type: Succeed}}")
    return tmp_path


def function(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


def test_a_lambda_carries_what_handlers_may_import_the_recipes_the_prices_and_the_page(project: Path) -> None:
    names = [name for name, _ in project_files(project)]
    assert names == [
        "handlers/intake.py",
        "schemas/run.py",
        "recipes/remove.yaml",
        "prices.yaml",
        "review/css/page.css",
    ]


def test_the_same_files_give_the_same_bytes(project: Path) -> None:
    first = zipped(project_files(project))
    (project / "handlers/intake.py").touch()
    assert zipped(project_files(project)) == first


def test_files_in_a_package_can_be_read_by_everyone() -> None:
    archive = zipfile.ZipFile(io.BytesIO(zipped([("a.py", b"")])))
    assert archive.infolist()[0].external_attr >> 16 == 0o644


def test_functions_built_by_the_makefile_share_one_artifact(project: Path) -> None:
    built = {**function(Handler="handlers.intake.handler"), "Metadata": {"BuildMethod": "makefile"}}
    template = {"Globals": {"Function": {"CodeUri": "."}}, "Resources": {"A": built, "B": built}}
    store = Store()
    packaged = package(template, project, store.upload)
    uris = {resource["Properties"]["CodeUri"] for resource in packaged["Resources"].values()}
    assert uris == {f"s3://artifacts/{key}" for key in store.objects}
    assert "CodeUri" not in packaged["Globals"]["Function"]


def test_other_functions_get_their_own_folder(project: Path) -> None:
    store = Store()
    package({"Resources": {"A": function(CodeUri="probe")}}, project, store.upload)
    (body,) = store.objects.values()
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == ["p.py"]


def test_a_state_machine_in_yaml_is_uploaded_as_json(project: Path) -> None:
    machine = {"Type": "AWS::Serverless::StateMachine", "Properties": {"DefinitionUri": "chain.yaml"}}
    store = Store()
    package({"Resources": {"Chain": machine}}, project, store.upload)
    (body,) = store.objects.values()
    assert json.loads(body) == {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}


def test_resources_inside_a_loop_are_packaged_too(project: Path) -> None:
    loop = ["Name", ["a", "b"], {"Function${Name}": function(CodeUri="probe")}]
    packaged = package({"Resources": {"Fn::ForEach::Functions": loop}}, project, Store().upload)
    made = packaged["Resources"]["Fn::ForEach::Functions"][2]["Function${Name}"]
    assert made["Properties"]["CodeUri"].startswith("s3://")


def test_the_template_given_is_left_as_it_was(project: Path) -> None:
    template = {"Resources": {"A": function(CodeUri="probe")}}
    package(template, project, Store().upload)
    assert template == {"Resources": {"A": function(CodeUri="probe")}}
