import pandera.polars as pa
import polars as pl
import pytest

from amazing_assets.lake.lineage import Tracer


class Visits(pa.DataFrameModel):
    customer: int
    minutes: int
    shop: str


class Shops(pa.DataFrameModel):
    shop: str
    town: str
    country: str


@pytest.fixture
def tracer():
    return Tracer()


@pytest.fixture
def visits(tracer):
    return tracer.table("visits", Visits)


def test_a_column_is_made_of_what_it_is_computed_from_and_grouped_by(tracer, visits):
    query = visits.group_by("customer").agg(pl.col("minutes").sum(), visits=pl.len())
    assert tracer.lineage(query) == {
        "customer": {("visits", "customer")},
        "minutes": {("visits", "customer"), ("visits", "minutes")},
        "visits": {("visits", "customer")},
    }


def test_what_decides_which_rows_count_is_part_of_it(tracer, visits):
    query = visits.filter(pl.col("minutes") > 1).select("customer")
    assert tracer.lineage(query) == {"customer": {("visits", "customer"), ("visits", "minutes")}}


def test_a_join_reaches_both_tables(tracer, visits):
    query = visits.join(tracer.table("shops", Shops), on="shop").select("town")
    assert tracer.lineage(query) == {
        "town": {("visits", "shop"), ("shops", "shop"), ("shops", "town")}
    }


def test_what_stands_in_for_a_frame_leads_to_the_tables_behind_it(tracer):
    schema = pl.Schema({"shop": pl.String, "median": pl.Float64})
    made_of = {"shop": [("shops", "shop")], "median": [("visits", "minutes"), ("visits", "shop")]}
    medians = tracer.stand_in(schema, made_of)
    assert tracer.sources(medians.select("median")) == {("visits", "minutes"), ("visits", "shop")}


def test_a_constant_is_made_of_nothing(tracer, visits):
    query = visits.select("customer", version=pl.lit("1"))
    assert tracer.lineage(query)["version"] <= {("visits", "customer")}
