import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from amazing_assets.segments.clustering.centres import fit_kmeans
from amazing_assets.segments.clustering.families import FAMILIES
from amazing_assets.segments.clustering.family import Family, RejectedError
from amazing_assets.segments.clustering.mixture import RIDGE, fit_mixture
from amazing_assets.segments.search.likelihood import likelihood_gain
from amazing_assets.segments.search.stability import prediction_strength
from amazing_assets_tests.segments.personas import personas, spindle


def test_prediction_strength_counts_pairs():
    found = np.array([0, 0, 0, 0, 1, 1, 2])
    predicted = np.array([0, 0, 1, 1, 2, 2, 2])
    # Of six pairs two are kept; of one, one; a group of one has none to lose.
    assert prediction_strength(found, predicted, 3).tolist() == [pytest.approx(1 / 3), 1, 1]


def test_prediction_strength_equals_its_definition():
    rng = np.random.default_rng(0)
    found, predicted = rng.integers(4, size=(2, 200))
    together = predicted[:, None] == predicted[None]
    np.fill_diagonal(together, val=False)
    expected = [
        together[np.ix_(found == j, found == j)].sum() / ((n := (found == j).sum()) * (n - 1))
        for j in range(4)
    ]
    assert np.allclose(prediction_strength(found, predicted, 4), expected)


def test_the_mixture_equals_scikit_learns():
    matrix, _ = personas(1_000)
    ours = fit_mixture(matrix, 7, seed=0, restarts=5)
    theirs = GaussianMixture(
        7, covariance_type="tied", reg_covar=RIDGE, n_init=5, random_state=0, tol=1e-6
    ).fit(matrix)
    assert np.allclose(np.sort(ours.weights), np.sort(theirs.weights_), atol=1e-3)
    assert np.allclose(ours.covariance, theirs.covariances_, atol=1e-2)


def test_slices_of_an_elongated_cloud_are_stable_but_no_evidence():
    cigar = spindle(6_000, length=2)
    one, other = cigar[:3_000], cigar[3_000:]
    fits = [fit_kmeans(half, 3, 0, 3).clustering for half in (one, other)]
    found, predicted = (fit.assign(other).labels for fit in fits[::-1])
    assert prediction_strength(found, predicted, 3).mean() > 0.85
    assert likelihood_gain(one, fits[0].assign(one).labels, other) < 0


def test_a_skewed_cloud_is_one_cloud_and_real_groups_are_more():
    skewed = np.exp(0.7 * spindle(6_000, length=2))
    groups, _ = personas(6_000)
    gains = []
    for matrix in (skewed, np.exp(0.2 * groups)):
        one, other = matrix[:3_000], matrix[3_000:]
        gains.append(
            likelihood_gain(one, fit_kmeans(one, 4, 0, 3).clustering.assign(one).labels, other)
        )
    assert gains[0] < 0
    assert gains[1] > 0.5


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_groups_are_numbered_by_size(family):
    matrix, _ = personas(2_000, separation=4)
    labels = family.fit(matrix, 7, 0, 3).clustering.assign(matrix).labels
    sizes = np.bincount(labels)
    assert (np.diff(sizes) <= 0).all()


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_groups_that_cannot_be_filled_reject_the_candidate(family):
    with pytest.raises(RejectedError, match=family.name):
        family.fit(np.repeat([[0.0, 1.0]], 50, axis=0), 3, 0, 3)


def test_a_singular_fit_rejects_the_candidate():
    def singular(*_):
        raise np.linalg.LinAlgError("not positive definite")

    with pytest.raises(RejectedError, match="k=3 cannot be fitted: not positive"):
        Family("broken", "scaled", singular).fit(np.zeros((9, 2)), 3, 0, 1)


def test_k_means_that_does_not_converge_is_noted_and_not_raised():
    matrix = np.repeat([[0.0], [1.0]], 20, axis=0)
    assert "distinct clusters" in fit_kmeans(matrix, 3, 0, 1).warnings[0]
