"""Tables of evidence that keep their contracts, for seven segments: what a report may be given.

Every builder holds its table against the contract: a column that the product renames or adds fails
here, before a report can be written from a table that no asset makes.
"""

from datetime import date

import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.next_actions.contract import NextActionEvaluation
from amazing_assets.segments.drift.contract import SegmentDrift
from amazing_assets.segments.explanation.contract import (
    SegmentConfusion,
    SegmentRoc,
    SegmentRules,
    SegmentSurrogate,
)
from amazing_assets.segments.search.contract import (
    SegmentAssigners,
    SegmentCandidates,
    SegmentFeatures,
    SegmentValidation,
)
from amazing_assets.segments.threshold.choice import ThresholdChoice
from amazing_assets.segments.threshold.contract import EventThreshold
from amazing_assets.segments.threshold.experiment import choice_rows
from amazing_assets_tests.delivery.report.risks import outcomes, scores

SEGMENTS = range(1, 8)
FAMILIES = {"kmeans_pca95": 0.78, "gmm_tied": 0.9, "gmm_full": 0.72}


def kept(contract, rows):
    """The rows as a table of the first version that keeps its contract."""
    rows = [{**row, "model_version": "1"} for row in rows]
    unknown = {name for row in rows for name in row} - set(schema_of(contract))
    assert not unknown, unknown
    return contract.validate(pl.DataFrame(rows, schema=schema_of(contract)))


def rows_of(names, *rows):
    """Rows by the names of their columns."""
    return [dict(zip(names, row, strict=True)) for row in rows]


# What only the chosen candidate is measured by.
IN_FULL = {
    "jaccard": 0.93,
    "jaccard_min": 0.88,
    "agreement_in_time": 0.88,
    "agreement_with_bots": 0.97,
    "agreement_of_seeds": 0.99,
    "agreement_without_spenders": 0.98,
    "eta_squared": 0.12,
}


def candidates():
    rows = [{"candidate": "rfm", "k": 7, "silhouette": 0.05, "prediction_strength": 0.86}]
    rows += [
        {
            "candidate": name,
            "k": k,
            "silhouette": 0.34 - 0.03 * abs(k - 6),
            "prediction_strength": strength - 0.02 * abs(k - 7),
        }
        for name, strength in FAMILIES.items()
        for k in range(3, 13)
    ]
    return kept(SegmentCandidates, [candidate(row) for row in rows])


def candidate(row):
    """A candidate with what all are measured by; one of them is chosen."""
    chosen = (row["candidate"], row["k"]) == ("gmm_tied", 7)
    everybody = {
        "prediction_strength_min": row["prediction_strength"] - 0.1,
        "likelihood_gain": 0.31,
        "likelihood_gain_error": 0.02,
        "min_share": 0.038,
        "min_users": 190,
        "noise_share": 0.0,
        "tree_fidelity": 0.91,
        "score": 0.8 if chosen else None,
        "passed": chosen,
        "failed_gates": None if chosen else "G2",
        "unmeasured_gates": None if chosen else "G3, G4, G5, G6",
        "chosen": chosen,
    }
    return row | everybody | (IN_FULL if chosen else {})


def validation():
    folds = [0.97, 1.0, 0.99, 0.94, 1.0]
    rows: list[tuple[str, int | None, float, float | None]]
    rows = [("agreement", fold, value, None) for fold, value in enumerate(folds, start=1)]
    rows += [
        ("agreement", None, 0.99, None),
        ("min share", None, 0.033, None),
        ("agreement without winsorising", None, 0.994, None),
        ("agreement without the top 1 % spenders", None, 0.998, 0.9),
    ]
    folded = rows_of(("measure", "fold", "value", "required"), *rows)
    return kept(SegmentValidation, [*folded, *beside_chance()])


def beside_chance():
    """What the second half of all visits says of the segments of the first, and chance's part."""
    names = ("measure", "segment", "value", "required", "by_chance", "error_rate")
    measure = "agreement of visits"
    return rows_of(
        names,
        (measure, None, 0.87, 0.4, 0.29, 0.001),
        *((measure, number, 0.9 - 0.02 * number, 0.42, 0.32, 0.002) for number in SEGMENTS),
        ("explained on other visits", None, 0.14, 0.04, 0.02, 0.001),
    )


def features():
    kept_ones = rows_of(
        ("feature", "gap_share", "moved_by_shuffling", "agreement_without"),
        ("price_position_7m", 0.0, 0.26, 0.85),
        ("hour_sin_7m", 0.0, 0.11, 0.94),
    )
    dropped = rows_of(
        ("feature", "gap_share", "reason_code", "other", "figure"),
        ("brand_entropy_7m", 0.0, "redundant_with", "category_entropy_7m", -0.93),
        ("gap_log_cv_7m", 0.06, "one_value", None, 0.994),
        ("remove_per_cart_7m", 0.0, "constant", None, None),
    )
    rows = [{**row, "kept": row in kept_ones} for row in (*kept_ones, *dropped)]
    return kept(SegmentFeatures, rows)


def assigners():
    rows = rows_of(
        ("assigner", "agreement", "adjusted_rand_index", "customers"),
        ("nearest neighbours", 0.98, 0.956, 3_073),
        ("support vector machine", 0.989, 0.974, 3_073),
        ("decision tree", 0.907, 0.825, 3_073),
    )
    return kept(SegmentAssigners, rows)


CHOICE = ThresholdChoice(
    20,
    "reliable",
    {
        "events_in_half": 10.0,
        "kappa": 0.66,
        "kappa_lower": 0.61,
        "customers": 412.0,
        "users_kept": 0.84,
        "revenue_kept": 0.995,
    },
    tested=True,
)


