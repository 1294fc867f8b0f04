"""Tiny SAM 2 and Grounding DINO."""

import json
from pathlib import Path
from typing import Any

import torch

from inference.nets.libraries import transformers

FIXED = {101: "[CLS]", 102: "[SEP]", 1012: ".", 1029: "?"}
"""Grounding DINO knows these tokens of BERT by number."""


def save_sam2(folder: Path) -> Path:
    """A Hiera of one block a stage, looking at 64 x 64 pixels; with the memory for videos, as it is published."""
    names = transformers()
    backbone = names.Sam2HieraDetConfig(
        hidden_size=8,
        num_attention_heads=1,
        image_size=[64, 64],
        patch_kernel_size=[7, 7],
        patch_stride=[4, 4],
        patch_padding=[3, 3],
        query_stride=[2, 2],
        window_positional_embedding_background_size=[4, 4],
        blocks_per_stage=[1, 1, 2, 1],
        embed_dim_per_stage=[8, 16, 32, 64],
        num_attention_heads_per_stage=[1, 1, 1, 1],
        window_size_per_stage=[4, 4, 4, 4],
        global_attention_blocks=[3],
    )
    vision = names.Sam2VisionConfig(
        backbone_config=backbone.to_dict(),
        backbone_channel_list=[64, 32, 16, 8],
        backbone_feature_sizes=[[16, 16], [8, 8], [4, 4]],
        fpn_hidden_size=16,
    )
    prompts = names.Sam2PromptEncoderConfig(hidden_size=16, image_size=64, patch_size=16, mask_input_channels=4)
    decoder = names.Sam2MaskDecoderConfig(
        hidden_size=16, mlp_dim=16, num_hidden_layers=1, num_attention_heads=2, iou_head_depth=2, iou_head_hidden_dim=16
    )
    torch.manual_seed(7)
    config = names.Sam2VideoConfig(
        vision_config=vision.to_dict(),
        prompt_encoder_config=prompts.to_dict(),
        mask_decoder_config=decoder.to_dict(),
        image_size=64,
        memory_attention_hidden_size=16,
        memory_attention_feed_forward_hidden_size=16,
        memory_attention_num_layers=1,
        memory_attention_rope_feat_sizes=[4, 4],
        memory_encoder_hidden_size=16,
        memory_encoder_output_channels=8,
        mask_downsampler_embed_dim=16,
        memory_fuser_embed_dim=16,
        memory_fuser_num_layers=1,
        memory_fuser_intermediate_dim=16,
    )
    names.Sam2VideoModel(config).eval().save_pretrained(folder)
    return folder


def save_grounding_dino(folder: Path) -> Path:
    """A Swin of one block a stage, a BERT of one layer, ten queries."""
    names = transformers()
    vocabulary = bert_tokenizer(folder)
    backbone = names.SwinConfig(
        image_size=64, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 1, 1], window_size=2,
        out_features=["stage2", "stage3", "stage4"], out_indices=[2, 3, 4],
    )  # fmt: skip
    words = names.BertConfig(
        vocab_size=vocabulary, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    config = names.GroundingDinoConfig(
        backbone_config=backbone,
        text_config=words,
        d_model=32,
        num_queries=10,
        encoder_layers=1,
        decoder_layers=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
    )
    torch.manual_seed(8)
    names.GroundingDinoForObjectDetection(config).eval().save_pretrained(folder)
    return folder


def bert_tokenizer(folder: Path) -> int:
    """Letters as word pieces; returns how many tokens there are."""
    letters = [chr(code) for code in range(97, 123)]
    words = ["[PAD]", "[UNK]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    numbered = dict(enumerate(words)) | FIXED
    listed = [numbered.get(number, f"[unused{number}]") for number in range(max(FIXED) + 1)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(listed) + "\n")
    settings: dict[str, Any] = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 256}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    transformers().AutoTokenizer.from_pretrained(folder, local_files_only=True).save_pretrained(folder)
    return len(listed)
