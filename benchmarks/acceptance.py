"""A row of an acceptance table: what was measured against what is wanted."""

from typing import NamedTuple


class Result(NamedTuple):
    """One check in one world."""

    row: str
    check: str
    seed: int
    measured: str
    target: str
    passed: bool

    @property
    def verdict(self) -> str:
        """In a word."""
        return "pass" if self.passed else "MISS"
