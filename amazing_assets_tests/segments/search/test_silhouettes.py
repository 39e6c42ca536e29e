import numpy as np
from sklearn.metrics import silhouette_samples

from amazing_assets.segments.search.silhouettes import silhouettes
from amazing_assets_tests.segments.personas import personas


def test_silhouettes_equal_scikit_learns_over_any_chunks():
    matrix, truth = personas(400)
    other = np.random.default_rng(0).integers(3, size=400)
    labellings = [truth, other]
    for labels, found in zip(labellings, silhouettes(matrix, labellings, 130), strict=True):
        assert np.allclose(found, silhouette_samples(matrix, labels), atol=1e-4)


def test_one_group_and_a_group_of_one_have_none():
    matrix = np.array([[0.0], [0.1], [9.0]])
    one, single = silhouettes(matrix, [np.zeros(3, dtype=int), np.array([0, 0, 1])])
    assert one.tolist() == [0, 0, 0]
    assert single[2] == 0
    assert single[0] > 0.9
