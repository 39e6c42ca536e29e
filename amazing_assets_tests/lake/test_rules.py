"""One pass over all columns finds what Pandera finds, in every contract of the project."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amazing_assets.customers.contract import UserFeatures
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.lake.contract import Fault, Table, find_faults
from amazing_assets.lake.rules import certainly_keeps
from amazing_assets.segments.training.contract import SegmentSuccession

CONTRACTS: list[type[pa.DataFrameModel]] = [*LAKE.values(), *WAREHOUSE.values(), SegmentSuccession]
ROWS = 4


def by_pandera(schema, frame):
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        return error.failure_cases
    return None


def bounds(column):
    return {check.name: next(iter(check.statistics.values())) for check in column.checks}


def good(column):
    """Different values that keep a column's rules."""
    values: list[Any]
    dtype, limits = column.dtype.type, bounds(column)
    if "isin" in limits:
        values = sorted(limits["isin"])
    elif isinstance(dtype, pl.Enum):
        values = dtype.categories.to_list()
    elif dtype.is_numeric():
        least = limits.get("greater_than_or_equal_to", limits.get("greater_than", -1) + 0.5)
        most = limits.get("less_than_or_equal_to", least + 100)
        values = [least + (most - least) * n / ROWS for n in range(ROWS)]
        values = values if dtype.is_float() else [int(value + 0.5) for value in values]
    else:
        kinds: dict[Any, list[Any]] = {
            pl.Boolean: [True, False],
            pl.String: ["a", "b", "c", "d"],
            pl.Date: [date(2019, 10, n) for n in (1, 2, 3, 4)],
            pl.Datetime: [datetime(2019, 10, n, tzinfo=UTC) for n in (1, 2, 3, 4)],
            pl.List: [[1], [], [2, 3], [4]],
        }
        values = kinds[dtype.base_type()]
    return pl.Series([values[n % len(values)] for n in range(ROWS)], dtype=dtype, strict=False)


def whole(schema):
    return pl.DataFrame({name: good(column) for name, column in schema.columns.items()})


def plantings(column):
    """What may stand in a column: what its contract forbids, and what it does not."""
    dtype, limits = column.dtype.type, bounds(column)
    yield None
    if dtype.is_float():
        yield float("nan")
    if dtype.is_numeric():
        yield from (limits[name] for name in limits if name != "isin")
        yield from (limits[name] + step for name in limits if name != "isin" for step in (-1, 1))
    if dtype == pl.String:
        yield "none of them"


def planted(frame, name, value):
    """The frame with a value in its last row; where the type cannot hold it, as it is."""
    values = [*frame[name].to_list()[:-1], value]
    return frame.with_columns(pl.Series(name, values, dtype=frame.schema[name], strict=False))


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.__name__)
def test_rows_that_keep_a_contract_keep_it_for_pandera_too(contract):
    schema = contract.to_schema()
    assert by_pandera(schema, whole(schema)) is None
    assert certainly_keeps(schema, whole(schema))
    assert certainly_keeps(schema, whole(schema).clear())


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.__name__)
def test_what_is_planted_in_any_column_is_found_just_where_pandera_finds_it(contract):
    schema = contract.to_schema()
    frame, broken, differ = whole(schema), {}, []
    for name, column in schema.columns.items():
        # Of a column alone: for all of them Pandera takes half a second.
        alone = schema.select_columns([name])
        alone.unique = None
        for value in plantings(column):
            faulty = planted(frame, name, value)
            kept = by_pandera(alone, faulty.select(name)) is None
            if certainly_keeps(alone, faulty.select(name)) is not kept:
                differ.append((name, value))
            if not kept:
                broken[name] = faulty
    assert not differ
    assert broken.keys() >= {name for name, each in schema.columns.items() if not each.nullable}
    assert [name for name in broken if certainly_keeps(schema, broken[name])] == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.__name__)
def test_a_column_missing_added_or_of_another_type_is_told_as_pandera_tells_it(contract):
    schema = contract.to_schema()
    frame = whole(schema)
    first = frame.columns[0]
    for faulty in (
        frame.drop(first),
        frame.with_columns(extra=pl.lit(1)),
        frame.with_columns(pl.lit("text", pl.Binary).alias(first)),
    ):
        cases = by_pandera(schema, faulty)
        assert not certainly_keeps(schema, faulty)
        assert sum(fault.rows for fault in find_faults(schema, faulty)) == cases.height > 0


