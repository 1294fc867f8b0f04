"""Tiny CLIP: a tokenizer that knows letters, text encoders, and the whole model."""

import json
from pathlib import Path
from typing import Any

import torch

from inference.nets.libraries import transformers

MARKS = ["<|startoftext|>", "<|endoftext|>"]


def clip_tokenizer(folder: Path) -> Any:
    """Byte letters, each also at the end of a word, no merges."""
    from transformers.models.clip.tokenization_clip import CLIPTokenizer

    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), *MARKS]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "pad_token": MARKS[1]})
    )
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)


def text_config(width: int = 16, projection: int = 16) -> Any:
    return transformers().CLIPTextConfig(
        vocab_size=190,
        hidden_size=width,
        intermediate_size=2 * width,
        projection_dim=projection,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=77,
        bos_token_id=188,
        eos_token_id=189,
        pad_token_id=189,
    )


def text_encoder(kind: str = "CLIPTextModel", width: int = 16) -> Any:
    torch.manual_seed(1)
    return getattr(transformers(), kind)(text_config(width)).eval()


def save_clip(folder: Path) -> None:
    """The whole model, as ``openai/clip-vit-base-patch32`` is saved."""
    names = transformers()
    vision = names.CLIPVisionConfig(
        hidden_size=16, intermediate_size=32, projection_dim=16, num_hidden_layers=2, num_attention_heads=2,
        image_size=32, patch_size=8,
    )  # fmt: skip
    torch.manual_seed(2)
    config = names.CLIPConfig(text_config=text_config().to_dict(), vision_config=vision.to_dict(), projection_dim=16)
    names.CLIPModel(config).eval().save_pretrained(folder)
    clip_tokenizer(folder)
