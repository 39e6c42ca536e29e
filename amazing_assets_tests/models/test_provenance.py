import hashlib

import polars as pl
import pytest

from amazing_assets.models.provenance import (
    FeatureVersionError,
    data_hash,
    require_feature_version,
)


def test_features_of_another_version_are_refused_with_both_versions():
    features = pl.DataFrame({"feature_version": ["1", "2", "3"]})
    with pytest.raises(FeatureVersionError) as refused:
        require_feature_version(features, "2", "churn model", "churn_models")
    assert str(refused.value) == (
        "The churn model reads features of version 2, these are of version 1, 3; materialize "
        "churn_models again, or the features if they are the older ones."
    )


def test_features_of_its_own_version_and_no_features_are_read():
    known = pl.DataFrame({"feature_version": ["2", "2"]})
    require_feature_version(known, "2", "churn model", "churn_models")
    require_feature_version(known.clear(), "2", "churn model", "churn_models")


def test_the_digest_is_that_of_all_rows_in_slices_of_any_size():
    many = pl.DataFrame({"user_id": range(250_000)})
    text = "\n".join(map(str, range(250_000))) + "\n"
    assert data_hash(many) == hashlib.sha256(b"user_id" + text.encode()).hexdigest()[:16]


def test_the_digest_tells_values_nulls_and_columns_apart():
    frames = [
        pl.DataFrame({"a": [1, None]}),
        pl.DataFrame({"a": [1, 2]}),
        pl.DataFrame({"b": [1, 2]}),
        pl.DataFrame({"a": [2, 1]}),
    ]
    assert len({data_hash(frame) for frame in frames}) == len(frames)
