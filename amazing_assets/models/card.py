"""What every model card is made of: tables and figures as Markdown."""

from collections.abc import Iterable, Sequence


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def shown(value: float | None) -> str:
    """Return a figure for a reader."""
    return "not measured" if value is None else f"{value:.3f}"
