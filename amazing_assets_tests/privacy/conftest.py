import pytest

from amazing_assets_tests.privacy.homes import built


@pytest.fixture(scope="session")
def built_home(tmp_path_factory):
    """A home in which a month was made, for tests that change a copy of it."""
    return built(tmp_path_factory.mktemp("built") / "home")
