"""From a decision to the registry: the one road on which every new model is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.language.language import ENGLISH
from amazing_assets.models.promotion import PROMOTED, REFUSED
from amazing_assets.models.store import CHALLENGER
from amazing_assets.models.versions import DECISION, REASONS, call, promote

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.models.promotion import Decision
    from amazing_assets.models.store import ModelStore


class Release(NamedTuple):
    """What became of a training; `version` is None where nothing was published."""

    version: str | None
    decision: str
    reasons: str


def release_as_decided(
    decision: Decision,
    store: ModelStore,
    publish: Callable[[dict[str, str]], str],
    may_replace: Callable[[], bool] = lambda: True,
) -> Release:
    """Publish a model as was decided.

    Promoted, it is the champion; refused, it is kept; else it is called `challenger` and waits for
    a person. Where it is not promoted the champion stays.

    Args:
        decision: On the model.
        store: Of its kind.
        publish: Stores it with these tags and returns its version.
        may_replace: Whether, once published, it may be the champion at all.
    """
    reasons = " ".join(reason.told(ENGLISH) for reason in decision.reasons) or "none"
    if not decision.is_published:
        return Release(None, decision.outcome, reasons)
    version = publish({DECISION: decision.outcome, REASONS: reasons})
    if decision.outcome != REFUSED:
        call(version, CHALLENGER, store)
    if decision.outcome == PROMOTED and may_replace():
        promote(version, store)
    return Release(version, decision.outcome, reasons)
