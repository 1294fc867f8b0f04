"""Models of transformers, loaded from verified files alone."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.nets.libraries import transformers
from schemas.errors import PermanentFailure

if TYPE_CHECKING:
    import torch

logger = logging.getLogger("cleanplate.pretrained")


def pretrained(kind: str, folder: Path, dtype: "torch.dtype", place: str) -> Any:
    """Load a model by the name of its class, without a network and without pickles, ready to answer.

    Raises
    ------
    PermanentFailure
        ``broken_weights`` where the files do not make such a model.
    """
    options = {"dtype": dtype, "use_safetensors": True, "low_cpu_mem_usage": True}
    return _loaded(kind, folder, **options).to(place).eval()


def tokenizer(folder: Path) -> Any:
    """Load the tokenizer that lies in a folder.

    Raises
    ------
    PermanentFailure
        ``broken_weights``.
    """
    return _loaded("AutoTokenizer", folder)


def _loaded(kind: str, folder: Path, **options: Any) -> Any:
    loader = getattr(transformers(), kind)
    try:
        return loader.from_pretrained(folder, local_files_only=True, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError) as error:
        if "memory" in str(error).lower():
            raise
        logger.error("%s cannot be loaded", kind, exc_info=error)
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise PermanentFailure(f"The files that were added make no {kind}: {said}", code="broken_weights") from error
