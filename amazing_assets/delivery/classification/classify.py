"""Segment and next action of customers, of nothing but their raw events and what others lend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.features.families import build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.dates import HISTORY, window_start
from amazing_assets.delivery.classification.contract import OF_SEGMENTS, OF_VECTORS, CustomerAnswers
from amazing_assets.events.clean import clean_shard
from amazing_assets.lake.contract import schema_of
from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets.next_actions.contract import NextActionVectors
from amazing_assets.next_actions.histories import histories
from amazing_assets.next_actions.sequences import steps_of_events
from amazing_assets.next_actions.weeks import known_at, moment
from amazing_assets.segments.contract import UNCLASSIFIED
from amazing_assets.segments.naming.words import no_segment

if TYPE_CHECKING:
    from amazing_assets.delivery.classification.champions import Champions
    from amazing_assets.delivery.classification.surroundings import Surroundings

_COLUMNS = schema_of(CustomerAnswers)
_VECTOR = pl.Schema(
    {name: kind for name, kind in schema_of(NextActionVectors).items() if name in OF_VECTORS}
)

# Events of whole customers that are worked on at a time, some 300 MB: a file may hold a month.
AT_A_TIME = 1_000_000

INSUFFICIENT, DORMANT = "insufficient_events", "dormant_out_of_window"

_IN_WORDS = {"name_fr": FRENCH, "name_en": ENGLISH}


@dataclass(frozen=True)
class Classifier:
    """Answers for customers at one reference date, each by what the batch tables would hold.

    Attributes:
        champions: The models that answer.
        surroundings: What is known of other customers.
    """

    champions: Champions
    surroundings: Surroundings

    def classify(self, raw_events: pl.DataFrame) -> pl.DataFrame:
        """Return `CustomerAnswers` of every customer of some events, by pseudonym.

        Args:
            raw_events: `RawEvents`: all that is known of some customers, of any months and in any
                order. What customers did before their history does not count, and neither does
                what they did at the reference date or later.
        """
        parts = -(-raw_events.height // AT_A_TIME)
        if parts <= 1:
            return self._classify(raw_events)
        part = pl.col("user_id") % parts
        return pl.concat(
            self._classify(raw_events.filter(part == number)) for number in range(parts)
        ).sort("user_id")

    def _classify(self, raw_events: pl.DataFrame) -> pl.DataFrame:
        events = self._clean(raw_events)
        customers = raw_events.select(pl.col("user_id").unique().sort())
        found = (
            customers.join(self._segments(events, raw_events), on="user_id", how="left")
            .join(self._vectors(events), on="user_id", how="left")
            .with_columns(
                as_of=pl.lit(self.surroundings.as_of),
                model_version=pl.lit(self.champions.segments_version),
                next_action_version=pl.lit(self.champions.next_actions_version, pl.String),
            )
        )
        return found.with_columns(self._words).select(_COLUMNS.names()).sort("user_id")

    def _clean(self, raw_events: pl.DataFrame) -> pl.DataFrame:
        """The events of the history, each once; later ones of its last month are still there."""
        start = pl.lit(window_start(self.surroundings.as_of, HISTORY))
        inside = raw_events.lazy().filter(pl.col("event_time").dt.date() >= start)
        events = clean_shard(inside).collect()
        crowded = self.surroundings.crowded
        if crowded.is_empty():
            return events
        month = pl.col("event_time").dt.date().dt.month_start()
        marked = crowded.with_columns(is_crowded=pl.lit(value=True))
        return (
            events.with_columns(month=month)
            .join(marked, on=["month", "user_session"], how="left", maintain_order="left")
            .with_columns(is_crowded_session=pl.col("is_crowded").fill_null(value=False))
            .drop("month", "is_crowded")
        )

    def _segments(self, events: pl.DataFrame, raw_events: pl.DataFrame) -> pl.DataFrame:
        before = pl.col("event_time").dt.date() < pl.lit(self.surroundings.as_of)
        known = events.filter(before)
        features = self._features(known)
        placed = self.champions.segments.place(features).select("user_id", *OF_SEGMENTS)
        absent = raw_events.join(placed, on="user_id", how="anti")
        if absent.is_empty():
            return placed
        gone = absent.group_by("user_id").agg(has_past=before.any())
        reason = pl.when("has_past").then(pl.lit(DORMANT)).otherwise(pl.lit(INSUFFICIENT))
        others = gone.select("user_id", reason.alias("reason"), segment_name=pl.lit(UNCLASSIFIED))
        return pl.concat([placed, others], how="diagonal")

    def _features(self, events: pl.DataFrame) -> pl.DataFrame:
        """The columns that the champion reads, and the families that make them alone."""
        rows = events.lazy()
        history = History(
            summarise_sessions(rows).collect().lazy(),
            summarise_user_products(rows).collect().lazy(),
            self.surroundings.prices,
            self.surroundings.as_of,
            self.champions.zone,
        )
        return build_features(history, self.surroundings.months, self.champions.segments.columns)

    def _vectors(self, events: pl.DataFrame) -> pl.DataFrame:
        model, until = self.champions.next_actions, moment(self.surroundings.as_of)
        nobody = pl.DataFrame(schema={"user_id": pl.Int64, **_VECTOR})
        if model is None or events.is_empty():
            return nobody
        steps = known_at(steps_of_events(events.lazy()).collect(), until)
        if steps.is_empty():
            return nobody
        return model.answer(histories(steps, until), until).select(nobody.columns)

    @cached_property
    def _words(self) -> list[pl.Expr]:
        reasons = _reasons()
        number, reason = pl.col("segment"), pl.col("reason")
        return [
            pl.when(number.is_null())
            .then(
                reason.replace_strict(
                    {code: no_segment(code, language) for code in reasons}, return_dtype=pl.String
                )
            )
            .otherwise(
                number.replace_strict(
                    self.champions.names(language),
                    default=None,
                    return_dtype=pl.String,
                )
            )
            .alias(column)
            for column, language in _IN_WORDS.items()
        ]


def _reasons() -> tuple[str, ...]:
    return (INSUFFICIENT, "bot_suspect", DORMANT)
