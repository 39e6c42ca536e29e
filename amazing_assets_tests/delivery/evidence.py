"""Tables of evidence as their assets make them, for seven segments: what a report may be given."""

from datetime import date

import polars as pl

SEGMENTS = range(1, 8)
FAMILIES = {"kmeans": 0.78, "gmm_tied": 0.9, "gmm_full": 0.72}


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
    """Most on the diagonal, some beside it, and one planted cell of 7 customers."""
    beside = {0: 400, 1: 31, 2: 12, 3: 9}
    rows = [
        {"segment": i, "segment_by_rules": (i + step - 1) % 7 + 1, "customers": customers}
        for i in SEGMENTS
        for step, customers in beside.items()
    ]
    planted = {"segment": 1, "segment_by_rules": 6, "customers": 7}
    return pl.DataFrame([*rows, planted], schema_overrides=NUMBERS).with_columns(**MODEL_COLUMN)


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
            "rule_number": 1,
            "share": 0.12,
            "purity": 0.97,
            "rule_french": "visites : plus de 3 par mois ; paniers achetés : au plus 40 %",
            "rule_english": "visits: more than 3 a month; carts that are bought: at most 40 %",
        }
        for number, name in names.items()
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
        "threshold": threshold(),
        "surrogate": surrogate(),
        "confusion": confusion(),
        "roc": roc(),
        "rules": rules(names),
        "drift": drift(),
    }
