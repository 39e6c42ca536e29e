import pytest

from amazing_assets.landing.generated import announce, sign
from amazing_assets.landing.origin import claim
from amazing_assets.landing.zone import Folder, LandingError, Zone
from amazing_assets_tests.builders import landed, line

NAME = "2019-Oct.csv"


def generated(folder):
    announce(folder, [NAME])
    landed(folder, line(), name=NAME)
    sign(folder)
    return Zone(Folder(folder))


def real(folder):
    landed(folder, line(), name=NAME)
    return Zone(Folder(folder))


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (real, generated, "holds generated customers and the home {home} real ones, which never"),
        (generated, real, "holds real customers and the home {home} generated ones, which never"),
    ],
)
def test_a_home_keeps_to_the_customers_that_came_first_wherever_others_land(
    tmp_path, first, second, sentence
):
    home = tmp_path / "home"
    claim(home, first(tmp_path / "one"))
    claim(home, first(tmp_path / "two"))
    with pytest.raises(LandingError) as refused:
        claim(home, second(tmp_path / "three"))
    assert sentence.format(home=home) in str(refused.value)
    claim(home, first(tmp_path / "four"))
