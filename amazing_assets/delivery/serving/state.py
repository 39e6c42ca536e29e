"""What the service answers from, as it is at the moment: champions, prices, the lake."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from amazing_assets.dates import HISTORY, window_start
from amazing_assets.delivery.classification.classify import Classifier
from amazing_assets.delivery.classification.surroundings import months_before, surroundings
from amazing_assets.delivery.serving.problems import tell_fault
from amazing_assets.errors import PlainError
from amazing_assets.lake.sides import side_of
from amazing_assets.locations import BucketPath

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from amazing_assets.delivery.classification.champions import Champions, ChampionStores
    from amazing_assets.delivery.classification.surroundings import Surroundings
    from amazing_assets.lake.table import Lake

_LOGGER = logging.getLogger("amazing_assets.service")

# A lake in a bucket is asked so rarely whether a month was made again: each question is a request
# for each month and table, which nobody waits for who asks about a customer.
_ASKED_AGAIN_SECONDS = 10.0

# Months whose prices are kept: that of everybody, and those of some who ask about another.
_MONTHS = 4


@dataclass
class Serving:
    """The models in use and what other customers lend, for each reference date.

    Attributes:
        stores: Where the champions are.
        lake: Where price books and views are.
    """

    stores: ChampionStores
    lake: Lake
    _champions: Champions | None = None
    _fault: str | None = None
    _kept: OrderedDict[tuple[str, ...], Surroundings] = field(default_factory=OrderedDict)
    _known: dict[date, tuple[float, tuple[str, ...]]] = field(default_factory=dict)
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
        self, raw_events: pl.DataFrame, as_of: date
    ) -> tuple[pl.DataFrame, dict[str, str | None]]:
        """Return `CustomerAnswers` at a date, all by the models of one moment, and which.

        Raises:
            NoChampionError: No segment model is in use.
        """
        champions = self._champions
        if champions is None:
            # As its sentence says what to do.
            champions = self._champions = self.stores.read()
        classifier = Classifier(champions, self.lent(as_of))
        return classifier.classify(raw_events), champions.versions

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
