"""What the service answers from, as it is at the moment: champions, prices, the lake."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.dates import HISTORY, window_start
from amazing_assets.delivery.classification.classify import Classifier
from amazing_assets.delivery.classification.stopped import Stopped
from amazing_assets.delivery.classification.surroundings import months_before, surroundings
from amazing_assets.delivery.serving.problems import tell_fault
from amazing_assets.errors import PlainError
from amazing_assets.lake.sides import side_of
from amazing_assets.locations import BucketPath

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from amazing_assets.delivery.classification.champions import Champions, ChampionStores
    from amazing_assets.delivery.classification.surroundings import Surroundings
    from amazing_assets.lake.table import Lake

_LOGGER = logging.getLogger("amazing_assets.service")

# A lake in a bucket is asked so rarely whether a month was made again: each question is a request
# for each month and table, which nobody waits for who asks about a customer.
_ASKED_AGAIN_SECONDS = 10.0

# Months whose prices are kept: that of everybody, and those of some who ask about another.
_MONTHS = 4

# Dates whose queries are kept: today's, and those of some who ask about another.
_DATES = 16

# An objection counts so soon after it was made.
_STOPPED_SECONDS = 1.0


@dataclass
class Serving:
    """The models in use and what other customers lend, for each reference date.

    Attributes:
        stores: Where the champions are.
        lake: Where price books and views are.
        key: Returns the pseudonym key: by it customers are found, and those of whom no profile
            may be made.
    """

    stores: ChampionStores
    lake: Lake
    key: Callable[[], str]
    _champions: Champions | None = None
    _fault: str | None = None
    _kept: OrderedDict[tuple[str, ...], Surroundings] = field(default_factory=OrderedDict)
    _known: dict[date, tuple[float, tuple[str, ...]]] = field(default_factory=dict)
    _classifiers: OrderedDict[date, Classifier] = field(default_factory=OrderedDict)
    _stopped: tuple[float, Stopped | None] = (0.0, None)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def fault(self) -> str | None:
        """Why the newest champions are not in use; None: they are."""
        return self._fault

    @property
    def champions(self) -> Champions | None:
        """What answers now; None: nothing yet."""
        return self._champions

    def refresh(self) -> None:
        """Take the champions of now; what cannot be read leaves those before in use."""
        try:
            found = self.stores.read(self._champions)
        except PlainError as error:
            self._fault = str(error)
            tell_fault(error)
            return
        self._fault = None
        if found is not self._champions:
            _LOGGER.info("models in use: %s", found.versions)
            self._champions = found

    def classify(
        self, raw_events: pl.DataFrame, as_of: date, ids: pl.Series
    ) -> tuple[pl.DataFrame, dict[str, str | None]]:
        """Return `CustomerAnswers` at a date, all by the models of one moment, and which.

        Args:
            raw_events: `RawEvents` under numbers, from 0.
            as_of: The reference date.
            ids: Of each number the customer's id, as the shop knows it.

        Raises:
            NoChampionError: No segment model is in use.
        """
        champions = self._champions
        if champions is None:
            # As its sentence says what to do.
            champions = self._champions = self.stores.read()
        classifier = self._classifier(champions, as_of)
        return classifier.classify(raw_events, self._stopped_among(ids)), champions.versions

    def _classifier(self, champions: Champions, as_of: date) -> Classifier:
        """Return what answers at a date, made once until the models or the lake change."""
        lent = self.lent(as_of)
        known = self._classifiers.pop(as_of, None)
        if (
            known is None
            or known.champions is not champions
            or known.surroundings.prices is not lent.prices
        ):
            known = Classifier(champions, lent)
        self._classifiers[as_of] = known
        while len(self._classifiers) > _DATES:
            self._classifiers.popitem(last=False)
        return known

    def _stopped_among(self, ids: pl.Series) -> pl.Series:
        """Return the numbers of those of whom no profile may be made."""
        asked, stopped = self._stopped
        if stopped is None or time.monotonic() - asked > _STOPPED_SECONDS:
            stopped = Stopped.of(self.lake.root, self.key())
            self._stopped = time.monotonic(), stopped
        away = stopped.among(ids)
        return ids.is_in(away.implode()).arg_true().cast(pl.Int64)

    def lent(self, as_of: date) -> Surroundings:
        """Return what the lake knows of others at a date, read once until its months change.

        The dates of a month have their windows in common, and the whole months before them: whoever
        asks for another of them has nothing read again.
        """
        of_month = (str(window_start(as_of, HISTORY)), *self._versions(as_of))
        with self._lock:
            if of_month not in self._kept:
                self._kept[of_month] = surroundings(self.lake, as_of)
                while len(self._kept) > _MONTHS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(of_month)
            return replace(self._kept[of_month], as_of=as_of)

    def _versions(self, as_of: date) -> tuple[str, ...]:
        """What changes whenever a month is made again: the versions that readers find."""
        asked, known = self._known.get(as_of, (float("-inf"), ()))
        if time.monotonic() - asked < self._fresh_seconds:
            return known
        found = tuple(
            side_of(self.lake.root).version_of(self.lake.root / table, month)
            for month in months_before(self.lake, as_of)
            for table in ("price_book", "clean_events")
        )
        if self._fresh_seconds:
            self._known = {as_of: (time.monotonic(), found)}
        return found

    @property
    def _fresh_seconds(self) -> float:
        return _ASKED_AGAIN_SECONDS if isinstance(self.lake.root, BucketPath) else 0.0
