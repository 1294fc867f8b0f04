"""The models work on pictures of customers: no library they use may report home."""

import subprocess
import sys
from pathlib import Path

from tests.unit.test_architecture import ROOT

LIBRARIES = "import onnxruntime, ai_edge_litert.interpreter, ncnn, cv2, patchmatch"


def test_loading_the_models_libraries_leaves_no_device_id_behind(tmp_path: Path) -> None:
    # onnxruntime 1.30 to 1.32 write a device id and a queue of reports below the user's cache when they are imported.
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path / "home"), "PATH": ""}
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True, env=environment, cwd=ROOT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
