"""What all stages share: reading inputs, writing outputs, and a clock that does not count transfers."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from inference.artifacts import ArtifactStore
from inference.compositing.edits import EditLayer
from inference.compositing.edits_file import unpack
from inference.compositing.masks import check_same_size, mask_values
from inference.loaded import place_of
from inference.nets.device import device_name
from inference.parameters import Resolved, flag
from inference.pictures import Picture, decode, decode_gray, delivery_format, encode
from inference.protocols import Rgb, Samples
from inference.registry import Models, model_use
from schemas.asset import Limits
from schemas.errors import BadInput, PermanentFailure
from schemas.mark import ARTWORK
from schemas.pointers import S3Pointer
from schemas.stage import StageRequest, StageResult

ENLARGED = Limits(max_bytes=2 << 30, max_pixels=400_000_000, max_side=65_535)
"""What an upscaler may make: 1.2 GB of samples, and the longest side that JPEG can hold."""
_LARGEST_EDITS = 1 << 30


class Job:
    """A work order in progress. The model is loaded first; the clock starts then.

    Raises
    ------
    PermanentFailure
        When the model is unknown, belongs to another stage, has no weights here, or may not do this by the policy.
    """

    def __init__(self, request: StageRequest, store: ArtifactStore, models: Models) -> None:
        self.request = request
        self.card = models.card(request.model, request.stage)
        self.adapter: Any = models.load(request.model)
        self.parameters = Resolved({**self.card.defaults, **request.parameters})
        self.outputs: dict[str, S3Pointer] = {}
        self._store = store
        self._transfers = 0.0
        self._started = perf_counter()

    def has(self, name: str) -> bool:
        """Whether the request names this input."""
        return name in self.request.inputs

    def picture(self, name: str, limits: Limits | None = None) -> Picture:
        """Read and decode a picture."""
        limits = limits or Limits()
        return decode(self.read(name, limits.max_bytes), limits)

    def mask(self, name: str, picture: Picture) -> NDArray[np.uint8]:
        """Read a mask as soft values, ``(H, W)`` uint8 of the picture's size."""
        data, limits = self.read(name, Limits().max_bytes), Limits()
        gray = decode_gray(data, limits)
        values = mask_values(decode(data, limits)) if gray is None else gray
        check_same_size(values, picture.width, picture.height)
        return values

    def artwork(self, name: str) -> NDArray[np.uint8]:
        """Read a mark's artwork as ``(h, w, 4)`` uint8; without transparency it is opaque."""
        picture = self.picture(name, ARTWORK)
        alpha = picture.alpha8()
        opaque = np.full((picture.height, picture.width), 255, np.uint8)
        return np.dstack([picture.rgb8(), opaque if alpha is None else alpha])

    def edits(self, name: str = "edits") -> EditLayer:
        """Read an edit layer."""
        return unpack(self.read(name, _LARGEST_EDITS))

    def write(self, name: str, file: str, data: bytes, content_type: str) -> None:
        """Write an output under the request's prefix."""
        prefix = self.request.output
        pointer = S3Pointer(bucket=prefix.bucket, key=f"{prefix.key}{file}")
        with self._transfer():
            self.outputs[name] = self._store.put(pointer, data, content_type)

    def write_image(self, picture: Picture) -> None:
        """Encode and write ``image`` as it is delivered (parameters ``format`` and ``keep_metadata``)."""
        kind = delivery_format(str(self.parameters.get("format", "source")), picture.media_type)
        data = encode(picture, kind, keep_metadata=flag(self.parameters, "keep_metadata", True))
        self.write("image", f"image.{kind.extension}", data, kind.value)

    def result(self, **facts: Any) -> StageResult:
        """Stop the clock and answer."""
        return StageResult(
            stage=self.request.stage,
            model=model_use(self.card, device_name(place_of(self.adapter))),
            outputs=self.outputs,
            parameters=self.parameters.whole,
            seconds=perf_counter() - self._started - self._transfers,
            **facts,
        )

    def read(self, name: str, max_bytes: int) -> bytes:
        """Read an input as it is."""
        if name not in self.request.inputs:
            raise BadInput(f"The `{self.request.stage}` stage needs the input `{name}`.", code="missing_input")
        with self._transfer():
            return self._store.get(self.request.inputs[name], max_bytes=max_bytes)

    @contextmanager
    def _transfer(self) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self._transfers += perf_counter() - started


def checked_rgb(model: str, made: Any, shape: tuple[int, ...]) -> Rgb:
    """Refuse what is not ``shape`` in uint8; see :func:`checked_samples`."""
    return cast(Rgb, checked_samples(model, made, shape, np.dtype(np.uint8)))


def checked_samples(model: str, made: Any, shape: tuple[int, ...], depth: np.dtype[Any]) -> Samples:
    """Refuse what breaks an adapter's promise before it reaches a picture.

    Raises
    ------
    PermanentFailure
        ``model_output``.
    """
    if not isinstance(made, np.ndarray) or made.dtype != depth or made.shape != shape:
        described = f"{made.dtype} {made.shape}" if isinstance(made, np.ndarray) else type(made).__name__
        raise PermanentFailure(f"`{model}` made {described} where {depth} {shape} was due.", code="model_output")
    return cast(Samples, made)
