"""What a delivered file tells beside its pixels: read from the upload, cut down to what the recipe lets travel on."""

from handlers.rendering.metadata.blocks import NOTHING, Metadata
from handlers.rendering.metadata.policy import permitted

__all__ = ["NOTHING", "Metadata", "permitted"]
