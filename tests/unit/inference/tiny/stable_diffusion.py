"""Tiny Stable Diffusion: SDXL and SD 1.5, for text, for inpainting and with a ControlNet."""

from pathlib import Path
from typing import Any

import torch

from inference.nets.libraries import diffusers
from tests.unit.inference.tiny.clip import clip_tokenizer, text_encoder

_BLOCKS = {
    "block_out_channels": (8, 16),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "norm_num_groups": 4,
    "layers_per_block": 1,
}
_XL = {
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
    "transformer_layers_per_block": 1,
    "projection_class_embeddings_input_dim": 6 * 8 + 16,
    "cross_attention_dim": 32,
    "attention_head_dim": (2, 4),
    "use_linear_projection": True,
}
_V1 = {"cross_attention_dim": 16, "attention_head_dim": 2}


def vae() -> Any:
    torch.manual_seed(3)
    return diffusers().AutoencoderKL(
        block_out_channels=(4, 4, 8, 8),
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        norm_num_groups=2,
    )


def unet(channels: int, *, large: bool, **more: Any) -> Any:
    torch.manual_seed(4)
    return diffusers().UNet2DConditionModel(
        sample_size=8,
        in_channels=channels,
        out_channels=4,
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **_BLOCKS,
        **(_XL if large else _V1),
        **more,
    )


def save_stable_diffusion(folder: Path, *, large: bool = True, inpainting: bool = False) -> Path:
    """Save a pipeline as its makers do: ``large`` is SDXL, else SD 1.5; ``inpainting`` has nine input channels."""
    names = diffusers()
    noise = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
    euler, pndm = names.EulerDiscreteScheduler(**noise), names.PNDMScheduler(**noise, skip_prk_steps=True)
    parts: dict[str, Any] = {
        "vae": vae(),
        "unet": unet(9 if inpainting else 4, large=large),
        "scheduler": euler if large else pndm,
        "text_encoder": text_encoder(),
        "tokenizer": clip_tokenizer(folder / "tokenizer"),
    }
    if large:
        parts["text_encoder_2"] = text_encoder("CLIPTextModelWithProjection")
        parts["tokenizer_2"] = clip_tokenizer(folder / "tokenizer_2")
        kind = "StableDiffusionXLInpaintPipeline" if inpainting else "StableDiffusionXLPipeline"
    else:
        parts |= {"safety_checker": None, "feature_extractor": None}
        kind = "StableDiffusionInpaintPipeline" if inpainting else "StableDiffusionPipeline"
    getattr(names, kind)(**parts).save_pretrained(folder, safe_serialization=True)
    return folder


def save_consistency(folder: Path) -> Path:
    """A latent consistency model: SD 1.5 with a guidance embedding and a scheduler of its own."""
    names = diffusers()
    parts = {
        "vae": vae(),
        "unet": unet(4, large=False, time_cond_proj_dim=8),
        "scheduler": names.LCMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"),
        "text_encoder": text_encoder(),
        "tokenizer": clip_tokenizer(folder / "tokenizer"),
        "safety_checker": None,
        "feature_extractor": None,
    }
    names.LatentConsistencyModelPipeline(**parts).save_pretrained(folder, safe_serialization=True)
    return folder


def save_controlnet(folder: Path, *, large: bool = True) -> Path:
    """A pipeline for text with a ControlNet beside its parts."""
    save_stable_diffusion(folder, large=large)
    torch.manual_seed(5)
    net = diffusers().ControlNetModel(
        conditioning_embedding_out_channels=(4, 8, 8, 8), **_BLOCKS, **(_XL if large else _V1)
    )
    with torch.no_grad():  # as it is made it starts from zeros, and would leave every picture as it is
        for name, weight in net.named_parameters():
            if "controlnet" in name:
                weight.normal_(0, 0.5)
    net.save_pretrained(folder / "controlnet", safe_serialization=True)
    return folder
