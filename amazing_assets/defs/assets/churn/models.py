"""The asset of the models of risk: searched anew every week."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.risk.registered import CHURN_MODELS
from amazing_assets.customers.view.view import view_version
from amazing_assets.defs.environment import SETTINGS, calendar_of
from amazing_assets.defs.freshness import FRESHNESS
from amazing_assets.defs.partitions import (
    WEEKS,
    WEEKS_OF_HISTORY,
    WEEKS_OF_TRAINING,
)
from amazing_assets.defs.progress import logged
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.tables.checks import blocking_check, warning_check, warning_result
from amazing_assets.defs.tables.metadata import Metadata, picture, table
from amazing_assets.defs.tables.publish import NOTHING, failing_plainly, has_landed, plain_failures
from amazing_assets.defs.triggers.asked import chosen_with
from amazing_assets.defs.triggers.automation import follow

if TYPE_CHECKING:
    from amazing_assets.churn.risk.training import Fitted
    from amazing_assets.churn.risk.week import TaskOutcome

_ASSET = "churn_models"

NO_LEAKAGE, MODEL_SERVES = "knows_nothing_of_the_future", "model_beats_baselines"
PLAUSIBLE = "no_better_than_shops_are_known_to_be"


class SearchConfig(dg.Config):
    """How much is tried for each of the three models; what is not said is as recommended.

    Attributes:
        trials: Ways of fitting at most; 0: the one of before is fitted anew.
        seconds: After which no other way is begun.
        most_rows: About so many rows of past weeks are read.
        fewest: Customers who did it, and who did not, of whom a model can be made.
    """

    trials: int = 40
    seconds: float = 5.0
    most_rows: int = 600_000
    fewest: int = 50


@dg.asset(
    partitions_def=WEEKS,
    deps=[
        "clean_events",
        dg.AssetDep("sessions", partition_mapping=WEEKS_OF_HISTORY),
        dg.AssetDep("customer_view", partition_mapping=WEEKS_OF_TRAINING),
    ],
    freshness_policy=FRESHNESS[WEEKLY],
    group_name="churn",
    kinds={"scikitlearn", "lightgbm", "mlflow"},
    owners=["team:data-science"],
    # The events of the week are the gate, its view is the news.
    automation_condition=follow(
        trigger_ignore=["clean_events", "sessions"], missing_ignore=["sessions", "customer_view"]
    ),
    check_specs=[
        blocking_check(
            _ASSET,
            NO_LEAKAGE,
            "No feature tells an outcome by itself, shuffled outcomes cannot be foretold, and a "
            "feature planted from the future is found.",
            cadence=WEEKLY,
        ),
        warning_check(
            _ASSET,
            MODEL_SERVES,
            "Each model that was trained beats every baseline beyond chance and tells "
            "probabilities that are what happens.",
            cadence=WEEKLY,
        ),
        warning_check(
            _ASSET,
            PLAUSIBLE,
            "No model but a baseline tells more than .85 (AUC) beyond chance, which would ask for "
            "a review of leakage: published models of shops tell .74 to .79.",
            cadence=WEEKLY,
        ),
    ],
)
@failing_plainly
def churn_models(
    context: dg.AssetExecutionContext,
    config: SearchConfig,
    lake: LakeResource,
    models: ModelsResource,
) -> Iterator[Any]:
    """Who will pause, cancel or come back: three models, searched anew every week.

    Learnt from past weeks whose outcome is known by then, chosen and judged by later ones, and
    held against five baselines; the model in use changes only for one that is no worse. Of a week
    that is not the newest, only what is older than eight weeks is fitted anew, unless it is chosen
    alone.
    """
    # Imported here: scikit-learn and MLflow take seconds, and definitions load without them.
    from amazing_assets.churn.risk.leakage import LeakageError  # noqa: PLC0415
    from amazing_assets.churn.risk.material import TrainingSettings  # noqa: PLC0415
    from amazing_assets.churn.risk.search import Budget  # noqa: PLC0415
    from amazing_assets.churn.risk.week import WeekPlan, train_week  # noqa: PLC0415

    tables, week = lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield dg.MaterializeResult(metadata=NOTHING)
        yield from _checked([])
        return
    plan = WeekPlan(
        WEEKLY.as_of(week),
        view_version(SETTINGS.time_zone, calendar_of(SETTINGS.market)),
        TrainingSettings(
            Budget(config.trials, config.seconds), config.most_rows, fewest=config.fewest
        ),
        is_thorough=week == newest_week(tables.months("clean_events")) or is_asked_for(context),
    )
    stores = {task: models.of(model) for task, model in CHURN_MODELS.items()}
    try:
        with plain_failures():
            found = train_week(tables, stores, plan, logged(context))
    except dg.Failure as failure:
        if isinstance(failure.__context__, LeakageError):
            yield dg.AssetCheckResult(
                check_name=NO_LEAKAGE, passed=False, description=failure.description
            )
        raise
    yield dg.MaterializeResult(metadata=_told(found))
    yield from _checked(found)


def newest_week(months: Sequence[str]) -> str | None:
    """Return the last week that is over and whose events have landed; None: there is none."""
    complete = [week for month in months for week in WEEKLY.complete_with(month)]
    return max((week for week in complete if WEEKS.has_partition_key(week)), default=None)


def is_asked_for(context: dg.AssetExecutionContext) -> bool:
    """Whether a person chose models without what they are made of: then every week is searched."""
    chosen = chosen_with(context)
    return bool(chosen) and dg.AssetKey("customer_view") not in chosen


def _told(found: "Sequence[TaskOutcome]") -> Metadata:
    from amazing_assets.churn.risk.card import model_card  # noqa: PLC0415  as above
    from amazing_assets.churn.risk.charts import pictures  # noqa: PLC0415  Altair

    told: Metadata = {}
    for task, outcome, version, sentence, fitted in found:
        told[task] = f"{outcome}, version {version or 'none'}: {sentence}"
        if fitted is not None:
            told[f"{task}: model card"] = dg.MetadataValue.md(model_card(fitted.model))
            told[f"{task}: search"] = table(fitted.model.trials)
            told |= {f"{task}: {name}": picture(chart) for name, chart in pictures(fitted).items()}
            # Plain numbers: the web UI draws them over time.
            told |= {
                f"{task} {figure}": value
                for figure in ("pr_auc", "roc_auc", "lift_10", "ece")
                if (value := fitted.model.figure(figure)) is not None
            }
    return told


def _checked(found: "Sequence[TaskOutcome]") -> Iterator[dg.AssetCheckResult]:
    import polars as pl  # noqa: PLC0415  beside what is told of it

    trained = {each.task: each for each in found if each.fitted}
    probes = {task: each.fitted.probes for task, each in trained.items() if each.fitted}
    yield dg.AssetCheckResult(
        check_name=NO_LEAKAGE,
        passed=True,
        description="All probes passed." if probes else "Nothing was trained.",
        metadata={
            f"{task}: {name}": value
            for task, probe in probes.items()
            for name, value in (
                ("strongest feature", probe.strongest[0]),
                ("its AUC", probe.strongest[1]),
                ("AUC of shuffled outcomes", probe.shuffled),
            )
        },
    )
    weak = [
        {"what": f"{task}: {each.sentence}"}
        for task, each in trained.items()
        if each.fitted and (each.fitted.model.is_fallback or each.outcome == "refused")
    ]
    findings = pl.DataFrame(weak, schema={"what": pl.String})
    yield warning_result(_ASSET, MODEL_SERVES, findings)
    strange = [
        {"what": f"{task}: {sentence}"}
        for task, each in trained.items()
        if each.fitted and (sentence := _to_review(each.fitted))
    ]
    yield warning_result(_ASSET, PLAUSIBLE, pl.DataFrame(strange, schema={"what": pl.String}))


def _to_review(fitted: "Fitted") -> str | None:
    from amazing_assets.churn.risk.leakage import to_review  # noqa: PLC0415  as above

    return to_review(fitted.model, fitted.probes)
