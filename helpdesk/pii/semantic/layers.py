# mypy: ignore-errors
# torch is no dependency of the service: only who trains a judge installs it (README.md).
"""The layer that BERT (Devlin et al. 2018) and MPNet (Song et al. 2020) have in common, and copying what was learnt before."""

import math

import torch
from torch import nn
from torch.nn import functional

HEAD_RATE = 20  # the heads learn so much faster than the layers
PARTS_OF_ATTENTION = ("query", "key", "value", "out")


class Layer(nn.Module):
    """Attention and an inner layer, each added to what came in. `bias` is added to the attention: a mask, or distances too."""

    def __init__(self, width: int, heads: int, inner: int, epsilon: float):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in PARTS_OF_ATTENTION)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.after_attention, self.after_inner = nn.LayerNorm(width, epsilon), nn.LayerNorm(width, epsilon)

    def forward(self, x, bias):
        def split(part):
            return part(x).view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

        query = split(self.query)
        scores = query @ split(self.key).transpose(-1, -2) / math.sqrt(query.shape[-1]) + bias
        seen = (torch.softmax(scores, -1) @ split(self.value)).transpose(1, 2).reshape(x.shape)
        x = self.after_attention(x + self.out(seen))
        return self.after_inner(x + self.down(functional.gelu(self.up(x))))


def copy(part, stored, name):
    """Weight and bias of one part from a file of the base model."""
    part.weight.copy_(stored[f"{name}.weight"])
    part.bias.copy_(stored[f"{name}.bias"])
