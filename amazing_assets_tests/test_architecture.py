"""The rules that a check enforces, as CONTRIBUTING.md lists them: what imports what, and form."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "amazing_assets"

# The page: a module imports only from those above it.
PAGE = (
    "dates",
    "cadence",
    "s3_refusals",
    "errors",
    "loading",
    "whole_files",
    "variables",
    "locations",
    "places",
    "s3_client",
    "quantities",
    "markets",
    "settings",
    "fault_log",
    "progress",
    "retries",
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
    "backup",
    "defs",
    "definitions",
    "runs",
    "commands",
    "cli",
    "__main__",
)

# The rooms of `segments`, from above, and the files between them.
SEGMENTS = (
    "contract",
    "registered",
    "behaviour",
    "clustering",
    "naming",
    "profiles",
    "visits",
    "search",
    "model",
    "threshold",
    "explanation",
    "drift",
    "stored",
    "serving",
    "lineage",
    "training",
)

# What these need of each other arrives as a table.
STRANGERS = {"segments", "churn", "next_actions"}

BEHIND_THE_WALL = {"defs", "definitions", "runs", "commands"}

LONGEST_FILE = 300

# A charter says what belongs, what does not, who may import it, and where the idea is explained.
CHARTER = re.compile(
    r"\A[A-Z][^\n]+[.?]\n\n"
    r"Belongs here: .+?\.\nDoes not: .+?\.\n.*?[Mm]ay be imported by .+?\.\n.*?"
    r"Explained in (?P<where>.+)\.\Z",
    re.DOTALL,
)

# Whole stories, through the daemon and a browser; they are about no room.
STORIES = {Path("daemon"), Path("browser"), Path("stack")}

FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(PACKAGE.glob("*/**/__init__.py"))


def named(file):
    return str(file.relative_to(PACKAGE))


def part_of(file):
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield node.module


@pytest.mark.parametrize("file", FILES, ids=named)
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


def module_of(file):
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in FILES}


def modules_imported_by(file):
    """Modules of ours, those inside functions and for types only as well."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            # A module that is taken from its room is one; the room itself holds nothing.
            yield from (below & MODULES.keys()) or ({node.module} & MODULES.keys())


def test_no_two_files_import_each_other_in_a_loop():
    graph = {name: set(modules_imported_by(file)) for name, file in MODULES.items()}
    assert sum(map(len, graph.values())) > len(graph)
    # Raises an error that names the loop.
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("file", sorted((PACKAGE / "segments").rglob("*.py")), ids=named)
def test_the_rooms_of_segments_keep_their_order(file):
    room = file.relative_to(PACKAGE / "segments").parts[0].removesuffix(".py")
    for name in modules_imported_by(file):
        if name.startswith("amazing_assets.segments."):
            other = name.split(".")[2]
            assert other == room or SEGMENTS.index(other) < SEGMENTS.index(room), name


@pytest.mark.parametrize("file", FILES, ids=named)
def test_only_the_wiring_knows_dagster(file):
    if part_of(file) not in BEHIND_THE_WALL:
        assert not [name for name in imports_of(file) if name.split(".")[0].startswith("dagster")]


def test_the_wiring_reads_its_settings_when_it_is_loaded_and_when_a_home_is_opened():
    reading = {
        file.relative_to(PACKAGE).as_posix()
        for file in (PACKAGE / "defs").rglob("*.py")
        if re.search(r"\bload_settings\(", file.read_text())
    }
    assert reading == {"defs/environment.py", "defs/resources/stores.py"}


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


@pytest.mark.parametrize("file", ROOMS, ids=named)
def test_a_room_opens_with_its_charter_and_nothing_else(file):
    tree = ast.parse(file.read_text())
    assert len(tree.body) == 1
    charter = ast.get_docstring(tree)
    assert CHARTER.match(charter), charter
    assert 5 <= len(charter.splitlines()) <= 10


@pytest.mark.parametrize("file", ROOMS, ids=named)
def test_what_a_charter_names_exists(file):
    charter = ast.get_docstring(ast.parse(file.read_text()))
    where = CHARTER.match(charter)["where"]
    pages = re.findall(r"[\w./-]+\.(?:md|yaml)", where)
    assert pages
    texts = {page: (PACKAGE.parent / page).read_text() for page in pages}
    for heading in re.findall(r'"(.+?)"', where):
        form = rf"^(#+ {heading}|\*\*{heading}\.\*\*)"
        assert re.search(form, texts[pages[-1]], re.MULTILINE), heading


def test_no_file_is_longer_than_a_person_reads_at_once():
    lines = {named(file): len(file.read_text().splitlines()) for file in FILES}
    assert not {name: n for name, n in lines.items() if n > LONGEST_FILE}


def test_tests_lie_beside_the_room_that_they_are_about():
    tests = Path(__file__).parent
    folders = {file.parent.relative_to(tests) for file in tests.rglob("test_*.py")}
    assert len(folders) > len(STORIES)
    assert not [str(f) for f in folders if f not in STORIES and not (PACKAGE / f).is_dir()]


def run_alone(program, **environment):
    """A process of its own that runs a program, and nothing of this one's environment."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_report_does_not_wait_for_what_models_are_fitted_with():
    ran = run_alone("""
import sys
from amazing_assets.delivery.report import report
heavy = {"torch", "mlflow", "lightgbm", "sklearn", "scipy"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
""")
    assert ran.returncode == 0, ran.stderr


def test_definitions_load_without_network_secrets_or_heavy_libraries(tmp_path):
    program = """
import socket, sys
def refuse(*_): raise AssertionError("network")
socket.socket.connect = refuse
import dagster as dg
from amazing_assets.definitions import defs
dg.Definitions.validate_loadable(defs())
heavy = {"torch", "mlflow", "lightgbm", "sklearn", "altair", "typst", "dagster_aws", "fastapi"}
heavy |= {"obstore", "distributed", "psycopg2"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    ran = run_alone(program, AMAZING_HOME=str(tmp_path / "home"))
    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "home").exists()


def test_definitions_of_a_warehouse_on_a_server_ask_it_nothing_and_say_where_tables_are(tmp_path):
    program = """
import sys
from amazing_assets.definitions import defs
from amazing_assets.defs.tables.contracts import WAREHOUSE
assert "psycopg2" not in sys.modules
graph = defs().resolve_asset_graph()
kinds = {key.to_user_string(): graph.get(key).kinds for key in graph.get_all_asset_keys()}
assert {name for name in kinds if "postgresql" in kinds[name]} == set(WAREHOUSE)
assert not [name for name in kinds if "duckdb" in kinds[name]]
"""
    nowhere = "postgresql://user:password@127.0.0.1:9/nowhere"
    ran = run_alone(program, AMAZING_HOME=str(tmp_path / "home"), AMAZING_WAREHOUSE=nowhere)
    assert ran.returncode == 0, ran.stderr
