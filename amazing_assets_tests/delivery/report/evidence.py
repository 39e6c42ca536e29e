"""Tables of evidence as their assets make them, for seven segments: what a report may be given."""

from datetime import date

import polars as pl

from amazing_assets.models.tables import unversioned
from amazing_assets.segments.search.contract import (
    SegmentAssigners,
    SegmentFeatures,
    SegmentValidation,
)

SEGMENTS = range(1, 8)
FAMILIES = {"kmeans_pca95": 0.78, "gmm_tied": 0.9, "gmm_full": 0.72}


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
    chosen = (pl.col("candidate") == "gmm_tied") & (pl.col("k") == 7)
    return pl.DataFrame(rows).with_columns(
        prediction_strength_min=pl.col("prediction_strength") - 0.1,
        min_share=pl.lit(0.038),
        jaccard=pl.when(chosen).then(0.93),
        agreement_in_time=pl.when(chosen).then(0.88),
        passed=chosen,
        failed_gates=pl.when(~chosen).then(pl.lit("G2")),
        chosen=chosen,
        **MODEL_COLUMN,
    )


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
    return pl.DataFrame(rows, unversioned(SegmentValidation), orient="row").with_columns(
        **MODEL_COLUMN
    )


def features():
    rows = [
        ("price_position_7m", True, None, 0.0, 0.26, 0.85),
        ("hour_sin_7m", True, None, 0.0, 0.11, 0.94),
        ("brand_entropy_7m", False, "Spearman -0.93 with category_entropy_7m", 0.0, None, None),
        ("gap_log_cv_7m", False, "one value in 99.4% of the rows", 0.06, None, None),
        ("remove_per_cart_7m", False, "constant", 0.0, None, None),
    ]
    return pl.DataFrame(rows, unversioned(SegmentFeatures), orient="row").with_columns(
        **MODEL_COLUMN
    )


def assigners():
    rows = [
        ("nearest neighbours", 0.98, 0.956, 3_073),
        ("support vector machine", 0.989, 0.974, 3_073),
        ("decision tree", 0.907, 0.825, 3_073),
    ]
    return pl.DataFrame(rows, unversioned(SegmentAssigners), orient="row").with_columns(
        **MODEL_COLUMN
    )


def threshold():
    halves = {1: 0.31, 3: 0.5, 5: 0.56, 8: 0.66, 12: 0.74, 20: 0.79, 50: 0.86}
    kept = {1: 1.0, 3: 0.97, 5: 0.95, 8: 0.92, 10: 0.9, 15: 0.87, 20: 0.84, 30: 0.78, 50: 0.62}
    rows = [
        {"experiment": "test_retest", "measure": "kappa", "at_least": n, "value": value}
        for n, value in halves.items()
    ]
    for n, value in kept.items():
        for measure, power in (("users_kept", 1), ("events_kept", 0.1), ("revenue_kept", 0.03)):
            share = {"measure": measure, "at_least": n, "value": value**power}
            rows.append({"experiment": "coverage", **share})
    words = {"explanation_english": "Because halves agree.", "explanation_french": "Les moitiés."}
    rows.append({"experiment": "choice", "measure": "event_threshold", "value": 20.0, **words})
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(**MODEL_COLUMN)


def surrogate():
    rows = [
        {
            "segment": segment,
            "customers": 500 * 7 if segment is None else 500,
            "leaves": 14,
            "accuracy": 0.958,
            "f1": 0.941,
            "auc": 0.987,
            "cost_ratio": 1.03 if segment is None else None,
            "told": told,
        }
        for told in (False, True)
        for segment in (None, *SEGMENTS)
    ]
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(**MODEL_COLUMN)


def confusion():
    """Most on the diagonal, some beside it; the others are too few to be told."""
    beside = {0: 400, 1: 31}
    rows = [
        {"segment": i, "segment_by_rules": j, "customers": beside.get((j - i) % 7)}
        for i in SEGMENTS
        for j in SEGMENTS
    ]
    return pl.DataFrame(rows, schema_overrides=NUMBERS).with_columns(**MODEL_COLUMN)


def roc():
    steps = [i / 200 for i in range(201)]
    rows = [
        {"segment": s, "false_positive_rate": x, "true_positive_rate": x ** (0.05 * s)}
        for s in SEGMENTS
        for x in steps
    ]
    return pl.DataFrame(rows, schema_overrides=NUMBERS).with_columns(**MODEL_COLUMN)


def rules(names):
    rows = [
        {
            "segment": number,
            "segment_name": name,
            "rule_number": rank,
            "share": 0.12 / rank,
            "purity": 0.97,
            "rule_french": "visites : plus de 3 par mois ; paniers achetés : au plus 40 %",
            "rule_english": "visits: more than 3 a month; carts that are bought: at most 40 %",
        }
        for number, name in names.items()
        for rank in (1, 2, 3)
    ]
    return pl.DataFrame(rows, schema_overrides=NUMBERS).with_columns(**MODEL_COLUMN)


def drift(month=date(2019, 12, 1)):
    rows = [
        ("share_psi", None, 0.02, None, "ok"),
        ("mean_margin", None, 0.93, 0.94, "ok"),
        ("low_margin_share", None, 0.03, 0.02, None),
        ("unclassified_share", None, 0.23, 0.22, None),
        ("silhouette", None, 0.31, 0.32, None),
        ("feature_psi", "frequency", 0.12, None, "warn"),
        ("feature_psi", "recency_days", 0.04, None, "ok"),
        ("share", "1", 0.31, 0.3, None),
    ]
    columns = ("measure", "item", "value", "reference", "level")
    return pl.DataFrame(rows, columns, orient="row").with_columns(
        month=pl.lit(month), **MODEL_COLUMN
    )


NUMBERS = {"segment": pl.Int16, "segment_by_rules": pl.Int16}
MODEL_COLUMN = {"model_version": pl.lit("1")}


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
    }
