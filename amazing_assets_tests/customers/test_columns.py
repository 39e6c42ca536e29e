import pytest

from amazing_assets.customers.columns import FEATURE_VERSION, feature_version, zone_of


@pytest.mark.parametrize(
    ("zone", "version"),
    [
        ("UTC", "2"),
        ("Europe/Paris", "2+Europe/Paris"),
        ("Etc/GMT+5", "2+Etc/GMT+5"),
        ("America/Argentina/Ushuaia", "2+America/Argentina/Ushuaia"),
    ],
)
def test_the_version_names_the_time_zone_unless_it_is_utc(zone, version):
    assert feature_version(zone) == version
    assert zone_of(version) == zone


def test_the_version_before_time_zones_is_one_of_utc():
    assert zone_of("1") == zone_of(FEATURE_VERSION) == "UTC"
