"""``python -m infra.bench.doors.stub_models --port N``: the serving program with models that answer at once.

Everything but the models is real: requests are checked, inputs are read, results composed and written. What is measured
against it is the way of a picture, and not the work of a model.
"""

import argparse
import logging
import signal
import threading
from typing import Any

import numpy as np

from inference.artifacts import S3ArtifactStore
from inference.protocols import Assessment, Found, Mask, Rgb
from inference.registry import Registry
from inference.serve import Serving
from inference.server import ModelServer
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.signals import Signals
from schemas.stage import Detection, Stage


class _Stub:
    """Each stage's work in a line or two."""

    def find(self, rgb: Rgb, *, supplied: Any = None, box: Box | None = None, parameters: Any = None) -> Any:
        """Take the box for the object; a guard, which asks without parameters, finds nothing."""
        if parameters is None:
            return []
        mask = np.zeros(rgb.shape[:2], bool)
        if supplied is not None:
            return Found(supplied > 0)
        if box is not None:
            mask[box.y : box.y + box.height, box.x : box.x + box.width] = True
        return Found(mask, [Detection(label="box", score=1, box=box)] if box else [])

    def fill(self, rgb: Rgb, hole: Mask, **_: Any) -> Rgb:
        """Fill with the mean colour."""
        filled = rgb.copy()
        filled[hole] = rgb[~hole].mean(axis=0)
        return filled

    def refine(self, rgb: Rgb, fill: Rgb, hole: Mask, **_: Any) -> Any:
        """Change nothing."""
        del rgb
        return fill, hole.astype(np.float32)

    def assess_native(self, source: Rgb, result: Rgb, hole: Mask, alpha: Any, **_: Any) -> Assessment:
        """Trust it."""
        del source, result, alpha
        return Assessment(Signals(changed_outside_mask=0, mask_share=float(hole.mean()), seam_ratio=1.0), 0.99)

    def lines(self, rgb: Rgb, longer_side: int) -> list[Any]:
        """Read nothing."""
        del rgb, longer_side
        return []


class StubModels(Registry):
    """The cards that ship, with a stub behind each."""

    def load(self, name: str) -> Any:
        """Return the stub of any model that there is."""
        card: ModelCard = self.card(name)
        if card.stage not in (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS, Stage.GUARD):
            raise NotImplementedError(f"no stub for the stage {card.stage}")
        return _Stub()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--warm", default="", help="nothing needs it; the local stack may pass it")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    server = ModelServer(("127.0.0.1", options.port), Serving(StubModels(), S3ArtifactStore()))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    with server:
        server.serve_forever(poll_interval=0.2)
        server.drain()


if __name__ == "__main__":
    main()
