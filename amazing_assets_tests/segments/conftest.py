"""Two fitted models for all tests, because a fit is the only slow thing here."""

from dataclasses import replace

import pytest

from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets_tests.segments.personas import personas, user_features

# Fewer families, splits and numbers of segments than in production; the gates are its own but
# for the 200 customers, which 3.5 % of this world are not.
FAST = SegmentSettings(
    ks=(5, 6, 7, 8),
    families=("gmm_tied", "kmeans"),
    splits=2,
    restarts=10,
    resamples=3,
    seeds=3,
    finalists=2,
    folds=2,
    min_users=50,
)


@pytest.fixture(scope="session")
def settings():
    return FAST


@pytest.fixture(scope="session")
def quick():
    """For what has nothing to do with the choice: one candidate, measured once."""
    return replace(
        FAST, ks=(7,), families=("gmm_tied",), splits=1, resamples=2, seeds=2, finalists=1
    )


@pytest.fixture(scope="session")
def planted():
    """Features of customers with seven planted personas, and the persona of each."""
    traits, truth = personas(4_000)
    return user_features(traits), truth


@pytest.fixture(scope="session")
def model(planted):
    return SegmentModel.fit(planted[0], FAST)


@pytest.fixture(scope="session")
def grid():
    """The fallback that 200 customers get."""
    return SegmentModel.fit(user_features(personas(200)[0]))
