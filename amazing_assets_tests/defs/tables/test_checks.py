import dagster as dg

from amazing_assets.defs.tables.checks import verdict
from amazing_assets.lake.contract import Fault


def test_a_page_shows_what_breaks_a_rule_unless_it_names_somebody():
    faults = [
        Fault("price_cents", "in_range", 3, "-7"),
        Fault("user_id", "greater_than_or_equal_to(0)", 1, "541312140"),
        Fault("user_session", "not_nullable", 1, "72d76fde-8bb3-4e00-8c23-a032dfed738c"),
    ]
    shown = verdict("raw_events", faults).metadata["faults"]
    assert isinstance(shown, dg.TableMetadataValue)
    told = shown.records
    assert [row.data["example"] for row in told] == ["-7", None, None]
    assert [row.data["rows"] for row in told] == [3, 1, 1]
