"""What each table is for, and on what grounds: proposed here, for the controller to confirm."""

from __future__ import annotations

from typing import NamedTuple


class Purpose(NamedTuple):
    """What data are processed for.

    Attributes:
        name: Of its sentences.
        letter: Stands for it in tables.
        basis: The article of the GDPR that it stands on; empty: about nobody.
        tables: Made for it.
    """

    name: str
    letter: str
    basis: str
    tables: tuple[str, ...]


LEGITIMATE_INTEREST, LEGAL_OBLIGATION = "6(1)(f)", "6(1)(c)"

PURPOSES = (
    Purpose(
        "read",
        "A",
        LEGITIMATE_INTEREST,
        (
            "raw_events",
            "rejected_events",
            "clean_events",
            "sessions",
            "user_products",
            "price_book",
        ),
    ),
    Purpose(
        "know",
        "B",
        LEGITIMATE_INTEREST,
        ("user_features", "customer_view", "action_sequences", "next_action_vectors"),
    ),
    Purpose("segment", "C", LEGITIMATE_INTEREST, ("segment_assignments",)),
    Purpose(
        "foretell",
        "D",
        LEGITIMATE_INTEREST,
        ("churn_scores", "customer_value", "next_action_probabilities"),
    ),
    Purpose("contact", "E", LEGITIMATE_INTEREST, ("contacts",)),
    Purpose(
        "measure",
        "F",
        "",
        (
            "event_statistics",
            "event_threshold",
            "segment_profiles",
            "segment_migrations",
            "segment_drift",
            "segment_rules",
            "segment_surrogate",
            "segment_confusion",
            "segment_roc",
            "segment_candidates",
            "segment_validation",
            "segment_features",
            "segment_assigners",
            "next_action_evaluation",
            "churn_feedback",
        ),
    ),
)

PURPOSE_OF_TABLES = {table: purpose for purpose in PURPOSES for table in purpose.tables}
