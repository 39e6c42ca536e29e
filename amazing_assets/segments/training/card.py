"""The model card: what the segments are, on whom they were found, and what they are not."""

from amazing_assets.language.language import ENGLISH
from amazing_assets.models.card import markdown_table, shown
from amazing_assets.segments.behaviour.steps import Dropped
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.naming.given import GivenNames, called_today
from amazing_assets.segments.search.gates import CHANCE, GATES, IN_TIME
from amazing_assets.segments.threshold.choice import ThresholdChoice
from amazing_assets.segments.threshold.words import why
from amazing_assets.segments.training.sizes import sizes
from amazing_assets.small_cells import SOME_ARE_HIDDEN

HIDDEN = "hidden"

LIMITS = (
    "Describes behaviour, not people; it must not decide prices, credit or access.",
    "Figures come from the customers named above and say nothing about another shop.",
    "Prediction strength tells that segments reappear, not that they are useful.",
    SOME_ARE_HIDDEN,
    "Preprocessing was learnt once on all train customers, not anew in each half.",
)


def model_card(
    model: SegmentModel, choice: ThresholdChoice, given: GivenNames | None = None
) -> str:
    """Return the card as Markdown; the number of the version is MLflow's to tell.

    Args:
        model: What was fitted.
        choice: From how many events on a segment is claimed.
        given: The names that people gave.
    """
    told = (head(model), population(model, choice), groups(model, given or {}))
    parts = (*told, figures(model), features(model))
    limits = "\n".join(f"- {limit}" for limit in LIMITS)
    return "\n\n".join((*parts, f"## Limits\n\n{limits}")) + "\n"


# Gates that may stay open, and why they were.
UNMEASURED = {
    IN_TIME.name: "G4 was not measured: there are no features of the month before.",
    CHANCE.name: "G7 was not measured: the customers' visits were not at hand.",
}


def head(model: SegmentModel) -> str:
    """Return what the model is, and any alert."""
    alert = f"\n\n**Alert: `{model.alert}`**" if model.alert else ""
    return (
        f"# Customer segments{alert}\n\n"
        f"{len(model.segments)} segments by `{model.found.candidate}`, seed "
        f"{model.provenance.seed}; names are {model.name_status}."
    )


def population(model: SegmentModel, choice: ThresholdChoice) -> str:
    """Return who was looked at, when, and who was left out."""
    origin, counts = model.provenance, sizes(model)
    told = {"eligible": counts.eligible, **counts.reasons}
    lines = "\n".join(f"- {reason}: {number(count)}" for reason, count in told.items())
    return (
        f"## Population\n\nSnapshots {origin.first_date} to {origin.last_date}, data "
        f"`{origin.data_hash}`. A segment is claimed from {model.threshold} events on. "
        f"{why(choice, ENGLISH)}\n\n{lines}"
    )


def groups(model: SegmentModel, given: GivenNames) -> str:
    """Return the segments, one row each."""
    rows = (
        (
            segment.number,
            called_today(segment.number, segment.name, ENGLISH, given),
            number(users),
            HIDDEN if users is None else f"{segment.share:.1%}",
            shown(segment.strength),
        )
        for segment, users in zip(model.segments, sizes(model).segments, strict=True)
    )
    header = ("", "segment", "customers", "share", "prediction strength")
    return f"## Segments\n\n{markdown_table(header, rows)}"


def number(count: int | None) -> str:
    """Return a number of customers, unless it would tell on a few."""
    return HIDDEN if count is None else str(count)


def figures(model: SegmentModel) -> str:
    """Return the chosen candidate beside the baseline, and the gates."""
    table = model.selection_table
    compared = table.filter(table["chosen"] | (table["candidate"] == "rfm"))
    names = ("candidate", "k", "prediction_strength", "silhouette", "likelihood_gain")
    rows = (
        (candidate, k, *map(shown, measured))
        for candidate, k, *measured in compared.select(names).iter_rows()
    )
    told = markdown_table([name.replace("_", " ") for name in names], rows)
    promises = "\n".join(f"- {gate.name}: {gate.promise}" for gate in GATES)
    return "\n\n".join(("## Figures", told, f"Gates:\n\n{promises}", *unmeasured(model)))


def unmeasured(model: SegmentModel) -> tuple[str, ...]:
    """Return what a model says that was fitted without a month before, or without visits."""
    chosen = model.selection_table.filter("chosen")["unmeasured_gates"]
    gates = (chosen.item() or "").split(", ") if chosen.len() else []
    return tuple(UNMEASURED[gate] for gate in gates if gate)


def features(model: SegmentModel) -> str:
    """Return what was read and what was dropped."""
    read = ", ".join(f"`{name}`" for name in model.found.representation.columns)
    left_out = [f"- dropped `{name}`: {dropped(fault)}" for name, fault in model.found.dropped]
    gaps = [f"- `{name}` is unknown for {share:.0%}" for name, share in model.found.gaps]
    return "\n".join((f"## Features\n\nReads {read}.\n", *(left_out or ["- dropped none"]), *gaps))


def dropped(fault: Dropped) -> str:
    """Return in words why a feature was left out."""
    return ENGLISH.say(f"features.{fault.code}", feature=fault.other)
