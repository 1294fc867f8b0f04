"""Turn the local paths of a SAM template into uploaded artifacts, as ``sam package`` does.

Artifacts are named by their content, so that what has not changed is neither uploaded nor deployed again.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]
Upload = Callable[[str, bytes], str]
"""Takes a key and the bytes, returns the ``s3://`` address."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold: the same bytes whenever they are packed
_CODE_PACKAGES = ("handlers", "schemas")
_RECIPES = "infra/recipes"
_PRICES = "infra/prices.yaml"
_PAGE = "infra/review"


def package(template: Template, root: Path, upload: Upload) -> Template:
    """Return the template with every local path replaced.

    Functions that AWS builds with the Makefile get what the Makefile would pack: the packages a handler may import,
    the recipes, the price table and the review page. Their dependencies are those of the interpreter that runs the
    workers, so layers stay empty.

    Parameters
    ----------
    template
        As ``infra.local.template.load`` returns it.
    root
        The folder that the template's paths are relative to.
    upload
        Called once per distinct artifact.
    """
    packaged = deepcopy(template)
    artifacts = _Artifacts(root, upload)
    shared = packaged.get("Globals", {}).get("Function", {})
    shared_code = shared.pop("CodeUri", None)
    for resource in _resources(packaged):
        properties = resource.get("Properties", {})
        match resource.get("Type"):
            case "AWS::Serverless::Function":
                built = resource.get("Metadata", {}).get("BuildMethod") == "makefile"
                code = properties.get("CodeUri", shared_code)
                properties["CodeUri"] = artifacts.project_code() if built else artifacts.folder(code)
            case "AWS::Serverless::LayerVersion":
                properties["ContentUri"] = artifacts.empty_layer()
            case "AWS::Serverless::StateMachine" if "DefinitionUri" in properties:
                properties["DefinitionUri"] = artifacts.definition(properties["DefinitionUri"])
    return packaged


def _resources(template: Template) -> Iterator[dict[str, Any]]:
    for resource in template["Resources"].values():
        if isinstance(resource, dict):
            yield resource
        else:  # Fn::ForEach: [variable, values, {name: resource}]
            yield from resource[2].values()


class _Artifacts:
    """Builds each artifact once and uploads it under the hash of its bytes."""

    def __init__(self, root: Path, upload: Upload) -> None:
        self._root = root
        self._upload = upload
        self._known: dict[str, str] = {}

    def project_code(self) -> str:
        return self._once("project code", ".zip", lambda: zipped(project_files(self._root)))

    def folder(self, path: str) -> str:
        folder = self._root / path
        return self._once(f"folder {path}", ".zip", lambda: zipped(_files_under(folder, folder)))

    def empty_layer(self) -> str:
        return self._once("layer", ".zip", lambda: zipped([("python/.empty", b"")]))

    def definition(self, path: str) -> str:
        return self._once(f"definition {path}", ".json", lambda: _as_json(self._root / path))

    def _once(self, name: str, suffix: str, build: Callable[[], bytes]) -> str:
        if name not in self._known:
            body = build()
            self._known[name] = self._upload(f"{hashlib.sha256(body).hexdigest()}{suffix}", body)
        return self._known[name]


def project_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what a Lambda of this project is made of: name in the zip, and content."""
    for name in _CODE_PACKAGES:
        yield from _files_under(root / name, root)
    for recipe in sorted((root / _RECIPES).glob("*.yaml")):
        yield f"recipes/{recipe.name}", recipe.read_bytes()
    yield "prices.yaml", (root / _PRICES).read_bytes()
    for name, content in _files_under(root / _PAGE, root / _PAGE):
        yield f"review/{name}", content


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack files so that the same content gives the same bytes on every machine and day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _files_under(folder: Path, root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(root).as_posix(), path.read_bytes()


def _as_json(path: Path) -> bytes:
    """State machines are written in YAML, for its comments; the service takes JSON."""
    return json.dumps(yaml.safe_load(path.read_text()), sort_keys=False).encode()
