"""The pages of the documentation that are made of the code, so that they are never out of date.

Made when the site is built, and kept nowhere: the dictionary of every table and column from the
contracts, the commands from their parser, the settings, the checks from the graph, and what
CONTRIBUTING.md and CHANGELOG.md say.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from amazing_assets.cli import app
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.variables import NAMES
from amazing_assets.warehouse.described import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import dagster as dg
    import pandera.polars as pa

# As the graph groups them, from the first to the last.
GROUPS = ("events", "customers", "segments", "churn", "next_actions")

_GROUP = "reference/tables-"

# The line of the site's configuration after which those of the groups stand.
_ALL_TABLES = '        { "Tables" = "reference/tables.md" },\n'

_TABLES = """# Every table and column

What each table is, and what each of its columns holds: the contracts that block a month which does
not keep them. [How to read the tables](../reading-tables.md).

"""

_SETTINGS = """# Settings

Environment variables; none must be set. A misspelled name and a value that is not accepted are
refused at start. Buckets take the usual `AWS_` variables.

"""

_CHECKS = """# Checks

A check that blocks leaves what was there in place, and nothing is made of what it refused; one that
warns is for a person to look at.

"""

_DECISIONS = """# Decisions

What was decided where there were alternatives, and on which evidence.

"""

# Links of pages that lie at the root of the project, and of which the site has a copy.
_COPIES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def pages(definitions: dg.Definitions, root: Path) -> dict[str, str]:
    """Return the text of every page that is made, by its path beneath the documentation.

    Args:
        definitions: The graph.
        root: Of the project.
    """
    tables = dictionary(definitions)
    return {
        "reference/tables.md": _contents(tables),
        **{f"{_GROUP}{group}.md": text for group, text in tables.items()},
        "reference/commands.md": commands(),
        "reference/settings.md": settings(),
        "reference/checks.md": checks(definitions),
        "decisions.md": decisions(root / "docs" / "adr"),
        **{page: _moved((root / source).read_text()) for source, page in _COPIES.items()},
    }


def dictionary(definitions: dg.Definitions) -> dict[str, str]:
    """Return a page for each group: what its tables are, and what each of their columns is."""
    contracts = {**LAKE, **WAREHOUSE}
    specs = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
    by_group = sorted(contracts, key=lambda name: specs[name].group_name or "")
    found = groupby(by_group, key=lambda name: specs[name].group_name or "")
    return {
        group: _lines(
            [
                f"# Tables of {group.replace('_', ' ')}",
                *(_table(specs[name], contracts[name]) for name in names),
            ]
        )
        for group, names in found
    }


def navigation(configuration: str, made: Iterable[str]) -> str:
    """Return the configuration of the site with a line for the tables of every group."""
    lines = (
        f'        {{ "Tables of {page[len(_GROUP) : -3].replace("_", " ")}" = "{page}" }},\n'
        for page in made
        if page.startswith(_GROUP)
    )
    return configuration.replace(_ALL_TABLES, _ALL_TABLES + "".join(lines))


def _contents(tables: Mapping[str, str]) -> str:
    lines = []
    for group in sorted(tables, key=GROUPS.index):
        names = re.findall(r"^## `(\w+)`", tables[group], re.MULTILINE)
        links = ", ".join(f"[`{name}`](tables-{group}.md#{name})" for name in names)
        lines += [f"- **{group.replace('_', ' ')}**: {links}"]
    return _TABLES + _lines(lines)


def _table(spec: dg.AssetSpec, contract: type[pa.DataFrameModel]) -> str:
    name = spec.key.to_user_string()
    partitions = spec.partitions_def
    every = "with every model" if partitions is None else _cadence(partitions)
    where = "lake" if name in LAKE else "warehouse"
    columns = contract.to_schema().columns.items()
    rows = [
        (f"`{column}`", f"`{each.dtype}`", "yes" if each.nullable else "", each.description or "")
        for column, each in columns
    ]
    return "\n".join(
        [
            f"\n## `{name}` {{#{name}}}\n",
            f"{_cell(about(contract))}\n",
            f"{_cell(' '.join((spec.description or '').split()))}\n",
            f"Made {every}, kept in the {where}.\n",
            *_rows(("column", "type", "null", "what it is"), rows),
        ]
    )


def _cadence(partitions: object) -> str:
    return "every week" if "Weekly" in type(partitions).__name__ else "every month"


def commands() -> str:
    """Return what every command does and takes, as its parser knows it."""
    said = app.generate_docs(output_format="markdown", heading_level=1)
    return said.replace("# amazing\n", "# Commands\n", 1)


def settings() -> str:
    """Return the environment variables, all of them."""
    rows = [(f"`{name}`", said) for name, said in sorted(NAMES.items())]
    return _SETTINGS + _lines(_rows(("variable", "what it says"), rows))


def checks(definitions: dg.Definitions) -> str:
    """Return what is checked of every table, and whether it blocks what follows."""
    graph = definitions.resolve_asset_graph()
    found = sorted(graph.asset_check_keys, key=lambda key: (key.asset_key.path, key.name))
    nodes = [graph.get(key) for key in found]
    rows = [
        (
            f"`{node.key.asset_key.to_user_string()}`",
            f"`{node.key.name}`",
            "blocks" if node.blocking else "warns",
            node.description or "",
        )
        for node in nodes
    ]
    head = ("table", "check", "", "what holds if it passes")
    return _CHECKS + _lines(_rows(head, rows))


def decisions(folder: Path) -> str:
    """Return the titles of all decisions; the template has none."""
    pages = sorted(folder.glob("[0-9]*.md"))[1:]
    titles = [page.read_text().partition("\n")[0].lstrip("# ") for page in pages]
    links = zip(titles, pages, strict=True)
    return _DECISIONS + _lines(f"- [{title}](adr/{page.name})" for title, page in links)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = tuple(head)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    """Return a text that stands in a line of a table as it is written."""
    return text.replace("|", r"\|").replace("<", "&lt;")


def _moved(text: str) -> str:
    """Return a page of the project's root with its links as they are from the documentation.

    Links into the code become plain words: the site has no page of it.
    """

    def link(found: re.Match[str]) -> str:
        said, target = found.groups()
        if "://" in target or target.startswith("#"):
            return found[0]
        if target in _COPIES:
            return f"[{said}]({_COPIES[target]})"
        page = target.removeprefix("docs/")
        is_page = target.startswith("docs/") and target.partition("#")[0].endswith(".md")
        return f"[{said}]({page})" if is_page else said

    return re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)", link, text)
