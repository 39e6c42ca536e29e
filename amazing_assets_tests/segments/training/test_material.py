import polars.selectors as cs
from polars.testing import assert_frame_equal

from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD
from amazing_assets.segments.search.settings import FIT_COLUMNS
from amazing_assets.segments.training.material import gather


def test_a_training_reads_the_columns_of_the_fit_and_no_other(october):
    home, _ = october
    seen = gather(home.lake, None, EVENT_THRESHOLD)
    assert seen.features.columns == list(FIT_COLUMNS)
    assert seen.features.height == home.table("user_features").height
    assert (seen.before, seen.fitted_on) == (None, None)


def test_a_fit_does_not_see_in_which_order_fractions_were_added_up(october):
    home, _ = october
    seen = gather(home.lake, None, EVENT_THRESHOLD).features.sort("user_id")
    made = home.table("user_features").select(FIT_COLUMNS).sort("user_id")
    otherwise = made.with_columns(cs.float() * (1 + 1e-14))
    assert not otherwise.equals(made)
    assert_frame_equal(otherwise.with_columns(cs.float().round_sig_figs(6)), seen, check_exact=True)
    assert_frame_equal(seen, made, rel_tol=1e-5)
