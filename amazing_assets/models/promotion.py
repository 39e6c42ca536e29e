"""Whether a new model may replace the champion by itself, must wait for a person, or may not."""

from typing import NamedTuple

from amazing_assets.errors import PlainError

PROMOTED, MAJOR, REFUSED = "promoted", "major", "refused"


class PromotionError(PlainError):
    """A version may not become the champion; the message says why."""


class Verdict(NamedTuple):
    """What happens to a challenger, and every reason in a sentence."""

    decision: str
    reasons: tuple[str, ...]
