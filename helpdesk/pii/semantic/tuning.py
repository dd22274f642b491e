# mypy: ignore-errors
# torch is no dependency of the service: only who trains the encoder installs it (README.md).
"""Tuning a network on texts: in 16 bits where the processor has them, with a copy of what is learnt in 32."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

BATCH = 32
ALIKE = 16  # batches are cut from so many that stand together, sorted by length
SMOOTH = 0.03  # labels are mine, and a few will be wrong
KIND_WEIGHT = 0.3
# Without AVX-512 a step in 16 bits takes forty times as long as one in 32.
FEW_BITS = torch.float32 if torch.backends.cpu.get_cpu_capability() in ("DEFAULT", "AVX2") else torch.bfloat16
WARM = 0.06  # of the steps, in which the rate rises
REMEMBERED = 0.99  # of the running mean of weights, a step


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text as ids, the chance that it should tell (between 0 and 1), and its kind (-1: not told)."""

    ids: Sequence[int]
    wanted: float
    kind: int = -1


def label(*, breach: bool) -> float:
    """A label as a chance, less sure than it looks."""
    return 1 - SMOOTH if breach else SMOOTH


def tune(
    network,
    lessons: Sequence[Lesson],
    *,
    epochs: float,
    rate: float,
    seed: int = 1,
    said: Callable[[int, int], None] = lambda _done, _all: None,
):
    """Tune what `network.learning()` names, in place. One thread is best on a machine with other work.

    What is left at the end is a running mean of the weights over the last steps (Polyak and Juditsky 1992)."""
    dice = random.Random(seed)  # noqa: S311 - no secret is made of it
    torch.manual_seed(seed)
    groups = network.learning()
    network.requires_grad_(False)
    learning = [parameter for group, _ in groups for parameter in group]
    for parameter in learning:
        parameter.requires_grad_(True)
    network.to(FEW_BITS).train()
    whole = [parameter.detach().float() for parameter in learning]
    mean = [parameter.clone() for parameter in whole]
    optimiser = _optimiser(groups, whole, rate)
    steps = int(epochs * len(lessons) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share(step, steps))
    for step, chosen in zip(range(steps), _for_ever(lessons, dice), strict=False):
        _loss(network, chosen).backward()
        for parameter, copy in zip(learning, whole, strict=True):
            copy.grad, parameter.grad = parameter.grad.float(), None
        nn.utils.clip_grad_norm_(whole, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        with torch.no_grad():
            torch._foreach_copy_(learning, whole)
            torch._foreach_lerp_(mean, whole, max(1 - REMEMBERED, 1 / (step + 1)))
        said(step + 1, steps)
    network.float()
    with torch.no_grad():
        torch._foreach_copy_(learning, mean)
    return network.eval()


def _optimiser(groups, whole, rate: float):
    """For copies in 32 bits of the groups' parameters, each group at its share of the rate."""
    left = iter(whole)
    return torch.optim.AdamW(
        [{"params": [next(left) for _ in group], "lr": rate * share} for group, share in groups],
        weight_decay=0.01,
        fused=True,
    )


def _share(step: int, steps: int) -> float:
    """Of the rate: up at first, then down to nothing."""
    return max(0.01, min((step + 1) / (WARM * steps), (steps - step) / ((1 - WARM) * steps)))


@torch.no_grad()
def answers(network, texts: Sequence[Sequence[int]]) -> list[tuple[float, ...]]:
    """Of each text the log odds of every head, the first two being "tells a matter" and, where there is one, the early head's."""
    network.to(FEW_BITS).eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found: list[tuple[float, ...]] = [()] * len(texts)
    for at in range(0, len(order), BATCH):
        some = order[at : at + BATCH]
        for number, logits in zip(some, _heads(network, [texts[i] for i in some]), strict=True):
            found[number] = tuple(logits.tolist())
    network.float()
    return found


def _heads(network, texts):
    logits, early = network(*padded(texts))
    return torch.stack([logits[:, 0], early], 1).float()


def padded(texts: Sequence[Sequence[int]]):
    """Ids with zeros behind, and what of them is text."""
    longest = max(len(ids) for ids in texts)
    ids = torch.tensor([[*one, *[0] * (longest - len(one))] for one in texts])
    attended = torch.tensor([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in texts])
    return ids, attended.to(FEW_BITS)


def _for_ever(lessons: Sequence[Lesson], dice: random.Random):
    """Batches of texts of like length, in any order, again and again."""
    while True:
        order = list(lessons)
        dice.shuffle(order)
        made = []
        for at in range(0, len(order), BATCH * ALIKE):
            alike = sorted(order[at : at + BATCH * ALIKE], key=lambda lesson: len(lesson.ids))
            made += [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
        dice.shuffle(made)
        yield from made


def _loss(network, lessons: Sequence[Lesson]):
    logits, early = network(*padded([lesson.ids for lesson in lessons]))
    logits, early = logits.float(), early.float()
    wanted = torch.tensor([lesson.wanted for lesson in lessons])
    loss = functional.binary_cross_entropy_with_logits(logits[:, 0], wanted)
    loss = loss + network.EARLY_WEIGHT * functional.binary_cross_entropy_with_logits(early, wanted)
    kinds = torch.tensor([lesson.kind for lesson in lessons])
    told = kinds >= 0
    return (
        loss + KIND_WEIGHT * functional.cross_entropy(logits[told, 1:], kinds[told]) if told.any() else loss
    )