def threshold():
    halves = {1: 0.31, 3: 0.5, 5: 0.56, 8: 0.66, 12: 0.74, 20: 0.79, 50: 0.86}
    shares = {1: 1.0, 3: 0.97, 5: 0.95, 8: 0.92, 10: 0.9, 15: 0.87, 20: 0.84, 30: 0.78, 50: 0.62}
    rows = [
        {"experiment": "test_retest", "measure": "kappa", "at_least": n, "value": value}
        for n, value in halves.items()
    ]
    for n, value in shares.items():
        for measure, power in (("users_kept", 1), ("events_kept", 0.1), ("revenue_kept", 0.03)):
            share = {"measure": measure, "at_least": n, "value": value**power}
            rows.append({"experiment": "coverage", **share})
    rows = [{**row, "customers": 400} for row in rows]
    as_of = {"as_of": date(2020, 1, 1)}
    return kept(EventThreshold, [row | as_of for row in (*rows, *choice_rows(CHOICE))])


def surrogate():
    rows = [
        {
            "leaves_allowed": 14 if told else 7,
            "leaves": 14 if told else 7,
            "segment": segment,
            "customers": 500 * 7 if segment is None else 500,
            "accuracy": 0.958 if told else 0.9,
            "f1": 0.941,
            "auc": 0.987,
            "cost_ratio": 1.03 if segment is None else None,
            "told": told,
        }
        for told in (False, True)
        for segment in (None, *SEGMENTS)
    ]
    any_size = {**rows[0], "leaves_allowed": None, "leaves": 250, "accuracy": 0.982}
    return kept(SegmentSurrogate, [*rows, any_size])


def confusion():
    """Most on the diagonal, some beside it; the others are too few to be told."""
    beside = {0: 400, 1: 31}
    rows = [
        {"segment": i, "segment_by_rules": j, "customers": beside.get((j - i) % 7)}
        for i in SEGMENTS
        for j in SEGMENTS
    ]
    return kept(SegmentConfusion, rows)


def roc():
    steps = [i / 200 for i in range(201)]
    rows = [
        {"segment": s, "false_positive_rate": x, "true_positive_rate": x ** (0.05 * s)}
        for s in SEGMENTS
        for x in steps
    ]
    return kept(SegmentRoc, rows)


# The two conditions of every rule.
CONDITIONS = rows_of(
    ("condition_number", "feature", "above", "up_to"),
    (1, "recency_days", 11.5, 40.5),
    (2, "cart_to_purchase_7m", None, 0.4),
)


def rules(names):
    """Three rules of two conditions for each segment; `names` are those of the segments."""
    rows = [
        {
            "segment": number,
            **name.columns,
            "rule_number": rank,
            **condition,
            "share": 0.12 / rank,
            "purity": 0.97,
        }
        for number, name in names.items()
        for rank in (1, 2, 3)
        for condition in CONDITIONS
    ]
    return kept(SegmentRules, rows)


def drift(month=date(2019, 12, 1)):
    rows = rows_of(
        ("measure", "item", "value", "reference", "level"),
        ("share_psi", None, 0.02, None, "ok"),
        ("mean_margin", None, 0.93, 0.94, "ok"),
        ("low_margin_share", None, 0.03, 0.02, None),
        ("unclassified_share", None, 0.23, 0.22, None),
        ("silhouette", None, 0.31, 0.32, None),
        ("feature_psi", "frequency", 0.12, None, "warn"),
        ("feature_psi", "recency_days", 0.04, None, "ok"),
        ("share", "1", 0.31, 0.3, None),
    )
    return kept(SegmentDrift, [{"month": month, **row} for row in rows])


def next_actions(serves="lstm_context"):
    """The log loss, right and among three, of models; those of a network twice."""
    rows = rows_of(
        ("model", "seed", "log_loss", "accuracy", "top_3"),
        ("majority", 0, 2.14, 0.28, 0.71),
        ("markov_1", 0, 1.70, 0.44, 0.78),
        ("lstm_one_hot", 0, 1.56, 0.47, 0.81),
        ("lstm_one_hot", 1, 1.58, 0.47, 0.81),
        ("lstm_embedding", 0, 1.57, 0.46, 0.81),
        ("lstm_embedding", 1, 1.55, 0.48, 0.81),
        ("lstm_context", 0, 1.54, 0.48, 0.82),
    )
    known = {"period": "test", "population": "everybody", "places": 12_345, "customers": 678}
    return kept(
        NextActionEvaluation,
        [
            {
                **known,
                "model": row["model"],
                "seed": row["seed"],
                "serves": row["model"] == serves,
                "figure": figure,
                "value": row.get(figure, 0.01),
                "low": row.get(figure, 0.01) - 0.02,
                "high": row.get(figure, 0.01) + 0.02,
                "model_version": "7",
            }
            for row in rows
            for figure in ("log_loss", "accuracy", "top_3", "ece")
        ],
    )


def evidence(names):
    """Every optional table, as `ReportTables` takes them.

    `names` are those of the segments, by number.
    """
    return {
        "candidates": candidates(),
        "validation": validation(),
        "features": features(),
        "assigners": assigners(),
        "threshold": threshold(),
        "surrogate": surrogate(),
        "confusion": confusion(),
        "roc": roc(),
        "rules": rules(names),
        "drift": drift(),
        "next_actions": next_actions(),
        "risk": scores(),
        "outcomes": outcomes(),
    }
