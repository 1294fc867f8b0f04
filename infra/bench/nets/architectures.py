"""The architectures at the size of their published weights. The numbers in them are random: time does not see that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Build = Callable[[], Any]
Inputs = Callable[[int, Any], Mapping[str, Any]]
"""Side in pixels and a function that makes random tensors of a shape, to the arguments of the net."""


@dataclass(frozen=True)
class Architecture:
    """One net, and what it is given.

    Parameters
    ----------
    work
        What one run does, in words.
    sides
        Sides of square inputs on an accelerator, pixels.
    cpu_sides
        The same on a CPU; empty for a net that would take hours there.
    dtypes
        Number formats that the net computes in.
    """

    build: Build
    inputs: Inputs
    work: str
    sides: tuple[int, ...]
    cpu_sides: tuple[int, ...] = ()
    dtypes: tuple[str, ...] = ("float32", "float16", "bfloat16")


def _lama() -> Any:
    from spandrel.architectures.LaMa import LaMa

    return LaMa(in_nc=4, out_nc=3)


def _realesrgan() -> Any:
    from spandrel.architectures.ESRGAN import ESRGAN

    return ESRGAN(num_filters=64, num_blocks=23, scale=4)


def _compact() -> Any:
    from spandrel.architectures.Compact import Compact

    return Compact(num_feat=64, num_conv=32, upscale=4)


def _hat() -> Any:
    from spandrel.architectures.HAT import HAT

    return HAT(
        embed_dim=180,
        depths=(6,) * 6,
        num_heads=(6,) * 6,
        window_size=16,
        compress_ratio=3,
        squeeze_factor=30,
        overlap_ratio=0.5,
        mlp_ratio=2,
        upscale=4,
    )


def _dat() -> Any:
    from spandrel.architectures.DAT import DAT

    return DAT(
        embed_dim=180, split_size=[8, 32], depth=[6] * 6, num_heads=[6] * 6, expansion_factor=4, upscale=4, img_size=64
    )


def _sdxl_inpaint() -> Any:
    """``unet/config.json`` of diffusers/stable-diffusion-xl-1.0-inpainting-0.1."""
    import diffusers

    return diffusers.UNet2DConditionModel(  # type: ignore[no-untyped-call]
        in_channels=9,
        block_out_channels=(320, 640, 1280),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2, 10),
        attention_head_dim=(5, 10, 20),
        cross_attention_dim=2048,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=2816,
        use_linear_projection=True,
    )


def _sdxl_decoder() -> Any:
    """``vae/config.json`` of SDXL."""
    import diffusers

    widths = (128, 256, 512, 512)
    vae: Any = diffusers.AutoencoderKL(  # type: ignore[no-untyped-call]
        block_out_channels=widths,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=4,
    )
    vae.forward = vae.decode
    return vae


def _picture(side: int, random: Any) -> dict[str, Any]:
    return {"x": random(1, 3, side, side)}


def _picture_and_mask(side: int, random: Any) -> dict[str, Any]:
    return {"img": random(1, 3, side, side), "mask": (random(1, 1, side, side) > 0.7).to(random(1).dtype)}


def _guided_step(side: int, random: Any) -> dict[str, Any]:
    """Two pictures at once: with the prompt and without it, as guidance takes."""
    return {
        "sample": random(2, 9, side // 8, side // 8),
        "timestep": 500,
        "encoder_hidden_states": random(2, 77, 2048),
        "added_cond_kwargs": {"text_embeds": random(2, 1280), "time_ids": random(2, 6)},
    }


def _latents(side: int, random: Any) -> dict[str, Any]:
    return {"z": random(1, 4, side // 8, side // 8)}


ARCHITECTURES = {
    "lama": Architecture(_lama, _picture_and_mask, "one fill", (512, 1024, 2048), (512,), ("float32",)),
    "realesrgan-x4": Architecture(_realesrgan, _picture, "one tile x4", (256, 512), (128,)),
    "compact-x4": Architecture(_compact, _picture, "one tile x4", (256, 512), (256,)),
    "hat-x4": Architecture(_hat, _picture, "one tile x4", (256, 512), (64,), ("float32", "bfloat16")),
    "dat-x4": Architecture(_dat, _picture, "one tile x4", (256, 512), (64,), ("float32", "bfloat16")),
    "sdxl-inpaint-unet": Architecture(
        _sdxl_inpaint, _guided_step, "one guided step of about 30", (1024,), (), ("float16", "bfloat16")
    ),
    "sdxl-decoder": Architecture(_sdxl_decoder, _latents, "latents to pixels", (1024,), (), ("float32", "bfloat16")),
}
