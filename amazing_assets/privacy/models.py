"""Which models had learnt from customers who are erased: none holds their rows, all may be shaped.

Stored models are figures of crowds: no row, id or visit of a customer is among their files, which
the search of every erasure proves anew. What they learnt fades with the next training.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from amazing_assets.dates import first_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from amazing_assets.models.store import ModelStore

# Tag of a version: the date before which lies all that it learnt from.
_REFERENCE_DATE = "reference_date"


def models_that_saw(stores: Iterable[ModelStore], months: Collection[str]) -> dict[str, list[str]]:
    """Return the versions, by model, that may have learnt from customers of some months.

    A version says at most before which date its material lies; what says nothing may have seen
    everybody.
    """
    if not months:
        return {}
    first = first_day(min(months))
    found = {
        store.model.name: [
            str(each.version) for each in store.versions() if _may_have_seen(each, first)
        ]
        for store in stores
    }
    return {name: sorted(versions, key=int) for name, versions in found.items() if versions}


def _may_have_seen(version: Any, first: date) -> bool:  # noqa: ANN401  MLflow is imported late
    told = version.tags.get(_REFERENCE_DATE)
    return told is None or date.fromisoformat(told) > first
