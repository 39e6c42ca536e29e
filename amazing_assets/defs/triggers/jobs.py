"""What a sensor or a person starts as one run."""

import dagster as dg

SUMMARIES = ("sessions", "user_products", "price_book")

# A month's own steps belong in one run: a check that blocks then holds back all that follows.
# What crosses months is not here; it follows by the conditions of `automation`.
MONTHLY = (
    "raw_events",
    "rejected_events",
    "clean_events",
    "sessions",
    "user_products",
    "price_book",
)

month_job = dg.define_asset_job(
    "month_job",
    selection=dg.AssetSelection.assets(*MONTHLY),
    description="A month from its landed files to the summaries of its customers.",
)

train_segments = dg.define_asset_job(
    "train_segments",
    selection=dg.AssetSelection.assets("event_threshold", "segment_model"),
    description=(
        "Weighs from how many events on a segment can be claimed, and searches for segments anew "
        "in the latest month's features; the model that is used changes only if the new one is no "
        "worse."
    ),
)

train_next_actions = dg.define_asset_job(
    "train_next_actions",
    selection=dg.AssetSelection.assets("next_action_model"),
    description=(
        "Learns anew what customers do next, from the latest seven months; the model that is used "
        "changes only if the new one beats it beyond chance."
    ),
)

assign_segments = dg.define_asset_job(
    "assign_segments",
    selection=dg.AssetSelection.assets("segment_assignments"),
    description=(
        "Assigns the customers of chosen months by the model that is used now: for months that "
        "were assigned by an older one, which nothing rewrites by itself."
    ),
)
