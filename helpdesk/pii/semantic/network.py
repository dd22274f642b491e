# mypy: ignore-errors
# torch is no dependency of the service: only who trains the encoder installs it (README.md).
"""MiniLM as a torch module, tuned on the training text, with a head after its second layer that tells what need not be read on."""

from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import nn

from helpdesk.pii.semantic.layers import HEAD_RATE, Layer, copy

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536
EARLY = 2  # layers before the early head
_PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "out": "attention.output.dense",
    "after_attention": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "after_inner": "output.LayerNorm",
}  # fmt: skip


class Network(nn.Module):
    """Ids in; log odds out: the first of "tells a matter", the rest of its kind; and the early head's log odds."""

    EARLY_WEIGHT = 0.3

    def __init__(self, pieces: int, kinds: int):
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH)
        self.places = nn.Parameter(torch.zeros(512, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList([Layer(WIDTH, HEADS, INNER, 1e-12) for _ in range(LAYERS)])
        self.drop = nn.Dropout(0.1)  # here alone: in the layers it cost half the time
        self.early, self.head = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1 + kinds)

    @classmethod
    def pretrained(cls, folder: Path, keep: Sequence[int], kinds: int) -> "Network":
        """From the folder of all-MiniLM-L6-v2; `keep` are the ids of the vocabulary that stay, in order."""
        stored = load_file(folder / "model.safetensors")
        made = cls(len(keep), kinds)
        with torch.no_grad():
            made.words.weight.copy_(stored["embeddings.word_embeddings.weight"][list(keep)])
            made.places.copy_(
                stored["embeddings.position_embeddings.weight"]
                + stored["embeddings.token_type_embeddings.weight"][0]
            )
            copy(made.norm, stored, "embeddings.LayerNorm")
            for number, layer in enumerate(made.layers):
                for name, part in _PARTS.items():
                    copy(getattr(layer, name), stored, f"encoder.layer.{number}.{part}")
        return made

    def learning(self):
        """What is tuned, with its share of the rate: the layers, and the heads. The word vectors stay."""
        return [
            (list(self.layers.parameters()), 1.0),
            ([*self.head.parameters(), *self.early.parameters()], HEAD_RATE),
        ]

    def first(self, ids, attended):
        """The states after the early layers, and the early head's log odds."""
        x = self.norm(self.words(ids) + self.places[: ids.shape[1]])
        for layer in self.layers[:EARLY]:
            x = layer(x, _mask(attended))
        return x, self.early(self.drop(_mean(x, attended)))[:, 0]

    def rest(self, x, attended):
        for layer in self.layers[EARLY:]:
            x = layer(x, _mask(attended))
        return self.head(self.drop(_mean(x, attended)))

    def forward(self, ids, attended):
        x, early = self.first(ids, attended)
        return self.rest(x, attended), early


class First(nn.Module):
    """As exported: one text, no padding."""

    def __init__(self, network: Network):
        super().__init__()
        self.network = network

    def forward(self, ids):
        return self.network.first(ids, torch.ones_like(ids, dtype=torch.float32))


class Rest(First):
    def forward(self, states):
        return self.network.rest(states, torch.ones_like(states[:, :, 0]))


def _mask(attended):
    return ((1 - attended) * -1e4)[:, None, None, :]


def _mean(x, attended):
    return (x * (attended / attended.sum(1, keepdim=True)).unsqueeze(-1)).sum(1)


def export(network, folder: Path) -> list[Path]:
    """first.onnx and rest.onnx, with weights of 8 bits (7 used, so that processors without VNNI do not overflow)."""
    network.eval()
    ids, states = torch.ones(1, 12, dtype=torch.int64), torch.zeros(1, 12, WIDTH)
    return [
        _export(First(network), ids, "ids", ["states", "early"], folder / "first.onnx"),
        _export(Rest(network), states, "states", ["logits"], folder / "rest.onnx"),
    ]


def _export(part, example, name: str, outputs: list[str], file: Path) -> Path:
    whole = file.with_suffix(".whole.onnx")
    axes = {name: {1: "length"}} | ({"states": {1: "length"}} if name == "ids" else {})
    torch.onnx.export(
        part, (example,), whole, input_names=[name], output_names=outputs, dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()
    return file
