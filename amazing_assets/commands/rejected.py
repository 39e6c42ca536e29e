"""How rejected rows are told: by a run of its months, and by `amazing rejects`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amazing_assets.events.rejects import Rejects

# An example is a line of the file; longer ones are broken ones.
_LONGEST = 200


def reason_rows(found: Iterable[Rejects]) -> list[dict[str, object]]:
    """Return how many rows of each month were rejected for which reason."""
    return [
        {"month": each.month, "reason": reason, "rows": rows}
        for each in found
        for reason, rows in each.reasons.items()
    ]


def example_rows(found: Iterable[Rejects]) -> list[dict[str, object]]:
    """Return the examples of each month, their ids masked."""
    return [
        {"month": each.month, **example._asdict()} for each in found for example in each.examples
    ]


def rejects_lines(found: Rejects) -> Iterator[str]:
    """Yield what a person is told of a month's rejected rows."""
    reasons = ", ".join(f"{rows:,} {reason}" for reason, rows in found.reasons.items())
    share = found.rejected / found.rows
    count = f"{found.rejected:,} of {found.rows:,} rows rejected ({share:.1%})"
    yield f"{found.month}: {count}: {reasons}"
    for example in found.examples:
        yield (
            f"  {quoted(example.file)} line {example.line_number:,}, {example.reason}: "
            f"{quoted(example.line, _LONGEST)}"
        )
