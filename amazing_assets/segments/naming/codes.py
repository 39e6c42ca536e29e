"""What a segment is called: codes, which `words` puts into a language."""

from __future__ import annotations

from typing import NamedTuple

from amazing_assets.segments.contract import SETTLED

# Of segments beyond the seven animals that mean something.
RESERVE = ("wolves", "stags", "hedgehogs", "lynxes", "blackbirds")

# Once they are used up, the same again, numbered: animal and number of each such code. Nine rounds
# are 45 names, four times as many as there are segments in the largest model that is tried.
NUMBERED = {f"{animal}_{n}": (animal, n) for n in range(2, 10) for animal in RESERVE}

# The columns that hold a name in a table.
NAME_COLUMNS = ("segment_name", "name_status", "name_traits")


class Name(NamedTuple):
    """What a segment is called.

    Attributes:
        code: An animal or a group of the fallback, as `segment_name` in every table.
        traits: Codes of what tells a name in reserve from the others.
        status: `settled`; `provisional` until a person has agreed; `reserve` beyond seven segments.
        distance: From the prototype, weighted; None without one.
    """

    code: str
    traits: tuple[str, ...] = ()
    status: str = SETTLED
    distance: float | None = None

    @classmethod
    def of(cls, code: str, status: str | None = None, traits: str | None = None) -> Name:
        """Return the name that a table holds in its `NAME_COLUMNS`."""
        return cls(code, tuple(traits.split(", ")) if traits else (), status or SETTLED)

    @property
    def columns(self) -> dict[str, str | None]:
        """The name as a table holds it, by `NAME_COLUMNS`."""
        held = (self.code, self.status, ", ".join(self.traits) or None)
        return dict(zip(NAME_COLUMNS, held, strict=True))
