"""How the tiny counterpart of each shipped card is saved."""

from collections.abc import Callable
from pathlib import Path

from tests.unit.inference.tiny.clip import save_clip
from tests.unit.inference.tiny.flux_klein import save_flux_klein
from tests.unit.inference.tiny.maskers import save_grounding_dino, save_sam2
from tests.unit.inference.tiny.stable_diffusion import save_consistency, save_controlnet, save_stable_diffusion

SAVED: dict[str, Callable[[Path], object]] = {
    "sdxl-inpaint": lambda folder: save_stable_diffusion(folder, inpainting=True),
    "sd15-inpaint": lambda folder: save_stable_diffusion(folder, large=False),
    "flux2-klein-inpaint": save_flux_klein,
    "sdxl": save_stable_diffusion,
    "sdxl-scribble": save_controlnet,
    "sdxl-canny": save_controlnet,
    "sd15-scribble-preview": lambda folder: save_controlnet(folder, large=False),
    "flux2-klein": save_flux_klein,
    "lcm-preview": save_consistency,
    "clip-vit-b32": save_clip,
    "sam2": save_sam2,
    "grounded-sam2": lambda folder: (save_grounding_dino(folder / "detector"), save_sam2(folder / "segmenter")),
}
