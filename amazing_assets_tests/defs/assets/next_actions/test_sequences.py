import polars as pl

from amazing_assets.defs.assets import events
from amazing_assets.defs.assets.next_actions.sequences import action_sequences
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import Home, checks, made

ASSETS = [events.landed_events, events.clean_events, action_sequences]


def test_a_months_sequences_are_made_of_its_events(tmp_path):
    home = Home(tmp_path)
    landed(home.landing, line(), line(user_id="2"), line(user_id="2", event_type="cart"))
    run = home.materialize(assets=ASSETS)
    assert checks(run)["action_sequences", "keeps_contract"].passed
    found = home.table("action_sequences")["actions"].sort().to_list()
    assert found == [[7, 21, 56], [7, 56]]
    assert home.lake.scan("action_sequences", "2019-10").collect_schema()["actions"] == pl.List(
        pl.Int16
    )


def test_a_month_of_which_nothing_landed_has_none(tmp_path):
    home = Home(tmp_path)
    assert made(home.materialize(assets=[action_sequences])) == {"action_sequences"}
    assert home.lake.months("action_sequences") == ()
