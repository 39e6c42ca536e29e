"""What the segment of a customer adds to what the network of the next action reads.

    python -m benchmarks.next_action_segments [CUSTOMERS SEEDS EPOCHS]

Customers are of seven kinds, as in `benchmarks.next_actions worlds`. The network is told of which
kind each is: more than any segment of the month before could tell, for that is a guess at the kind
from the same history. What it gains is the most that a segment can bring.
"""

import sys
from dataclasses import replace

import numpy as np

from amazing_assets.demo.actions import law_of_personas, live_actions
from amazing_assets.demo.personas import PERSONAS, draw_personas
from amazing_assets.next_actions.baselines import MARKOV_2, fit_baselines
from amazing_assets.next_actions.evaluation import TEST, Judged, gain, judge
from amazing_assets.next_actions.exported import exported
from amazing_assets.next_actions.network import train
from amazing_assets.next_actions.settings import Lesson, NetworkSettings
from amazing_assets.next_actions.training import Material, calibrated, counting
from amazing_assets_tests.next_actions.worlds import DAYS
from amazing_assets_tests.next_actions.worlds import seen as seen_of


def main() -> None:
    """Print the loss without and with the kind of each customer, for each seed."""
    customers, seeds, epochs = map(int, sys.argv[1:] or (2_000, 3, 4))
    for seed in range(seeds):
        compared(customers, seed, epochs)


def compared(customers: int, seed: int, epochs: int) -> None:
    """Print what one seed comes to."""
    rng = np.random.default_rng(seed)
    law = law_of_personas(rng, customers, "real")
    seen = seen_of(live_actions(rng, law, DAYS))
    baselines = fit_baselines(seen.found, seen.parts)
    floor = judge("law", law, seen.found, seen.parts).loss(TEST)
    counted = judge(MARKOV_2, baselines[MARKOV_2], seen.found, seen.parts).loss(TEST)
    # The first that the law draws.
    kinds = draw_personas(np.random.default_rng(seed), customers)
    settings = NetworkSettings(context=True, epochs=epochs, seed=seed)
    after = counting(baselines).after
    without = _judged("without", seen, settings, after)
    told = _judged("with", with_kinds(seen, kinds), settings, after)
    gained = gain(told, without, TEST, seen.found, seen.parts.test)
    if gained is None:
        sys.exit("There is no place to test; ask for more customers.")
    closed = [(counted - each.loss(TEST)) / (counted - floor) for each in (without, told)]
    print(
        f"seed {seed}: {len(seen.parts.train):,} places; log loss {without.loss(TEST):.4f} "
        f"without, {told.loss(TEST):.4f} with the kind, {closed[0]:.1%} and {closed[1]:.1%} of the "
        f"way to the law; gain {gained.value:+.4f} [{gained.low:+.4f}, {gained.high:+.4f}]",
        flush=True,
    )


def with_kinds(seen: Material, kinds: np.ndarray) -> Material:
    """Return histories whose every place also says of which kind its customer is."""
    found = seen.found
    one_hot = np.eye(len(PERSONAS), dtype=np.float16)[kinds[found.customers[found.owners]]]
    context = np.concatenate([found.context, one_hot], axis=1)
    return seen._replace(found=replace(found, context=context))


def _judged(name: str, seen: Material, settings: NetworkSettings, after: np.ndarray) -> Judged:
    lesson = Lesson(seen.found, seen.parts, after)
    model = calibrated(exported(train(lesson, settings).weights), lesson)
    return judge(name, model, seen.found, seen.parts, settings.seed)


if __name__ == "__main__":
    main()
