"""A server that is away for a moment, and one that stays away."""

import pytest

from amazing_assets.places import Server
from amazing_assets.warehouse.attempts import attempted, pauses_within
from amazing_assets.warehouse.connection import ServerAwayError
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.warehouse import WarehouseError


@pytest.mark.parametrize(
    ("patience", "pauses"), [(0.5, ()), (15, (1, 2, 4, 8)), (60, (1, 2, 4, 8, 16))]
)
def test_pauses_are_over_within_the_patience(patience, pauses):
    assert pauses_within(patience) == pauses


def test_what_succeeds_after_a_pause_is_returned_and_told():
    said, answers = [], iter([ServerAwayError("Away."), "here"])

    def attempt():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert attempted(attempt, said.append, (0.01, 0.01)) == "here"
    assert said == ["Away. Another attempt follows in 0.01 s."]


def test_a_reader_tries_a_server_that_is_away_as_often_as_it_was_told_to():
    said = []
    away = Server("postgresql://lab@127.0.0.1:9/nowhere")
    warehouse = ServerWarehouse(away, None, tell=said.append, pauses=(0.01, 0.01))
    with pytest.raises(WarehouseError, match="does not answer"):
        warehouse.read_table("figures")
    assert len(said) == 2
