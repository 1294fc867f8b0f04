"""A net in ONNX, ready to run on all cores of this machine."""

import os
from pathlib import Path

import onnxruntime as ort

from inference.nets.onnx_weights import without_vanishing_weights


def session(path: Path) -> ort.InferenceSession:
    """Load a net. A session is safe to run from several threads."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    return ort.InferenceSession(without_vanishing_weights(path), options, providers=["CPUExecutionProvider"])
