import dagster as dg
import polars as pl
import pytest

from amazing_assets.defs.tables.publish import failing_plainly
from amazing_assets.errors import PlainError
from amazing_assets_tests.defs.homes import failure, materialize


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2019-10"]))
@failing_plainly
def returning():
    """A body that returns."""
    raise KeyError("eligible")


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2019-10"]))
@failing_plainly
def yielding(context: dg.AssetExecutionContext):
    """A body that yields."""
    yield dg.MaterializeResult(metadata={"of": context.partition_key})
    raise KeyError("eligible")


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2019-10"]))
@failing_plainly
def panicking():
    """A body within which Polars panics: no `Exception` to Python."""
    raise pl.exceptions.PanicException("index out of bounds")


@pytest.fixture
def logs(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path))
    return tmp_path / "logs"


@pytest.mark.parametrize(
    ("asset", "kind"),
    [(returning, "KeyError"), (yielding, "KeyError"), (panicking, "PanicException")],
)
def test_what_nobody_foresaw_is_one_sentence_on_the_page_and_the_traceback_is_kept(
    asset, kind, logs
):
    run = materialize([asset], "2019-10", {})
    said = failure(run)
    (file,) = logs.iterdir()
    assert said == (
        f"Something unforeseen went wrong ({kind}); its traceback is in {file}: send that file to "
        f"who maintains this platform."
    )
    assert "in " + asset.op.name in file.read_text()
    # The page shows the traceback beneath the sentence.
    (step,) = [event for event in run.all_events if event.is_step_failure]
    assert step.step_failure_data.error.cause.cls_name == kind


def test_a_sentence_of_ours_stays_as_it_is_and_is_not_tried_again(logs):
    @dg.asset(retry_policy=dg.RetryPolicy(max_retries=3))
    @failing_plainly
    def refusing():
        raise PlainError("The month is full.")

    run = materialize([refusing], None, {})
    assert failure(run) == "The month is full."
    assert [event for event in run.all_events if event.is_step_up_for_retry] == []
    assert not logs.exists()


def test_an_asset_keeps_its_name_and_description_under_what_watches_it():
    (spec,) = yielding.specs
    assert spec.key == dg.AssetKey("yielding")
    assert spec.description == "A body that yields."
