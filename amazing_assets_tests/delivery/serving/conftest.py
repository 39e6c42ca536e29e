import pytest

from amazing_assets.delivery.serving.keys import KeyRing
from amazing_assets_tests.delivery.serving.services import running, service_of


@pytest.fixture(scope="package")
def ring(tmp_path_factory):
    """The keys of the running service."""
    return KeyRing(tmp_path_factory.mktemp("keys") / "api-keys.json")


@pytest.fixture(scope="package")
def asked(classified_home, ring):
    """A client of a running service, which brings a key of every scope."""
    service, key = service_of(classified_home, ring.file.parent)
    with running(service) as client:
        client.headers.update(key)
        yield client
