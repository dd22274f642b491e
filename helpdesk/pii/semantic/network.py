# mypy: ignore-errors
# torch is no dependency of the service: only who trains the encoder installs it (README.md).
"""MiniLM as a torch module, tuned on the training text, with a head after its second layer that tells what need not be read on."""

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
EARLY = 2  # layers before the early head
SMOOTH = 0.03  # labels are mine, and a few will be wrong
KIND_WEIGHT, EARLY_WEIGHT = 0.3, 0.3
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
    """Ids in; log odds out: the first of "tells a matter", the rest of its kind; and the early head's log odds."""

    def __init__(self, pieces: int, kinds: int):
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH)
        self.places = nn.Parameter(torch.zeros(512, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.drop = nn.Dropout(0.1)
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
            _copy(made.norm, stored, "embeddings.LayerNorm")
            for number, layer in enumerate(made.layers):
                for name, part in _PARTS.items():
                    _copy(getattr(layer, name), stored, f"encoder.layer.{number}.{part}")
        return made

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
    return (1 - attended)[:, None, None, :] * -1e4


def _mean(x, attended):
    return (x * (attended / attended.sum(1, keepdim=True)).unsqueeze(-1)).sum(1)


def _copy(part, stored, name):
    part.weight.copy_(stored[f"{name}.weight"])
    part.bias.copy_(stored[f"{name}.bias"])


def _padded(texts):
    longest = max(len(ids) for ids in texts)
    ids = torch.tensor([[*one, *[0] * (longest - len(one))] for one in texts])
    attended = torch.tensor([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in texts])
    return ids, attended


def tune(
    network,
    texts: Sequence[Sequence[int]],
    breach: Sequence[bool],
    kinds: Sequence[int],
    epochs: int = 3,
    rate: float = 6e-5,
    batch: int = 32,
    seed: int = 1,
):
    """Tune the layers and the heads in place, the word vectors stay; kind -1 is "not told"."""
    torch.manual_seed(seed)
    dice = random.Random(seed)  # noqa: S311 - no secret is made of it
    layers = list(network.layers.parameters())
    heads = [*network.head.parameters(), *network.early.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": layers, "lr": rate}, {"params": heads, "lr": rate * 20}], weight_decay=0.01
    )
    steps = epochs * (len(texts) // batch + 9)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: max(0.01, min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps)))
    )
    network.train()
    for _ in range(epochs):
        for chosen in _batches(texts, batch, dice):
            with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast, and no worse
                loss = _loss(
                    network,
                    [texts[i] for i in chosen],
                    [breach[i] for i in chosen],
                    [kinds[i] for i in chosen],
                )
            loss.backward()
            nn.utils.clip_grad_norm_(layers, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    network.eval()
    return network


def _batches(texts, size, dice):
    """Batches of texts of like length, in any order."""
    order = list(range(len(texts)))
    dice.shuffle(order)
    made = []
    for at in range(0, len(order), size * 8):
        alike = sorted(order[at : at + size * 8], key=lambda i: len(texts[i]))
        made += [alike[i : i + size] for i in range(0, len(alike), size)]
    dice.shuffle(made)
    return made


def _loss(network, texts, breach, kinds):
    logits, early = network(*_padded(texts))
    wanted = torch.tensor(breach, dtype=torch.float32) * (1 - 2 * SMOOTH) + SMOOTH
    loss = functional.binary_cross_entropy_with_logits(logits[:, 0], wanted)
    loss = loss + EARLY_WEIGHT * functional.binary_cross_entropy_with_logits(early, wanted)
    kind = torch.tensor(kinds)
    told = kind >= 0
    return loss + KIND_WEIGHT * functional.cross_entropy(logits[told, 1:], kind[told]) if told.any() else loss


@torch.no_grad()
def logits_of(network, texts) -> list[tuple[float, float]]:
    """Of each text: the log odds that it tells a matter, and the early head's."""
    network.eval()
    found = []
    for ids in texts:
        logits, early = network(torch.tensor([list(ids)]), torch.ones(1, len(ids)))
        found.append((float(logits[0, 0]), float(early[0])))
    return found


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
