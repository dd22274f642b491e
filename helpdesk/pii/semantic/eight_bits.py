# mypy: ignore-errors
# torch is no dependency of the service: only who trains a judge installs it (README.md).
"""How a large network keeps what it knows in 8 bits: each piece of a text gets a scale of its own.

A few pieces of a text have numbers fifty times as large as the others (Bondarenko et al. 2021, "Understanding and
overcoming the challenges of efficient transformer quantization"). With one scale for the whole text, as onnxruntime
cuts it, all the others lose their last bits; with one for each piece they keep them.

And the weights are not rounded each by itself: what rounding one changes of the answers is made up for by the weights
that are not rounded yet (Frantar et al. 2022, "GPTQ"). Rounded each by itself, a network that was tuned from rounded weights
falls back to those: most of what it learnt since are steps of less than half a level.
"""

import copy

import torch
from torch import nn

from helpdesk.pii.semantic.layers import PARTS_OF_ATTENTION

LEVELS = (
    64  # of a weight, either way: onnxruntime's reduce_range, so that processors without VNNI do not overflow
)
PARTS = (*PARTS_OF_ATTENTION, "up", "down")
DAMP = 0.01  # of the mean, so that inputs which always go together can be told apart
BLOCK = 128  # inputs whose errors are carried on together


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


@torch.no_grad()
def compensated(network: nn.Module, texts, bias) -> nn.Module:
    """The network, its maps' weights rounded so that on these texts it answers as before; changed in place.

    `texts`: for each the vectors of its pieces as the first layer takes them; `bias`: what is added to the attention over so many pieces.
    """
    states = list(texts)
    for layer in network.layers:
        seen = {}
        hooks = [
            getattr(layer, part).register_forward_pre_hook(_watch(seen, part))
            for part in ("query", "out", "up", "down")
        ]
        for x in states:
            layer(x, bias(x.shape[1]))
        for hook in hooks:
            hook.remove()
        for part in PARTS:
            linear = getattr(layer, part)
            linear.weight.copy_(_rounded(linear.weight, seen["query" if part in ("key", "value") else part]))
        states = [layer(x, bias(x.shape[1])) for x in states]
    return network


def _watch(seen, part):
    """Adds up what goes into a map: the products of each two of its inputs."""

    def hook(_map, inputs):
        x = inputs[0].flatten(0, -2).double()
        seen[part] = seen.get(part, 0) + x.T @ x

    return hook


def _rounded(weight, products):
    """Weights (outputs by inputs) on the grid, an input at a time, each rounding made up for by the inputs to come."""
    w = weight.double().clone()
    largest = w.abs().argmax(1)
    scale = w.abs().amax(1) / LEVELS
    products = products + DAMP * products.diagonal().mean() * torch.eye(len(products), dtype=torch.double)
    upper = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(products)), upper=True)
    for at in range(0, w.shape[1], BLOCK):
        end = min(at + BLOCK, w.shape[1])
        errors = torch.zeros(w.shape[0], end - at, dtype=torch.double)
        for i in range(at, end):
            level = torch.round(w[:, i] / scale).clamp(-LEVELS, LEVELS)
            level = torch.where(
                largest == i, torch.sign(weight[:, i]) * LEVELS, level
            )  # or the grid would move
            errors[:, i - at] = (w[:, i] - level * scale) / upper[i, i]
            w[:, i] = level * scale
            w[:, i + 1 : end] -= errors[:, i - at, None] * upper[i, i + 1 : end]
        w[:, end:] -= errors @ upper[at:end, end:]
    return w.to(weight.dtype)


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
