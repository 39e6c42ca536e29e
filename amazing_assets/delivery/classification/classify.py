"""Segment and next action of customers, of nothing but their raw events and what others lend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.features.families import query_features
from amazing_assets.customers.features.history import History, within
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.dates import HISTORY, window_start
from amazing_assets.delivery.classification.contract import OF_SEGMENTS, OF_VECTORS, CustomerAnswers
from amazing_assets.delivery.classification.prepared import Prepared
from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import CleanEvents, RawEvents
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.left_out import without
from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets.next_actions.histories import histories
from amazing_assets.next_actions.sequences import steps_of_events
from amazing_assets.next_actions.weeks import moment, query_known_at
from amazing_assets.segments.contract import UNCLASSIFIED
from amazing_assets.segments.naming.words import no_segment

if TYPE_CHECKING:
    from amazing_assets.delivery.classification.champions import Champions
    from amazing_assets.delivery.classification.surroundings import Surroundings

_COLUMNS = schema_of(CustomerAnswers)
_ASKED = pl.Schema({name: schema_of(RawEvents)[name] for name in ("user_id", "event_time")})
_STOPPED = pl.Schema({"user_id": pl.Int64})
_PLACED = pl.Schema({name: _COLUMNS[name] for name in ("user_id", *OF_SEGMENTS)})
_VECTORS = pl.Schema({name: _COLUMNS[name] for name in ("user_id", *OF_VECTORS)})

# Events of whole customers that are worked on at a time, some 300 MB: a file may hold a month.
AT_A_TIME = 250_000

INSUFFICIENT, BOT, DORMANT = "insufficient_events", "bot_suspect", "dormant_out_of_window"

# Who objected, or was forgotten: of them the batch has no row at all.
STOPPED = "profiling_stopped"

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

    def classify(self, raw_events: pl.DataFrame, stopped: pl.Series | None = None) -> pl.DataFrame:
        """Return `CustomerAnswers` of every customer of some events, by pseudonym.

        Args:
            raw_events: `RawEvents`: all that is known of some customers, of any months and in any
                order. What customers did before their history does not count, and neither does
                what they did at the reference date or later.
            stopped: Customers of whom no profile may be made; None: of all of them one may.
        """
        parts = -(-raw_events.height // AT_A_TIME)
        away = pl.Series(dtype=pl.Int64) if stopped is None else stopped
        if parts <= 1:
            return self._classify(raw_events, away)
        part = pl.col("user_id") % parts
        return pl.concat(
            self._classify(raw_events.filter(part == number), away) for number in range(parts)
        ).sort("user_id")

    def _classify(self, raw_events: pl.DataFrame, stopped: pl.Series) -> pl.DataFrame:
        events = self._clean(without(raw_events.lazy(), stopped))
        return self._answers.run(
            asked=raw_events.select("user_id", "event_time"),
            stopped=stopped.to_frame("user_id"),
            placed=self._segments(events),
            vectors=self._vectors(events),
        )

    def _clean(self, raw_events: pl.LazyFrame) -> pl.DataFrame:
        """The events of the history, each once; later ones of its last month are still there."""
        start = pl.lit(window_start(self.surroundings.as_of, HISTORY))
        events = clean_shard(raw_events.filter(pl.col("event_time").dt.date() >= start))
        crowded = self.surroundings.crowded
        if crowded.is_empty():
            return events.collect()
        month = pl.col("event_time").dt.date().dt.month_start()
        marked = crowded.lazy().with_columns(is_crowded=pl.lit(value=True))
        return (
            events.with_columns(month=month)
            .join(marked, on=["month", "user_session"], how="left", maintain_order="left")
            .with_columns(is_crowded_session=pl.col("is_crowded").fill_null(value=False))
            .drop("month", "is_crowded")
            .collect()
        )

    def _segments(self, events: pl.DataFrame) -> pl.DataFrame:
        features = self._features.run(events=events)
        return self.champions.segments.place(features).select("user_id", *OF_SEGMENTS)

    @cached_property
    def _features(self) -> Prepared:
        """The columns that the champion reads, and the families that make them alone."""

        def query(events: pl.LazyFrame) -> pl.LazyFrame:
            known = events.filter(self._is_past).cache()
            history = History(
                summarise_sessions(known).cache(),
                summarise_user_products(known, many=False).cache(),
                self.surroundings.prices,
                self.surroundings.as_of,
                self.champions.zone,
                within,
            )
            columns = self.champions.segments.columns
            return query_features(history, self.surroundings.months, columns)

        return Prepared(query, events=schema_of(CleanEvents))

    @property
    def _is_past(self) -> pl.Expr:
        return pl.col("event_time").dt.date() < pl.lit(self.surroundings.as_of)

    def _vectors(self, events: pl.DataFrame) -> pl.DataFrame:
        model, until = self.champions.next_actions, moment(self.surroundings.as_of)
        nobody = pl.DataFrame(schema=_VECTORS)
        if model is None or events.is_empty():
            return nobody
        steps = self._steps.run(events=events)
        if steps.is_empty():
            return nobody
        return model.answer(histories(steps, until), until).select(nobody.columns)

    @cached_property
    def _steps(self) -> Prepared:
        until = moment(self.surroundings.as_of)
        return Prepared(
            lambda events: query_known_at(steps_of_events(events).cache(), until),
            events=schema_of(CleanEvents),
        )

    @cached_property
    def _answers(self) -> Prepared:
        """Everybody who was asked for, with what is known of each, or why nothing is."""

        def query(
            asked: pl.LazyFrame, stopped: pl.LazyFrame, placed: pl.LazyFrame, vectors: pl.LazyFrame
        ) -> pl.LazyFrame:
            yes = pl.lit(value=True)
            return (
                asked.group_by("user_id")
                .agg(has_past=self._is_past.any())
                .join(stopped.with_columns(is_stopped=yes), on="user_id", how="left")
                .join(placed.with_columns(is_placed=yes), on="user_id", how="left")
                .join(vectors, on="user_id", how="left")
                .with_columns(
                    _reason(),
                    segment_name=pl.col("segment_name").fill_null(UNCLASSIFIED),
                    as_of=pl.lit(self.surroundings.as_of),
                    model_version=pl.lit(self.champions.segments_version),
                    next_action_version=pl.lit(self.champions.next_actions_version, pl.String),
                )
                .with_columns(self._words)
                .select(_COLUMNS.names())
                .sort("user_id")
            )

        return Prepared(query, asked=_ASKED, stopped=_STOPPED, placed=_PLACED, vectors=_VECTORS)

    @property
    def _words(self) -> list[pl.Expr]:
        reasons = (INSUFFICIENT, BOT, DORMANT, STOPPED)
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


def _reason() -> pl.Expr:
    """Why a customer has no segment; null: the customer has one."""
    return (
        pl.when("is_placed")
        .then("reason")
        .when("is_stopped")
        .then(pl.lit(STOPPED))
        .when("has_past")
        .then(pl.lit(DORMANT))
        .otherwise(pl.lit(INSUFFICIENT))
        .alias("reason")
    )
