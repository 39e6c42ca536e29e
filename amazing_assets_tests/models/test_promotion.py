import pytest

from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets.models.promotion import (
    MAJOR,
    PROMOTED,
    REFUSED,
    Comparison,
    Decision,
    Reason,
    decide,
)

BAD, DOUBTFUL = Reason("alert", {"alert": "odd"}), Reason("kept_share", {"share": 0.1})


@pytest.mark.parametrize(
    ("comparison", "decision"),
    [
        # Nothing is in use: whatever there is is better, and its reasons tell what to think of it.
        (Comparison((BAD,), (DOUBTFUL,), is_fallback=True), Decision(PROMOTED, (BAD, DOUBTFUL))),
        # What passed the gates replaces the fallback.
        (Comparison((BAD,), champion_is_fallback=True), Decision(PROMOTED, (BAD,))),
        (
            Comparison((BAD,), is_fallback=True, champion_is_fallback=True),
            Decision(REFUSED, (BAD,), is_published=False),
        ),
        (
            Comparison((BAD,), is_fallback=True, champion_is_fallback=False),
            Decision(REFUSED, (BAD,), is_published=False),
        ),
        (Comparison((BAD,), (DOUBTFUL,), champion_is_fallback=False), Decision(REFUSED, (BAD,))),
        (Comparison((), (DOUBTFUL,), champion_is_fallback=False), Decision(MAJOR, (DOUBTFUL,))),
        (Comparison(champion_is_fallback=False), Decision(PROMOTED)),
    ],
)
def test_one_decision_says_what_happens_to_a_new_model(comparison, decision):
    assert decide(comparison) == decision


def test_a_reason_is_told_in_both_languages():
    reason = Reason("fidelity", {"share": 0.894, "least_share": 0.9})
    assert reason.told(ENGLISH) == "Its rules place 89.4% as it does, 90.0% are wanted."
    assert "89,4" in reason.told(FRENCH)
