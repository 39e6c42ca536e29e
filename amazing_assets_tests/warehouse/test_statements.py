"""What Redshift is told, which no test can run: held against what it is known to refuse."""

import re
from datetime import date

import polars as pl
import pytest
import sqlglot
from sqlglot import exp

from amazing_assets.defs.resources.servers import server_writer
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE, WEEKLY_TABLES
from amazing_assets.delivery.readable.contracts import Contracts
from amazing_assets.delivery.readable.named import views_of
from amazing_assets.lake.contract import schema_of
from amazing_assets.places import Server
from amazing_assets.privacy.people import People
from amazing_assets.privacy.server import ServerTables
from amazing_assets.warehouse.loading import copy_from
from amazing_assets.warehouse.statements import Statements, tables_of
from amazing_assets.warehouse.warehouse import Replacement

ROLE = "arn:aws:iam::123456789012:role/redshift"
REDSHIFT = Server("redshift://u@h:5439/d", readers="analysts", stage="s3://b/p", role=ROLE)
KEYS = {"month": "2019-10", "week": "2019-10-01"}
DAY = date(2019, 10, 1)
KIND = exp.DataType.Type
TYPES = {
    *(KIND.JSON, KIND.JSONB, KIND.ARRAY, KIND.UUID, KIND.TEXT),
    *(KIND.SERIAL, KIND.BIGSERIAL, KIND.SMALLSERIAL),
}

# What the parser does not look into: each was compared with the manual of Redshift.
UNPARSED = {
    'lock table amazing."{table}", amazing."publications"',
    'grant usage on schema amazing to role "analysts"',
    'grant select on amazing."{table}" to role "analysts"',
}


def refused(statement):
    """Return what of a statement PostgreSQL takes and Redshift does not."""
    tree = sqlglot.parse_one(statement.replace("%s", "?"), read="redshift")
    kinds: tuple[type[exp.Expression], ...]
    kinds = (exp.OnConflict, exp.Returning, exp.Index, exp.Command, exp.PrimaryKeyColumnConstraint)
    kinds += (exp.NullSafeEQ, exp.NullSafeNEQ)
    found = [type(node).__name__ for node in tree.find_all(*kinds)]
    found += ["DISTINCT ON" for node in tree.find_all(exp.Distinct) if node.args.get("on")]
    found += ["FILTER" for _ in tree.find_all(exp.Filter)]
    return found + [node.this.value for node in tree.find_all(exp.DataType) if node.this in TYPES]


def statements_of(table, contract, server=REDSHIFT):
    """Return every statement that a table may be written and read with."""
    say, schema = Statements(server, table), schema_of(contract)
    partition = next(filter(schema.names().__contains__, KEYS), None)
    frame = pl.DataFrame(schema=schema)
    written = Replacement(table, frame, "run", partition and KEYS[partition], contract)
    return [
        say.has_schema(),
        say.create_schema(),
        say.create_ledger(),
        say.columns(),
        tables_of(server),
        say.create(schema, partition),
        *say.add(schema),
        *say.describe(contract),
        say.create_stage(schema),
        copy_from(say.stage, "s3://b/p/rows.parquet", ROLE),
        say.audit(written),
        say.lock(),
        say.is_recorded(),
        say.delete(written),
        say.insert(schema),
        say.record(),
        *say.drop(),
    ]


@pytest.mark.parametrize("table", WAREHOUSE)
def test_redshift_is_told_nothing_that_it_refuses(table):
    allowed = {statement.format(table=table) for statement in UNPARSED}
    said = [each for each in statements_of(table, WAREHOUSE[table]) if each not in allowed]
    assert len(said) > 20
    assert {statement: found for statement in said if (found := refused(statement))} == {}


# What sessions are told by PostgreSQL alone, and what each calls by a word of its own.
OF_POSTGRESQL = ("set ", "BEGIN", "COMMIT", "vacuum (full")


