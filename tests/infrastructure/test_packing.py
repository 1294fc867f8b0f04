"""What `sam build` packs is what the embedded stack packs."""

import subprocess
from pathlib import Path

from infra.local.packaging import project_files
from tests.infrastructure.conftest import ROOT


def test_both_homes_run_the_same_files(tmp_path: Path) -> None:
    built = subprocess.run(
        ["make", "--silent", "build-ApiFunction", f"ARTIFACTS_DIR={tmp_path}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    packed = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert packed == dict(project_files(ROOT))
    assert "review/index.html" in packed
