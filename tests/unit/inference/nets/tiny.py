"""Small nets with random weights, saved as safetensors and brought into a models folder as their user would."""

import hashlib
import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from inference.card_files import CARDS, own_cards_folder, read_card
from inference.registry import Registry


def registry_with(folder: Path, model: str, files: Mapping[str, bytes], **settings: Any) -> Registry:
    """Return a registry in which the shipped card of ``model`` has these files."""
    licence = read_card(CARDS / f"{model}.yaml").licence
    entries = []
    for name, content in files.items():
        sha256 = hashlib.sha256(content).hexdigest()
        path = folder / sha256[:16] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        entries.append(
            {"file": name, "source": "file:///here", "sha256": sha256, "size_bytes": len(content), "licence": licence}
        )
    own_cards_folder(folder).mkdir(exist_ok=True)
    card = yaml.safe_dump({"completes": model, "weights": entries})
    (own_cards_folder(folder) / f"{model}.yaml").write_text(card)
    return Registry(weights=folder, **settings)


def saved(net: Any) -> bytes:
    """The weights of a net as a safetensors file."""
    from safetensors.torch import save

    return save({name: tensor.contiguous() for name, tensor in net.state_dict().items()})


def compact(scale: int = 4, channels: int = 3, seed: int = 0) -> bytes:
    """A net of three convolutions of 3 x 3, so that each pixel sees three around it (SRVGGNetCompact)."""
    import torch
    from spandrel.architectures.Compact import Compact

    torch.manual_seed(seed)
    return saved(Compact(num_in_ch=channels, num_out_ch=channels, num_feat=8, num_conv=1, upscale=scale))


def esrgan(scale: int = 4) -> bytes:
    """The architecture of Real-ESRGAN with one block of eight channels."""
    import torch
    from spandrel.architectures.ESRGAN import ESRGAN

    torch.manual_seed(0)
    return saved(ESRGAN(num_filters=8, num_blocks=1, scale=scale))


def hat() -> bytes:
    """HAT with one block of twelve channels and windows of eight pixels."""
    import torch
    from spandrel.architectures.HAT import HAT

    torch.manual_seed(0)
    return saved(
        HAT(
            img_size=16,
            embed_dim=12,
            depths=(1,),
            num_heads=(2,),
            window_size=8,
            compress_ratio=3,
            squeeze_factor=4,
            upscale=4,
            num_feat=64,
        )
    )


@contextmanager
def narrow_lama() -> Iterator[bytes]:
    """LaMa with two blocks of an eighth of its channels; while it is held, spandrel builds LaMa so.

    Its architecture has one size in spandrel, of 51 million numbers: 200 MB a test.
    """
    import torch
    from spandrel.architectures.LaMa import LaMa

    module: Any = importlib.import_module("spandrel.architectures.LaMa.__arch.LaMa")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FFCResNetGenerator", partial(module.FFCResNetGenerator, ngf=8, n_blocks=2))
        torch.manual_seed(0)
        yield saved(LaMa(in_nc=4, out_nc=3))
