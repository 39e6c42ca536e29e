"""The network and its training: the one file that knows torch, imported where one trains."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import nn

from amazing_assets.next_actions.histories import CONTEXT, NUMERIC
from amazing_assets.next_actions.vocabulary import ACTIONS, TOKENS
from amazing_assets.next_actions.windows import Windows, blocks, inputs, windows
from amazing_assets.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.settings import Lesson, NetworkSettings

# So many batches are put in order of length together, so that little is filled up.
_SORTED_TOGETHER = 50

# Of fewer steps an epoch learns next to nothing.
_FEWEST_STEPS = 100

# Places by which an epoch is judged.
_JUDGED = 100_000

# A step is never longer than this, whatever an odd batch asks for.
_LONGEST_STEP = 1.0

# Less than this is no progress.
_PROGRESS = 1e-4


class Epoch(NamedTuple):
    """What an epoch came to."""

    number: int
    train_loss: float
    validate_loss: float


@dataclass(frozen=True)
class Trained:
    """A network and how it came about."""

    weights: dict[str, NDArray[np.float32]]
    curve: tuple[Epoch, ...]

    @property
    def loss(self) -> float:
        """The loss by which it was chosen."""
        return min(epoch.validate_loss for epoch in self.curve)


class Network(nn.Module):
    """One layer of memory over actions and their figures, which corrects what counting says.

    At first it says what counting says: where nothing but the last action tells, it has nothing to
    learn, and where there is little to learn from it does little harm.
    """

    counted: torch.Tensor

    def __init__(self, settings: NetworkSettings, counted: Matrix, context: int = CONTEXT) -> None:
        super().__init__()
        self.register_buffer("counted", torch.from_numpy(np.log(counted).astype(np.float32)))
        one_hot = torch.from_numpy(blocks())
        self.embedding = (
            nn.Embedding(TOKENS, settings.embedding)
            if settings.embedding
            else nn.Embedding.from_pretrained(one_hot, freeze=True)  # type: ignore[no-untyped-call]  # torch's
        )
        self.read = NUMERIC + context if settings.context else NUMERIC
        width = (settings.embedding or one_hot.shape[1]) + self.read
        self.memory = nn.LSTM(width, settings.hidden, batch_first=True)
        self.dropout = nn.Dropout(settings.dropout)
        self.head = nn.Linear(settings.hidden, len(ACTIONS))
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, tokens: torch.Tensor, figures: torch.Tensor, wanted: torch.Tensor
    ) -> torch.Tensor:
        """Return logits of the wanted places, in the order of rows."""
        seen = torch.cat([self.embedding(tokens), figures[:, :, : self.read]], dim=2)
        remembered, _ = self.memory(seen)
        corrected: torch.Tensor = self.head(self.dropout(remembered[wanted]))
        return corrected + self.counted[tokens[wanted]]


class _Places:
    """Places with answers, in pieces of histories."""

    def __init__(self, found: Histories, places: Labels, device: torch.device) -> None:
        self.found, self.device = found, device
        self.pieces, _ = windows(found, places)
        self.wanted = np.zeros(len(found.tokens), dtype=np.bool_)
        self.wanted[places] = True

    def batches(self, size: int, rng: np.random.Generator | None = None) -> Iterator[Windows]:
        """Yield batches of pieces of about one length, in the order of chance if there is one."""
        order = rng.permutation(len(self.pieces)) if rng else np.arange(len(self.pieces))
        for start in range(0, len(order), size * _SORTED_TOGETHER):
            rows = order[start : start + size * _SORTED_TOGETHER]
            rows = rows[np.argsort(self.pieces.lengths[rows], kind="stable")]
            parts = [rows[n : n + size] for n in range(0, len(rows), size)]
            turns = rng.permutation(len(parts)) if rng else range(len(parts))
            yield from (self.pieces.some(parts[turn]) for turn in turns)

    def count(self, size: int) -> int:
        """Return how many batches an epoch has."""
        return sum(1 for _ in self.batches(size))

    def loss(self, network: Network, some: Windows) -> tuple[torch.Tensor, int]:
        """Return the summed loss of a batch and how many places it has."""
        tokens, figures = inputs(self.found, some)
        places, there = some.places()
        wanted = there & self.wanted[places]
        targets = self.found.targets[places[wanted]].astype(np.int64)
        told = network(*(torch.from_numpy(a).to(self.device) for a in (tokens, figures, wanted)))
        answers = torch.from_numpy(targets).to(self.device)
        return nn.functional.cross_entropy(told, answers, reduction="sum"), len(targets)


def train(
    lesson: Lesson,
    settings: NetworkSettings,
    *,
    checkpoint: Path | None = None,
    progress: Progress = silent,
    stop: Callable[[Epoch], bool] = lambda _: False,
) -> Trained:
    """Return the network that foretells the places to validate by best.

    Args:
        lesson: What from.
        settings: How.
        checkpoint: File in which every finished epoch is kept: a training that was killed goes on
            from there and ends as if it had not been. Deleted at the end.
        progress: Is told of every epoch.
        stop: Asked after every epoch whether to give up.
    """
    with torch.random.fork_rng(devices=[]), _one_thread():
        run = _Run(lesson, settings)
        run.resume(checkpoint)
        while not run.is_over:
            epoch = run.epoch()
            run.keep(checkpoint)
            progress(epoch.number, settings.epochs, f"loss {epoch.validate_loss:.4f}")
            if stop(epoch):
                break
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    return Trained(run.best, tuple(run.curve))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch compute in one thread.

    A step is so short that two threads mostly wait for each other: beside other work on two cores
    they took nineteen times as long as one. One also makes the same network on every machine.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class _Run:
    """A training under way: everything that the next epoch depends on."""

    def __init__(self, lesson: Lesson, settings: NetworkSettings) -> None:
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        found, parts, counted = lesson
        self.settings = settings
        self.train = _Places(found, parts.train, device)
        judged = parts.validate[:: max(1, len(parts.validate) // _JUDGED)]
        self.validate = _Places(found, judged, device)
        self.batch = max(1, min(settings.batch, len(self.train.pieces) // _FEWEST_STEPS))
        torch.manual_seed(settings.seed)
        self.network = Network(settings, counted, found.context.shape[1]).to(device)
        learnt = [each for each in self.network.parameters() if each.requires_grad]
        self.optimizer = torch.optim.AdamW(learnt, lr=settings.learning_rate)
        steps = max(settings.epochs * self.train.count(self.batch), 2)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, settings.learning_rate, total_steps=steps
        )
        self.curve: list[Epoch] = []
        self.best = self._weights()
        self._of = _fingerprint(lesson, settings)

    @property
    def is_over(self) -> bool:
        """Whether all epochs are done, or the last ones brought nothing."""
        losses = [epoch.validate_loss for epoch in self.curve]
        patience = self.settings.patience
        if len(losses) >= self.settings.epochs:
            return True
        return len(losses) > patience and min(losses[-patience:]) > (
            min(losses[:-patience]) - _PROGRESS
        )

    def epoch(self) -> Epoch:
        """Learn from everything once."""
        number = len(self.curve) + 1
        # Chance is that of the epoch, so that one begun again is the same.
        torch.manual_seed(1_000 * self.settings.seed + number)
        rng = np.random.default_rng((self.settings.seed, number))
        self.network.train()
        learnt = self._sum(self.train, self.train.batches(self.batch, rng), learn=True)
        self.network.eval()
        with torch.no_grad():
            judged = self._sum(self.validate, self.validate.batches(256), learn=False)
        found = Epoch(number, learnt, judged)
        if all(judged < before.validate_loss for before in self.curve):
            self.best = self._weights()
        self.curve.append(found)
        return found

    def _sum(self, places: _Places, batches: Iterator[Windows], *, learn: bool) -> float:
        total, count = 0.0, 0
        for some in batches:
            loss, size = places.loss(self.network, some)
            if learn:
                self._step(loss / size)
            total, count = total + loss.item(), count + size
        return total / max(count, 1)

    def _step(self, loss: torch.Tensor) -> None:
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's
        nn.utils.clip_grad_norm_(self.network.parameters(), _LONGEST_STEP)
        self.optimizer.step()
        self.schedule.step()

    def _weights(self) -> dict[str, NDArray[np.float32]]:
        state = self.network.state_dict()
        return {name: each.detach().cpu().numpy().copy() for name, each in state.items()}

    def keep(self, file: Path | None) -> None:
        """Write the training down as it is; a kill meanwhile leaves the one before."""
        if file is None:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".unfinished")
        torch.save(
            {
                "of": self._of,
                "network": self.network.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "schedule": self.schedule.state_dict(),
                "curve": [tuple(epoch) for epoch in self.curve],
                "best": {name: torch.from_numpy(each) for name, each in self.best.items()},
            },
            unfinished,
        )
        os.replace(unfinished, file)  # noqa: PTH105  in one step, as nothing else is

    def resume(self, file: Path | None) -> None:
        """Go on from a file, if there is one of the same training."""
        if file is None or not file.exists():
            return
        kept: dict[str, Any] = torch.load(file, weights_only=True)
        if kept["of"] != self._of:
            return
        self.network.load_state_dict(kept["network"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.schedule.load_state_dict(kept["schedule"])
        self.curve = [Epoch(*epoch) for epoch in kept["curve"]]
        self.best = {name: each.numpy() for name, each in kept["best"].items()}


def _fingerprint(lesson: Lesson, settings: NetworkSettings) -> str:
    """Return what tells one training from another: histories, places and settings."""
    digest = hashlib.sha256(repr(settings).encode())
    for each in (lesson.found.tokens, lesson.found.at, lesson.counted, *lesson.parts):
        digest.update(np.ascontiguousarray(each).tobytes())
    return digest.hexdigest()
