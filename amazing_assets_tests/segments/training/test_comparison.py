import pytest

from amazing_assets.language.language import ENGLISH
from amazing_assets.models.promotion import MAJOR, PROMOTED, REFUSED, decide
from amazing_assets.segments.training.comparison import SegmentComparison

GOOD = SegmentComparison(
    None, champion_is_fallback=False, fidelity=0.95, kept_share=0.9, eta_squared=(0.3, 0.3)
)


@pytest.mark.parametrize(
    ("measured", "outcome", "reasons"),
    [
        (GOOD, PROMOTED, ()),
        (SegmentComparison(None, champion_is_fallback=False), PROMOTED, ()),
        (GOOD._replace(eta_squared=(0.291, 0.3), fidelity=0.9, kept_share=0.75), PROMOTED, ()),
        (
            GOOD._replace(kept_share=0.74),
            MAJOR,
            (
                (
                    "Only 74.0% of the common customers keep their segment, 75.0% are wanted: a "
                    "person decides."
                ),
            ),
        ),
        (
            GOOD._replace(alert="segmentation_not_stable"),
            REFUSED,
            ("It raised the alert segmentation_not_stable.",),
        ),
        (
            GOOD._replace(fidelity=0.894),
            REFUSED,
            ("Its rules place 89.4% as it does, 90.0% are wanted.",),
        ),
        (GOOD._replace(fidelity=0.86, fidelity_before=0.865), PROMOTED, ()),
        (
            GOOD._replace(fidelity=0.85, fidelity_before=0.87),
            REFUSED,
            ("Its rules place 85.0% as it does, 86.0% are wanted.",),
        ),
        (
            GOOD._replace(eta_squared=(0.28, 0.3), kept_share=0.1),
            REFUSED,
            ("Its segments tell later revenue apart less well: eta squared 0.280 against 0.300.",),
        ),
    ],
)
def test_a_challenger_replaces_waits_or_is_refused(measured, outcome, reasons):
    decision = decide(measured.decisive)
    assert decision.outcome == outcome
    assert tuple(reason.told(ENGLISH) for reason in decision.reasons) == reasons
