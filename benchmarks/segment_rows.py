"""Acceptance of a model on its own: personas found, bots withstood, noise refused, use, rules."""

from collections.abc import Iterator

import polars as pl
from sklearn.metrics import adjusted_rand_score

from amazing_assets.models.measures import eta_squared
from amazing_assets.segments.explanation.surrogate import Surrogate, explain
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.perturbations import attacked, bots
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets_tests.segments.personas import ball, spindle, user_features
from benchmarks.acceptance import Result
from benchmarks.segment_worlds import agreement, easy, real
from benchmarks.student_recipe import recipe_of, rfm, student

NOISE_ROWS = 12_000

# Of a tree's rules: least accuracy, least area under the worst ROC curve, largest cost ratio.
FAITHFUL = {"easy": (0.95, 0.98, 1.10), "real": (0.90, 0.93, 1.10)}

# Of overlapping personas, how far below a tree of unlimited size: a forest reaches .982 where such
# a tree has .944, for the borders are slanted and those of a tree are not.
UNLIMITED_SLACK = {"easy": 1.0, "real": 0.04}

# Which 30 % are held out moves the accuracy by .006: the mean over five lots.
LOTS = 5


def easy_personas(seed: int) -> Iterator[Result]:
    """S1: the number of segments is found, and so are they."""
    model, customers = easy(seed).model, easy(seed).customers
    k, index = len(model.segments), agreement(customers, model.found.groups(customers))
    passed = model.alert is None and k == 7 and index >= 0.95  # noqa: PLR2004 - the target
    measured = f"k={k} ARI {index:.3f} ({model.found.candidate}, n={customers.height})"
    yield Result("S1", "easy personas, k free", seed, measured, "k=7, ARI >= .95", passed)


def real_personas(seed: int) -> Iterator[Result]:
    """S2 and S3: overlapping personas, k free and k given."""
    model, customers = real(seed).model, real(seed).customers
    k, index = len(model.segments), agreement(customers, model.found.groups(customers))
    recipe = agreement(customers, recipe_of(seed).labels)
    passed = model.alert is None and k in {6, 7, 8} and index >= max(0.80, recipe + 0.25)
    measured = f"k={k} ARI {index:.3f} ({model.found.candidate}), recipe {recipe:.3f}"
    target = "k 6-8, ARI >= .80 and recipe + .25"
    yield Result("S2", "real personas, k free", seed, measured, target, passed)
    given = model if k == 7 else real(seed).fit(SegmentSettings(ks=(7,)))  # noqa: PLR2004
    index = agreement(customers, given.found.groups(customers))
    measured = f"ARI {index:.3f} ({given.found.candidate})"
    yield Result("S3", "real personas, k=7", seed, measured, "ARI >= .90", index >= 0.90)  # noqa: PLR2004


def under_bots(seed: int) -> Iterator[Result]:
    """S4: 0.5 % of the customers do everything 500 times; the others' segments stay.

    The recipe is used as it is meant, k by silhouette: it then finds the bots and nothing else.
    """
    here = real(seed)
    is_bot = bots(here.customers.height, seed)
    clean, dirty = here.customers, attacked(here.customers, is_bot)
    left_alone = clean.filter(~is_bot)
    found = here.model.found
    one = SegmentSettings(ks=(len(here.model.segments),), families=(found.candidate,), finalists=1)
    fitted = [SegmentModel.fit(each, one).found.groups(left_alone) for each in (clean, dirty)]
    raw = [student(each).labels[~is_bot.to_numpy()] for each in (clean, dirty)]
    ours, theirs = (float(adjusted_rand_score(*pair)) for pair in (fitted, raw))
    passed = ours >= 0.90 and theirs < 0.30  # noqa: PLR2004 - the targets
    measured = f"ARI {ours:.3f}, raw recipe {theirs:.3f}"
    yield Result("S4", "0.5 % bots x500", seed, measured, ">= .90, raw < .30", passed)


def noise(seed: int) -> Iterator[Result]:
    """S5: where there is no structure, nothing is promoted."""
    clouds = {
        "round": ball(NOISE_ROWS, seed=seed),
        "elongated": spindle(NOISE_ROWS, length=2, seed=seed),
    }
    for name, cloud in clouds.items():
        model = SegmentModel.fit(user_features(cloud, seed=seed))
        passed = (
            model.alert == "segmentation_not_stable" and not model.selection_table["chosen"].any()
        )
        fell = model.selection_table.filter("passed").height
        measured = f"{model.alert}, {max(fell, 0)} of {model.selection_table.height - 1} pass"
        yield Result("S5", f"one {name} cloud", seed, measured, "nothing, alert", passed)


def later_revenue(seed: int) -> Iterator[Result]:
    """S8: segments tell next month's spenders apart at least as well as the RFM grid."""
    here = real(seed)
    spent = here.spent.to_numpy()
    ours = eta_squared(spent, here.model.found.groups(here.customers))
    grid = eta_squared(spent, rfm(here.customers))
    theirs = eta_squared(spent, recipe_of(seed).labels)
    measured = f"eta2 {ours:.3f}, RFM {grid:.3f}, recipe {theirs:.3f}"
    yield Result("S8", "next 28 days' revenue", seed, measured, ">= RFM grid", ours >= grid)


def rules(seed: int) -> Iterator[Result]:
    """S7: the largest tree, at most 28 leaves, copies the model on customers held out."""
    for name, here in (("easy", easy(seed)), ("real", real(seed))):
        if here.model.alert:
            # The fallback is rules already, and copying them proves nothing.
            yield Result("S7", f"rules, {name} personas", seed, here.model.alert, "segments", False)
            continue
        accuracy, auc, cost = FAITHFUL[name]
        told = [explain(here.model, here.later, lot) for lot in range(LOTS)]
        figures, unlimited = (
            pl.concat([of(each) for each in told if each]) for of in (largest, of_any_size)
        )
        mean, most = figures.mean().row(0, named=True), float(unlimited["accuracy"].mean())
        passed = (
            mean["accuracy"] >= max(accuracy, most - UNLIMITED_SLACK[name])
            and mean["auc"] >= auc
            and mean["cost_ratio"] <= cost
        )
        size = f"{figures['leaves'].max()} leaves, n={mean['customers']:.0f}"
        measured = (
            f"{mean['accuracy']:.3f} of {most:.3f}, AUC {mean['auc']:.3f}, cost "
            f"{mean['cost_ratio']:.3f} ({size})"
        )
        within = f", {UNLIMITED_SLACK[name]} of any size" if UNLIMITED_SLACK[name] < 1 else ""
        target = f">= {accuracy}{within}, AUC >= {auc}, cost <= {cost}"
        yield Result("S7", f"rules, {name} personas", seed, measured, target, passed)


def largest(told: Surrogate) -> pl.DataFrame:
    """Return the figures, over all segments, of the tree of most leaves that may be read."""
    return overall(told).drop_nulls("leaves_allowed").sort("leaves").tail(1)


def of_any_size(told: Surrogate) -> pl.DataFrame:
    """Return the figures, over all segments, of the tree that may have any number of leaves."""
    return overall(told).filter(pl.col("leaves_allowed").is_null())


def overall(told: Surrogate) -> pl.DataFrame:
    """Return the figures over all segments."""
    return told.figures.filter(pl.col("segment").is_null())
