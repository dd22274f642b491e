# mypy: ignore-errors
# torch is no dependency of the service: only who trains a judge installs it (README.md).
"""How a large network keeps what it knows in 8 bits: each piece of a text gets a scale of its own.

A few pieces of a text have numbers fifty times as large as the others (Bondarenko et al. 2021, "Understanding and
overcoming the challenges of efficient transformer quantization"). With one scale for the whole text, as onnxruntime
cuts it, all the others lose their last bits; with one for each piece they keep them.
"""

import copy

import torch
from torch import nn

from helpdesk.pii.semantic.layers import PARTS_OF_ATTENTION

LEVELS = (
    64  # of a weight, either way: onnxruntime's reduce_range, so that processors without VNNI do not overflow
)
PARTS = (*PARTS_OF_ATTENTION, "up", "down")


class PerPiece(nn.Module):
    """A linear map of pieces that were moved and scaled to between 0 and 1 each, and of the map moved and scaled back."""

    def __init__(self, linear: nn.Linear):
        super().__init__()
        weight = on_the_grid(linear.weight.detach())
        self.register_buffer("weight", weight.T.contiguous())
        self.register_buffer(
            "sums", weight.sum(1)
        )  # of the weights as they will be, or what is added back is off
        self.register_buffer("bias", linear.bias.detach())

    def forward(self, x):
        low = x.amin(-1, keepdim=True)
        span = (x.amax(-1, keepdim=True) - low).clamp(min=1e-6)
        return torch.matmul((x - low) / span, self.weight) * span + low * self.sums + self.bias


def on_the_grid(weight):
    """Weights (outputs by inputs) rounded as onnxruntime will round them: as many levels an output, none the worse for a second time."""
    scale = weight.abs().amax(1, keepdim=True) / LEVELS
    return torch.round(weight / scale) * scale


def per_piece(network: nn.Module) -> nn.Module:
    """A copy of a network of `layers` whose maps are ready to be cut to 8 bits."""
    made = copy.deepcopy(network).eval()
    for layer in made.layers:
        for part in PARTS:
            setattr(layer, part, PerPiece(getattr(layer, part)))
    return made