def test_redshift_refuses_nothing_of_what_is_said_of_customers(database):
    """As PostgreSQL hears it: of both the same, but for the word that sweeps."""
    server = Server(database.address)
    rows = pl.DataFrame({"month": DAY, "user_id": [1, 2, 3]})
    server_writer(server).write(Replacement("figures", rows, "run", KEYS["month"]))
    tables, people = ServerTables(server, None), People((1, 2), "key", "mark")
    with database.overheard() as said:
        tables.rename(pl.DataFrame({"old_id": [1, 2, 3], "new_id": [*people.pseudonyms, 4]}))
        assert tables.customers() == sorted([*people.pseudonyms, 4])
        assert tables.rows_of(people.pseudonyms[0])["figures"].height == 1
        assert tables.take_out(people) == {"figures": 2}
        assert tables.partitions() == [("figures", "month", DAY, 1)]
        tables.remove([("figures", "month", DAY)])
    assert tables.customers() == []
    of_both = [each for each in said if not each.startswith(OF_POSTGRESQL)]
    assert {each.split()[0] for each in of_both} == {
        "create",
        "insert",
        "update",
        "delete",
        "select",
    }
    assert {each: found for each in of_both if (found := refused(each))} == {}


def test_redshift_refuses_nothing_of_what_its_views_are_made_with():
    tables = {name: schema_of(contract).names() for name, contract in WAREHOUSE.items()}
    tables["customer_view"] = ["week", *schema_of(LAKE["customer_view"]).names()]
    contracts = Contracts(LAKE, WAREHOUSE, WEEKLY_TABLES)
    said = [*views_of(REDSHIFT, tables, contracts)]
    # Without scores and values as well, of which nothing is then known.
    said += views_of(REDSHIFT, {"customer_view": tables["customer_view"]}, contracts)
    said.append(Statements(REDSHIFT, "").columns_of_tables())
    made = [each for each in said if each.startswith("create view")]
    assert len(made) > 5
    assert {each.endswith(" with no schema binding") for each in made} == {True}
    allowed = re.compile(r'grant select on amazing\."?\w+"? to role "analysts"')
    asked = [each for each in said if not allowed.fullmatch(each)]
    assert {each: found for each in asked if (found := refused(each))} == {}


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("select 1 from t where a is not distinct from b", "NullSafeEQ"),
        ("insert into t values (1) on conflict do nothing", "OnConflict"),
        ("insert into t values (1) returning a", "Returning"),
        ("create index i on t (a)", "Index"),
        ("select distinct on (a) a, b from t", "DISTINCT ON"),
        ("select count(*) filter (where a) from t", "FILTER"),
        ("create table t (a jsonb)", "JSONB"),
        ("create table t (a text)", "TEXT"),
        ("lock table t in share row exclusive mode", "Command"),
    ],
)
def test_what_redshift_refuses_is_found(statement, found):
    assert found in refused(statement)


def test_rows_of_a_customer_lie_on_one_node_in_the_order_of_weeks():
    laid_out = Statements(REDSHIFT, "churn_scores").create(
        pl.Schema({"week": pl.Date(), "user_id": pl.Int64(), "task": pl.String()}), "week"
    )
    assert laid_out == (
        'create table amazing."churn_scores" ("week" date, "user_id" bigint, '
        '"task" varchar(65535)) diststyle key distkey(user_id) compound sortkey(week, user_id)'
    )


def test_a_table_without_customers_is_spread_as_redshift_likes():
    schema = pl.Schema({"month": pl.Date(), "value": pl.Float64()})
    of_months = Statements(REDSHIFT, "event_statistics").create(schema, "month")
    assert of_months.endswith(" diststyle auto compound sortkey(month)")
    assert Statements(REDSHIFT, "rules").create(schema, None).endswith(") diststyle auto")
    assert Statements(REDSHIFT, "rules").create_ledger().endswith(") diststyle all")


def test_postgresql_is_told_the_same_without_what_it_does_not_know():
    server = Server("postgresql://u@h/d")
    schema = pl.Schema({"month": pl.Date(), "user_id": pl.String()})
    say = Statements(server, "t")
    assert say.create(schema, "month") == 'create table amazing."t" ("month" date, "user_id" text)'
    assert say.lock().endswith(" in share row exclusive mode")
