"""The rules of design section 4 as tests: what imports what, and what happens on import."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "amazing_assets"

# The page: a module imports only from those above it.
PAGE = (
    "dates",
    "cadence",
    "errors",
    "settings",
    "progress",
    "pseudonym",
    "small_cells",
    "pictures",
    "language",
    "lake",
    "warehouse",
    "models",
    "landing",
    "events",
    "customers",
    "segments",
    "churn",
    "next_actions",
    "delivery",
    "privacy",
    "demo",
    "defs",
    "definitions",
    "runs",
    "commands",
    "cli",
    "__main__",
)

# What these need of each other arrives as a table.
STRANGERS = {"segments", "churn", "next_actions"}

BEHIND_THE_WALL = {"defs", "definitions", "runs", "cli", "__main__"}

FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(file):
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield node.module


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_data_flows_down_the_page(file):
    part = part_of(file)
    if part == "__init__":
        assert not list(imports_of(file))
        return
    for name in imports_of(file):
        if name.startswith("amazing_assets."):
            other = name.split(".")[1]
            assert PAGE.index(other) < PAGE.index(part) or other == part, name
            assert not {part, other} <= STRANGERS or part == other, name


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_only_the_wiring_knows_dagster(file):
    if part_of(file) not in BEHIND_THE_WALL:
        assert not [name for name in imports_of(file) if name.split(".")[0].startswith("dagster")]


def test_the_wiring_reads_its_settings_once():
    reading = {
        file.relative_to(PACKAGE).as_posix()
        for file in (PACKAGE / "defs").rglob("*.py")
        if re.search(r"\bload_settings\(", file.read_text())
    }
    assert reading == {"defs/environment.py"}


def test_private_names_of_dagster_are_in_one_module():
    private = {
        file.relative_to(PACKAGE).as_posix()
        for file in FILES
        for name in imports_of(file)
        if re.match(r"dagster(\w*\.)+_|dagster_shared", name)
    }
    assert private == {"defs/dagster_private.py"}


def test_a_folder_has_a_word_of_the_business():
    banned = {"utils", "helpers", "common", "base", "core", "misc"}
    assert not [f for f in PACKAGE.rglob("*") if f.stem in banned]


def test_a_package_file_holds_a_docstring_and_nothing_else():
    for file in PACKAGE.rglob("*/__init__.py"):
        body = ast.parse(file.read_text()).body
        assert len(body) == 1, file


def test_definitions_load_without_network_secrets_or_heavy_libraries(tmp_path):
    program = """
import socket, sys
def refuse(*_): raise AssertionError("network")
socket.socket.connect = refuse
import dagster as dg
from amazing_assets.definitions import defs
dg.Definitions.validate_loadable(defs())
heavy = {"torch", "mlflow", "lightgbm", "sklearn", "altair", "typst", "dagster_aws"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    environment = {"PATH": "/usr/bin:/bin", "AMAZING_HOME": str(tmp_path / "home")}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "home").exists()
