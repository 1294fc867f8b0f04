"""Let torchvision be imported beside a CPU build of torch.

PyPI's torchvision is built against CUDA: its compiled operators do not load beside a CPU build of torch, and its import
then fails where it describes two of them. spandrel uses none of its operators, so describing them is enough.
"""

import torch

_LIBRARY = torch.library.Library("torchvision", "FRAGMENT")


def describe_operators() -> None:
    """Describe the operators whose absence stops the import; once a process, and only where they are absent."""
    for name in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, name):
            _LIBRARY.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
