import numpy as np
import pytest

from amazing_assets.models import archive
from amazing_assets.models.calibration import (
    ISOTONIC,
    PLATT,
    Calibration,
    fit_calibration,
    moved,
    shift_to,
)
from amazing_assets.models.probabilities import figures
from amazing_assets_tests.models.test_probabilities import told


@pytest.mark.parametrize(("rows", "method"), [(3_500, PLATT), (12_000, ISOTONIC)])
def test_scores_that_are_too_sure_become_probabilities_on_other_customers(rows, method):
    seen, later = (told(rows, seed=seed, sharper=3.0) for seed in (1, 2))
    calibration = fit_calibration(seen.probability, seen.happened)
    assert calibration.method == method
    mended = later._replace(probability=calibration.apply(later.probability))
    before, after = figures(later), figures(mended)
    assert before["slope"].value < 0.5
    assert after["slope"].value == pytest.approx(1, abs=0.15)
    assert after["brier"].value < before["brier"].value
    assert after["roc_auc"].value == pytest.approx(before["roc_auc"].value, abs=0.005)


@pytest.mark.parametrize("rows", [3_500, 12_000])
def test_a_level_moves_to_what_happens_and_everybody_keeps_the_rank(rows):
    seen = told(rows, seed=1)
    calibration = fit_calibration(seen.probability, seen.happened)
    shift = shift_to(calibration.apply(seen.probability), 0.03)
    scores = np.sort(np.unique(calibration.scores if rows > 9_000 else seen.probability))
    lower, before = calibration.shifted(shift).apply(scores), calibration.apply(scores)
    assert lower == pytest.approx(moved(before, shift), abs=1e-9)
    assert moved(calibration.apply(seen.probability), shift).mean() == pytest.approx(0.03)
    assert np.all(np.diff(lower) >= 0)


def test_nothing_becomes_impossible_or_certain():
    seen = told(12_000)
    calibration = fit_calibration(seen.probability, seen.happened)
    applied = calibration.apply(np.array([0.0, 1.0]))
    assert applied[0] > 0
    assert applied[1] < 1


def test_a_stored_calibration_reads_back_the_same(tmp_path):
    seen = told(12_000)
    calibration = fit_calibration(seen.probability, seen.happened)
    archive.write(calibration, tmp_path / "model")
    read = archive.read(tmp_path / "model", [Calibration])
    assert np.array_equal(read.apply(seen.probability), calibration.apply(seen.probability))
