# mypy: ignore-errors
# torch is no dependency of the service: only who trains the encoder installs it (README.md).
"""MPNet as a torch module: what the careful reader is tuned as, and how its files are written."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import nn

from helpdesk.pii.semantic.careful import FILES
from helpdesk.pii.semantic.eight_bits import compensated, per_piece
from helpdesk.pii.semantic.layers import HEAD_RATE, Layer, copy

WIDTH, HEADS, LAYERS, INNER = 768, 12, 12, 3072
DEEPER = 0.92  # of its rate a layer learns as fast as the one above it
EARLY = 6  # layers before the early head
BUCKETS, FARTHEST = 32, 128  # of the distances between two pieces
FIRST_PLACE = 2  # MPNet counts places from here
_PARTS = {
    "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v", "out": "attention.attn.o",
    "after_attention": "attention.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "after_inner": "output.LayerNorm",
}  # fmt: skip


class CarefulNetwork(nn.Module):
    """Ids in; log odds out: the first of "tells a matter", the rest of its kind; and the early head's log odds."""

    EARLY_WEIGHT = 0.2

    def __init__(self, pieces: int, kinds: int):
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH)
        self.places = nn.Parameter(torch.zeros(512, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, 1e-5)
        self.distances = nn.Embedding(BUCKETS, HEADS)
        self.layers = nn.ModuleList([Layer(WIDTH, HEADS, INNER, 1e-5) for _ in range(LAYERS)])
        self.drop = nn.Dropout(0.1)
        self.early, self.head = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1 + kinds)

    @classmethod
    def pretrained(cls, folder: Path, keep: Sequence[int], kinds: int) -> "CarefulNetwork":
        """From the folder of all-mpnet-base-v2; `keep` are the ids of the vocabulary that stay, in order."""
        stored = load_file(folder / "model.safetensors")
        made = cls(len(keep), kinds)
        with torch.no_grad():
            made.words.weight.copy_(stored["embeddings.word_embeddings.weight"][list(keep)])
            made.places.copy_(
                stored["embeddings.position_embeddings.weight"][FIRST_PLACE : FIRST_PLACE + 512]
            )
            made.distances.weight.copy_(stored["encoder.relative_attention_bias.weight"])
            copy(made.norm, stored, "embeddings.LayerNorm")
            for number, layer in enumerate(made.layers):
                for name, part in _PARTS.items():
                    copy(getattr(layer, name), stored, f"encoder.layer.{number}.{part}")
        return made

    def learning(self):
        """What is tuned, with its share of the rate: the layers, the upper ones faster, and the heads. The word vectors stay."""
        layers = [
            (list(layer.parameters()), DEEPER ** (LAYERS - 1 - number))
            for number, layer in enumerate(self.layers)
        ]
        return [*layers, ([*self.head.parameters(), *self.early.parameters()], HEAD_RATE)]

    def forward(self, ids, attended):
        bias = self.bias(ids.shape[1]) + ((1 - attended) * -1e4)[:, None, None, :]
        share = attended / attended.sum(1, keepdim=True)
        x, early = self.first(self.words(ids), bias, share)
        return self.rest(x, bias, share), early

    def bias(self, length: int):
        """What the distance between two pieces adds to their attention."""
        return self.distances(_buckets(length)).permute(2, 0, 1)[None]

    def first(self, words, bias, share):
        """The states after the early layers, from the vectors of words, and the early head's log odds.

        `share` is how much of the mean each piece is."""
        x = self.norm(words + self.places[: words.shape[1]])
        for layer in self.layers[:EARLY]:
            x = layer(x, bias.to(x.dtype))
        return x, self.early(self.drop(_mean(x, share)))[:, 0]

    def rest(self, x, bias, share):
        """Log odds from the states after the early layers."""
        for layer in self.layers[EARLY:]:
            x = layer(x, bias.to(x.dtype))
        return self.head(self.drop(_mean(x, share)))


class First(nn.Module):
    """As exported: one text, as the vectors of its words."""

    def __init__(self, network: CarefulNetwork, longest: int):
        super().__init__()
        self.network = network
        self.register_buffer("bias", network.bias(longest).detach().clone())

    def forward(self, words):
        return self.network.first(words, *self.beside(words))

    def beside(self, states):
        """The bias and the share of a text of so many pieces."""
        length = states.shape[1]
        return self.bias[:, :, :length, :length], torch.ones_like(states[:, :, 0]) / length


class Rest(First):
    def forward(self, states):
        return self.network.rest(states, *self.beside(states))


def _mean(x, share):
    return (x * share.unsqueeze(-1)).sum(1)


def shipped(folder: Path) -> dict[str, torch.Tensor]:
    """What the files in `folder` say of the weights that are tuned: 8 bits times a scale, to train on from."""
    held = {
        one.name.removeprefix("network."): torch.tensor(onnx.numpy_helper.to_array(one))
        for file in FILES[:2]
        for one in onnx.load(folder / file).graph.initializer
    }
    state = {name: held[name] for name in held if name.endswith((".weight", ".bias"))} | {
        "places": held["places"]
    }
    for name in [name for name in held if name.endswith("_quantized")]:
        weight = held[name].float() * held[name.replace("_quantized", "_scale")]
        state[name.removesuffix("_quantized").removesuffix("_Transposed")] = weight.T.contiguous()
    return state


@torch.no_grad()
def rounded(network: CarefulNetwork, texts: Sequence[Sequence[int]]) -> CarefulNetwork:
    """The network with its weights on the grid of 8 bits, so that on these texts it answers as before; changed in place."""
    words = [network.words(torch.tensor([ids])) for ids in texts]
    entered = [network.norm(one + network.places[: one.shape[1]]) for one in words]
    return compensated(network, entered, network.bias)


def export(network: CarefulNetwork, folder: Path, longest: int) -> list[Path]:
    """The files of helpdesk.pii.semantic.careful: layers of 8 bits (eight_bits.py) in two steps, and words as bytes with a scale each."""
    first, rest, words, scales = (folder / name for name in FILES)
    ready = per_piece(network)
    _export(First(ready, longest), "words", ["states", "early"], first)
    _export(Rest(ready, longest), "states", ["logits"], rest)
    vectors = network.words.weight.detach().numpy()
    scale = np.abs(vectors).max(axis=1) / 127
    np.save(words, np.rint(vectors / scale[:, None]).astype(np.int8))
    np.save(scales, scale.astype(np.float32))
    return [first, rest, words, scales]


def _export(step: nn.Module, entering: str, leaving: list[str], file: Path) -> None:
    whole = file.with_suffix(".whole.onnx")
    long = {name: {1: "length"} for name in (entering, "states")}
    torch.onnx.export(
        step, (torch.randn(1, 12, WIDTH),), whole, input_names=[entering], output_names=leaving,
        dynamic_axes=long, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()


def _buckets(length: int):
    """T5's buckets (Raffel et al. 2020): near distances have one each, far ones share."""
    at = torch.arange(length)
    apart = at[:, None] - at[None, :]
    half = BUCKETS // 2
    near = half // 2
    far = (
        near
        + (
            torch.log(apart.abs().float().clamp(min=1) / near) / math.log(FARTHEST / near) * (half - near)
        ).long()
    )
    return (apart < 0).long() * half + torch.where(apart.abs() < near, apart.abs(), far.clamp(max=half - 1))
