import pytest

from amazing_assets.landing.generating import generating
from amazing_assets.landing.origin import GENERATED, claim, origin_of, refuse_real
from amazing_assets.landing.zone import Folder, LandingError, Zone
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.lake.test_table import things, write

NAME = "2019-Oct.csv"


def generated(folder, price="1.00"):
    with generating(folder) as unfinished:
        landed(unfinished, line(price=price), name=NAME)
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
    lake, tmp_path, first, second, sentence
):
    home = tmp_path / "home"
    claim(home, first(tmp_path / "one"), lake.root)
    write(lake, things(1))
    with pytest.raises(LandingError) as refused:
        claim(home, second(tmp_path / "three"), lake.root)
    assert sentence.format(home=home) in str(refused.value)
    claim(home, first(tmp_path / "one"), lake.root)


def test_a_lake_that_holds_nobody_may_take_either(lake, tmp_path):
    home = tmp_path / "home"
    claim(home, real(tmp_path / "one"), lake.root)
    claim(home, generated(tmp_path / "two"), lake.root)
    write(lake, things(1))
    assert origin_of(home, lake.root).kind == GENERATED
    refuse_real(home, lake.root)


def test_a_home_is_made_of_one_world(lake, tmp_path):
    home = tmp_path / "home"
    claim(home, generated(tmp_path / "one"), lake.root)
    write(lake, things(1))
    claim(home, generated(tmp_path / "the same"), lake.root)
    with pytest.raises(LandingError, match="holds another generated world than the one that the"):
        claim(home, generated(tmp_path / "other", price="2.00"), lake.root)


def test_into_a_home_of_real_customers_nothing_is_generated(lake, tmp_path):
    refuse_real(tmp_path, lake.root)
    write(lake, things(1))
    with pytest.raises(
        LandingError, match="holds real customers; give the generated ones a folder"
    ):
        refuse_real(tmp_path, lake.root)


def test_customers_of_before_this_was_written_down_are_taken_for_real(lake, tmp_path):
    write(lake, things(1))
    with pytest.raises(LandingError, match=r"holds generated customers and the home .* real ones"):
        claim(tmp_path / "home", generated(tmp_path / "two"), lake.root)
    claim(tmp_path / "home", real(tmp_path / "one"), lake.root)
