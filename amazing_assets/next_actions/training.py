"""From the lake to a model that was judged: gathered, counted, learnt, compared, decided upon."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.dates import as_of, first_day
from amazing_assets.models.promotion import Decision, decide
from amazing_assets.models.provenance import Provenance
from amazing_assets.models.spread import spread
from amazing_assets.next_actions import gate
from amazing_assets.next_actions.baselines import MARKOV_1, Markov, fit_baselines
from amazing_assets.next_actions.evaluation import VALIDATE, Judged, judge
from amazing_assets.next_actions.exported import ExportedNetwork, exported
from amazing_assets.next_actions.gathering import gather, known_months
from amazing_assets.next_actions.model import NextActionModel
from amazing_assets.next_actions.periods import Periods, Split, periods, split
from amazing_assets.next_actions.registered import NO_NETWORK, TOO_FEW
from amazing_assets.next_actions.returns import learn_returns
from amazing_assets.next_actions.scores import best_temperature, tempered
from amazing_assets.next_actions.settings import Lesson, NetworkSettings, TrainingSettings
from amazing_assets.next_actions.vocabulary import VOCABULARY
from amazing_assets.next_actions.weeks import moment
from amazing_assets.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from amazing_assets.lake.table import Lake
    from amazing_assets.models.arrays import Labels
    from amazing_assets.next_actions.baselines import Baseline
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.scores import Probabilities

# Places by which a temperature is found.
_TEMPERED = 20_000

CURVE = pl.Schema(
    {
        "model": pl.String,
        "seed": pl.Int64,
        "epoch": pl.Int64,
        "train_loss": pl.Float64,
        "validate_loss": pl.Float64,
    }
)


class Material(NamedTuple):
    """What a training learns from."""

    found: Histories
    parts: Split
    at: Periods


@dataclass(frozen=True)
class Tempered:
    """A model as sure as it may be."""

    network: ExportedNetwork | Baseline
    temperature: float

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return the probability of each action to follow each place."""
        return tempered(self.network.probabilities(found, places), self.temperature)


class Fitted(NamedTuple):
    """What a training came to."""

    model: NextActionModel
    decision: Decision
    rivals: gate.Rivals


def material(lake: Lake, most_actions: int) -> Material:
    """Return what can be learnt of a lake, of its latest seven months.

    Raises:
        NoSequencesError: There is nothing.
    """
    months = known_months(lake)
    until = moment(as_of(months[-1]))
    found = gather(lake, months, most_actions, until)
    at = periods(moment(first_day(months[0])), until)
    return Material(found, split(found, at), at)


def fit(
    seen: Material,
    settings: TrainingSettings,
    *,
    champion: NextActionModel | None = None,
    progress: Progress = silent,
    checkpoints: Path | None = None,
) -> Fitted:
    """Return the best model of some histories, and whether it replaces the champion.

    Args:
        seen: As `material` returns it.
        settings: How much is tried.
        champion: The model in use.
        progress: Is told what is done.
        checkpoints: Folder in which unfinished trainings are kept.
    """
    baselines = fit_baselines(seen.found, seen.parts)
    lesson = Lesson(seen.found, seen.parts, counting(baselines).after)
    counted = [judge(name, model, seen.found, seen.parts) for name, model in baselines.items()]
    enough = len(seen.parts.train) >= settings.fewest_places
    variants = _variants(lesson, settings, progress, checkpoints) if enough else {}
    networks = [
        (name, network._replace(seed=seed))
        for seed in range(settings.seeds)
        for name, network in variants.items()
    ]
    tried = list(_tried(networks, lesson, progress, checkpoints))
    rivals = gate.Rivals(
        min((each.judged for each in tried), key=lambda each: each.loss(VALIDATE), default=None),
        gate.simplest_unbeaten(counted, seen.found, seen.parts),
        judge("champion", champion, seen.found, seen.parts) if champion else None,
    )
    against = gate.objections(rivals, seen.found, seen.parts)
    decision = decide(
        gate.comparison(
            rivals,
            against,
            seen.found,
            seen.parts,
            fallback=None if champion is None else not champion.is_network,
        )
    )
    chosen = next((each for each in tried if each.judged is rivals.network), None)
    name, predictor, temperature = _served(None if against else chosen, rivals.baseline, baselines)
    sure = Tempered(predictor, temperature)
    everything = [*counted, *(each.judged for each in tried)]
    if rivals.champion is not None:
        everything.append(rivals.champion)
    model = NextActionModel(
        name,
        predictor,
        counting(baselines),
        learn_returns(sure, seen.found, seen.parts.train),
        temperature,
        alert=(NO_NETWORK if tried else TOO_FEW) if against else None,
        evaluation=pl.concat([each.table for each in everything]),
        curve=pl.concat([pl.DataFrame(schema=CURVE), *(each.curve for each in tried)]),
        provenance=provenance(seen),
    )
    return Fitted(model, decision, rivals)


