"""Models of transformers, loaded from verified files alone."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.nets.libraries import transformers
from inference.nets.out_of_memory import is_out_of_memory
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
    return loaded(getattr(transformers(), kind), folder, **options).to(place).eval()


def tokenizer(folder: Path) -> Any:
    """Load the tokenizer that lies in a folder.

    Raises
    ------
    PermanentFailure
        ``broken_weights``.
    """
    return loaded(transformers().AutoTokenizer, folder, trust_remote_code=False)


def loaded(kind: Any, folder: Path, **options: Any) -> Any:
    """Call ``from_pretrained`` of a class in transformers or diffusers, without a network.

    Raises
    ------
    PermanentFailure
        ``broken_weights`` in words, where the files do not make one.
    """
    try:
        return kind.from_pretrained(folder, local_files_only=True, **options)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError) as error:
        if is_out_of_memory(error):
            raise
        logger.error("%s cannot be loaded", kind.__name__, exc_info=error)
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        message = f"The files that were added make no {kind.__name__}: {said}"
        raise PermanentFailure(message, code="broken_weights") from error
