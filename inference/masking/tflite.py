"""A tflite net with one input picture, safe to call from several threads."""

import os
from pathlib import Path
from threading import Lock

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray


class TfliteNet:
    """An interpreter and its lock: one interpreter holds the tensors of one call at a time."""

    def __init__(self, path: Path) -> None:
        self._interpreter = Interpreter(model_path=str(path), num_threads=os.cpu_count() or 1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]
        self._lock = Lock()

    def run(self, picture: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Outputs, without the batch axis, for a ``(H, W, 3)`` float32 picture of the net's own size and range."""
        with self._lock:
            self._interpreter.set_tensor(self._input, picture[None])
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(index)[0].copy() for index in self._outputs]
