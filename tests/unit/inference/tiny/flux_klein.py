"""Tiny FLUX.2 klein: a text encoder as deep as its real one is tapped, and a transformer of two blocks."""

import json
from pathlib import Path
from typing import Any

import torch

from inference.nets.libraries import diffusers, transformers

TAPPED = 28
"""The pipeline reads the hidden states after layers 9, 18 and 27."""
TEMPLATE = "{% for message in messages %}<|im_start|>{{ message['content'] }}<|im_end|>{% endfor %}"


def save_flux_klein(folder: Path) -> Path:
    """Save a pipeline as its makers do."""
    names = diffusers()
    torch.manual_seed(6)
    names.Flux2KleinPipeline(
        scheduler=names.FlowMatchEulerDiscreteScheduler(),
        vae=_vae(names),
        text_encoder=_text_encoder(),
        tokenizer=_tokenizer(folder / "tokenizer"),
        transformer=names.Flux2Transformer2DModel(
            patch_size=1,
            in_channels=8,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=3 * 16,
            timestep_guidance_channels=16,
            axes_dims_rope=[4, 4, 4, 4],
            guidance_embeds=False,
        ),
        is_distilled=True,
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def _vae(names: Any) -> Any:
    return names.AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(4, 4, 4, 4),
        layers_per_block=1,
        latent_channels=2,
        norm_num_groups=2,
        sample_size=32,
    )


def _text_encoder() -> Any:
    names = transformers()
    config = names.Qwen3Config(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=TAPPED,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        vocab_size=200,
    )
    return names.Qwen3ForCausalLM(config).eval()


def _tokenizer(folder: Path) -> Any:
    letters = [chr(code) for code in range(33, 127)] + ["\u0120", "\u010a"]
    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate([*letters, *marks])}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    settings = {"tokenizer_class": "Qwen2Tokenizer", "pad_token": marks[0], "chat_template": TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return transformers().Qwen2TokenizerFast.from_pretrained(folder, local_files_only=True)