@pytest.mark.parametrize(
    "contract",
    [each for each in CONTRACTS if each.to_schema().unique],
    ids=lambda each: each.__name__,
)
def test_a_row_that_is_there_twice_is_found_as_pandera_finds_it(contract):
    schema = contract.to_schema()
    twice = pl.concat([whole(schema).head(1)] * 2)
    assert by_pandera(schema, twice).height == 2
    assert not certainly_keeps(schema, twice)
    assert [fault.rule for fault in find_faults(schema, twice)] == ["multiple_fields_uniqueness"]


class Every(Table):
    """A rule of each kind that contracts are made of."""

    number: int = pa.Field(ge=0, lt=100)
    share: float = pa.Field(ge=0, le=1)
    figure: float = pa.Field(nullable=True, gt=-1)
    word: str = pa.Field(isin=("a", "b"), nullable=True)
    kind: Annotated[pl.Enum, ("x", "y", "z")] = pa.Field(isin=("x", "z"))
    name: str = pa.Field(unique=True)

    class Config:
        """No two rows alike."""

        unique = ("number", "word")


NUMBERS = st.one_of(st.none(), st.integers(-1, 101))
FLOATS = st.one_of(st.none(), st.sampled_from([-1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 1.5]), st.floats())
LINES = st.fixed_dictionaries(
    {
        "number": NUMBERS,
        "share": FLOATS,
        "figure": FLOATS,
        "word": st.sampled_from([None, "a", "b", "c"]),
        "kind": st.sampled_from([None, "x", "y"]),
        "name": st.sampled_from([None, "a", "b", "c", "d"]),
    }
)
GOOD = st.fixed_dictionaries(
    {
        "number": st.integers(0, 99),
        "share": st.floats(0, 1),
        "figure": st.one_of(st.sampled_from([None, float("nan")]), st.floats(-0.5)),
        "word": st.sampled_from([None, "a", "b"]),
        "kind": st.just("x"),
        "name": st.text(max_size=3),
    }
)


@settings(max_examples=60)
@given(st.lists(st.one_of(GOOD, LINES), max_size=5))
def test_any_rows_keep_a_contract_just_when_pandera_says_so(lines):
    schema = Every.to_schema()
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    frame = pl.DataFrame(lines, schema=types)
    assert certainly_keeps(schema, frame) is (by_pandera(schema, frame) is None)


def test_rules_rows_and_examples_are_those_of_pandera():
    schema = Every.to_schema()
    frame = pl.DataFrame(
        {
            "number": [-1, 100, -7],
            "share": [float("nan"), 0.5, None],
            "figure": [None, None, -1.0],
            "word": ["a", "c", None],
            "kind": ["x", "x", "y"],
            "name": ["n", "m", "n"],
        },
        schema={name: column.dtype.type for name, column in schema.columns.items()},
    )
    assert set(find_faults(schema, frame)) == {
        Fault("number", "greater_than_or_equal_to(0)", 2, "-1"),
        Fault("number", "less_than(100)", 1, "100"),
        Fault("share", "not_nullable", 2, "NaN"),
        Fault("share", "less_than_or_equal_to(1)", 1, "NaN"),
        Fault("figure", "greater_than(-1)", 1, "-1.0"),
        Fault("word", "isin(('a', 'b'))", 1, "c"),
        Fault("kind", "isin(('x', 'z'))", 1, "y"),
        Fault("name", "field_uniqueness", 2, "n"),
    }


class Matching(Table):
    """A rule that only Pandera knows."""

    word: str = pa.Field(str_matches="^a")


def test_a_rule_that_only_pandera_knows_is_left_to_it():
    schema = Matching.to_schema()
    assert not certainly_keeps(schema, pl.DataFrame({"word": ["a"]}))
    assert find_faults(schema, pl.DataFrame({"word": ["a"]})) == []
    assert [fault.rows for fault in find_faults(schema, pl.DataFrame({"word": ["a", "b"]}))] == [1]


def test_no_contract_of_the_project_is_slow_to_audit():
    known = [certainly_keeps(each.to_schema(), whole(each.to_schema())) for each in CONTRACTS]
    assert known == [True] * len(CONTRACTS)
    assert UserFeatures in CONTRACTS
