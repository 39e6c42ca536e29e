"""Planned runs in this terminal: with progress, and with what stands when one of them fails."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from amazing_assets.commands.terminal import progress, tell
from amazing_assets.runs.execute import execute
from amazing_assets.runs.plan import steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import dagster as dg

    from amazing_assets.runs.code import Step
    from amazing_assets.runs.plan import PlannedRun


def execute_planned(planned: Sequence[PlannedRun], instance: dg.DagsterInstance) -> None:
    """Materialise planned runs, with progress.

    Raises:
        RunFailedError: A run failed; what stands all the same was told.
    """
    over: Counter[str | None] = Counter()
    try:
        with progress() as bar:
            task = bar.add_task("Starting", total=steps_of(planned))

            def advance(step: Step) -> None:
                text = " ".join(filter(None, (step.month, step.name)))
                bar.update(task, description=text, advance=1 if step.is_over else 0)
                over[step.month] += step.is_over

            execute(planned, instance, advance)
    except Exception:
        for line in standing(planned, over):
            tell(line)
        raise


def standing(planned: Sequence[PlannedRun], over: Mapping[str | None, int]) -> list[str]:
    """Return which partitions stand and which do not, when a run has failed; nothing if none does.

    Args:
        planned: What was to be run.
        over: How many steps of each partition have ended well.
    """
    steps: Counter[str | None] = Counter()
    for run in planned:
        steps[run.partition] += steps_of([run])
    keys = [key for key in steps if key is not None]
    whole = [key for key in keys if over.get(key, 0) >= steps[key]]
    half = [key for key in keys if 0 < over.get(key, 0) < steps[key]]
    none = [key for key in keys if not over.get(key, 0)]
    if not (whole or half):
        return []
    lines = [
        *([f"Made, and stands: {', '.join(whole)}."] if whole else []),
        *(f"{key} was made in part: {over[key]} of {steps[key]} steps." for key in half),
        *([f"Not made, and as before: {', '.join(none)}."] if none else []),
    ]
    return [*lines, "`amazing run --new` goes on from there once the cause is mended."]
