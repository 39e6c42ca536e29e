"""What the segment of a customer adds to what the network of the next action reads.

    python -m benchmarks.next_action_segments [CUSTOMERS SEEDS EPOCHS]

Customers are of seven kinds, as in `benchmarks.next_actions worlds`. The network is told of which
kind each is, `always`, or from the month on (of 30 days) at whose beginning enough was known for a
segment, `month_before`: without a mistake, where a segment is a guess at the kind from the same
history. What it gains is the most that a segment can bring.
"""

import sys
from dataclasses import replace

import numpy as np

from amazing_assets.demo.actions import law_of_personas, live_actions
from amazing_assets.demo.personas import PERSONAS, draw_personas
from amazing_assets.next_actions.baselines import MARKOV_2, fit_baselines
from amazing_assets.next_actions.evaluation import TEST, Judged, gain, judge
from amazing_assets.next_actions.exported import exported
from amazing_assets.next_actions.histories import DAY, Histories
from amazing_assets.next_actions.network import train
from amazing_assets.next_actions.settings import Lesson, NetworkSettings
from amazing_assets.next_actions.training import Material, calibrated, counting
from amazing_assets_tests.next_actions.worlds import DAYS
from amazing_assets_tests.next_actions.worlds import seen as seen_of

# As of segments: of fewer actions too little is known of a customer.
FEWEST_ACTIONS = 20


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
    print(
        f"seed {seed}: {len(seen.parts.train):,} places, log loss {without.loss(TEST):.4f}, "
        f"{(counted - without.loss(TEST)) / (counted - floor):.1%} of the way to the law",
        flush=True,
    )
    for name, told in {"always": always, "month_before": month_before}.items():
        more = with_kinds(seen, kinds, told(seen.found))
        judged = _judged(name, more, settings, after)
        gained = gain(judged, without, TEST, seen.found, seen.parts.test)
        if gained is None:
            sys.exit("There is no place to test; ask for more customers.")
        print(
            f"  {name:12} {judged.loss(TEST):.4f}, gain {gained.value:+.4f} "
            f"[{gained.low:+.4f}, {gained.high:+.4f}]",
            flush=True,
        )


def always(found: Histories) -> np.ndarray:
    """Whether the kind is told at a place: at every one."""
    return np.ones(len(found.tokens), dtype=np.bool_)


def month_before(found: Histories) -> np.ndarray:
    """Whether so much had been done before the month of a place that there was a segment."""
    month = (found.at - found.at.min()) // (30 * DAY)
    place = np.arange(len(month)) - found.begins[found.owners]
    is_first = np.r_[True, (np.diff(month) != 0) | (np.diff(found.owners) != 0)]
    # At the first place of a month so many lie before it.
    return np.repeat(place[is_first], np.diff(np.append(np.flatnonzero(is_first), len(month)))) >= (
        FEWEST_ACTIONS
    )


def with_kinds(seen: Material, kinds: np.ndarray, is_told: np.ndarray) -> Material:
    """Return histories that at some places say of which kind their customer is."""
    found = seen.found
    one_hot = np.eye(len(PERSONAS), dtype=np.float16)[kinds[found.customers[found.owners]]]
    one_hot[~is_told] = 0
    context = np.concatenate([found.context, one_hot], axis=1)
    return seen._replace(found=replace(found, context=context))


def _judged(name: str, seen: Material, settings: NetworkSettings, after: np.ndarray) -> Judged:
    lesson = Lesson(seen.found, seen.parts, after)
    model = calibrated(exported(train(lesson, settings).weights), lesson)
    return judge(name, model, seen.found, seen.parts, settings.seed)


if __name__ == "__main__":
    main()