def counting(baselines: Mapping[str, Baseline]) -> Markov:
    """Return what follows the last action by counting: what a network corrects."""
    found = baselines[MARKOV_1]
    if not isinstance(found, Markov):
        raise TypeError(MARKOV_1)
    return found


def _variants(
    lesson: Lesson, settings: TrainingSettings, progress: Progress, checkpoints: Path | None
) -> dict[str, NetworkSettings]:
    """The networks that are trained, the best of a search among them."""
    from amazing_assets.next_actions.search import Budget, Plan, search  # noqa: PLC0415  optuna

    if not settings.trials or checkpoints is None:
        return dict(settings.variants)
    base = NetworkSettings(context=True)
    plan = Plan(Budget(settings.trials), base)
    found = search(lesson, checkpoints / "trials.db", plan, progress=progress)
    return dict(settings.variants) | ({"lstm_searched": found} if found else {})


class Learnt(NamedTuple):
    """A network that was trained and judged."""

    model: Tempered
    judged: Judged
    curve: pl.DataFrame


# So many actions several networks learn from at a time, each in a process that holds them and
# 500 MB of libraries: of fewer it begins as long as it learns, of more memory has no bound.
ACTIONS_AT_A_TIME = range(100_000, 1_000_000)


def _tried(
    networks: Sequence[tuple[str, NetworkSettings]],
    lesson: Lesson,
    progress: Progress,
    checkpoints: Path | None,
) -> Iterator[Learnt]:
    """Yield each network once it has learnt, alone or beside others."""
    if len(lesson.found.tokens) not in ACTIONS_AT_A_TIME or len(networks) == 1:
        for name, settings in networks:
            yield _learnt(name, settings, lesson, progress, checkpoints)
        return
    for done, learnt in enumerate(spread(_learnt_of, (lesson, checkpoints), networks), 1):
        loss = learnt.judged.loss(VALIDATE)
        progress(done, len(networks), f"{learnt.judged.name}: loss {loss:.4f}")
        yield learnt


def _learnt_of(ground: tuple[Lesson, Path | None], item: tuple[str, NetworkSettings]) -> Learnt:
    (lesson, checkpoints), (name, settings) = ground, item
    found = _learnt(name, settings, lesson, silent, checkpoints)
    # What a graph is run by does not travel.
    return found._replace(model=replace(found.model, network=replace(found.model.network)))


def _learnt(
    name: str,
    settings: NetworkSettings,
    lesson: Lesson,
    progress: Progress,
    checkpoints: Path | None,
) -> Learnt:
    from amazing_assets.next_actions.network import train  # noqa: PLC0415  torch takes seconds

    file = checkpoints / f"{name}-{settings.seed}.pt" if checkpoints else None
    said = f"{name}, seed {settings.seed}"
    trained = train(
        lesson,
        settings,
        checkpoint=file,
        progress=lambda done, total, text: progress(done, total, f"{said}: {text}"),
    )
    model = calibrated(exported(trained.weights), lesson)
    curve = pl.DataFrame(
        [(name, settings.seed, *epoch) for epoch in trained.curve], schema=CURVE, orient="row"
    )
    return Learnt(model, judge(name, model, lesson.found, lesson.parts, settings.seed), curve)


def calibrated(network: ExportedNetwork, seen: Lesson) -> Tempered:
    """Return a network that is as sure as the places to validate allow."""
    places = seen.parts.validate
    some = places[:: max(1, len(places) // _TEMPERED)]
    told = network.probabilities(seen.found, some)
    return Tempered(network, best_temperature(told, seen.found.targets[some]))


def _served(
    chosen: Learnt | None, best: Judged, baselines: Mapping[str, Baseline]
) -> tuple[str, ExportedNetwork | Baseline, float]:
    """Name, predictor and temperature of what answers."""
    if chosen is None:
        return best.name, baselines[best.name], 1.0
    return chosen.judged.name, chosen.model.network, chosen.model.temperature


def provenance(seen: Material) -> Provenance:
    """Return on whom a model was fitted."""
    found = seen.found
    digest = hashlib.sha256(found.tokens.tobytes() + found.at.tobytes())
    first, last = (
        datetime.fromtimestamp(int(each), UTC).date() for each in (found.at.min(), seen.at[-1])
    )
    counts = {
        "customers": len(found.customers),
        "actions": len(found.tokens) - len(found.customers),
        **{name: len(places) for name, places in seen.parts._asdict().items()},
    }
    return Provenance(first, last, counts, digest.hexdigest()[:16], 0, VOCABULARY)
