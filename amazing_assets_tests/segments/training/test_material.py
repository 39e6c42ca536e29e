from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD
from amazing_assets.segments.search.settings import FIT_COLUMNS
from amazing_assets.segments.training.material import gather


def test_a_training_reads_the_columns_of_the_fit_and_no_other(october):
    home, _ = october
    seen = gather(home.lake, None, EVENT_THRESHOLD)
    assert seen.features.columns == list(FIT_COLUMNS)
    assert seen.features.height == home.table("user_features").height
    assert (seen.before, seen.fitted_on) == (None, None)
