"""The asset of the model: what will be done next, by a network or by counting."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from amazing_assets.defs.freshness import EVERY_QUARTER
from amazing_assets.defs.progress import logged
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.tables.metadata import picture, table
from amazing_assets.defs.tables.publish import failing_plainly, plain_failures
from amazing_assets.defs.triggers.automation import first_trained
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL
from amazing_assets.next_actions.settings import VARIANTS, NetworkSettings, TrainingSettings

BEATS = "network_beats_counting"


class TrainingConfig(dg.Config):
    """How much is tried; what is not said is as the platform recommends."""

    seeds: int = 1
    most_actions: int = 5_000_000
    epochs: int = NetworkSettings().epochs
    hidden: int = NetworkSettings().hidden
    fewest_places: int = TrainingSettings().fewest_places
    trials: int = 0

    @property
    def settings(self) -> TrainingSettings:
        """What the library knows it as."""
        sized = {
            name: network._replace(epochs=self.epochs, hidden=self.hidden)
            for name, network in VARIANTS.items()
        }
        return TrainingSettings(
            self.most_actions, sized, self.seeds, self.fewest_places, self.trials
        )


@dg.asset(
    deps=["action_sequences"],
    freshness_policy=EVERY_QUARTER,
    group_name="next_actions",
    kinds={"pytorch", "onnx", "mlflow"},
    owners=["team:data-science"],
    automation_condition=first_trained(),
    check_specs=[
        dg.AssetCheckSpec(
            BEATS,
            asset="next_action_model",
            description="A network beats all simpler models beyond chance; otherwise the best of "
            "them answers, and the check says which.",
        )
    ],
)
@failing_plainly
def next_action_model(
    context: dg.AssetExecutionContext,
    config: TrainingConfig,
    lake: LakeResource,
    models: ModelsResource,
) -> Iterator[Any]:
    """What a customer does next: a network, or the best simpler model where none beats it.

    Learns from the latest seven months, is chosen by later weeks and judged by the last ones.
    Networks without and with a learnt embedding, and with what customers did before, stand beside
    five ways of counting and boosted trees; every version is kept, with its figures.
    """
    # Imported here: MLflow takes seconds, and definitions load without it.
    from amazing_assets.next_actions import publication  # noqa: PLC0415
    from amazing_assets.next_actions.card import model_card  # noqa: PLC0415
    from amazing_assets.next_actions.charts import pictures  # noqa: PLC0415
    from amazing_assets.next_actions.training import fit, material  # noqa: PLC0415

    store = models.of(NEXT_ACTION_MODEL)
    champion, unreadable = publication.readable_champion(store)
    if unreadable:
        context.log.warning(unreadable)
    with plain_failures():
        seen = material(lake.open(), config.most_actions)
        fitted = fit(
            seen,
            config.settings,
            champion=champion,
            progress=logged(context),
            checkpoints=Path(models.artifacts).parent / "unfinished",
        )
        released = publication.release(fitted, store)
    model = fitted.model
    if fitted.decision.reasons:
        context.log.warning("Next-action model: %s", released.reasons)
    yield dg.MaterializeResult(
        metadata={
            "version": released.version or "none published, the champion before stays",
            "answers": model.name,
            "decision": released.decision,
            "reasons": released.reasons,
            "model card": dg.MetadataValue.md(model_card(model)),
            "evaluation": table(model.evaluation.filter(period="test", population="everybody")),
            **{name: picture(chart) for name, chart in pictures(fitted, seen).items()},
        },
        check_results=[
            dg.AssetCheckResult(
                passed=not model.alert,
                check_name=BEATS,
                severity=dg.AssetCheckSeverity.WARN,
                description=released.reasons if model.alert else f"{model.name} answers",
                metadata={"answers": model.name},
            )
        ],
    )
