"""The model card: what the segments are, on whom they were found, and what they are not."""

from amazing_assets.language.language import ENGLISH
from amazing_assets.segments.behaviour.steps import Dropped
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.naming.words import called
from amazing_assets.segments.search.gates import GATES
from amazing_assets.segments.threshold.words import why

LIMITS = (
    "Describes behaviour, not people; it must not decide prices, credit or access.",
    "Figures come from the customers named above and say nothing about another shop.",
    "Prediction strength tells that segments reappear, not that they are useful.",
    "Preprocessing was learnt once on all train customers, not anew in each half.",
)


def model_card(model: SegmentModel) -> str:
    """Return the card as Markdown."""
    parts = (head(model), population(model), groups(model), figures(model), features(model))
    limits = "\n".join(f"- {limit}" for limit in LIMITS)
    return "\n\n".join((*parts, f"## Limits\n\n{limits}")) + "\n"


def head(model: SegmentModel) -> str:
    """Return what the model is, and any alert."""
    alert = f"\n\n**Alert: `{model.alert}`**" if model.alert else ""
    return (
        f"# Customer segments, version {model.version}{alert}\n\n"
        f"{len(model.segments)} segments by `{model.found.candidate}`, seed "
        f"{model.provenance.seed}; names are {model.name_status}."
    )


def population(model: SegmentModel) -> str:
    """Return who was looked at, when, and who was left out."""
    origin = model.provenance
    lines = "\n".join(f"- {reason}: {count}" for reason, count in origin.counts.items())
    return (
        f"## Population\n\nSnapshots {origin.first_date} to {origin.last_date}, data "
        f"`{origin.data_hash}`. A segment is claimed from {model.threshold} events on. "
        f"{why(model.threshold_choice, ENGLISH)}\n\n{lines}"
    )


def groups(model: SegmentModel) -> str:
    """Return the segments, one row each."""
    rows = [
        f"| {s.number} | {called(s.name, ENGLISH)} | {s.users} | {s.share:.1%} "
        f"| {shown(s.strength)} |"
        for s in model.segments
    ]
    header = "| | segment | customers | share | prediction strength |\n|---|---|---|---|---|"
    return "\n".join(("## Segments\n", header, *rows))


def figures(model: SegmentModel) -> str:
    """Return the chosen candidate beside the baseline, and the gates."""
    table = model.selection_table
    compared = table.filter(table["chosen"] | (table["candidate"] == "rfm"))
    rows = [
        f"| {row['candidate']} | {row['k']} | {shown(row['prediction_strength'])} "
        f"| {shown(row['silhouette'])} | {shown(row['likelihood_gain'])} |"
        for row in compared.iter_rows(named=True)
    ]
    header = "| candidate | k | prediction strength | silhouette | likelihood gain |"
    promises = "\n".join(f"- {gate.name}: {gate.promise}" for gate in GATES)
    return "\n".join(
        (
            "## Figures\n",
            header,
            "|---|---|---|---|---|",
            *rows,
            "\nGates:\n",
            promises,
            *youth(model),
        )
    )


def youth(model: SegmentModel) -> tuple[str, ...]:
    """Return what a model says that was fitted when there was no month before."""
    chosen = model.selection_table.filter("chosen")["unmeasured_gates"]
    if not chosen.len() or chosen.item() is None:
        return ()
    return ("\nG4 was not measured: there are no features of the month before.",)


def features(model: SegmentModel) -> str:
    """Return what was read and what was dropped."""
    read = ", ".join(f"`{name}`" for name in model.found.view.columns)
    left_out = [f"- dropped `{name}`: {dropped(fault)}" for name, fault in model.found.dropped]
    gaps = [f"- `{name}` is unknown for {share:.0%}" for name, share in model.found.gaps]
    return "\n".join((f"## Features\n\nReads {read}.\n", *(left_out or ["- dropped none"]), *gaps))


def dropped(fault: Dropped) -> str:
    """Return in words why a feature was left out."""
    return ENGLISH.say(f"features.{fault.code}", feature=fault.other)


def shown(value: float | None) -> str:
    """Return a figure for a reader."""
    return "not measured" if value is None else f"{value:.3f}"
