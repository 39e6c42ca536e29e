"""The contract of every table, by name: what is read of a home is held against them."""

import pandera.polars as pa

from amazing_assets.churn.revenue.contract import CustomerValue
from amazing_assets.churn.risk.contract import ChurnFeedback, ChurnScores
from amazing_assets.customers.contacts.contract import Contacts
from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.events.contract import CleanEvents, EventStatistics, RawEvents, RejectedEvents
from amazing_assets.next_actions.contract import (
    ActionSequences,
    NextActionEvaluation,
    NextActionProbabilities,
    NextActionVectors,
)
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.drift.contract import SegmentDrift
from amazing_assets.segments.explanation.contract import (
    SegmentConfusion,
    SegmentRoc,
    SegmentRules,
    SegmentSurrogate,
)
from amazing_assets.segments.profiles.contract import SegmentMigrations, SegmentProfiles
from amazing_assets.segments.search.contract import (
    SegmentAssigners,
    SegmentCandidates,
    SegmentFeatures,
    SegmentValidation,
)
from amazing_assets.segments.threshold.contract import EventThreshold

# Made by one step each, of the champion.
EXPLAINED: dict[str, type[pa.DataFrameModel]] = {
    "segment_rules": SegmentRules,
    "segment_surrogate": SegmentSurrogate,
    "segment_confusion": SegmentConfusion,
    "segment_roc": SegmentRoc,
}
SEARCHED: dict[str, type[pa.DataFrameModel]] = {
    "segment_candidates": SegmentCandidates,
    "segment_validation": SegmentValidation,
    "segment_features": SegmentFeatures,
    "segment_assigners": SegmentAssigners,
}

LAKE: dict[str, type[pa.DataFrameModel]] = {
    "raw_events": RawEvents,
    "rejected_events": RejectedEvents,
    "clean_events": CleanEvents,
    "sessions": Sessions,
    "user_products": UserProducts,
    "price_book": PriceBook,
    "user_features": UserFeatures,
    "action_sequences": ActionSequences,
    "next_action_vectors": NextActionVectors,
    "customer_view": CustomerView,
    "contacts": Contacts,
}
# Of the lake; all others of it are monthly.
WEEKLY_TABLES = frozenset({"next_action_vectors", "customer_view"})

WAREHOUSE: dict[str, type[pa.DataFrameModel]] = {
    "event_statistics": EventStatistics,
    "event_threshold": EventThreshold,
    "segment_assignments": SegmentAssignments,
    "segment_profiles": SegmentProfiles,
    "segment_migrations": SegmentMigrations,
    "segment_drift": SegmentDrift,
    **EXPLAINED,
    **SEARCHED,
    "next_action_probabilities": NextActionProbabilities,
    "next_action_evaluation": NextActionEvaluation,
    "customer_value": CustomerValue,
    "churn_scores": ChurnScores,
    "churn_feedback": ChurnFeedback,
}
