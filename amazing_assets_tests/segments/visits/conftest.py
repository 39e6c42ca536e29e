"""The visits of October of the generated world."""

import pytest


@pytest.fixture(scope="module")
def lake(october):
    """Made once for all tests; read-only."""
    return october[0].lake
