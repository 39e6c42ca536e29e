"""Requests of one moment are computed together: most of the work is the same for one or many.

One thread computes. Customers of different requests never meet: each gets a number that is nobody
else's in the batch, and is known by no other name while it is worked on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.delivery.serving.problems import ProblemError, too_many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from amazing_assets.delivery.serving.bodies import Asked
    from amazing_assets.delivery.serving.limits import Limits

    Classify = Callable[[pl.DataFrame, date, pl.Series], tuple[pl.DataFrame, dict[str, str | None]]]

# While requests keep coming a batch waits for so many of their pauses.
_MOST_PAUSES = 10


@dataclass(frozen=True)
class Answered:
    """What is answered of a request.

    Attributes:
        customers: `CustomerAnswers` by the shop's own ids, ascending.
        versions: By which version of each model.
        reference_date: As of which day.
    """

    customers: pl.DataFrame
    versions: dict[str, str | None]
    reference_date: date


@dataclass
class _Waiting:
    asked: Asked
    answer: asyncio.Future[Answered] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Batches:
    """Puts requests together and hands each its own answer.

    Args:
        classify: Answers for some customers at a date, and says by which models.
        limits: How long is waited, and how many may wait.
    """

    def __init__(self, classify: Classify, limits: Limits) -> None:
        self._classify, self._limits = classify, limits
        self._waiting: list[_Waiting] = []
        self._news = asyncio.Event()
        self._pool = ThreadPoolExecutor(1, "classify")
        self.open = 0

    async def answer(self, asked: Asked) -> Answered:
        """Return the answer to a request.

        Raises:
            ProblemError: Too many wait, or it took too long.
        """
        if self.open >= self._limits.waiting:
            raise too_many("More requests wait than can be answered soon; send it again later.")
        waiting = _Waiting(asked)
        self._waiting.append(waiting)
        self._news.set()
        self.open += 1
        try:
            return await asyncio.wait_for(waiting.answer, self._limits.seconds)
        except TimeoutError:
            raise ProblemError(
                504,
                f"No answer within {self._limits.seconds:g} s; send fewer customers at a time.",
                headers={"Retry-After": "1"},
            ) from None
        finally:
            self.open -= 1

    async def work(self) -> None:
        """Compute batch after batch, until cancelled."""
        loop = asyncio.get_running_loop()
        with contextlib.closing(self):
            while True:
                await self._news.wait()
                await self._settled()
                for batch in self._taken():
                    done = loop.run_in_executor(self._pool, self._compute, batch)
                    await asyncio.wait([done])
                    if done.exception() is None or len(batch) == 1:
                        _hand_out(batch, done)
                        continue
                    # Nobody's request fails for what stands in another's.
                    for each in batch:
                        alone = loop.run_in_executor(self._pool, self._compute, [each])
                        await asyncio.wait([alone])
                        _hand_out([each], alone)

    async def _settled(self) -> None:
        """Wait until nobody new comes for a moment, but not for long.

        Whoever was just answered asks again at once: without this wait they and those who waited
        meanwhile would take turns in batches of half the size, at nearly the cost of whole ones.
        """
        before, pause = 0, self._limits.batch_milliseconds / 1000
        for _ in range(_MOST_PAUSES):
            if len(self._waiting) == before:
                return
            before = len(self._waiting)
            await asyncio.sleep(pause)

    def close(self) -> None:
        """Compute nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _taken(self) -> list[list[_Waiting]]:
        """Those who wait, by reference date, as many as a batch holds; the others wait on."""
        taken: dict[date, list[_Waiting]] = defaultdict(list)
        events = 0
        while self._waiting and events < self._limits.batch_events:
            each = self._waiting.pop(0)
            # Whoever has gone is not computed for.
            if not each.answer.done():
                taken[each.asked.reference_date].append(each)
                events += each.asked.events.height
        if not self._waiting:
            self._news.clear()
        return list(taken.values())

    def _compute(self, batch: Sequence[_Waiting]) -> list[Answered]:
        asked = [each.asked for each in batch]
        reference = asked[0].reference_date
        events, ids = together([each.events for each in asked])
        answers, versions = self._classify(events, reference, ids["user_id"])
        return [Answered(part, versions, reference) for part in apart(answers, ids, len(asked))]


def _hand_out(batch: Sequence[_Waiting], done: asyncio.Future[list[Answered]]) -> None:
    error = done.exception()
    for position, each in enumerate(batch):
        if each.answer.done():
            continue
        if error is not None:
            each.answer.set_exception(error)
        else:
            each.answer.set_result(done.result()[position])


def together(requests: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the events of requests under numbers of their customers, and whose number is whose.

    Returns:
        `RawEvents`; and columns `number`, `request` and `user_id`, ascending within a request.
    """
    events = pl.concat(requests, rechunk=True)
    owners = np.repeat(np.arange(len(requests)), [each.height for each in requests])
    customers = events["user_id"].to_numpy()
    # By request and then by customer; a row begins a number where either changes.
    order = np.lexsort((customers, owners))
    request, user_id = owners[order], customers[order]
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = (np.diff(request) != 0) | (user_id[1:] != user_id[:-1])
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.cumsum(begins) - 1
    ids = {"request": request[begins], "user_id": user_id[begins]}
    return events.with_columns(pl.Series("user_id", numbers)), pl.DataFrame(ids).with_row_index(
        "number"
    ).with_columns(pl.col("number").cast(pl.Int64))


def apart(answers: pl.DataFrame, ids: pl.DataFrame, requests: int) -> list[pl.DataFrame]:
    """Return the answers of each request, under the ids with which it came.

    Args:
        answers: Of every number, ascending.
        ids: As `together` has them.
        requests: How many they were.
    """
    named = answers.with_columns(ids["user_id"])
    sizes = np.bincount(ids["request"].to_numpy(), minlength=requests)
    begins = np.cumsum(sizes) - sizes
    return [named.slice(*each) for each in zip(begins.tolist(), sizes.tolist(), strict=True)]
