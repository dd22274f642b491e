# mypy: ignore-errors
# torch is no dependency of the service: only who trains the encoder installs it (README.md).
"""MiniLM as a torch module, its lower layers frozen and read once, the upper ones tuned on the training text."""

import math
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536
FROZEN = 3
SMOOTH = 0.03  # labels are mine, and a few will be wrong
KIND_WEIGHT = 0.3
_PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "out": "attention.output.dense",
    "after_attention": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "after_inner": "output.LayerNorm",
}  # fmt: skip


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2018)."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.after_attention, self.after_inner = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, mask):
        def split(part):
            return part(x).view(x.shape[0], x.shape[1], HEADS, WIDTH // HEADS).transpose(1, 2)

        scores = split(self.query) @ split(self.key).transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask
        seen = (torch.softmax(scores, -1) @ split(self.value)).transpose(1, 2).reshape(x.shape)
        x = self.after_attention(x + self.drop(self.out(seen)))
        return self.after_inner(x + self.drop(self.down(functional.gelu(self.up(x)))))


class Network(nn.Module):
    """Ids in; log odds out: the first of "tells a matter", the rest of its kind."""

    def __init__(self, pieces: int, kinds: int):
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH)
        self.places = nn.Parameter(torch.zeros(512, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH, 1 + kinds)

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
            _copy(made.norm, stored, "embeddings.LayerNorm")
            for number, layer in enumerate(made.layers):
                for name, part in _PARTS.items():
                    _copy(getattr(layer, name), stored, f"encoder.layer.{number}.{part}")
        return made

    def low(self, ids, attended):
        x = self.norm(self.words(ids) + self.places[: ids.shape[1]])
        for layer in self.layers[:FROZEN]:
            x = layer(x, _mask(attended))
        return x

    def high(self, x, attended):
        for layer in self.layers[FROZEN:]:
            x = layer(x, _mask(attended))
        share = attended.unsqueeze(-1) / attended.sum(1)[:, None, None]
        return self.head(self.drop((x * share).sum(1)))

    def forward(self, ids):
        """As exported: one text, no padding."""
        attended = torch.ones_like(ids, dtype=torch.float32)
        return self.high(self.low(ids, attended), attended)


def _mask(attended):
    return (1 - attended)[:, None, None, :] * -1e4


def _copy(part, stored, name):
    part.weight.copy_(stored[f"{name}.weight"])
    part.bias.copy_(stored[f"{name}.bias"])


@torch.no_grad()
def lower_states(network, texts: Sequence[Sequence[int]]):
    """What the frozen layers make of each text: read once, used in every epoch."""
    network.eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    states = [None] * len(texts)
    for at in range(0, len(order), 32):
        chosen = order[at : at + 32]
        longest = max(len(texts[i]) for i in chosen)
        ids = torch.tensor([[*texts[i], *[0] * (longest - len(texts[i]))] for i in chosen])
        attended = torch.tensor([[1.0] * len(texts[i]) + [0.0] * (longest - len(texts[i])) for i in chosen])
        for i, state in zip(chosen, network.low(ids, attended), strict=True):
            states[i] = state[: len(texts[i])].clone()
    return states


def _padded(states):
    longest = max(state.shape[0] for state in states)
    x, attended = torch.zeros(len(states), longest, WIDTH), torch.zeros(len(states), longest)
    for row, state in enumerate(states):
        x[row, : state.shape[0]], attended[row, : state.shape[0]] = state, 1
    return x, attended


def tune(
    network,
    states,
    breach: Sequence[bool],
    kinds: Sequence[int],
    epochs: int = 3,
    rate: float = 1.5e-4,
    batch: int = 32,
    seed: int = 1,
):
    """Tune the upper layers and the head in place; kind -1 is "not told"."""
    torch.manual_seed(seed)
    dice = random.Random(seed)  # noqa: S311 - no secret is made of it
    upper = [p for layer in network.layers[FROZEN:] for p in layer.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": upper, "lr": rate}, {"params": network.head.parameters(), "lr": rate * 20}],
        weight_decay=0.01,
    )
    steps = epochs * (len(states) // batch + 9)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: max(0.01, min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps)))
    )
    network.train()
    for _ in range(epochs):
        for chosen in _batches(states, batch, dice):
            loss = _loss(
                network, [states[i] for i in chosen], [breach[i] for i in chosen], [kinds[i] for i in chosen]
            )
            loss.backward()
            nn.utils.clip_grad_norm_(upper, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    network.eval()
    return network


def _batches(states, size, dice):
    """Batches of texts of like length, in any order."""
    order = list(range(len(states)))
    dice.shuffle(order)
    made = []
    for at in range(0, len(order), size * 8):
        alike = sorted(order[at : at + size * 8], key=lambda i: states[i].shape[0])
        made += [alike[i : i + size] for i in range(0, len(alike), size)]
    dice.shuffle(made)
    return made


def _loss(network, states, breach, kinds):
    logits = network.high(*_padded(states))
    wanted = torch.tensor(breach, dtype=torch.float32) * (1 - 2 * SMOOTH) + SMOOTH
    loss = functional.binary_cross_entropy_with_logits(logits[:, 0], wanted)
    kind = torch.tensor(kinds)
    told = kind >= 0
    return loss + KIND_WEIGHT * functional.cross_entropy(logits[told, 1:], kind[told]) if told.any() else loss


@torch.no_grad()
def logits_of(network, states) -> list[list[float]]:
    network.eval()
    return [network.high(state[None], torch.ones(1, state.shape[0]))[0].tolist() for state in states]


def export(network, file: Path) -> None:
    """The network as ONNX with weights of 8 bits (7 used, so that processors without VNNI do not overflow)."""
    whole = file.with_suffix(".whole.onnx")
    network.eval()
    torch.onnx.export(
        network,
        (torch.ones(1, 12, dtype=torch.int64),),
        whole,
        input_names=["ids"],
        output_names=["logits"],
        dynamic_axes={"ids": {1: "length"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()
